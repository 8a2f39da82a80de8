use std::path::PathBuf;

use geo::Geometry;
use shapefile::dbase::{FieldValue, Record, TableWriterBuilder, encoding::Unicode};
use shapefile::{Point, PolygonRing, Writer};

use crate::sample::{self, Dir, entries, failure, zipped};
use crate::{Encoding, Format, Origin, ReadOptions};

const WGS_84: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.257]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.0174]]";

fn row(name: &str, class: &str) -> Record {
    let mut row = Record::default();
    for (key, value) in [("name", name), ("class", class)] {
        row.insert(
            key.to_owned(),
            FieldValue::Character(Some(value.to_owned())),
        );
    }
    row
}

fn table() -> TableWriterBuilder {
    TableWriterBuilder::with_encoding(Unicode)
        .add_character_field("name".try_into().expect("short"), 12)
        .add_character_field("class".try_into().expect("short"), 10)
}

/// Two points, by somebody else's writer.
pub(crate) fn points(dir: &Dir) -> PathBuf {
    let path = dir.path("points.shp");
    let mut writer = Writer::from_path(&path, table()).expect("made");
    for (lon, lat, name) in [(106.5, 29.5, "青石镇"), (106.6, 29.6, "东河铺村")] {
        writer
            .write_shape_and_record(&Point::new(lon, lat), &row(name, "town"))
            .expect("made");
    }
    drop(writer);
    dir.file("points.prj", WGS_84.as_bytes());
    dir.file("points.cpg", b"UTF-8");
    path
}

#[test]
fn points_are_read_side_by_side_with_their_attributes() {
    let dir = sample::dir();
    let path = points(&dir);
    let (found, summary) = entries(&path, &ReadOptions::default());
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].0.name.as_str(), found[1].0.name.as_str()),
        ("青石镇", "东河铺村")
    );
    assert_eq!(
        found[1].0.position.map(|p| (p.lon(), p.lat())),
        Some((106.6, 29.6))
    );
    assert_eq!(
        (found[1].0.id.as_str(), found[1].1),
        ("points-2", Origin::Record(2))
    );
    assert!(summary.warnings.is_empty());
    let read = |end: &str| std::fs::read(dir.path(&format!("points.{end}"))).expect("read");
    let parts = [
        ("d/points.shp", read("shp")),
        ("d/points.dbf", read("dbf")),
        ("d/points.prj", read("prj")),
    ];
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()))
        .collect();
    let (again, _) = entries(
        &dir.file("points.zip", &zipped(&parts)),
        &ReadOptions::default(),
    );
    assert_eq!(again, found);
}

#[test]
fn holes_go_to_their_areas() {
    let dir = sample::dir();
    let path = dir.path("areas.shp");
    let square = |x: f64, size: f64| {
        let corners = [
            (0.0, 0.0),
            (0.0, size),
            (size, size),
            (size, 0.0),
            (0.0, 0.0),
        ];
        corners
            .map(|(dx, dy)| Point::new(x + dx, 29.0 + (10.0 - size) / 20.0 + dy))
            .to_vec()
    };
    let area = shapefile::Polygon::with_rings(vec![
        PolygonRing::Outer(square(100.0, 1.0)),
        PolygonRing::Outer(square(103.0, 1.0)),
        PolygonRing::Inner(square(103.4, 0.2)),
    ]);
    let mut writer = Writer::from_path(&path, table()).expect("made");
    writer
        .write_shape_and_record(&area, &row("西湖", "lake"))
        .expect("made");
    drop(writer);
    let (found, _) = entries(&path, &ReadOptions::default());
    let Some(Geometry::MultiPolygon(areas)) = &found[0].0.geometry else {
        panic!("{:?}", found[0].0.geometry);
    };
    let holes: Vec<usize> = areas.iter().map(|area| area.interiors().len()).collect();
    assert_eq!(holes, [0, 1]);
}

