//! Whole files through the whole reader.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::path::Path;

use super::{FeatureBatch, FeatureOptions, FeatureSource, FeatureTotals, Id, Value};
use crate::sample::{self, Dir};
use crate::{InputError, ReadError};

/// A batch as text, one line a row.
fn told(batch: &FeatureBatch) -> String {
    let mut text = String::new();
    for feature in batch.features() {
        let row = feature.row;
        let (number, origin) = (row.number, feature.origin());
        write!(text, "{number} {origin} {:?}", row.kind).expect("a string");
        if row.continues {
            text += " continues";
        }
        match feature.id() {
            Some(Id::UInt(id)) => write!(text, " id={id}").expect("a string"),
            Some(Id::Text(id)) => write!(text, " id={id:?}").expect("a string"),
            None => {}
        }
        for part in feature.parts() {
            text += " (";
            for ring in part.rings() {
                write!(text, "{ring:?}").expect("a string");
            }
            text += ")";
        }
        for (key, value) in feature.cells() {
            match value {
                Value::Null => write!(text, " {key}=null"),
                Value::Bool(value) => write!(text, " {key}={value}"),
                Value::Int(value) => write!(text, " {key}={value}"),
                Value::UInt(value) => write!(text, " {key}={value}u"),
                Value::Float(value) => write!(text, " {key}={value:?}"),
                Value::Text(value) => write!(text, " {key}={value:?}"),
                Value::Json(value) => write!(text, " {key}=<{value}>"),
            }
            .expect("a string");
        }
        if row.hints != super::TileHints::default() {
            let layer = feature.hinted_layer();
            write!(
                text,
                " z{:?}-{:?} {layer:?}",
                row.hints.minzoom, row.hints.maxzoom
            )
            .expect("a string");
        }
        text += "\n";
    }
    text
}

/// Everything that comes of a file, as text, on so many threads and with blocks of so many bytes.
pub(super) fn read_with(
    path: &Path,
    options: &FeatureOptions,
    threads: usize,
) -> (String, Result<FeatureTotals, InputError>) {
    let mut text = String::new();
    let source = match FeatureSource::open(path, options) {
        Ok(source) => source,
        Err(error) => return (text, Err(error)),
    };
    let result = source.read(
        threads,
        |batch| told(batch),
        |done| {
            text += &done.value;
            for reject in done.rejects {
                let raw = String::from_utf8_lossy(&reject.raw);
                let (number, origin) = (reject.number, reject.origin);
                assert!(reject.raw.len() as u64 <= reject.bytes.end - reject.bytes.start);
                writeln!(
                    text,
                    "{number} {origin} rejected {raw:?}: {}",
                    reject.problem
                )
                .expect("a string");
            }
            Ok::<(), Infallible>(())
        },
    );
    let result = result.map_err(|error| match error {
        ReadError::Input(error) => error,
        ReadError::Refused(never) => match never {},
    });
    (text, result)
}

/// What comes of a file; the same with small blocks and on more threads.
pub(super) fn read(
    path: &Path,
    options: &FeatureOptions,
) -> (String, Result<FeatureTotals, InputError>) {
    let (whole, result) = read_with(path, options, 1);
    let sorted = |text: &str| {
        let number = |line: &&str| line.split(' ').next().and_then(|n| n.parse::<u64>().ok());
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_by_key(number);
        lines.join("\n")
    };
    for (block_bytes, threads) in [(1, 1), (7, 3), (1 << 10, 1), (1 << 10, 4), (8 << 20, 4)] {
        let options = FeatureOptions {
            block_bytes,
            ..options.clone()
        };
        let (text, again) = read_with(path, &options, threads);
        assert_eq!(
            sorted(&text),
            sorted(&whole),
            "blocks of {block_bytes}, {threads} threads"
        );
        assert_eq!(format!("{again:?}"), format!("{result:?}"));
    }
    (sorted(&whole), result)
}

fn rows(dir: &Dir, name: &str, bytes: &[u8]) -> String {
    let (text, result) = read(&dir.file(name, bytes), &FeatureOptions::default());
    let totals = result.expect(name);
    let rejected = text
        .lines()
        .filter(|line| line.contains(" rejected "))
        .count();
    assert_eq!(totals.rejects, rejected as u64);
    text
}

