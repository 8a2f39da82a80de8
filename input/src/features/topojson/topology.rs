//! The arcs of a topology, and geometries made of them.

use super::super::batch::GeometryKind;
use super::super::json::{Scan, Shape};
use super::super::number::{self, Number};
use super::super::writer::{Facts, Writer, index};
use super::members;
use crate::Problem;

/// Collections in collections.
const MOST_COLLECTIONS: usize = 8;
/// Vertices of one block of features. A few bytes of text may stand for an arc of any length.
const MOST_VERTICES: usize = 1 << 25;

/// The arcs, and how positions are stored.
#[derive(Debug, Default)]
pub(super) struct Topology {
    vertices: Vec<[f64; 2]>,
    /// Ends of arcs in `vertices`.
    ends: Vec<u32>,
    /// Scale and shift, where positions are whole numbers; arcs are differences then.
    pub(super) transform: Option<[[f64; 2]; 2]>,
    /// A vertex of an arc had a height.
    heights: bool,
}

impl Topology {
    pub(super) fn arcs(&mut self, scan: &mut Scan<'_>) -> Result<(), Problem> {
        scan.each(|scan| {
            let mut at = [0.0; 2];
            scan.each(|scan| {
                let (position, height) = position(scan)?;
                self.heights |= height;
                let vertex = if self.transform.is_some() {
                    at = [at[0] + position[0], at[1] + position[1]];
                    self.place(at)
                } else {
                    position
                };
                self.vertices.push(vertex);
                Ok(())
            })?;
            self.ends.push(index(self.vertices.len()));
            Ok(())
        })
    }

    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self.transform {
            Some([scale, shift]) => [x * scale[0] + shift[0], y * scale[1] + shift[1]],
            None => [x, y],
        }
    }

    /// Puts an arc behind what is there of a line or ring; `first`: nothing is.
    fn put(&self, number: i64, first: bool, writer: &mut Writer) -> Result<(), Problem> {
        // Those that are walked back are counted from -1.
        let (at, back) = if number < 0 {
            (!number, true)
        } else {
            (number, false)
        };
        let at = usize::try_from(at).ok().filter(|at| *at < self.ends.len());
        let at = at.ok_or_else(|| {
            Problem::value(
                "an arc",
                &number.to_string(),
                "the number of one of the arcs of the topology",
            )
        })?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        let vertices = &self.vertices[start..self.ends[at] as usize];
        if writer.batch.lonlat.len() + vertices.len() > MOST_VERTICES {
            return Err(Problem::TooLarge {
                what: "features of a few thousand bytes",
                found: (writer.batch.lonlat.len() + vertices.len()) as u64,
                most: MOST_VERTICES as u64,
            });
        }
        writer.height |= self.heights;
        // An arc begins where the one before ended.
        let from = usize::from(!first);
        let mut put = |vertex: &[f64; 2]| writer.vertex(vertex[0], vertex[1]);
        if back {
            vertices.iter().rev().skip(from).for_each(&mut put);
        } else {
            vertices.iter().skip(from).for_each(&mut put);
        }
        Ok(())
    }

    /// The arcs of a line or ring.
    fn run(&self, scan: &mut Scan<'_>, writer: &mut Writer) -> Result<(), Problem> {
        let mut first = true;
        scan.each(|scan| {
            scan.space();
            let number = scan.whole_number()?;
            self.put(number, std::mem::take(&mut first), writer)
        })
    }

    fn line(&self, scan: &mut Scan<'_>, writer: &mut Writer) -> Result<(), Problem> {
        self.run(scan, writer)?;
        writer.end_run();
        writer.end_part();
        Ok(())
    }

    fn polygon(&self, scan: &mut Scan<'_>, writer: &mut Writer) -> Result<(), Problem> {
        scan.each(|scan| {
            self.run(scan, writer)?;
            writer.end_ring();
            Ok(())
        })?;
        writer.end_part();
        Ok(())
    }

    fn point(&self, scan: &mut Scan<'_>, writer: &mut Writer) -> Result<(), Problem> {
        let (position, height) = position(scan)?;
        let [lon, lat] = self.place(position);
        writer.height |= height;
        writer.vertex(lon, lat);
        Ok(())
    }

    /// Reads a geometry with its attributes, or a geometry in a collection.
    pub(super) fn geometry(
        &self,
        scan: &mut Scan<'_>,
        writer: &mut Writer,
        depth: usize,
    ) -> Result<Facts, Problem> {
        if depth > MOST_COLLECTIONS {
            return Err(Problem::TooDeep {
                most: MOST_COLLECTIONS,
            });
        }
        let mut facts = Facts::default();
        let (mut shape, mut has_type) = (None, false);
        let mut content = [None; 3];
        members(scan, |scan, name| {
            scan.space();
            match name {
                "type" => {
                    has_type = true;
                    if !scan.null() {
                        let mut own = String::new();
                        let name = scan.string(&mut own)?;
                        shape = Some(Shape::of(name).ok_or_else(|| Problem::GeometryType {
                            found: name.chars().take(40).collect(),
                        })?);
                    }
                }
                "properties" if depth == 0 => scan.properties(writer)?,
                "id" if depth == 0 => facts.id = scan.id(writer)?,
                "arcs" | "coordinates" | "geometries" => {
                    let at = usize::from(name != "arcs") + usize::from(name == "geometries");
                    content[at] = Some(scan.at);
                    scan.value()?;
                }
                _ => {
                    scan.value()?;
                }
            }
            Ok(())
        })?;
        let end = scan.at;
        let Some(shape) = shape else {
            return if has_type {
                Ok(facts)
            } else {
                Err(Problem::NotAFeature {
                    found: "an object without type".to_owned(),
                    expected: "a geometry of a topology",
                })
            };
        };
        let at = match shape {
            Shape::Point | Shape::MultiPoint => 1,
            Shape::Collection => 2,
            _ => 0,
        };
        scan.at = content[at].ok_or_else(|| Problem::NotAFeature {
            found: format!(
                "a geometry without {}",
                ["arcs", "coordinates", "geometries"][at]
            ),
            expected: "a geometry of a topology",
        })?;
        self.content(shape, scan, writer, depth)?;
        scan.at = end;
        Ok(facts)
    }

    fn content(
        &self,
        shape: Shape,
        scan: &mut Scan<'_>,
        writer: &mut Writer,
        depth: usize,
    ) -> Result<(), Problem> {
        let first = writer.parts();
        let kind = match shape {
            Shape::Collection => {
                return scan.each(|scan| {
                    if scan.null() {
                        return Ok(());
                    }
                    self.geometry(scan, writer, depth + 1).map(drop)
                });
            }
            Shape::Point => {
                let start = scan.at;
                // One without a place is written `[]`.
                if !(scan.accept(b'[') && scan.accept(b']')) {
                    scan.at = start;
                    self.point(scan, writer)?;
                }
                writer.end_run();
                writer.end_part();
                GeometryKind::Point
            }
            Shape::MultiPoint => {
                scan.each(|scan| self.point(scan, writer))?;
                writer.end_run();
                writer.end_part();
                GeometryKind::Point
            }
            Shape::Line => {
                self.line(scan, writer)?;
                GeometryKind::Line
            }
            Shape::MultiLine => {
                scan.each(|scan| self.line(scan, writer))?;
                GeometryKind::Line
            }
            Shape::Polygon => {
                self.polygon(scan, writer)?;
                GeometryKind::Polygon
            }
            Shape::MultiPolygon => {
                scan.each(|scan| self.polygon(scan, writer))?;
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
}

/// A position with its brackets, and whether more than two numbers stand in it.
fn position(scan: &mut Scan<'_>) -> Result<([f64; 2], bool), Problem> {
    scan.expect(b'[', "a position")?;
    let x = scan.coordinate()?;
    scan.expect(b',', "`,` and a second number")?;
    let y = scan.coordinate()?;
    let mut more = false;
    while scan.accept(b',') {
        scan.coordinate()?;
        more = true;
    }
    scan.expect(b']', "the end of a position")?;
    Ok(([x, y], more))
}

impl Scan<'_> {
    fn whole_number(&mut self) -> Result<i64, Problem> {
        match number::number(self.text, &mut self.at) {
            Some(Number::Int(number)) => Ok(number),
            _ => Err(self.unexpected("the number of an arc")),
        }
    }
}
