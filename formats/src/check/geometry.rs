//! What is wrong with a geometry.

#![expect(clippy::float_cmp, reason = "vertices are the same or they are not")]

use input::features::{FeatureView, GeometryKind, Part};

use super::crossings::{self, Crossing};
use super::finding::Code;

/// Tells what is wrong with a geometry: kind, how often, and where.
pub(super) fn check(view: FeatureView<'_>, mut found: impl FnMut(Code, u64, Option<[f64; 2]>)) {
    match view.kind() {
        GeometryKind::None => found(Code::NoGeometry, 1, None),
        _ if view.vertices().is_empty() => found(Code::EmptyGeometry, 1, None),
        GeometryKind::Point => {}
        GeometryKind::Line => {
            for part in view.parts() {
                for run in part.rings() {
                    repeats(run, &mut found);
                    if run.iter().all(|vertex| Some(vertex) == run.first()) {
                        found(Code::ShortLine, 1, run.first().copied());
                    }
                }
            }
        }
        GeometryKind::Polygon => view.parts().for_each(|part| polygon(&part, &mut found)),
    }
}

fn repeats(run: &[[f64; 2]], found: &mut impl FnMut(Code, u64, Option<[f64; 2]>)) {
    let mut repeated = run
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0]);
    if let Some(first) = repeated.next() {
        found(
            Code::DuplicateVertices,
            1 + repeated.count() as u64,
            Some(first),
        );
    }
}

fn polygon(part: &Part<'_>, found: &mut impl FnMut(Code, u64, Option<[f64; 2]>)) {
    let mut short = false;
    for (number, ring) in part.rings().enumerate() {
        repeats(ring, found);
        if is_short(ring) {
            short = true;
            found(Code::ShortRing, 1, ring.first().copied());
        } else if runs_wrong(ring, number == 0) {
            found(Code::Winding, 1, ring.first().copied());
        }
    }
    if short {
        // Nothing more can be said of it.
        return;
    }
    match crossings::first(part.rings()) {
        Some(Crossing::Itself(at)) => found(Code::SelfIntersection, 1, Some(at)),
        Some(Crossing::Others(at)) => found(Code::RingsCross, 1, Some(at)),
        Some(Crossing::Unknown) => found(Code::NotChecked, 1, None),
        None => {
            let mut rings = part.rings();
            let exterior = rings.next().unwrap_or_default();
            let around = extent(exterior);
            for hole in rings {
                // No ring crosses another: one vertex that is not on the border tells.
                let outside = |vertex: &[f64; 2]| {
                    if !holds(around, *vertex) {
                        return Some(true);
                    }
                    crossings::inside(exterior, *vertex).map(|inside| !inside)
                };
                if hole.iter().find_map(outside) == Some(true) {
                    found(Code::HoleOutside, 1, hole.first().copied());
                }
            }
        }
    }
}

fn extent(ring: &[[f64; 2]]) -> [f64; 4] {
    let mut around = crate::feature::EMPTY;
    crate::feature::grow(&mut around, ring);
    around
}

fn holds([west, south, east, north]: [f64; 4], [x, y]: [f64; 2]) -> bool {
    west <= x && x <= east && south <= y && y <= north
}

/// Whether a closed ring has fewer than three different vertices.
pub(super) fn is_short(ring: &[[f64; 2]]) -> bool {
    let Some(first) = ring.first() else {
        return true;
    };
    let Some(second) = ring.iter().find(|vertex| *vertex != first) else {
        return true;
    };
    !ring
        .iter()
        .any(|vertex| vertex != first && vertex != second)
}

/// Whether a ring runs the other way than RFC 7946 wants it: exteriors counter-clockwise, holes clockwise.
pub(crate) fn runs_wrong(ring: &[[f64; 2]], exterior: bool) -> bool {
    let Some([x0, y0]) = ring.first() else {
        return false;
    };
    // From the first vertex on, so that small rings far from the origin keep their digits.
    let twice: f64 = ring
        .windows(2)
        .map(|pair| {
            let (ax, ay) = (pair[0][0] - x0, pair[0][1] - y0);
            let (bx, by) = (pair[1][0] - x0, pair[1][1] - y0);
            ax * by - bx * ay
        })
        .sum();
    if exterior { twice < 0.0 } else { twice > 0.0 }
}
