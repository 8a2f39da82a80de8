//! `TopoJSON`: arcs are read first, since every geometry is made of them; then one geometry after the other is a feature.

mod topology;

use super::batch::Span;
use super::cut::Block;
use super::drive::{Blocks, Rows};
use super::json::{self, Scan};
use super::lines::RowTaker;
use super::writer::{Writer, index};
use crate::columns::listed;
use crate::{InputError, Problem, source};
use topology::Topology;

/// The most of a file: it is held in memory, text and arcs.
pub(super) const MOST_BYTES: u64 = 1 << 30;

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
pub(super) struct TopoRows(Topology);

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
        rows: TopoRows(topology),
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
    let row_of = |start, end| Span {
        start: index(start),
        end: index(end),
    };
    let Some(at) = geometries.filter(|_| is_collection) else {
        return Ok(vec![row_of(start, end)]);
    };
    let mut rows = Vec::new();
    scan.at = at;
    scan.each(|scan| {
        scan.space();
        let start = scan.at;
        scan.value()?;
        rows.push(row_of(start, scan.at));
        Ok(())
    })?;
    Ok(rows)
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
