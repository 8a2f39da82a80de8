//! A finished page.

use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use tiny_skia::Pixmap;

use super::RasterError;
use super::page_box::PageBox;

/// A rendered page, and what stands where on it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rendered {
    pub(super) pixels: Pixmap,
    /// 1 mm on the map is this many mm on the ground.
    pub ratio: f64,
    /// The scale bar.
    pub scale_bar: ScaleBar,
    /// The projection, as the page names it.
    pub projection: String,
    /// The frame of the map.
    pub frame: PageBox,
    /// The inset, when there is one.
    pub inset: Option<PlacedInset>,
    /// Every name on the map and on the inset.
    pub names: Vec<PlacedName>,
    /// Names that found no room.
    pub dropped: Vec<String>,
    /// Characters that the fonts do not have, in order, each once.
    pub missing_glyphs: Vec<char>,
    /// The rows of the legend.
    pub legend: Vec<PageBox>,
    /// The box of the locator.
    pub locator: PageBox,
}

/// A scale bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleBar {
    /// What the whole bar stands for.
    pub length_km: f64,
    /// How long it is on the page.
    pub length_mm: f64,
}

/// The inset on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedInset {
    /// Its frame.
    pub frame: PageBox,
    /// Its ratio.
    pub ratio: f64,
}

/// A name on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedName {
    /// The text, without line breaks.
    pub text: String,
    /// What it covers: one box, or one a character when it follows a line.
    pub boxes: Vec<PageBox>,
    /// Whether it stands in the inset.
    pub inset: bool,
}

impl Rendered {
    /// Width of the picture in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    /// Height of the picture in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// The picture: red, green, blue for each pixel, rows from the top.
    #[must_use]
    pub fn rgb(&self) -> Vec<u8> {
        let pixels = self.pixels.data().chunks_exact(4);
        let mut rgb = vec![0; pixels.len() * 3];
        for (to, pixel) in rgb.chunks_exact_mut(3).zip(pixels) {
            to.copy_from_slice(&pixel[..3]);
        }
        rgb
    }

    /// Encodes the picture as PNG. The same page gives the same bytes.
    ///
    /// # Errors
    /// When the encoder refuses, which it has no reason to.
    pub fn to_png(&self) -> Result<Vec<u8>, RasterError> {
        let mut bytes = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Sub);
        encoder.write_image(
            &self.rgb(),
            self.width(),
            self.height(),
            ExtendedColorType::Rgb8,
        )?;
        Ok(bytes)
    }

    /// Writes the picture as PNG: the whole file, or none.
    ///
    /// # Errors
    /// [`RasterError::File`] names the path and the reason.
    pub fn write_png(&self, path: impl AsRef<Path>) -> Result<(), RasterError> {
        Ok(crate::atomic::write(path.as_ref(), &self.to_png()?)?)
    }
}
