//! What an archive says of itself, against what is in it.

use super::super::read::{Archive, Described};
use super::content::{BOOLEAN, NUMBER, Seen, TEXT};
use super::{Check, Findings};
use crate::{MAX_LATITUDE_DEG, TileCoord, WorldPoint};

/// Checks the zooms of the tiles.
pub(super) fn zooms(
    described: &Described,
    first: Option<u64>,
    last: Option<u64>,
    findings: &mut Findings,
) {
    let zoom = |id: Option<u64>| Some(TileCoord::from_id(id?).ok()?.z());
    let both = [
        ("first", described.min_zoom, zoom(first)),
        ("last", described.max_zoom, zoom(last)),
    ];
    for (which, said, found) in both {
        match (said, found) {
            (Some(said), Some(found)) if said != found => {
                let found = format!("the {which} zoom is said to be {said}, and is {found}");
                findings.error(Check::Zooms, None, found);
            }
            (None, Some(found)) => {
                let found = format!("the {which} zoom is not said; it is {found}");
                findings.warning(Check::Zooms, None, found);
            }
            _ => {}
        }
    }
    if first.is_none() {
        findings.error(Check::Empty, None, "no tiles".to_owned());
    }
}

/// Checks that the metadata are there.
pub(super) fn metadata(archive: &Archive, described: &Described, findings: &mut Findings) {
    let tileset = &described.tileset;
    if tileset.layers.is_empty() {
        let found = "no vector_layers: maps cannot say what is in the tiles".to_owned();
        findings.error(Check::Metadata, None, found);
    }
    if tileset.name.is_empty() {
        findings.warning(Check::Metadata, None, "no name".to_owned());
    }
    if described.bounds_e7.is_none() {
        findings.warning(Check::Bounds, None, "no bounds".to_owned());
    }
    if let Archive::Mbtiles(reader) = archive {
        reader.check(findings);
    }
}

/// Checks layers, attributes and bounds against what was seen in the tiles.
pub(super) fn seen(described: &Described, seen: &Seen, findings: &mut Findings) {
    let layers = &described.tileset.layers;
    for (name, found) in &seen.layers {
        let Some(layer) = layers.iter().find(|layer| layer.id == *name) else {
            let found = format!("layer `{name}` is in tiles and not in vector_layers");
            findings.error(Check::Layers, None, found);
            continue;
        };
        if (layer.minzoom, layer.maxzoom) != (found.min_zoom, found.max_zoom) {
            let text = format!(
                "layer `{name}` is said to be in zooms {} to {}, and is in {} to {}",
                layer.minzoom, layer.maxzoom, found.min_zoom, found.max_zoom
            );
            if layer.minzoom > found.min_zoom || layer.maxzoom < found.max_zoom {
                findings.error(Check::Layers, None, text);
            } else {
                findings.warning(Check::Layers, None, text);
            }
        }
        for (field, kinds) in &found.fields {
            let expected = match layer.fields.get(field).map(String::as_str) {
                None => {
                    let found = format!("layer `{name}`: attribute `{field}` is not described");
                    findings.error(Check::Fields, None, found);
                    continue;
                }
                Some("String") => TEXT,
                Some("Number") => NUMBER,
                Some("Boolean") => BOOLEAN,
                // Any other description is for people.
                Some(_) => continue,
            };
            if kinds & !expected != 0 {
                let found = format!("layer `{name}`: attribute `{field}` holds other than said");
                findings.error(Check::Fields, None, found);
            }
        }
        for field in layer.fields.keys() {
            if !found.fields.contains_key(field) {
                let found = format!("layer `{name}`: no feature has the attribute `{field}`");
                findings.warning(Check::Fields, None, found);
            }
        }
    }
    for layer in layers {
        if !seen.layers.contains_key(&layer.id) {
            let found = format!("layer `{}` is described and in no tile", layer.id);
            findings.error(Check::Layers, None, found);
        }
    }
    bounds(described, seen, findings);
}

/// Whether all features lie inside the bounds, with a grid unit to spare for rounding.
fn bounds(described: &Described, seen: &Seen, findings: &mut Findings) {
    let (Some(bounds), Some(extent)) = (described.bounds_e7, seen.extent) else {
        return;
    };
    let [west, south, east, north] = bounds.map(|e7| f64::from(e7) / 1e7);
    let limit = |lat: f64| lat.clamp(-MAX_LATITUDE_DEG, MAX_LATITUDE_DEG);
    let low = WorldPoint::from_lon_lat(west, limit(north));
    let high = WorldPoint::from_lon_lat(east, limit(south));
    let spare = seen.unit + 1;
    let beyond = [
        ("west", u64::from(low.x) > extent[0] + spare),
        ("north", u64::from(low.y) > extent[1] + spare),
        ("east", u64::from(high.x) + spare < extent[2]),
        ("south", u64::from(high.y) + spare < extent[3]),
    ];
    for (side, is_beyond) in beyond {
        if is_beyond {
            let found = format!(
                "features go beyond the bounds {west},{south},{east},{north} in the {side}"
            );
            findings.error(Check::Bounds, None, found);
        }
    }
}
