//! One `GeoJSON` feature, key by key, straight into columns: no tree in between. What is rare (escapes, nested
//! values, `tippecanoe`) goes through `serde_json`.

mod geometry;
mod layout;
mod scan;

pub(super) use geometry::Shape;
pub(super) use layout::{Layout, layout, tail};
pub(super) use scan::Scan;

use super::batch::{CellValue, FeatureId, TileHints};
use super::number::{self, Number};
use super::writer::{Facts, Writer};
use crate::{Problem, geojson};

/// Reads the feature that `text` consists of into `writer`, which began one. `Ok(None)` when the value is an object of
/// another type; a geometry of its own is a feature without attributes.
pub(super) fn feature(text: &str, writer: &mut Writer) -> Result<Facts, Problem> {
    let mut scan = Scan::new(text);
    let facts = scan.feature(writer)?;
    scan.space();
    if scan.at < text.len() {
        return Err(scan.unexpected("the end of the row"));
    }
    Ok(facts)
}

impl Scan<'_> {
    fn feature(&mut self, writer: &mut Writer) -> Result<Facts, Problem> {
        let (mut own, mut own_type) = (String::new(), String::new());
        let mut facts = Facts::default();
        let mut kind = None;
        let mut geometry = false;
        let mut is_feature = false;
        self.expect(b'{', "a GeoJSON feature")?;
        let start = self.at - 1;
        let mut more = !self.accept(b'}');
        while more {
            // The usual spelling, without looking at names.
            if self.literal(b"\"type\":\"Feature\"") {
                (is_feature, kind) = (true, None);
                more = self.another(b'}')?;
                continue;
            }
            if self.literal(b"\"properties\":") {
                self.properties(writer)?;
                more = self.another(b'}')?;
                continue;
            }
            let name = self.string(&mut own)?;
            self.expect(b':', "`:`")?;
            match name {
                "type" => {
                    self.space();
                    kind = Some(self.string(&mut own_type)?.to_owned());
                }
                "geometry" if !geometry => {
                    geometry = true;
                    if !self.null() {
                        self.geometry(writer, 0)?;
                    }
                }
                "geometry" => return Err(self.unexpected("one geometry, not two")),
                "properties" => self.properties(writer)?,
                "id" => facts.id = self.id(writer)?,
                "tippecanoe" => facts.hints = hints(self.value()?, writer)?,
                "crs" => {
                    let value = self.value()?;
                    if !writer.taking.any_crs {
                        check_crs(value)?;
                    }
                }
                _ => {
                    self.value()?;
                }
            }
            more = self.another(b'}')?;
        }
        match kind.as_deref() {
            Some("Feature") => {}
            None if is_feature => {}
            Some(name) if Shape::of(name).is_some() && !geometry => {
                let end = std::mem::replace(&mut self.at, start);
                self.geometry(writer, 0)?;
                self.at = end;
            }
            found => {
                return Err(Problem::NotAFeature {
                    found: match found {
                        Some(name) => {
                            let name: String = name.chars().take(40).collect();
                            format!("an object of type {name}")
                        }
                        None => "an object without type".to_owned(),
                    },
                    expected: "a GeoJSON feature",
                });
            }
        }
        Ok(facts)
    }

    pub(super) fn id(&mut self, writer: &mut Writer) -> Result<Option<FeatureId>, Problem> {
        self.space();
        if self.null() {
            return Ok(None);
        }
        let start = self.at;
        if self.peek() == Some(b'"') {
            let mut own = String::new();
            let text = self.string(&mut own)?;
            return Ok(Some(FeatureId::Text(writer.text(text))));
        }
        match number::number(self.text, &mut self.at) {
            Some(Number::Int(value)) if value >= 0 => {
                Ok(Some(FeatureId::UInt(value.unsigned_abs())))
            }
            Some(Number::UInt(value)) => Ok(Some(FeatureId::UInt(value))),
            Some(_) => {
                let text = self.text.get(start..self.at).unwrap_or_default();
                Ok(Some(FeatureId::Text(writer.text(text))))
            }
            None => Err(self.unexpected("a string or number as id")),
        }
    }

    #[inline]
    pub(super) fn properties(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        let mut own = String::new();
        if self.null() {
            return Ok(());
        }
        self.expect(b'{', "an object of properties")?;
        if self.accept(b'}') {
            return Ok(());
        }
        loop {
            let key = if let Some(key) = self.expected_key(writer) {
                key
            } else {
                let name = self.string(&mut own)?;
                let key = writer.key(name);
                self.expect(b':', "`:`")?;
                key
            };
            self.space();
            if writer.drops(key) {
                self.pass(writer)?;
            } else {
                let value = self.cell(writer)?;
                writer.cell(key, value);
            }
            if !self.another(b'}')? {
                return Ok(());
            }
        }
    }

    /// Takes the name that is likely to come, with its colon, if it does.
    #[inline]
    fn expected_key(&mut self, writer: &mut Writer) -> Option<u32> {
        let (name, key) = writer.expected_key()?;
        let rest = self.bytes.get(self.at..)?.strip_prefix(b"\"")?;
        let rest = rest.strip_prefix(name.as_bytes())?;
        if !rest.starts_with(b"\":") {
            return None;
        }
        self.at += name.len() + 3;
        writer.key_came(key);
        Some(key)
    }

    #[inline]
    fn cell(&mut self, writer: &mut Writer) -> Result<CellValue, Problem> {
        let word = |scan: &mut Self, word: &'static str, value| {
            if scan.bytes[scan.at..].starts_with(word.as_bytes()) {
                scan.at += word.len();
                Ok(value)
            } else {
                Err(scan.unexpected("a value"))
            }
        };
        match self.peek() {
            Some(b'"') => {
                let mut own = String::new();
                let text = self.string(&mut own)?;
                Ok(CellValue::Text(writer.text(text)))
            }
            Some(b'{' | b'[') => {
                let text = self.value()?;
                Ok(CellValue::Json(writer.text(text)))
            }
            Some(b't') => word(self, "true", CellValue::Bool(true)),
            Some(b'f') => word(self, "false", CellValue::Bool(false)),
            Some(b'n') => word(self, "null", CellValue::Null),
            _ => self.number(writer),
        }
    }

    /// Reads over a value that is not wanted: it has to be one all the same.
    #[inline]
    fn pass(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        match self.peek() {
            Some(b'"') => {
                let mut own = String::new();
                self.string(&mut own)?;
            }
            Some(b'{' | b'[') => {
                self.value()?;
            }
            _ => {
                self.cell(writer)?;
            }
        }
        Ok(())
    }

    #[inline]
    fn number(&mut self, writer: &mut Writer) -> Result<CellValue, Problem> {
        if let Some(value) = number::small_int(self.bytes, &mut self.at) {
            return Ok(CellValue::Int(value));
        }
        let start = self.at;
        Ok(match number::number(self.text, &mut self.at) {
            Some(Number::Int(value)) => CellValue::Int(value),
            Some(Number::UInt(value)) => CellValue::UInt(value),
            Some(Number::Float(value)) if value.is_finite() => CellValue::Float(value),
            Some(Number::Float(found)) => {
                return Err(Problem::NotFinite {
                    column: "a property",
                    found,
                });
            }
            Some(Number::Long) => {
                CellValue::Json(writer.text(self.text.get(start..self.at).unwrap_or_default()))
            }
            None => return Err(self.unexpected("a value")),
        })
    }
}

