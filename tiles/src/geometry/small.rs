//! What stands for polygons that are too small or too thin for a zoom.

use super::grid::GridPoint;
use super::level::Level;
use super::measure::{float, unwrapped};
use super::parts::PartState;
use super::tolerance::SMALL_SIDE_UNITS;
use super::topology::Topology;
use super::world_box::WorldBox;

/// Gathers the area of small parts in their order and lets a square stand for each that they fill, in the place of the part that
/// gave most.
pub(super) fn gather_dust(topology: &Topology, level: &mut Level, side: u32) {
    let square = f64::from(side) * f64::from(side);
    let per_unit_2 = 1.0 / (level.unit() * level.unit());
    let mut gathered = 0.0;
    let mut most: Option<(usize, f64)> = None;
    let mut givers: Vec<usize> = Vec::new();
    for part in 0..topology.part_count() {
        let Some((bounds, area)) = shown(topology, level, part) else {
            continue;
        };
        if !is_small(level, bounds, side) {
            continue;
        }
        level.states[part] = PartState::Gone;
        gathered += area * per_unit_2;
        givers.push(part);
        if most.is_none_or(|(_, most)| area > most) {
            most = Some((part, area));
        }
        if gathered >= square {
            gathered -= square;
            stand_for(topology, level, most.take(), &mut givers, side);
        }
    }
    // What is left over is worth a square when it is more than half of one.
    if gathered >= square / 2.0 {
        stand_for(topology, level, most, &mut givers, side);
    }
}

/// Lets a square stand for each small part.
pub(super) fn mark_each(topology: &Topology, level: &mut Level, side: u32) {
    for part in 0..topology.part_count() {
        if let Some((bounds, area)) = shown(topology, level, part)
            && is_small(level, bounds, side)
        {
            stand_for(topology, level, Some((part, area)), &mut vec![part], side);
        }
    }
}

/// Lets a square stand for a part.
pub(super) fn mark(topology: &Topology, level: &mut Level, part: usize) {
    let area = topology.part_area(part);
    let givers = &mut vec![part];
    stand_for(
        topology,
        level,
        Some((part, area)),
        givers,
        SMALL_SIDE_UNITS,
    );
}

/// Returns the box and the area of what a part shows.
fn shown(topology: &Topology, level: &Level, part: usize) -> Option<(WorldBox, f64)> {
    match level.states[part] {
        PartState::Drawn => topology
            .part_box(part)
            .map(|bounds| (bounds, topology.part_area(part))),
        PartState::Joined => level
            .joined(part)
            .map(|joined| (joined.bounds, joined.area)),
        PartState::Gone | PartState::StandIn => None,
    }
}

fn is_small(level: &Level, bounds: WorldBox, side: u32) -> bool {
    let side = i64::from(side) << level.shift();
    bounds.width() < side && bounds.height() < side
}

fn stand_for(
    topology: &Topology,
    level: &mut Level,
    most: Option<(usize, f64)>,
    givers: &mut Vec<usize>,
    side: u32,
) {
    let side = i64::from(side);
    let number = |part: usize| u32::try_from(part).unwrap_or(u32::MAX);
    if let Some((part, _)) = most
        && let Some(bounds) = topology.part_box(part)
    {
        let shift = level.shift();
        let corner = |middle_2: i64| (middle_2 >> (shift + 1)) - side / 2;
        let world = i64::from(super::EXTENT) << level.z();
        let x = corner(bounds.west + bounds.east);
        let y = corner(i64::from(bounds.north) + i64::from(bounds.south)).clamp(0, world - side);
        level.states[part] = PartState::StandIn;
        level
            .stand_ins
            .push((number(part), box_ring(x, y, side, side)));
        let others = givers.iter().filter(|&&giver| giver != part);
        level
            .absorbed
            .extend(others.map(|&giver| (number(giver), number(part))));
    }
    givers.clear();
}

fn box_ring(x: i64, y: i64, width: i64, height: i64) -> [GridPoint; 4] {
    [(0, 0), (width, 0), (width, height), (0, height)].map(|(dx, dy)| GridPoint {
        x: x + dx,
        y: y + dy,
    })
}

/// Returns a ribbon one unit wide along the longest extent of a part; `None` when that is less than a unit.
pub(super) fn ribbon(topology: &Topology, part: usize, shift: u32) -> Option<[GridPoint; 4]> {
    let refs = topology.rings(part).next()?;
    let ring: Vec<(i64, i64)> = match refs {
        // Of several arcs, the laps over the antimeridian are not known here; then positions are taken as they are.
        [only] => unwrapped(topology.arc(only >> 1)).collect(),
        several => several
            .iter()
            .flat_map(|arc| topology.arc(arc >> 1))
            .map(|point| (i64::from(point.x), i64::from(point.y)))
            .collect(),
    };
    let farthest_from = |from: (i64, i64)| {
        let distance = |&&to: &&(i64, i64)| float(to.0 - from.0).hypot(float(to.1 - from.1));
        ring.iter()
            .max_by(|one, other| distance(one).total_cmp(&distance(other)))
            .copied()
    };
    let start = farthest_from(*ring.first()?)?;
    let end = farthest_from(start)?;
    let round = |at: i64| (at + ((1 << shift) >> 1)) >> shift;
    let point = |at: (i64, i64)| GridPoint {
        x: round(at.0),
        y: round(at.1),
    };
    let (a, b) = (point(start.min(end)), point(start.max(end)));
    let (width, height) = (b.x - a.x, (b.y - a.y).abs());
    if width == 0 && height == 0 {
        return None;
    }
    let beside = |at: GridPoint| {
        let (dx, dy) = if width >= height { (0, 1) } else { (-1, 0) };
        GridPoint {
            x: at.x + dx,
            y: at.y + dy,
        }
    };
    let (a, b) = if width < height && b.y < a.y {
        (b, a)
    } else {
        (a, b)
    };
    Some([a, b, beside(b), beside(a)])
}
