//! Pictures as PNG or WebP.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use libdeflater::{CompressionLvl, Compressor};
use tiles::archive::TileFormat;
use tiny_skia::PremultipliedColorU8;

use super::RasterTilesError;
use super::palette::Palette;
use super::runs::{BYTES, Runs};

/// How hard PNG are packed: twice the effort makes them a few per cent smaller.
const EFFORT: i32 = 1;

/// A picture: its pixels in rows, cut out of one that may be wider.
#[derive(Clone, Copy)]
pub(super) struct Cut<'p> {
    /// From the picture's first pixel on.
    pub(super) pixels: &'p [u8],
    /// Pixels from row to row.
    pub(super) stride: usize,
    pub(super) side: usize,
}

impl<'p> Cut<'p> {
    pub(super) fn rows(self) -> impl Iterator<Item = &'p [u8]> {
        let rows = self.pixels.chunks(self.stride * BYTES).take(self.side);
        rows.map(move |row| &row[..self.side * BYTES])
    }
}

/// Encodes one picture after another in the same buffers.
pub(super) struct Encoder {
    format: TileFormat,
    opaque: bool,
    compressor: Compressor,
    runs: Runs,
    palette: Palette,
    /// What is packed.
    raw: Vec<u8>,
    packed: Vec<u8>,
    bytes: Vec<u8>,
    /// By opacity and channel: the channel as files have it. Many pixels are looked up faster than divided.
    plain_channels: Vec<[u8; 256]>,
    /// Pictures of one colour.
    plain: HashMap<[u8; BYTES], Vec<u8>>,
}

impl Encoder {
    pub(super) fn new(format: TileFormat, opaque: bool) -> Self {
        Self {
            format,
            opaque,
            compressor: Compressor::new(CompressionLvl::new(EFFORT).unwrap_or_default()),
            runs: Runs::default(),
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
        self.runs.take(picture);
        let plain = self.runs.plain();
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
            TileFormat::Webp => self.webp(picture.side),
            _ if self.palette.take(&self.runs) => self.indexed(picture.side),
            _ => self.coloured(picture.side),
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
    fn indexed(&mut self, side: usize) -> Result<(), String> {
        self.raw.clear();
        let mut numbers = self.palette.numbers().iter();
        for row in self.runs.rows() {
            self.raw.push(png::Filter::NoFilter as u8);
            for (run, number) in row.iter().zip(&mut numbers) {
                self.raw
                    .extend(std::iter::repeat_n(*number, run.length as usize));
            }
        }
        self.pack()?;

        let colours = self.palette.colours();
        let colours: Vec<[u8; BYTES]> = colours.iter().map(|key| self.channels(*key)).collect();
        let of_colours = colours.iter().flat_map(|colour| &colour[..3]).copied();
        let side = u32::try_from(side).map_err(|error| error.to_string())?;
        let mut encoder = png::Encoder::new(&mut self.bytes, side, side);
        encoder.set_color(png::ColorType::Indexed);
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

    /// A PNG of full colours.
    fn coloured(&mut self, side: usize) -> Result<(), String> {
        let channels = if self.opaque { 3 } else { BYTES };
        self.raw.clear();
        for row in self.runs.rows() {
            // How the channels of each pixel differ from those of its left neighbour; left of the first nothing is.
            self.raw.push(png::Filter::Sub as u8);
            let mut left = [0; BYTES];
            for run in row {
                let here = self.channels(run.colour);
                let mut by = here;
                for (by, left) in by.iter_mut().zip(left) {
                    *by = by.wrapping_sub(left);
                }
                left = here;
                self.raw.extend_from_slice(&by[..channels]);
                let rest = (run.length as usize - 1) * channels;
                self.raw.resize(self.raw.len() + rest, 0);
            }
        }
        // A packer that expects such differences; what is packed is three or four times as much as with a palette.
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

        let side = u32::try_from(side).map_err(|error| error.to_string())?;
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

    fn webp(&mut self, side: usize) -> Result<(), String> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        for run in self.runs.all() {
            let channels = self.channels(run.colour);
            let seen = if self.opaque { 3 } else { BYTES };
            for _ in 0..run.length {
                raw.extend_from_slice(&channels[..seen]);
            }
        }
        self.raw = raw;
        let side = u32::try_from(side).map_err(|error| error.to_string())?;
        let kind = if self.opaque {
            image_webp::ColorType::Rgb8
        } else {
            image_webp::ColorType::Rgba8
        };
        image_webp::WebPEncoder::new(&mut self.bytes)
            .encode(&self.raw, side, side, kind)
            .map_err(|error| error.to_string())
    }

    /// Red, green, blue and opacity, as files have them.
    fn channels(&self, colour: [u8; BYTES]) -> [u8; BYTES] {
        let [red, green, blue, alpha] = colour;
        if matches!(alpha, 0 | u8::MAX) {
            return colour;
        }
        let of = &self.plain_channels[usize::from(alpha)];
        let [red, green, blue] = [red, green, blue].map(|channel| of[usize::from(channel)]);
        [red, green, blue, alpha]
    }
}

/// Each channel of an opacity, as files have it.
fn plain_channel(alpha: u8) -> [u8; 256] {
    let mut plain = [0; 256];
    for (channel, plain) in (0..=alpha).zip(&mut plain) {
        if let Some(pixel) = PremultipliedColorU8::from_rgba(channel, 0, 0, alpha) {
            *plain = pixel.demultiply().red();
        }
    }
    plain
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn said(error: png::EncodingError) -> String {
    error.to_string()
}
