//! Objects of JSON one after the other, in an array or not, found by their braces: a scan that knows strings.

use super::batch::Span;
use super::cut::Framing;
use super::json::{self, plain_end};
use super::writer::index;
use crate::Problem;

/// The most that may follow the features of a collection.
const MOST_TAIL_BYTES: usize = 16 << 20;

/// Finds objects.
pub(super) struct Objects {
    /// Whether they stand in an array, and whether that is a collection's.
    array: Option<bool>,
    at: usize,
    /// Where the object at hand began.
    start: usize,
    depth: u32,
    in_string: bool,
    /// The array has ended.
    ended: bool,
    /// Whatever reference system a collection names is taken.
    any_crs: bool,
}

impl Objects {
    /// Objects one after the other.
    pub(super) fn plain() -> Self {
        Self {
            array: None,
            at: 0,
            start: 0,
            depth: 0,
            in_string: false,
            ended: false,
            any_crs: false,
        }
    }

    /// The items of an array whose bracket was taken; `collection`: it is a member of a collection.
    pub(super) fn in_array(collection: bool, any_crs: bool) -> Self {
        Self {
            array: Some(collection),
            any_crs,
            ..Self::plain()
        }
    }

    /// Goes to the next item outside objects; `None` at the end of bytes or array.
    fn outside(&mut self, bytes: &[u8]) -> Option<()> {
        loop {
            self.start = self.at;
            match bytes.get(self.at)? {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1E => self.at += 1,
                b']' if self.array.is_some() => {
                    self.ended = true;
                    return None;
                }
                _ => return Some(()),
            }
        }
    }

    /// Goes behind the item at hand; `false` when the bytes end first.
    fn inside(&mut self, bytes: &[u8]) -> bool {
        loop {
            if self.in_string {
                self.at = plain_end(bytes, self.at);
                match bytes.get(self.at) {
                    None => return false,
                    Some(b'"') => self.in_string = false,
                    Some(b'\\') => {
                        if self.at + 1 >= bytes.len() {
                            return false;
                        }
                        self.at += 1;
                    }
                    Some(_) => {}
                }
                self.at += 1;
                if !self.in_string && self.depth == 0 {
                    return true;
                }
                continue;
            }
            if self.depth == 0 {
                // A scalar, or an array where an object should be: it ends before a comma or bracket, or with a brace.
                match bytes.get(self.at) {
                    None => return false,
                    Some(b',' | b']' | b'\n' | b'}') if self.at > self.start => return true,
                    Some(_) => {}
                }
            } else {
                self.at = brace_or_quote(bytes, self.at);
            }
            let Some(byte) = bytes.get(self.at) else {
                return false;
            };
            self.at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'{' => self.depth += 1,
                b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
    }
}

impl Framing for Objects {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        rows: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        if known == 0 {
            (self.at, self.start, self.depth, self.in_string) = (0, 0, 0, false);
        }
        // Of what was seen before, an item may still be open.
        let mut open = self.at > self.start;
        while !self.ended {
            if !open && self.outside(bytes).is_none() {
                break;
            }
            if !self.inside(bytes) {
                break;
            }
            open = false;
            rows.push(Span {
                start: index(self.start),
                end: index(self.at),
            });
            self.start = self.at;
        }
        if self.ended && bytes.len() - self.at.min(bytes.len()) > MOST_TAIL_BYTES {
            return Err(Problem::TooLong {
                what: "what follows the features of the collection",
                most: MOST_TAIL_BYTES as u64,
                hint: "put it before them",
            });
        }
        Ok(rows.last().map(|row| row.end as usize))
    }

    fn skip_from(&mut self, bytes: &[u8]) -> Option<usize> {
        // What was seen of the object ends in front of this byte, or of the one before where that may be an escape.
        let seen = self.at.min(bytes.len()).max(1) - 1;
        (self.start, self.at) = (0, 1);
        Some(seen)
    }

    fn skip(&mut self, bytes: &[u8]) -> Option<usize> {
        self.inside(bytes).then_some(self.at)
    }

    fn end(&mut self, rest: &[u8]) -> Result<usize, Problem> {
        let separators = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | 0x1E);
        let skipped = rest.iter().position(|b| !separators(b));
        let left = skipped.map_or(&[][..], |skipped| &rest[skipped..]);
        let Some(collection) = self.array else {
            return if left.is_empty() {
                Ok(0)
            } else {
                Err(Problem::truncated("a feature"))
            };
        };
        let Some(tail) = left.strip_prefix(b"]") else {
            return Err(Problem::truncated("the array of features"));
        };
        let tail = std::str::from_utf8(tail).map_err(|error| Problem::Encoding {
            place: format!("byte {} after the features", error.valid_up_to() + 2),
            expected: "UTF-8",
            gb18030: false,
        })?;
        json::tail(tail, collection, self.any_crs)?;
        Ok(0)
    }
}

/// The next brace or quote.
#[inline]
fn brace_or_quote(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    // Near ones are found word by word; in long runs of coordinates `memchr` is faster.
    for _ in 0..8 {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
            break;
        };
        let chunk = u64::from_le_bytes(*chunk);
        let zero = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
        let found =
            zero(chunk ^ (ONES * 0x22)) | zero(chunk ^ (ONES * 0x7B)) | zero(chunk ^ (ONES * 0x7D));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr::memchr3(b'"', b'{', b'}', rest).unwrap_or(rest.len())
}
