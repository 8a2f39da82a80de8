//! Puts right what can be put right without loss: repeated vertices, and rings that run the wrong way round. What the file
//! left open was closed when it was read.

use input::features::{FeatureBatch, GeometryKind};

use super::geometry::{is_short, runs_wrong};

/// Mends a block. Rings that would have too few vertices left stay as they are.
pub(crate) fn fix(batch: &mut FeatureBatch) {
    let kinds = kinds(batch);
    let mut lonlat = Vec::with_capacity(batch.lonlat.len());
    let mut ends = Vec::with_capacity(batch.rings.len());
    let mut start = 0;
    for (end, ring) in batch.rings.iter().zip(&kinds) {
        let run = &batch.lonlat[start..*end as usize];
        start = *end as usize;
        let first = lonlat.len();
        let keep = match ring {
            Ring::Points => true,
            Ring::Line => run.iter().all(|vertex| Some(vertex) == run.first()),
            Ring::Exterior | Ring::Hole => is_short(run),
        };
        if keep {
            lonlat.extend_from_slice(run);
        } else {
            for vertex in run {
                if lonlat.len() == first || lonlat.last() != Some(vertex) {
                    lonlat.push(*vertex);
                }
            }
            let exterior = *ring == Ring::Exterior;
            if *ring != Ring::Line && runs_wrong(&lonlat[first..], exterior) {
                lonlat[first..].reverse();
            }
        }
        ends.push(u32::try_from(lonlat.len()).unwrap_or(u32::MAX));
    }
    batch.lonlat = lonlat;
    batch.rings = ends;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ring {
    Points,
    Line,
    Exterior,
    Hole,
}

/// What each run of vertices is.
fn kinds(batch: &FeatureBatch) -> Vec<Ring> {
    let mut kinds = vec![Ring::Points; batch.rings.len()];
    for row in &batch.rows {
        let of = match row.kind {
            GeometryKind::None | GeometryKind::Point => continue,
            GeometryKind::Line => [Ring::Line; 2],
            GeometryKind::Polygon => [Ring::Exterior, Ring::Hole],
        };
        for part in row.parts.range() {
            let before = part
                .checked_sub(1)
                .and_then(|before| batch.parts.get(before));
            let first = before.map_or(0, |end| *end as usize);
            let end = batch.parts.get(part).map_or(first, |end| *end as usize);
            for (number, kind) in kinds[first..end].iter_mut().enumerate() {
                *kind = of[usize::from(number > 0)];
            }
        }
    }
    kinds
}
