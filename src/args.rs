//! The command line.

mod archive;
mod tile;

use std::path::PathBuf;
use std::str::FromStr;

pub use archive::{
    ArchiveCommand, ArchiveDiffArgs, ExtractArgs, InspectArgs, MergeArgs, VerifyArgs,
};
pub use tile::{Drop, LastZoom, SmallChoice, TileArgs};

use clap::{Args, Parser, Subcommand};
use gazetteer::{FeatureClass, LonLat, PartialDate};

/// Chinese regional plans as map layers: every feature cites the words that made it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// Say nothing on stderr but errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the atlas: layers, styles, maps, tiles and the manifest.
    Build(BuildArgs),
    /// List the layers.
    Layers(JsonArgs),
    /// Write layers as vector tiles.
    Tile(Box<TileArgs>),
    /// Read a plan: its outline, its names and what it says of them.
    Read(ReadArgs),
    /// List what the plans say of places: every structure of the checked catalogue, with its article.
    Structures(StructuresArgs),
    /// Tell all that the plans say of a place, by theme, with a map of where it is.
    About(AboutArgs),
    /// Compare two plans: what was added, dropped, renamed, re-staged or re-scoped.
    Diff(DiffArgs),
    /// Hold the figures that the plans print against their lists, the borders and one another.
    Audit(AuditArgs),
    /// Find the places that a name stands for, best first.
    Places(PlacesArgs),
    /// Import places of your own, list what was imported, remove it.
    #[command(subcommand)]
    Gazetteer(GazetteerCommand),
    /// Find what is near a place or a position, nearest first.
    Near(NearArgs),
    /// Cut a river between two places: its course there and how long it is.
    Reach(ReachArgs),
    /// Say what a position lies in: county, prefecture, province, and features of the layers.
    At(AtArgs),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Of `yutu build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Draw everything that this plan says: its text (.txt, .docx, .html, .pdf; `-`: standard input), or a catalogue
    /// (.toml) that `yutu read --catalogue` wrote.
    #[arg(long, value_name = "FILE", conflicts_with = "layers")]
    pub plan: Option<PathBuf>,
    /// The date of the plan, where its text gives none or another: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE", requires = "plan")]
    pub as_of: Option<PartialDate>,
    /// Folder to write to. An atlas that is there is replaced.
    #[arg(long, short, value_name = "DIR", default_value = "atlas")]
    pub out: PathBuf,
    /// Only this layer, by identifier or title; repeat for more.
    #[arg(long = "layer", value_name = "NAME")]
    pub layers: Vec<String>,
    /// Folder with the texts of the plans: each feature gets the sentence that made it.
    #[arg(long = "plans", value_name = "DIR", conflicts_with = "plan")]
    pub texts: Option<PathBuf>,
    /// Write into a folder that holds other files.
    #[arg(long)]
    pub force: bool,
}

/// Of commands whose only choice is the form of the answer.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Of `yutu read`.
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

/// Of `yutu structures`.
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

/// Of `yutu about`.
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

/// Of `yutu diff`.
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

/// Of `yutu audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Only this plan, by identifier or title; repeat for more.
    #[arg(long = "plan", value_name = "PLAN")]
    pub plans: Vec<String>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Of `yutu places`.
#[derive(Debug, Args)]
pub struct PlacesArgs {
    /// Full, short or former name, or an identifier; names of units above may go before it (四川邻水).
    #[arg(required_unless_present = "coverage", conflicts_with = "coverage")]
    pub name: Option<String>,
    /// As of a date: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<PartialDate>,
    /// Only this class (airport, county, river, …); repeat for more.
    #[arg(long = "class", value_name = "CLASS")]
    pub classes: Vec<FeatureClass>,
    /// Find the places whose names begin so, at most 50.
    #[arg(long, conflicts_with = "coverage")]
    pub prefix: bool,
    /// Words that stand around the name, for its sense: `--context 沱江、岷江、綦江生态带`.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["prefix", "coverage"])]
    pub context: Option<String>,
    /// Find every name in these texts, .docx, .html or .pdf files (`-`: standard input) and say what each stands for.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub coverage: Vec<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Of `yutu gazetteer`.
#[derive(Debug, Subcommand)]
pub enum GazetteerCommand {
    /// Import places from a file into the user's data folder, to be found beside those that come with the program.
    Import(ImportArgs),
    /// List what was imported.
    List(JsonArgs),
    /// Remove what was imported.
    Remove {
        /// Its name, as `list` shows it.
        name: String,
    },
}

/// Of `yutu gazetteer import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// `GeoNames` table (.txt, .zip, .gz), CSV, `GeoJSON`, `GeoPackage`, shapefile (.shp, .zip), OSM extract (.osm.pbf) or
    /// Linked Places.
    pub file: PathBuf,
    /// What to call it; the file's name unless said.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// geonames, csv, geojson, gpkg, shapefile, osm-pbf or lpf; told by the file unless said.
    #[arg(long)]
    pub format: Option<input::Format>,
    /// Which columns hold what: `name=地名,lon=经度,lat=纬度`; common headers are guessed.
    #[arg(long, value_name = "COLUMN=HEADER,…", default_value = "")]
    pub columns: input::ColumnMapping,
    /// Class of places that carry none (settlement, station, …).
    #[arg(long)]
    pub class: Option<FeatureClass>,
    /// Import only this class; repeat for more.
    #[arg(long, value_name = "CLASS")]
    pub keep: Vec<FeatureClass>,
    /// utf-8, gb18030 or utf-16, where the format leaves it open.
    #[arg(long)]
    pub encoding: Option<input::Encoding>,
    /// Layer of a `GeoPackage`, or file inside a zip archive.
    #[arg(long)]
    pub layer: Option<String>,
    /// How far positions may be off, in metres, where the file does not say.
    #[arg(long, value_name = "METRES")]
    pub accuracy: Option<u32>,
    /// Where the places come from, for those who read the answers; the file's name unless said.
    #[arg(long, default_value = "")]
    pub source: String,
    /// Under which terms: `CC BY 4.0`, …
    #[arg(long, default_value = "")]
    pub licence: String,
    /// Put these places before those that come with the program, not after them.
    #[arg(long)]
    pub first: bool,
    /// Leave out records with a wrong value, and count them, instead of stopping.
    #[arg(long)]
    pub skip_bad: bool,
    /// Replace what was imported under this name.
    #[arg(long)]
    pub force: bool,
}

