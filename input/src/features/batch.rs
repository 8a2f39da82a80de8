//! A block of features as columns, and the views that spare its users the arithmetic.

use std::ops::Range;

use crate::Origin;

/// Vertices that a batch keeps the memory of, sixteen bytes each.
const MOST_KEPT: usize = 1 << 20;

/// A block of features as columns, in the order of the file.
///
/// Positions are WGS 84 degrees, longitude first, the nearest `f64` to what the file says; latitudes are within
/// −90…90, longitudes within −360…360 (a shape may be drawn across the antimeridian: see
/// [`Notes::beyond_180`]). Rings of polygons are closed; what a file left open is closed and counted.
///
/// Spans never reach outside the columns they point into. Walk over it with [`Self::features`].
#[derive(Debug, Default)]
pub struct FeatureBatch {
    /// One row a feature; a geometry collection is a row for each of its geometries.
    pub rows: Vec<FeatureRow>,
    /// All vertices: longitude, latitude.
    pub lonlat: Vec<[f64; 2]>,
    /// Ends in `lonlat`, exclusive: of a ring, of a line, or of the points of a (multi)point.
    pub rings: Vec<u32>,
    /// Ends in `rings`, exclusive: of a polygon with its holes, of a line, or of a set of points.
    pub parts: Vec<u32>,
    /// Attributes in the order of the file, those without a value as [`CellValue::Null`].
    pub cells: Vec<Cell>,
    /// Names of attributes, in the order in which this batch first has them.
    pub keys: Vec<String>,
    /// Strings without their escapes, and nested JSON as text.
    pub text: String,
    /// The block's own bytes where the format has rows of text; empty for others.
    pub raw: Vec<u8>,
    /// What features were read without, or with a change.
    pub notes: Notes,
    /// Features and rejects in the input before this batch.
    pub first_number: u64,
    /// Features and rejects of this batch. Rows of one collection count once.
    pub features_read: u64,
    /// What [`FeatureRow::place`] counts.
    pub place_kind: PlaceKind,
}

/// Where a value stands in a column: the half-open range `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First.
    pub start: u32,
    /// After the last.
    pub end: u32,
}

impl Span {
    /// As a range of indices.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One geometry with the attributes of its feature.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureRow {
    /// Number of the feature among all features and rejects of the input, from 0.
    pub number: u64,
    /// Line, row id or record number: see [`FeatureBatch::origin`].
    pub place: i64,
    /// What the geometry is made of.
    pub kind: GeometryKind,
    /// The file calls it a set (`MultiPoint`, `MultiPolygon` …), though it may have one part.
    pub multiple: bool,
    /// A further geometry of the collection that the row before belongs to: same number, id and cells.
    pub continues: bool,
    /// Its parts in [`FeatureBatch::parts`]; none for a null or empty geometry.
    pub parts: Span,
    /// Its attributes in [`FeatureBatch::cells`].
    pub cells: Span,
    /// Its own bytes in [`FeatureBatch::raw`], without the end of the line.
    pub raw: Span,
    /// The feature's identifier.
    pub id: Option<FeatureId>,
    /// What the member `tippecanoe` of a `GeoJSON` feature says.
    pub hints: TileHints,
}

/// What a geometry is made of. Single and multiple are one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GeometryKind {
    /// The geometry is null.
    #[default]
    None,
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Polygons.
    Polygon,
}

/// An identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeatureId {
    /// A whole number.
    UInt(u64),
    /// Anything else, as in the file, in [`FeatureBatch::text`].
    Text(Span),
}

/// Zooms and layer that a `GeoJSON` feature asks for in its member `tippecanoe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TileHints {
    /// The first zoom to draw it at.
    pub minzoom: Option<u8>,
    /// The last zoom to draw it at.
    pub maxzoom: Option<u8>,
    /// The tile layer to put it in, in [`FeatureBatch::text`].
    pub layer: Option<Span>,
}

/// An attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Its name: an index into [`FeatureBatch::keys`].
    pub key: u32,
    /// Its value.
    pub value: CellValue,
}

