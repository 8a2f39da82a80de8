//! Well-known binary (OGC Simple Features 1.2.1), little-endian, two dimensions.

use input::features::{FeatureView, GeometryKind};

use crate::feature::Feature;

/// Numbers of types.
const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const COLLECTION: u32 = 7;
/// From a type to the set of it.
const TO_MULTI: u32 = 3;

/// Appends a feature's geometry; nothing for one without. `multiple`: write sets even of one part, where the whole
/// column is one of sets.
pub(crate) fn push(feature: Feature<'_>, multiple: bool, out: &mut Vec<u8>) {
    if feature.is_bare() {
        return;
    }
    if feature.is_collection() {
        head(COLLECTION, out);
        count(feature.rows.len(), out);
        for view in feature.geometries() {
            geometry(view, false, out);
        }
    } else {
        geometry(feature.view(), multiple, out);
    }
}

/// A point.
pub(crate) fn point(x: f64, y: f64) -> [u8; 21] {
    let mut bytes = [0; 21];
    bytes[0] = 1;
    bytes[1..5].copy_from_slice(&POINT.to_le_bytes());
    bytes[5..13].copy_from_slice(&x.to_le_bytes());
    bytes[13..].copy_from_slice(&y.to_le_bytes());
    bytes
}

/// Whether a geometry has to be written as a set.
pub(crate) fn is_multiple(view: FeatureView<'_>) -> bool {
    view.row.multiple
        || view.parts().len() > 1
        || view.kind() == GeometryKind::Point && view.vertices().len() > 1
}

fn geometry(view: FeatureView<'_>, multiple: bool, out: &mut Vec<u8>) {
    let kind = match view.kind() {
        GeometryKind::None => return,
        GeometryKind::Point => POINT,
        GeometryKind::Line => LINE,
        GeometryKind::Polygon => POLYGON,
    };
    if multiple || is_multiple(view) {
        head(kind + TO_MULTI, out);
        if kind == POINT {
            count(view.vertices().len(), out);
            for vertex in view.vertices() {
                head(POINT, out);
                position(*vertex, out);
            }
            return;
        }
        count(view.parts().len(), out);
        for part in view.parts() {
            head(kind, out);
            rings(kind, part.rings(), out);
        }
        return;
    }
    head(kind, out);
    match view.parts().next() {
        Some(part) => rings(kind, part.rings(), out),
        // An empty point has no count; NaN is what everyone writes.
        None if kind == POINT => position([f64::NAN; 2], out),
        None => count(0, out),
    }
}

fn rings<'a>(kind: u32, rings: impl ExactSizeIterator<Item = &'a [[f64; 2]]>, out: &mut Vec<u8>) {
    if kind == POLYGON {
        count(rings.len(), out);
    }
    for ring in rings {
        if kind != POINT {
            count(ring.len(), out);
        }
        out.reserve(16 * ring.len());
        for vertex in ring {
            position(*vertex, out);
        }
    }
}

fn head(kind: u32, out: &mut Vec<u8>) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
}

fn count(count: usize, out: &mut Vec<u8>) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_le_bytes());
}

#[inline]
fn position([x, y]: [f64; 2], out: &mut Vec<u8>) {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&x.to_le_bytes());
    bytes[8..].copy_from_slice(&y.to_le_bytes());
    out.extend_from_slice(&bytes);
}
