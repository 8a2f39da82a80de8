//! `yutu gazetteer`: places of the user's own, from files of every format and from wrong ones.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::tool;
use serde_json::Value;

/// A user with files and a folder of imports of their own.
struct User {
    folder: tempfile::TempDir,
}

/// What a run said.
struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl User {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    fn imports(&self) -> PathBuf {
        self.folder.path().join("imports")
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    }

    /// Writes a file and gives its path as an argument.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(Path::new(&path).parent().expect("a folder")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_yutu"))
            .args(arguments)
            .env("YUTU_GAZETTEER", self.imports())
            .output()
            .expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Said {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    fn import(&self, arguments: &[&str]) -> Said {
        self.run(&[&["gazetteer", "import"], arguments].concat())
    }

    fn imported(&self, arguments: &[&str]) {
        let said = self.import(arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.stderr);
        assert!(said.stdout.is_empty(), "what is said goes to stderr");
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.stderr);
        serde_json::from_str(&said.stdout).expect("JSON")
    }

    /// The import ends in one line of error that holds some words, and changes nothing in the folder of imports.
    fn refused(&self, arguments: &[&str], words: &[&str]) {
        let before = contents(&self.imports());
        let said = self.import(arguments);
        let error = said.stderr;
        assert_eq!(said.code, Some(2), "{arguments:?}: {error}");
        assert!(said.stdout.is_empty(), "{arguments:?}");
        assert_eq!(
            error.trim_end().lines().count(),
            1,
            "{arguments:?}: {error}"
        );
        assert!(error.starts_with("error: "), "{error}");
        for word in words {
            assert!(error.contains(word), "{arguments:?} says `{word}`: {error}");
        }
        assert!(
            contents(&self.imports()) == before,
            "{arguments:?} leaves something behind"
        );
    }
}

/// The files of a folder, hidden ones too, and their bytes; nothing when there is no folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths
        .map(|path| (path.clone(), std::fs::read(&path).expect("readable")))
        .collect();
    files.sort();
    files
}

const CSV: &str = "name,lon,lat,class\n玉兔村,106.5,29.5,settlement\n月宫站,106.6,29.6,station\n";
const POINT: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"广寒宫","class":"scenic"},"geometry":{"type":"Point","coordinates":[106.51,29.51]}}]}"#;
const AREA: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"广寒宫","class":"scenic"},"geometry":{"type":"Point","coordinates":[106.51,29.51]}},
{"type":"Feature","properties":{"name":"桂树园区","class":"park"},"geometry":{"type":"Polygon","coordinates":
[[[106.52,29.52],[106.54,29.52],[106.54,29.54],[106.52,29.54],[106.52,29.52]]]}}]}"#;
/// Two rows as of `CN.txt`, made up.
const GEONAMES: &str = "9900001\tYutu Cun\tYutu Cun\t玉兔村,Yutu\t29.5\t106.5\tP\tPPL\tCN\t\t33\t\t\t\t1200\t\t300\tAsia/Chongqing\t2026-01-01
9900002\tYuegong Jichang\tYuegong Jichang\t月宫机场\t29.6\t106.6\tS\tAIRP\tCN\t\t33\t\t\t\t0\t\t300\tAsia/Chongqing\t2026-01-01
";

#[test]
fn what_is_imported_is_found_listed_and_removed() {
    let user = User::new();
    assert_eq!(user.run(&["gazetteer", "list", "--json"]).code, Some(1));
    let csv = user.file("mine.csv", CSV);
    user.imported(&[&csv, "--licence", "CC0"]);
    let found = user.json(&["places", "月宫站"])[0].clone();
    assert_eq!(
        (&found["class"], &found["lon"]),
        (&"station".into(), &106.6.into())
    );
    let near = user.json(&["near", "106.5,29.5", "-k", "1"]);
    assert_eq!(
        (&near[0]["name"], &near[0]["distance_m"]),
        (&"玉兔村".into(), &0.0.into())
    );

    let listed = user.json(&["gazetteer", "list"])[0].clone();
    for (key, value) in [
        ("name", Value::from("mine")),
        ("places", 2.into()),
        ("located", 2.into()),
        ("source", "mine.csv".into()),
        ("licence", "CC0".into()),
        ("first", false.into()),
    ] {
        assert_eq!(listed[key], value, "{key}");
    }
    let file = std::fs::metadata(listed["file"].as_str().expect("a path")).expect("there");
    assert_eq!(listed["bytes"], file.len());

    assert_eq!(user.run(&["gazetteer", "remove", "mine"]).code, Some(0));
    assert_eq!(user.run(&["places", "月宫站"]).code, Some(1));
    let again = user.run(&["gazetteer", "remove", "mine"]);
    assert!(
        again.code == Some(1) && again.stderr.contains("mine"),
        "{}",
        again.stderr
    );
    assert!(contents(&user.imports()).is_empty());
}

