//! Well-known binary (ISO and EWKB kinds), checked: no count is believed before its bytes are there.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::{MakeCoord, Parsed, coord};
use crate::Problem;

/// Geometries in geometries.
const MOST_DEPTH: usize = 8;

/// Reads one geometry that fills `bytes`. Height and measure are dropped; an empty point becomes an empty
/// `MultiPoint`.
pub(crate) fn parse(bytes: &[u8]) -> Result<Geometry<f64>, Problem> {
    parse_with(bytes, coord).map(|parsed| parsed.geometry)
}

/// As [`parse`], with another check of coordinates.
pub(crate) fn parse_with(bytes: &[u8], coord: MakeCoord) -> Result<Parsed, Problem> {
    let mut reader = Reader {
        bytes,
        coord,
        heights: false,
    };
    let geometry = reader.geometry(0)?;
    if reader.bytes.is_empty() {
        let heights = reader.heights;
        Ok(Parsed { geometry, heights })
    } else {
        let found = format!("{} bytes after the geometry", reader.bytes.len());
        Err(Problem::damaged("the geometry (WKB)", found, "its end"))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    coord: MakeCoord,
    heights: bool,
}

/// How the numbers of one geometry are written.
#[derive(Clone, Copy)]
struct Layout {
    little_endian: bool,
    /// Numbers a position has.
    dimensions: usize,
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (head, rest) = self
            .bytes
            .split_first_chunk::<N>()
            .ok_or_else(|| Problem::truncated("a geometry (WKB)"))?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self, layout: Layout) -> Result<u32, Problem> {
        let bytes = self.array::<4>()?;
        Ok(if layout.little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn f64(&mut self, layout: Layout) -> Result<f64, Problem> {
        let bytes = self.array::<8>()?;
        Ok(if layout.little_endian {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }

    /// A count of things of at least `least` bytes each.
    fn count(&mut self, layout: Layout, least: usize) -> Result<usize, Problem> {
        let found = self.u32(layout)?;
        let most = self.bytes.len() / least;
        usize::try_from(found)
            .ok()
            .filter(|count| *count <= most)
            .ok_or(Problem::TooLarge {
                what: "a geometry (WKB)",
                found: found.into(),
                most: most as u64,
            })
    }

    fn pair(&mut self, layout: Layout) -> Result<(f64, f64), Problem> {
        let pair = (self.f64(layout)?, self.f64(layout)?);
        for _ in 2..layout.dimensions {
            self.f64(layout)?;
        }
        Ok(pair)
    }

    fn line(&mut self, layout: Layout) -> Result<LineString<f64>, Problem> {
        let count = self.count(layout, 8 * layout.dimensions)?;
        let coords: Result<Vec<Coord<f64>>, Problem> = (0..count)
            .map(|_| {
                self.pair(layout)
                    .and_then(|(lon, lat)| (self.coord)(lon, lat))
            })
            .collect();
        coords.map(LineString)
    }

    fn polygon(&mut self, layout: Layout) -> Result<Polygon<f64>, Problem> {
        let count = self.count(layout, 4)?;
        let mut rings = Vec::new();
        for _ in 0..count {
            rings.push(self.line(layout)?);
        }
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn header(&mut self) -> Result<(Layout, u32), Problem> {
        let [order] = self.array::<1>()?;
        if order > 1 {
            return Err(Problem::damaged(
                "the byte order of a geometry (WKB)",
                order.to_string(),
                "0 or 1",
            ));
        }
        let mut layout = Layout {
            little_endian: order == 1,
            dimensions: 2,
        };
        let code = self.u32(layout)?;
        // EWKB flags, then ISO thousands.
        let (z, m, srid) = (code >> 31 & 1, code >> 30 & 1, code >> 29 & 1);
        if srid == 1 {
            let srid = self.u32(layout)?;
            if ![4326, 4490].contains(&srid) {
                return Err(Problem::Crs {
                    found: format!("EPSG:{srid}"),
                });
            }
        }
        let plain = code & 0x1FFF_FFFF;
        let thousands = match plain / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => {
                return Err(Problem::GeometryType {
                    found: plain.to_string(),
                });
            }
        };
        layout.dimensions = 2 + (z + m).max(thousands) as usize;
        self.heights |= layout.dimensions > 2;
        Ok((layout, plain % 1000))
    }

    fn parts<T>(
        &mut self,
        layout: Layout,
        depth: usize,
        take: impl Fn(Geometry<f64>) -> Option<T>,
    ) -> Result<Vec<T>, Problem> {
        // A byte order, a type and a count or position: at least nine bytes.
        let count = self.count(layout, 9)?;
        let mut parts = Vec::new();
        for _ in 0..count {
            let part = self.geometry(depth + 1)?;
            parts.push(take(part).ok_or_else(|| {
                Problem::damaged(
                    "a part of a geometry (WKB)",
                    "another type",
                    "the type of the whole",
                )
            })?);
        }
        Ok(parts)
    }

    fn geometry(&mut self, depth: usize) -> Result<Geometry<f64>, Problem> {
        if depth > MOST_DEPTH {
            return Err(Problem::TooDeep { most: MOST_DEPTH });
        }
        let (layout, code) = self.header()?;
        Ok(match code {
            1 => {
                let (lon, lat) = self.pair(layout)?;
                if lon.is_nan() && lat.is_nan() {
                    // How an empty point is written.
                    Geometry::MultiPoint(MultiPoint(Vec::new()))
                } else {
                    Geometry::Point(Point((self.coord)(lon, lat)?))
                }
            }
            2 => Geometry::LineString(self.line(layout)?),
            3 => Geometry::Polygon(self.polygon(layout)?),
            4 => {
                let point = |part| match part {
                    Geometry::Point(point) => Some(point),
                    _ => None,
                };
                Geometry::MultiPoint(MultiPoint(self.parts(layout, depth, point)?))
            }
            5 => {
                let line = |part| match part {
                    Geometry::LineString(line) => Some(line),
                    _ => None,
                };
                Geometry::MultiLineString(MultiLineString(self.parts(layout, depth, line)?))
            }
            6 => {
                let polygon = |part| match part {
                    Geometry::Polygon(polygon) => Some(polygon),
                    _ => None,
                };
                Geometry::MultiPolygon(MultiPolygon(self.parts(layout, depth, polygon)?))
            }
            7 => Geometry::GeometryCollection(GeometryCollection(self.parts(layout, depth, Some)?)),
            _ => {
                return Err(Problem::GeometryType {
                    found: format!("WKB {code}"),
                });
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(order: u8) -> Vec<u8> {
        let mut bytes = vec![order];
        for number in [106.5f64, 30.5] {
            let (code, value) = if order == 1 {
                (1u32.to_le_bytes(), number.to_le_bytes())
            } else {
                (1u32.to_be_bytes(), number.to_be_bytes())
            };
            if bytes.len() == 1 {
                bytes.extend(code);
            }
            bytes.extend(value);
        }
        bytes
    }

    #[test]
    fn both_byte_orders_are_read() {
        for order in [0, 1] {
            let geometry = parse(&point(order)).expect("a point");
            assert_eq!(geometry, Geometry::Point(Point::new(106.5, 30.5)));
        }
    }

    #[test]
    fn absurd_counts_nests_and_cuts_are_refused_before_memory_is_taken() {
        let mut line = vec![1, 2, 0, 0, 0, 255, 255, 255, 255];
        assert!(matches!(parse(&line), Err(Problem::TooLarge { .. })));
        line.truncate(7);
        assert!(matches!(parse(&line), Err(Problem::Truncated { .. })));
        let nested = [1u8, 7, 0, 0, 0, 1, 0, 0, 0].repeat(100);
        assert!(matches!(parse(&nested), Err(Problem::TooDeep { .. })));
        let mut long = point(1);
        long.push(0);
        assert!(matches!(parse(&long), Err(Problem::Damaged { .. })));
    }
}
