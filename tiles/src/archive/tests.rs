use std::fs;

use super::*;
use crate::TileCoord;

/// All three containers with the same tiles.
fn three(folder: &std::path::Path) -> [std::path::PathBuf; 3] {
    let all = [
        (Container::Pmtiles, "a.pmtiles"),
        (Container::Mbtiles, "a.mbtiles"),
        (Container::Folder, "a"),
    ];
    all.map(|(container, name)| {
        let path = folder.join(name);
        sample::write(&path, container);
        path
    })
}

#[test]
fn converting_there_and_back_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let paths = three(folder.path());
    let all = ExtractOptions {
        replace: true,
        ..ExtractOptions::default()
    };
    let whole = fs::read(&paths[0]).unwrap();
    for path in &paths {
        for container in [Container::Pmtiles, Container::Mbtiles, Container::Folder] {
            let out = folder.path().join("out");
            extract(path, &out, container, &all).unwrap();
            let back = folder.path().join("back.pmtiles");
            extract(&out, &back, Container::Pmtiles, &all).unwrap();
            assert!(
                fs::read(&back).unwrap() == whole,
                "{} by {container:?}",
                path.display()
            );
            let found = verify(&out, &VerifyOptions::default()).unwrap();
            assert_eq!(found.findings, Findings::default());
        }
    }
}

#[test]
fn an_extract_has_the_tiles_of_its_area_and_zooms() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pmtiles");
    for path in three(folder.path()) {
        let options = ExtractOptions {
            area: Some(Area::from_bbox([1.0, 1.0, 100.0, 60.0]).unwrap()),
            min_zoom: 1,
            max_zoom: 2,
            replace: true,
        };
        let summary = extract(&path, &out, Container::of(&out), &options).unwrap();
        // The north-eastern tile of zoom 1; of zoom 2 the western two columns of it, and its southern row reaches to 66° north.
        let zooms: Vec<_> = summary
            .zooms
            .iter()
            .map(|zoom| (zoom.zoom, zoom.tiles))
            .collect();
        assert_eq!(zooms, [(1, 1), (2, 2)]);
        let found = verify(&out, &VerifyOptions::default()).unwrap();
        // Tiles are whole: their features go beyond the area.
        let beyond = found
            .findings
            .iter()
            .all(|(_, check, _)| check == Check::Bounds);
        assert!(beyond, "{:?}", found.findings);
    }
    let nothing = ExtractOptions {
        min_zoom: 7,
        replace: true,
        ..ExtractOptions::default()
    };
    let refused = extract(&out, &out, Container::Pmtiles, &nothing);
    assert!(matches!(refused, Err(ArchiveError::Empty)));
    assert!(out.is_file(), "what was there stays");
}

#[test]
fn archives_differ_in_tiles_and_in_features() {
    let folder = tempfile::tempdir().unwrap();
    let [first, mbtiles, plain] = three(folder.path());
    for same in [&mbtiles, &plain] {
        let diff = diff(&first, same, 10).unwrap();
        assert!(diff.is_empty());
        assert_eq!(diff.equal + diff.packed_otherwise, 85);
    }
    let second = folder.path().join("b.pmtiles");
    let gone = TileCoord::new(3, 1, 1).unwrap();
    let changed = TileCoord::new(3, 2, 2).unwrap();
    sample::write_with(&second, Container::Pmtiles, 3, |tile| {
        if tile == gone {
            None
        } else if tile == changed {
            Some(sample::layer("areas", "other", &sample::square(10)))
        } else {
            Some(sample::tile(tile))
        }
    });
    let found = diff(&first, &second, 10).unwrap();
    assert_eq!(found.equal, 83);
    assert_eq!(found.different, 1);
    assert_eq!(found.only_first.get(&3), Some(&1));
    assert!(found.only_second.is_empty());
    let expected = LayerDiff {
        tiles: 1,
        only_first: 1,
        only_second: 1,
    };
    assert_eq!(found.layers["areas"], expected);
    assert_eq!(found.examples, ["3/1/1", "3/2/2"]);
    let reversed = diff(&second, &first, 10).unwrap();
    assert_eq!(reversed.only_second, found.only_first);
}

#[test]
fn an_inspection_counts_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for path in three(folder.path()) {
        let inspection = inspect(&path, 3).unwrap();
        assert_eq!(inspection.tiles, 85);
        let tiles: Vec<_> = inspection.zooms.iter().map(|zoom| zoom.tiles).collect();
        assert_eq!(tiles, [1, 4, 16, 64]);
        let layer = &inspection.layers["areas"];
        assert_eq!((layer.min_zoom, layer.max_zoom), (0, 3));
        assert_eq!(layer.features["polygons"], 85);
        assert_eq!(layer.vertices, 4 * 85);
        let number = &layer.attributes["n"];
        assert_eq!(number.values["whole number"], 85);
        assert_eq!((number.least, number.greatest), (Some(42.0), Some(42.0)));
        let texts: Vec<_> = layer.attributes["name"].texts.iter().collect();
        assert_eq!(texts, ["kind 0", "kind 1", "kind 2", "kind 3"]);
        assert_eq!(inspection.heaviest.len(), 3);
    }
}

#[test]
fn a_tile_is_shown_on_the_earth() {
    let folder = tempfile::tempdir().unwrap();
    for path in three(folder.path()) {
        let at = TileCoord::new(1, 1, 0).unwrap();
        let json = tile_as_geojson(&path, at).unwrap().unwrap();
        let feature = &json["features"][0];
        assert_eq!(feature["layer"], "areas");
        assert_eq!(feature["id"], 7);
        assert_eq!(feature["properties"]["name"], "kind 1");
        let ring = &feature["geometry"]["coordinates"][0];
        assert_eq!(ring.as_array().unwrap().len(), 5);
        // The corner 8,8 of 4096 in the north-eastern quarter of the world.
        assert_eq!(ring[0][0].as_f64(), Some(0.351_562_5));
        assert!((ring[0][1].as_f64().unwrap() - 85.0207).abs() < 1e-4);
        // Counter-clockwise (RFC 7946, section 3.1.6): first to the south.
        assert!(ring[1][1].as_f64() < ring[0][1].as_f64() && ring[1][0] == ring[0][0]);
        let nowhere = TileCoord::new(5, 0, 0).unwrap();
        assert!(tile_as_geojson(&path, nowhere).unwrap().is_none());
    }
}

#[test]
fn a_tile_is_found_in_leaf_directories() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.pmtiles");
    // 87,381 tiles, all different.
    sample::write_with(&path, Container::Pmtiles, 8, |tile| {
        Some(sample::layer(
            "areas",
            &tile.id().to_string(),
            &sample::square(10),
        ))
    });
    let mut archive = read::Archive::open(&path).unwrap();
    let read::Archive::Pmtiles(reader) = &archive else {
        panic!("PMTiles");
    };
    assert!(reader.header().leaves.length > 0);
    for id in (0..TileCoord::first_id(9)).step_by(977) {
        let bytes = archive
            .tile(TileCoord::from_id(id).unwrap())
            .unwrap()
            .unwrap();
        let mut plain = Vec::new();
        gzip::unpack(&bytes, 1 << 20, &mut plain).unwrap();
        let text = id.to_string();
        let holds = plain
            .windows(text.len())
            .any(|window| window == text.as_bytes());
        assert!(holds, "{id}");
    }
    assert!(
        archive
            .tile(TileCoord::new(9, 0, 0).unwrap())
            .unwrap()
            .is_none()
    );
    let found = verify(&path, &VerifyOptions::default()).unwrap();
    assert_eq!((found.findings, found.tiles), (Findings::default(), 87_381));
}
