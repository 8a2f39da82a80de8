//! Lines and areas of places, as bytes: well-known binary without its variants.
//!
//! A tag (1 line, 2 lines, 3 area, 4 areas), then counts as varints and coordinates as pairs of f64,
//! longitude first. Points, collections and the rest are not stored: a place has a position for that.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Polygon};

use super::format::Text;

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub(super) fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn push_line(bytes: &mut Vec<u8>, line: &LineString<f64>) {
    push_number(bytes, line.0.len());
    for coord in &line.0 {
        bytes.extend_from_slice(&coord.x.to_le_bytes());
        bytes.extend_from_slice(&coord.y.to_le_bytes());
    }
}

fn push_area(bytes: &mut Vec<u8>, area: &Polygon<f64>) {
    push_number(bytes, 1 + area.interiors().len());
    push_line(bytes, area.exterior());
    for hole in area.interiors() {
        push_line(bytes, hole);
    }
}

/// Appends a line or an area; `false` for what is neither.
pub(super) fn push_geometry(bytes: &mut Vec<u8>, geometry: &Geometry<f64>) -> bool {
    match geometry {
        Geometry::LineString(line) => {
            bytes.push(1);
            push_line(bytes, line);
        }
        Geometry::MultiLineString(lines) => {
            bytes.push(2);
            push_number(bytes, lines.0.len());
            lines.0.iter().for_each(|line| push_line(bytes, line));
        }
        Geometry::Polygon(area) => {
            bytes.push(3);
            push_area(bytes, area);
        }
        Geometry::MultiPolygon(areas) => {
            bytes.push(4);
            push_number(bytes, areas.0.len());
            areas.0.iter().for_each(|area| push_area(bytes, area));
        }
        _ => return false,
    }
    true
}

impl Text<'_> {
    fn line(&mut self) -> Option<LineString<f64>> {
        let count = self.number();
        let (bytes, rest) = self.0.split_at_checked(count.checked_mul(16)?)?;
        self.0 = rest;
        let value = |bytes: &[u8]| {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            f64::from_le_bytes(eight)
        };
        let coords = bytes.chunks_exact(16).map(|pair| Coord {
            x: value(&pair[..8]),
            y: value(&pair[8..]),
        });
        Some(LineString(coords.collect()))
    }

    fn area(&mut self) -> Option<Polygon<f64>> {
        // Each ring takes a byte at least: a count beyond that is damage.
        let rings = self.number().min(self.0.len());
        let mut rings = (0..rings)
            .map(|_| self.line())
            .collect::<Option<Vec<_>>>()?;
        (!rings.is_empty()).then(|| Polygon::new(rings.remove(0), rings))
    }

    /// The line or area at the end of the text; `None` when there is none or it is damaged.
    pub(crate) fn geometry(&mut self) -> Option<Geometry<f64>> {
        let (&tag, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(match tag {
            1 => Geometry::LineString(self.line()?),
            2 => {
                let count = self.number().min(self.0.len());
                let lines = (0..count).map(|_| self.line());
                Geometry::MultiLineString(MultiLineString(lines.collect::<Option<_>>()?))
            }
            3 => Geometry::Polygon(self.area()?),
            4 => {
                let count = self.number().min(self.0.len());
                let areas = (0..count).map(|_| self.area());
                Geometry::MultiPolygon(MultiPolygon(areas.collect::<Option<_>>()?))
            }
            _ => return None,
        })
    }
}
