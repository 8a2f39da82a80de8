//! The options of `yutu check`.

use std::path::PathBuf;

use clap::Args;

use super::ReadOptions;

// Of `yutu check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// File of features (`GeoJSON`, by lines, sequences, gzipped; CSV; `FlatGeobuf`; `GeoPackage`; shapefile; `GeoParquet`; KML, KMZ;
    /// `TopoJSON`).
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write the file with everything put right that can be without loss: rings closed and turned, repeated vertices taken out.
    #[arg(long, requires = "out")]
    pub fix: bool,
    /// The mended file; its ending says the format, as for `yutu convert`.
    #[arg(long, short, value_name = "OUTPUT", requires = "fix")]
    pub out: Option<PathBuf>,
    /// Where positions are: EPSG:4544, gcj02, bd09; what the file says unless said.
    #[arg(long, value_name = "CRS")]
    pub from_crs: Option<coordinates::Crs>,
    /// Overwrite what is there.
    #[arg(long)]
    pub force: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub read: ReadOptions,
    /// Threads; all processors unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}