#[test]
fn a_second_import_needs_force_and_first_puts_it_before_the_embedded_places() {
    let user = User::new();
    let csv = user.file("mine.csv", "name,lon,lat,class\n永川,106.5,29.5,station\n");
    user.imported(&[&csv]);
    user.refused(&[&csv], &["mine", "--force"]);
    assert_eq!(user.json(&["places", "永川"])[0]["id"], "500118");
    user.imported(&[&csv, "--force", "--first"]);
    assert_eq!(user.json(&["places", "永川"])[0]["class"], "station");
    assert_eq!(user.json(&["gazetteer", "list"])[0]["first"], true);
}

#[test]
fn geojson_and_geonames_tables_are_imported() {
    let user = User::new();
    let (area, table) = (
        user.file("area.geojson", AREA),
        user.file("CN.txt", GEONAMES),
    );
    user.imported(&[&area]);
    user.imported(&[&table]);
    let park = user.json(&["near", "106.53,29.53", "-k", "1", "--class", "park"]);
    assert_eq!(park[0]["name"], "桂树园区");
    let holding = |position: &str| user.json(&["at", position])["places"].clone();
    assert_eq!(holding("106.53,29.53")[0]["name"], "桂树园区");
    assert_eq!(holding("106.55,29.53"), Value::Array(Vec::new()));
    for (name, class) in [
        ("广寒宫", "scenic"),
        ("桂树园区", "park"),
        ("玉兔村", "settlement"),
        ("月宫机场", "airport"),
    ] {
        let found = user.json(&["places", name])[0].clone();
        assert_eq!(found["class"], class, "{name}");
        assert!(found["lon"].is_number(), "{name}");
    }
    assert_eq!(
        user.json(&["gazetteer", "list"]).as_array().map(Vec::len),
        Some(2)
    );
}

/// Writes with GDAL; `false` when it is not there.
fn ogr2ogr(user: &User, arguments: &[&str], out: &str) -> bool {
    let Some(ogr2ogr) = tool("ogr2ogr", &["--version"]) else {
        return false;
    };
    let from = user.file("point.geojson", POINT);
    std::fs::create_dir_all(Path::new(out).parent().expect("a folder")).expect("made");
    let status = Command::new(ogr2ogr)
        .args(arguments)
        .args([out, &from])
        .status();
    assert!(status.expect("runs").success(), "{out}");
    true
}

#[test]
fn files_that_gdal_wrote_are_imported() {
    let user = User::new();
    let cases: [(&[&str], &str); 3] = [
        (&["-f", "GPKG"], "gdal.gpkg"),
        (
            &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"],
            "utf8/utf8.shp",
        ),
        (
            &["-f", "ESRI Shapefile", "-lco", "ENCODING=GB18030"],
            "gb/gb.shp",
        ),
    ];
    for (arguments, name) in cases {
        let path = user.path(name);
        if !ogr2ogr(&user, arguments, &path) {
            return;
        }
        user.imported(&[&path, "--name", "gdal", "--force"]);
        let found = user.json(&["places", "广寒宫"])[0].clone();
        assert_eq!(found["class"], "scenic", "{name}");
        assert_eq!(
            (&found["lon"], &found["lat"]),
            (&106.51.into(), &29.51.into()),
            "{name}"
        );
        let near = user.json(&["near", "106.51,29.51", "-k", "1"]);
        assert_eq!(near[0]["name"], "广寒宫", "{name}");
    }
    // Without the file that says so, the encoding is not guessed.
    std::fs::remove_file(user.path("gb/gb.cpg")).expect("there");
    let shapefile = user.path("gb/gb.shp");
    let words = ["gb.dbf", "record 1", "name", "--encoding gb18030"];
    user.refused(&[&shapefile], &words);
    user.imported(&[&shapefile, "--encoding", "gb18030"]);

    let mercator = user.path("mercator.gpkg");
    ogr2ogr(&user, &["-f", "GPKG", "-t_srs", "EPSG:3857"], &mercator);
    user.refused(&[&mercator], &["mercator.gpkg", "EPSG:3857", "EPSG:4326"]);
    let whole = std::fs::read(user.path("gdal.gpkg")).expect("there");
    let cut = user.file("cut.gpkg", &whole[..3000]);
    user.refused(&[&cut], &["cut.gpkg", "malformed"]);
}

