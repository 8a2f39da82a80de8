//! Cutting geometry to a box before it is painted.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::page_box::PageBox;

/// The pieces of a line inside `to`.
pub(super) fn line(line: &[Coord<f64>], to: PageBox) -> Vec<LineString<f64>> {
    if line.len() < 2 {
        return Vec::new();
    }
    if line.iter().all(|p| to.holds_point(*p)) {
        return vec![LineString(line.to_vec())];
    }
    let mut pieces: Vec<Vec<Coord<f64>>> = Vec::new();
    for pair in line.windows(2) {
        let Some((a, b)) = to.clip_line(pair[0], pair[1]) else {
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&a) => piece.push(b),
            _ => pieces.push(vec![a, b]),
        }
    }
    pieces.into_iter().map(LineString).collect()
}

/// The polygons inside `to` (Sutherland and Hodgman 1974). Where a ring is cut it runs along the box, so the box
/// must be larger than what is seen when borders are stroked.
pub(super) fn area(area: &MultiPolygon<f64>, to: PageBox) -> MultiPolygon<f64> {
    let polygons = area.iter().filter_map(|polygon| {
        let exterior = ring(&polygon.exterior().0, to)?;
        let holes = polygon
            .interiors()
            .iter()
            .filter_map(|hole| ring(&hole.0, to))
            .collect();
        Some(Polygon::new(exterior, holes))
    });
    MultiPolygon(polygons.collect())
}

/// A side of the box: the axis it stands on, where, and the sign that makes distances inside positive.
type Side = (fn(Coord<f64>) -> f64, f64, f64);

fn ring(points: &[Coord<f64>], to: PageBox) -> Option<LineString<f64>> {
    let bounds = PageBox::around(points.iter().copied())?;
    if to.holds(bounds) {
        return Some(LineString(points.to_vec()));
    }
    if !to.meets(bounds) {
        return None;
    }
    let sides: [Side; 4] = [
        (|p| p.x, to.left, 1.0),
        (|p| p.x, to.right, -1.0),
        (|p| p.y, to.top, 1.0),
        (|p| p.y, to.bottom, -1.0),
    ];
    let mut points = points.to_vec();
    points.pop();
    for (axis, limit, sign) in sides {
        let depth = |p: Coord<f64>| (axis(p) - limit) * sign;
        let mut kept = Vec::with_capacity(points.len() + 4);
        for (index, &here) in points.iter().enumerate() {
            let before = points[(index + points.len() - 1) % points.len()];
            let (d0, d1) = (depth(before), depth(here));
            if (d0 < 0.0) != (d1 < 0.0) {
                kept.push(before + (here - before) * (d0 / (d0 - d1)));
            }
            if d1 >= 0.0 {
                kept.push(here);
            }
        }
        points = kept;
    }
    let first = *points.first().filter(|_| points.len() >= 3)?;
    points.push(first);
    Some(LineString(points))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, polygon};

    const BOX: PageBox = PageBox {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn a_line_that_leaves_and_returns_becomes_two() {
        let points: Vec<Coord<f64>> = [(2.0, 2.0), (12.0, 2.0), (12.0, 8.0), (2.0, 8.0)]
            .map(Coord::from)
            .to_vec();
        let pieces = line(&points, BOX);
        assert_eq!(pieces.len(), 2, "{pieces:?}");
        assert!(
            pieces
                .iter()
                .flat_map(|p| &p.0)
                .all(|p| BOX.holds_point(*p))
        );
    }

    #[test]
    fn a_polygon_keeps_the_area_and_the_holes_inside() {
        let mut cut =
            polygon![(x: -5.0, y: -5.0), (x: 5.0, y: -5.0), (x: 5.0, y: 5.0), (x: -5.0, y: 5.0)];
        cut.interiors_push(LineString::from(vec![
            (2.0, 2.0),
            (2.0, 3.0),
            (3.0, 3.0),
            (3.0, 2.0),
            (2.0, 2.0),
        ]));
        let clipped = area(&MultiPolygon(vec![cut]), BOX);
        assert!((clipped.unsigned_area() - 24.0).abs() < 1e-9);
        let away = polygon![(x: 20.0, y: 0.0), (x: 30.0, y: 0.0), (x: 30.0, y: 5.0)];
        assert!(area(&MultiPolygon(vec![away]), BOX).0.is_empty());
    }
}
