//! The colours of a picture that has few.

use tiny_skia::PremultipliedColorU8;

use super::encode::{Cut, plain_channels};

/// Colours of a palette.
const MOST: usize = 256;
/// Places of the table of known colours: enough that most are found at the first look.
const PLACES: usize = 2048;
const FREE: u16 = u16::MAX;

/// Numbers colours in the order in which they come.
pub(super) struct Palette {
    /// Each place: a colour and its number.
    places: Vec<([u8; 4], u16)>,
    /// Places that are taken.
    taken: Vec<usize>,
    colours: Vec<[u8; 4]>,
    pixels: Vec<u8>,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            places: vec![([0; 4], FREE); PLACES],
            taken: Vec::with_capacity(MOST),
            colours: Vec::with_capacity(MOST),
            pixels: Vec::new(),
        }
    }
}

impl Palette {
    /// Takes the colours of a picture; false when they are too many.
    pub(super) fn take(&mut self, picture: Cut<'_>) -> bool {
        for place in self.taken.drain(..) {
            self.places[place].1 = FREE;
        }
        self.colours.clear();
        let mut pixels = std::mem::take(&mut self.pixels);
        pixels.resize(picture.side * picture.side, 0);
        let few = self.number_all(picture, &mut pixels);
        self.pixels = pixels;
        few
    }

    fn number_all(&mut self, picture: Cut<'_>, pixels: &mut [u8]) -> bool {
        let mut last: Option<([u8; 4], u8)> = None;
        for (row, numbers) in picture.rows().zip(pixels.chunks_exact_mut(picture.side)) {
            for (pixel, to) in row.iter().zip(numbers) {
                let key = [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()];
                let number = match last {
                    Some((known, number)) if known == key => number,
                    _ => match self.number(key, *pixel) {
                        Some(number) => number,
                        None => return false,
                    },
                };
                last = Some((key, number));
                *to = number;
            }
        }
        true
    }

    /// The number of a colour; `None` when there are too many.
    fn number(&mut self, key: [u8; 4], pixel: PremultipliedColorU8) -> Option<u8> {
        let spread = u32::from_le_bytes(key).wrapping_mul(0x9E37_79B1) >> 21;
        let mut place = usize::try_from(spread).unwrap_or(0);
        loop {
            let (known, number) = self.places[place];
            if number == FREE {
                break;
            }
            if known == key {
                return u8::try_from(number).ok();
            }
            place = (place + 1) % PLACES;
        }
        let number = u8::try_from(self.colours.len()).ok()?;
        self.places[place] = (key, u16::from(number));
        self.taken.push(place);
        self.colours.push(plain_channels(pixel));
        Some(number)
    }

    /// The colours, as files have them.
    pub(super) fn colours(&self) -> &[[u8; 4]] {
        &self.colours
    }

    /// The number of each pixel.
    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}
