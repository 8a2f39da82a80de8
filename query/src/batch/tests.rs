use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use input::features::{FeatureOptions, FeatureSource};

use super::*;
use crate::shapes::Edges;
use crate::{Layer, Purpose};

fn open(path: &Path, block_bytes: usize) -> FeatureSource {
    let mut options = FeatureOptions::default();
    options.block_bytes = block_bytes;
    FeatureSource::open(path, &options).expect("it was written")
}

fn options(question: Question, format: RowFormat) -> BatchOptions {
    BatchOptions {
        question,
        all: false,
        only_matches: false,
        format,
        own_columns: Vec::new(),
        added_columns: Vec::new(),
        prefix: "a_".to_owned(),
        threads: 1,
    }
}

/// Two squares side by side, the second twice; every hundredth row of the points is garbage.
fn files(folder: &Path) -> (PathBuf, PathBuf) {
    let square = |name: &str, west: f64| {
        let east = west + 1.0;
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\",\"v\":1.50}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west},0],[{east},0],[{east},1],[{west},1],[{west},0]]]}}}}\n"
        )
    };
    let areas = folder.join("areas.ndjson");
    let text = [square("甲", 0.0), square("乙", 1.0), square("丙", 1.0)].concat();
    std::fs::write(&areas, text).expect("written");
    let mut rows = String::new();
    for number in 0..1000_u32 {
        if number % 100 == 50 {
            rows.push_str(
                [
                    "{\"type\":\"Feature\"\n",
                    "not a row\n",
                    "{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}\n",
                ][(number / 100 % 3) as usize],
            );
            continue;
        }
        let lon = f64::from(number % 300) / 100.0;
        let _ = writeln!(
            rows,
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":{number},\"w\":2}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},0.5]}}}}"
        );
    }
    let points = folder.join("points.ndjson");
    std::fs::write(&points, rows).expect("written");
    (points, areas)
}

fn layer(path: &Path, purpose: Purpose) -> Layer {
    Layer::read(open(path, 1 << 20), purpose, &[], true, 2, &mut |_| {}).expect("areas")
}

#[test]
fn rows_in_are_rows_out_and_rejects_whatever_the_blocks_and_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Areas);
    let mut first: Option<(Vec<u8>, Vec<u8>)> = None;
    for (block, threads) in [(1, 1), (100, 2), (4096, 7), (1 << 22, 2)] {
        let options = BatchOptions {
            threads,
            ..options(Question::Within, RowFormat::NdJson)
        };
        let (mut out, mut bad) = (Vec::new(), Vec::new());
        let totals = run(
            open(&points, block),
            &with,
            &options,
            &mut out,
            &mut Some(&mut bad),
            &mut |_, _| {},
        )
        .expect("runs");
        assert_eq!(
            (totals.rows, totals.rejects, totals.written),
            (1000, 10, 990)
        );
        assert_eq!(totals.matched + totals.unmatched, 990);
        let text = String::from_utf8(bad.clone()).expect("UTF-8");
        assert_eq!(text.lines().count(), 11, "{text}");
        assert!(
            text.lines().nth(1).expect("a reject").starts_with("51,"),
            "{text}"
        );
        match &first {
            None => first = Some((out, bad)),
            Some(first) => assert!(first == &(out, bad), "blocks of {block}, {threads} threads"),
        }
    }
    let (out, _) = first.expect("four runs");
    let out = String::from_utf8(out).expect("UTF-8");
    let line = out.lines().nth(10).expect("a row");
    assert_eq!(
        line,
        "{\"type\":\"Feature\",\"properties\":{\"id\":10,\"w\":2,\"a_name\":\"甲\",\"a_v\":1.5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[0.1,0.5]}}"
    );
    // On a border: within neither.
    assert!(!out.lines().nth(99).expect("a row").contains("a_name"));
}

