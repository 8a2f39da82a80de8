//! The options of `yutu convert`.

use std::path::PathBuf;

use clap::Args;

use super::read::FileOptions;

// Of `yutu convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Files (`GeoJSON`, by lines, sequences, gzipped; CSV; `FlatGeobuf`; `GeoPackage`; shapefile; `GeoParquet`; KML, KMZ; `TopoJSON`;
    /// `-`: standard input). Several become a layer each, where the format has layers.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// File to write; its ending says the format: .ndjson, .geojson, .csv, .tsv, .gpkg, .fgb, .parquet, .zip (shapefile), .kml,
    /// .kmz, .topojson, .svg. `-`: standard output. `postgresql://…`: tables of a `PostGIS`, by way of psql.
    #[arg(long, short, value_name = "OUTPUT")]
    pub out: PathBuf,
    /// Format to write, where the ending does not say it.
    #[arg(long = "to", value_name = "FORMAT")]
    pub to: Option<formats::TargetFormat>,
    /// Schema of a `PostGIS`; made where it is not there.
    #[arg(long, value_name = "NAME", default_value = "yutu")]
    pub schema: String,
    /// Overwrite what is there.
    #[arg(long)]
    pub force: bool,
    /// Make a feature that cannot be read an error, instead of leaving it out.
    #[arg(long)]
    pub strict: bool,
    /// Name of the layer to write; that of the input unless said.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub take: TakeOptions,
    #[command(flatten)]
    pub read: ReadOptions,
    /// Threads; all processors unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

// What of the features is taken.
#[derive(Debug, Args)]
#[command(next_help_heading = "Taking")]
pub struct TakeOptions {
    /// Only features for which this is true: an expression or filter as `MapLibre` styles have them, or a file with one (@FILE).
    #[arg(long = "where", value_name = "FILTER")]
    pub filter: Option<String>,
    /// Only features whose own box meets this one, in degrees.
    #[arg(long, value_name = "WEST,SOUTH,EAST,NORTH", allow_hyphen_values = true)]
    pub bbox: Option<BoxOf>,
    /// Where positions are: EPSG:4544, a zone of CGCS2000 by its name, gcj02, bd09; what the file says unless said.
    #[arg(long, value_name = "CRS")]
    pub from_crs: Option<coordinates::Crs>,
    /// Where they are to be; degrees of WGS 84 unless said.
    #[arg(long, value_name = "CRS")]
    pub to_crs: Option<coordinates::Crs>,
    /// Only these attributes, in this order.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub select: Vec<String>,
}

// How files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadOptions {
    /// Layer of a `GeoPackage`, object of a `TopoJSON` file, or file inside a zip archive.
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    #[command(flatten)]
    pub file: FileOptions,
}

/// A box of degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxOf(pub [f64; 4]);

impl std::str::FromStr for BoxOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "`{text}` is no box: expected WEST,SOUTH,EAST,NORTH in degrees, as in 105.2,28.1,110.2,32.2"
            )
        };
        let numbers: Result<Vec<f64>, _> =
            text.split(',').map(|part| part.trim().parse()).collect();
        let numbers: [f64; 4] = numbers
            .ok()
            .and_then(|n| n.try_into().ok())
            .ok_or_else(wrong)?;
        let [west, south, east, north] = numbers;
        if west <= east && south <= north && numbers.iter().all(|n| n.is_finite()) {
            Ok(Self(numbers))
        } else {
            Err(wrong())
        }
    }
}
