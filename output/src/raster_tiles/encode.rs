//! Pictures as PNG or WebP.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use libdeflater::{CompressionLvl, Compressor};
use tiles::archive::TileFormat;
use tiny_skia::PremultipliedColorU8;

use super::RasterTilesError;
use super::palette::Palette;

/// How hard PNG are packed: twice the effort makes them a few per cent smaller.
const EFFORT: i32 = 1;
/// Pixels that are looked at together.
const RUN: usize = 8;

/// A picture: its pixels in rows, cut out of one that may be wider.
#[derive(Clone, Copy)]
pub(super) struct Cut<'p> {
    /// From the picture's first pixel on.
    pub(super) pixels: &'p [PremultipliedColorU8],
    /// Pixels from row to row.
    pub(super) stride: usize,
    pub(super) side: usize,
}

impl<'p> Cut<'p> {
    pub(super) fn rows(self) -> impl Iterator<Item = &'p [PremultipliedColorU8]> {
        let rows = self.pixels.chunks(self.stride).take(self.side);
        rows.map(move |row| &row[..self.side])
    }
}

/// Encodes one picture after another in the same buffers.
pub(super) struct Encoder {
    format: TileFormat,
    opaque: bool,
    compressor: Compressor,
    palette: Palette,
    /// What is packed.
    raw: Vec<u8>,
    packed: Vec<u8>,
    bytes: Vec<u8>,
    /// By opacity and channel: the channel as files have it. Many pixels are looked up faster than divided.
    plain_channels: Vec<[u8; 256]>,
    /// Pictures of one colour.
    plain: HashMap<[u8; 4], Vec<u8>>,
}

impl Encoder {
    pub(super) fn new(format: TileFormat, opaque: bool) -> Self {
        Self {
            format,
            opaque,
            compressor: Compressor::new(CompressionLvl::new(EFFORT).unwrap_or_default()),
            palette: Palette::default(),
            raw: Vec::new(),
            packed: Vec::new(),
            bytes: Vec::new(),
            plain_channels: (0..=255).map(plain_channel).collect(),
            plain: HashMap::new(),
        }
    }

    /// The bytes of a picture; `None` of one in which nothing is seen.
    pub(super) fn encode(&mut self, picture: Cut<'_>) -> Result<Option<&[u8]>, RasterTilesError> {
        let few = self.palette.take(picture);
        let plain = match self.palette.colours() {
            [colour] if few => Some(*colour),
            _ => None,
        };
        if plain.is_some_and(|colour| colour[3] == 0) {
            return Ok(None);
        }
        if let Some(colour) = plain
            && self.plain.contains_key(&colour)
        {
            return Ok(self.plain.get(&colour).map(Vec::as_slice));
        }
        self.bytes.clear();
        let written = match self.format {
            TileFormat::Webp => self.webp(picture),
            _ if few => self.indexed(picture),
            _ => self.coloured(picture),
        };
        written.map_err(|reason| RasterTilesError::Encode {
            format: self.format.ending(),
            reason,
        })?;
        Ok(Some(match plain.map(|colour| self.plain.entry(colour)) {
            Some(Entry::Vacant(free)) => free.insert(self.bytes.clone()),
            _ => &self.bytes,
        }))
    }

    /// A PNG whose pixels are numbers of a palette.
    fn indexed(&mut self, picture: Cut<'_>) -> Result<(), String> {
        self.raw.clear();
        for row in self.palette.pixels().chunks_exact(picture.side) {
            self.raw.push(png::Filter::NoFilter as u8);
            self.raw.extend_from_slice(row);
        }
        self.pack()?;

        let colours = self.palette.colours();
        let side = u32::try_from(picture.side).map_err(|error| error.to_string())?;
        let mut encoder = png::Encoder::new(&mut self.bytes, side, side);
        encoder.set_color(png::ColorType::Indexed);
        let of_colours = colours.iter().flat_map(|colour| &colour[..3]).copied();
        encoder.set_palette(of_colours.collect::<Vec<u8>>());
        if !self.opaque {
            let opacities = colours.iter().map(|colour| colour[3]);
            encoder.set_trns(opacities.collect::<Vec<u8>>());
        }
        let mut writer = encoder.write_header().map_err(said)?;
        let packed = &self.packed;
        writer.write_chunk(png::chunk::IDAT, packed).map_err(said)?;
        writer.finish().map_err(said)
    }

