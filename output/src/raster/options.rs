//! How a page is rendered: paper, resolution, colours, and the kind of file.

use std::path::PathBuf;

use gazetteer::Extent;
use geo::MultiPolygon;
use layers::Look;

use super::RasterError;

/// Millimetres in an inch.
pub const MM_PER_INCH: f64 = 25.4;
/// A narrower map than this (width by height) goes on an upright page.
const UPRIGHT: f64 = 0.8;
/// Sides of paper that can be laid out, in mm.
const SIDES_MM: (f64, f64) = (60.0, 3000.0);
/// No page is longer than this by its width.
const SLENDER: f64 = 3.0;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Pixels, with their size on paper.
    #[default]
    Png,
    /// Pixels without loss, smaller than PNG.
    WebP,
    /// Shapes for browsers and drawing programs; the text can be found and selected.
    Svg,
    /// A page to print; the text can be found and selected.
    Pdf,
}

impl Format {
    /// The format of a file name's ending.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "webp" => Some(Self::WebP),
            "svg" => Some(Self::Svg),
            "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }

    pub(super) fn is_vector(self) -> bool {
        matches!(self, Self::Svg | Self::Pdf)
    }
}

/// A sheet of paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// What the page calls it beside its scale, e.g. `A4`.
    pub name: String,
    /// Width in mm.
    pub width_mm: f64,
    /// Height in mm.
    pub height_mm: f64,
}

impl Paper {
    /// A sheet of a size without a name of its own.
    #[must_use]
    pub fn of_size(width_mm: f64, height_mm: f64) -> Self {
        Self {
            name: format!("{width_mm:.0} × {height_mm:.0} mm"),
            width_mm,
            height_mm,
        }
    }

    /// A sheet with a name, lying on its longer side.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (width_mm, height_mm) = match name.to_ascii_uppercase().as_str() {
            "A0" => (1189.0, 841.0),
            "A1" => (841.0, 594.0),
            "A2" => (594.0, 420.0),
            "A3" => (420.0, 297.0),
            "A4" => (297.0, 210.0),
            "A5" => (210.0, 148.0),
            "16:9" => (320.0, 180.0),
            "4:3" => (280.0, 210.0),
            "SQUARE" => (250.0, 250.0),
            _ => return None,
        };
        let named = name.starts_with(['A', 'a']);
        Some(Self {
            name: if named {
                name.to_ascii_uppercase()
            } else {
                Self::of_size(width_mm, height_mm).name
            },
            width_mm,
            height_mm,
        })
    }

    /// The same sheet, lying or upright.
    #[must_use]
    pub fn turned(self, upright: bool) -> Self {
        if (self.height_mm > self.width_mm) == upright
            || (self.width_mm - self.height_mm).abs() < 1e-9
        {
            return self;
        }
        let turned = Self {
            width_mm: self.height_mm,
            height_mm: self.width_mm,
            ..self
        };
        if turned.name.starts_with('A') {
            turned
        } else {
            Self::of_size(turned.width_mm, turned.height_mm)
        }
    }

    /// Whether a map of an extent goes better on an upright page.
    #[must_use]
    pub fn upright_for(focus: Extent) -> bool {
        let middle = f64::midpoint(focus.south, focus.north);
        let width = (focus.east - focus.west) * middle.to_radians().cos();
        width / (focus.north - focus.south) < UPRIGHT
    }

    pub(super) fn check(&self) -> Result<(), RasterError> {
        let (least, most) = SIDES_MM;
        let sides = [self.width_mm, self.height_mm];
        let long = sides[0].max(sides[1]) / sides[0].min(sides[1]);
        if sides.iter().all(|side| (least..=most).contains(side)) && long <= SLENDER {
            return Ok(());
        }
        Err(RasterError::Paper {
            width_mm: self.width_mm,
            height_mm: self.height_mm,
            least_mm: least,
            most_mm: most,
        })
    }
}

impl Default for Paper {
    /// A4, lying.
    fn default() -> Self {
        Self {
            name: "A4".to_owned(),
            width_mm: 297.0,
            height_mm: 210.0,
        }
    }
}

/// How a page is rendered.
#[derive(Debug, Clone)]
pub struct RenderOptions {
    /// Resolution. 10 is 254 dpi: 2970 × 2100 pixels of A4.
    pub pixels_per_mm: f64,
    /// Font files to use instead of the system's; empty for the system's.
    pub fonts: Vec<PathBuf>,
    /// The approval number of the map (审图号), printed after the sources when given.
    pub approval: Option<String>,
    /// The paper.
    pub paper: Paper,
    /// Colours and sizes.
    pub look: Look,
    /// The kind of file.
    pub format: Format,
    /// An EPSG code or PROJ string; what suits the map when `None`.
    pub crs: Option<String>,
    /// Whether meridians and parallels are drawn across the map.
    pub graticule: bool,
    /// The area that the map is about (WGS 84, longitude first): the page shows it alone, all else below a veil. `None` for the
    /// page's own focus.
    pub only: Option<MultiPolygon<f64>>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            pixels_per_mm: 10.0,
            fonts: Vec::new(),
            approval: None,
            paper: Paper::default(),
            look: Look::default(),
            format: Format::Png,
            crs: None,
            graticule: false,
            only: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_known_by_name_and_can_be_turned() {
        let a3 = Paper::named("a3").expect("a size").turned(true);
        assert_eq!(
            (a3.name.as_str(), a3.width_mm, a3.height_mm),
            ("A3", 297.0, 420.0)
        );
        let wide = Paper::named("16:9").expect("a size");
        assert!((wide.width_mm / wide.height_mm - 16.0 / 9.0).abs() < 1e-9);
        assert_eq!(wide.turned(true).name, "180 × 320 mm");
        assert_eq!(Paper::named("letter"), None);
    }

    #[test]
    fn paper_without_room_is_refused() {
        for (width, height) in [(0.0, 100.0), (f64::NAN, 100.0), (1e6, 1e6), (100.0, 400.0)] {
            assert!(
                Paper::of_size(width, height).check().is_err(),
                "{width} × {height}"
            );
        }
        assert!(Paper::default().check().is_ok());
    }
}
