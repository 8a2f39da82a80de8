//! Spatial questions.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use gazetteer::{FeatureClass, LonLat, PartialDate};

// The form of an answer.
#[derive(Debug, Default, Args)]
pub struct OutputArgs {
    /// Answer in JSON.
    #[arg(long, group = "form_of_answer")]
    pub json: bool,
    /// Answer as a table with commas.
    #[arg(long, group = "form_of_answer")]
    pub csv: bool,
    /// Answer as a `GeoJSON` feature collection.
    #[arg(long, group = "form_of_answer")]
    pub geojson: bool,
    /// Write the answer to a file: .csv, .tsv, .json, .geojson, .ndjson, .png (a map), .pmtiles or .mbtiles.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Draw the answer on a map page too.
    #[arg(long, value_name = "FILE.png")]
    pub map: Option<PathBuf>,
}

// What is asked.
#[derive(Debug, Default, Args)]
pub struct SubjectArgs {
    /// Ask the features of this file (`GeoJSON`, `NDJSON`, CSV, …) or index (.yidx), not the gazetteer.
    #[arg(long = "in", value_name = "FILE", conflicts_with_all = ["layers", "classes"])]
    pub file: Option<PathBuf>,
    /// Ask this layer of the atlas, by identifier or title, not the gazetteer; repeat for more.
    #[arg(long = "layer", value_name = "NAME", conflicts_with = "classes")]
    pub layers: Vec<String>,
    /// Only features with this attribute: kind=village; repeat for more, all of which must hold.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub filter: Vec<AttributeFilter>,
    /// Only features that the plan wants this done with, in its words (建设, 规划, …).
    #[arg(long, value_name = "WORDS")]
    pub status: Option<String>,
    /// Only this class of the gazetteer (airport, county, settlement, …); repeat for more.
    #[arg(long = "class", value_name = "CLASS")]
    pub classes: Vec<FeatureClass>,
    /// Take edges as shortest ways, not as straight in degrees.
    #[arg(long)]
    pub geodesic_edges: bool,
}

/// An attribute and the value that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeFilter {
    /// Its name.
    pub column: String,
    /// Its value as text.
    pub value: String,
}

impl FromStr for AttributeFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (column, value) = text.split_once('=').ok_or_else(|| {
            format!("`{text}` is not a filter: expected COLUMN=VALUE, as in kind=village")
        })?;
        Ok(Self {
            column: column.trim().to_owned(),
            value: value.trim().to_owned(),
        })
    }
}

// Of `yutu near`.
#[derive(Debug, Args)]
pub struct NearArgs {
    /// A position in degrees, longitude first (106.63,30.46), or in another system (EPSG:4544:465000,3370000); the name of
    /// a place or river; a feature of the atlas (LAYER/NAME); or a file, for all that is in it.
    #[arg(
        value_name = "LON,LAT|NAME|FILE",
        allow_hyphen_values = true,
        required_unless_present = "rows"
    )]
    pub from: Option<Origin>,
    /// From the whole line or area of the place, not from the point that stands for it.
    #[arg(long, conflicts_with = "rows")]
    pub shape: bool,
    /// Ask from every row of this file of points (`-`: standard input), of what `--in` names.
    #[arg(
        long = "from",
        value_name = "FILE",
        requires = "file",
        conflicts_with = "from"
    )]
    pub rows: Option<PathBuf>,
    /// Only what lies within this geodesic distance: 60km, 800m.
    #[arg(long, value_name = "DISTANCE")]
    pub radius: Option<Distance>,
    /// At most so many; 10 unless a radius is given. With --from: 1 unless said.
    #[arg(short, value_name = "K")]
    pub k: Option<usize>,
    /// Resolve the name as of a date: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<PartialDate>,
    /// What is asked.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How rows are asked.
    #[command(flatten)]
    pub rows_options: RowArgs,
}

