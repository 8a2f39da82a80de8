//! Pictures as PNG or WebP.

use tiles::archive::TileFormat;
use tiny_skia::Pixmap;

use super::RasterTilesError;

/// Encodes one picture after another in the same buffers.
pub(super) struct Encoder {
    format: TileFormat,
    opaque: bool,
    pixels: Vec<u8>,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(format: TileFormat, opaque: bool) -> Self {
        Self {
            format,
            opaque,
            pixels: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// The bytes of a picture; `None` of one in which nothing is seen.
    pub(super) fn encode(&mut self, picture: &Pixmap) -> Result<Option<&[u8]>, RasterTilesError> {
        self.pixels.clear();
        if self.opaque {
            for pixel in picture.data().chunks_exact(4) {
                self.pixels.extend_from_slice(&pixel[..3]);
            }
        } else {
            let mut seen = false;
            for pixel in picture.pixels() {
                let plain = pixel.demultiply();
                seen |= plain.alpha() > 0;
                self.pixels.extend_from_slice(&[
                    plain.red(),
                    plain.green(),
                    plain.blue(),
                    plain.alpha(),
                ]);
            }
            if !seen {
                return Ok(None);
            }
        }
        self.bytes.clear();
        let size = (picture.width(), picture.height());
        let written = match self.format {
            TileFormat::Webp => self.webp(size),
            _ => self.png(size),
        };
        written.map_err(|reason| RasterTilesError::Encode {
            format: self.format.ending(),
            reason,
        })?;
        Ok(Some(&self.bytes))
    }

    fn png(&mut self, (width, height): (u32, u32)) -> Result<(), String> {
        let mut encoder = png::Encoder::new(&mut self.bytes, width, height);
        encoder.set_color(if self.opaque {
            png::ColorType::Rgb
        } else {
            png::ColorType::Rgba
        });
        encoder.set_compression(png::Compression::Fast);
        encoder.set_filter(png::Filter::Sub);
        let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
        let written = writer.write_image_data(&self.pixels);
        written.map_err(|error| error.to_string())?;
        writer.finish().map_err(|error| error.to_string())
    }

    fn webp(&mut self, (width, height): (u32, u32)) -> Result<(), String> {
        let colours = if self.opaque {
            image_webp::ColorType::Rgb8
        } else {
            image_webp::ColorType::Rgba8
        };
        image_webp::WebPEncoder::new(&mut self.bytes)
            .encode(&self.pixels, width, height, colours)
            .map_err(|error| error.to_string())
    }
}
