//! The options of `yutu map`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::read::FileOptions;
use crate::commands::{Classes, Palette};

// Of `yutu map`.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// A layer of the atlas, by identifier or title, or files with features (`GeoJSON`, by lines, sequences, gzipped; CSV;
    /// `FlatGeobuf`; `GeoPackage`; shapefile; `GeoParquet`; KML, KMZ; `TopoJSON`; `-`: standard input).
    #[arg(required = true, value_name = "LAYER|FILE")]
    pub inputs: Vec<String>,
    /// File to write: .png, .webp, .svg or .pdf.
    #[arg(
        long,
        short,
        required_unless_present = "print_style",
        value_name = "FILE"
    )]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub page: PageOptions,
    #[command(flatten)]
    pub figures: FigureOptions,
    #[command(flatten)]
    pub words: WordOptions,
    #[command(flatten)]
    pub read: MapReadOptions,
}

// Paper and colours.
#[derive(Debug, Args)]
#[command(next_help_heading = "Page")]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct PageOptions {
    /// A0 to A5, 16:9, 4:3, square, 300x200mm or 2000x1500px.
    #[arg(long, value_name = "SIZE", default_value = "A4")]
    pub size: Size,
    /// Dots per inch; 254 unless said. A size in pixels without it is laid out as a page of A4's area.
    #[arg(long, value_name = "DPI")]
    pub dpi: Option<f64>,
    /// Set the page upright; by the shape of what is drawn unless said.
    #[arg(long, conflicts_with = "landscape")]
    pub portrait: bool,
    /// Lay the page on its longer side.
    #[arg(long)]
    pub landscape: bool,
    /// Colours; light, or what the style says, unless said.
    #[arg(long, value_enum)]
    pub theme: Option<ThemeChoice>,
    /// EPSG code or PROJ string to project to; Gauss–Krüger for what is narrow, else Albers, unless said.
    #[arg(long, value_name = "CRS")]
    pub crs: Option<String>,
    /// Draw meridians and parallels across the map.
    #[arg(long)]
    pub graticule: bool,
    /// Show only a place (重庆市), the areas of a layer, or those of a file; all else lies below a veil.
    #[arg(long, value_name = "PLACE|LAYER|FILE")]
    pub focus: Option<String>,
    /// Leave out the ground: land, borders, rivers, their names, and the small map of where it is.
    #[arg(long)]
    pub no_ground: bool,
    /// Look of the page, as TOML: see --print-style.
    #[arg(long, value_name = "FILE")]
    pub style: Option<PathBuf>,
    /// Write the look of the page as TOML on stdout, to be changed and given back with --style, and draw nothing.
    #[arg(long)]
    pub print_style: bool,
    /// Font file to use instead of the system's Noto Sans CJK SC; repeat for more.
    #[arg(long = "font", value_name = "FILE")]
    pub fonts: Vec<PathBuf>,
}

// Figures and kinds of files, as colours and sizes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Figures")]
pub struct FigureOptions {
    /// Attribute to colour features by: a figure in classes, or a kind.
    #[arg(long, value_name = "FIELD")]
    pub by: Option<String>,
    /// How a figure is cut into classes, and into how many: jenks, quantile or equal, as quantile:5; jenks:5 unless said.
    #[arg(long, value_name = "METHOD[:N]", requires = "by")]
    pub classes: Option<Classes>,
    /// Colours of a figure; warm unless said.
    #[arg(long, value_enum, requires = "by")]
    pub palette: Option<Palette>,
    /// Attribute with the figure that points are as large as; areas get a point inside them.
    #[arg(long, value_name = "FIELD")]
    pub size_by: Option<String>,
}

// What the page says.
#[derive(Debug, Args)]
#[command(next_help_heading = "Words")]
pub struct WordOptions {
    /// Language of the page: names in Latin letters for en. What has no English form stays Chinese and is named on stderr.
    #[arg(long, value_enum, default_value = "zh")]
    pub lang: PageLanguage,
    /// Title; that of the layer, or the name of the file, unless said.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Line below the title.
    #[arg(long, value_name = "TEXT")]
    pub subtitle: Option<String>,
    /// Where the data comes from, at the foot of the page.
    #[arg(long, value_name = "TEXT")]
    pub sources: Option<String>,
    /// Approval number of the map (审图号), printed as it is given.
    #[arg(long, value_name = "NUMBER")]
    pub approval: Option<String>,
}

/// A language that a page can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageLanguage {
    /// Chinese.
    Zh,
    /// English.
    En,
}

// How files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub struct MapReadOptions {
    /// Attribute with the names; name, 名称 and the like unless said.
    #[arg(long, value_name = "FIELD")]
    pub label: Option<String>,
    /// Layer of a `GeoPackage`, object of a `TopoJSON` file, or file inside a zip archive.
    #[arg(long, value_name = "NAME")]
    pub source_layer: Option<String>,
    #[command(flatten)]
    pub file: FileOptions,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThemeChoice {
    /// Dark ink on white paper.
    Light,
    /// Light ink on a dark page.
    Dark,
    /// Greys, for copiers.
    Print,
}

/// How large a page is.
#[derive(Debug, Clone, PartialEq)]
pub enum Size {
    /// A paper with a name.
    Named(String),
    /// Width and height in mm.
    Mm(f64, f64),
    /// Width and height in pixels.
    Pixels(u32, u32),
}

/// The longest side of a picture, in pixels.
const MOST_PIXELS: u32 = 30_000;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if output::raster::Paper::named(text).is_some() {
            return Ok(Self::Named(text.to_owned()));
        }
        let wrong = || {
            format!(
                "`{text}` is no size; expected A0 to A5, 16:9, 4:3, square, WIDTHxHEIGHTmm or WIDTHxHEIGHTpx"
            )
        };
        let (numbers, in_mm) = match text.strip_suffix("mm") {
            Some(numbers) => (numbers, true),
            None => (text.strip_suffix("px").unwrap_or(text), false),
        };
        let (width, height) = numbers.split_once(['x', 'X', '×', '*']).ok_or_else(wrong)?;
        if in_mm {
            let side = |text: &str| text.trim().parse().map_err(|_| wrong());
            return Ok(Self::Mm(side(width)?, side(height)?));
        }
        let side = |text: &str| {
            let side: u64 = text.trim().parse().map_err(|_| wrong())?;
            u32::try_from(side)
                .ok()
                .filter(|side| (1..=MOST_PIXELS).contains(side))
                .ok_or_else(|| {
                    format!("a side of {side} pixels cannot be drawn; expected 1 to {MOST_PIXELS}")
                })
        };
        Ok(Self::Pixels(side(width)?, side(height)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, size) in [
            ("a3", Size::Named("a3".to_owned())),
            ("16:9", Size::Named("16:9".to_owned())),
            ("2000x1500px", Size::Pixels(2000, 1500)),
            ("2000x1500", Size::Pixels(2000, 1500)),
            ("200x150.5mm", Size::Mm(200.0, 150.5)),
        ] {
            assert_eq!(text.parse(), Ok(size));
        }
        for text in [
            "",
            "B4",
            "0x100",
            "100000x10",
            "10x",
            "-5x5",
            "1e3x5px",
            "99999999999999999999x1",
        ] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
