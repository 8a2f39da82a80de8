//! Small files of every format, cut at every byte and with bytes changed: features, rejects or an error, never a
//! panic, and the same for every size of block.

use super::tests::{FEATURES, read_with};
use super::{FeatureFormat, FeatureOptions};
use crate::sample::{self, Dir};
use crate::{gpkg, shapefile};

/// Numbers that look random (Knuth, `MMIX`).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }
}

/// Cuts and changes the file `name` of a folder and reads `read` each time.
fn torment(dir: &Dir, name: &str, read: &str, format: Option<FeatureFormat>, changes: usize) {
    let whole = std::fs::read(dir.path(name)).expect("there");
    let path = dir.path(read);
    let options = [4 << 20, 50].map(|block_bytes| FeatureOptions {
        format,
        block_bytes,
        max_feature_bytes: 1 << 16,
        ..FeatureOptions::default()
    });
    let (_, result) = read_with(&path, &options[0], 1);
    assert!(result.is_ok(), "{name} as it should be: {result:?}");
    let attempt = |bytes: &[u8]| {
        std::fs::write(dir.path(name), bytes).expect("written");
        let [whole, blocks] = [(&options[0], 1), (&options[1], 2)]
            .map(|(options, threads)| read_with(&path, options, threads));
        if let Err(error) = &whole.1 {
            assert!(error.to_string().len() < 4000, "{error}");
        }
        // Of a database whose row ids are damaged no block but the first is to be had.
        if path.extension().is_none_or(|end| end != "gpkg") {
            assert_eq!(whole.1.is_ok(), blocks.1.is_ok(), "{whole:?} {blocks:?}");
        }
        if whole.1.is_ok() && blocks.1.is_ok() {
            let sorted = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let (whole, blocks) = (sorted(&whole.0), sorted(&blocks.0));
            for (whole, blocks) in whole.iter().zip(&blocks) {
                assert_eq!(whole, blocks);
            }
            assert_eq!(whole.len(), blocks.len());
        }
    };
    let step = (whole.len() / 400).max(1);
    for keep in (0..whole.len()).step_by(step) {
        attempt(&whole[..keep]);
    }
    let mut numbers = Numbers(whole.len() as u64);
    // `INPUT_TORMENT=100` goes on a hundred times as long.
    let factor = std::env::var("INPUT_TORMENT").ok();
    let factor: usize = factor.and_then(|text| text.parse().ok()).unwrap_or(1);
    for _ in 0..changes * factor {
        let mut bytes = whole.clone();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len());
            bytes[at] = match numbers.below(5) {
                0 => 0,
                1 => 255,
                2 => bytes[at] ^ 1 << numbers.below(8),
                3 => b"\"\\{}[],:\n-"[numbers.below(10)],
                _ => u8::try_from(numbers.below(256)).unwrap_or(0),
            };
        }
        attempt(&bytes);
    }
    std::fs::write(dir.path(name), whole).expect("written");
}

#[test]
fn json_survives_any_bytes_in_every_layout() {
    let dir = sample::dir();
    dir.file("a.ndjson", FEATURES.join("\n").as_bytes());
    torment(&dir, "a.ndjson", "a.ndjson", None, 150);
    let collection = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{}],\"crs\":null}}",
        FEATURES.join(",\n")
    );
    dir.file("a.geojson", collection.as_bytes());
    torment(&dir, "a.geojson", "a.geojson", None, 150);
    let sequence: String = FEATURES.map(|f| format!("\u{1e}{f}\n")).concat();
    dir.file("a.geojsonl", sequence.as_bytes());
    torment(&dir, "a.geojsonl", "a.geojsonl", None, 100);
    dir.file("a.gz", &sample::gz(sequence.as_bytes()));
    torment(&dir, "a.gz", "a.gz", None, 60);
}