pub(super) const FEATURES: [&str; 7] = [
    r#"{"type":"Feature","id":7,"properties":{"名":"青石镇","n":1,"f":1.5e0,"no":null,"yes":true},"geometry":{"type":"Point","coordinates":[106.63,30.46]}}"#,
    r#"{"type":"Feature","geometry":{"coordinates":[[106,29],[107.5,29.25,300]],"type":"LineString"},"properties":{"n":"x\"\u9752\n{","big":18446744073709551616,"u":9223372036854775808}}"#,
    r#"{"geometry":null,"properties":null,"type":"Feature","id":"a"}"#,
    r#"{"type":"Feature","properties":{"o":{"a":[1,{"b":"}"}]}},"geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,2],[3,4]]},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]],[]]}]}}"#,
    r#"{"type":"Feature","tippecanoe":{"minzoom":3,"maxzoom":9,"layer":"l"},"properties":{"a":1,"a":2},"geometry":{"type":"MultiPolygon","coordinates":[]}}"#,
    r#"{"type":"Point","coordinates":[190,-90]}"#,
    r#"{"type":"Feature","properties":{},"bbox":[1,2,3,4],"geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[],[[2,2],[3,3]]]}}"#,
];

const TOLD: [&str; 8] = [
    r#"0 line 1 Point id=7 ([[106.63, 30.46]]) 名="青石镇" n=1 f=1.5 no=null yes=true"#,
    r#"1 line 2 Line ([[106.0, 29.0], [107.5, 29.25]]) n="x\"青\n{" big=<18446744073709551616> u=9223372036854775808u"#,
    r#"2 line 3 None id="a""#,
    r#"3 line 4 Point ([[1.0, 2.0], [3.0, 4.0]]) o=<{"a":[1,{"b":"}"}]}>"#,
    r#"3 line 4 Polygon continues ([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]) o=<{"a":[1,{"b":"}"}]}>"#,
    r#"4 line 5 Polygon a=2 zSome(3)-Some(9) Some("l")"#,
    r"5 line 6 Point ([[190.0, -90.0]])",
    r"6 line 7 Line ([[0.0, 0.0], [1.0, 1.0]]) ([[2.0, 2.0], [3.0, 3.0]])",
];

fn told_on_lines(step: usize, first: usize) -> String {
    let lines = TOLD.iter().map(|line| {
        let (number, rest) = line.split_once(" line ").expect("as written above");
        let (_, rest) = rest.split_once(' ').expect("as written above");
        let at = number.parse::<usize>().expect("a number") * step + first;
        format!("{number} line {at} {rest}")
    });
    lines.collect::<Vec<_>>().join(
        "
",
    )
}

