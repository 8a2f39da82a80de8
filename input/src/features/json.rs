//! One `GeoJSON` feature, key by key, straight into columns: no tree in between. What is rare (escapes, nested
//! values, `tippecanoe`) goes through `serde_json`.

use serde::de::IgnoredAny;

use super::batch::{CellValue, FeatureId, GeometryKind, TileHints};
use super::number::{self, Number};
use super::writer::{Facts, Writer};
use crate::json::MOST_DEPTH;
use crate::{Problem, geojson};

/// Collections in collections.
const MOST_COLLECTIONS: usize = 8;

/// Reads the feature that `text` consists of into `writer`, which began one. `Ok(None)` when the value is an object of
/// another type; a geometry of its own is a feature without attributes.
pub(super) fn feature(text: &str, writer: &mut Writer) -> Result<Facts, Problem> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    let facts = scan.feature(writer)?;
    scan.space();
    if scan.at < text.len() {
        return Err(scan.unexpected("the end of the row"));
    }
    Ok(facts)
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// A kind of geometry by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Point,
    MultiPoint,
    Line,
    MultiLine,
    Polygon,
    MultiPolygon,
    Collection,
}

impl Shape {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Point" => Self::Point,
            "MultiPoint" => Self::MultiPoint,
            "LineString" => Self::Line,
            "MultiLineString" => Self::MultiLine,
            "Polygon" => Self::Polygon,
            "MultiPolygon" => Self::MultiPolygon,
            "GeometryCollection" => Self::Collection,
            _ => return None,
        })
    }
}