/// Of `yutu near`.
#[derive(Debug, Args)]
pub struct NearArgs {
    /// A position in degrees, longitude first (106.63,30.46), or the name of a place.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub from: Origin,
    /// Only what lies within this geodesic distance: 60km, 800m.
    #[arg(long, value_name = "DISTANCE")]
    pub radius: Option<Distance>,
    /// At most so many; 10 unless a radius is given.
    #[arg(short, value_name = "K")]
    pub k: Option<usize>,
    /// Only this class (airport, county, settlement, …); repeat for more.
    #[arg(long = "class", value_name = "CLASS")]
    pub classes: Vec<FeatureClass>,
    /// Resolve the name as of a date: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<PartialDate>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Of `yutu reach`.
#[derive(Debug, Args)]
pub struct ReachArgs {
    /// The river: 长江, 嘉陵江, …
    pub river: String,
    /// Where to begin, a position or a name; the source of the line unless said.
    #[arg(long, value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub from: Option<Origin>,
    /// Where to end; the mouth unless said.
    #[arg(long, value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub to: Option<Origin>,
    /// Answer in JSON, with the geometry of a `GeoJSON` feature.
    #[arg(long)]
    pub json: bool,
}

/// Of `yutu at`.
#[derive(Debug, Args)]
pub struct AtArgs {
    /// A position in degrees, longitude first: 106.2661,29.9988.
    #[arg(value_name = "LON,LAT", allow_hyphen_values = true)]
    pub position: LonLat,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Where to ask from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// A position.
    Position(LonLat),
    /// The name of a place.
    Name(String),
}

impl FromStr for Origin {
    type Err = gazetteer::LonLatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // No name of a place has a digit first; a wrong position is then an error, not an unknown name.
        let first = text.trim().chars().next();
        if first.is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
            text.parse().map(Self::Position)
        } else {
            Ok(Self::Name(text.trim().to_owned()))
        }
    }
}

/// A distance in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// Metres, not negative.
    pub metres: f64,
}

impl FromStr for Distance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "`{text}` is not a distance: expected a number with km or m, as in 60km or 800m"
            )
        };
        let text = text.trim();
        let (number, unit) = if let Some(number) = text.strip_suffix("km") {
            (number, 1000.0)
        } else if let Some(number) = text.strip_suffix('m') {
            (number, 1.0)
        } else {
            return Err(wrong());
        };
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        if number.is_finite() && number >= 0.0 {
            Ok(Self {
                metres: number * unit,
            })
        } else {
            Err(wrong())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_distance_needs_its_unit() {
        assert_eq!("60km".parse(), Ok(Distance { metres: 60_000.0 }));
        assert_eq!("800 m".parse(), Ok(Distance { metres: 800.0 }));
        for text in ["60", "km", "-1km", "nankm", "infm", "1e400km", "60mi"] {
            assert!(text.parse::<Distance>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_that_starts_like_a_number_is_a_position_or_an_error() {
        assert!(matches!("106.63,30.46".parse(), Ok(Origin::Position(_))));
        assert!(
            "30.46,106.63"
                .parse::<Origin>()
                .expect_err("swapped")
                .to_string()
                .contains("swapped")
        );
        assert!("106.63".parse::<Origin>().is_err());
        assert_eq!("广安".parse(), Ok(Origin::Name("广安".to_owned())));
    }
}
