//! Which features of the atlas hold a position, without building the atlas: its areas as one table that comes with
//! the program.
//!
//! Outlines are kept in ten-millionths of a degree, which the published borders are multiples of; what a builder
//! computed (an ellipse, a belt) is rounded to them. Features with the same outline share it. The table is derived
//! (`cargo run --release -p yutu-layers --example derive_areas`), and a test derives it again.
//!
//! Layout, little endian: magic; how many outlines and features (u32 each); for each outline its box in steps
//! (west, south, east, north, i32) and where its rings start (u32); for each feature its outline and where its texts
//! start (u32 each); the rings; the texts. Rings (polygons, rings of each, vertices of each) and lengths of texts
//! are LEB128 numbers, steps zigzag differences.

use std::collections::HashMap;

use gazetteer::LonLat;
use geo::{Coord, GeoNum, Geometry, Kernel as _, MultiPolygon, Orientation};

use crate::build::Sheet;

static EMBEDDED: &[u8] = include_bytes!("../data/areas.bin");

const MAGIC: [u8; 8] = *b"YUTUAR01";
const STEPS_PER_DEGREE: f64 = 1e7;
const OUTLINE_BYTES: usize = 20;
const FEATURE_BYTES: usize = 8;
const HEAD_BYTES: usize = 16;

/// A feature of the atlas that is an area, and what a short answer says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaFeature<'a> {
    /// Identifier of its layer.
    pub layer: &'a str,
    /// Identifier of its table.
    pub table: &'a str,
    /// Its identifier.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its roles.
    pub roles: &'a str,
    /// Identifier of the plan that says it.
    pub plan: &'a str,
    /// Where the plan says it.
    pub article: &'a str,
    /// See [`crate::model::Quality`].
    pub quality: &'a str,
    /// What a reader should know of its geometry.
    pub quality_note: &'a str,
}

/// The table is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the table of areas is damaged")]
pub struct AreaTableError;

/// The areas of an atlas.
#[derive(Debug, Clone, Copy)]
pub struct AreaTable<'a> {
    bytes: &'a [u8],
    outlines: usize,
    features: usize,
}

impl AreaTable<'static> {
    /// The areas of the atlas that the program builds.
    ///
    /// # Errors
    /// When the table that comes with the program is damaged.
    pub fn embedded() -> Result<Self, AreaTableError> {
        Self::new(EMBEDDED)
    }
}

impl<'a> AreaTable<'a> {
    /// A table in memory; only its head is read.
    ///
    /// # Errors
    /// When it is shorter than it says.
    pub fn new(bytes: &'a [u8]) -> Result<Self, AreaTableError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(AreaTableError);
        }
        let table = Self {
            bytes,
            outlines: number(bytes, 8)?,
            features: number(bytes, 12)?,
        };
        let heads = table.outlines.checked_mul(OUTLINE_BYTES);
        let all = table.features.checked_mul(FEATURE_BYTES);
        let end = heads
            .zip(all)
            .and_then(|(heads, all)| heads.checked_add(all)?.checked_add(HEAD_BYTES));
        if end.is_none_or(|end| end > bytes.len()) {
            return Err(AreaTableError);
        }
        Ok(table)
    }

    /// The features that hold a position, their borders included, in the order of the atlas.
    ///
    /// # Errors
    /// When the table is damaged.
    pub fn at(&self, position: LonLat) -> Result<Vec<AreaFeature<'a>>, AreaTableError> {
        let at = Coord {
            x: position.lon(),
            y: position.lat(),
        };
        let mut holds = vec![false; self.outlines];
        for (outline, holds) in holds.iter_mut().enumerate() {
            let start = HEAD_BYTES + outline * OUTLINE_BYTES;
            let side = |side: usize| -> Result<f64, AreaTableError> {
                let bytes = self.bytes.get(start + 4 * side..).ok_or(AreaTableError)?;
                let steps = i32::from_le_bytes(*bytes.first_chunk().ok_or(AreaTableError)?);
                Ok(degrees(i64::from(steps)))
            };
            if side(0)? <= at.x && at.x <= side(2)? && side(1)? <= at.y && at.y <= side(3)? {
                *holds = holds_position(self.bytes, number(self.bytes, start + 16)?, at)?;
            }
        }
        let mut found = Vec::new();
        for feature in 0..self.features {
            let start = HEAD_BYTES + self.outlines * OUTLINE_BYTES + feature * FEATURE_BYTES;
            let outline = number(self.bytes, start)?;
            if *holds.get(outline).ok_or(AreaTableError)? {
                found.push(self.feature(number(self.bytes, start + 4)?)?);
            }
        }
        Ok(found)
    }

    fn feature(&self, start: usize) -> Result<AreaFeature<'a>, AreaTableError> {
        let mut at = start;
        let mut text = || -> Result<&'a str, AreaTableError> {
            let length =
                usize::try_from(varint(self.bytes, &mut at)?).map_err(|_| AreaTableError)?;
            let end = at.checked_add(length).ok_or(AreaTableError)?;
            let bytes = self.bytes.get(at..end).ok_or(AreaTableError)?;
            at = end;
            std::str::from_utf8(bytes).map_err(|_| AreaTableError)
        };
        Ok(AreaFeature {
            layer: text()?,
            table: text()?,
            id: text()?,
            name: text()?,
            roles: text()?,
            plan: text()?,
            article: text()?,
            quality: text()?,
            quality_note: text()?,
        })
    }
}

