//! Well-known text (OGC Simple Features 1.2.1).

use input::features::{FeatureView, GeometryKind, Value};

use crate::feature::Feature;
use crate::table::push_text;
use crate::wkb::is_multiple;

/// Appends a feature's geometry; nothing for one without.
pub(super) fn push(feature: Feature<'_>, out: &mut String) {
    if feature.is_collection() {
        out.push_str("GEOMETRYCOLLECTION (");
        each(feature.geometries(), out, geometry);
        out.push(')');
    } else {
        geometry(feature.view(), out);
    }
}

fn geometry(view: FeatureView<'_>, out: &mut String) {
    let multiple = is_multiple(view);
    let name = match view.kind() {
        GeometryKind::None => return,
        GeometryKind::Point => "POINT",
        GeometryKind::Line => "LINESTRING",
        GeometryKind::Polygon => "POLYGON",
    };
    if multiple {
        out.push_str("MULTI");
    }
    out.push_str(name);
    let Some(first) = view.parts().next() else {
        out.push_str(" EMPTY");
        return;
    };
    out.push_str(" (");
    match (view.kind(), multiple) {
        (GeometryKind::Polygon, false) => each(first.rings(), out, run),
        (GeometryKind::Polygon, true) => each(view.parts(), out, |part, out| {
            out.push('(');
            each(part.rings(), out, run);
            out.push(')');
        }),
        (GeometryKind::Line, true) => {
            each(view.parts(), out, |part, out| each(part.rings(), out, run));
        }
        (GeometryKind::Point, true) => each(view.vertices().chunks(1), out, run),
        _ => each(view.vertices().iter(), out, position),
    }
    out.push(')');
}

fn each<T>(of: impl Iterator<Item = T>, out: &mut String, push: impl Fn(T, &mut String)) {
    for (number, one) in of.enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        push(one, out);
    }
}

fn run(vertices: &[[f64; 2]], out: &mut String) {
    out.push('(');
    each(vertices.iter(), out, position);
    out.push(')');
}

fn position([x, y]: &[f64; 2], out: &mut String) {
    push_text(Value::Float(*x), out);
    out.push(' ');
    push_text(Value::Float(*y), out);
}
