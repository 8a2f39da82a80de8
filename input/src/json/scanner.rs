//! Where a JSON value begins and ends, without parsing it.

use std::io::BufRead;

use crate::Problem;

/// Levels of nesting; the deepest geometry has ten.
pub(crate) const MOST_DEPTH: usize = 64;
/// The longest feature; parsed it takes up to fifteen times as much memory.
const MOST_BYTES: usize = 64 << 20;

/// Walks over JSON byte by byte, counting lines.
pub(crate) struct Scanner<'a> {
    reader: &'a mut dyn BufRead,
    /// The line at hand, from 1.
    pub(crate) line: u64,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(reader: &'a mut dyn BufRead) -> Self {
        Self { reader, line: 1 }
    }

    /// The next byte that is no white space, left in place; `also` counts as white space too.
    pub(crate) fn peek(&mut self, also: &[u8]) -> Result<Option<u8>, Problem> {
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n') || also.contains(b);
            let skip = chunk.iter().position(|b| !blank(b));
            let used = skip.unwrap_or(chunk.len());
            let lines: u64 = chunk[..used].iter().map(|b| u64::from(*b == b'\n')).sum();
            let found = skip.map(|at| chunk[at]);
            self.reader.consume(used);
            self.line += lines;
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Takes the byte that [`Self::peek`] showed.
    pub(crate) fn bump(&mut self) {
        self.reader.consume(1);
    }

    /// Takes `wanted` after white space, or says what is there instead.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<(), Problem> {
        match self.peek(&[])? {
            Some(byte) if byte == wanted => {
                self.bump();
                Ok(())
            }
            Some(byte) => Err(unexpected(byte, &format!("`{}`", char::from(wanted)))),
            None => Err(Problem::truncated("a JSON value")),
        }
    }

    /// Appends the next value to `out`. `depth` is that of what holds it.
    pub(crate) fn value(&mut self, out: &mut Vec<u8>, depth: usize) -> Result<(), Problem> {
        let Some(first) = self.peek(&[])? else {
            return Err(Problem::truncated("a JSON value"));
        };
        let mut state = State {
            depth,
            base: depth,
            ..State::default()
        };
        let scalar = !matches!(first, b'{' | b'[' | b'"');
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return if scalar && !out.is_empty() {
                    Ok(())
                } else {
                    Err(Problem::truncated("a JSON value"))
                };
            }
            let mut used = 0;
            let mut done = false;
            for &byte in chunk {
                if scalar {
                    if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                        done = true;
                        break;
                    }
                    used += 1;
                    continue;
                }
                used += 1;
                self.line += u64::from(byte == b'\n');
                if state.step(byte)? {
                    done = true;
                    break;
                }
            }
            out.extend_from_slice(&chunk[..used]);
            self.reader.consume(used);
            if done {
                return Ok(());
            }
            if out.len() > MOST_BYTES {
                return Err(Problem::TooLong {
                    what: "the feature",
                    most: MOST_BYTES as u64,
                    hint: "is a bracket or quote left open?",
                });
            }
        }
    }
}

#[derive(Default)]
struct State {
    depth: usize,
    base: usize,
    in_string: bool,
    escaped: bool,
}

impl State {
    /// Takes a byte; `true` when the value ends with it.
    fn step(&mut self, byte: u8) -> Result<bool, Problem> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Ok(!self.in_string && self.depth == self.base);
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth > MOST_DEPTH {
                    return Err(Problem::TooDeep { most: MOST_DEPTH });
                }
            }
            b'}' | b']' => {
                // The first byte was an opening one, so the depth is above the base.
                self.depth -= 1;
                return Ok(self.depth == self.base);
            }
            _ => {}
        }
        Ok(false)
    }
}

pub(crate) fn unexpected(byte: u8, expected: &str) -> Problem {
    let found = if byte.is_ascii_graphic() {
        format!("`{}`", char::from(byte))
    } else {
        format!("byte {byte:#04x}")
    };
    Problem::damaged("JSON", found, expected)
}
