//! What each zoom shows, for the report.

use super::report::ZoomReport;
use super::work::{Ground, Outcome};

/// What each zoom shows.
pub(super) fn zoom_reports(
    ground: &Ground<'_>,
    outcomes: &[Outcome],
    first: u8,
    last: u8,
) -> Vec<ZoomReport> {
    let plan = ground.points;
    (first..=last)
        .map(|z| {
            let (mut allowed, mut shown, mut joined) = (0, 0, 0);
            for place in 0..plan.shown_from.len() {
                if plan.allows(place, z) {
                    allowed += 1;
                    shown += u64::from(plan.shown_from[place] <= z);
                }
            }
            let mut too_small = 0;
            for (shapes, plan) in ground.shapes.iter().flatten() {
                let Some(level) = &shapes.levels[usize::from(z)] else {
                    continue;
                };
                for feature in 0..u32::try_from(plan.buckets.len()).unwrap_or(u32::MAX) {
                    if !plan.allows(feature, z) {
                        continue;
                    }
                    allowed += 1;
                    let seen = level.feature_vertices(&shapes.topology, feature as usize) > 0;
                    let small = !seen && !shapes.is_joined(feature, z);
                    too_small += u64::from(small);
                    joined += u64::from(!seen && !small);
                    shown += u64::from(!seen || plan.shown_from[feature as usize] <= z);
                }
            }
            let hidden = allowed - shown;
            let clustered = if ground.clusters.is_some() { hidden } else { 0 };
            let outcome = &outcomes[usize::from(z)];
            ZoomReport {
                zoom: z,
                features: allowed,
                dropped: hidden - clustered,
                clustered,
                joined,
                too_small,
                given_up: outcome.given_up,
                full_tiles: outcome.full,
            }
        })
        .collect()
}
