//! The table of areas that comes with the program: that of the atlas, and it answers as the atlas does.

use gazetteer::{Gazetteer, LonLat};
use geo::{CoordsIter as _, Geometry, MultiPolygon};
use layers::model::{Feature, Table};
use layers::{AreaTable, Builder, Pages, Sheet, area_table};
use plans::Catalogue;

fn atlas() -> Vec<Sheet> {
    let gazetteer = Gazetteer::embedded().expect("opens");
    let catalogue = Catalogue::embedded().expect("reads");
    let builder = Builder::new(&gazetteer, &catalogue);
    builder.atlas(Pages::None).expect("builds")
}

fn areas(sheets: &[Sheet]) -> Vec<(&Table, &Feature, &MultiPolygon<f64>)> {
    let tables = sheets.iter().flat_map(|sheet| &sheet.layer.tables);
    let features =
        tables.flat_map(|table| table.features.iter().map(move |feature| (table, feature)));
    features
        .filter_map(|(table, feature)| match &feature.geometry {
            Geometry::MultiPolygon(area) => Some((table, feature, area)),
            _ => None,
        })
        .collect()
}

#[test]
fn the_table_is_that_of_the_atlas_and_says_what_its_areas_say() {
    let sheets = atlas();
    let kept =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/areas.bin")).expect("is there");
    assert!(
        area_table(&sheets) == kept,
        "the atlas changed; renew areas.bin: cargo run --release -p yutu-layers --example derive_areas"
    );
    let areas = areas(&sheets);
    assert!(areas.len() > 300, "{}", areas.len());
    let table = AreaTable::embedded().expect("opens");
    // All over the land, and on vertices, which are on a border. A rounded outline is 5 mm beside at most.
    let mut positions: Vec<(f64, f64)> = Vec::new();
    for column in 0..40 {
        positions.extend((0..30).map(|row| {
            (
                97.0 + f64::from(column) * 0.3301,
                26.0 + f64::from(row) * 0.2903,
            )
        }));
    }
    positions.extend(areas.iter().step_by(7).filter_map(|(_, _, area)| {
        let vertex = area.coords_iter().nth(3)?;
        (steps(vertex.x) && steps(vertex.y)).then_some((vertex.x, vertex.y))
    }));
    let mut hits = 0;
    for (lon, lat) in positions {
        let at = LonLat::new(lon, lat).expect("in range");
        let found: Vec<(&str, &str)> = table
            .at(at)
            .expect("whole")
            .iter()
            .map(|feature| (feature.table, feature.id))
            .collect();
        let expected: Vec<(&str, &str)> = areas
            .iter()
            .filter(|(_, feature, _)| feature.covers(at))
            .map(|(table, feature, _)| (table.id.as_str(), feature.id.as_str()))
            .collect();
        assert_eq!(found, expected, "{at}");
        hits += found.len();
    }
    assert!(hits > 10_000, "{hits}");
}

/// Whether a number is a decimal of seven digits.
fn steps(value: f64) -> bool {
    ((value * 1e7).round() / 1e7 - value).abs() <= 0.0
}

#[test]
fn a_damaged_table_is_an_error_or_another_answer_and_never_a_panic() {
    let kept =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/areas.bin")).expect("is there");
    let at = LonLat::new(106.55, 29.56).expect("in range");
    for length in (0..kept.len()).step_by(kept.len() / 97) {
        let asked =
            AreaTable::new(&kept[..length]).and_then(|table| table.at(at).map(|found| found.len()));
        assert!(asked.is_err() || length > 1000, "{length} bytes");
    }
    let mut damaged = kept;
    for place in (0..damaged.len()).step_by(damaged.len() / 199).chain(8..80) {
        damaged[place] ^= 0xA5;
        let _ = AreaTable::new(&damaged).and_then(|table| table.at(at).map(|found| found.len()));
        damaged[place] ^= 0xA5;
    }
}