impl<'a> Scan<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes these bytes if they come next.
    #[inline]
    fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.first_chunk::<N>() == Some(bytes);
        self.at += if found { N } else { 0 };
        found
    }

    /// Takes `byte` if it comes after white space.
    #[inline]
    fn accept(&mut self, byte: u8) -> bool {
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
    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Problem> {
        if self.accept(byte) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    #[cold]
    fn unexpected(&self, expected: &'static str) -> Problem {
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
    fn string<'t>(&mut self, own: &'t mut String) -> Result<&'t str, Problem>
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
    fn value(&mut self) -> Result<&'a str, Problem> {
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
    fn null(&mut self) -> bool {
        self.space();
        let found = self.bytes[self.at..].starts_with(b"null");
        self.at += if found { 4 } else { 0 };
        found
    }

    /// Whether another member or item follows, rather than `end`.
    #[inline]
    fn another(&mut self, end: u8) -> Result<bool, Problem> {
        if self.accept(b',') {
            return Ok(true);
        }
        if self.accept(end) {
            return Ok(false);
        }
        Err(self.unexpected("`,` or the end of the object or array"))
    }

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
                    if !writer.any_crs {
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

    fn id(&mut self, writer: &mut Writer) -> Result<Option<FeatureId>, Problem> {
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
    fn properties(&mut self, writer: &mut Writer) -> Result<(), Problem> {
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
            let value = self.cell(writer)?;
            writer.cell(key, value);
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

    /// Reads a geometry object.
    fn geometry(&mut self, writer: &mut Writer, depth: usize) -> Result<(), Problem> {
        if depth > MOST_COLLECTIONS {
            return Err(Problem::TooDeep {
                most: MOST_COLLECTIONS,
            });
        }
        self.space();
        let usual = if self.literal(b"{\"type\":\"Point\",\"coordinates\":") {
            Some(Shape::Point)
        } else if self.literal(b"{\"type\":\"Polygon\",\"coordinates\":") {
            Some(Shape::Polygon)
        } else if self.literal(b"{\"type\":\"LineString\",\"coordinates\":") {
            Some(Shape::Line)
        } else {
            None
        };
        if let Some(shape) = usual {
            self.content(shape, writer, depth)?;
            if self.accept(b'}') {
                return Ok(());
            }
        }
        self.other_geometry(usual, writer, depth)
    }

    /// Reads a geometry object whose members come in any order; of a `usual` one the coordinates are read and more
    /// members follow.
    fn other_geometry(
        &mut self,
        usual: Option<Shape>,
        writer: &mut Writer,
        depth: usize,
    ) -> Result<(), Problem> {
        let (mut own, mut own_type) = (String::new(), String::new());
        let mut shape = usual;
        let mut content = None;
        let mut done = usual.is_some();
        let mut more = if done {
            self.another(b'}')?
        } else {
            self.expect(b'{', "a GeoJSON geometry or null")?;
            !self.accept(b'}')
        };
        while more {
            let name = self.string(&mut own)?;
            self.expect(b':', "`:`")?;
            match name {
                "type" => {
                    self.space();
                    let name = self.string(&mut own_type)?;
                    let found = Shape::of(name).ok_or_else(|| Problem::GeometryType {
                        found: name.chars().take(40).collect(),
                    })?;
                    if shape.is_some_and(|shape| shape != found) {
                        return Err(self.unexpected("one type, not two"));
                    }
                    shape = Some(found);
                }
                "coordinates" | "geometries" => {
                    let of_collection = name == "geometries";
                    self.space();
                    match shape {
                        Some(shape) if (shape == Shape::Collection) == of_collection => {
                            if done || content.is_some() {
                                return Err(self.unexpected("coordinates once"));
                            }
                            self.content(shape, writer, depth)?;
                            done = true;
                        }
                        Some(_) => {
                            self.value()?;
                        }
                        None => {
                            let start = self.at;
                            self.value()?;
                            let earlier = content.replace((start, of_collection));
                            if earlier.is_some_and(|(_, of)| of == of_collection) {
                                return Err(self.unexpected("coordinates once"));
                            }
                        }
                    }
                }
                _ => {
                    self.value()?;
                }
            }
            more = self.another(b'}')?;
        }
        let missing = |found: &str| Problem::NotAFeature {
            found: format!("a geometry without {found}"),
            expected: "a GeoJSON geometry",
        };
        let shape = shape.ok_or_else(|| missing("type"))?;
        if done {
            return Ok(());
        }
        let of_collection = shape == Shape::Collection;
        match content {
            Some((start, of)) if of == of_collection => {
                let end = std::mem::replace(&mut self.at, start);
                self.content(shape, writer, depth)?;
                self.at = end;
                Ok(())
            }
            _ => Err(missing("coordinates")),
        }
    }

    fn content(&mut self, shape: Shape, writer: &mut Writer, depth: usize) -> Result<(), Problem> {
        let first = writer.parts();
        let kind = match shape {
            Shape::Collection => {
                return self.each(|scan| {
                    if scan.null() {
                        return Ok(());
                    }
                    scan.geometry(writer, depth + 1)
                });
            }
            Shape::Point => {
                self.expect(b'[', "a position")?;
                if !self.accept(b']') {
                    self.position(writer)?;
                    writer.end_run();
                    writer.end_part();
                }
                GeometryKind::Point
            }
            Shape::MultiPoint => {
                self.positions(writer)?;
                writer.end_run();
                writer.end_part();
                GeometryKind::Point
            }
            Shape::Line => {
                self.line(writer)?;
                GeometryKind::Line
            }
            Shape::MultiLine => {
                self.each(|scan| scan.line(writer))?;
                GeometryKind::Line
            }
            Shape::Polygon => {
                self.polygon(writer)?;
                GeometryKind::Polygon
            }
            Shape::MultiPolygon => {
                self.each(|scan| scan.polygon(writer))?;
                GeometryKind::Polygon
            }
        };
        let multiple = matches!(
            shape,
            Shape::MultiPoint | Shape::MultiLine | Shape::MultiPolygon
        );
        writer.end_geometry(kind, first, multiple);
        Ok(())
    }

    fn line(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.positions(writer)?;
        writer.end_run();
        writer.end_part();
        Ok(())
    }

    fn polygon(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.each(|scan| {
            scan.positions(writer)?;
            writer.end_ring();
            Ok(())
        })?;
        writer.end_part();
        Ok(())
    }

    /// The items of an array.
    fn each(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.expect(b'[', "an array of coordinates")?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.another(b']')? {
                return Ok(());
            }
        }
    }

    fn positions(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.expect(b'[', "an array of positions")?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            self.expect(b'[', "a position: [longitude, latitude]")?;
            self.position(writer)?;
            if !self.another(b']')? {
                return Ok(());
            }
        }
    }

    /// A position behind its bracket.
    #[inline]
    fn position(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        let lon = self.coordinate()?;
        self.expect(b',', "`,` and a latitude")?;
        let lat = self.coordinate()?;
        writer.vertex(lon, lat);
        if self.accept(b']') {
            return Ok(());
        }
        writer.height = true;
        while self.accept(b',') {
            self.coordinate()?;
        }
        self.expect(b']', "the end of a position")
    }

    #[inline]
    fn coordinate(&mut self) -> Result<f64, Problem> {
        if let Some(value) = number::coordinate(self.bytes, &mut self.at) {
            return Ok(value);
        }
        self.odd_coordinate()
    }

    #[cold]
    fn odd_coordinate(&mut self) -> Result<f64, Problem> {
        self.space();
        let start = self.at;
        let found = number::number(self.text, &mut self.at);
        let token = self.text.get(start..self.at).unwrap_or_default();
        let value = found.and_then(|_| token.parse::<f64>().ok());
        match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(found) => Err(Problem::NotFinite {
                column: "a coordinate",
                found,
            }),
            None => Err(self.unexpected("a number of degrees")),
        }
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

/// How a text of `GeoJSON` is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A feature on every line.
    Lines,
    /// Features one after the other, over lines.
    Objects,
    /// A text sequence: records that begin with a separator.
    Sequence,
    /// An array of features, of which the first begins at this byte, in a collection or on its own.
    Array { first: usize, collection: bool },
}

/// Tells the layout by the head of a text; `None` when the head ends before the features of a collection.
pub(super) fn layout(head: &str, any_crs: bool) -> Result<Option<Layout>, Problem> {
    let mut scan = Scan {
        text: head,
        bytes: head.as_bytes(),
        at: 0,
    };
    scan.space();
    match scan.peek() {
        Some(0x1E) => return Ok(Some(Layout::Sequence)),
        Some(b'[') => {
            return Ok(Some(Layout::Array {
                first: scan.at + 1,
                collection: false,
            }));
        }
        _ => {}
    }
    let start = scan.at;
    match scan.array_of_collection(any_crs) {
        Ok(Some(first)) => {
            return Ok(Some(Layout::Array {
                first,
                collection: true,
            }));
        }
        Ok(None) => {}
        Err(Problem::Truncated { .. }) => return Ok(None),
        Err(problem) => return Err(problem),
    }
    scan.at = start;
    let end = match scan.value() {
        Ok(value) => start + value.len(),
        Err(_) => head.len(),
    };
    let over_lines = head.as_bytes()[start..end].contains(&b'\n');
    Ok(Some(if over_lines {
        Layout::Objects
    } else {
        Layout::Lines
    }))
}

/// Checks what follows the features of a collection.
pub(super) fn tail(text: &str, collection: bool, any_crs: bool) -> Result<(), Problem> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut own = String::new();
    if collection {
        while scan.another(b'}')? {
            let name = scan.string(&mut own)?;
            scan.expect(b':', "`:`")?;
            match name {
                "crs" => {
                    let value = scan.value()?;
                    if !any_crs {
                        check_crs(value)?;
                    }
                }
                "features" => return Err(scan.unexpected("one array of features, not two")),
                _ => {
                    scan.value()?;
                }
            }
        }
    }
    scan.space();
    if scan.at < text.len() {
        return Err(scan.unexpected("the end of the file: one collection"));
    }
    Ok(())
}

impl Scan<'_> {
    /// Where the first feature of a collection begins; `None` when the object is none.
    fn array_of_collection(&mut self, any_crs: bool) -> Result<Option<usize>, Problem> {
        let mut own = String::new();
        self.expect(b'{', "GeoJSON: an object or an array")?;
        let mut more = !self.accept(b'}');
        while more {
            let name = self.string(&mut own)?;
            self.expect(b':', "`:`")?;
            self.space();
            match name {
                "type" => {
                    let mut own = String::new();
                    if self.string(&mut own)? != "FeatureCollection" {
                        return Ok(None);
                    }
                }
                "features" if self.peek() == Some(b'[') => return Ok(Some(self.at + 1)),
                "properties" | "geometry" | "coordinates" | "geometries" => return Ok(None),
                "crs" => {
                    let value = self.value()?;
                    if !any_crs {
                        check_crs(value)?;
                    }
                }
                _ => {
                    self.value()?;
                }
            }
            more = self.another(b'}')?;
        }
        Ok(None)
    }
}