/// The table of all areas of an atlas.
///
/// # Panics
/// When they take more than 4 GiB.
#[must_use]
pub fn area_table(sheets: &[Sheet]) -> Vec<u8> {
    let mut outlines: Vec<([i32; 4], usize)> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let (mut rings, mut features, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for sheet in sheets {
        for table in &sheet.layer.tables {
            for feature in &table.features {
                let Geometry::MultiPolygon(area) = &feature.geometry else {
                    continue;
                };
                let (around, bytes) = outline(area);
                let outline = *known.entry(bytes).or_insert_with_key(|bytes| {
                    outlines.push((around, rings.len()));
                    rings.extend_from_slice(bytes);
                    outlines.len() - 1
                });
                features.push((outline, texts.len()));
                let said = &feature.properties;
                for text in [
                    &sheet.layer.id,
                    &table.id,
                    &feature.id,
                    &said.name,
                    &said.roles,
                    &said.plan,
                    &said.article,
                    said.quality,
                    &said.quality_note,
                ] {
                    put(text.len() as u64, &mut texts);
                    texts.extend_from_slice(text.as_bytes());
                }
            }
        }
    }
    let word = |value: usize| u32::try_from(value).expect("under 4 GiB").to_le_bytes();
    let rings_start = HEAD_BYTES + outlines.len() * OUTLINE_BYTES + features.len() * FEATURE_BYTES;
    let mut made = MAGIC.to_vec();
    made.extend(word(outlines.len()));
    made.extend(word(features.len()));
    for (around, start) in outlines {
        for side in around {
            made.extend(side.to_le_bytes());
        }
        made.extend(word(rings_start + start));
    }
    for (outline, start) in features {
        made.extend(word(outline));
        made.extend(word(rings_start + rings.len() + start));
    }
    made.extend(rings);
    made.extend(texts);
    made
}

/// The box and the rings of an area.
fn outline(area: &MultiPolygon<f64>) -> ([i32; 4], Vec<u8>) {
    let mut around = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let mut bytes = Vec::new();
    let mut before = [0_i64; 2];
    put(area.0.len() as u64, &mut bytes);
    for polygon in area {
        put(1 + polygon.interiors().len() as u64, &mut bytes);
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            put(ring.0.len() as u64, &mut bytes);
            for vertex in ring {
                let here = [vertex.x, vertex.y].map(steps);
                for (axis, step) in here.into_iter().enumerate() {
                    around[axis] = around[axis].min(step);
                    around[axis + 2] = around[axis + 2].max(step);
                    let difference = i64::from(step) - before[axis];
                    before[axis] = i64::from(step);
                    let coded = (difference << 1) ^ (difference >> 63);
                    put(coded.cast_unsigned(), &mut bytes);
                }
            }
        }
    }
    (around, bytes)
}

