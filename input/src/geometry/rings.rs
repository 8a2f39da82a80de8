//! Rings to polygons: which hole belongs to which exterior.

use geo::{BoundingRect, Contains, LineString, MultiPolygon, Point, Polygon, Rect};

/// Makes polygons of exteriors and the holes that lie in them. A hole goes to the smallest exterior that
/// holds its first vertex; one that lies in none is dropped.
///
/// Cost: exteriors × holes comparisons of boxes; a vertex is tested only where the boxes allow it.
pub(crate) fn assemble(
    exteriors: Vec<LineString<f64>>,
    holes: Vec<LineString<f64>>,
) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = exteriors
        .into_iter()
        .map(|ring| Polygon::new(ring, Vec::new()))
        .collect();
    let boxes: Vec<Option<Rect<f64>>> = polygons.iter().map(BoundingRect::bounding_rect).collect();
    let size = |index: usize| boxes[index].map_or(0.0, |b| b.width() * b.height());
    for hole in holes {
        let Some(first) = hole.0.first().copied() else {
            continue;
        };
        let holders = (0..polygons.len()).filter(|&index| {
            let near = boxes[index].is_some_and(|b| {
                b.min().x <= first.x
                    && first.x <= b.max().x
                    && b.min().y <= first.y
                    && first.y <= b.max().y
            });
            near && holds(polygons[index].exterior(), first.into())
        });
        let holder = holders.min_by(|&a, &b| size(a).total_cmp(&size(b)));
        if let Some(holder) = holder {
            polygons[holder].interiors_push(hole);
        }
    }
    MultiPolygon(polygons)
}

fn holds(ring: &LineString<f64>, point: Point<f64>) -> bool {
    use geo::coordinate_position::{CoordPos, CoordinatePosition};
    if ring.0.len() < 4 {
        return false;
    }
    let polygon = Polygon::new(ring.clone(), Vec::new());
    polygon.contains(&point) || polygon.coordinate_position(&point.0) != CoordPos::Outside
}
