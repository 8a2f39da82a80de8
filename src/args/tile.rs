//! The options of `yutu tile`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::ArchiveCommand;
use super::read::FileOptions;

// Of `yutu tile`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct TileArgs {
    /// What to do with an archive.
    #[command(subcommand)]
    pub archive: Option<ArchiveCommand>,
    /// Files (`GeoJSON`, by lines, sequences, gzipped; CSV; `FlatGeobuf`; `GeoPackage`; shapefile; `GeoParquet`; KML, KMZ; `TopoJSON`;
    /// `-`: standard input) or layers of the atlas, by identifier or title.
    #[arg(required_unless_present = "named", value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// A file and the name of its layer; repeat for more.
    #[arg(long = "named", short = 'L', value_name = "NAME:FILE")]
    pub named: Vec<NamedFile>,
    /// File (.pmtiles, .mbtiles) or folder to write.
    #[arg(long, short, required = true, value_name = "OUT")]
    pub out: Option<PathBuf>,
    /// First zoom.
    #[arg(long = "minzoom", alias = "min-zoom", short = 'Z', value_name = "ZOOM", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=20))]
    pub minzoom: u8,
    /// Last zoom; `g` guesses it from how close features are. 10 for the atlas, else guessed, unless said.
    #[arg(long = "maxzoom", alias = "max-zoom", short = 'z', value_name = "ZOOM")]
    pub maxzoom: Option<LastZoom>,
    #[command(flatten)]
    pub read: ReadOptions,
    #[command(flatten)]
    pub keep: KeepOptions,
    #[command(flatten)]
    pub draw: DrawOptions,
    #[command(flatten)]
    pub raster: RasterOptions,
    /// Short name of the archive; that of the file unless said.
    #[arg(long, short = 'n', value_name = "TEXT", default_value = "")]
    pub name: String,
    /// What is in the archive.
    #[arg(long, short = 'N', value_name = "TEXT", default_value = "")]
    pub description: String,
    /// Whom to name on the map.
    #[arg(long, short = 'A', value_name = "TEXT", default_value = "")]
    pub attribution: String,
    /// Threads; all processors unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Memory to aim at where there are many points: 500MB, 2GB; a quarter of the machine's unless said. Points beyond a quarter of
    /// it (117 MB at most) wait in a file beside the output. Lines and polygons stay in memory, however many.
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<Bytes>,
    /// Level of gzip, 1 (fast) to 12 (small); 4 unless said.
    #[arg(long, value_name = "LEVEL", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=12))]
    pub compression: u8,
    /// Compress less: as --compression 1.
    #[arg(long, conflicts_with = "compression")]
    pub fast: bool,
    /// Make one part of the archive, for `yutu tile merge`: 2/5 is the second of five.
    #[arg(long, value_name = "I/N")]
    pub part: Option<PartOf>,
    /// Go on where a run that was interrupted stopped.
    #[arg(long)]
    pub resume: bool,
    /// Overwrite what is there.
    #[arg(long)]
    pub force: bool,
    /// Make a feature that cannot be read an error, instead of leaving it out.
    #[arg(long)]
    pub strict: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

// How files are read, and what of them goes into tiles.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadOptions {
    /// Name of the layer of files that have none by -L; the file's name unless said.
    #[arg(long, short = 'l', value_name = "NAME")]
    pub layer: Option<String>,
    /// Layer of a `GeoPackage`, object of a `TopoJSON` file, or file inside a zip archive.
    #[arg(long, value_name = "NAME")]
    pub source_layer: Option<String>,
    #[command(flatten)]
    pub file: FileOptions,
    /// Keep only this attribute; repeat for more.
    #[arg(long, short = 'y', value_name = "NAME")]
    pub include: Vec<String>,
    /// Leave this attribute out; repeat for more.
    #[arg(long, short = 'x', value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Leave all attributes out.
    #[arg(long, short = 'X', conflicts_with = "include")]
    pub exclude_all: bool,
    /// Call an attribute otherwise; repeat for more.
    #[arg(long, value_name = "FROM=TO")]
    pub rename: Vec<Renamed>,
    /// Attribute with a feature's first zoom.
    #[arg(long, value_name = "NAME")]
    pub minzoom_attribute: Option<String>,
    /// Attribute with a feature's last zoom.
    #[arg(long, value_name = "NAME")]
    pub maxzoom_attribute: Option<String>,
    /// Longest feature, in bytes of its text: 500MB; 134 MB, or a sixth of the memory where that is less, unless said. A longer one
    /// is left out and counted.
    #[arg(long, value_name = "SIZE")]
    pub max_feature_bytes: Option<Bytes>,
    /// Draw only features for which this is true: an expression or filter as `MapLibre` styles have them, or a file with one (@FILE).
    #[arg(long, short = 'j', value_name = "JSON")]
    pub filter: Option<String>,
}

