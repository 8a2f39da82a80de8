//! Features that are larger than a tile may be are simplified further before anything is planned.

use super::options::Options;
use super::painter::Item;
use super::shapes::{ShapeGround, level_options};
use super::weigh::Scale;
use crate::columns::Dictionary;
use crate::geometry::{CoarserArcs, Kind, Level, SMALL_SIDE_UNITS, TileWindow};
use crate::mvt::GeometryType;

/// A feature that was simplified further.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coarser {
    pub(super) zoom: u8,
    pub(super) feature: u32,
    /// In grid units.
    pub(super) tolerance: f64,
}

/// How often a tolerance is doubled: up to a tile's side.
const DOUBLINGS: u32 = 12;

/// More bytes than a vertex has in a tile as stored, but for attributes.
const VERTEX_BYTES: u64 = 4;

/// What is simplified further takes at most this part of a tile: a third.
const SHARE: u64 = 3;

/// Finds, for each zoom, features that would not fit into a tile by themselves, and simplifies their borders with twice the tolerance, four
/// times, and so on, until they leave most of the tile to others. Those that share a border with them change alike.
pub(super) fn fit(
    ground: &mut ShapeGround,
    names: &Dictionary,
    options: &Options,
    last: u8,
    shared: bool,
) -> Vec<Coarser> {
    // Where tiles are shared with other kinds of features, a whole one is nobody's.
    let whole = options.limits.bytes;
    let Some(cap) = whole.map(|cap| if shared { cap / SHARE } else { cap }) else {
        return Vec::new();
    };
    let topology = &ground.topology;
    let features = 0..u32::try_from(topology.features()).unwrap_or(u32::MAX);
    let large: Vec<u32> = features
        .filter(|&feature| topology.feature_vertices(feature as usize) as u64 * VERTEX_BYTES > cap)
        .collect();
    let target = if shared { cap } else { cap / SHARE };
    let mut found = Vec::new();
    if large.is_empty() {
        return found;
    }
    let mut scale = Scale::new(names, None, options.buffer, options.level);
    for z in options.minzoom..=last {
        let Some(level) = &ground.levels[usize::from(z)] else {
            continue;
        };
        let mut too_large: Vec<u32> = large
            .iter()
            .copied()
            .filter(|&feature| {
                let vertices = level.feature_vertices(&ground.topology, feature as usize);
                vertices as u64 * VERTEX_BYTES > cap
                    && heaviest(ground, level, feature, cap, &mut scale) > cap
            })
            .collect();
        if too_large.is_empty() {
            continue;
        }
        let level_options = level_options(&ground.topology, options, (z, last), SMALL_SIDE_UNITS);
        let first = level_options.tolerance_units.max(1.0);
        let mut tolerances = vec![0.0; too_large.len()];
        let all = too_large.clone();
        for doubling in 0..DOUBLINGS {
            let factor = if z == last { doubling } else { doubling + 1 };
            let tolerance = first * f64::from(1u32 << factor);
            for (feature, own) in all.iter().zip(&mut tolerances) {
                if too_large.contains(feature) {
                    *own = tolerance;
                }
            }
            let mut coarser = CoarserArcs::default();
            for (&feature, &tolerance) in all.iter().zip(&tolerances) {
                coarser.add(&ground.topology, feature as usize, tolerance);
            }
            let level = Level::build_coarser(&ground.topology, z, &level_options, &coarser);
            too_large
                .retain(|&feature| heaviest(ground, &level, feature, target, &mut scale) > target);
            ground.levels[usize::from(z)] = Some(level);
            if too_large.is_empty() {
                break;
            }
        }
        let pairs = all.into_iter().zip(tolerances);
        found.extend(pairs.map(|(feature, tolerance)| Coarser {
            zoom: z,
            feature,
            tolerance,
        }));
    }
    found
}

/// Bytes of the heaviest tile that a feature has to itself, of tiles that may be over a cap.
fn heaviest(
    ground: &ShapeGround,
    level: &Level,
    feature: u32,
    cap: u64,
    scale: &mut Scale<'_>,
) -> u64 {
    let z = level.z();
    let Scale {
        painter,
        tiler,
        pieces,
    } = scale;
    pieces.clear();
    let window = TileWindow::whole(z);
    pieces.cut(ground, level, tiler, feature, feature.into(), &window);
    let kind = match ground.kind {
        Kind::Lines => GeometryType::Line,
        Kind::Polygons => GeometryType::Polygon,
    };
    let rest = ground.columns.rest(feature as usize);
    let tiles = pieces.list.iter().filter_map(|piece| {
        let (points, ends) = pieces.paths(piece);
        if points.len() as u64 * VERTEX_BYTES <= cap {
            return None;
        }
        let item = Item::Paths {
            gathered: None,
            rest,
            kind,
            points,
            ends,
        };
        Some(painter.trial(z, std::iter::once(item)))
    });
    tiles.max().unwrap_or(0)
}

/// What was simplified further, in words.
pub(super) fn notes(ground: &ShapeGround, found: &[Coarser]) -> Vec<String> {
    let same = |one: &Coarser, other: &Coarser| {
        one.zoom == other.zoom && one.tolerance.to_bits() == other.tolerance.to_bits()
    };
    let mut sorted = found.to_vec();
    sorted.sort_by(|one, other| {
        let by_tolerance = one.tolerance.total_cmp(&other.tolerance);
        one.zoom.cmp(&other.zoom).then(by_tolerance)
    });
    sorted
        .chunk_by(same)
        .map(|group| {
            let mut numbers: Vec<u64> = group
                .iter()
                .map(|one| ground.head(one.feature as usize).number)
                .collect();
            numbers.sort_unstable();
            format!(
                "zoom {}: {} simplified to {} grid units, too large for a tile",
                group[0].zoom,
                super::notes::named(&numbers),
                group[0].tolerance,
            )
        })
        .collect()
}
