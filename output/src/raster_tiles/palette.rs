//! The colours of a picture that has few.

use super::runs::{BYTES, Runs};

/// Colours of a palette.
const MOST: usize = 256;
/// Places of the table of known colours: enough that most are found at the first look.
const PLACES: usize = 2048;
const FREE: u16 = u16::MAX;

/// Numbers colours in the order in which they come.
pub(super) struct Palette {
    /// Each place: a colour and its number.
    places: Vec<([u8; BYTES], u16)>,
    /// Places that are taken.
    taken: Vec<usize>,
    colours: Vec<[u8; BYTES]>,
    numbers: Vec<u8>,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            places: vec![([0; BYTES], FREE); PLACES],
            taken: Vec::with_capacity(MOST),
            colours: Vec::with_capacity(MOST),
            numbers: Vec::new(),
        }
    }
}

impl Palette {
    /// Takes the colours of a picture; false when they are too many.
    pub(super) fn take(&mut self, runs: &Runs) -> bool {
        for place in self.taken.drain(..) {
            self.places[place].1 = FREE;
        }
        self.colours.clear();
        self.numbers.clear();
        for run in runs.all() {
            let Some(number) = self.number(run.colour) else {
                return false;
            };
            self.numbers.push(number);
        }
        true
    }

    /// The number of a colour; `None` when there are too many.
    fn number(&mut self, colour: [u8; BYTES]) -> Option<u8> {
        let spread = u32::from_le_bytes(colour).wrapping_mul(0x9E37_79B1) >> 21;
        let mut place = usize::try_from(spread).unwrap_or(0);
        loop {
            let (known, number) = self.places[place];
            if number == FREE {
                break;
            }
            if known == colour {
                return u8::try_from(number).ok();
            }
            place = (place + 1) % PLACES;
        }
        let number = u8::try_from(self.colours.len()).ok()?;
        self.places[place] = (colour, u16::from(number));
        self.taken.push(place);
        self.colours.push(colour);
        Some(number)
    }

    pub(super) fn colours(&self) -> &[[u8; BYTES]] {
        &self.colours
    }

    /// The number of each run.
    pub(super) fn numbers(&self) -> &[u8] {
        &self.numbers
    }
}
