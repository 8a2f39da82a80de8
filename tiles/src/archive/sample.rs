//! Small archives for tests.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Container, Fingerprint, TileSink, Tileset, VectorLayer, gzip};
use crate::TileCoord;

/// A field of a message whose content is bytes, below 128 of them.
pub(super) fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let length = bytes.len();
    if length < 128 {
        out.push(u8::try_from(length).unwrap());
    } else {
        out.push(u8::try_from(length & 0x7f | 0x80).unwrap());
        out.push(u8::try_from(length >> 7).unwrap());
    }
    out.extend_from_slice(bytes);
    out
}

/// A square from 8,8 of this side, as commands.
pub(super) fn square(side: u8) -> Vec<u8> {
    vec![9, 16, 16, 26, 2 * side, 0, 0, 2 * side, 2 * side - 1, 0, 15]
}

/// A layer with one polygon that has the attributes `name`, a text, and `n`, a number.
pub(super) fn layer(name: &str, text: &str, commands: &[u8]) -> Vec<u8> {
    let feature = [
        vec![1 << 3, 7],
        field(2, &[0, 0, 1, 1]),
        vec![3 << 3, 3],
        field(4, commands),
    ];
    let layer = [
        vec![15 << 3, 2],
        field(1, name.as_bytes()),
        field(2, &feature.concat()),
        field(3, b"name"),
        field(3, b"n"),
        field(4, &field(1, text.as_bytes())),
        field(4, &[5 << 3, 42]),
    ];
    field(3, &layer.concat())
}

/// What the sample tile holds: by its column one of four contents.
pub(super) fn tile(tile: TileCoord) -> Vec<u8> {
    let kind = tile.x() % 4;
    layer("areas", &format!("kind {kind}"), &square(10))
}

/// What the sample archive says of itself.
pub(super) fn tileset() -> Tileset {
    let fields = [("n", "Number"), ("name", "String")];
    let fields = fields.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
    Tileset {
        name: "sample".to_owned(),
        description: "for tests".to_owned(),
        attribution: "nobody".to_owned(),
        bounds: [-180.0, -85.06, 180.0, 85.06],
        layers: vec![VectorLayer {
            id: "areas".to_owned(),
            description: String::new(),
            minzoom: 0,
            maxzoom: 3,
            fields: BTreeMap::from(fields),
        }],
        ..Tileset::default()
    }
}

/// Writes all tiles of zooms 0 to 3.
pub(super) fn write(out: &Path, container: Container) {
    write_with(out, container, 3, |coord| Some(tile(coord)));
}

/// Writes the tiles of zooms 0 to `max_zoom` that there are.
pub(super) fn write_with(
    out: &Path,
    container: Container,
    max_zoom: u8,
    tile: impl Fn(TileCoord) -> Option<Vec<u8>>,
) {
    let sink = TileSink::create(out, Fingerprint(1), false, true).unwrap();
    let mut spool = sink.task(0);
    for id in 0..TileCoord::first_id(max_zoom + 1) {
        let coord = TileCoord::from_id(id).unwrap();
        if let Some(bytes) = tile(coord) {
            spool.push(coord, &gzip::pack(&bytes), 1).unwrap();
        }
    }
    spool.finish(&[]).unwrap();
    let mut tileset = tileset();
    tileset.layers[0].maxzoom = max_zoom;
    sink.finish(container, &tileset).unwrap();
}