/// A value of an attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellValue {
    /// `null`, or an empty field of a table.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is too large for `i64`.
    UInt(u64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// Text, in [`FeatureBatch::text`].
    Text(Span),
    /// JSON, in [`FeatureBatch::text`]: an array, an object, or a whole number beyond `u64`, digit by digit.
    Json(Span),
}

/// What features were read without, or with a change; counts of features unless said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Notes {
    /// Heights or measures were dropped.
    pub heights_dropped: u64,
    /// Rings that were left open and closed here; a count of rings.
    pub rings_closed: u64,
    /// Longitudes beyond ±180 (up to ±360) were kept.
    pub beyond_180: u64,
    /// Values that are not text in the encoding of the file were left out, or cut by a field too narrow for them; a
    /// count of values, for shapefiles of records.
    pub text_dropped: u64,
    /// Values of kinds that no attribute can have (binary) were left out; a count of values.
    pub binary_dropped: u64,
    /// Lists and maps, which no attribute can have, were left out; a count of values.
    pub nested_dropped: u64,
    /// Records that their table marks as deleted; they are neither features nor rejects.
    pub deleted: u64,
}

impl Notes {
    /// Adds the counts of another.
    pub fn add(&mut self, other: Self) {
        self.heights_dropped += other.heights_dropped;
        self.rings_closed += other.rings_closed;
        self.beyond_180 += other.beyond_180;
        self.text_dropped += other.text_dropped;
        self.binary_dropped += other.binary_dropped;
        self.nested_dropped += other.nested_dropped;
        self.deleted += other.deleted;
    }
}

/// What [`FeatureRow::place`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlaceKind {
    /// Lines, from 1.
    #[default]
    Line,
    /// Row ids of a database.
    Row,
    /// Records, from 1.
    Record,
}

impl FeatureBatch {
    /// The rows as views, in order.
    #[must_use]
    pub fn features(&self) -> impl ExactSizeIterator<Item = FeatureView<'_>> + Clone {
        self.rows.iter().map(|row| FeatureView { batch: self, row })
    }

    /// Row `index` as a view.
    #[must_use]
    pub fn feature(&self, index: usize) -> Option<FeatureView<'_>> {
        let row = self.rows.get(index)?;
        Some(FeatureView { batch: self, row })
    }

    /// The text of a span; empty for one of another batch.
    #[must_use]
    pub fn text_of(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// A cell's value with its text.
    #[must_use]
    pub fn value(&self, value: CellValue) -> Value<'_> {
        match value {
            CellValue::Null => Value::Null,
            CellValue::Bool(value) => Value::Bool(value),
            CellValue::Int(value) => Value::Int(value),
            CellValue::UInt(value) => Value::UInt(value),
            CellValue::Float(value) => Value::Float(value),
            CellValue::Text(span) => Value::Text(self.text_of(span)),
            CellValue::Json(span) => Value::Json(self.text_of(span)),
        }
    }

    /// Where a row stands in its file.
    #[must_use]
    pub fn origin(&self, row: &FeatureRow) -> Origin {
        self.place_kind.origin(row.place)
    }

    /// Empties the columns and keeps their memory, unless one enormous feature had taken it.
    pub fn clear(&mut self) {
        self.rows.clear();
        if self.lonlat.capacity() > MOST_KEPT {
            self.lonlat = Vec::new();
        }
        if self.raw.capacity() > MOST_KEPT * 16 {
            self.raw = Vec::new();
        }
        self.lonlat.clear();
        self.rings.clear();
        self.parts.clear();
        self.cells.clear();
        self.keys.clear();
        self.text.clear();
        self.raw.clear();
        self.notes = Notes::default();
        self.first_number = 0;
        self.features_read = 0;
    }
}

impl PlaceKind {
    pub(crate) fn origin(self, place: i64) -> Origin {
        let count = u64::try_from(place).unwrap_or(0);
        match self {
            Self::Line => Origin::Line(count),
            Self::Row => Origin::Row(place),
            Self::Record => Origin::Record(count),
        }
    }
}

