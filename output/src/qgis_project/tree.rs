//! The tree of layers, and the themes: which of them are seen together.

use std::collections::HashSet;
use std::io;

use super::layer::source;
use super::{Group, GroupMember, Project, ProjectLayer};
use crate::xml::Xml;

/// Title of the group of tables without geometry.
const ROWS: &str = "未定位";
/// Title of the group of the land.
const GROUND: &str = "底图";

/// Identifier of the n-th table without geometry.
pub(super) fn row_id(number: usize) -> String {
    format!("{ID_PREFIX}rows_{}", number + 1)
}

/// QGIS gives an identifier of ten characters or fewer up for one of its own.
const ID_PREFIX: &str = "atlas_layer_";

/// Identifier of a table's layer.
pub(super) fn layer_id(table: &str) -> String {
    format!("{ID_PREFIX}{table}")
}

/// The whole tree. What the first map shows is checked, everything else is not.
pub(super) fn tree(project: &Project<'_>, xml: &mut Xml) -> io::Result<()> {
    let seen: HashSet<&str> = project
        .maps
        .first()
        .map(|map| map.tables.iter().copied().collect())
        .unwrap_or_default();
    xml.element("layer-tree-group", &[], |xml| {
        for one in &project.groups {
            group(one, &seen, xml)?;
        }
        if !project.rows.is_empty() {
            branch(ROWS, true, false, xml, |xml| {
                let rows = project.rows.iter().enumerate();
                rows.clone().try_for_each(|(number, (title, file))| {
                    leaf(&row_id(number), title, file, true, xml)
                })
            })?;
        }
        if project.ground.is_empty() {
            return Ok(());
        }
        branch(GROUND, true, false, xml, |xml| {
            project
                .ground
                .iter()
                .try_for_each(|one| layer(one, seen.contains(one.table.id.as_str()), xml))
        })
    })
}

fn group(one: &Group<'_>, seen: &HashSet<&str>, xml: &mut Xml) -> io::Result<()> {
    branch(one.title, true, holds(one, seen), xml, |xml| {
        one.members.iter().try_for_each(|member| match member {
            GroupMember::Group(inner) => group(inner, seen, xml),
            GroupMember::Layer(inner) => layer(inner, seen.contains(inner.table.id.as_str()), xml),
        })
    })
}

/// Whether a layer of the group is seen.
fn holds(one: &Group<'_>, seen: &HashSet<&str>) -> bool {
    one.members.iter().any(|member| match member {
        GroupMember::Group(inner) => holds(inner, seen),
        GroupMember::Layer(inner) => seen.contains(inner.table.id.as_str()),
    })
}

fn checked(yes: bool) -> &'static str {
    if yes { "Qt::Checked" } else { "Qt::Unchecked" }
}

fn flag(yes: bool) -> &'static str {
    if yes { "1" } else { "0" }
}

fn branch(
    title: &str,
    seen: bool,
    open: bool,
    xml: &mut Xml,
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let attributes = [
        ("name", title),
        ("checked", checked(seen)),
        ("expanded", flag(open)),
    ];
    xml.element("layer-tree-group", &attributes, content)
}

/// A layer in a tree: that of the project, or that of a legend.
pub(super) fn layer(one: &ProjectLayer<'_>, seen: bool, xml: &mut Xml) -> io::Result<()> {
    leaf(&layer_id(&one.table.id), one.title, &one.file, seen, xml)
}

fn leaf(id: &str, title: &str, file: &str, seen: bool, xml: &mut Xml) -> io::Result<()> {
    xml.empty(
        "layer-tree-layer",
        &[
            ("id", id),
            ("name", title),
            ("source", &source(file)),
            ("providerKey", "ogr"),
            ("checked", checked(seen)),
            ("expanded", flag(seen)),
            ("patch_size", "-1,-1"),
        ],
    )
}

/// One theme a map.
pub(super) fn themes(project: &Project<'_>, xml: &mut Xml) -> io::Result<()> {
    let order = super::writer::layers_of(project);
    xml.element("visibility-presets", &[], |xml| {
        project.maps.iter().try_for_each(|map| {
            let attributes = [
                ("name", map.title),
                ("has-expanded-info", "0"),
                ("has-checked-group-info", "0"),
            ];
            xml.element("visibility-preset", &attributes, |xml| {
                for one in &order {
                    if map.tables.contains(&one.table.id.as_str()) {
                        let id = layer_id(&one.table.id);
                        xml.empty(
                            "layer",
                            &[
                                ("id", &id),
                                ("visible", "1"),
                                ("style", "default"),
                                ("expanded", "1"),
                            ],
                        )?;
                    }
                }
                Ok(())
            })
        })
    })
}