// What stays in a tile.
#[derive(Debug, Args)]
#[command(next_help_heading = "What stays in a tile")]
pub struct KeepOptions {
    /// Most bytes of a tile as it is stored: 500000, 200KB, none. 500000 for files, none for the atlas, unless said.
    #[arg(long, short = 'M', value_name = "SIZE")]
    pub max_tile_bytes: Option<Cap>,
    /// Most features of a tile; any number unless said.
    #[arg(long, short = 'O', value_name = "N")]
    pub max_tile_features: Option<u64>,
    /// What gives way: `densest` (even spacing), `rate` or rate=2.5 (an even sample, so much less a zoom), rank=ATTRIBUTE (the
    /// least values).
    #[arg(long, value_name = "CHOICE", default_value = "densest")]
    pub drop: Drop,
    /// Attribute whose greatest value stays among close points.
    #[arg(long, value_name = "ATTRIBUTE")]
    pub rank: Option<String>,
    /// Draw points closer than this as one, with their number in `point_count`, in pixels of a tile of 256.
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub cluster: Option<u32>,
    /// Attribute that clusters sum up; repeat for more.
    #[arg(long, value_name = "ATTRIBUTE", requires = "cluster")]
    pub cluster_sum: Vec<String>,
    /// Attribute of which clusters take the mean; repeat for more.
    #[arg(long, value_name = "ATTRIBUTE", requires = "cluster")]
    pub cluster_mean: Vec<String>,
}

// How lines and polygons are drawn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Lines and polygons")]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct DrawOptions {
    /// What a tile holds beyond each side, in pixels of a tile of 256.
    #[arg(long, short = 'b', value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(0..=127))]
    pub buffer: Option<u32>,
    /// Tolerance of simplification, in units of the grid (1/4096 of a tile's side); the last zoom is not simplified.
    #[arg(long, short = 'S', value_name = "UNITS", default_value_t = 1.0)]
    pub simplify: f64,
    /// What becomes of polygons too small to be seen. Gathered for files, kept for the atlas, unless said.
    #[arg(long, value_name = "CHOICE")]
    pub small: Option<SmallChoice>,
    /// Join vertices of polygons that are at most so many units of 9 mm (at the equator) apart: for borders that nearly agree.
    #[arg(long, value_name = "UNITS", default_value_t = 0)]
    pub snap: u32,
    /// Add for each layer with polygons a layer `…-labels` with one good point for the name of each.
    #[arg(long)]
    pub labels: bool,
    /// Join lines that have the same attributes end to end, where exactly two meet; each line becomes a feature.
    #[arg(long)]
    pub coalesce: bool,
    /// Where tiles would be too full, make the smallest polygons of the zoom part of a neighbour, which keeps its attributes, instead
    /// of leaving them out.
    #[arg(long, visible_alias = "coalesce-smallest-as-needed")]
    pub coalesce_smallest: bool,
    /// Attribute that polygons sum up of those that became part of them; repeat for more.
    #[arg(long, value_name = "ATTRIBUTE", requires = "coalesce_smallest")]
    pub coalesce_sum: Vec<String>,
    /// Have polygons say how many they stand for, in `polygon_count`.
    #[arg(long, requires = "coalesce_smallest")]
    pub coalesce_count: bool,
    /// Draw in the order of the input, not of the tiles.
    #[arg(long)]
    pub input_order: bool,
}

// Pictures instead of vector tiles.
#[derive(Debug, Args)]
#[command(next_help_heading = "Raster tiles")]
pub struct RasterOptions {
    /// Make pictures of a map, as `yutu map` draws it, in Web Mercator: of one layer of the atlas, or of files. Zooms to 9 unless said.
    #[arg(long)]
    pub raster: bool,
    /// What pictures are written as.
    #[arg(long, value_enum, default_value_t = RasterFormat::Png, requires = "raster")]
    pub raster_format: RasterFormat,
    /// Pixels of a tile's side.
    #[arg(long, value_name = "PIXELS", default_value_t = 256, value_parser = side, requires = "raster")]
    pub tile_size: u32,
    /// Draw with twice as many pixels, for displays with small ones.
    #[arg(long, requires = "raster")]
    pub retina: bool,
    /// Leave the land out: only the theme is drawn, on nothing.
    #[arg(long, requires = "raster")]
    pub transparent: bool,
    /// Colours: light, dark or print; light, or what the style says, unless said.
    #[arg(long, value_name = "THEME", requires = "raster")]
    pub theme: Option<String>,
    /// Look of the map, as TOML: see `yutu map --print-style`.
    #[arg(long, value_name = "FILE", requires = "raster")]
    pub style: Option<PathBuf>,
    /// Attribute of files with the names; name, 名称 and the like unless said.
    #[arg(long, value_name = "FIELD", requires = "raster")]
    pub label: Option<String>,
    /// Font file to use instead of the system's Noto Sans CJK SC; repeat for more.
    #[arg(long = "font", value_name = "FILE", requires = "raster")]
    pub fonts: Vec<PathBuf>,
}

