//! A finished page.

use std::path::Path;

use tiny_skia::Pixmap;

use super::RasterError;
use super::options::Format;
use super::page_box::PageBox;

/// A rendered page, and what stands where on it.
///
/// Boxes are in units of the layout, of which an A4 page has 297 × 210; there a unit is a millimetre.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rendered {
    pub(super) picture: Picture,
    pub(super) pixels_per_mm: f64,
    /// Millimetres in a unit of the boxes below.
    pub unit_mm: f64,
    /// 1 mm on the map is this many mm on the ground.
    pub ratio: f64,
    /// The scale bar.
    pub scale_bar: ScaleBar,
    /// Every point symbol of the theme: where it was asked for (longitude, latitude in degrees), and its centre on the page.
    pub symbols: Vec<PlacedSymbol>,
    /// The projection, as the page names it.
    pub projection: String,
    /// The same, as PROJ is told.
    pub definition: String,
    /// What lies in the middle of the frame, in metres east and north on the plane of the projection.
    pub centre_m: (f64, f64),
    /// The frame of the map.
    pub frame: PageBox,
    /// The insets.
    pub insets: Vec<PlacedInset>,
    /// Every name on the map and on the inset.
    pub names: Vec<PlacedName>,
    /// Names that found no room.
    pub dropped: Vec<String>,
    /// Characters that the fonts do not have, in order, each once.
    pub missing_glyphs: Vec<char>,
    /// The rows of the legend.
    pub legend: Vec<PageBox>,
    /// The box of the locator, when there is one.
    pub locator: Option<PageBox>,
}

/// A scale bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleBar {
    /// What the whole bar stands for.
    pub length_km: f64,
    /// How long it is on the page.
    pub length_mm: f64,
    /// Where its ends would lie in the middle of the map: longitude and latitude, in degrees.
    pub ends: Option<[(f64, f64); 2]>,
}

/// An inset on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedInset {
    /// Its frame.
    pub frame: PageBox,
    /// Its ratio.
    pub ratio: f64,
    /// What lies in the middle of its frame, in metres east and north on the plane of the projection.
    pub centre_m: (f64, f64),
}

/// A name on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedName {
    /// The text, without line breaks.
    pub text: String,
    /// What it covers: one box, or one a character when it follows a line.
    pub boxes: Vec<PageBox>,
    /// The number of the inset that it stands in; `None` on the map.
    pub inset: Option<usize>,
}

/// A point symbol on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedSymbol {
    /// Longitude and latitude, in degrees.
    pub place: (f64, f64),
    /// Its centre on the page.
    pub at: (f64, f64),
    /// The number of the inset that it stands in; `None` on the map.
    pub inset: Option<usize>,
}

/// The page in its format.
#[derive(Debug)]
pub(super) enum Picture {
    Pixels(Pixmap, Format),
    Svg(String),
    Pdf(Vec<u8>),
}

impl Rendered {
    fn pixels(&self) -> Option<&Pixmap> {
        match &self.picture {
            Picture::Pixels(pixels, _) => Some(pixels),
            Picture::Svg(_) | Picture::Pdf(_) => None,
        }
    }

    /// Width of the picture in pixels; 0 when it has none.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.pixels().map_or(0, Pixmap::width)
    }

    /// Height of the picture in pixels; 0 when it has none.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.pixels().map_or(0, Pixmap::height)
    }

    /// The picture: red, green, blue for each pixel, rows from the top. Empty for vector formats.
    #[must_use]
    pub fn rgb(&self) -> Vec<u8> {
        let Some(pixels) = self.pixels() else {
            return Vec::new();
        };
        let pixels = pixels.data().chunks_exact(4);
        let mut rgb = vec![0; pixels.len() * 3];
        for (to, pixel) in rgb.chunks_exact_mut(3).zip(pixels) {
            to.copy_from_slice(&pixel[..3]);
        }
        rgb
    }

    /// The file in the format that was asked for. The same page gives the same bytes.
    ///
    /// # Errors
    /// When the encoder refuses, which it has no reason to.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RasterError> {
        match &self.picture {
            Picture::Pixels(_, Format::WebP) => self.to_webp(),
            Picture::Pixels(..) => self.to_png(),
            Picture::Svg(text) => Ok(text.clone().into_bytes()),
            Picture::Pdf(bytes) => Ok(bytes.clone()),
        }
    }

    /// Encodes the pixels as PNG, with their size on paper.
    ///
    /// # Errors
    /// When the encoder refuses, which it has no reason to.
    pub fn to_png(&self) -> Result<Vec<u8>, RasterError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width(), self.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Fast);
        encoder.set_filter(png::Filter::Sub);
        let per_metre = pixels_per_metre(self.pixels_per_mm);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: png::Unit::Meter,
        }));
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb())?;
        writer.finish()?;
        Ok(bytes)
    }

    fn to_webp(&self) -> Result<Vec<u8>, RasterError> {
        let mut bytes = Vec::new();
        let encoder = image_webp::WebPEncoder::new(&mut bytes);
        encoder.encode(
            &self.rgb(),
            self.width(),
            self.height(),
            image_webp::ColorType::Rgb8,
        )?;
        Ok(bytes)
    }

    /// Writes the file: whole, or not at all.
    ///
    /// # Errors
    /// [`RasterError::File`] names the path and the reason.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), RasterError> {
        Ok(crate::atomic::write(path.as_ref(), &self.to_bytes()?)?)
    }

    /// Writes the pixels as PNG: the whole file, or none.
    ///
    /// # Errors
    /// [`RasterError::File`] names the path and the reason.
    pub fn write_png(&self, path: impl AsRef<Path>) -> Result<(), RasterError> {
        Ok(crate::atomic::write(path.as_ref(), &self.to_png()?)?)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a resolution that was checked is a small positive number"
)]
fn pixels_per_metre(pixels_per_mm: f64) -> u32 {
    (pixels_per_mm * 1000.0).round() as u32
}
