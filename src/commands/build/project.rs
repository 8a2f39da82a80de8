//! The QGIS project of an atlas, and the land that lies under its maps.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use gazetteer::Extent;
use layers::model::{Layer, Table};
use layers::{Builder, Sheet};
use output::qgis_project::{Group, GroupMember, Map, Project, ProjectLayer};

use super::{PROJECT, table_file, unlocated_file};

/// The layers that have a builder of their own come first; with print layouts.
const PRINTED: usize = 3;
/// The group of layers that belong to no plan.
const FIRST: &str = "专题";
/// How far a bookmark of a city looks around it, in degrees.
const AROUND_CITY_DEG: f64 = 0.4;

/// The group of a layer, and its title in that group: the plan, and the theme.
pub(super) fn group_and_title(title: &str) -> (&str, &str) {
    title.split_once('·').unwrap_or((FIRST, title))
}

fn ground_file(table: &Table, ending: &str) -> String {
    format!("ground/{}.{ending}", table.id)
}

/// Writes the land and the project.
pub(super) fn write(builder: &Builder<'_>, sheets: &[Sheet], out: &Path) -> anyhow::Result<()> {
    let pages = || sheets.iter().filter_map(|sheet| sheet.page.as_ref());
    let Some(region) = pages().map(|page| page.focus).reduce(Extent::union) else {
        // Nothing has a place: there is nothing to open.
        return Ok(());
    };
    let folder = out.join("ground");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let ground = builder.ground_tables(region)?;
    for table in &ground {
        output::geojson::write(table, &out.join(ground_file(table, "geojson")))?;
        output::qml::write(table, &out.join(ground_file(table, "qml")))?;
    }
    let maps: Vec<Map<'_>> = sheets
        .iter()
        .filter_map(|sheet| Some((sheet, sheet.page.as_ref()?)))
        .enumerate()
        .map(|(number, (Sheet { layer, .. }, page))| Map {
            title: &layer.title,
            subtitle: &page.subtitle,
            citation: &page.citation,
            sources: &page.sources,
            focus: page.focus,
            tables: layer
                .tables
                .iter()
                .chain(ground.iter().filter(|land| !repeats(land, layer)))
                .map(|table| table.id.as_str())
                .collect(),
            printed: number < PRINTED,
        })
        .collect();
    let project = Project {
        title: "舆图",
        groups: groups(sheets),
        ground: ground
            .iter()
            .map(|table| ProjectLayer {
                title: &table.title,
                summary: "",
                table,
                file: ground_file(table, "geojson"),
            })
            .collect(),
        bookmarks: bookmarks(sheets, region),
        rows: sheets
            .iter()
            .filter_map(|sheet| Some((sheet.layer.title.as_str(), unlocated_file(&sheet.layer)?)))
            .collect(),
        maps,
    };
    output::qgis_project::write(&project, &out.join(PROJECT))?;
    Ok(())
}

/// Whether the land writes a name that the layer writes too.
fn repeats(land: &Table, layer: &Layer) -> bool {
    let names = |table: &Table| -> Vec<String> {
        let features = table
            .features
            .iter()
            .filter(|_| table.style.label.is_some());
        features
            .map(|feature| feature.properties.name.clone())
            .collect()
    };
    let of_land: BTreeSet<String> = names(land).into_iter().collect();
    // Provinces are named at their scale, not at that of a layer.
    let small = land
        .features
        .iter()
        .all(|feature| feature.properties.kind == "unit");
    small
        && layer
            .tables
            .iter()
            .flat_map(names)
            .any(|name| of_land.contains(&name))
}

/// A group a plan with a group a theme; layers of no plan in a group of their own.
fn groups(sheets: &[Sheet]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for sheet in sheets {
        let (of_plan, title) = group_and_title(&sheet.layer.title);
        if groups.last().is_none_or(|last| last.title != of_plan) {
            groups.push(Group {
                title: of_plan,
                members: Vec::new(),
            });
        }
        if let Some(last) = groups.last_mut() {
            last.members.push(GroupMember::Group(Group {
                title,
                members: tables(&sheet.layer),
            }));
        }
    }
    groups
}

/// Tables of a layer, those that would be hidden on top: points, lines, areas.
fn tables(layer: &Layer) -> Vec<GroupMember<'_>> {
    let mut tables: Vec<&Table> = layer.tables.iter().rev().collect();
    tables.sort_by_key(|table| table.geometry);
    let members = tables.into_iter().map(|table| {
        GroupMember::Layer(ProjectLayer {
            title: group_and_title(&table.title).1,
            summary: &layer.summary,
            table,
            file: table_file(table, "geojson"),
        })
    });
    members.collect()
}

/// The whole region, and the core cities of the printed maps.
fn bookmarks(sheets: &[Sheet], region: Extent) -> Vec<(&str, Extent)> {
    let mut bookmarks = vec![("全区", region)];
    let tables = sheets
        .iter()
        .take(PRINTED)
        .flat_map(|sheet| &sheet.layer.tables);
    for feature in tables.flat_map(|table| &table.features) {
        let name = feature.properties.name.as_str();
        if feature.properties.kind != "core_city" || bookmarks.iter().any(|(one, _)| *one == name) {
            continue;
        }
        let place = feature.label_point();
        let extent = Extent {
            west: place.x(),
            south: place.y(),
            east: place.x(),
            north: place.y(),
        };
        bookmarks.push((name, extent.grown(AROUND_CITY_DEG)));
    }
    bookmarks
}