/// Whether a position lies in one of the polygons of an outline or on its border; in a polygon by the even–odd rule.
fn holds_position(bytes: &[u8], start: usize, at: Coord<f64>) -> Result<bool, AreaTableError> {
    let mut here = start;
    let mut steps = [0_i64; 2];
    let height = Height::of(at.y);
    for _ in 0..varint(bytes, &mut here)? {
        let mut inside = false;
        for _ in 0..varint(bytes, &mut here)? {
            let mut from: Option<[i64; 2]> = None;
            for _ in 0..varint(bytes, &mut here)? {
                for steps in &mut steps {
                    let coded = varint(bytes, &mut here)?;
                    let difference = (coded >> 1).cast_signed() ^ -(coded & 1).cast_signed();
                    *steps = steps.wrapping_add(difference);
                }
                if let Some(from) = from.replace(steps) {
                    if height.is_clear_of(from[1], steps[1]) {
                        continue;
                    }
                    let corner = |[x, y]: [i64; 2]| Coord {
                        x: degrees(x),
                        y: degrees(y),
                    };
                    match passes(corner(from), corner(steps), at) {
                        Passing::On => return Ok(true),
                        Passing::East => inside = !inside,
                        Passing::Not => {}
                    }
                }
            }
        }
        if inside {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The height of a position among steps, so that most edges are told to be above or below it without a fraction.
struct Height {
    /// Steps that are surely below it and above it, or at it.
    around: [i64; 2],
}

impl Height {
    fn of(latitude: f64) -> Self {
        let nearest = i64::from(steps(latitude));
        // A step more on each side than rounding could move it.
        Self {
            around: [nearest - 1, nearest + 1],
        }
    }

    /// Whether an edge between two heights has both ends above or both below.
    #[inline]
    fn is_clear_of(&self, from: i64, to: i64) -> bool {
        let [below, above] = self.around;
        from < below && to < below || from > above && to > above
    }
}

/// How an edge passes a position.
enum Passing {
    /// The position is on it.
    On,
    /// On its east at its height.
    East,
    Not,
}

#[expect(
    clippy::float_cmp,
    reason = "a position is on a level edge when it has its height"
)]
fn passes(from: Coord<f64>, to: Coord<f64>, at: Coord<f64>) -> Passing {
    let level = from.y == at.y && to.y == at.y;
    if level || from == at || to == at {
        let on = from.x.min(to.x) <= at.x && at.x <= from.x.max(to.x);
        return if on { Passing::On } else { Passing::Not };
    }
    if (from.y <= at.y) == (to.y <= at.y) {
        return Passing::Not;
    }
    match <f64 as GeoNum>::Ker::orient2d(from, to, at) {
        Orientation::Collinear => Passing::On,
        // Rising edges that pass on the east have it on their left.
        turn if (turn == Orientation::CounterClockwise) == (from.y <= at.y) => Passing::East,
        _ => Passing::Not,
    }
}

fn degrees(steps: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
    let degrees = steps as f64 / STEPS_PER_DEGREE;
    degrees
}

fn steps(degrees: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "180 degrees fit")]
    let steps = (degrees * STEPS_PER_DEGREE).round() as i32;
    steps
}

fn number(bytes: &[u8], at: usize) -> Result<usize, AreaTableError> {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes
        .and_then(|bytes| usize::try_from(u32::from_le_bytes(*bytes)).ok())
        .ok_or(AreaTableError)
}

fn put(mut value: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7F) as u8;
        value >>= 7;
        bytes.push(low | if value > 0 { 0x80 } else { 0 });
        if value == 0 {
            return;
        }
    }
}

fn varint(bytes: &[u8], at: &mut usize) -> Result<u64, AreaTableError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(AreaTableError)?;
        *at += 1;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(AreaTableError)
}
