//! From the batches of a file to the geometry of a layer.

use gazetteer::LonLat;
use input::features::{FeatureBatch, FeatureView, GeometryKind};

use super::attributes::write_members;
use crate::areas::AreasBuilder;
use crate::shapes::{Edges, ShapeIndexBuilder};

/// What a worker makes of a batch.
pub(super) struct Block {
    pub(super) batch: FeatureBatch,
    pub(super) members: Vec<u8>,
    pub(super) ends: Vec<usize>,
}

/// Geometry on its way.
pub(super) enum Making {
    Areas(AreasBuilder, u32),
    /// Single points so far.
    Points(Vec<LonLat>, Edges),
    Mixed(Box<ShapeIndexBuilder>),
}

pub(super) fn block(batch: &mut FeatureBatch) -> Block {
    let mut batch = std::mem::take(batch);
    let (mut members, mut ends) = (Vec::new(), Vec::new());
    for view in batch.features().filter(|view| !view.row.continues) {
        write_members(view, &mut members);
        ends.push(members.len());
    }
    // What is kept until its turn should be little.
    batch.raw = Vec::new();
    batch.text = String::new();
    Block {
        batch,
        members,
        ends,
    }
}

/// The position of a feature that is a single point, longitudes beyond ±180 turned back.
pub(crate) fn single_point(view: FeatureView<'_>) -> Option<LonLat> {
    let [[lon, lat]] = view.vertices() else {
        return None;
    };
    if view.kind() != GeometryKind::Point {
        return None;
    }
    let lon = if lon.abs() > 180.0 {
        (lon + 180.0).rem_euclid(360.0) - 180.0
    } else {
        *lon
    };
    LonLat::new(lon, *lat).ok()
}

impl Making {
    /// Adds the features of a batch; rows of one collection are one.
    pub(super) fn add(&mut self, batch: &FeatureBatch) {
        let mut rows = batch.features().peekable();
        while let Some(view) = rows.next() {
            let goes_on = rows.peek().is_some_and(|next| next.row.continues);
            if let Self::Points(points, edges) = self {
                let alone = !goes_on && !view.row.continues;
                if let (true, Some(point)) = (alone, single_point(view)) {
                    points.push(point);
                    continue;
                }
                let mut builder = ShapeIndexBuilder::new(*edges);
                for point in points {
                    builder.point(*point);
                    builder.end();
                }
                *self = Self::Mixed(Box::new(builder));
            }
            match self {
                Self::Areas(areas, count) => {
                    if view.kind() == GeometryKind::Polygon {
                        *count = count.saturating_add(1);
                        for ring in view.parts().flat_map(|part| part.rings()) {
                            areas.ring(ring.iter().copied());
                        }
                    }
                    if !goes_on {
                        areas.end();
                    }
                }
                Self::Mixed(builder) => {
                    add_shape(view, builder);
                    if !goes_on {
                        builder.end();
                    }
                }
                Self::Points(..) => {}
            }
        }
    }
}

fn add_shape(view: FeatureView<'_>, builder: &mut ShapeIndexBuilder) {
    for ring in view.parts().flat_map(|part| part.rings()) {
        match view.kind() {
            GeometryKind::Polygon => builder.ring(ring.iter().copied()),
            GeometryKind::Line => builder.line(ring.iter().copied()),
            GeometryKind::Point => {
                for at in ring {
                    builder.line([*at]);
                }
            }
            GeometryKind::None => {}
        }
    }
}
