//! Small pictures.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, RgbImage, imageops};

use super::GalleryError;
use crate::raster::Rendered;

/// A small picture of a map.
#[derive(Debug)]
pub struct Thumbnail {
    pub(super) jpeg: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Twice the width of a card, for screens with two pixels a point.
const WIDTH: u32 = 640;
/// Text stays legible, 63 maps stay under 5 MB.
const QUALITY: u8 = 78;

/// Makes a page small: 640 pixels wide. The same page gives the same bytes.
///
/// # Errors
/// When the encoder refuses, which it has no reason to.
pub fn thumbnail(page: &Rendered) -> Result<Thumbnail, GalleryError> {
    let (width, height) = (page.width(), page.height());
    let full = RgbImage::from_raw(width, height, page.rgb()).ok_or_else(|| {
        GalleryError::Picture(ImageError::Parameter(
            image::error::ParameterError::from_kind(
                image::error::ParameterErrorKind::DimensionMismatch,
            ),
        ))
    })?;
    let small_height = (height * WIDTH / width.max(1)).max(1);
    let small = imageops::thumbnail(&full, WIDTH, small_height);
    let mut jpeg = Vec::new();
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))?;
    Ok(Thumbnail {
        jpeg,
        width: WIDTH,
        height: small_height,
    })
}
