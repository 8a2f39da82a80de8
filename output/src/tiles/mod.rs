//! Vector tiles of tables: what the tiler ([`tiles`]) is to make of them.

pub(crate) mod batch;
mod error;

pub use error::TablesError;

use layers::model::{GeometryKind, Table};
use tiles::{Feed, FeedFrom, Limits, Options, Rules, Small};

/// Returns the layers of tables that have features: each table, and `<id>-labels` with a point for each name after each area
/// table.
///
/// # Errors
///
/// [`TablesError`] when a geometry is not of its table's type or not on the globe, a name comes twice, or there is no feature.
pub fn feeds(tables: &[&Table]) -> Result<Vec<Feed>, TablesError> {
    let mut feeds: Vec<Feed> = Vec::new();
    for table in tables.iter().filter(|table| !table.features.is_empty()) {
        let mut add = |layer: String, labels: bool| -> Result<(), TablesError> {
            if feeds.iter().any(|feed| feed.layer == layer) {
                return Err(TablesError::RepeatedLayer { name: layer });
            }
            feeds.push(Feed {
                layer,
                description: table.title.clone(),
                from: FeedFrom::Batches(vec![batch::batch(table, labels)?]),
                rules: Rules::default(),
            });
            Ok(())
        };
        add(table.id.clone(), false)?;
        if table.geometry == GeometryKind::Polygon {
            add(format!("{}-labels", table.id), true)?;
        }
    }
    if feeds.is_empty() {
        return Err(TablesError::Empty);
    }
    Ok(feeds)
}

/// How tables are made into tiles: every feature is in every zoom, in the order of its table.
#[must_use]
pub fn options(minzoom: u8, maxzoom: u8) -> Options {
    Options {
        minzoom,
        maxzoom: Some(maxzoom),
        limits: Limits {
            bytes: None,
            features: None,
        },
        buffer: 64,
        small: Small::Keep,
        input_order: true,
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use geo::{LineString, Point};

    use super::*;
    use crate::sample;

    #[test]
    fn an_area_table_gives_two_layers() {
        let areas = sample::areas();
        let made = feeds(&[&areas]).expect("good tables");
        let names: Vec<&str> = made.iter().map(|feed| feed.layer.as_str()).collect();
        assert_eq!(names, ["sample-areas", "sample-areas-labels"]);
        for feed in &made {
            let FeedFrom::Batches(batches) = &feed.from else {
                panic!("tables are not files");
            };
            assert_eq!(batches[0].rows.len(), areas.features.len());
            for feature in batches[0].features() {
                assert!(!feature.vertices().is_empty());
                assert!(feature.cells().any(|(key, _)| key == "id"));
            }
        }
    }

    #[test]
    fn what_is_wrong_with_tables_is_refused() {
        let empty = sample::table("p", GeometryKind::Point, vec![]);
        assert!(matches!(feeds(&[&empty]), Err(TablesError::Empty)));
        let point = |lon| sample::feature("a", Point::new(lon, 29.0), (106.0, 29.0));
        let labels = sample::table(
            "sample-areas-labels",
            GeometryKind::Point,
            vec![point(106.0)],
        );
        assert!(matches!(
            feeds(&[&sample::areas(), &labels]),
            Err(TablesError::RepeatedLayer { .. })
        ));
        let off = sample::table("p", GeometryKind::Point, vec![point(181.0)]);
        assert!(matches!(
            feeds(&[&off]),
            Err(TablesError::OffTheGlobe { .. })
        ));
        let line = LineString::from(vec![(106.0, 29.0), (107.0, 29.0)]);
        let line = sample::feature("l", line, (106.0, 29.0));
        let wrong = sample::table("p", GeometryKind::Point, vec![line]);
        assert!(matches!(
            feeds(&[&wrong]),
            Err(TablesError::WrongGeometry { .. })
        ));
    }
}
