//! The layout of `boundaries.bin`, and the checked way into it.
//!
//! Little-endian throughout. Coordinates are whole numbers of 1/500 000 degree (0.2 m).
//!
//! | part | size | content |
//! |---|---|---|
//! | header | 40 B | `YUTUBND1`, grid units per degree, number of units, number of arcs, then the lengths of the five sections below |
//! | units | 68 B each | codes of county, prefecture, province (u32); offset and length of their three names (u32 × 6); west, south, east, north, x and y of a point inside (i32 × 6); first signed arc and how many (u32 × 2) |
//! | signed arcs | 4 B each | `n`: arc n as stored; `!n`: arc n backwards. Interior on the left |
//! | arcs | 12 B each | offset of its vertices, how many (u32 × 2); unit on its left, unit on its right (u16 × 2, 65535: none) |
//! | vertices | varint | zigzag differences of x and y, from 0, 0 at the start of each arc |
//! | names | UTF-8 | |
//!
//! Nothing is decoded before it is asked for: opening reads 40 bytes.

use crate::{Extent, LonLat};

/// No unit on this side of an arc: the coast or the edge of the data.
pub(super) const OUTSIDE: u16 = u16::MAX;

const MAGIC: &[u8; 8] = b"YUTUBND1";
const HEADER_BYTES: usize = 40;
const UNIT_BYTES: usize = 68;
const ARC_BYTES: usize = 12;
/// More vertices in one arc than any border has: a guard against a hostile count.
const MAX_ARC_VERTICES: u32 = 4_000_000;

/// Bytes that are not a boundary file of this version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoundaryError {
    /// The first eight bytes are not the mark of the format.
    #[error("not a boundary file: the first bytes should be YUTUBND1")]
    Magic,
    /// A section does not fit into the file.
    #[error("boundary file: {section} ends at byte {end}, after the end of the file at {len}")]
    Truncated {
        /// Which section.
        section: &'static str,
        /// Where it should end.
        end: usize,
        /// Length of the file.
        len: usize,
    },
    /// A record says something that cannot be.
    #[error("boundary file: {what} {index} is out of range")]
    Range {
        /// What kind of record.
        what: &'static str,
        /// Which.
        index: usize,
    },
}

/// A vertex on the grid of the file.
pub(super) type GridPoint = (i32, i32);

/// The sections of an opened file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sections<'a> {
    pub(super) grid_per_degree: f64,
    units: &'a [u8],
    signed_arcs: &'a [u8],
    arcs: &'a [u8],
    vertices: &'a [u8],
    names: &'a [u8],
}

/// One unit as stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitRecord<'a> {
    pub(super) codes: [u32; 3],
    pub(super) names: [&'a str; 3],
    pub(super) extent: Extent,
    pub(super) inside: LonLat,
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map(u32::from_le_bytes)
}

fn i32_at(bytes: &[u8], at: usize) -> Option<i32> {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map(i32::from_le_bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at + 2)
        .and_then(|b| b.try_into().ok())
        .map(u16::from_le_bytes)
}

