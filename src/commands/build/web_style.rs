//! The looks of an atlas in the browser.

use std::path::Path;

use layers::Sheet;
use layers::model::Table;
use output::maplibre::{WebMap, WebStyle};

use super::{TILES, WEB_STYLE};

/// Writes the style of the tiles.
pub(super) fn write(sheets: &[Sheet], out: &Path) -> anyhow::Result<()> {
    let maps = sheets.iter().filter_map(|Sheet { layer, page }| {
        // Areas lowest, points on top.
        let mut tables: Vec<&Table> = layer.tables.iter().collect();
        tables.sort_by_key(|table| std::cmp::Reverse(table.geometry));
        Some(WebMap {
            title: &layer.title,
            focus: page.as_ref()?.focus,
            tables,
        })
    });
    let style = WebStyle {
        name: "舆图",
        tiles: &format!("pmtiles://{TILES}"),
        maps: maps.collect(),
        attribution: "舆图：据各规划文本与公开数据，示意图",
    };
    output::maplibre::write(&style, &out.join(WEB_STYLE))?;
    Ok(())
}