#[test]
fn a_row_comes_out_for_each_match_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Areas);
    let options = BatchOptions {
        all: true,
        only_matches: true,
        added_columns: vec!["name".to_owned()],
        ..options(Question::Intersects, RowFormat::Csv)
    };
    let mut out = Vec::new();
    let totals = run(
        open(&points, 1 << 20),
        &with,
        &options,
        &mut out,
        &mut None,
        &mut |_, _| {},
    )
    .expect("runs");
    let out = String::from_utf8(out).expect("UTF-8");
    assert_eq!(out.lines().next(), Some("id,w,lon,lat,a_name"));
    assert_eq!(out.lines().count() as u64, totals.written + 1);
    let of_100: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with("100,"))
        .collect();
    assert_eq!(
        of_100,
        ["100,2,1,0.5,甲", "100,2,1,0.5,乙", "100,2,1,0.5,丙"]
    );
    assert!(totals.written > totals.matched);
}

#[test]
fn a_collection_is_one_whether_something_matches_or_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Areas);
    for (only_matches, count) in [(false, 990), (true, 686)] {
        let options = BatchOptions {
            only_matches,
            ..options(Question::Within, RowFormat::GeoJson)
        };
        let mut out = Vec::new();
        run(
            open(&points, 500),
            &with,
            &options,
            &mut out,
            &mut None,
            &mut |_, _| {},
        )
        .expect("runs");
        let value: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        let features = value["features"].as_array().map(Vec::len);
        assert!(
            features.is_some_and(|features| features.abs_diff(count) < 20),
            "{features:?}"
        );
    }
}

#[test]
fn the_nearest_comes_with_its_distance() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Nearest(Edges::Degrees));
    let question = Question::Nearest {
        most: 2,
        radius_m: f64::INFINITY,
    };
    let options = BatchOptions {
        all: true,
        ..options(question, RowFormat::Csv)
    };
    let mut out = Vec::new();
    run(
        open(&points, 1 << 20),
        &with,
        &options,
        &mut out,
        &mut None,
        &mut |_, _| {},
    )
    .expect("runs");
    let out = String::from_utf8(out).expect("UTF-8");
    let of_249: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with("249,"))
        .collect();
    let at = |lon: f64| gazetteer::LonLat::new(lon, 0.5).expect("in range");
    // Half a metre of the bend of the edge at the height of the point.
    let way = gazetteer::geodesic(at(2.49), at(2.0)).distance_m;
    let metres: f64 = of_249[0]
        .rsplit(',')
        .next()
        .and_then(|cell| cell.parse().ok())
        .expect("metres");
    assert!(metres <= way + 1e-3 && metres > way - 5.0, "{metres} {way}");
    assert_eq!(
        of_249,
        [
            format!("249,2,2.49,0.5,乙,1.5,1,{metres:.3}"),
            format!("249,2,2.49,0.5,丙,1.5,2,{metres:.3}")
        ]
    );
    let question = Question::Within;
    let refused = run(
        open(&points, 99),
        &with,
        &super::tests::options(question, RowFormat::Csv),
        &mut Vec::new(),
        &mut None,
        &mut |_, _| {},
    );
    assert!(matches!(refused, Err(BatchError::Purpose)));
}

#[test]
fn counts_and_sums_are_those_of_the_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Areas);
    let options = options(Question::Within, RowFormat::Csv);
    let sums = aggregate(
        open(&points, 300),
        &with,
        &options,
        &Aggregate::Sum("w".to_owned()),
        &mut |_, _| {},
    )
    .expect("runs");
    assert_eq!(sums.counts[1], sums.counts[2]);
    let doubled: Vec<u64> = sums
        .sums
        .iter()
        .map(|sum| format!("{sum}").parse().expect("whole"))
        .collect();
    assert_eq!(
        doubled,
        sums.counts
            .iter()
            .map(|count| count * 2)
            .collect::<Vec<_>>()
    );
    assert_eq!((sums.totals.rows, sums.totals.rejects), (1000, 10));
}

/// Refuses everything, as a pipe does whose reader went away.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_said_to_be_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (points, areas) = files(folder.path());
    let with = layer(&areas, Purpose::Areas);
    let options = options(Question::Within, RowFormat::NdJson);
    let refused = run(
        open(&points, 100),
        &with,
        &options,
        &mut Closed,
        &mut None,
        &mut |_, _| {},
    );
    assert!(
        matches!(refused, Err(BatchError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    );
}