impl<'a> Sections<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, BoundaryError> {
        if !bytes.starts_with(MAGIC) {
            return Err(BoundaryError::Magic);
        }
        let word = |at: usize| {
            u32_at(bytes, at).ok_or(BoundaryError::Truncated {
                section: "header",
                end: HEADER_BYTES,
                len: bytes.len(),
            })
        };
        let (grid, units, arcs) = (word(8)?, word(12)? as usize, word(16)? as usize);
        if grid == 0 {
            return Err(BoundaryError::Range {
                what: "grid",
                index: 0,
            });
        }
        let mut at = HEADER_BYTES;
        let mut section = |name: &'static str, header_at: usize| {
            let length = word(header_at)? as usize;
            let end = at.saturating_add(length);
            let part = bytes.get(at..end).ok_or(BoundaryError::Truncated {
                section: name,
                end,
                len: bytes.len(),
            })?;
            at = end;
            Ok(part)
        };
        let sections = Self {
            grid_per_degree: f64::from(grid),
            units: section("units", 20)?,
            signed_arcs: section("signed arcs", 24)?,
            arcs: section("arcs", 28)?,
            vertices: section("vertices", 32)?,
            names: section("names", 36)?,
        };
        if sections.units.len() != units.saturating_mul(UNIT_BYTES) || units >= usize::from(OUTSIDE)
        {
            return Err(BoundaryError::Range {
                what: "number of units",
                index: units,
            });
        }
        if sections.arcs.len() != arcs.saturating_mul(ARC_BYTES) {
            return Err(BoundaryError::Range {
                what: "number of arcs",
                index: arcs,
            });
        }
        Ok(sections)
    }

    pub(super) fn unit_count(&self) -> usize {
        self.units.len() / UNIT_BYTES
    }

    fn degrees(&self, grid: i32) -> f64 {
        f64::from(grid) / self.grid_per_degree
    }

    pub(super) fn coord(&self, (x, y): GridPoint) -> geo::Coord<f64> {
        geo::Coord {
            x: self.degrees(x),
            y: self.degrees(y),
        }
    }

    pub(super) fn unit(&self, index: usize) -> Result<UnitRecord<'a>, BoundaryError> {
        let wrong = || BoundaryError::Range {
            what: "unit",
            index,
        };
        let record = index
            .checked_mul(UNIT_BYTES)
            .and_then(|at| self.units.get(at..at + UNIT_BYTES))
            .ok_or_else(wrong)?;
        let word = |n: usize| u32_at(record, 4 * n).ok_or_else(wrong);
        let grid = |n: usize| {
            i32_at(record, 4 * n)
                .map(|v| self.degrees(v))
                .ok_or_else(wrong)
        };
        let name = |n: usize| -> Result<&'a str, BoundaryError> {
            let (start, len) = (word(n)? as usize, word(n + 1)? as usize);
            let bytes = self
                .names
                .get(start..start.saturating_add(len))
                .ok_or_else(wrong)?;
            std::str::from_utf8(bytes).map_err(|_| wrong())
        };
        Ok(UnitRecord {
            codes: [word(0)?, word(1)?, word(2)?],
            names: [name(3)?, name(5)?, name(7)?],
            extent: Extent {
                west: grid(9)?,
                south: grid(10)?,
                east: grid(11)?,
                north: grid(12)?,
            },
            inside: LonLat::new(grid(13)?, grid(14)?).map_err(|_| wrong())?,
        })
    }

    /// The box around a unit, without the rest of its record.
    pub(super) fn unit_extent(&self, index: usize) -> Option<Extent> {
        let at = index.checked_mul(UNIT_BYTES)?;
        let record = self.units.get(at..at + UNIT_BYTES)?;
        let grid = |n: usize| i32_at(record, 4 * n).map(|v| self.degrees(v));
        Some(Extent {
            west: grid(9)?,
            south: grid(10)?,
            east: grid(11)?,
            north: grid(12)?,
        })
    }

    /// The signed arcs around a unit.
    pub(super) fn unit_arcs(
        &self,
        index: usize,
    ) -> Result<impl Iterator<Item = i32> + use<'a>, BoundaryError> {
        let wrong = || BoundaryError::Range {
            what: "unit",
            index,
        };
        let at = index.checked_mul(UNIT_BYTES).ok_or_else(wrong)?;
        let first = u32_at(self.units, at + 60).ok_or_else(wrong)? as usize;
        let count = u32_at(self.units, at + 64).ok_or_else(wrong)? as usize;
        let bytes = self
            .signed_arcs
            .get(first.saturating_mul(4)..first.saturating_add(count).saturating_mul(4))
            .ok_or_else(wrong)?;
        Ok(bytes
            .chunks_exact(4)
            .filter_map(|b| b.try_into().ok().map(i32::from_le_bytes)))
    }

    /// The units on the left and on the right of an arc.
    pub(super) fn arc_sides(&self, arc: usize) -> Result<[u16; 2], BoundaryError> {
        let wrong = || BoundaryError::Range {
            what: "arc",
            index: arc,
        };
        let at = arc.checked_mul(ARC_BYTES).ok_or_else(wrong)?;
        Ok([
            u16_at(self.arcs, at + 8).ok_or_else(wrong)?,
            u16_at(self.arcs, at + 10).ok_or_else(wrong)?,
        ])
    }

    /// The vertices of an arc, from its start to its end.
    pub(super) fn arc(&self, arc: usize) -> Result<Vec<GridPoint>, BoundaryError> {
        let wrong = || BoundaryError::Range {
            what: "arc",
            index: arc,
        };
        let at = arc.checked_mul(ARC_BYTES).ok_or_else(wrong)?;
        let start = u32_at(self.arcs, at).ok_or_else(wrong)? as usize;
        let count = u32_at(self.arcs, at + 4).ok_or_else(wrong)?;
        let mut bytes = self.vertices.get(start..).ok_or_else(wrong)?.iter();
        // Each vertex takes at least two bytes, so the count cannot ask for more than the file holds.
        if !(2..=MAX_ARC_VERTICES).contains(&count) || count as usize > bytes.len() / 2 {
            return Err(wrong());
        }
        let mut difference = || -> Option<i32> {
            let (mut value, mut shift) = (0_u64, 0);
            loop {
                let byte = *bytes.next()?;
                value |= u64::from(byte & 0x7F) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
                shift += 7;
                if shift > 35 {
                    return None;
                }
            }
            let signed = i64::try_from(value >> 1).ok()? ^ -i64::try_from(value & 1).ok()?;
            i32::try_from(signed).ok()
        };
        let (mut x, mut y) = (0_i32, 0_i32);
        (0..count)
            .map(|_| {
                x = x.checked_add(difference()?)?;
                y = y.checked_add(difference()?)?;
                Some((x, y))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(wrong)
    }
}
