//! The places along a line.

use std::collections::BTreeMap;

use geo::LineString;

use super::{NearQuery, PlaceFilter};
use crate::distance::geodesic;
use crate::gazetteer::Gazetteer;
use crate::place::{Place, PlaceId};
use crate::store::{in_space, squared_distance};
use crate::{LonLat, PartialDate};

/// Edges are cut into pieces of at most this many degrees (some 5 km): on a piece the foot of the straight
/// line in space is that of the geodesic to some centimetres.
const PIECE_DEG: f64 = 0.05;

/// A place beside a line.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The place.
    pub place: Place<'a>,
    /// How far it lies from the line, geodesic metres.
    pub distance_m: f64,
    /// How far along the line its foot lies, geodesic metres from the start.
    pub along_m: f64,
}

/// A piece of an edge, straight in degrees.
struct Piece {
    ends: [LonLat; 2],
    /// From the start of the line to the start of the piece.
    along_m: f64,
    length_m: f64,
}

impl Gazetteer {
    /// The places within `width_m` of a line, in the order of their feet along it. WGS 84 degrees,
    /// x longitude, y latitude; edges are straight in degrees. Positions outside the world are left out.
    #[must_use]
    pub fn along(
        &self,
        line: &LineString<f64>,
        width_m: f64,
        filter: &PlaceFilter,
    ) -> Vec<Beside<'_>> {
        let mut found: BTreeMap<PlaceId, Beside<'_>> = BTreeMap::new();
        for piece in pieces(line) {
            let [start, end] = piece.ends;
            let Ok(middle) = LonLat::new(
                start.lon().midpoint(end.lon()),
                start.lat().midpoint(end.lat()),
            ) else {
                continue;
            };
            let query = NearQuery {
                // Half the piece, a little more for its bend, and the width.
                radius_m: Some(width_m + piece.length_m * 0.51 + 1.0),
                most: None,
                filter: filter.clone(),
            };
            for near in self.near(middle, &query) {
                let Some(position) = near.place.position else {
                    continue;
                };
                let share = foot(&piece, position);
                let Some(at) = on_piece(&piece, share) else {
                    continue;
                };
                let distance_m = geodesic(at, position).distance_m;
                let nearer = |known: &Beside<'_>| distance_m < known.distance_m;
                if distance_m <= width_m && found.get(&near.place.number).is_none_or(nearer) {
                    let along_m = piece.along_m + share * piece.length_m;
                    let place = near.place;
                    found.insert(
                        place.number,
                        Beside {
                            place,
                            distance_m,
                            along_m,
                        },
                    );
                }
            }
        }
        let mut beside: Vec<Beside<'_>> = found.into_values().collect();
        beside.sort_by(|a, b| {
            let by_foot = a.along_m.total_cmp(&b.along_m);
            by_foot.then_with(|| a.place.number.cmp(&b.place.number))
        });
        beside
    }

    /// The course of a named river between the feet of two positions, in flow order from the first; the whole
    /// when both are `None`. `None` when there is no line of the river or it has no length there.
    ///
    /// # Errors
    /// When the embedded table of rivers is damaged.
    pub fn river_reach(
        &self,
        name: &str,
        from: Option<LonLat>,
        to: Option<LonLat>,
        as_of: Option<PartialDate>,
    ) -> Result<Option<LineString<f64>>, crate::TableError> {
        // A river is asked for by any of its names.
        let place = self.find(name, as_of).into_iter().find(|found| {
            matches!(
                found.place.class,
                crate::FeatureClass::River | crate::FeatureClass::Waterway
            )
        });
        let name = place.as_ref().map_or(name, |found| found.place.name);
        let rivers = crate::rivers()?;
        let Some(river) = rivers.into_iter().find(|river| river.name == name) else {
            return Ok(None);
        };
        Ok(reach(&river.line, from, to))
    }
}

/// The part of a line between the feet of two positions, turned to run from the first to the second.
fn reach(
    line: &LineString<f64>,
    from: Option<LonLat>,
    to: Option<LonLat>,
) -> Option<LineString<f64>> {
    let pieces: Vec<Piece> = pieces(line).collect();
    let whole = pieces.last().map(|last| last.along_m + last.length_m)?;
    let foot_of = |position: LonLat| {
        let best = pieces.iter().map(|piece| {
            let share = foot(piece, position);
            let at = on_piece(piece, share)?;
            Some((
                geodesic(at, position).distance_m,
                piece.along_m + share * piece.length_m,
            ))
        });
        best.flatten()
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, along)| along)
    };
    let start = from.map_or(Some(0.0), foot_of)?;
    let end = to.map_or(Some(whole), foot_of)?;
    let (first, last) = (start.min(end), start.max(end));
    let mut coords: Vec<geo::Coord<f64>> = Vec::new();
    for piece in &pieces {
        let share =
            |along: f64| ((along - piece.along_m) / piece.length_m.max(1e-9)).clamp(0.0, 1.0);
        if piece.along_m + piece.length_m < first || piece.along_m > last {
            continue;
        }
        for share in [share(first), share(last)] {
            let coord = on_piece(piece, share)?.to_point().0;
            if coords.last() != Some(&coord) {
                coords.push(coord);
            }
        }
    }
    if start > end {
        coords.reverse();
    }
    (coords.len() > 1).then_some(LineString(coords))
}

/// The edges of a line, cut into short pieces. Edges with an end outside the world are left out.
fn pieces(line: &LineString<f64>) -> impl Iterator<Item = Piece> {
    let mut along_m = 0.0;
    line.lines().flat_map(move |edge| {
        let (dx, dy) = (edge.end.x - edge.start.x, edge.end.y - edge.start.y);
        let ends = LonLat::new(edge.start.x, edge.start.y)
            .ok()
            .zip(LonLat::new(edge.end.x, edge.end.y).ok());
        // At most 7200 pieces: an edge is no longer than the world is wide.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 7200"
        )]
        let count = ends.map_or(0, |_| (dx.hypot(dy) / PIECE_DEG).ceil().max(1.0) as u32);
        let mut of_edge = Vec::new();
        for number in 0..count {
            let at = |number: u32| {
                if number == count {
                    // As it stands: rounding may take it out of the world.
                    return LonLat::new(edge.end.x, edge.end.y);
                }
                let share = f64::from(number) / f64::from(count);
                LonLat::new(edge.start.x + dx * share, edge.start.y + dy * share)
            };
            let (Ok(start), Ok(end)) = (at(number), at(number + 1)) else {
                continue;
            };
            let length_m = geodesic(start, end).distance_m;
            of_edge.push(Piece {
                ends: [start, end],
                along_m,
                length_m,
            });
            along_m += length_m;
        }
        of_edge
    })
}

/// Where on a piece the foot of a position lies: 0 at its start, 1 at its end.
fn foot(piece: &Piece, position: LonLat) -> f64 {
    let [start, end] = piece.ends.map(in_space);
    let point = in_space(position);
    let length_2 = squared_distance(start, end);
    if length_2 == 0.0 {
        return 0.0;
    }
    let dot: f64 = (0..3)
        .map(|axis| (point[axis] - start[axis]) * (end[axis] - start[axis]))
        .sum();
    (dot / length_2).clamp(0.0, 1.0)
}

fn on_piece(piece: &Piece, share: f64) -> Option<LonLat> {
    let [start, end] = piece.ends;
    LonLat::new(
        start.lon() + (end.lon() - start.lon()) * share,
        start.lat() + (end.lat() - start.lat()) * share,
    )
    .ok()
}
