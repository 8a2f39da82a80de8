//! Where the name of an area goes.

use geo::{Area, BoundingRect, MapCoords, MultiPolygon, Point};
use polylabel::polylabel;

/// The point of the largest part that is farthest from its border, to within a hundredth of its size.
///
/// Distances are taken in degrees, longitude shortened by the cosine of the latitude. The answer is WGS 84
/// (x longitude, y latitude), to six decimals. `None` for no polygons, or for one without an inside.
#[must_use]
pub fn pole_of_inaccessibility(area: &MultiPolygon<f64>) -> Option<Point<f64>> {
    let largest = area
        .iter()
        .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    let extent = largest.bounding_rect()?;
    let squeeze = extent.center().y.to_radians().cos().max(0.01);
    let squeezed = largest.map_coords(|c| geo::Coord {
        x: c.x * squeeze,
        y: c.y,
    });
    let tolerance = (extent.width() * squeeze).min(extent.height()) / 100.0;
    let pole = polylabel(&squeezed, &tolerance).ok()?;
    let round = |value: f64| (value * 1e6).round() / 1e6;
    Some(Point::new(round(pole.x() / squeeze), round(pole.y())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, LineString, Polygon, polygon};

    #[test]
    fn the_pole_of_an_l_lies_in_its_wide_end() {
        let l: Polygon<f64> = polygon![
            (x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 3.0), (x: 1.0, y: 3.0), (x: 1.0, y: 9.0), (x: 0.0, y: 9.0),
        ];
        let pole = pole_of_inaccessibility(&MultiPolygon(vec![l.clone()])).expect("a polygon");
        assert!(
            l.contains(&pole) && (pole.y() - 1.5).abs() < 0.1,
            "{pole:?}"
        );
    }

    #[test]
    fn a_hole_pushes_the_pole_away_and_nothing_has_none() {
        let outer = LineString::from(vec![
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 0.0),
        ]);
        let hole = LineString::from(vec![
            (4.0, 4.0),
            (4.0, 6.0),
            (6.0, 6.0),
            (6.0, 4.0),
            (4.0, 4.0),
        ]);
        let ring = Polygon::new(outer, vec![hole]);
        let pole = pole_of_inaccessibility(&MultiPolygon(vec![ring.clone()])).expect("a polygon");
        assert!(ring.contains(&pole), "{pole:?}");
        assert!(pole_of_inaccessibility(&MultiPolygon(vec![])).is_none());
    }
}
