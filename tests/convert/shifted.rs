//! The suspicion that points were moved as Chinese web maps move them: said once, nothing changed, and no false alarm.

use std::fmt::Write as _;
use std::fs;

use coordinates::{Crs, Transform};
use serde_json::json;

use crate::common::yutu;
use crate::samples::{convert, folder, text};

/// Points of counties close to their borders, as they are and as they are moved.
fn points() -> [String; 2] {
    let boundaries = gazetteer::Boundaries::embedded().expect("embedded");
    let shift = Transform::new(Crs::Degrees, Crs::Gcj02).expect("no PROJ needed");
    let mut texts = [String::new(), String::new()];
    for unit in boundaries
        .units()
        .filter(|unit| unit.province_code == 500_000)
        .take(8)
    {
        let area = boundaries.union(&[unit]).expect("a county");
        let (mid_lon, mid_lat) = (unit.inside.lon(), unit.inside.lat());
        for vertex in area
            .0
            .iter()
            .flat_map(|part| part.exterior().0.iter())
            .step_by(5)
        {
            // 200 m inward.
            let (dx, dy) = (mid_lon - vertex.x, mid_lat - vertex.y);
            let step = 0.002 / dx.hypot(dy).max(1e-9);
            let (lon, lat) = (vertex.x + dx * step, vertex.y + dy * step);
            if !geo::Intersects::intersects(&area, &geo::Point::new(lon, lat)) {
                continue;
            }
            let moved = shift.one(lon, lat).expect("in China");
            for (text, (lon, lat)) in texts.iter_mut().zip([(lon, lat), moved]) {
                let row = json!({"type": "Feature", "properties": {"county": unit.code}, "geometry": {"type": "Point", "coordinates": [lon, lat]}});
                writeln!(text, "{row}").expect("a string");
            }
        }
    }
    texts
}

#[test]
fn moved_points_are_told_by_every_command_that_reads_them() {
    let folder = folder("shifted");
    let [right, moved] = points();
    let files = [("right.ndjson", right), ("moved.ndjson", moved)].map(|(name, text)| {
        let path = folder.join(name);
        fs::write(&path, text).expect("written");
        path
    });
    for (file, is_moved) in files.iter().zip([false, true]) {
        let tiles = folder.join("a.pmtiles");
        let map = folder.join("a.svg");
        let out = folder.join("a.ndjson");
        for arguments in [
            &["convert", text(file), "-o", text(&out), "--force"][..],
            &["tile", text(file), "-o", text(&tiles), "--force", "-z", "4"],
            &["map", text(file), "-o", text(&map)],
        ] {
            let output = yutu(arguments);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            assert_eq!(
                said.matches("GCJ-02").count(),
                usize::from(is_moved),
                "{arguments:?}: {said}"
            );
            assert_eq!(
                said.matches("--from-crs gcj02").count(),
                usize::from(is_moved),
                "{said}"
            );
        }
        // Nothing was changed.
        assert_eq!(
            fs::read_to_string(&out).expect("read").lines().count(),
            fs::read_to_string(file).expect("read").lines().count()
        );
    }
    // Who says what they are is told nothing, and gets them right.
    let out = folder.join("b.ndjson");
    let said = convert(&files[1], &out, &["--from-crs", "gcj02"]);
    assert!(!said.contains("lie outside"), "{said}");
    let said = convert(&out, &folder.join("c.gpkg"), &[]);
    assert!(!said.contains("lie outside"), "{said}");
}