#[test]
fn a_wrong_file_is_one_line_that_says_where_and_leaves_nothing_behind() {
    let user = User::new();
    user.imported(&[&user.file("earlier.csv", CSV)]);
    // 玉兔 in GB 18030.
    let gb18030 = b"name,lon,lat\n\xd3\xf1\xcd\xc3,106.5,29.5\n";
    let cases: [(&str, &[u8], &[&str]); 15] = [
        (
            "gb.csv",
            gb18030,
            &["gb.csv:2", "name", "--encoding gb18030"],
        ),
        (
            "swapped.csv",
            b"name,lon,lat\na,29.5,106.5\n",
            &["swapped.csv:2", "106.5", "swapped"],
        ),
        (
            "nan.csv",
            b"name,lon,lat\na,1,2\nb,106.5,nan\n",
            &["nan.csv:3", "lat", "NaN"],
        ),
        (
            "word.csv",
            b"name,lon,lat\na,east,29.5\n",
            &["word.csv:2", "lon", "east"],
        ),
        (
            "column.csv",
            b"name,lon\na,106.5\n",
            &["column.csv:1", "lat", "--columns"],
        ),
        (
            "cut.csv",
            b"name,lon,lat\na,1,2\nb,106",
            &["cut.csv:3", "columns"],
        ),
        (
            "twice.csv",
            b"id,name,lon,lat\nx1,a,1,2\nx1,b,3,4\n",
            &["x1", "line 2", "line 3"],
        ),
        ("empty.csv", b"", &["empty.csv", "empty"]),
        (
            "header.csv",
            b"name,lon,lat\n",
            &["header.csv", "nothing to import"],
        ),
        ("unknown.bin", b"????", &["unknown.bin", "--format"]),
        (
            "cut.geojson",
            &POINT.as_bytes()[..150],
            &["cut.geojson:2", "cut off"],
        ),
        (
            "swapped.geojson",
            &POINT.replace("106.51,29.51", "29.51,106.51").into_bytes(),
            &["swapped.geojson, feature 1 (line 2)", "swapped"],
        ),
        (
            "nan.geojson",
            &POINT.replace("29.51]", "NaN]").into_bytes(),
            &["nan.geojson:2", "JSON"],
        ),
        (
            "far.geojson",
            &POINT.replace("106.51", "1e300").into_bytes(),
            &["far.geojson, feature 1", "longitude"],
        ),
        ("CN.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", &["CN.gz"]),
    ];
    for (name, bytes, words) in cases {
        user.refused(&[&user.file(name, bytes), "--name", "mine"], words);
    }
    user.refused(&[&user.path("missing.csv")], &["missing.csv"]);
    let csv = user.path("swapped.csv");
    user.refused(
        &[&csv, "--columns", "name=地名"],
        &["swapped.csv:1", "地名"],
    );
    let short = user.file("short.txt", &GEONAMES[..60]);
    user.refused(&[&short, "--format", "geonames"], &["short.txt:1", "19"]);
    assert_eq!(user.json(&["places", "玉兔村"])[0]["name"], "玉兔村");
    // Where the user says so, what is wrong is left out and counted.
    let said = user.import(&[&user.path("nan.csv"), "--skip-bad"]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(said.stderr.contains("1 places") && said.stderr.contains("left out: 1"));
    // The same positions the right way round.
    user.imported(&[&csv, "--columns", "lon=lat,lat=lon"]);
}

#[test]
fn sizes_that_a_shapefile_declares_are_not_believed() {
    let user = User::new();
    let path = user.path("whole/a.shp");
    if !ogr2ogr(
        &user,
        &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"],
        &path,
    ) {
        return;
    }
    // Offsets: length in the header and in the first record of the .shp, number of records in the .dbf.
    let cases: [(&str, &str, usize, [u8; 4]); 3] = [
        ("header", "shp", 24, [0x7f, 0xff, 0xff, 0xff]),
        ("record", "shp", 104, [0x7f, 0xff, 0xff, 0xff]),
        ("table", "dbf", 4, [0xff; 4]),
    ];
    for (name, changed, at, huge) in cases {
        for end in ["shp", "shx", "dbf", "prj", "cpg"] {
            let mut bytes = std::fs::read(user.path(&format!("whole/a.{end}"))).expect("there");
            if end == changed {
                bytes[at..at + 4].copy_from_slice(&huge);
            }
            user.file(&format!("{name}/{name}.{end}"), bytes);
        }
        let path = user.path(&format!("{name}/{name}.shp"));
        user.refused(&[&path], &[&format!("{name}.{changed}")]);
    }
    let whole = std::fs::read(&path).expect("there");
    user.file("whole/a.shp", &whole[..110]);
    user.refused(&[&path], &["a.shp, record 1", "cut off"]);
}

#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    let Some(gzip) = tool("gzip", &["--version"]) else {
        return;
    };
    let user = User::new();
    let path = user.path("bomb.csv.gz");
    let mut child = Command::new(gzip)
        .arg("-1c")
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(&path).expect("made"))
        .spawn()
        .expect("gzip starts");
    let mut bomb = b"name,lon,lat\n".to_vec();
    bomb.resize(100 << 20, b'a');
    let mut stdin = child.stdin.take().expect("piped");
    std::io::Write::write_all(&mut stdin, &bomb).expect("written");
    drop(stdin);
    assert!(child.wait().expect("ends").success());
    user.refused(&[&path], &["bomb.csv.gz", "bomb"]);
}

