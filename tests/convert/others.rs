//! Files of other programs, read by Yutu.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{repository, stderr, stdout, tool, yutu};
use crate::samples::{areas, check, convert, feature, folder, lines, odds, text, towns, write};

#[test]
fn what_gdal_writes_is_read_the_same() {
    let folder = folder("gdal");
    let Some(ogr2ogr) = tool("ogr2ogr", &["--version"]) else {
        return;
    };
    let gdal = |arguments: &[&str]| {
        let output = Command::new(&ogr2ogr)
            .args(arguments)
            .output()
            .expect("ogr2ogr runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    for (name, features) in [("areas", areas()), ("lines", lines()), ("towns", towns())] {
        let source = write(&folder, &format!("{name}.ndjson"), &features);
        let from = format!("GeoJSONSeq:{}", text(&source));
        for (driver, end, more) in [
            ("GPKG", "gpkg", &[][..]),
            ("FlatGeobuf", "fgb", &["-nlt", "PROMOTE_TO_MULTI"][..]),
            (
                "GeoJSON",
                "geojson",
                &["-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=15"][..],
            ),
            ("ESRI Shapefile", "shp", &["-lco", "ENCODING=GB18030"][..]),
            (
                "CSV",
                "csv",
                &[
                    "-lco",
                    "GEOMETRY=AS_WKT",
                    "-lco",
                    "WRITE_BOM=YES",
                    "-lco",
                    "LINEFORMAT=CRLF",
                    "-lco",
                    "STRING_QUOTING=ALWAYS",
                ][..],
            ),
        ] {
            if name == "towns" && !matches!(end, "gpkg" | "fgb") {
                // Lists, instants and the longest numbers are not theirs.
                continue;
            }
            let out = folder.join(format!("{name}.{end}"));
            let mut arguments = vec!["-f", driver, text(&out), &from];
            arguments.extend(more);
            gdal(&arguments);
            let back = folder.join(format!("{name}-{end}.ndjson"));
            convert(&out, &back, &[]);
            let tolerance = if end == "csv" || end == "geojson" {
                "1e-12"
            } else {
                "0"
            };
            // GDAL writes lists and instants in forms of its own.
            let more = ["--extra", "--tolerance", tolerance, "--drop", "改,立,又名"];
            check("ndjson", &source, &back, &more);
        }
    }
}
