//! Lines with the same attributes joined end to end.

use std::collections::HashMap;

use super::gather::{ShapeColumns, TooManyVertices};
use super::row::take_head;
use crate::geometry::{Shapes, coalesce};

/// Joins lines of the same layer, zooms and attributes where exactly two of them meet. Each line becomes a feature, with the number and
/// the id of its first.
pub(crate) fn coalesced(mut lines: ShapeColumns) -> Result<ShapeColumns, TooManyVertices> {
    let mut known: HashMap<(u32, u32, &[u8]), u32, foldhash::fast::FixedState> = HashMap::default();
    let groups: Vec<u32> = (0..lines.len())
        .map(|feature| {
            let mut rest = lines.rest(feature);
            let head = take_head(&mut rest);
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry((head.layer, head.zooms, rest)).or_insert(next)
        })
        .collect();
    drop(known);
    let shapes = Shapes::lines(
        std::mem::take(&mut lines.points),
        std::mem::take(&mut lines.path_ends),
        std::mem::take(&mut lines.feature_ends),
    );
    let joined = coalesce(shapes.map_err(|_| TooManyVertices)?, &groups);
    let mut all = ShapeColumns::default();
    for &source in &joined.sources {
        all.rows.extend_from_slice(lines.rest(source as usize));
        all.row_ends.push(all.rows.len());
    }
    (all.points, [all.path_ends, all.part_ends, all.feature_ends]) = joined.shapes.into_columns();
    Ok(all)
}
