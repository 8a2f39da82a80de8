use std::path::Path;

use geo::Geometry;
use rusqlite::Connection;

use crate::sample::{self, entries, failure};
use crate::{Column, Origin, ReadOptions};

const SCHEMA: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '', ''), ('Pseudo', 3857, 'EPSG', 3857, '', '');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT,
    srs_id INTEGER NOT NULL, z TINYINT, m TINYINT);
INSERT INTO gpkg_contents VALUES ('places', 'features', 'places', 4326), ('notes', 'attributes', 'notes', 0);
INSERT INTO gpkg_geometry_columns VALUES ('places', 'geom', 'GEOMETRY', 4326, 0, 0);
CREATE TABLE places (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, class TEXT, population INTEGER);
";

/// A blob with an envelope around a point, and one without around a line.
fn blobs() -> [Vec<u8>; 2] {
    let mut point = vec![b'G', b'P', 0, 0b11, 0xE6, 0x10, 0, 0];
    for number in [106.5, 106.5, 29.5, 29.5_f64] {
        point.extend(number.to_le_bytes());
    }
    point.extend([1, 1, 0, 0, 0]);
    let mut line = vec![
        b'G', b'P', 0, 1, 0xE6, 0x10, 0, 0, 1, 2, 0, 0, 0, 2, 0, 0, 0,
    ];
    for (blob, numbers) in [
        (&mut point, &[106.5_f64, 29.5][..]),
        (&mut line, &[106.0, 29.0, 107.0, 29.0]),
    ] {
        for number in numbers {
            blob.extend(number.to_le_bytes());
        }
    }
    [point, line]
}

pub(crate) fn make(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("made");
    connection.execute_batch(SCHEMA).expect("made");
    let [point, line] = blobs();
    let sql = "INSERT INTO places (geom, name, class, population) VALUES (?1, '青石镇', 'town', 12000), (?2, '东河', 'river', NULL), (NULL, '西湖', 'lake', NULL)";
    connection.execute(sql, [point, line]).expect("made");
    connection
}

#[test]
fn points_lines_and_rows_without_geometry_are_read() {
    let dir = sample::dir();
    let path = dir.path("地名 50%.gpkg");
    drop(make(&path));
    let (found, summary) = entries(&path, &ReadOptions::default());
    assert_eq!(found.len(), 3);
    let (town, origin) = &found[0];
    assert_eq!(
        (town.id.as_str(), town.name.as_str(), town.weight),
        ("places-1", "青石镇", 12_000)
    );
    assert_eq!(
        town.position.map(|p| (p.lon(), p.lat())),
        Some((106.5, 29.5))
    );
    assert_eq!(*origin, Origin::Row(1));
    assert!(matches!(found[1].0.geometry, Some(Geometry::LineString(_))));
    assert_eq!(found[2].0.position, None);
    assert_eq!(summary.warnings.len(), 1);
    assert_eq!(
        std::fs::read_dir(path.parent().expect("a folder"))
            .expect("read")
            .count(),
        1
    );
}

#[test]
fn wrong_files_are_explained() {
    let dir = sample::dir();
    for (number, (change, says)) in [
        (
            "UPDATE gpkg_geometry_columns SET srs_id = 3857",
            "the reference system is EPSG:3857 (Pseudo)",
        ),
        (
            "UPDATE gpkg_geometry_columns SET srs_id = 9",
            "srs_id:9 (not in the file)",
        ),
        (
            "UPDATE places SET geom = substr(geom, 1, 50) WHERE fid = 1",
            "row 1: it ends inside a geometry (WKB)",
        ),
        (
            "UPDATE places SET geom = substr(geom, 1, 20) WHERE fid = 1",
            "row 1: it ends inside the envelope",
        ),
        (
            "UPDATE places SET geom = x'47500001E6100000010200000000FFFFFF' WHERE fid = 2",
            "row 2: a geometry (WKB) declares",
        ),
        (
            "UPDATE places SET geom = 'POINT(1 2)'",
            "row 1: column geom: found Text",
        ),
        (
            "UPDATE places SET geom = x'58580001E6100000'",
            "found 58 58, expected `GP`",
        ),
        (
            "DELETE FROM gpkg_contents",
            "no features table in it; there is: none",
        ),
        ("DELETE FROM places", "nothing to import"),
        (
            "DROP TABLE gpkg_contents",
            "an SQLite file without gpkg_contents",
        ),
        (
            "UPDATE gpkg_contents SET data_type = 'features'",
            "more than one to read: notes, places; name one with --layer",
        ),
        (
            "ALTER TABLE places RENAME TO hidden; CREATE VIEW places AS SELECT * FROM hidden",
            "table places: found a view",
        ),
        (
            "ALTER TABLE places RENAME TO p2; CREATE VIRTUAL TABLE places USING fts5(geom, name)",
            "found a virtual table",
        ),
        (
            "ALTER TABLE places RENAME COLUMN name TO nom",
            "no column for name; the columns are: nom, class, population",
        ),
        (
            "UPDATE places SET name = CAST(x'FFFF' AS TEXT)",
            "row 1: column name, byte 1: bytes that are not UTF-8",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let path = dir.path(&format!("{number}.gpkg"));
        make(&path).execute_batch(change).expect("changed");
        let message = failure(&path, &ReadOptions::default());
        assert!(message.contains(says), "{change}: {message}");
    }
}

#[test]
fn a_layer_and_columns_can_be_named_and_a_cut_file_is_refused() {
    let dir = sample::dir();
    let path = dir.path("a.gpkg");
    drop(make(&path));
    let mut options = ReadOptions {
        layer: Some("places".to_owned()),
        ..ReadOptions::default()
    };
    options.columns.set(Column::Name, "class");
    assert_eq!(entries(&path, &options).0[0].0.name, "town");
    options.layer = Some("x".to_owned());
    assert!(failure(&path, &options).contains("no layer `x` in it; there is: places"));
    let bytes = std::fs::read(&path).expect("read");
    for keep in [10, 60, bytes.len() / 2, bytes.len() - 4096] {
        let message = failure(&dir.file("b.gpkg", &bytes[..keep]), &ReadOptions::default());
        assert!(message.contains("get "), "{keep}: {message}");
    }
}