    /// Packs what is raw.
    fn pack(&mut self) -> Result<(), String> {
        let room = self.compressor.zlib_compress_bound(self.raw.len());
        self.packed.resize(room, 0);
        let length = self.compressor.zlib_compress(&self.raw, &mut self.packed);
        self.packed
            .truncate(length.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// A PNG of full colours: what is packed is three or four times as much, so it is packed in a simpler way.
    fn coloured(&mut self, picture: Cut<'_>) -> Result<(), String> {
        if self.opaque {
            self.differences(picture, |pixel| [pixel.red(), pixel.green(), pixel.blue()]);
        } else {
            let plain = std::mem::take(&mut self.plain_channels);
            self.differences(picture, |pixel| {
                let of = &plain[usize::from(pixel.alpha())];
                let [red, green, blue] = [pixel.red(), pixel.green(), pixel.blue()];
                let channel = |channel: u8| of[usize::from(channel)];
                [channel(red), channel(green), channel(blue), pixel.alpha()]
            });
            self.plain_channels = plain;
        }
        let mut packed = std::mem::take(&mut self.packed);
        packed.clear();
        let deflate = fdeflate::Compressor::new(packed);
        let packed = deflate.and_then(|mut deflate| {
            deflate.write_data(&self.raw)?;
            deflate.finish()
        });
        self.packed = packed.map_err(|error| error.to_string())?;
        if self.packed.len() > self.raw.len() {
            self.pack()?;
        }
        let side = u32::try_from(picture.side).map_err(|error| error.to_string())?;
        let mut encoder = png::Encoder::new(&mut self.bytes, side, side);
        encoder.set_color(if self.opaque {
            png::ColorType::Rgb
        } else {
            png::ColorType::Rgba
        });
        let mut writer = encoder.write_header().map_err(said)?;
        let packed = &self.packed;
        writer.write_chunk(png::chunk::IDAT, packed).map_err(said)?;
        writer.finish().map_err(said)
    }

    /// Puts by how much the channels of each pixel differ from those of its left neighbour one after the other: the filter
    /// `Sub` of PNG.
    fn differences<const CHANNELS: usize>(
        &mut self,
        picture: Cut<'_>,
        plain: impl Fn(PremultipliedColorU8) -> [u8; CHANNELS],
    ) {
        let stride = 1 + picture.side * CHANNELS;
        self.raw.clear();
        self.raw.resize(stride * picture.side, 0);
        for (to, row) in self.raw.chunks_exact_mut(stride).zip(picture.rows()) {
            let Some((filter, to)) = to.split_first_mut() else {
                continue;
            };
            *filter = png::Filter::Sub as u8;
            // Left of the first nothing is.
            let mut last = (PremultipliedColorU8::TRANSPARENT, [0; CHANNELS]);
            let runs = to.chunks_mut(RUN * CHANNELS).zip(row.chunks(RUN));
            for (to, pixels) in runs {
                // Neighbours are mostly alike.
                let others = pixels.iter().filter(|pixel| **pixel != last.0);
                if others.count() == 0 {
                    continue;
                }
                let mut left = last.1;
                for (to, pixel) in to.as_chunks_mut().0.iter_mut().zip(pixels) {
                    let here = plain(*pixel);
                    let to: &mut [u8; CHANNELS] = to;
                    for ((to, here), left) in to.iter_mut().zip(here).zip(left) {
                        *to = here.wrapping_sub(left);
                    }
                    left = here;
                }
                last = (pixels.last().copied().unwrap_or(last.0), left);
            }
        }
    }

    fn webp(&mut self, picture: Cut<'_>) -> Result<(), String> {
        let side = self.flatten(picture)?;
        let kind = if self.opaque {
            image_webp::ColorType::Rgb8
        } else {
            image_webp::ColorType::Rgba8
        };
        image_webp::WebPEncoder::new(&mut self.bytes)
            .encode(&self.raw, side, side, kind)
            .map_err(|error| error.to_string())
    }

    /// Puts the channels of the pixels one after the other; returns the side.
    fn flatten(&mut self, picture: Cut<'_>) -> Result<u32, String> {
        let pixels = picture.side * picture.side;
        if self.opaque {
            self.raw.resize(pixels * 3, 0);
            let rows = self.raw.chunks_exact_mut(picture.side * 3);
            for (to, row) in rows.zip(picture.rows()) {
                for (to, pixel) in to.as_chunks_mut().0.iter_mut().zip(row) {
                    *to = [pixel.red(), pixel.green(), pixel.blue()];
                }
            }
        } else {
            self.raw.resize(pixels * 4, 0);
            let rows = self.raw.chunks_exact_mut(picture.side * 4);
            for (to, row) in rows.zip(picture.rows()) {
                // Neighbours are mostly alike.
                let mut last = (PremultipliedColorU8::TRANSPARENT, [0; 4]);
                for (to, pixel) in to.as_chunks_mut().0.iter_mut().zip(row) {
                    if *pixel != last.0 {
                        last = (*pixel, plain_channels(*pixel));
                    }
                    *to = last.1;
                }
            }
        }
        u32::try_from(picture.side).map_err(|error| error.to_string())
    }
}

/// Red, green, blue and opacity, as files have them.
pub(super) fn plain_channels(pixel: PremultipliedColorU8) -> [u8; 4] {
    if matches!(pixel.alpha(), 0 | 255) {
        return [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()];
    }
    let plain = pixel.demultiply();
    [plain.red(), plain.green(), plain.blue(), plain.alpha()]
}

/// Each channel of an opacity, as files have it.
fn plain_channel(alpha: u8) -> [u8; 256] {
    let mut plain = [0; 256];
    for (channel, plain) in (0..=alpha).zip(&mut plain) {
        if let Some(pixel) = PremultipliedColorU8::from_rgba(channel, 0, 0, alpha) {
            *plain = plain_channels(pixel)[0];
        }
    }
    plain
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn said(error: png::EncodingError) -> String {
    error.to_string()
}
