//! The style document.

use std::path::Path;

use serde_json::{Value, json};

use super::layers::{areas_and_lines, names, points};
use super::{WebStyle, WebStyleError};
use crate::{atomic, qml};

/// The ground of a map without land.
const BACKGROUND: &str = "#f8f6f2";

/// Writes a style, whole or not at all. The same style gives the same bytes.
///
/// # Errors
///
/// [`WebStyleError`] when a style does not fit its table or the file cannot be written.
pub fn write(style: &WebStyle<'_>, path: &Path) -> Result<(), WebStyleError> {
    for table in style.maps.iter().flat_map(|map| &map.tables) {
        qml::check(table)?;
    }
    let mut bytes = serde_json::to_vec_pretty(&document(style))?;
    bytes.push(b'\n');
    Ok(atomic::write(path, &bytes)?)
}

fn document(style: &WebStyle<'_>) -> Value {
    let mut layers = vec![json!({
        "id": "background",
        "type": "background",
        "paint": {"background-color": BACKGROUND},
    })];
    for (number, map) in style.maps.iter().enumerate() {
        // Areas and lines of all tables, then discs, then names: what stands on top in every map.
        let parts = [areas_and_lines, points, names];
        for part in parts {
            for table in &map.tables {
                for mut layer in part(table) {
                    let visibility = if number == 0 { "visible" } else { "none" };
                    layer["source"] = json!("atlas");
                    layer["layout"]["visibility"] = json!(visibility);
                    layer["metadata"] = json!({"yutu:map": map.title, "yutu:table": table.title});
                    layers.push(layer);
                }
            }
        }
    }
    let first = style.maps.first().map(|map| map.focus);
    let middle = first.map(|focus| {
        let lon = f64::midpoint(focus.west, focus.east);
        let lat = f64::midpoint(focus.south, focus.north);
        // 256 CSS pixels are the world at zoom 0; a map is about 900 wide.
        let zoom = (900.0 / 512.0 * 360.0 / (focus.east - focus.west).max(0.01)).log2();
        (lon, lat, (zoom * 100.0).floor() / 100.0)
    });
    let mut document = json!({
        "version": 8,
        "name": style.name,
        "sources": {
            "atlas": {"type": "vector", "url": style.tiles, "attribution": style.attribution},
        },
        "metadata": {
            "yutu:maps": style.maps.iter().map(|map| json!({
                "title": map.title,
                "bounds": [map.focus.west, map.focus.south, map.focus.east, map.focus.north],
            })).collect::<Vec<_>>(),
        },
        "layers": layers,
    });
    if let Some((lon, lat, zoom)) = middle {
        document["center"] = json!([lon, lat]);
        document["zoom"] = json!(zoom);
    }
    document
}