/// What pictures are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RasterFormat {
    /// Known everywhere.
    Png,
    /// Smaller, without loss.
    Webp,
}

fn side(text: &str) -> Result<u32, String> {
    match text {
        "256" => Ok(256),
        "512" => Ok(512),
        _ => Err("expected 256 or 512".to_owned()),
    }
}

/// What becomes of small polygons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SmallChoice {
    /// Their area is gathered, so that density is right; districts become part of a neighbour.
    Gather,
    /// Each becomes a small square.
    Keep,
}

/// A file and the name of its layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub name: String,
    pub file: PathBuf,
}

impl FromStr for NamedFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(Self {
                name: name.to_owned(),
                file: file.into(),
            }),
            _ => Err(format!(
                "`{text}`: expected a name, a colon and a file, as in roads:roads.gpkg"
            )),
        }
    }
}

/// The last zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastZoom {
    Guess,
    Zoom(u8),
}

impl FromStr for LastZoom {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "g" {
            return Ok(Self::Guess);
        }
        match text.parse() {
            Ok(zoom @ 0..=20) => Ok(Self::Zoom(zoom)),
            _ => Err(format!("`{text}`: expected 0 to 20, or g to guess")),
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let factor: u64 = match &text[digits.len()..] {
            "" | "B" => 1,
            "k" | "K" | "kB" | "KB" => 1_000,
            "M" | "MB" => 1_000_000,
            "G" | "GB" => 1_000_000_000,
            _ => 0,
        };
        let number: Option<u64> = digits.parse().ok();
        match number.and_then(|number| number.checked_mul(factor)) {
            Some(bytes) if bytes > 0 => Ok(Self(bytes)),
            _ => Err(format!(
                "`{text}`: expected a number of bytes, as in 500000, 200KB or 2GB"
            )),
        }
    }
}

/// The most bytes of a tile; `None`: any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap(pub Option<u64>);

impl FromStr for Cap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Self(None));
        }
        text.parse().map(|Bytes(bytes)| Self(Some(bytes)))
    }
}

/// What gives way.
#[derive(Debug, Clone, PartialEq)]
pub enum Drop {
    Densest,
    Rate(Option<f64>),
    Rank(String),
}

impl FromStr for Drop {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!("`{text}`: expected densest, rate, rate=NUMBER (1 or more) or rank=ATTRIBUTE")
        };
        match text.split_once('=') {
            None if text == "densest" => Ok(Self::Densest),
            None if text == "rate" => Ok(Self::Rate(None)),
            Some(("rate", divisor)) => match divisor.parse::<f64>() {
                Ok(divisor) if divisor.is_finite() && divisor >= 1.0 => {
                    Ok(Self::Rate(Some(divisor)))
                }
                _ => Err(wrong()),
            },
            Some(("rank", attribute)) if !attribute.is_empty() => {
                Ok(Self::Rank(attribute.to_owned()))
            }
            _ => Err(wrong()),
        }
    }
}

/// An attribute and its other name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub from: String,
    pub to: String,
}

impl FromStr for Renamed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok(Self {
                from: from.to_owned(),
                to: to.to_owned(),
            }),
            _ => Err(format!("`{text}`: expected FROM=TO")),
        }
    }
}

/// A part of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartOf {
    pub number: u32,
    pub of: u32,
}

impl FromStr for PartOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= 10_000 => {
                Ok(Self { number, of })
            }
            _ => Err(format!(
                "`{text}`: expected I/N, as in 2/5, with N up to 10000"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_or_none() {
        assert_eq!("500000".parse(), Ok(Bytes(500_000)));
        assert_eq!("200KB".parse(), Ok(Bytes(200_000)));
        assert_eq!("2GB".parse(), Ok(Bytes(2_000_000_000)));
        assert_eq!("none".parse(), Ok(Cap(None)));
        for text in ["", "KB", "-1", "2TB", "99999999999GB", "0"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_gives_way_is_read() {
        assert_eq!("rate=2.5".parse(), Ok(Drop::Rate(Some(2.5))));
        assert_eq!("rank=pop".parse(), Ok(Drop::Rank("pop".to_owned())));
        for text in ["rate=", "rate=0.5", "rank=", "most", "rate=nan"] {
            assert!(text.parse::<Drop>().is_err(), "{text}");
        }
        assert!("0/3".parse::<PartOf>().is_err() && "4/3".parse::<PartOf>().is_err());
    }
}
