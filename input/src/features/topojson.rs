//! `TopoJSON`: arcs are read first, since every geometry is made of them; then one geometry after the other is a feature.

use std::sync::Arc;

use super::batch::{GeometryKind, Span};
use super::cut::Block;
use super::drive::{Blocks, Rows};
use super::json::{self, Scan, Shape};
use super::lines::RowTaker;
use super::number::{self, Number};
use super::writer::{Facts, Writer, index};
use crate::columns::listed;
use crate::{InputError, Problem, source};

/// The most of a file: it is held in memory, text and arcs.
pub(super) const MOST_BYTES: u64 = 1 << 30;
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
    transform: Option<[[f64; 2]; 2]>,
    /// A vertex of an arc had a height.
    heights: bool,
}

/// A file, opened.
pub(super) struct Opened {
    pub(super) blocks: TopoBlocks,
    pub(super) rows: TopoRows,
    pub(super) layers: Vec<String>,
    pub(super) layer: String,
    /// Lines before the first feature.
    pub(super) lines: u64,
}

/// The text cut into features.
pub(super) struct TopoBlocks {
    text: String,
    rows: Vec<Span>,
    next: usize,
    block_bytes: usize,
}

/// How features are read.
pub(super) struct TopoRows(Arc<Topology>);

/// Whether a text that begins so is a topology.
pub(super) fn is_head(head: &str) -> bool {
    let mut scan = Scan::new(head);
    let mut own = String::new();
    if !scan.accept(b'{') {
        return false;
    }
    loop {
        let Ok(name) = scan.string(&mut own).map(str::to_owned) else {
            return false;
        };
        if scan.expect(b':', "`:`").is_err() {
            return false;
        }
        match name.as_str() {
            "type" => {
                scan.space();
                return scan.string(&mut own).is_ok_and(|name| name == "Topology");
            }
            // No object of GeoJSON has these.
            "arcs" | "objects" | "transform" => return true,
            _ => {}
        }
        if scan.value().is_err() || !scan.another(b'}').unwrap_or(false) {
            return false;
        }
    }
}

/// Opens the text of a file. `layer`: the object that is read.
pub(super) fn open(
    text: String,
    layer: Option<&str>,
    any_crs: bool,
    block_bytes: usize,
) -> Result<Opened, Problem> {
    let mut topology = Topology::default();
    let (mut arcs, mut objects) = (None, Vec::new());
    let mut scan = Scan::new(&text);
    members(&mut scan, |scan, name| {
        match name {
            "transform" => topology.transform = Some(transform(scan.value()?)?),
            "arcs" => {
                scan.space();
                arcs = Some(scan.at);
                scan.value()?;
            }
            "objects" => members(scan, |scan, name| {
                scan.space();
                objects.push((name.to_owned(), scan.at));
                scan.value().map(drop)
            })?,
            "crs" if !any_crs => json::check_crs(scan.value()?)?,
            _ => {
                scan.value()?;
            }
        }
        Ok(())
    })?;
    scan.space();
    if scan.at < text.len() {
        return Err(scan.unexpected("the end of the file: one topology"));
    }
    if let Some(at) = arcs {
        scan.at = at;
        topology.arcs(&mut scan)?;
    }
    let layers: Vec<String> = objects.iter().map(|(name, _)| name.clone()).collect();
    let wanted = match (layer, &objects[..]) {
        (_, []) => return Err(Problem::Empty),
        (Some(layer), all) => {
            all.iter()
                .find(|(name, _)| name == layer)
                .ok_or_else(|| Problem::NoSuchLayer {
                    wanted: format!("`{layer}`"),
                    present: listed(&layers),
                })?
        }
        (None, [one]) => one,
        (None, _) => {
            return Err(Problem::WhichLayer {
                present: listed(&layers),
            });
        }
    };
    scan.at = wanted.1;
    let rows = rows(&mut scan)?;
    let lines = rows.first().map_or(0, |row| {
        super::lines::newlines(&text.as_bytes()[..row.start as usize])
    });
    Ok(Opened {
        layer: wanted.0.clone(),
        blocks: TopoBlocks {
            rows,
            next: 0,
            // A number of some digits stands for an arc.
            block_bytes: (block_bytes / 64).max(1),
            text,
        },
        rows: TopoRows(Arc::new(topology)),
        layers,
        lines,
    })
}

