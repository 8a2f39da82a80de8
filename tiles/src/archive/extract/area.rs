//! An area on the ground and the tiles that touch it.

use serde_json::Value;

use crate::{MAX_LATITUDE_DEG, TileCoord, WorldPoint};

/// An area: polygons in degrees, longitude first, on the square of Web Mercator.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    polygons: Vec<Vec<Ring>>,
    bounds: [f64; 4],
}

type Ring = Vec<[i64; 2]>;

/// An area that is none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AreaError {
    /// Not a box.
    #[error(
        "{found:?} is no west,south,east,north in degrees: south must be below north, both within ±90, and west and east within ±180 and different"
    )]
    Box {
        /// What it is.
        found: [f64; 4],
    },
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON that is no polygon.
    #[error("{found} where a GeoJSON polygon, multipolygon, or features of them are expected")]
    NoPolygon {
        /// What was found.
        found: String,
    },
    /// A position that is none.
    #[error("{found} is no position: longitude first, within ±180, then latitude, within ±90")]
    Position {
        /// What was found.
        found: String,
    },
    /// A ring of too few positions.
    #[error("a ring of {found} positions; a closed ring has 4 or more")]
    Ring {
        /// How many.
        found: usize,
    },
}

impl Area {
    /// Returns a box: west, south, east, north in degrees. West may be greater than east: the box then crosses the
    /// antimeridian.
    ///
    /// # Errors
    ///
    /// [`AreaError::Box`].
    pub fn from_bbox(bbox: [f64; 4]) -> Result<Self, AreaError> {
        let [west, south, east, north] = bbox;
        let is_lon = |lon: f64| (-180.0..=180.0).contains(&lon);
        let is_lat = |lat: f64| (-90.0..=90.0).contains(&lat);
        let is_box = [west, east].into_iter().all(is_lon)
            && [south, north].into_iter().all(is_lat)
            && south < north
            && west.to_bits() != east.to_bits();
        if !is_box {
            return Err(AreaError::Box { found: bbox });
        }
        let rectangle = |west: f64, east: f64| {
            let corners = [(west, south), (east, south), (east, north), (west, north)];
            vec![corners.map(|(lon, lat)| world(lon, lat)).to_vec()]
        };
        let (polygons, bounds) = if west < east {
            (vec![rectangle(west, east)], bbox)
        } else {
            (
                vec![rectangle(west, 180.0), rectangle(-180.0, east)],
                [-180.0, south, 180.0, north],
            )
        };
        Ok(Self { polygons, bounds })
    }

    /// Reads a polygon, a multipolygon, or features or a collection of them, in `GeoJSON`.
    ///
    /// # Errors
    ///
    /// [`AreaError`].
    pub fn from_geojson(text: &[u8]) -> Result<Self, AreaError> {
        let json: Value = serde_json::from_slice(text)?;
        let mut area = Self {
            polygons: Vec::new(),
            bounds: [180.0, 90.0, -180.0, -90.0],
        };
        area.add(&json)?;
        if area.polygons.is_empty() {
            return Err(no_polygon(&json));
        }
        Ok(area)
    }

