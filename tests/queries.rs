//! Spatial questions, against `PostGIS` in a cluster of its own: bench-like inputs at a size for every run (20,000 points around the
//! world, 64 areas with shared borders), and layers of the atlas.

mod common;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use common::inputs::{areas, folder, points, write_areas, write_points};
use common::postgis::PostGis;
use common::{json, stdout, yutu};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn near_and_within_answer_as_postgis() {
    let Some(postgis) = PostGis::start() else {
        return;
    };
    let folder = folder();
    let points = points(20_000);
    let file = write_points(folder.path(), &points);
    let area_file = write_areas(folder.path());
    let mut load = "create table p(id int, g geometry);\ncopy p from stdin;\n".to_owned();
    for (id, [lon, lat]) in points.iter().enumerate() {
        let _ = writeln!(load, "{id}\tSRID=4326;POINT({lon} {lat})");
    }
    load.push_str("\\.\ncreate table a(id int, g geometry);\ncopy a from stdin;\n");
    for (id, ring) in areas().iter().enumerate() {
        let ring = ring.replace(',', " ").replace("] [", ",");
        let _ = writeln!(load, "{id}\tSRID=4326;POLYGON(({ring}))");
    }
    load.push_str("\\.\ncreate index on p using gist((g::geography));\ncreate index on p using gist(g);\nanalyze;\n");
    postgis.ask(&load);

    // The nearest: its own order is of the sphere, so some more are taken and put in order again.
    let index = folder.path().join("points.yidx");
    let (file_name, index_name) = (
        file.to_str().expect("UTF-8"),
        index.to_str().expect("UTF-8"),
    );
    stdout(&["index", file_name, "-o", index_name], 0);
    for [lon, lat] in [
        [106.63, 30.46],
        [180.0, 10.0],
        [-179.99, -5.0],
        [12.0, 89.99],
        [0.0, -90.0],
        [104.0, 28.0],
    ] {
        let at = format!("{lon},{lat}");
        let own = json(&["near", &at, "--in", index_name, "-k", "10", "--json"]);
        let own = own.as_array().expect("an array");
        let theirs = postgis.ask(&format!(
            "select id, round((d * 1e6)::numeric) from (select id, ST_Distance(g::geography, q) d from p, (select 'SRID=4326;POINT({lon} {lat})'::geography q) s order by g::geography <-> q limit 30) n order by 2, 1 limit 10"
        ));
        assert_eq!(own.len(), 10);
        for (own, theirs) in own.iter().zip(&theirs) {
            let metres: f64 = theirs[1].parse::<f64>().expect("a number") / 1e6;
            assert!(
                (number(&own["distance_m"]) - metres).abs() < 1e-3,
                "{at}: {own} {theirs:?}"
            );
            assert_eq!(own["id"].to_string(), theirs[0], "{at}: {own} {theirs:?}");
        }
        for radius in [30_000, 500_000] {
            let run = yutu(&[
                "near",
                &at,
                "--in",
                index_name,
                "--radius",
                &format!("{radius}m"),
                "--json",
            ]);
            let own: Vec<Value> = serde_json::from_slice(&run.stdout).expect("JSON");
            let mut own: Vec<String> = own.iter().map(|row| row["id"].to_string()).collect();
            let theirs = postgis.ask(&format!(
                "select id from p where ST_DWithin(g::geography, 'SRID=4326;POINT({lon} {lat})'::geography, {radius}) order by id"
            ));
            let mut theirs: Vec<String> = theirs.into_iter().map(|mut row| row.remove(0)).collect();
            own.sort();
            theirs.sort();
            assert_eq!(own, theirs, "{at} {radius}");
        }
    }
    joins(&postgis, &file, &area_file);
    nearest_areas(&postgis, folder.path(), &points[..400], &area_file);
}

fn joins(postgis: &PostGis, file: &Path, area_file: &Path) {
    let file_name = file.to_str().expect("UTF-8");
    // Joins: containment is planar in both.
    let area_name = area_file.to_str().expect("UTF-8");
    for (predicate, function) in [("within", "ST_Within"), ("intersects", "ST_Intersects")] {
        let own = stdout(
            &[
                "join",
                file_name,
                "--with",
                area_name,
                "--predicate",
                predicate,
                "--all",
                "--inner",
                "--prefix",
                "a_",
                "--csv",
            ],
            0,
        );
        let own: Vec<String> = own
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                format!("{}|{}", cells[0], cells[3])
            })
            .collect();
        let theirs: Vec<String> = postgis
            .ask(&format!(
                "select p.id, a.id from p join a on {function}(p.g, a.g) order by 1, 2"
            ))
            .iter()
            .map(|row| row.join("|"))
            .collect();
        assert!(own.len() > 5_000);
        assert_eq!(own, theirs, "{predicate}");
    }
}

