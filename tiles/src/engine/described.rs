//! What an archive says of itself.

use std::collections::HashMap;
use std::path::Path;

use super::options::Options;
use super::planning::{CLUSTER_COUNT, CLUSTERED, POLYGON_COUNT};
use super::work::Outcome;
use crate::MAX_ZOOM;
use crate::archive::{FieldKind, TileFormat, Tileset, VectorLayer};
use crate::columns::Features;

/// What the archive says of itself.
pub(super) fn tileset(
    features: &Features,
    descriptions: &HashMap<String, String>,
    outcomes: &[Outcome],
    out: &Path,
    options: &Options,
) -> Tileset {
    let name = if options.name.is_empty() {
        let stem = out.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    } else {
        options.name.clone()
    };
    let bounds = features.statistics.corners().map_or(
        [-180.0, -85.0, 180.0, 85.0],
        |(north_west, south_east)| {
            let (west, north) = north_west.to_lon_lat();
            let (east, south) = south_east.to_lon_lat();
            [west, south, east, north]
        },
    );
    let names = &features.names;
    #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
    let layers = 0..names.layers.len() as u32;
    let zooms = |layer: u32| {
        let zooms = (0..=MAX_ZOOM).zip(outcomes);
        let zooms: Vec<u8> = zooms
            .filter(|(_, outcome)| outcome.layers.contains(&layer))
            .map(|(z, _)| z)
            .collect();
        zooms.into_iter()
    };
    let counts_polygons = options
        .join_smallest
        .as_ref()
        .is_some_and(|join| join.count);
    let of_clusters: &[(&str, FieldKind)] = if options.cluster.is_some() {
        &[
            (CLUSTER_COUNT, FieldKind::Number),
            (CLUSTERED, FieldKind::Boolean),
        ]
    } else {
        &[]
    };
    let described = layers.clone().map(|layer| VectorLayer {
        id: names.layers.get(layer).to_owned(),
        description: descriptions
            .get(names.layers.get(layer))
            .cloned()
            .unwrap_or_default(),
        // Of a layer that no tile has: no zooms.
        minzoom: zooms(layer).next().unwrap_or(u8::MAX),
        maxzoom: zooms(layer).next_back().unwrap_or(0),
        fields: features
            .statistics
            .fields(layer)
            .map(|(column, field)| {
                let name = names.columns.get(column).to_owned();
                (name, field.field_kind().as_str().to_owned())
            })
            .chain(
                of_clusters
                    .iter()
                    .filter(|_| features.statistics.layer(layer).points > 0)
                    .map(|(name, kind)| ((*name).to_owned(), kind.as_str().to_owned())),
            )
            .chain(
                (counts_polygons && features.statistics.layer(layer).polygons > 0).then(|| {
                    let kind = FieldKind::Number.as_str().to_owned();
                    (POLYGON_COUNT.to_owned(), kind)
                }),
            )
            .collect(),
    });
    let described: Vec<VectorLayer> = described.collect();
    let stats: Vec<serde_json::Value> = layers
        .map(|layer| {
            let name = names.layers.get(layer);
            features
                .statistics
                .to_json(layer, name, &names.columns, &names.texts)
        })
        .collect();
    Tileset {
        name,
        description: options.description.clone(),
        attribution: options.attribution.clone(),
        bounds,
        centre: None,
        layers: described,
        statistics: Some(serde_json::json!({"layerCount": stats.len(), "layers": stats})),
        further: std::collections::BTreeMap::new(),
        format: TileFormat::Mvt,
    }
}