    /// The nesting is bounded by that of the JSON reader.
    fn add(&mut self, json: &Value) -> Result<(), AreaError> {
        let array = |name: &str| {
            let array = json.get(name).and_then(Value::as_array);
            array.ok_or_else(|| no_polygon(json))
        };
        match json.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") => {
                array("features")?.iter().try_for_each(|one| self.add(one))
            }
            Some("GeometryCollection") => array("geometries")?
                .iter()
                .try_for_each(|one| self.add(one)),
            Some("Feature") => self.add(json.get("geometry").unwrap_or(&Value::Null)),
            Some("Polygon") => self.polygon(array("coordinates")?),
            Some("MultiPolygon") => array("coordinates")?.iter().try_for_each(|polygon| {
                self.polygon(polygon.as_array().ok_or_else(|| no_polygon(polygon))?)
            }),
            _ => Err(no_polygon(json)),
        }
    }

    fn polygon(&mut self, rings: &[Value]) -> Result<(), AreaError> {
        let mut polygon = Vec::new();
        for ring in rings {
            let positions = ring.as_array().ok_or_else(|| no_polygon(ring))?;
            if positions.len() < 4 {
                return Err(AreaError::Ring {
                    found: positions.len(),
                });
            }
            let mut points = Vec::with_capacity(positions.len());
            for position in positions {
                let axis = |number: usize| position.get(number).and_then(Value::as_f64);
                let (lon, lat) = axis(0)
                    .zip(axis(1))
                    .filter(|(lon, lat)| lon.abs() <= 180.0 && lat.abs() <= 90.0)
                    .ok_or_else(|| AreaError::Position {
                        found: shortened(position),
                    })?;
                let [west, south, east, north] = &mut self.bounds;
                (*west, *east) = (west.min(lon), east.max(lon));
                (*south, *north) = (south.min(lat), north.max(lat));
                points.push(world(lon, lat));
            }
            polygon.push(points);
        }
        self.polygons.push(polygon);
        Ok(())
    }

    /// Returns west, south, east, north in degrees.
    #[must_use]
    pub fn bounds(&self) -> [f64; 4] {
        self.bounds
    }

    /// Returns for every zoom the numbers of the tiles that touch the area, from and to, in order.
    pub(super) fn tiles(&self, max_zoom: u8) -> Vec<Vec<(u64, u64)>> {
        let mut zooms = vec![Vec::new(); usize::from(max_zoom) + 1];
        for polygon in &self.polygons {
            let mut edges = Vec::new();
            for ring in polygon {
                let ends = ring.iter().cycle().skip(1);
                edges.extend(ring.iter().zip(ends).map(|(a, b)| (*a, *b)));
            }
            cover(polygon, &edges, (0, 0, 0), &mut zooms);
        }
        for zoom in &mut zooms {
            zoom.sort_unstable();
            let mut merged = Vec::<(u64, u64)>::new();
            for &(first, end) in zoom.iter() {
                match merged.last_mut().filter(|last| last.1 >= first) {
                    Some(last) => last.1 = last.1.max(end),
                    None => merged.push((first, end)),
                }
            }
            *zoom = merged;
        }
        zooms
    }
}

fn no_polygon(json: &Value) -> AreaError {
    AreaError::NoPolygon {
        found: shortened(json),
    }
}

fn shortened(json: &Value) -> String {
    let text = json.to_string();
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn world(lon: f64, lat: f64) -> [i64; 2] {
    let lat = lat.clamp(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG);
    let point = WorldPoint::from_lon_lat(lon, lat);
    [point.x.into(), point.y.into()]
}

type Edge = ([i64; 2], [i64; 2]);

/// Adds the tiles below a tile that touch a polygon. `edges` are those that may touch the tile.
fn cover(
    polygon: &[Ring],
    edges: &[Edge],
    (z, x, y): (u8, u32, u32),
    zooms: &mut [Vec<(u64, u64)>],
) {
    let Ok(tile) = TileCoord::new(z, x, y) else {
        return;
    };
    let side = 1_i64 << (32 - u32::from(z));
    let low = [i64::from(x) * side, i64::from(y) * side];
    let high = low.map(|axis| axis + side - 1);
    let near: Vec<Edge> = edges
        .iter()
        .filter(|edge| touches(edge, low, high))
        .copied()
        .collect();
    if near.is_empty() {
        if contains(polygon, low) {
            for (deeper, zoom) in (z..).zip(&mut zooms[usize::from(z)..]) {
                let shift = 2 * u32::from(deeper - z);
                let first = TileCoord::first_id(deeper);
                zoom.push((
                    first + (tile.key() << shift),
                    first + ((tile.key() + 1) << shift),
                ));
            }
        }
        return;
    }
    zooms[usize::from(z)].push((tile.id(), tile.id() + 1));
    if usize::from(z) + 1 < zooms.len() {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            cover(polygon, &near, (z + 1, 2 * x + dx, 2 * y + dy), zooms);
        }
    }
}

/// Whether an edge touches a box.
fn touches((a, b): &Edge, low: [i64; 2], high: [i64; 2]) -> bool {
    let meets =
        |axis: usize| a[axis].min(b[axis]) <= high[axis] && low[axis] <= a[axis].max(b[axis]);
    if !(meets(0) && meets(1)) {
        return false;
    }
    // The corners are not all on one side of the edge.
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
    let turns = corners.map(|corner| turn(*a, *b, corner));
    turns.iter().any(|turn| *turn >= 0) && turns.iter().any(|turn| *turn <= 0)
}

