//! A picture as runs of pixels of one colour: most of a map is flat, and what follows looks at each run once.

#![expect(clippy::cast_possible_truncation, reason = "a row has few pixels")]

use super::encode::Cut;

/// Bytes of a pixel.
pub(super) const BYTES: usize = 4;
/// Pixels that are looked at together.
const TOGETHER: usize = 8;

/// Pixels of a row that follow each other and are of one colour.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// Red, green, blue and opacity.
    pub(super) colour: [u8; BYTES],
    pub(super) length: u32,
}

/// The runs of a picture, row by row: none reaches into the next row.
#[derive(Default)]
pub(super) struct Runs {
    all: Vec<Run>,
    /// Where the runs of each row end.
    ends: Vec<usize>,
}

impl Runs {
    /// Takes the runs of another picture.
    pub(super) fn take(&mut self, picture: Cut<'_>) {
        self.all.clear();
        self.ends.clear();
        for row in picture.rows() {
            self.take_row(row);
            self.ends.push(self.all.len());
        }
    }

    fn take_row(&mut self, row: &[u8]) {
        let (pixels, _) = row.as_chunks::<BYTES>();
        let Some(first) = pixels.first() else {
            return;
        };
        let (mut colour, mut length) = (u32::from_le_bytes(*first), 0);
        for pixels in pixels.chunks(TOGETHER) {
            if let Ok(pixels) = <&[[u8; BYTES]; TOGETHER]>::try_from(pixels)
                && pixels.map(u32::from_le_bytes) == [colour; TOGETHER]
            {
                length += TOGETHER as u32;
                continue;
            }
            for pixel in pixels {
                let here = u32::from_le_bytes(*pixel);
                if here != colour {
                    let run = (colour.to_le_bytes(), length);
                    self.push(run);
                    (colour, length) = (here, 0);
                }
                length += 1;
            }
        }
        self.push((colour.to_le_bytes(), length));
    }

    fn push(&mut self, (colour, length): ([u8; BYTES], u32)) {
        self.all.push(Run { colour, length });
    }

    pub(super) fn all(&self) -> &[Run] {
        &self.all
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[Run]> {
        let mut first = 0;
        self.ends.iter().map(move |end| {
            let row = &self.all[first..*end];
            first = *end;
            row
        })
    }

    /// The colour of all pixels, where they have the same.
    pub(super) fn plain(&self) -> Option<[u8; BYTES]> {
        let first = self.all.first()?.colour;
        let same = self.all.iter().all(|run| run.colour == first);
        same.then_some(first)
    }
}