// How the rows of a file are asked.
#[derive(Debug, Default, Args)]
pub struct RowArgs {
    /// Write a row for each match, not only for the first.
    #[arg(long)]
    pub all: bool,
    /// Leave out rows without a match.
    #[arg(long)]
    pub inner: bool,
    /// Columns of the rows themselves, where they have to be written anew as a table: id,name.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Attributes of the matches to add; all unless said.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub take: Vec<String>,
    /// What stands before the names of added attributes; the name of their file and `_` unless said.
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
    /// Column of longitudes of a table.
    #[arg(long, value_name = "COLUMN")]
    pub lon: Option<String>,
    /// Column of latitudes of a table.
    #[arg(long, value_name = "COLUMN")]
    pub lat: Option<String>,
    /// Write rows that cannot be asked to this file: line, problem, row.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Threads; as many as there are processors unless said.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

// Of `yutu within`.
#[derive(Debug, Args)]
pub struct WithinArgs {
    /// A box (west,south,east,north), the name of a place with an area, or with --radius a position or name.
    #[arg(value_name = "BOX|NAME|LON,LAT", allow_hyphen_values = true)]
    pub area: String,
    /// Within this geodesic distance of it instead: 60km, 800m.
    #[arg(long, value_name = "DISTANCE")]
    pub radius: Option<Distance>,
    /// What is asked.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
}

// Of `yutu along`.
#[derive(Debug, Args)]
pub struct AlongArgs {
    /// A river, or two or more positions or names; before a position that begins with a minus put `--`.
    #[arg(value_name = "RIVER|NAME|LON,LAT", required = true)]
    pub route: Vec<String>,
    /// How far beside it: 20km, 800m.
    #[arg(long, value_name = "DISTANCE", default_value = "10km")]
    pub width: Distance,
    /// What is asked.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
}

// Of `yutu between`.
#[derive(Debug, Args)]
pub struct BetweenArgs {
    /// Where to begin.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub from: Origin,
    /// Where to end.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub to: Origin,
    /// How far beside the shortest way; a tenth of it unless said.
    #[arg(long, value_name = "DISTANCE")]
    pub width: Option<Distance>,
    /// What is asked.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
}

// Of `yutu distance`.
#[derive(Debug, Args)]
pub struct DistanceArgs {
    /// Where to begin.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub from: Origin,
    /// Where to end.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub to: Origin,
    /// Also along this river (长江, 嘉陵江, …).
    #[arg(long, value_name = "RIVER")]
    pub river: Option<String>,
    /// Also along the first line of this file.
    #[arg(long, value_name = "FILE")]
    pub along: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu matrix`.
#[derive(Debug, Args)]
pub struct MatrixArgs {
    /// Two or more positions or names; before a position that begins with a minus put `--`.
    #[arg(value_name = "LON,LAT|NAME", num_args = 2.., required = true)]
    pub places: Vec<Origin>,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
}

// Of `yutu overlap`.
#[derive(Debug, Args)]
pub struct OverlapArgs {
    /// Names of places with an area, layers of the atlas, or files of areas.
    #[arg(value_name = "NAME|LAYER|FILE")]
    pub first: String,
    /// The same.
    #[arg(value_name = "NAME|LAYER|FILE")]
    pub second: String,
    /// The form of the answer.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Which rows of a join match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Predicate {
    /// Areas that hold the point, their borders left out.
    Within,
    /// Areas that hold the point, their borders included.
    Intersects,
    /// The nearest feature.
    Nearest,
}

// Of `yutu join`.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// File of points; `-`: standard input.
    #[arg(value_name = "POINTS")]
    pub points: PathBuf,
    /// File of areas, or of any features for `nearest`.
    #[arg(long, value_name = "FILE")]
    pub with: PathBuf,
    /// Which match.
    #[arg(long, value_enum, default_value = "within")]
    pub predicate: Predicate,
    /// Of the nearest only those within this geodesic distance.
    #[arg(long, value_name = "DISTANCE")]
    pub radius: Option<Distance>,
    /// Write the areas with how many points each holds.
    #[arg(long, conflicts_with = "sum")]
    pub count: bool,
    /// Write the areas with how many points each holds and the sum of this column.
    #[arg(long, value_name = "COLUMN")]
    pub sum: Option<String>,
    /// The form of the answer; that of the points unless said.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How rows are asked.
    #[command(flatten)]
    pub rows_options: RowArgs,
}

// Of `yutu index`.
#[derive(Debug, Args)]
pub struct IndexArgs {
    /// File of points.
    pub file: PathBuf,
    /// File to write; the name of the file with .yidx unless said.
    #[arg(long, short, value_name = "FILE.yidx")]
    pub out: Option<PathBuf>,
    /// Make this column (of few values) one that searches can skip by.
    #[arg(long, value_name = "COLUMN", default_value = "")]
    pub class_column: String,
    /// Column of longitudes of a table.
    #[arg(long, value_name = "COLUMN")]
    pub lon: Option<String>,
    /// Column of latitudes of a table.
    #[arg(long, value_name = "COLUMN")]
    pub lat: Option<String>,
    /// Replace the file.
    #[arg(long)]
    pub force: bool,
}

// Of `yutu reach`.
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

// Of `yutu at`.
#[derive(Debug, Args)]
pub struct AtArgs {
    /// A position in degrees, longitude first (106.2661,29.9988), or the name of a place.
    #[arg(value_name = "LON,LAT|NAME", allow_hyphen_values = true)]
    pub position: Origin,
    /// Ask the areas of this file (`GeoJSON`, `NDJSON`, …) instead.
    #[arg(long = "in", value_name = "FILE", conflicts_with = "layers")]
    pub file: Option<PathBuf>,
    /// Ask only this layer of the atlas, by identifier or title; repeat for more.
    #[arg(long = "layer", value_name = "NAME")]
    pub layers: Vec<String>,
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
    type Err = crate::position::PositionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match crate::position::read(text) {
            Some(position) => position.map(Self::Position),
            None => Ok(Self::Name(text.trim().to_owned())),
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
