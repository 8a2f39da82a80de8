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
//! are LEB128 numbers, steps zigzag differences from the vertex before.

mod outline;

use std::collections::HashMap;

use gazetteer::LonLat;
use geo::{Coord, Geometry};

use crate::build::Sheet;
use outline::{degrees, holds_position, outline, put, varint};

static EMBEDDED: &[u8] = include_bytes!("../../data/areas.bin");

const MAGIC: [u8; 8] = *b"YUTUAR02";
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

fn number(bytes: &[u8], at: usize) -> Result<usize, AreaTableError> {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes
        .and_then(|bytes| usize::try_from(u32::from_le_bytes(*bytes)).ok())
        .ok_or(AreaTableError)
}
