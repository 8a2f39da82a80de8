//! Tiles in the programs that people look at maps with.

mod common;

use std::path::Path;
use std::process::Command;

use common::{repository, stdout, tool};
use serde_json::Value;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// What QGIS makes of an archive, with pictures of three zooms; `None` without QGIS.
fn in_qgis(archive: &Path, folder: &Path, (lon, lat): (f64, f64), zooms: [u8; 3]) -> Option<Value> {
    // The Python that Debian builds QGIS for, not the one of the environment.
    let python = tool("/usr/bin/python3", &["-c", "import qgis.core"])?;
    let mut command = Command::new(python);
    command
        .arg(repository().join("tests/readers/show_in_qgis.py"))
        .arg(archive)
        .args(["--label", "name", "--out", text(folder)]);
    for zoom in zooms {
        command.arg(format!("--at={lon},{lat},{zoom}"));
    }
    let output = command.output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

#[test]
fn qgis_draws_layers_of_the_atlas_from_mbtiles_with_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("area.mbtiles");
    let area = "chongqing-metropolitan-area";
    stdout(&["tile", area, "-o", text(&archive), "--quiet"], 0);
    let Some(seen) = in_qgis(&archive, folder.path(), (106.8, 29.7), [5, 7, 9]) else {
        return;
    };
    assert_eq!(
        (&seen["crs"], &seen["zooms"]),
        (&"EPSG:3857".into(), &serde_json::json!([0, 10]))
    );
    let layers = seen["layers"].as_array().expect("layers");
    let labels = |name: &Value| name.as_str().is_some_and(|name| name.ends_with("-labels"));
    assert!(layers.len() >= 3 && layers.iter().any(labels), "{layers:?}");
    let pictures = seen["pictures"].as_array().expect("pictures");
    let ink: Vec<f64> = pictures
        .iter()
        .map(|picture| picture["ink"].as_f64().expect("a share"))
        .collect();
    // The area covers more of each deeper zoom.
    assert!(
        ink[0] > 0.01 && ink[0] < ink[1] && ink[1] < ink[2],
        "{ink:?}"
    );
    assert!(ink[2] > 0.9, "{ink:?}");
    let named = pictures[1]["labels"].to_string();
    for name in ["合川区", "长寿区", "綦江区"] {
        assert_eq!(named.matches(name).count(), 1, "{name}: {named}");
    }
}