fn turn(a: [i64; 2], b: [i64; 2], point: [i64; 2]) -> i128 {
    let product = |p: i64, q: i64| i128::from(p) * i128::from(q);
    product(b[0] - a[0], point[1] - a[1]) - product(b[1] - a[1], point[0] - a[0])
}

/// Whether a point that is on no edge is inside.
fn contains(polygon: &[Ring], point: [i64; 2]) -> bool {
    let mut inside = false;
    for ring in polygon {
        let ends = ring.iter().cycle().skip(1);
        for (a, b) in ring.iter().zip(ends) {
            if (a[1] > point[1]) != (b[1] > point[1]) && (turn(*a, *b, point) > 0) == (b[1] > a[1])
            {
                inside = !inside;
            }
        }
    }
    inside
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a tile is among the numbers of its zoom.
    fn has(zooms: &[Vec<(u64, u64)>], tile: TileCoord) -> bool {
        let ranges = &zooms[usize::from(tile.z())];
        ranges
            .iter()
            .any(|(first, end)| (*first..*end).contains(&tile.id()))
    }

    proptest! {
        #[test]
        fn a_box_has_the_tiles_between_its_corners(
            west in -179.0..178.0f64, south in -84.0..83.0f64, wide in 0.001..1.0f64, tall in 0.001..1.0f64,
            z in 0u8..=9,
        ) {
            let (east, north) = (west + wide, south + tall);
            let zooms = Area::from_bbox([west, south, east, north]).unwrap().tiles(9);
            let first = TileCoord::of(z, WorldPoint::from_lon_lat(west, north));
            let last = TileCoord::of(z, WorldPoint::from_lon_lat(east, south));
            let count: u64 = zooms[usize::from(z)].iter().map(|(first, end)| end - first).sum();
            let (columns, rows) = (last.x() - first.x() + 1, last.y() - first.y() + 1);
            prop_assert_eq!(count, u64::from(columns) * u64::from(rows));
            for x in first.x()..=last.x() {
                for y in first.y()..=last.y() {
                    prop_assert!(has(&zooms, TileCoord::new(z, x, y).unwrap()));
                }
            }
        }
    }

    #[test]
    fn a_box_across_the_antimeridian_has_both_sides() {
        let zooms = Area::from_bbox([170.0, -10.0, -170.0, 10.0])
            .unwrap()
            .tiles(4);
        assert!(has(&zooms, TileCoord::new(4, 15, 7).unwrap()));
        assert!(has(&zooms, TileCoord::new(4, 0, 8).unwrap()));
        assert!(!has(&zooms, TileCoord::new(4, 8, 8).unwrap()));
    }

    #[test]
    fn a_hole_is_not_in_the_area_and_overlapping_polygons_do_not_cancel() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[
                [[0,0],[80,0],[80,80],[0,80],[0,0]],[[10,10],[70,10],[70,70],[10,70],[10,10]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[
                [[[20,20],[30,20],[30,30],[20,30],[20,20]]],[[[20,20],[30,20],[30,30],[20,30],[20,20]]]]}}]}"#;
        let area = Area::from_geojson(text.as_bytes()).unwrap();
        assert_eq!(
            area.bounds().map(f64::to_bits),
            [0.0, 0.0, 80.0, 80.0].map(f64::to_bits)
        );
        let zooms = area.tiles(8);
        let at = |lon, lat| TileCoord::of(8, WorldPoint::from_lon_lat(lon, lat));
        assert!(has(&zooms, at(5.0, 5.0)) && has(&zooms, at(25.0, 25.0)));
        assert!(!has(&zooms, at(50.0, 50.0)) && !has(&zooms, at(-5.0, 5.0)));
    }

    #[test]
    fn what_is_no_area_is_refused() {
        assert!(Area::from_bbox([1.0, 2.0, 3.0, 1.0]).is_err());
        assert!(Area::from_bbox([f64::NAN, 2.0, 3.0, 4.0]).is_err());
        for text in [
            "",
            "[]",
            r#"{"type":"Point","coordinates":[0,0]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[200,1],[0,1],[0,0]]]}"#,
            r#"{"type":"FeatureCollection","features":[]}"#,
        ] {
            assert!(Area::from_geojson(text.as_bytes()).is_err(), "{text}");
        }
    }
}