/// The members of the object at hand.
fn members<'t>(
    scan: &mut Scan<'t>,
    mut each: impl FnMut(&mut Scan<'t>, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    scan.expect(b'{', "an object of a topology")?;
    let mut more = !scan.accept(b'}');
    while more {
        let mut own = String::new();
        let name = scan.string(&mut own)?.to_owned();
        scan.expect(b':', "`:`")?;
        each(scan, &name)?;
        more = scan.another(b'}')?;
    }
    Ok(())
}

fn transform(text: &str) -> Result<[[f64; 2]; 2], Problem> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|source| Problem::Json { source })?;
    let pair = |name: &str| {
        let [x, y] = [0, 1].map(|at| value[name][at].as_f64());
        Some([x?, y?])
    };
    pair("scale")
        .zip(pair("translate"))
        .map(|(scale, shift)| [scale, shift])
        .ok_or_else(|| {
            Problem::damaged(
                "the transform",
                text.chars().take(80).collect::<String>(),
                "scale and translate, two numbers each",
            )
        })
}

/// Where the features of the object at hand are: the geometries of a collection, or itself.
fn rows(scan: &mut Scan<'_>) -> Result<Vec<Span>, Problem> {
    scan.space();
    let start = scan.at;
    let (mut geometries, mut is_collection) = (None, false);
    members(scan, |scan, name| {
        scan.space();
        if name == "geometries" {
            geometries = Some(scan.at);
        }
        let value = scan.value()?;
        is_collection |= name == "type" && value == "\"GeometryCollection\"";
        Ok(())
    })?;
    let end = scan.at;
    let span = |start, end| Span {
        start: index(start),
        end: index(end),
    };
    let Some(at) = geometries.filter(|_| is_collection) else {
        return Ok(vec![span(start, end)]);
    };
    let mut rows = Vec::new();
    scan.at = at;
    scan.each(|scan| {
        scan.space();
        let start = scan.at;
        scan.value()?;
        rows.push(span(start, scan.at));
        Ok(())
    })?;
    Ok(rows)
}

impl Topology {
    fn arcs(&mut self, scan: &mut Scan<'_>) -> Result<(), Problem> {
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
    fn geometry(
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

impl Blocks for TopoBlocks {
    fn next(&mut self, block: &mut Block, _: &mut Writer) -> Result<bool, InputError> {
        block.bytes.clear();
        block.rows.clear();
        block.skipped = None;
        let Some(first) = self.rows.get(self.next) else {
            return Ok(false);
        };
        let start = first.start;
        block.offset = start.into();
        while let Some(row) = self.rows.get(self.next)
            && (row.start - start) as usize <= self.block_bytes
        {
            block.rows.push(Span {
                start: row.start - start,
                end: row.end - start,
            });
            self.next += 1;
        }
        // What stands between blocks is counted with the one before.
        let end = self
            .rows
            .get(self.next)
            .map_or(self.text.len(), |row| row.start as usize);
        block
            .bytes
            .extend_from_slice(&self.text.as_bytes()[start as usize..end]);
        Ok(true)
    }
}

impl Rows for TopoRows {
    fn read(&self, block: &mut Block, writer: &mut Writer) -> Result<(), InputError> {
        let mut rows = RowTaker::new(block, writer);
        for span in &block.rows {
            rows.take_with(span.range(), |text, writer| {
                self.0.geometry(&mut Scan::new(text), writer, 0)
            });
        }
        rows.finish();
        Ok(())
    }
}

/// Reads the text of a file whole.
pub(super) fn whole(stream: impl std::io::Read) -> Result<String, Problem> {
    let bytes = source::head(stream, MOST_BYTES + 1)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Problem::TooLong {
            what: "a TopoJSON file, which is read whole,",
            most: MOST_BYTES,
            hint: "divide it, or make GeoJSON of it first",
        });
    }
    String::from_utf8(bytes).map_err(|error| Problem::Encoding {
        place: format!("byte {}", error.utf8_error().valid_up_to() + 1),
        expected: "UTF-8",
        gb18030: false,
    })
}
