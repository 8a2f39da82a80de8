//! The vertices of an arc that matter at a tolerance, on the grid of a zoom.

use super::topology::Topology;

/// Writes the vertices of an arc that matter at a tolerance in world units, rounded; its ends always.
pub(super) fn filter(
    topology: &Topology,
    arc: u32,
    shift: u32,
    tolerance: f64,
    into: &mut Vec<[u32; 2]>,
) {
    let least = squared(tolerance);
    let points = topology.arc(arc);
    if topology.peak(arc) <= least {
        let ends = points.first().into_iter().chain(points.last());
        into.extend(ends.map(|point| [round(point.x, shift), round(point.y, shift)]));
        return;
    }
    let significance = topology.arc_significance(arc);
    let end = points.len().saturating_sub(1);
    let mut previous = None;
    for (at, (point, &value)) in points.iter().zip(significance).enumerate() {
        if value > least {
            let rounded = [round(point.x, shift), round(point.y, shift)];
            if previous != Some(rounded) || at == end {
                into.push(rounded);
                previous = Some(rounded);
            }
        }
    }
}
#[expect(clippy::cast_possible_truncation, reason = "at most 2^66")]
pub(super) fn squared(tolerance: f64) -> f32 {
    if tolerance > 0.0 {
        (tolerance * tolerance) as f32
    } else {
        -1.0
    }
}

#[inline]
pub(super) fn round(at: u32, shift: u32) -> u32 {
    let half = (1u64 << shift) >> 1;
    u32::try_from((u64::from(at) + half) >> shift).unwrap_or(u32::MAX)
}
