//! A point for the name of each polygon.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::collect::RowSet;
use super::gather::{ShapeColumns, TooManyVertices};
use super::row::{take_head, write_head};
use super::statistics::Statistics;
use super::texts::TextTable;
use crate::WorldPoint;
use crate::geometry::{Shapes, Topology, TopologyOptions};

/// Polygons that a thread takes at once.
const RUN: usize = 256;

/// Makes a row for the name of each polygon: its id and attributes, where its largest part has most room, before anything is
/// simplified. Each layer gets one of its own for them, `<layer>-labels`.
pub(super) fn labels(
    polygons: &ShapeColumns,
    threads: usize,
    layers: &mut TextTable,
    statistics: &mut Statistics,
) -> Result<RowSet, TooManyVertices> {
    let shapes = Shapes::polygons(
        polygons.points.clone(),
        polygons.path_ends.clone(),
        polygons.part_ends.clone(),
        polygons.feature_ends.clone(),
    )
    .map_err(|_| TooManyVertices)?;
    let options = TopologyOptions {
        threads,
        ..TopologyOptions::default()
    };
    let topology = Topology::build(shapes, &options);
    let places = places(&topology, threads);
    let mut rows = RowSet::default();
    let mut rest = Vec::new();
    for (feature, place) in places.into_iter().enumerate() {
        let Some(place) = place else { continue };
        let mut row = polygons.rest(feature);
        let mut head = take_head(&mut row);
        let name = format!("{}-labels", layers.get(head.layer));
        let layer = layers.number(&name);
        statistics.label(head.layer, layer);
        head.layer = layer;
        rest.clear();
        write_head(head, &mut rest);
        rest.extend_from_slice(row);
        rows.push(place, &rest);
    }
    Ok(rows)
}

/// The label point of each feature.
fn places(topology: &Topology, threads: usize) -> Vec<Option<WorldPoint>> {
    let features = topology.features();
    let found = Mutex::new(vec![None; features]);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let start = next.fetch_add(RUN, Ordering::Relaxed);
                    if start >= features {
                        break;
                    }
                    let run = start..(start + RUN).min(features);
                    let places: Vec<_> = run.map(|feature| topology.label_point(feature)).collect();
                    if let Ok(mut found) = found.lock() {
                        found[start..start + places.len()].copy_from_slice(&places);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_default()
}
