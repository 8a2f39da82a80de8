//! What was found odd in lines and polygons, in words.

use super::shapes::ShapeGround;
use super::work::Outcome;
use crate::geometry::Kind;

/// How many features are named in a note.
const MOST_NAMED: usize = 3;

/// Names the first few features by their place in the input, from 1.
pub(super) fn named(numbers: &[u64]) -> String {
    let mut names: Vec<String> = numbers
        .iter()
        .take(MOST_NAMED)
        .map(|number| (number + 1).to_string())
        .collect();
    if numbers.len() > MOST_NAMED {
        names.push("…".to_owned());
    }
    match numbers {
        [_] => format!("feature {}", names[0]),
        _ => format!("features {}", names.join(", ")),
    }
}

/// What was found odd in lines or polygons.
pub(super) fn notes(ground: &ShapeGround) -> Vec<String> {
    let found = ground.topology.report();
    let mut notes = Vec::new();
    let mut over: Vec<u64> = ground
        .topology
        .over_antimeridian()
        .map(|feature| ground.head(feature).number)
        .collect();
    over.sort_unstable();
    if !over.is_empty() {
        let what = match ground.kind {
            Kind::Lines => "lines",
            Kind::Polygons => "polygons",
        };
        notes.push(format!(
            "{} {what} with a step of more than 180° of longitude, taken the short way, over the antimeridian: {}; what is \
             wider needs a vertex on the way",
            over.len(),
            named(&over),
        ));
    }
    let paths = match ground.kind {
        Kind::Lines => "lines with less than two different vertices left out",
        Kind::Polygons => "rings with less than three different vertices left out",
    };
    for (count, what) in [
        (found.pole_rings, "rings round a pole closed along the edge"),
        (found.dropped_paths, paths),
        (found.snapped_vertices, "vertices moved by --snap"),
    ] {
        if count > 0 {
            notes.push(format!("{count} {what}"));
        }
    }
    notes.extend(super::fit::notes(ground, &ground.coarser));
    notes
}

/// Features that no tile of a zoom could hold, in words; outcomes are by zoom.
pub(super) fn too_large(outcomes: &[Outcome]) -> Vec<String> {
    let zooms = outcomes.iter().enumerate();
    zooms
        .filter(|(_, outcome)| outcome.too_large.1 > 0)
        .map(|(z, outcome)| {
            let (numbers, tiles) = &outcome.too_large;
            format!(
                "zoom {z}: {} larger than a tile may be and not in {tiles} tiles",
                named(numbers)
            )
        })
        .collect()
}
