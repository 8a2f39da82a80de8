//! Names of places, and places of one's own.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gazetteer::{FeatureClass, PartialDate};

use super::JsonArgs;

// Of `yutu places`.
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

// Of `yutu gazetteer`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
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

// Of `yutu gazetteer import`.
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