#[test]
fn the_name_of_an_import_is_no_path() {
    let user = User::new();
    let csv = user.file("mine.csv", CSV);
    for name in ["../mine", "a/b", "/mine", ".mine", "..", "", "a\\b", "a\nb"] {
        let said = user.import(&[&csv, "--name", name]);
        assert_eq!(said.code, Some(2), "{name}");
        assert!(said.stderr.contains("--name"), "{}", said.stderr);
        assert_eq!(
            user.run(&["gazetteer", "remove", name]).code,
            Some(2),
            "{name}"
        );
    }
    assert!(contents(&user.imports()).is_empty());
    let files = contents(user.folder.path());
    assert_eq!(files.len(), 1, "nothing but the table");
}

#[test]
fn a_damaged_file_of_places_is_an_error_that_names_it() {
    let user = User::new();
    user.imported(&[&user.file("mine.csv", CSV)]);
    let whole = std::fs::read(user.imports().join("mine.places")).expect("there");
    for (bytes, what) in [
        (&whole[..200], "cut"),
        (b"garbage", "garbage"),
        (b"", "empty"),
    ] {
        std::fs::write(user.imports().join("broken.places"), bytes).expect("written");
        for arguments in [
            &["places", "永川"],
            &["near", "广安"],
            &["at", "106,30"],
            &["gazetteer", "list"],
        ] {
            let said = user.run(arguments);
            assert_eq!(said.code, Some(2), "{what}: {arguments:?}");
            let named = said.stderr.contains("broken.places");
            assert!(
                named,
                "{what}: {arguments:?} names the file: {}",
                said.stderr
            );
        }
    }
    assert_eq!(user.run(&["gazetteer", "remove", "broken"]).code, Some(0));
    assert_eq!(user.json(&["places", "玉兔村"])[0]["name"], "玉兔村");
}