#[test]
fn the_encoding_is_named_beside_by_the_caller_or_asked_for() {
    let dir = sample::dir();
    let path = points(&dir);
    let dbf = std::fs::read(dir.path("points.dbf")).expect("read");
    let mut gb = dbf.clone();
    let at = gb
        .windows(9)
        .position(|w| w == "青石镇".as_bytes())
        .expect("there");
    gb[at..at + 9].copy_from_slice(b"\xC7\xE0\xCA\xAF\xD5\xF2   ");
    let at = gb
        .windows(12)
        .position(|w| w == "东河铺村".as_bytes())
        .expect("there");
    gb[at..at + 12].copy_from_slice(b"\xB6\xAB\xBA\xD3    \xB6\xAB\xBA\xD3");
    dir.file("points.dbf", &gb);
    std::fs::remove_file(dir.path("points.cpg")).expect("removed");
    let message = failure(&path, &ReadOptions::default());
    assert!(
        message.contains("points.dbf, record 1: column name"),
        "{message}"
    );
    assert!(message.contains("try --encoding gb18030"), "{message}");
    let options = ReadOptions {
        encoding: Some(Encoding::Gb18030),
        ..ReadOptions::default()
    };
    assert_eq!(entries(&path, &options).0[0].0.name, "青石镇");
    dir.file("points.cpg", b"936");
    assert_eq!(
        entries(&path, &ReadOptions::default()).0[0].0.name,
        "青石镇"
    );
}

#[test]
fn cut_and_hostile_files_are_explained() {
    let dir = sample::dir();
    let path = points(&dir);
    let shp = std::fs::read(&path).expect("read");
    let dbf = std::fs::read(dir.path("points.dbf")).expect("read");
    let options = ReadOptions {
        format: Some(Format::Shapefile),
        ..ReadOptions::default()
    };
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = shp.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let mut shorter = dbf.clone();
    shorter[4] = 1;
    let mut longer = dbf.clone();
    longer[4..8].copy_from_slice(&[255; 4]);
    let cut = &dbf[..dbf.len() - 10];
    for (shp, dbf, says) in [
        (
            &shp[..50],
            &dbf[..],
            "points.shp, byte 50: it ends inside the header",
        ),
        (
            &shp[..110],
            &dbf[..],
            "points.shp, record 1: it ends inside a record of the .shp",
        ),
        (
            &with(104, &[127, 255, 255, 255])[..],
            &dbf[..],
            "record 1: the length of the record declares 4294967294",
        ),
        (&with(0, &[1])[..], &dbf[..], "this is no shapefile"),
        (
            &with(108, &[77])[..],
            &dbf[..],
            "geometry of type 77 is not read",
        ),
        (
            &with(112, &f64::NAN.to_le_bytes())[..],
            &dbf[..],
            "record 1: lon is NaN",
        ),
        (
            &with(120, &106.5_f64.to_le_bytes())[..],
            &dbf[..],
            "latitude 106.5 is outside",
        ),
        (
            &shp[..],
            cut,
            "points.dbf, record 2: it ends inside record 2 of the 2",
        ),
        (
            &shp[..],
            &dbf[..20],
            "points.dbf, byte 20: it ends inside the header",
        ),
        (
            &shp[..],
            &shorter[..],
            "it ends inside record 2, which the .shp has",
        ),
        (&shp[..], &longer[..], "record 3"),
    ] {
        dir.file("points.shp", shp);
        dir.file("points.dbf", dbf);
        let message = failure(&path, &options);
        assert!(message.contains(says), "{says}: {message}");
    }
    dir.file("points.shp", &shp);
    dir.file("points.dbf", &dbf);
    dir.file(
        "points.prj",
        b"PROJCS[\"WGS_1984_UTM_Zone_48N\",GEOGCS[\"GCS_WGS_1984\"]]",
    );
    assert!(failure(&path, &options).contains("the reference system is WGS_1984_UTM_Zone_48N"));
    std::fs::remove_file(dir.path("points.dbf")).expect("removed");
    std::fs::remove_file(dir.path("points.prj")).expect("removed");
    assert!(failure(&path, &options).contains("points.dbf that belongs to it is not there"));
}
