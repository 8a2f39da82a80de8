//! The page with all maps.

use std::path::Path;

use layers::model::GeometryKind;
use layers::{Builder, Sheet, sources};
use output::gallery::{Card, Gallery, GalleryGroup};

use super::maps::DrawnMap;
use super::{GALLERY, MANIFEST, PROJECT, TILES, map_file, table_file, unlocated_file};

/// Writes the gallery of an atlas.
pub(super) fn write(
    builder: &Builder<'_>,
    sheets: &[Sheet],
    maps: &[DrawnMap],
    out: &Path,
) -> anyhow::Result<()> {
    let mut groups: Vec<GalleryGroup<'_>> = Vec::new();
    for (sheet, map) in sheets.iter().zip(maps) {
        let (group, _) = super::project::group_and_title(&sheet.layer.title);
        if groups.last().is_none_or(|last| last.title != group) {
            groups.push(GalleryGroup {
                title: group,
                cards: Vec::new(),
            });
        }
        if let Some(last) = groups.last_mut() {
            last.cards.push(card(sheet, map));
        }
    }
    let plans = builder.plans();
    let titles: Vec<String> = plans
        .iter()
        .map(|plan| in_title_marks(&plan.title))
        .collect();
    let mut files = vec![("QGIS 项目", PROJECT.to_owned())];
    if sheets.iter().any(|sheet| !sheet.layer.tables.is_empty()) {
        files.push(("矢量瓦片（PMTiles）", TILES.to_owned()));
    }
    files.push(("清单（JSON）", MANIFEST.to_owned()));
    let source_lines = sources::ALL.iter().map(|source| {
        format!(
            "{}：{}（{}）。{}",
            source.title, source.origin, source.date, source.licence
        )
    });
    let gallery = Gallery {
        title: "舆图",
        summary: &format!(
            "由{}读出的图层。每个要素注明出处与几何质量。",
            titles.join("、")
        ),
        files,
        groups,
        sources: source_lines.collect(),
    };
    output::gallery::write(&gallery, &out.join(GALLERY))?;
    Ok(())
}

/// A title between title marks; those inside it are single.
fn in_title_marks(title: &str) -> String {
    let inside = title.replace('《', "〈").replace('》', "〉");
    format!("《{inside}》")
}

fn card<'a>(Sheet { layer, .. }: &'a Sheet, map: &'a DrawnMap) -> Card<'a> {
    let mut files = Vec::new();
    for table in &layer.tables {
        let kind = match table.geometry {
            GeometryKind::Point => "点",
            GeometryKind::Line => "线",
            GeometryKind::Polygon => "面",
        };
        let name = format!("{}（{kind}，{}）", table.title, table.features.len());
        files.push((name, table_file(table, "geojson")));
    }
    if let Some(file) = unlocated_file(layer) {
        files.push((format!("未定位的名称（{}）", layer.unlocated.len()), file));
    }
    let picture = map.small.as_ref().map(|small| (small, map_file(layer)));
    Card {
        title: super::project::group_and_title(&layer.title).1,
        id: &layer.id,
        summary: &layer.summary,
        features: layer.tables.iter().map(|table| table.features.len()).sum(),
        unlocated: layer.unlocated.len(),
        picture,
        files,
    }
}
