//! One small file of every format, for the tests. All places are invented.

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};

use gazetteer::Entry;

use crate::{Origin, ReadOptions, Summary, read};

pub(crate) const GEONAMES: &str = "\
1001\tQingshi\tQingshi Zhen\tQingshi,青石镇,青石\t29.5\t106.5\tP\tPPLA4\tCN\t\t33\t\t\t\t12000\t\t300\tAsia/Shanghai\t2020-01-01
1002\tDong He\tDong He\t\t29.6\t106.6\tH\tSTM\tCN\t\t33\t\t\t\t0\t\t200\tAsia/Shanghai\t2020-01-01
1003\tOld Station\tOld Station\t\t29.7\t106.7\tS\tRSTNQ\tCN\t\t33\t\t\t\t0\t\t200\tAsia/Shanghai\t2020-01-01
";

pub(crate) const CSV: &str = "\
id,名称,经度,纬度,类型,行政区划代码,别名,备注,since
t1,青石镇,106.5,29.5,镇,500117,\"青石,Qingshi\",\"两行
备注\",2016-04
t2,东河,,,river,,,,
";

pub(crate) const GEOJSON: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[
{"type":"Feature","id":7,"properties":{"name":"青石镇","class":"town","aliases":["青石","Qingshi"]},"geometry":{"type":"Point","coordinates":[106.5,29.5]}},
{"type":"Feature","properties":{"name":"东河","class":"river"},"geometry":{"type":"LineString","coordinates":[[106.5,29.5],[106.6,29.6]]}},
{"type":"Feature","properties":{"name":"西湖","class":"lake"},"geometry":{"type":"Polygon","coordinates":[[[106,29],[107,29],[107,30],[106,29]]]}}
]}
"#;

pub(crate) const LPF: &str = r#"{"type":"FeatureCollection","@context":"https://example.org/linkedplaces-context-v1.1.jsonld","features":[
{"@id":"https://example.org/places/12","type":"Feature","properties":{"title":"Qingshi","ccodes":["CN"]},
 "when":{"timespans":[{"start":{"in":"1950"},"end":{"latest":"1997-06-18"}}]},
 "names":[{"toponym":"Qingshi","lang":"en"},{"toponym":"青石镇","lang":"zh"},{"toponym":"青石堡"}],
 "types":[{"identifier":"aat:300008347","label":"town"}],
 "geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[106.5,29.5],"when":{}}]},
 "links":[{"type":"closeMatch","identifier":"gn:1001"}]}
]}
"#;

pub(crate) struct Dir(tempfile::TempDir);

/// A folder of one test.
pub(crate) fn dir() -> Dir {
    Dir(tempfile::tempdir().expect("a temporary folder"))
}

impl Dir {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

pub(crate) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("in memory");
        writer.write_all(bytes).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

/// Reads a file whole.
pub(crate) fn try_read(
    path: &Path,
    options: &ReadOptions,
) -> Result<(Vec<(Entry, Origin)>, Summary), impl Display + std::fmt::Debug + use<>> {
    let mut entries = Vec::new();
    let mut sink = |entry, origin| {
        entries.push((entry, origin));
        Ok::<(), std::convert::Infallible>(())
    };
    read(path, options, &mut sink, &mut |_| {}).map(|summary| (entries, summary))
}

/// The entries of a file that must be readable.
pub(crate) fn entries(path: &Path, options: &ReadOptions) -> (Vec<(Entry, Origin)>, Summary) {
    try_read(path, options).unwrap_or_else(|error| panic!("{error}"))
}

/// The message of a file that must not be.
pub(crate) fn failure(path: &Path, options: &ReadOptions) -> String {
    try_read(path, options).expect_err("must fail").to_string()
}