#[test]
fn features_by_lines_in_a_collection_and_in_sequences_are_the_same() {
    let dir = sample::dir();
    let lines = FEATURES.join("\n");
    assert_eq!(
        rows(&dir, "a.ndjson", lines.as_bytes()),
        told_on_lines(1, 1)
    );
    let crlf = format!("\u{feff}{}\r\n\r\n", FEATURES.join("\r\n\r\n"));
    assert_eq!(rows(&dir, "b", crlf.as_bytes()), told_on_lines(2, 1));
    let collection = format!(
        "{{\"type\":\"FeatureCollection\",\n\"name\":\"x\",\"features\":[\n{}\n]\n,\"crs\":null}}\n",
        FEATURES.join(",\n")
    );
    assert_eq!(
        rows(&dir, "c.geojson", collection.as_bytes()),
        told_on_lines(1, 3)
    );
    let one_line = format!(
        "{{\"features\":[{}],\"type\":\"FeatureCollection\"}}",
        FEATURES.join(",")
    );
    assert_eq!(
        rows(&dir, "d.json", one_line.as_bytes()),
        told_on_lines(0, 1)
    );
    let sequence: String = FEATURES.map(|f| format!("\u{1e}{f}\n")).concat();
    assert_eq!(
        rows(&dir, "e.geojsonl", sequence.as_bytes()),
        told_on_lines(1, 1)
    );
    let pretty: Vec<String> = FEATURES.iter().map(|f| f.replacen(',', ",\n", 1)).collect();
    assert_eq!(
        rows(&dir, "f.json", pretty.join("\n").as_bytes()),
        told_on_lines(2, 1)
    );
    let array = format!("[{}]", FEATURES.join(",\n"));
    assert_eq!(rows(&dir, "g.json", array.as_bytes()), told_on_lines(1, 1));
    assert_eq!(
        rows(&dir, "h.gz", &sample::gz(lines.as_bytes())),
        told_on_lines(1, 1)
    );
    let utf_16: Vec<u8> = format!("\u{feff}{lines}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(rows(&dir, "i", &utf_16), told_on_lines(1, 1));
}

#[test]
fn bad_rows_are_rejects_with_their_place_and_the_others_are_read() {
    let dir = sample::dir();
    let good = FEATURES[0];
    let bad: [(&[u8], &str); 16] = [
        (b"{", "ends inside"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]}}"#, "NaN"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,-Infinity]}}"#, "-Infinity"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,1]}}"#, "finite"),
        (br#"{"type":"Feature","properties":{"a":NaN},"geometry":null}"#, "NaN"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[30.5,106.5]}}"#, "swapped"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[361,0]}}"#, "-180"),
        (br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]}}"#, "latitude"),
        (br#"{"type":"Feature","geometry":{"type":"Circle","coordinates":[1,2]}}"#, "Circle"),
        (br#"{"type":"Feature","geometry":{"type":"Point"}}"#, "without coordinates"),
        (br#"{"type":"Feature","properties":{"a":01},"geometry":null}"#, "JSON"),
        (br#"{"type":"Feature","properties":{"a":1},"geometry":null}x"#, "end of the row"),
        (br#"{"type":"FeatureCollection","features":[]}"#, "FeatureCollection"),
        (br#"{"type":"Feature","properties":{"a":"\ud800"},"geometry":null}"#, "hex escape"),
        (b"{\"type\":\"Feature\",\"properties\":{\"a\":\"\xff\"},\"geometry\":null}", "UTF-8"),
        (br#"{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"geometry":null}"#, "3857"),
    ];
    let mut text = Vec::new();
    for (row, _) in bad {
        text.extend([row, b"\n", good.as_bytes(), b"\r\n"].concat());
    }
    let read = rows(&dir, "a.ndjson", &[good.as_bytes(), b"\n", &text].concat());
    let lines: Vec<&str> = read.lines().collect();
    assert_eq!(lines.len(), 33);
    for (index, (row, says)) in bad.iter().enumerate() {
        let number = 2 * index + 1;
        let start = format!("{number} line {} rejected ", number + 1);
        let line = lines[number];
        assert!(
            line.starts_with(&start) && line.contains(says),
            "{says}: {line}"
        );
        let raw = format!("{:?}", String::from_utf8_lossy(row));
        assert!(line.contains(&raw), "{raw}: {line}");
    }
    let good: Vec<&&str> = lines
        .iter()
        .filter(|line| !line.contains(" rejected "))
        .collect();
    assert!(good.len() == 17 && good.iter().all(|line| line.contains("青石镇")));
}

#[test]
fn depth_is_bounded_and_numbers_of_attributes_are_not() {
    let dir = sample::dir();
    let deep = format!(
        "{}\n{{\"type\":\"Feature\",\"geometry\":null,\"properties\":{{\"a\":{}1{}}}}}\n",
        FEATURES[0],
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert!(rows(&dir, "a.ndjson", deep.as_bytes()).contains("nest deeper"));
    let nested = format!(
        "{}\n{}",
        FEATURES[0],
        r#"{"type":"GeometryCollection","geometries":["#.repeat(10_000)
    );
    assert!(rows(&dir, "b.ndjson", nested.as_bytes()).contains("nest deeper"));
    let many: Vec<String> = (0..100_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let many = format!(
        "{{\"type\":\"Feature\",\"geometry\":null,\"properties\":{{{}}}}}",
        many.join(",")
    );
    let (text, result) = read_with(
        &dir.file("c", many.as_bytes()),
        &FeatureOptions::default(),
        1,
    );
    assert!(result.is_ok() && text.contains(" k99999=99999"));
    let options = FeatureOptions {
        max_feature_bytes: 1000,
        block_bytes: 100,
        ..FeatureOptions::default()
    };
    let (text, result) = read_with(&dir.file("d", many.as_bytes()), &options, 2);
    assert!(text.contains("0 line 1 rejected") && text.contains("longer than 1000"));
    assert_eq!(result.expect("read over").rejects, 1);
}

#[test]
fn a_feature_that_is_too_long_is_read_over_whatever_the_blocks() {
    let dir = sample::dir();
    let long = format!(
        r#"{{"type":"Feature","properties":{{"a":"}}{{[\\\"{}\\"}},
        "geometry":null}}"#,
        "山\\\\}\\\"{".repeat(300)
    );
    let one_line = long.replace('\n', "");
    let [first, second] = [FEATURES[0], FEATURES[1]];
    let layouts = [
        ("lines", format!("{first}\n{one_line}\n{second}\n"), "3"),
        ("last", format!("{first}\n{second}\n{one_line}"), "2"),
        (
            "objects",
            format!(
                "{{\n\"type\":\"FeatureCollection\",\"features\":[{first},\n{long},{second}]}}"
            ),
            "4",
        ),
        (
            "plain",
            format!("\n{first} {long}\n{second}").replacen(',', ",\n", 1),
            "5",
        ),
        (
            "sequence",
            format!("\u{1e}{first}\n\u{1e}{long}\n\u{1e}{second}\n"),
            "4",
        ),
    ];
    for (name, text, line) in layouts {
        for (block_bytes, threads) in [(1, 1), (7, 2), (100, 1), (999, 3)] {
            let options = FeatureOptions {
                max_feature_bytes: 1000,
                block_bytes,
                ..FeatureOptions::default()
            };
            let (found, result) = read_with(&dir.file(name, text.as_bytes()), &options, threads);
            let totals = result.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((totals.features, totals.rejects), (2, 1), "{name}: {found}");
            assert!(found.contains("longer than 1000"), "{found}");
            let last = format!(" line {line} ");
            assert!(found.contains(&last), "{name} {block_bytes}: {found}");
        }
    }
    // What goes on to the end of a collection is told as what it is.
    let open = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{first},{}",
        &long[..2000]
    );
    let options = FeatureOptions {
        max_feature_bytes: 1000,
        block_bytes: 100,
        ..FeatureOptions::default()
    };
    let (_, result) = read_with(&dir.file("open", open.as_bytes()), &options, 2);
    assert!(
        result
            .expect_err("cut off")
            .to_string()
            .contains("array of features")
    );
}

#[test]
fn what_is_cut_off_or_of_another_system_is_an_error_after_what_came_before() {
    let dir = sample::dir();
    for (text, says, features) in [
        (
            format!(
                "{{\"type\":\"FeatureCollection\",\"features\":[{},",
                FEATURES[0]
            ),
            "array of features",
            1,
        ),
        (
            format!(
                "{{\"type\":\"FeatureCollection\",\"features\":[{}]",
                FEATURES[0]
            ),
            "",
            1,
        ),
        (
            format!(
                "{{\"type\":\"FeatureCollection\",\"features\":[{}]}} x",
                FEATURES[0]
            ),
            "end of the file",
            1,
        ),
        (
            format!(
                "{{\"type\":\"FeatureCollection\",\"features\":[{}],\"crs\":{{\"properties\":{{\"name\":\"EPSG:2381\"}}}}}}",
                FEATURES[0]
            ),
            "EPSG:2381",
            1,
        ),
        (
            format!(
                "{{\"type\":\"FeatureCollection\",\"crs\":{{\"properties\":{{\"name\":\"EPSG:2381\"}}}},\"features\":[{}]}}",
                FEATURES[0]
            ),
            "EPSG:2381",
            0,
        ),
        (
            "{\"type\":\"FeatureCollection\"".to_owned(),
            "ends inside",
            0,
        ),
        (String::new(), "empty", 0),
        ("\u{feff}".to_owned(), "empty", 0),
        ("what is this?".to_owned(), "format cannot be told", 0),
    ] {
        let (read, result) = read(
            &dir.file("a.json", text.as_bytes()),
            &FeatureOptions::default(),
        );
        let error = result.expect_err(&text).to_string();
        assert!(
            error.contains(says) && error.contains("a.json"),
            "{text}: {error}"
        );
        assert_eq!(read.lines().count(), features, "{text}");
    }
    let packed = sample::gz(FEATURES.join("\n").as_bytes());
    let (_, result) = read(
        &dir.file("b.gz", &packed[..packed.len() - 9]),
        &FeatureOptions::default(),
    );
    assert!(result.expect_err("cut").to_string().contains("ends inside"));
}

#[test]
fn tables_are_read_with_their_quotes_lines_and_encodings() {
    let dir = sample::dir();
    let text = "name,lon,lat,n,\"a \"\"b\"\"\"\n青石镇,106.63,30.46,007,x\n\"两\n行,\",\"106.5\", 30.5 ,1.50,\"say \"\"hi\"\"\"\n\nc,,,12345678901234567890,\n5\" pipe,1e1,.5,-0.5,end\n";
    let expected = "0 line 2 Point ([[106.63, 30.46]]) name=\"青石镇\" n=\"007\" a \"b\"=\"x\"\n\
        1 line 3 Point ([[106.5, 30.5]]) name=\"两\\n行,\" n=1.5 a \"b\"=\"say \\\"hi\\\"\"\n\
        2 line 6 None name=\"c\" n=12345678901234567890u a \"b\"=null\n\
        3 line 7 Point ([[10.0, 0.5]]) name=\"5\\\" pipe\" n=-0.5 a \"b\"=\"end\"";
    assert_eq!(rows(&dir, "a.csv", text.as_bytes()), expected);
    let crlf = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let of_crlf = expected.replace("两\\n行", "两\\r\\n行");
    assert_eq!(rows(&dir, "b.csv", crlf.as_bytes()), of_crlf);
    assert_eq!(
        rows(
            &dir,
            "c.tsv",
            text.replace("行,", "行;").replace(',', "\t").as_bytes()
        ),
        expected.replace("行,", "行;")
    );
    assert_eq!(
        rows(&dir, "d.csv.gz", &sample::gz(text.as_bytes())),
        expected
    );
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let path = dir.file("e.csv", &gb);
    let (_, result) = read(&path, &FeatureOptions::default());
    let error = result.expect_err("not UTF-8").to_string();
    assert!(error.contains("--encoding gb18030"), "{error}");
    let options = FeatureOptions {
        encoding: Some(crate::Encoding::Gb18030),
        ..FeatureOptions::default()
    };
    assert_eq!(read(&path, &options).0, expected);
    let wkt = "id;geometry;名\n1;POINT Z (1 2 3);a\n2;\"POLYGON((0 0,1 0,1 1,0 0))\";\n3;;c\n4;POINT(1);d\n";
    assert_eq!(
        rows(&dir, "f.csv", wkt.as_bytes()),
        "0 line 2 Point ([[1.0, 2.0]]) id=1 名=\"a\"\n\
        1 line 3 Polygon ([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]) id=2 名=null\n\
        2 line 4 None id=3 名=\"c\"\n\
        3 line 5 rejected \"4;POINT(1);d\": WKT, byte 7: expected longitude and latitude"
    );
}

#[test]
fn bad_rows_of_a_table_are_rejects_and_columns_can_be_named() {
    let dir = sample::dir();
    let text = "a,东,北\n1,2,3\n1,2\n1,2,3,4\n1,x,3\n1,NaN,3\n1,30,106\n1,,3\n\"open,1,2\n";
    let path = dir.file("a.csv", text.as_bytes());
    let (_, result) = read(&path, &FeatureOptions::default());
    let error = result.expect_err("no columns").to_string();
    assert!(error.contains("--lon"), "{error}");
    let mut options = FeatureOptions {
        lon: Some("东".to_owned()),
        lat: Some("北".to_owned()),
        ..FeatureOptions::default()
    };
    let (text, result) = read(&path, &options);
    assert_eq!(
        result.map(|totals| (totals.features, totals.rejects)).ok(),
        Some((1, 7))
    );
    for (line, says) in text.lines().skip(1).zip([
        "2 columns",
        "4 columns",
        "`x`",
        "`NaN`",
        "swapped",
        "lon",
        "quoted value",
    ]) {
        assert!(line.contains(says), "{says}: {line}");
    }
    options.lon = Some("西".to_owned());
    assert!(
        read(&path, &options)
            .1
            .expect_err("no such")
            .to_string()
            .contains("西")
    );
}

#[test]
fn a_rejected_row_leaves_nothing_to_the_next() {
    let dir = sample::dir();
    let text = concat!(
        r#"{"type":"Feature","properties":{"a":1,"b":2,"c":3},"geometry":null}"#,
        "\n",
        r#"{"type":"Feature","properties":{"c":4,"b":5,"a":6,"d":7},"geometry":[]}"#,
        "\n",
        r#"{"type":"Feature","properties":{"a":8,"b":9,"c":10,"b":11},"geometry":null}"#,
    );
    let text = rows(&dir, "a.ndjson", text.as_bytes());
    let last = text.lines().last();
    assert_eq!(last, Some("2 line 3 None a=8 b=11 c=10"), "{text}");
}

#[test]
fn attributes_that_are_not_wanted_are_read_over_and_have_to_be_values_all_the_same() {
    let dir = sample::dir();
    let lines = concat!(
        r#"{"type":"Feature","properties":{"v":1.5,"name":"合川","more":{"a":[1]},"id":7,"said":"a\"b"},"geometry":null}"#,
        "\n",
        r#"{"type":"Feature","properties":{"id":8,"name":"bad \q","v":2},"geometry":null}"#,
        "\n",
        r#"{"type":"Feature","properties":{"id":9,"more":{"a":[1,},"v":2},"geometry":null}"#,
        "\n",
        r#"{"type":"Feature","properties":{"id":10,"v":tru},"geometry":null}"#,
        "\n",
        r#"{"type":"Feature","properties":{"v":"x","v":3,"id":11,"id":12},"geometry":null}"#,
        "\n",
    );
    let table =
        "id,lon,name,lat,v\n1,106.5,\"合,川\",29.5,2\n2,106.5,万州,29.5,3\n3,106.5,万州,29.5\n";
    let kept = |name: &str, bytes: &str, columns: &[&str]| {
        let path = dir.file(name, bytes.as_bytes());
        let mut source = FeatureSource::open(&path, &FeatureOptions::default()).expect(name);
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        source.keep_only(&columns);
        let mut rows = Vec::new();
        source
            .read(
                2,
                |batch| told(batch),
                |done| {
                    rows.extend(done.value.lines().map(str::to_owned));
                    let rejects = done.rejects.iter();
                    rows.extend(rejects.map(|reject| format!("rejected {}", reject.origin)));
                    Ok::<(), Infallible>(())
                },
            )
            .expect(name);
        rows
    };
    let rejected = ["rejected line 2", "rejected line 3", "rejected line 4"];
    let expected = |[first, last]: [&'static str; 2]| [&[first, last][..], &rejected].concat();
    assert_eq!(
        kept("a.ndjson", lines, &["id", "absent"]),
        expected(["0 line 1 None id=7", "4 line 5 None id=12"])
    );
    assert_eq!(
        kept("b.ndjson", lines, &["v"]),
        expected(["0 line 1 None v=1.5", "4 line 5 None v=3"])
    );
    assert_eq!(
        kept("c.ndjson", lines, &[]),
        expected(["0 line 1 None", "4 line 5 None"])
    );
    assert_eq!(
        kept("d.csv", table, &["v"]),
        [
            "0 line 2 Point ([[106.5, 29.5]]) v=2",
            "1 line 3 Point ([[106.5, 29.5]]) v=3",
            "rejected line 4",
        ]
    );
}
