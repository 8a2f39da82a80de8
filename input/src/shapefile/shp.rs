//! The geometry file (ESRI Shapefile Technical Description, 1998), record by record.

use std::io::{BufRead, Read};

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};

use crate::geometry::{MakeCoord, Parsed, coord, rings};
use crate::intake::Unfit;
use crate::{At, InputError, Problem};

const HEADER_BYTES: usize = 100;
/// The longest record; a record is never longer than its bytes in the file, whatever it declares.
const MOST_RECORD_BYTES: u64 = 256 << 20;
/// Rings of one area: sorting holes costs exteriors times holes.
const MOST_PARTS: u64 = 100_000;

/// A record's geometry, `None` for a null shape. A geometry that cannot be used does not stop the file.
pub(crate) type Shape = Result<Option<Geometry<f64>>, Unfit>;
/// The records of a file.
pub(crate) struct Shapes<R> {
    stream: R,
    /// Bytes that follow, by the header.
    left: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Shapes<R> {
    /// Reads the header.
    pub(crate) fn open(mut stream: R) -> Result<Self, InputError> {
        let mut header = Vec::new();
        (&mut stream)
            .take(HEADER_BYTES as u64)
            .read_to_end(&mut header)
            .map_err(Problem::from)?;
        let mut fields = Fields::of_header(&header);
        let magic = fields.u32_be().unwrap_or(0);
        if header.len() >= 4 && magic != 9994 {
            return Err(Problem::NotThisFormat {
                expected: "shapefile",
                found: format!("first number {magic}"),
            }
            .into());
        }
        if header.len() < HEADER_BYTES {
            return Err(Problem::truncated("the header").at(At::Byte(header.len() as u64)));
        }
        let mut fields = Fields::of_header(&header[24..]);
        let words = u64::from(fields.u32_be()?);
        let version = fields.u32()?;
        if version != 1000 {
            return Err(
                Problem::damaged("the header", format!("version {version}"), "1000")
                    .at(At::Byte(28)),
            );
        }
        let left = (words * 2)
            .checked_sub(HEADER_BYTES as u64)
            .ok_or_else(|| {
                Problem::damaged(
                    "the header",
                    format!("a length of {} bytes", words * 2),
                    "100 or more",
                )
                .at(At::Byte(24))
            })?;
        Ok(Self {
            stream,
            left,
            buffer: Vec::new(),
        })
    }

    /// The next record; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Shape>, Problem> {
        let shape = self.next_record()?.map(|bytes| shape(bytes, coord));
        Ok(shape.map(|shape| match shape {
            Ok(parsed) => Ok(parsed.map(|parsed| parsed.geometry)),
            Err(problem) => Err(Unfit::Bad(problem)),
        }))
    }

    /// The bytes of the next record; `None` after the last.
    pub(crate) fn next_record(&mut self) -> Result<Option<&[u8]>, Problem> {
        if self.left == 0 {
            return Ok(None);
        }
        self.fill(8)?;
        let mut header = Fields::of_header(&self.buffer);
        header.u32_be()?;
        let bytes = u64::from(header.u32_be()?) * 2;
        let most = self.left.min(MOST_RECORD_BYTES);
        if bytes > most {
            return Err(Problem::TooLarge {
                what: "the length of the record",
                found: bytes,
                most,
            });
        }
        self.fill(bytes)?;
        Ok(Some(&self.buffer))
    }

    /// Reads so many bytes; memory grows with what is there, not with what is declared.
    fn fill(&mut self, bytes: u64) -> Result<(), Problem> {
        self.buffer.clear();
        let found = (&mut self.stream)
            .take(bytes)
            .read_to_end(&mut self.buffer)?;
        if (found as u64) < bytes {
            return Err(Problem::truncated("a record of the .shp"));
        }
        self.left = self.left.saturating_sub(bytes);
        Ok(())
    }
}

/// The geometry of a record.
pub(crate) fn shape(bytes: &[u8], coord: MakeCoord) -> Result<Option<Parsed>, Problem> {
    let mut fields = Fields { bytes, coord };
    let code = fields.u32()?;
    let geometry = match code {
        0 => None,
        1 | 11 | 21 => Some(Geometry::Point(Point(fields.coord()?))),
        3 | 13 | 23 => Some(lines(fields.parts()?)),
        5 | 15 | 25 => Some(areas(fields.parts()?)),
        8 | 18 | 28 => {
            fields.skip(32)?;
            let count = fields.count(16)?;
            let points: Result<Vec<_>, Problem> =
                (0..count).map(|_| fields.coord().map(Point)).collect();
            Some(Geometry::MultiPoint(MultiPoint(points?)))
        }
        other => {
            let found = if other == 31 {
                "MultiPatch".to_owned()
            } else {
                other.to_string()
            };
            return Err(Problem::GeometryType { found });
        }
    };
    // 11 to 28: the kinds with heights or measures.
    let heights = (11..30).contains(&code);
    Ok(geometry.map(|geometry| Parsed { geometry, heights }))
}

