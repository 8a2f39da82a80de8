//! Paths before they are cut into arcs: without repeats, exteriors one way round and holes the other.

use super::measure::ring_area_2;
use super::shapes::{Kind, Shapes, row};
use super::topology::TopologyReport;
use super::wrap::{closed_round_pole, laps};
use crate::WorldPoint;

/// Drops repeated points and paths that are too short, closes rings round a pole, and turns exteriors to positive area and holes to
/// negative. Paths keep their numbers; those dropped become empty.
pub(super) fn clean(shapes: &mut Shapes, report: &mut TopologyReport) {
    let mut grown: Vec<(usize, Vec<WorldPoint>)> = Vec::new();
    let (mut start, mut kept) = (0usize, 0usize);
    for path in 0..shapes.path_ends.len() {
        let end = shapes.path_ends[path] as usize;
        let first = kept;
        for at in start..end {
            let point = shapes.points[at];
            if kept == first || shapes.points[kept - 1] != point {
                shapes.points[kept] = point;
                kept += 1;
            }
        }
        start = end;
        let least = match shapes.kind {
            Kind::Lines => 2,
            Kind::Polygons => {
                while kept > first + 1 && shapes.points[first] == shapes.points[kept - 1] {
                    kept -= 1;
                }
                3
            }
        };
        if kept - first < least {
            kept = first;
            report.dropped_paths += 1;
        } else if shapes.kind == Kind::Polygons && laps(&shapes.points[first..kept]) != 0 {
            if let Some(closed) = closed_round_pole(&shapes.points[first..kept]) {
                grown.push((path, closed));
                report.pole_rings += 1;
            } else {
                report.dropped_paths += 1;
            }
            kept = first;
        }
        // Points are at most MAX_POINTS.
        shapes.path_ends[path] = u32::try_from(kept).unwrap_or(u32::MAX);
    }
    shapes.points.truncate(kept);
    if !grown.is_empty() {
        insert(shapes, grown);
    }
    if shapes.kind == Kind::Polygons {
        turn(shapes);
    }
}

fn insert(shapes: &mut Shapes, grown: Vec<(usize, Vec<WorldPoint>)>) {
    let more: usize = grown.iter().map(|(_, ring)| ring.len()).sum();
    let mut points = Vec::with_capacity(shapes.points.len() + more);
    let mut grown = grown.into_iter().peekable();
    let mut ends = Vec::with_capacity(shapes.path_ends.len());
    for path in 0..shapes.path_ends.len() {
        match grown.next_if(|(grown, _)| *grown == path) {
            Some((_, ring)) => points.extend(ring),
            None => points.extend_from_slice(&shapes.points[row(&shapes.path_ends, path)]),
        }
        ends.push(u32::try_from(points.len()).unwrap_or(u32::MAX));
    }
    shapes.points = points;
    shapes.path_ends = ends;
}

fn turn(shapes: &mut Shapes) {
    for part in 0..shapes.part_ends.len() {
        for (nth, path) in row(&shapes.part_ends, part).enumerate() {
            let ring = &mut shapes.points[row(&shapes.path_ends, path)];
            let area_2 = ring_area_2(ring);
            if (nth == 0 && area_2 < 0.0) || (nth > 0 && area_2 > 0.0) {
                ring.reverse();
            }
        }
    }
}
