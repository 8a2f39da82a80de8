//! The words of JSON, one after the other: no tree in between. What is rare (escapes, nested values) goes through `serde_json`.

use serde::de::IgnoredAny;

use super::plain_end;
use crate::Problem;
use crate::json::MOST_DEPTH;

/// A text and where it is read.
pub(in crate::features) struct Scan<'a> {
    pub(in crate::features) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(in crate::features) at: usize,
}

impl<'a> Scan<'a> {
    pub(in crate::features) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    #[inline]
    pub(in crate::features) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    pub(in crate::features) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes these bytes if they come next.
    #[inline]
    pub(in crate::features) fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.first_chunk::<N>() == Some(bytes);
        self.at += if found { N } else { 0 };
        found
    }

    /// Takes `byte` if it comes after white space.
    #[inline]
    pub(in crate::features) fn accept(&mut self, byte: u8) -> bool {
        if self.peek() == Some(byte) {
            self.at += 1;
            return true;
        }
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[inline]
    pub(in crate::features) fn expect(
        &mut self,
        byte: u8,
        expected: &'static str,
    ) -> Result<(), Problem> {
        if self.accept(byte) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    #[cold]
    pub(in crate::features) fn unexpected(&self, expected: &'static str) -> Problem {
        let what = format!("JSON, byte {} of the row", self.at + 1);
        let rest = self.text.get(self.at..).unwrap_or_default();
        for name in ["NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"] {
            if rest.starts_with(name) {
                return Problem::value(what, name, "a number; JSON has no NaN and no infinity");
            }
        }
        match rest.chars().next() {
            None => Problem::truncated("a JSON value"),
            Some(c) => Problem::damaged(what, format!("`{}`", c.escape_debug()), expected),
        }
    }

    /// A string without escapes is given as it stands, another is decoded into `own`.
    #[inline]
    pub(in crate::features) fn string<'t>(
        &mut self,
        own: &'t mut String,
    ) -> Result<&'t str, Problem>
    where
        'a: 't,
    {
        self.expect(b'"', "a string")?;
        let start = self.at;
        self.at = plain_end(self.bytes, start);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(self.text.get(start..self.at - 1).unwrap_or_default());
        }
        *own = self.escaped(start)?;
        Ok(own)
    }

    /// Decodes the string that began at `start`, behind its quote.
    #[cold]
    fn escaped(&mut self, start: usize) -> Result<String, Problem> {
        loop {
            match self.peek() {
                None => return Err(Problem::truncated("a JSON string")),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0..0x20) => return Err(self.unexpected("no control character in a string")),
                Some(_) => self.at = plain_end(self.bytes, self.at),
            }
        }
        self.at += 1;
        let quoted = self.text.get(start - 1..self.at);
        let quoted = quoted.ok_or_else(|| Problem::truncated("a JSON string"))?;
        serde_json::from_str(quoted).map_err(|source| Problem::Json { source })
    }

    /// Goes behind the value at hand and gives its text.
    pub(in crate::features) fn value(&mut self) -> Result<&'a str, Problem> {
        self.space();
        let start = self.at;
        let mut depth = 0;
        loop {
            match self.peek() {
                None => return Err(Problem::truncated("a JSON value")),
                Some(b'"') => {
                    self.at += 1;
                    loop {
                        self.at = plain_end(self.bytes, self.at);
                        match self.peek() {
                            None => return Err(Problem::truncated("a JSON string")),
                            Some(b'"') => break,
                            Some(b'\\') => self.at += 2,
                            Some(_) => self.at += 1,
                        }
                    }
                    self.at += 1;
                }
                Some(b'{' | b'[') => {
                    depth += 1;
                    if depth > MOST_DEPTH {
                        return Err(Problem::TooDeep { most: MOST_DEPTH });
                    }
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b'}' | b']' | b',' | b':') if depth == 0 => {
                    return Err(self.unexpected("a value"));
                }
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b':') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {
                    let rest = &self.bytes[self.at..];
                    let ends = |b: &u8| b" \t\r\n,:{}[]\"".contains(b);
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                }
            }
            if depth == 0 {
                break;
            }
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let checked: Result<IgnoredAny, _> = serde_json::from_str(text);
        checked.map_err(|source| Problem::Json { source })?;
        Ok(text)
    }

    /// Takes `null` if it comes.
    pub(in crate::features) fn null(&mut self) -> bool {
        self.space();
        let found = self.bytes[self.at..].starts_with(b"null");
        self.at += if found { 4 } else { 0 };
        found
    }

    /// Whether another member or item follows, rather than `end`.
    #[inline]
    pub(in crate::features) fn another(&mut self, end: u8) -> Result<bool, Problem> {
        if self.accept(b',') {
            return Ok(true);
        }
        if self.accept(end) {
            return Ok(false);
        }
        Err(self.unexpected("`,` or the end of the object or array"))
    }
}