fn nearest_areas(postgis: &PostGis, folder: &Path, points: &[[f64; 2]], area_file: &Path) {
    let area_name = area_file.to_str().expect("UTF-8");
    // The nearest area: its edges densified, since those of geography are great circles.
    let theirs = postgis.ask("select p.id, min(ST_Distance(p.g::geography, d.g)) from p, (select ST_Segmentize(g, 0.01)::geography g from a) d where p.id < 400 group by 1 order by 1");
    let few = write_points(
        &{
            let few = folder.join("few");
            std::fs::create_dir(&few).expect("made");
            few
        },
        points,
    );
    let own = stdout(
        &[
            "join",
            few.to_str().expect("UTF-8"),
            "--with",
            area_name,
            "--predicate",
            "nearest",
            "--csv",
        ],
        0,
    );
    for (line, theirs) in own.lines().skip(1).zip(&theirs) {
        let metres: f64 = line
            .rsplit(',')
            .next()
            .and_then(|cell| cell.parse().ok())
            .expect("metres");
        let truth: f64 = theirs[1].parse().expect("metres");
        // Far away the server measures between the nearest positions of its sphere.
        assert!(
            (metres - truth).abs() < 1.0 + truth * 1e-6,
            "{line} {theirs:?}"
        );
    }
}

/// Features of the atlas by the dimension of their geometry, with a number each: points, lines, areas.
fn features_of_the_atlas(folder: &Path) -> [Vec<Value>; 3] {
    let out = folder.join("atlas");
    let mut arguments = vec!["build", "-q", "--out", out.to_str().expect("UTF-8")];
    for layer in [
        "chongqing-metropolitan-area",
        "chengdu-chongqing-axis",
        "chengyu-2016-ecology",
        "chengyu-2016-industry-and-science",
    ] {
        arguments.extend(["--layer", layer]);
    }
    stdout(&arguments, 0);
    let mut files: Vec<PathBuf> = std::fs::read_dir(out.join("layers"))
        .expect("layers")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "geojson"))
        .collect();
    files.sort();
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for file in files {
        let text = std::fs::read(&file).expect("read");
        let collection: Value = serde_json::from_slice(&text).expect("JSON");
        for feature in collection["features"].as_array().expect("features") {
            let geometry = &feature["geometry"];
            let dimension = match geometry["type"].as_str().expect("a type") {
                "Point" => 0,
                "LineString" | "MultiLineString" => 1,
                "Polygon" | "MultiPolygon" => 2,
                other => panic!("{other}"),
            };
            let id = all[dimension].len();
            all[dimension].push(serde_json::json!({
                "type": "Feature", "properties": {"id": id}, "geometry": geometry,
            }));
        }
    }
    all
}

const KINDS: [&str; 3] = ["points", "lines", "areas"];

