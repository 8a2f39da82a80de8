//! What threads laid out, area by area, sorted into the cells.

#![expect(
    clippy::cast_possible_truncation,
    reason = "cells, entries and edges are counted below 2³²"
)]

use super::cells::Entry;

/// What one thread lays out: entries with their cell, and the edges of each, in the order of the areas.
#[derive(Default)]
pub(super) struct Part {
    pub(super) cells: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    pub(super) edges: Vec<u32>,
    /// The edges of all parts before.
    edges_before: u32,
}

/// A stretch of the cells, on the way to where their entries start.
struct Stretch<'c> {
    /// How many entries each cell has; then where the next entry of each goes.
    cells: &'c mut [u32],
    /// The first cell.
    first: usize,
    /// How many entries all of them have.
    entries: usize,
}

impl Stretch<'_> {
    /// The place of a cell, if it is one of these.
    #[inline]
    fn cell(&mut self, cell: u32) -> Option<&mut u32> {
        self.cells.get_mut((cell as usize).wrapping_sub(self.first))
    }

    /// Counts the entries of each cell and turns that into where they start, from 0.
    fn count(&mut self, parts: &[Part]) {
        for cell in parts.iter().flat_map(|part| &part.cells) {
            if let Some(count) = self.cell(*cell) {
                *count += 1;
            }
        }
        let mut next = 0;
        for start in &mut *self.cells {
            next += std::mem::replace(start, next);
        }
        self.entries = next as usize;
    }

    /// Sorts the entries into their cells, of which `before` entries come first; each start moves to its end.
    fn sort(mut self, parts: &[Part], before: usize, entries: &mut [Entry]) {
        for part in parts {
            for (cell, entry) in part.cells.iter().zip(&part.entries) {
                if let Some(place) = self.cell(*cell) {
                    entries[*place as usize] = Entry {
                        edges: entry.edges + part.edges_before,
                        ..*entry
                    };
                    *place += 1;
                }
            }
        }
        for end in self.cells {
            *end += before as u32;
        }
    }
}

/// Where the entries of each cell start, and the end; the entries by cell, those of one in the order of the areas;
/// and all edges. Each thread takes a stretch of the cells; this one does meanwhile what no other can.
pub(super) fn by_cell(
    mut parts: Vec<Part>,
    count: usize,
    threads: usize,
) -> (Vec<u32>, Vec<Entry>, Vec<u32>) {
    let (mut edges, mut before) = (Vec::with_capacity(parts.len()), 0);
    for part in &mut parts {
        part.edges_before = before;
        before += part.edges.len() as u32;
        edges.push(std::mem::take(&mut part.edges));
    }
    let mut cells = vec![0_u32; count + 1];
    let size = count.div_ceil(threads);
    let mut stretches: Vec<Stretch<'_>> = cells[..count]
        .chunks_mut(size)
        .zip((0..).step_by(size))
        .map(|(cells, first)| Stretch {
            cells,
            first,
            entries: 0,
        })
        .collect();
    let mut entries = std::thread::scope(|scope| {
        for stretch in &mut stretches {
            let parts = &parts;
            scope.spawn(move || stretch.count(parts));
        }
        vec![Entry::default(); parts.iter().map(|part| part.entries.len()).sum()]
    });
    let edges = std::thread::scope(|scope| {
        let (mut room, mut before) = (&mut entries[..], 0);
        for stretch in stretches {
            let (here, rest) = std::mem::take(&mut room).split_at_mut(stretch.entries);
            room = rest;
            let (parts, first) = (&parts, before);
            before += stretch.entries;
            scope.spawn(move || stretch.sort(parts, first, here));
        }
        // The first part's edges stay where they are.
        let mut edges = edges.into_iter();
        let mut all = edges.next().unwrap_or_default();
        for more in edges {
            all.extend_from_slice(&more);
        }
        all
    });
    // Each start stands now at its end, which is the start of the next.
    cells.rotate_right(1);
    cells[0] = 0;
    (cells, entries, edges)
}
