//! Fingerprints of what tiles depend on: what is resumed or merged has to be of the same.

use super::options::Options;
use crate::archive::Fingerprint;
use crate::plan::PointPlan;

/// Fingerprints of all that the tiles depend on, and of the decisions. `features` has one of each batch that was read.
pub(super) fn fingerprints(
    features: &[u8],
    plan: &PointPlan,
    options: &Options,
    last: u8,
) -> (Fingerprint, Fingerprint) {
    let mut all = Fingerprint::of(features).0.to_le_bytes().to_vec();
    all.extend_from_slice(&Fingerprint::of(&plan.shown_from).0.to_le_bytes());
    let settings = format!(
        "{} {} {last} {:?} {:?} {:?} {} {} {:?} {} {} {} {} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        options.minzoom,
        options.keep,
        options.limits,
        options.cluster,
        options.buffer,
        options.simplify,
        options.small,
        options.snap_units,
        options.input_order,
        options.coalesce,
        options.level,
        options.join_smallest,
        options.labels,
    );
    all.extend_from_slice(settings.as_bytes());
    let plan = Fingerprint::of(&all);
    let part = format!("{:032x} {:?}", plan.0, options.part);
    (Fingerprint::of(part.as_bytes()), plan)
}
