//! Where tiles are too full for all polygons, the smallest become part of others instead of being left out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::options::Options;
use super::painter::{ClusterColumns, Gathered};
use super::shapes::{ShapeGround, level_options};
use super::work::add;
use crate::geometry::{CoarserArcs, Kind, Level};
use crate::plan::ShapePlan;

/// How often what is small grows before the rest is left out.
pub(super) const MOST_ROUNDS: u32 = 8;

/// The largest side of what is small: 64 pixels of 256.
const MOST_SIDE: u32 = 1 << 10;

/// Lets more polygons count as small at the zooms of which a plan leaves some out; whether there were any.
pub(super) fn join_more(
    ground: &mut ShapeGround,
    plan: &ShapePlan,
    options: &Options,
    last: u8,
) -> bool {
    if ground.kind != Kind::Polygons {
        return false;
    }
    let crowded: Vec<(u8, u32)> = (options.minzoom..=last)
        .filter_map(|z| Some((z, wider(ground, plan, z)?)))
        .collect();
    for &(z, side) in &crowded {
        ground.small_sides[usize::from(z)] = side;
    }
    let next = AtomicUsize::new(0);
    let made: Vec<(u8, Level)> = {
        let (ground, next, crowded) = (&*ground, &next, &crowded);
        let worker = move || {
            let mut made = Vec::new();
            while let Some(&(z, side)) = crowded.get(next.fetch_add(1, Ordering::Relaxed)) {
                let mut coarser = CoarserArcs::default();
                for one in ground.coarser.iter().filter(|one| one.zoom == z) {
                    coarser.add(&ground.topology, one.feature as usize, one.tolerance);
                }
                let options = level_options(&ground.topology, options, (z, last), side);
                let level = Level::build_coarser(&ground.topology, z, &options, &coarser);
                made.push((z, level));
            }
            made
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..options.threads.clamp(1, crowded.len().max(1)))
                .map(|_| scope.spawn(worker))
                .collect();
            let made = workers.into_iter().map(|worker| match worker.join() {
                Ok(made) => made,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            made.flatten().collect()
        })
    };
    for (z, level) in made {
        ground.levels[usize::from(z)] = Some(level);
    }
    ground.note_boxes();
    !crowded.is_empty()
}

/// The side below which polygons are to be small at a zoom, so that about as many are left as it can show; `None` where it shows all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side of a tile or so, cut to the range of the type"
)]
fn wider(ground: &ShapeGround, plan: &ShapePlan, z: u8) -> Option<u32> {
    let level = ground.levels[usize::from(z)].as_ref()?;
    let before = ground.small_sides[usize::from(z)];
    if before >= MOST_SIDE {
        return None;
    }
    let topology = &ground.topology;
    let (mut areas, mut shown) = (Vec::new(), 0);
    for feature in 0..u32::try_from(topology.features()).unwrap_or(u32::MAX) {
        let seen = level.feature_vertices(topology, feature as usize) > 0;
        if seen && plan.allows(feature, z) {
            areas.push(level.feature_area_units(topology, feature as usize));
            shown += usize::from(plan.shown_from[feature as usize] <= z);
        }
    }
    let hidden = areas.len() - shown;
    let last = hidden.checked_sub(1)?;
    let (_, largest, _) = areas.select_nth_unstable_by(last, f64::total_cmp);
    let wanted = largest.sqrt().ceil() as u32;
    Some(wanted.max(before + before / 4 + 1).min(MOST_SIDE))
}

/// What polygons of a zoom stand for, where that is more than themselves.
pub(super) fn gathered(
    ground: &ShapeGround,
    z: u8,
    columns: &ClusterColumns,
) -> HashMap<u32, Gathered> {
    let mut found: HashMap<u32, Gathered> = HashMap::new();
    let Some(level) = &ground.levels[usize::from(z)] else {
        return found;
    };
    let topology = &ground.topology;
    for feature in 0..topology.features() {
        let allowed = ground.head(feature).zooms >> z & 1 == 1;
        if !allowed || level.feature_vertices(topology, feature) > 0 {
            continue;
        }
        let largest = topology.parts(feature).max_by(|&one, &other| {
            let area = |part| topology.part_area(part);
            area(one).total_cmp(&area(other)).then(other.cmp(&one))
        });
        let by = largest.and_then(|part| level.absorbed_by(part));
        let Some(by) = by.map(|part| topology.feature_of(part)) else {
            continue;
        };
        let Ok(number) = u32::try_from(by) else {
            continue;
        };
        let into = found.entry(number).or_insert_with(|| {
            let mut own = Gathered::new(columns);
            add(&mut own, ground.columns.rest(by), columns);
            own
        });
        add(into, ground.columns.rest(feature), columns);
    }
    found
}
