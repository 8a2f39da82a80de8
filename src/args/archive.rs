//! The commands of `yutu tile` that work on archives.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};
use tiles::TileCoord;

// Of `yutu tile`, on archives.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Say what is in an archive: zooms, layers, attributes, the heaviest tiles; or show one tile.
    Inspect(InspectArgs),
    /// Check an archive through and through: its frame, every tile, and what it says of them.
    Verify(VerifyArgs),
    /// Take an area or some zooms out of an archive, or convert it: the ending of the output says into what.
    Extract(ExtractArgs),
    /// Compare two archives, tile by tile and feature by feature.
    Diff(ArchiveDiffArgs),
    /// Merge the parts that `yutu tile --part` made into one archive, byte for byte that of a single run.
    Merge(MergeArgs),
}

// Of `yutu tile inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// .pmtiles, .mbtiles or a folder of z/x/y.pbf.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Show this tile as `GeoJSON`, z/x/y.
    #[arg(long, value_name = "Z/X/Y", conflicts_with_all = ["heaviest", "verify", "json"])]
    pub tile: Option<TileName>,
    /// How many of the largest tiles to name.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub heaviest: usize,
    /// Check the archive as `yutu tile verify` does instead.
    #[arg(long, conflicts_with = "heaviest")]
    pub verify: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu tile verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// .pmtiles, .mbtiles or a folder of z/x/y.pbf.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Most bytes of a tile as it is stored.
    #[arg(long, value_name = "BYTES")]
    pub max_bytes: Option<u64>,
    /// Most features of a tile.
    #[arg(long, value_name = "N")]
    pub max_features: Option<u64>,
    /// Take warnings as errors.
    #[arg(long)]
    pub strict: bool,
    /// Threads; all processors unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu tile extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// .pmtiles, .mbtiles or a folder of z/x/y.pbf.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// What to write: .pmtiles, .mbtiles, or a folder.
    #[arg(long, short, value_name = "OUT")]
    pub out: PathBuf,
    /// Only tiles that touch this box in degrees; west may be greater than east, across the antimeridian.
    #[arg(
        long,
        value_name = "WEST,SOUTH,EAST,NORTH",
        allow_hyphen_values = true,
        conflicts_with = "region"
    )]
    pub bbox: Option<Bbox>,
    /// Only tiles that touch the polygons of this `GeoJSON` file.
    #[arg(long, value_name = "FILE.geojson")]
    pub region: Option<PathBuf>,
    /// Least zoom.
    #[arg(long, visible_alias = "min-zoom", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=20))]
    pub minzoom: u8,
    /// Greatest zoom.
    #[arg(long, visible_alias = "max-zoom", default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=20))]
    pub maxzoom: u8,
    /// Replace what is there.
    #[arg(long)]
    pub force: bool,
}

// Of `yutu tile diff`.
#[derive(Debug, Args)]
pub struct ArchiveDiffArgs {
    /// The first archive.
    #[arg(value_name = "ARCHIVE")]
    pub first: PathBuf,
    /// The second, of the same or another container.
    #[arg(value_name = "ARCHIVE")]
    pub second: PathBuf,
    /// How many tiles that differ to name.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub examples: usize,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

// Of `yutu tile merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// All parts, in any order.
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// What to write: .pmtiles, .mbtiles, or a folder.
    #[arg(long, short, value_name = "OUT")]
    pub out: PathBuf,
    /// Replace what is there.
    #[arg(long)]
    pub force: bool,
}

/// A tile, as z/x/y.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileName(pub TileCoord);

impl FromStr for TileName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.split('/').map(str::parse::<u32>);
        match [
            numbers.next(),
            numbers.next(),
            numbers.next(),
            numbers.next(),
        ] {
            [Some(Ok(z)), Some(Ok(x)), Some(Ok(y)), None] => {
                let z = u8::try_from(z).unwrap_or(u8::MAX);
                TileCoord::new(z, x, y)
                    .map(Self)
                    .map_err(|error| error.to_string())
            }
            _ => Err(format!(
                "`{text}` is not a tile: expected z/x/y, as in 8/204/105"
            )),
        }
    }
}

/// West, south, east, north in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox(pub [f64; 4]);

impl FromStr for Bbox {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Result<Vec<f64>, _> =
            text.split(',').map(|part| part.trim().parse()).collect();
        let four = numbers
            .ok()
            .and_then(|numbers| <[f64; 4]>::try_from(numbers).ok());
        four.map(Self).ok_or_else(|| {
            format!(
                "`{text}` is not a box: expected west,south,east,north, as in 105.3,28.2,110.2,32.2"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_three_numbers_that_its_zoom_has() {
        let tile: TileName = "8/204/105".parse().expect("a tile");
        assert_eq!((tile.0.z(), tile.0.x(), tile.0.y()), (8, 204, 105));
        for text in [
            "",
            "8/204",
            "8/204/105/1",
            "1/2/0",
            "300/0/0",
            "a/b/c",
            "-1/0/0",
        ] {
            assert!(text.parse::<TileName>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_box_is_four_numbers() {
        let bbox: Bbox = "105.3, 28.2,110.2,32.2".parse().expect("a box");
        assert_eq!(bbox.0[0].to_bits(), 105.3_f64.to_bits());
        for text in ["", "1,2,3", "1,2,3,4,5", "1,2,3,x"] {
            assert!(text.parse::<Bbox>().is_err(), "{text}");
        }
    }
}
