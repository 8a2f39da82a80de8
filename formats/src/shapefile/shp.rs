//! Records of the `.shp` (ESRI Shapefile Technical Description, 1998): little-endian, exteriors clockwise.

use input::features::{FeatureView, GeometryKind};

/// The number of a shape type.
pub(super) fn shape_type(kind: GeometryKind, multipoints: bool) -> u32 {
    match kind {
        GeometryKind::None => 0,
        GeometryKind::Point if multipoints => 8,
        GeometryKind::Point => 1,
        GeometryKind::Line => 3,
        GeometryKind::Polygon => 5,
    }
}

/// The header of a `.shp` or `.shx` of so many bytes.
pub(super) fn header(kind: u32, bytes: u64, extent: Option<[f64; 4]>) -> Vec<u8> {
    let mut header = Vec::with_capacity(100);
    header.extend_from_slice(&9994_u32.to_be_bytes());
    header.resize(24, 0);
    let words = u32::try_from(bytes / 2).unwrap_or(u32::MAX);
    header.extend_from_slice(&words.to_be_bytes());
    header.extend_from_slice(&1000_u32.to_le_bytes());
    header.extend_from_slice(&kind.to_le_bytes());
    for edge in extent.unwrap_or_default() {
        header.extend_from_slice(&edge.to_le_bytes());
    }
    header.resize(100, 0);
    header
}

/// Appends the content of a record; a null shape for no geometry or an empty one.
pub(super) fn push(view: FeatureView<'_>, multipoints: bool, out: &mut Vec<u8>) {
    let vertices = view.vertices();
    let kind = if vertices.is_empty() {
        GeometryKind::None
    } else {
        view.kind()
    };
    let number = shape_type(kind, multipoints);
    out.extend_from_slice(&number.to_le_bytes());
    if number == 0 {
        return;
    }
    if number == 1 {
        return position(vertices[0], out);
    }
    let mut around = crate::feature::EMPTY;
    crate::feature::grow(&mut around, vertices);
    for edge in around {
        out.extend_from_slice(&edge.to_le_bytes());
    }
    if number == 8 {
        count(vertices.len(), out);
        for vertex in vertices {
            position(*vertex, out);
        }
        return;
    }
    let parts = || view.parts().flat_map(|part| part.rings().enumerate());
    count(parts().count(), out);
    count(vertices.len(), out);
    let mut first = 0;
    for (_, run) in parts() {
        count(first, out);
        first += run.len();
    }
    for (number, run) in parts() {
        let wrong = kind == GeometryKind::Polygon && runs_left(run) == (number == 0);
        if wrong {
            for vertex in run.iter().rev() {
                position(*vertex, out);
            }
        } else {
            for vertex in run {
                position(*vertex, out);
            }
        }
    }
}

/// Whether a ring runs counter-clockwise.
fn runs_left(ring: &[[f64; 2]]) -> bool {
    !crate::check::runs_wrong(ring, true)
}

fn count(count: usize, out: &mut Vec<u8>) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    out.extend_from_slice(&count.to_le_bytes());
}

fn position([x, y]: [f64; 2], out: &mut Vec<u8>) {
    out.extend_from_slice(&x.to_le_bytes());
    out.extend_from_slice(&y.to_le_bytes());
}
