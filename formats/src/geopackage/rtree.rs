//! The nodes of `SQLite`'s R-tree, packed along a Hilbert curve and written straight into the tables that the module keeps
//! them in: a tenth of the time of so many insertions, and fuller nodes.
//!
//! The format of nodes is `SQLite`'s (`ext/rtree/rtree.c`): depth of the tree (root only), number of cells, then cells of an id
//! and the box as four floats, minimum before maximum of each axis, all big-endian, padded to one size.

use rusqlite::{Connection, Error};

use super::schema::quoted;
use crate::feature::{down, up};
use crate::hilbert::Curve;

/// Cells of a node: what the module makes of two dimensions and pages of 4096 bytes.
const CELLS: usize = 51;
const CELL_BYTES: usize = 24;
const NODE_BYTES: usize = 4 + CELLS * CELL_BYTES;

/// A box with the row or node that it is around.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    id: i64,
    /// West, east, south, north.
    around: [f32; 4],
}

impl Entry {
    /// `around`: west, south, east, north; taken outward to the next `f32`.
    pub(super) fn new(id: i64, [west, south, east, north]: [f64; 4]) -> Self {
        Self {
            id,
            around: [down(west), up(east), down(south), up(north)],
        }
    }

    fn middle(&self) -> [f64; 2] {
        let [west, east, south, north] = self.around.map(f64::from);
        [f64::midpoint(west, east), f64::midpoint(south, north)]
    }
}

/// How many nodes each level has, leaves first; one at the top.
fn levels(entries: usize) -> Vec<usize> {
    let mut levels = vec![entries.div_ceil(CELLS).max(1)];
    while let Some(below) = levels.last().filter(|nodes| **nodes > 1) {
        levels.push(below.div_ceil(CELLS));
    }
    levels
}

/// Writes the nodes into the tables of an empty virtual table.
pub(super) fn fill(
    connection: &Connection,
    rtree: &str,
    mut entries: Vec<Entry>,
    extent: [f64; 4],
) -> Result<(), Error> {
    let curve = Curve::over(extent);
    entries.sort_by_cached_key(|entry| (curve.key(entry.middle()), entry.id));
    let levels = levels(entries.len());
    // The root is node 1; levels follow from the top, so that numbers grow as they are written.
    let mut first: Vec<usize> = Vec::with_capacity(levels.len());
    let mut next = 1;
    for nodes in levels.iter().rev() {
        first.push(next);
        next += nodes;
    }
    first.reverse();
    let table = |end: &str| quoted(&format!("{rtree}_{end}"));
    let (node, rowid, parent) = (table("node"), table("rowid"), table("parent"));
    connection.execute(&format!("DELETE FROM {node}"), [])?;
    let mut parents: Vec<(i64, i64)> = Vec::new();
    let mut leaf_of: Vec<(i64, i64)> = Vec::with_capacity(entries.len());
    let mut written: Vec<Vec<(i64, Vec<u8>)>> = Vec::new();
    for (level, nodes) in levels.iter().enumerate() {
        let mut above = Vec::with_capacity(*nodes);
        let mut blobs = Vec::with_capacity(*nodes);
        let is_root = level + 1 == levels.len();
        for number in 0..*nodes {
            // All nodes of a level hold as many, give or take one.
            let range = number * entries.len() / nodes..(number + 1) * entries.len() / nodes;
            let id = whole(first[level] + number);
            let of = &entries[range];
            let of_leaf = of.iter().map(|entry| (entry.id, id));
            if level == 0 {
                leaf_of.extend(of_leaf);
            } else {
                parents.extend(of_leaf);
            }
            let depth = if is_root { level } else { 0 };
            blobs.push((id, blob(depth, of)));
            above.push(around(id, of));
        }
        written.push(blobs);
        entries = above;
    }
    let mut insert = connection.prepare(&format!("INSERT INTO {node} VALUES (?1, ?2)"))?;
    for (id, blob) in written.iter().rev().flatten() {
        insert.execute((id, blob))?;
    }
    drop(written);
    parents.sort_unstable();
    let mut insert = connection.prepare(&format!("INSERT INTO {parent} VALUES (?1, ?2)"))?;
    for pair in parents {
        insert.execute(pair)?;
    }
    leaf_of.sort_unstable();
    let mut insert = connection.prepare(&format!("INSERT INTO {rowid} VALUES (?1, ?2)"))?;
    for pair in leaf_of {
        insert.execute(pair)?;
    }
    Ok(())
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn blob(depth: usize, entries: &[Entry]) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
    let mut blob = Vec::with_capacity(NODE_BYTES);
    blob.extend_from_slice(&short(depth));
    blob.extend_from_slice(&short(entries.len()));
    for entry in entries {
        blob.extend_from_slice(&entry.id.to_be_bytes());
        for edge in entry.around {
            blob.extend_from_slice(&edge.to_be_bytes());
        }
    }
    blob.resize(NODE_BYTES, 0);
    blob
}

fn around(id: i64, entries: &[Entry]) -> Entry {
    let mut around = [
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::INFINITY,
        f32::NEG_INFINITY,
    ];
    for entry in entries {
        for axis in [0, 2] {
            around[axis] = around[axis].min(entry.around[axis]);
            around[axis + 1] = around[axis + 1].max(entry.around[axis + 1]);
        }
    }
    Entry { id, around }
}
