//! Files that GDAL wrote, in every format that features are read from: the same features come out of all of them.

use std::convert::Infallible;
use std::path::Path;
use std::process::Command;

use input::Encoding;
use input::features::{FeatureOptions, FeatureSource, GeometryKind, Notes, Value};

/// Whether `ogr2ogr` is there; without it a check is skipped aloud, in CI it fails.
#[expect(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]
fn gdal() -> bool {
    let there = Command::new("ogr2ogr").arg("--version").output().is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "ogr2ogr is not there"
    );
    if !there {
        println!("skipped: ogr2ogr is not there");
    }
    there
}

fn ogr2ogr(arguments: &[&str], from: &Path, to: &Path) {
    let status = Command::new("ogr2ogr")
        .args(arguments)
        .args([to, from])
        .status();
    assert!(status.expect("runs").success(), "{arguments:?}");
}

#[derive(Debug, Clone, PartialEq)]
struct Feature {
    kind: GeometryKind,
    rings: Vec<Vec<[f64; 2]>>,
    cells: Vec<(String, String)>,
}

fn read(path: &Path, options: &FeatureOptions) -> (Vec<Feature>, Notes) {
    let source = FeatureSource::open(path, options).expect("opens");
    let mut all = Vec::new();
    let totals = source.read(
        2,
        |batch| {
            let features = batch.features().map(|feature| Feature {
                kind: feature.kind(),
                rings: feature
                    .parts()
                    .flat_map(|part| part.rings().map(<[_]>::to_vec).collect::<Vec<_>>())
                    .collect(),
                cells: feature
                    .cells()
                    .filter(|(key, value)| {
                        *key != "fid" && !matches!(value, Value::Null | Value::Text(""))
                    })
                    .map(|(key, value)| (key.to_owned(), format!("{value:?}")))
                    .collect(),
            });
            features.collect::<Vec<_>>()
        },
        |done| {
            assert!(done.rejects.is_empty(), "{:?}", done.rejects);
            all.extend(done.value);
            Ok::<(), Infallible>(())
        },
    );
    (all, totals.expect("reads").notes)
}

const SOURCE: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"青石镇","n":12,"f":1.5,"note":"say \"hi\",\nthere"},"geometry":{"type":"Polygon","coordinates":[[[106.1,29.1],[107.3,29.2],[107.4,30.7],[106.1,29.1]],[[106.7,29.4],[107.2,29.8],[106.8,29.5],[106.7,29.4]]]}},
{"type":"Feature","properties":{"name":"双峰","n":-3,"f":null,"note":""},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,2],[3,4],[1,2]]],[[[5,2],[7,2],[7,4],[5,2]]]]}},
{"type":"Feature","properties":{"name":null,"n":7,"f":0.1,"note":"c"},"geometry":null}]}"#;

/// Rings may be turned round and begin elsewhere: shapefiles do so.
fn sorted(mut features: Vec<Feature>) -> Vec<Feature> {
    for ring in features.iter_mut().flat_map(|feature| &mut feature.rings) {
        ring.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
    }
    features
}

#[test]
fn all_formats_give_the_same_features() {
    if !gdal() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("source.geojson");
    std::fs::write(&source, SOURCE).expect("written");
    let (expected, _) = read(&source, &FeatureOptions::default());
    assert_eq!(expected.len(), 3);
    let expected = sorted(expected);
    let cases: [(&[&str], &str); 9] = [
        (&["-f", "GeoJSON"], "a.geojson"),
        (&["-f", "GeoJSONSeq"], "a.ndjson"),
        (&["-f", "GeoJSONSeq", "-lco", "RS=YES"], "a.geojsons"),
        (&["-f", "GPKG", "-nlt", "GEOMETRY"], "a.gpkg"),
        (
            &[
                "-f",
                "FlatGeobuf",
                "-lco",
                "SPATIAL_INDEX=NO",
                "-nlt",
                "GEOMETRY",
            ],
            "a.fgb",
        ),
        (
            &[
                "-f",
                "FlatGeobuf",
                "-nlt",
                "PROMOTE_TO_MULTI",
                "-where",
                "n <> 7",
            ],
            "b.fgb",
        ),
        (
            &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"],
            "u/a.shp",
        ),
        (
            &["-f", "ESRI Shapefile", "-lco", "ENCODING=GB18030"],
            "g/a.shp",
        ),
        (&["-f", "CSV", "-lco", "GEOMETRY=AS_WKT"], "a.csv"),
    ];
    for (arguments, name) in cases {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        ogr2ogr(arguments, &source, &path);
        let (features, _) = read(&path, &FeatureOptions::default());
        let mut features = sorted(features);
        let mut expected = expected.clone();
        if Path::new(name).extension().is_some_and(|end| end == "fgb") {
            // Some releases leave out what has no geometry; the order is that of the index.
            features.retain(|feature| feature.kind != GeometryKind::None);
            expected.truncate(2);
            features.sort_by_key(|feature| std::cmp::Reverse(feature.cells[1].1.clone()));
            expected.sort_by_key(|feature| std::cmp::Reverse(feature.cells[1].1.clone()));
        }
        assert_eq!(features, expected, "{name}");
    }
    // Another program's zip archive.
    let zipped = folder.path().join("z.shz");
    ogr2ogr(
        &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"],
        &source,
        &zipped,
    );
    assert_eq!(
        sorted(read(&zipped, &FeatureOptions::default()).0),
        expected
    );
}

#[test]
fn heights_are_dropped_and_said_and_other_systems_refused() {
    if !gdal() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("source.csv");
    std::fs::write(&source, "lon,lat,h,名\n106.5,30.5,300,青石\n").expect("written");
    let options = [
        "-oo",
        "X_POSSIBLE_NAMES=lon",
        "-oo",
        "Y_POSSIBLE_NAMES=lat",
        "-oo",
        "Z_POSSIBLE_NAMES=h",
    ];
    for (driver, name) in [
        ("GPKG", "a.gpkg"),
        ("FlatGeobuf", "a.fgb"),
        ("ESRI Shapefile", "a.shp"),
        ("GeoJSON", "a.geojson"),
    ] {
        let path = folder.path().join(name);
        ogr2ogr(
            &[&["-f", driver, "-a_srs", "EPSG:4326"], &options[..]].concat(),
            &source,
            &path,
        );
        let (features, notes) = read(&path, &FeatureOptions::default());
        assert_eq!(features[0].rings, [vec![[106.5, 30.5]]], "{name}");
        assert_eq!(notes.heights_dropped, 1, "{name}");
        let path = folder.path().join(format!("mercator-{name}"));
        let to = ["-f", driver, "-s_srs", "EPSG:4326", "-t_srs", "EPSG:3857"];
        let mut to = [&to[..], &options[..]].concat();
        if driver == "GeoJSON" {
            // Without this GDAL goes back to degrees.
            to.extend(["-lco", "RFC7946=NO"]);
        }
        ogr2ogr(&to, &source, &path);
        let error = FeatureSource::open(&path, &FeatureOptions::default());
        let error = error.expect_err(name).to_string();
        assert!(error.contains("reference system"), "{name}: {error}");
    }
    // GDAL writes UTF-8 only; a table in GB 18030 is one that it can read.
    let path = folder.path().join("gb.csv");
    let text = std::fs::read_to_string(&source).expect("there");
    std::fs::write(&path, encoding_rs::GB18030.encode(&text).0).expect("written");
    let mut options = FeatureOptions::default();
    options.encoding = Some(Encoding::Gb18030);
    assert_eq!(
        read(&path, &options).0[0].cells[1],
        ("名".to_owned(), "Text(\"青石\")".to_owned())
    );
}
