//! What of a feature goes into tiles: attributes, and at which zooms.

use input::features::FeatureView;

use super::row::EVERY_ZOOM;
use super::texts::TextTable;
use crate::filter::Filter;

/// What of a feature goes into tiles.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Keep only these attributes; all when `None`.
    pub include: Option<Vec<String>>,
    /// Leave these out.
    pub exclude: Vec<String>,
    /// Other names: from, to.
    pub rename: Vec<(String, String)>,
    /// Attribute with the first zoom to draw a feature at; it goes into no tile.
    pub minzoom_attribute: Option<String>,
    /// Attribute with the last zoom to draw a feature at; it goes into no tile.
    pub maxzoom_attribute: Option<String>,
    /// Which features to draw, at which zooms.
    pub filter: Option<Filter>,
}

/// What becomes of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnUse {
    Dropped,
    /// Its number among the columns of the batch.
    Column(u32),
    MinZoom,
    MaxZoom,
}

impl Rules {
    /// What becomes of an attribute; a new column is added to those of the batch.
    pub(crate) fn column(&self, key: &str, columns: &mut TextTable) -> ColumnUse {
        let is = |name: &Option<String>| name.as_deref() == Some(key);
        if is(&self.minzoom_attribute) {
            return ColumnUse::MinZoom;
        }
        if is(&self.maxzoom_attribute) {
            return ColumnUse::MaxZoom;
        }
        let included = match &self.include {
            Some(include) => include.iter().any(|name| name == key),
            None => true,
        };
        if !included || self.exclude.iter().any(|name| name == key) {
            return ColumnUse::Dropped;
        }
        let renamed = self.rename.iter().find(|(from, _)| from == key);
        let name = renamed.map_or(key, |(_, to)| to);
        ColumnUse::Column(columns.number(name))
    }

    /// The zooms at which the filter lets a feature through, one bit a zoom.
    pub(crate) fn zooms(&self, feature: &FeatureView<'_>) -> u32 {
        match &self.filter {
            None => EVERY_ZOOM,
            Some(filter) => filter.zooms(feature),
        }
    }
}
