//! One point that stands for a line or an area.

use geo::{Area, Coord, Geometry, InteriorPoint, LineString, Polygon};

/// A point of the geometry: of areas a point inside the largest, of lines the point at half the length of the
/// longest, of points the first. Lengths are planar, in degrees: which point it is decides nothing.
/// `None`: the geometry is empty.
pub(crate) fn representative(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => Some(point.0),
        Geometry::Line(line) => Some(line.start),
        Geometry::LineString(line) => halfway(line),
        Geometry::Polygon(polygon) => inside(polygon),
        Geometry::MultiPoint(points) => points.0.first().map(|point| point.0),
        Geometry::MultiLineString(lines) => {
            let longest = lines.0.iter().filter(|line| !line.0.is_empty());
            longest
                .max_by(|a, b| length(a).total_cmp(&length(b)))
                .and_then(halfway)
        }
        Geometry::MultiPolygon(polygons) => {
            let largest = polygons.0.iter().filter(|p| !p.exterior().0.is_empty());
            largest
                .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
                .and_then(inside)
        }
        Geometry::GeometryCollection(parts) => {
            let of_dimension = |wanted: u8| {
                let mut parts = parts.0.iter().filter(|part| dimension(part) == wanted);
                parts.find_map(representative)
            };
            [2, 1, 0].into_iter().find_map(of_dimension)
        }
        Geometry::Rect(rect) => Some(rect.center()),
        Geometry::Triangle(triangle) => Some(triangle.v1()),
    }
}

fn dimension(geometry: &Geometry<f64>) -> u8 {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => 0,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => 1,
        _ => 2,
    }
}

fn inside(polygon: &Polygon<f64>) -> Option<Coord<f64>> {
    let first = polygon.exterior().0.first().copied();
    if polygon.unsigned_area() == 0.0 {
        return first;
    }
    polygon.interior_point().map(|point| point.0).or(first)
}

fn length(line: &LineString<f64>) -> f64 {
    line.lines()
        .map(|l| (l.end.x - l.start.x).hypot(l.end.y - l.start.y))
        .sum()
}

fn halfway(line: &LineString<f64>) -> Option<Coord<f64>> {
    let mut left = length(line) / 2.0;
    for l in line.lines() {
        let step = (l.end.x - l.start.x).hypot(l.end.y - l.start.y);
        if step > 0.0 && left <= step {
            let t = left / step;
            return Some(Coord {
                x: l.start.x + t * (l.end.x - l.start.x),
                y: l.start.y + t * (l.end.y - l.start.y),
            });
        }
        left -= step;
    }
    line.0.first().copied()
}

#[cfg(test)]
mod tests {
    use geo::{Contains, line_string, polygon};

    use super::*;

    #[test]
    fn the_point_of_an_area_is_inside_and_of_a_line_at_half_its_length() {
        // A horseshoe, whose centroid is outside.
        let area = polygon![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 8.0, y: 9.0),
            (x: 8.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 9.0), (x: 0.0, y: 9.0)];
        let point = representative(&area.clone().into()).expect("a point");
        assert!(area.contains(&point));
        let line = line_string![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 4.0, y: 0.0)];
        assert_eq!(representative(&line.into()), Some(Coord { x: 2.0, y: 0.0 }));
    }

    #[test]
    fn what_is_empty_or_flat_does_no_harm() {
        let none = Geometry::LineString(LineString(Vec::new()));
        assert_eq!(representative(&none), None);
        let flat = polygon![(x: 1.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 1.0)];
        assert!(representative(&flat.into()).is_some());
    }
}
