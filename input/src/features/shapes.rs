//! Geometries of the `geo` crate into columns.

use geo::{Geometry, LineString, Polygon};

use super::batch::GeometryKind;
use super::writer::Writer;

/// Takes a point, longitude first.
#[inline]
pub(super) fn point(writer: &mut Writer, lon: f64, lat: f64) {
    let first = writer.parts();
    writer.vertex(lon, lat);
    writer.end_run();
    writer.end_part();
    writer.end_geometry(GeometryKind::Point, first, false);
}

/// Takes a geometry; a collection becomes several.
pub(super) fn geometry(writer: &mut Writer, shape: &Geometry<f64>) {
    let first = writer.parts();
    let kind = match shape {
        Geometry::Point(p) => return point(writer, p.x(), p.y()),
        Geometry::MultiPoint(points) => {
            for p in points {
                writer.vertex(p.x(), p.y());
            }
            writer.end_run();
            writer.end_part();
            GeometryKind::Point
        }
        Geometry::Line(l) => {
            line(writer, &LineString(vec![l.start, l.end]));
            GeometryKind::Line
        }
        Geometry::LineString(l) => {
            line(writer, l);
            GeometryKind::Line
        }
        Geometry::MultiLineString(lines) => {
            for l in lines {
                line(writer, l);
            }
            GeometryKind::Line
        }
        Geometry::Polygon(p) => {
            polygon(writer, p);
            GeometryKind::Polygon
        }
        Geometry::MultiPolygon(polygons) => {
            for p in polygons {
                polygon(writer, p);
            }
            GeometryKind::Polygon
        }
        Geometry::Rect(r) => {
            polygon(writer, &r.to_polygon());
            GeometryKind::Polygon
        }
        Geometry::Triangle(t) => {
            polygon(writer, &t.to_polygon());
            GeometryKind::Polygon
        }
        Geometry::GeometryCollection(parts) => {
            for part in parts {
                geometry(writer, part);
            }
            return;
        }
    };
    let multiple = matches!(
        shape,
        Geometry::MultiPoint(_) | Geometry::MultiLineString(_) | Geometry::MultiPolygon(_)
    );
    writer.end_geometry(kind, first, multiple);
}

fn line(writer: &mut Writer, line: &LineString<f64>) {
    for c in line {
        writer.vertex(c.x, c.y);
    }
    writer.end_run();
    writer.end_part();
}

fn polygon(writer: &mut Writer, polygon: &Polygon<f64>) {
    for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        for c in ring {
            writer.vertex(c.x, c.y);
        }
        writer.end_ring();
    }
    writer.end_part();
}
