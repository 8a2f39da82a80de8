//! Features between the file and the tiles: rows of bytes in the order of the tiles.

mod coalesce;
mod collect;
mod gather;
mod intake;
mod labels;
mod row;
mod rules;
mod statistics;
mod store;
mod texts;

pub use intake::Counts;
pub use rules::Rules;

pub(crate) use coalesce::coalesced;
pub(crate) use gather::{Dictionary, Features, GatherError, Gathering, ShapeColumns};
pub(crate) use intake::Intake;
pub(crate) use row::{RowHead, take_cell, take_head};
pub(crate) use store::{Chunk, Store};
pub(crate) use texts::{OWN, TextTable};

/// A store of points without attributes, numbered as they come.
#[cfg(test)]
pub(crate) fn store_of(points: &[crate::WorldPoint]) -> Store {
    let mut rows = collect::RowSet::default();
    for (number, &at) in (0u64..).zip(points) {
        let mut rest = Vec::new();
        let head = RowHead {
            number,
            layer: 0,
            id: None,
            zooms: u32::MAX,
        };
        row::write_head(head, &mut rest);
        rows.push(at, &rest);
    }
    let mut sorter = collect::Sorter::new(&std::env::temp_dir(), usize::MAX, 1);
    let translation = collect::Translation {
        layers: vec![0],
        ..collect::Translation::default()
    };
    sorter.push(rows, translation).expect("in memory");
    sorter.finish().expect("in memory")
}