/// A row of a batch.
#[derive(Debug, Clone, Copy)]
pub struct FeatureView<'a> {
    /// The batch.
    pub batch: &'a FeatureBatch,
    /// The row.
    pub row: &'a FeatureRow,
}

/// An attribute's value with its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// `null`, or an empty field of a table.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is too large for `i64`.
    UInt(u64),
    /// A finite number with a fraction or an exponent.
    Float(f64),
    /// Text.
    Text(&'a str),
    /// JSON: an array, an object, or a whole number beyond `u64`, digit by digit.
    Json(&'a str),
}

/// An identifier with its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Id<'a> {
    /// A whole number.
    UInt(u64),
    /// Anything else, as in the file.
    Text(&'a str),
}

impl<'a> FeatureView<'a> {
    /// Number of the feature in the input, from 0.
    #[must_use]
    pub fn number(self) -> u64 {
        self.row.number
    }

    /// What the geometry is made of.
    #[must_use]
    pub fn kind(self) -> GeometryKind {
        self.row.kind
    }

    /// Where it stands in its file.
    #[must_use]
    pub fn origin(self) -> Origin {
        self.batch.origin(self.row)
    }

    /// Its identifier.
    #[must_use]
    pub fn id(self) -> Option<Id<'a>> {
        self.row.id.map(|id| match id {
            FeatureId::UInt(number) => Id::UInt(number),
            FeatureId::Text(span) => Id::Text(self.batch.text_of(span)),
        })
    }

    /// Its polygons, lines or sets of points.
    #[must_use]
    pub fn parts(self) -> impl ExactSizeIterator<Item = Part<'a>> + Clone {
        let batch = self.batch;
        self.row.parts.range().map(move |index| Part {
            batch,
            rings: between(&batch.parts, index),
        })
    }

    /// All its vertices, longitude first, over rings and parts.
    #[must_use]
    pub fn vertices(self) -> &'a [[f64; 2]] {
        let Span { start, end } = self.row.parts;
        let first = before(&self.batch.parts, start as usize);
        let last = before(&self.batch.parts, end as usize);
        let first = before(&self.batch.rings, first);
        let last = before(&self.batch.rings, last);
        self.batch.lonlat.get(first..last).unwrap_or_default()
    }

    /// Its attributes: name and value, in the order of the file.
    #[must_use]
    pub fn cells(self) -> impl ExactSizeIterator<Item = (&'a str, Value<'a>)> + Clone {
        let batch = self.batch;
        let cells = batch.cells.get(self.row.cells.range()).unwrap_or_default();
        cells.iter().map(move |cell| {
            let key = batch.keys.get(cell.key as usize);
            (key.map_or("", String::as_str), batch.value(cell.value))
        })
    }

    /// The row's own bytes, without the end of the line; empty where the format has none.
    #[must_use]
    pub fn raw(self) -> &'a [u8] {
        self.batch.raw.get(self.row.raw.range()).unwrap_or_default()
    }

    /// The tile layer that the feature asks for.
    #[must_use]
    pub fn hinted_layer(self) -> Option<&'a str> {
        self.row.hints.layer.map(|span| self.batch.text_of(span))
    }
}

/// A polygon with its holes, a line, or a set of points.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    batch: &'a FeatureBatch,
    rings: Range<usize>,
}

impl<'a> Part<'a> {
    /// The rings of a polygon, the exterior first; one run of vertices for a line or a set of points.
    #[must_use]
    pub fn rings(&self) -> impl ExactSizeIterator<Item = &'a [[f64; 2]]> + Clone + use<'a> {
        let batch = self.batch;
        self.rings.clone().map(move |index| {
            let range = between(&batch.rings, index);
            batch.lonlat.get(range).unwrap_or_default()
        })
    }
}

/// Where the thing before `index` ends.
fn before(ends: &[u32], index: usize) -> usize {
    match index.checked_sub(1).and_then(|before| ends.get(before)) {
        Some(end) => *end as usize,
        None => 0,
    }
}

fn between(ends: &[u32], index: usize) -> Range<usize> {
    before(ends, index)..before(ends, index + 1)
}
