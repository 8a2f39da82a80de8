//! What every target does with an archive of tiles, and what must hold whatever the bytes were.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tiles::TileCoord;
use tiles::archive::{
    Container, ExtractOptions, VerifyOptions, diff, extract, inspect, merge,
    tile_as_geojson, verify,
};
use tiles::mvt::decode::{Geometry, decode};

/// A folder of this process, in memory where there is such a file system.
static ROOM: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let temporary = std::env::temp_dir();
    let parent = if memory.is_dir() { memory } else { &temporary };
    let room = parent.join(format!("yutu-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&room).expect("a folder");
    room
});

/// Where an archive of this kind is put.
pub fn place(name: &str) -> PathBuf {
    ROOM.join(name)
}

/// Reads an archive with every command. One that is found right can be read by all of them, and a copy has the same tiles.
pub fn look_at(path: &Path) {
    let options = VerifyOptions {
        threads: 1,
        ..VerifyOptions::default()
    };
    let verified = verify(path, &options);
    let inspected = inspect(path, 3);
    let copy = place("copy.pmtiles");
    let copied = extract(
        path,
        &copy,
        Container::Pmtiles,
        &ExtractOptions {
            replace: true,
            ..ExtractOptions::default()
        },
    );
    for z in 0..3 {
        if let Ok(tile) = TileCoord::new(z, 0, 0)
            && let Err(error) = tile_as_geojson(path, tile)
        {
            assert!(!error.to_string().is_empty());
        }
    }
    // Parts are archives of another kind: this is none.
    assert!(merge(&[path.to_owned()], &place("merged.pmtiles"), Container::Pmtiles, true).is_err());
    let right = verified
        .as_ref()
        .is_ok_and(|found| found.findings.errors() == 0);
    if right {
        let inspected = inspected.expect("what is right can be inspected");
        assert_eq!(inspected.tiles, verified.map_or(0, |found| found.tiles));
        copied.expect("what is right can be copied");
        let differs = diff(path, &copy, 3).expect("both can be read");
        assert!(differs.examples.is_empty(), "{:?}", differs.examples);
    } else if copied.is_ok() {
        let _ = diff(path, &copy, 3);
    }
}

/// Decodes a tile. What features say is there.
pub fn look_at_tile(bytes: &[u8]) {
    let Ok(tile) = decode(bytes) else { return };
    for layer in &tile.layers {
        for feature in &layer.features {
            assert_eq!(layer.attributes(feature).count(), feature.tags.len());
            let points = match &feature.geometry {
                Geometry::Points(points) => points.len(),
                Geometry::Lines(lines) => lines.iter().map(Vec::len).sum(),
                Geometry::Polygons(polygons) => {
                    let rings = polygons.iter().flat_map(|polygon| {
                        std::iter::once(&polygon.exterior).chain(&polygon.holes)
                    });
                    rings.map(Vec::len).sum()
                }
                Geometry::Unknown => 0,
            };
            // A position is two bytes at least.
            assert!(points <= bytes.len());
        }
    }
}