#[test]
fn layers_of_the_atlas_answer_as_postgis() {
    let Some(postgis) = PostGis::start() else {
        return;
    };
    let folder = folder();
    let features = features_of_the_atlas(folder.path());
    let mut load = "create table t(kind text, id int, j text);\ncopy t from stdin;\n".to_owned();
    for (kind, features) in KINDS.iter().zip(&features) {
        assert!(features.len() > 20, "{kind}: {}", features.len());
        let mut text = String::new();
        for (id, feature) in features.iter().enumerate() {
            let _ = writeln!(text, "{feature}");
            let _ = writeln!(load, "{kind}\t{id}\t{}", feature["geometry"]);
        }
        std::fs::write(folder.path().join(format!("{kind}.ndjson")), text).expect("written");
    }
    // Its edges are great circles, ours are straight in degrees: densified they are the same.
    load.push_str("\\.\ncreate table f as select kind, id, g, ST_Segmentize(g, 0.01)::geography d from (select kind, id, ST_SetSRID(ST_GeomFromGeoJSON(j), 4326) g from t) s;\nanalyze;\n");
    postgis.ask(&load);
    let file = |kind: &str| {
        let path = folder.path().join(format!("{kind}.ndjson"));
        path.to_str().expect("UTF-8").to_owned()
    };
    for kind in KINDS {
        let file = file(kind);
        for (lon, lat) in [
            (106.63, 30.46),
            (104.06, 30.67),
            (108.4, 30.8),
            (103.0, 31.5),
            (110.2, 28.9),
        ] {
            near_a_position(&postgis, kind, &file, lon, lat);
        }
        for extent in [[106.0, 29.0, 107.0, 31.0], [103.5, 30.2, 104.4, 31.0]] {
            let [west, south, east, north] = extent;
            let asked = format!("{west},{south},{east},{north}");
            let run = yutu(&["within", &asked, "--in", &file, "--json"]);
            let theirs = postgis.ask(&format!(
                "select id from f where kind = '{kind}' and ST_Intersects(g, ST_MakeEnvelope({asked}, 4326)) order by id"
            ));
            assert!(!theirs.is_empty(), "{kind} {asked}");
            assert_eq!(ids(&run.stdout), numbers(&theirs), "{kind} {asked}");
        }
    }
    for (predicate, function) in [("within", "ST_Within"), ("intersects", "ST_Intersects")] {
        let own = stdout(
            &[
                "join",
                &file("points"),
                "--with",
                &file("areas"),
                "--predicate",
                predicate,
                "--all",
                "--inner",
                "--prefix",
                "a_",
                "--columns",
                "id",
                "--csv",
            ],
            0,
        );
        let own: Vec<String> = own
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                format!("{}|{}", cells[0], cells[cells.len() - 1])
            })
            .collect();
        let theirs = postgis.ask(&format!(
            "select p.id, a.id from f p join f a on {function}(p.g, a.g) where p.kind = 'points' and a.kind = 'areas' order by 1, 2"
        ));
        let theirs: Vec<String> = theirs.iter().map(|row| row.join("|")).collect();
        assert!(own.len() > 100, "{}", own.len());
        assert_eq!(own, theirs, "{predicate}");
    }
}

fn numbers(rows: &[Vec<String>]) -> Vec<u64> {
    let number = |row: &Vec<String>| row[0].parse().expect("a number");
    rows.iter().map(number).collect()
}

/// The numbers in an answer in JSON, sorted.
fn ids(answer: &[u8]) -> Vec<u64> {
    let rows: Vec<Value> = serde_json::from_slice(answer).expect("JSON");
    let mut ids: Vec<u64> = rows
        .iter()
        .map(|row| row["id"].as_u64().expect("a number"))
        .collect();
    ids.sort_unstable();
    ids
}

/// The nearest features and those within radii: the same, at the same distance within a millimetre for points and a metre for others.
fn near_a_position(postgis: &PostGis, kind: &str, file: &str, lon: f64, lat: f64) {
    let at = format!("{lon},{lat}");
    let from = format!("'SRID=4326;POINT({lon} {lat})'::geography");
    let theirs = postgis.ask(&format!(
        "select id, ST_Distance(d, {from}) m from f where kind = '{kind}' order by m, id"
    ));
    let truth: Vec<(u64, f64)> = theirs
        .iter()
        .map(|row| {
            (
                row[0].parse().expect("a number"),
                row[1].parse().expect("metres"),
            )
        })
        .collect();
    // Far away the server measures between the nearest positions of its sphere.
    let within = |metres: f64| {
        if kind == "points" {
            1e-3
        } else {
            1.0 + metres * 1e-6
        }
    };
    let own = json(&["near", &at, "--in", file, "-k", "15", "--json"]);
    let own = own.as_array().expect("an array");
    assert_eq!(own.len(), 15);
    let mut before = (0.0, 0);
    for (own, (_, metres)) in own.iter().zip(&truth) {
        let (id, found) = (
            own["id"].as_u64().expect("a number"),
            number(&own["distance_m"]),
        );
        let (_, of_id) = truth
            .iter()
            .find(|(other, _)| *other == id)
            .expect("theirs");
        assert!(
            (found - metres).abs() < within(*metres),
            "{kind} {at}: {own} {metres}"
        );
        assert!(
            (found - of_id).abs() < within(*of_id),
            "{kind} {at}: {own} {of_id}"
        );
        // Equally far ones stand by their number.
        assert!(
            before.0 < found || before.1 <= id,
            "{kind} {at}: {own} {before:?}"
        );
        before = (found, id);
    }
    for radius in [25_000.0, 120_000.0] {
        let run = yutu(&[
            "near",
            &at,
            "--in",
            file,
            "--radius",
            &format!("{radius}m"),
            "--json",
        ]);
        let own = ids(&run.stdout);
        for (id, metres) in &truth {
            if (metres - radius).abs() > within(radius) {
                assert_eq!(
                    own.binary_search(id).is_ok(),
                    *metres < radius,
                    "{kind} {at} {radius}: {id} {metres}"
                );
            }
        }
    }
}