fn lines(parts: Vec<LineString<f64>>) -> Geometry<f64> {
    let mut parts = parts;
    if parts.len() == 1 {
        Geometry::LineString(parts.remove(0))
    } else {
        Geometry::MultiLineString(MultiLineString(parts))
    }
}

/// Exteriors run clockwise, holes the other way. Where all run the other way they are taken for exteriors.
fn areas(parts: Vec<LineString<f64>>) -> Geometry<f64> {
    let (mut exteriors, mut holes): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|ring| twice_area(ring) <= 0.0);
    if exteriors.is_empty() {
        std::mem::swap(&mut exteriors, &mut holes);
    }
    let mut areas = rings::assemble(exteriors, holes);
    if areas.0.len() == 1 {
        Geometry::Polygon(areas.0.remove(0))
    } else {
        Geometry::MultiPolygon(areas)
    }
}

/// Positive when the ring runs counter-clockwise. From its first vertex, for precision.
fn twice_area(ring: &LineString<f64>) -> f64 {
    let Some(origin) = ring.0.first() else {
        return 0.0;
    };
    ring.lines()
        .map(|l| {
            (l.start.x - origin.x) * (l.end.y - origin.y)
                - (l.end.x - origin.x) * (l.start.y - origin.y)
        })
        .sum()
}

/// Bytes of a record not yet read.
struct Fields<'a> {
    bytes: &'a [u8],
    coord: MakeCoord,
}

impl<'a> Fields<'a> {
    fn of_header(bytes: &'a [u8]) -> Self {
        Self { bytes, coord }
    }
}

impl Fields<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let (head, rest) = self
            .bytes
            .split_first_chunk::<N>()
            .ok_or_else(|| Problem::truncated("a shape"))?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self) -> Result<u32, Problem> {
        self.array().map(u32::from_le_bytes)
    }

    fn u32_be(&mut self) -> Result<u32, Problem> {
        self.array().map(u32::from_be_bytes)
    }

    fn skip(&mut self, bytes: usize) -> Result<(), Problem> {
        self.bytes = self
            .bytes
            .get(bytes..)
            .ok_or_else(|| Problem::truncated("a shape"))?;
        Ok(())
    }

    fn coord(&mut self) -> Result<Coord<f64>, Problem> {
        let x = f64::from_le_bytes(self.array()?);
        let y = f64::from_le_bytes(self.array()?);
        (self.coord)(x, y)
    }

    /// A count of things of `size` bytes each.
    fn count(&mut self, size: usize) -> Result<usize, Problem> {
        let found = self.u32()?;
        self.fits(found, size)
    }

    fn fits(&self, found: u32, size: usize) -> Result<usize, Problem> {
        let most = self.bytes.len() / size;
        let count = usize::try_from(found).ok().filter(|count| *count <= most);
        count.ok_or(Problem::TooLarge {
            what: "a shape",
            found: found.into(),
            most: most as u64,
        })
    }

    /// Parts of a line or area: box, counts, first points, points.
    fn parts(&mut self) -> Result<Vec<LineString<f64>>, Problem> {
        self.skip(32)?;
        let parts = self.u32()?;
        let points = self.u32()?;
        let parts = self.fits(parts, 4)?;
        if parts as u64 > MOST_PARTS {
            return Err(Problem::TooLarge {
                what: "the parts of a shape",
                found: parts as u64,
                most: MOST_PARTS,
            });
        }
        let starts: Result<Vec<u32>, Problem> = (0..parts).map(|_| self.u32()).collect();
        let starts = starts?;
        let points = self.fits(points, 16)?;
        let coords: Result<Vec<Coord<f64>>, Problem> = (0..points).map(|_| self.coord()).collect();
        let coords = coords?;
        let mut lines = Vec::with_capacity(parts);
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(points, |end| *end as usize);
            let line = coords.get(*start as usize..end).ok_or_else(|| {
                Problem::damaged(
                    "a part of a shape",
                    format!("points {start} to {end}"),
                    format!("points below {points}, in order"),
                )
            })?;
            lines.push(LineString(line.to_vec()));
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_whose_rings_all_run_the_wrong_way_is_an_area_all_the_same() {
        let ring: Vec<(f64, f64)> =
            vec![(106.0, 29.0), (107.0, 29.0), (107.0, 30.0), (106.0, 29.0)];
        assert!(twice_area(&LineString::from(ring.clone())) > 0.0);
        assert!(matches!(areas(vec![ring.into()]), Geometry::Polygon(_)));
    }
}
