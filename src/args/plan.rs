//! Plans: reading, listing, comparing them.

use std::path::PathBuf;

use clap::Args;
use gazetteer::PartialDate;

// Of `yutu read`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag a form, and clap allows one of them"
)]
pub struct ReadArgs {
    /// Text (UTF-8, UTF-16, GB 18030), .docx, .html or .pdf of a plan; `-`: standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write every name, one JSON object a line.
    #[arg(long, group = "form")]
    pub mentions: bool,
    /// Write every structure, one JSON object a line.
    #[arg(long, group = "form")]
    pub structures: bool,
    /// Write the catalogue (TOML) that `yutu build --plan` draws, to be mended by hand.
    #[arg(long, group = "form")]
    pub catalogue: bool,
    /// Write one page (HTML): the text with its names marked beside the map of what they made.
    #[arg(long, group = "form")]
    pub html: bool,
    /// The date of the plan, where the text gives none or another: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<PartialDate>,
    /// File to write instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

// Of `yutu structures`.
#[derive(Debug, Args)]
pub struct StructuresArgs {
    /// Only this plan, by identifier or title; repeat for more.
    #[arg(long = "plan", value_name = "PLAN")]
    pub plans: Vec<String>,
    /// Only this kind (railway, zone, …); repeat for more.
    #[arg(long = "kind", value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Only what names this place, or a thing whose name holds these words.
    #[arg(long, value_name = "NAME")]
    pub place: Option<String>,
    /// Only what the plan wants this done with, in its words (建设, 规划, …).
    #[arg(long, value_name = "WORDS")]
    pub status: Option<String>,
    /// Folder with the texts of the plans: each structure gets its sentence.
    #[arg(long = "plans", value_name = "DIR")]
    pub texts: Option<PathBuf>,
    /// Answer in JSON, one object a line.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu about`.
#[derive(Debug, Args)]
pub struct AboutArgs {
    /// Full, short or former name of a place, or its identifier.
    pub name: String,
    /// Only this plan, by identifier or title; repeat for more.
    #[arg(long = "plan", value_name = "PLAN")]
    pub plans: Vec<String>,
    /// Write a map of where it is.
    #[arg(long, short, value_name = "FILE.png")]
    pub out: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier plan, by identifier or title.
    pub before: String,
    /// The later plan.
    pub after: String,
    /// Only this kind (railway, zone, …); repeat for more.
    #[arg(long = "kind", value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Also what did not change.
    #[arg(long)]
    pub all: bool,
    /// Write what changed as layers (`GeoJSON` and styles) into a folder.
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, conflicts_with = "out")]
    pub json: bool,
}

// Of `yutu audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Only this plan, by identifier or title; repeat for more.
    #[arg(long = "plan", value_name = "PLAN")]
    pub plans: Vec<String>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}
