//! As much of protocol buffers as OSM needs, on bytes that are not trusted.

use crate::Problem;

/// A field's value.
pub(crate) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Fixed width; OSM has none.
    Fixed,
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Result<&'a [u8], Problem> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(damaged("a number", "bytes")),
        }
    }

    pub(crate) fn varint(self) -> Result<u64, Problem> {
        match self {
            Self::Varint(number) => Ok(number),
            _ => Err(damaged("bytes", "a number")),
        }
    }
}

pub(crate) fn damaged(found: &str, expected: &str) -> Problem {
    Problem::damaged("protocol buffer", found, expected)
}

/// The fields of a message, in the order of the file.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field's number and value.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Problem> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Value::Varint(varint(&mut self.0)?),
            1 => self.fixed(8)?,
            2 => {
                let length = varint(&mut self.0)?;
                let most = self.0.len() as u64;
                if length > most {
                    return Err(Problem::TooLarge {
                        what: "a field of a protocol buffer",
                        found: length,
                        most,
                    });
                }
                // It is not above the length of a slice.
                let (bytes, rest) = self.0.split_at(usize::try_from(length).unwrap_or(0));
                self.0 = rest;
                Value::Bytes(bytes)
            }
            5 => self.fixed(4)?,
            other => return Err(damaged(&format!("wire type {other}"), "0, 1, 2 or 5")),
        };
        Ok(Some((key >> 3, value)))
    }

    fn fixed(&mut self, bytes: usize) -> Result<Value<'a>, Problem> {
        self.0 = self
            .0
            .get(bytes..)
            .ok_or_else(|| damaged("the end", "a number"))?;
        Ok(Value::Fixed)
    }
}

fn varint(bytes: &mut &[u8]) -> Result<u64, Problem> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes
            .split_first()
            .ok_or_else(|| damaged("the end", "a number"))?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(damaged("a number of more than ten bytes", "ten at most"))
}

/// Numbers one after the other.
#[derive(Clone, Copy, Default)]
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl Packed<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<u64>, Problem> {
        if self.0.is_empty() {
            return Ok(None);
        }
        varint(&mut self.0).map(Some)
    }

    /// The next number as one with a sign; an error at the end.
    pub(crate) fn signed(&mut self) -> Result<i64, Problem> {
        let number = self
            .next()?
            .ok_or_else(|| damaged("the end of a list", "a number"))?;
        Ok(zigzag(number))
    }
}

/// The number with a sign that `number` stands for.
#[expect(clippy::cast_possible_wrap, reason = "half of it fits")]
pub(crate) fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