#[test]
fn tables_survive_any_bytes() {
    let dir = sample::dir();
    let text = "id,name,lon,lat\n1,\"a \"\"b\"\",\n\",1,2\r\n2,青石,106.5,30.5\n\n3,c\",,\n";
    dir.file("a.csv", text.as_bytes());
    torment(&dir, "a.csv", "a.csv", Some(FeatureFormat::Csv), 300);
    let text = "wkt;名\n\"MULTIPOLYGON(((0 0,1 0,1 1,0 0)))\";1\nGEOMETRYCOLLECTION(POINT(1 2),LINESTRING EMPTY);2\n";
    dir.file("b.csv", text.as_bytes());
    torment(&dir, "b.csv", "b.csv", Some(FeatureFormat::Csv), 200);
}

#[test]
fn a_flatgeobuf_survives_any_bytes() {
    let dir = sample::dir();
    for (name, index) in [("a.fgb", 0), ("b.fgb", 16)] {
        dir.file(name, &super::flatgeobuf::tests::small(index));
        torment(&dir, name, name, Some(FeatureFormat::FlatGeobuf), 400);
    }
}

#[test]
fn a_geopackage_and_a_shapefile_survive_any_bytes() {
    let dir = sample::dir();
    drop(gpkg::tests::make(&dir.path("a.gpkg")));
    torment(&dir, "a.gpkg", "a.gpkg", None, 100);
    shapefile::tests::points(&dir);
    for name in ["points.shp", "points.dbf", "points.prj", "points.cpg"] {
        torment(&dir, name, "points.shp", None, 100);
    }
}

#[test]
fn kml_and_topojson_survive_any_bytes() {
    let dir = sample::dir();
    let page = "<?xml version=\"1.0\"?><kml xmlns:gx=\"g\"><Document><Schema id=\"s\"><SimpleField name=\"n\" type=\"int\"/></Schema>\n\
        <Placemark id=\"a\"><name>甲&amp;</name><ExtendedData><SchemaData schemaUrl=\"#s\"><SimpleData name=\"n\">7</SimpleData></SchemaData>\
        <Data name=\"d\"><value>x</value></Data></ExtendedData><Point><coordinates>1,2,3</coordinates></Point></Placemark>\n<!-- > -->\
        <Placemark><MultiGeometry><LineString><coordinates>0,0 1,1</coordinates></LineString><Polygon><outerBoundaryIs><LinearRing>\
        <coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>\
        <Placemark><description><![CDATA[<b></Placemark>]]></description></Placemark></Document></kml>";
    dir.file("a.kml", page.as_bytes());
    torment(&dir, "a.kml", "a.kml", None, 400);
    let topology = "{\"type\":\"Topology\",\"transform\":{\"scale\":[0.5,0.5],\"translate\":[1,2]},\"objects\":{\"a\":{\"type\":\
        \"GeometryCollection\",\"geometries\":[{\"type\":\"Polygon\",\"id\":3,\"properties\":{\"n\":\"甲\"},\"arcs\":[[0,1]]},\n\
        {\"type\":\"Polygon\",\"arcs\":[[-2,2]]},{\"arcs\":[0],\"type\":\"LineString\"},{\"type\":\"Point\",\"coordinates\":[3,4]},\
        {\"type\":null},{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"MultiPoint\",\"coordinates\":[[1,1]]}]}]}},\
        \"arcs\":[[[0,0],[1,0],[0,1]],[[1,1],[-1,0],[0,-1]],[[0,0],[2,2]]]}";
    dir.file("a.topojson", topology.as_bytes());
    torment(&dir, "a.topojson", "a.topojson", None, 400);
}

#[test]
fn a_geoparquet_survives_any_bytes() {
    let dir = sample::dir();
    for (name, version) in [("a.parquet", 1), ("b.parquet", 2)] {
        dir.file(name, &super::geoparquet::sample::small(version));
        torment(&dir, name, name, None, 600);
    }
    // Found by feeding: nothing but the mark that a file begins and ends with.
    for length in 4..12 {
        dir.file("c.parquet", &b"PAR1\0\0PAR1PAR1"[..length]);
        let (_, result) = read_with(&dir.path("c.parquet"), &FeatureOptions::default(), 1);
        assert!(result.is_err_and(|error| error.to_string().contains("ends inside")));
    }
}
