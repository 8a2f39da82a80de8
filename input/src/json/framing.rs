//! A collection, features by lines, or a text sequence (RFC 8142), cut into features.

use std::io::BufRead;

use serde_json::{Map, Value};

use super::kind;
use super::scanner::{Scanner, unexpected};
use crate::intake::Stop;
use crate::{At, Origin, Problem};

/// A feature with its place.
pub(crate) struct Feature {
    pub(crate) object: Map<String, Value>,
    pub(crate) origin: Origin,
    pub(crate) number: u64,
}

/// Hands on every feature of a stream. Members of a collection beside its features go to `member` as they
/// come, before the features that follow them.
pub(crate) fn features(
    stream: &mut dyn BufRead,
    member: &mut dyn FnMut(&str, &Value) -> Result<(), Problem>,
    each: &mut dyn FnMut(Feature) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut walk = Walk {
        scanner: Scanner::new(stream),
        number: 0,
        member,
        each,
    };
    loop {
        // Byte order mark and record separator count as white space between values.
        match walk
            .scanner
            .peek(b"\x1E\xEF\xBB\xBF")
            .map_err(|p| walk.fail(p))?
        {
            None => return Ok(()),
            Some(b'{') => walk.top_level()?,
            Some(byte) => {
                return Err(walk.fail(unexpected(byte, "a feature or a collection of them")));
            }
        }
    }
}

struct Walk<'a> {
    scanner: Scanner<'a>,
    number: u64,
    member: &'a mut dyn FnMut(&str, &Value) -> Result<(), Problem>,
    each: &'a mut dyn FnMut(Feature) -> Result<(), Stop>,
}

impl Walk<'_> {
    fn origin(&self, line: u64) -> Origin {
        Origin::Feature {
            number: self.number,
            line,
        }
    }

    /// The problem, at the line reached.
    fn fail(&self, problem: Problem) -> Stop {
        problem
            .at(At::Record(Origin::Line(self.scanner.line)))
            .into()
    }

    /// An object that is a collection, and streamed, or a feature, and put together.
    fn top_level(&mut self) -> Result<(), Stop> {
        let line = self.scanner.line;
        self.scanner.bump();
        let mut object = Map::new();
        let mut streamed = false;
        let mut first = true;
        loop {
            match self.scanner.peek(&[]).map_err(|p| self.fail(p))? {
                Some(b'}') if first => {
                    self.scanner.bump();
                    break;
                }
                Some(_) => {}
                None => return Err(self.fail(Problem::truncated("a JSON object"))),
            }
            first = false;
            let key = self.text()?;
            self.scanner.expect(b':').map_err(|p| self.fail(p))?;
            let is_feature = object.get("type").is_some_and(|t| t == "Feature");
            let array = self.scanner.peek(&[]).map_err(|p| self.fail(p))? == Some(b'[');
            if key == "features" && array && !is_feature {
                self.elements()?;
                streamed = true;
            } else {
                let value = self.parse(1)?;
                if !is_feature {
                    (self.member)(&key, &value).map_err(|p| self.fail(p))?;
                }
                object.insert(key, value);
            }
            if !self.another(b'}')? {
                break;
            }
        }
        if streamed || object.get("type").is_some_and(|t| t == "FeatureCollection") {
            return Ok(());
        }
        self.hand_on(Value::Object(object), line)
    }

    fn elements(&mut self) -> Result<(), Stop> {
        self.scanner.bump();
        if self.scanner.peek(&[]).map_err(|p| self.fail(p))? == Some(b']') {
            self.scanner.bump();
            return Ok(());
        }
        loop {
            self.scanner.peek(&[]).map_err(|p| self.fail(p))?;
            let line = self.scanner.line;
            let value = self.parse(2)?;
            self.hand_on(value, line)?;
            if !self.another(b']')? {
                return Ok(());
            }
        }
    }

    /// Whether a comma follows, rather than the end.
    fn another(&mut self, end: u8) -> Result<bool, Stop> {
        let next = self.scanner.peek(&[]).map_err(|p| self.fail(p))?;
        match next {
            Some(b',') => {
                self.scanner.bump();
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.scanner.bump();
                Ok(false)
            }
            Some(byte) => Err(self.fail(unexpected(byte, "`,` or the end of the object or array"))),
            None => Err(self.fail(Problem::truncated("a JSON object or array"))),
        }
    }

    fn text(&mut self) -> Result<String, Stop> {
        match self.parse(1)? {
            Value::String(text) => Ok(text),
            other => Err(self.fail(Problem::NotAFeature {
                found: kind(&other),
                expected: "the name of a member",
            })),
        }
    }

    fn parse(&mut self, depth: usize) -> Result<Value, Stop> {
        let line = self.scanner.line;
        let mut text = Vec::new();
        self.scanner
            .value(&mut text, depth)
            .map_err(|p| self.fail(p))?;
        serde_json::from_slice(&text).map_err(|source| {
            let problem = match std::str::from_utf8(&text) {
                Ok(_) => Problem::Json { source },
                Err(error) => Problem::Encoding {
                    place: format!("byte {} of the value", error.valid_up_to() + 1),
                    expected: "UTF-8",
                    gb18030: false,
                },
            };
            problem.at(At::Record(Origin::Line(line))).into()
        })
    }

    fn hand_on(&mut self, value: Value, line: u64) -> Result<(), Stop> {
        self.number += 1;
        let origin = self.origin(line);
        match value {
            Value::Object(object) if object.get("type").is_some_and(|t| t == "Feature") => {
                (self.each)(Feature {
                    object,
                    origin,
                    number: self.number,
                })
            }
            other => {
                let problem = Problem::NotAFeature {
                    found: kind(&other),
                    expected: "a GeoJSON feature",
                };
                Err(problem.at(At::Record(origin)).into())
            }
        }
    }
}
