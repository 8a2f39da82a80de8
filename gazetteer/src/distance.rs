//! Distance on the ellipsoid.

use geo::{LineString, MultiPolygon};
use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};

use crate::LonLat;

/// The way from one position to another on the WGS 84 ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeodesicPath {
    /// Length of the shortest way, in metres, true to a few nanometres.
    pub distance_m: f64,
    /// Direction at the start, clockwise from north, 0–360.
    pub bearing_deg: f64,
}

/// Measures the shortest way between two positions (Karney 2013, through `geographiclib-rs`).
///
/// Between antipodes the bearing is one of many that are equally short.
///
/// # Examples
/// ```
/// use gazetteer::{LonLat, geodesic};
/// let guangan = LonLat::new(106.633, 30.456)?; // lon, lat
/// let hechuan = LonLat::new(106.276, 29.972)?;
/// let way = geodesic(guangan, hechuan);
/// assert!((way.distance_m - 63_800.0).abs() < 500.0);
/// # Ok::<(), gazetteer::LonLatError>(())
/// ```
#[must_use]
pub fn geodesic(from: LonLat, to: LonLat) -> GeodesicPath {
    let (distance_m, azimuth, _, _): (f64, f64, f64, f64) =
        Geodesic::wgs84().inverse(from.lat(), from.lon(), to.lat(), to.lon());
    GeodesicPath {
        distance_m,
        bearing_deg: azimuth.rem_euclid(360.0),
    }
}

/// Where one arrives after `distance_m` metres in a direction, clockwise from north, on the WGS 84 ellipsoid.
///
/// # Examples
/// ```
/// use gazetteer::{LonLat, destination, geodesic};
/// let guangan = LonLat::new(106.633, 30.456)?; // lon, lat
/// let south = destination(guangan, 180.0, 50_000.0);
/// assert!((geodesic(guangan, south).distance_m - 50_000.0).abs() < 1e-6);
/// # Ok::<(), gazetteer::LonLatError>(())
/// ```
#[must_use]
pub fn destination(from: LonLat, bearing_deg: f64, distance_m: f64) -> LonLat {
    let (lat, lon): (f64, f64) =
        Geodesic::wgs84().direct(from.lat(), from.lon(), bearing_deg, distance_m);
    LonLat::new(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).unwrap_or(from)
}

/// The geodesic length of a line (x longitude, y latitude) in metres.
#[must_use]
pub fn length_m(line: &LineString<f64>) -> f64 {
    let ellipsoid = Geodesic::wgs84();
    line.lines()
        .map(|edge| -> f64 {
            ellipsoid.inverse(edge.start.y, edge.start.x, edge.end.y, edge.end.x)
        })
        .sum()
}

/// The area of polygons (x longitude, y latitude) on the WGS 84 ellipsoid, in m², holes taken off.
#[must_use]
pub fn area_m2(area: &MultiPolygon<f64>) -> f64 {
    let ellipsoid = Geodesic::wgs84();
    let ring_m2 = |ring: &LineString<f64>| {
        let mut polygon = PolygonArea::new(&ellipsoid, Winding::CounterClockwise);
        for coord in ring.0.iter().take(ring.0.len().saturating_sub(1)) {
            polygon.add_point(coord.y, coord.x);
        }
        let (_, area, _) = polygon.compute(true);
        area.abs()
    };
    area.iter()
        .map(|polygon| {
            ring_m2(polygon.exterior()) - polygon.interiors().iter().map(ring_m2).sum::<f64>()
        })
        .sum()
}

/// The point of a bearing in words: eight winds, `东北` for north-east.
#[must_use]
pub fn bearing_in_words(bearing_deg: f64) -> &'static str {
    const WINDS: [(f64, &str); 8] = [
        (22.5, "北"),
        (67.5, "东北"),
        (112.5, "东"),
        (157.5, "东南"),
        (202.5, "南"),
        (247.5, "西南"),
        (292.5, "西"),
        (337.5, "西北"),
    ];
    let bearing = bearing_deg.rem_euclid(360.0);
    WINDS
        .iter()
        .find(|(end, _)| bearing < *end)
        .map_or("北", |(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearings_turn_into_winds_with_north_on_both_ends() {
        let words = [0.0, 44.0, 90.0, 180.0, 270.0, 359.0, -45.0].map(bearing_in_words);
        assert_eq!(words, ["北", "东北", "东", "南", "西", "北", "西北"]);
    }

    #[test]
    fn a_degree_square_at_the_equator_has_the_published_area() {
        let square = geo::Polygon::new(
            LineString::from(vec![
                (0.0, 0.0),
                (1.0, 0.0),
                (1.0, 1.0),
                (0.0, 1.0),
                (0.0, 0.0),
            ]),
            Vec::new(),
        );
        // 12 308 778 361.469 m²: Planimeter of GeographicLib.
        assert!((area_m2(&MultiPolygon(vec![square])) - 12_308_778_361.469).abs() < 1.0);
    }
}