/// Where a run of characters that stand for themselves ends: at a quote, a backslash, a control character or the end.
#[inline]
pub(super) fn plain_end(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let chunk = u64::from_le_bytes(*chunk);
        let zero = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
        let quote = zero(chunk ^ (ONES * 0x22));
        let backslash = zero(chunk ^ (ONES * 0x5C));
        let control = chunk.wrapping_sub(ONES * 0x20) & !chunk & HIGH;
        let found = quote | backslash | control;
        if found != 0 {
            // The lowest is right; those above it may be wrong.
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let stops = |b: &u8| matches!(b, b'"' | b'\\' | 0..0x20);
    at.min(bytes.len()) + rest.iter().position(stops).unwrap_or(rest.len())
}

/// What the member `tippecanoe` says; `serde_json` has accepted the text.
fn hints(text: &str, writer: &mut Writer) -> Result<TileHints, Problem> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|source| Problem::Json { source })?;
    let zoom = |name: &str| {
        let number = value.get(name).and_then(serde_json::Value::as_u64);
        number.and_then(|number| u8::try_from(number).ok())
    };
    let layer = value.get("layer").and_then(serde_json::Value::as_str);
    Ok(TileHints {
        minzoom: zoom("minzoom"),
        maxzoom: zoom("maxzoom"),
        layer: layer.map(|layer| writer.text(layer)),
    })
}

/// Refuses a member `crs` that is not WGS 84.
pub(super) fn check_crs(text: &str) -> Result<(), Problem> {
    let value = serde_json::from_str(text).map_err(|source| Problem::Json { source })?;
    geojson::check_member("crs", &value)
}
