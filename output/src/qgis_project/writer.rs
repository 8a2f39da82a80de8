//! The project document, and the archive around it.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use gazetteer::Extent;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::crs::{DEGREES, ProjectCrs, spatial_reference};
use super::layer::{map_layer, row_layer};
use super::layout::{layouts, pages};
use super::tree::{row_id, themes, tree};
use super::{Group, GroupMember, Project, ProjectError, ProjectLayer};
use crate::atomic;
use crate::qml;
use crate::xml::Xml;

/// Writes a project: the path should end in `.qgz`, and lie where the paths of its layers begin.
///
/// Its CRS is the 3-degree Gauss–Krüger zone (CGCS2000) in the middle of all maps; without the feature `proj` Web
/// Mercator.
///
/// # Errors
///
/// [`ProjectError`] when a style does not fit its table, layers and maps do not fit each other, or the file cannot be
/// written. No half file is left.
pub fn write(project: &Project<'_>, path: &Path) -> Result<(), ProjectError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let document = encode(project)?;
    let archive = zipped(&format!("{stem}.qgs"), &document)?;
    Ok(atomic::write(path, &archive)?)
}

/// An archive of one file. Its time is that of the format's beginning: the same project gives the same bytes.
fn zipped(name: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    zip.start_file(name, options)?;
    zip.write_all(bytes)?;
    Ok(zip.finish()?.into_inner())
}

/// Every layer with features, in the order of the tree.
pub(super) fn layers_of<'p>(project: &'p Project<'p>) -> Vec<&'p ProjectLayer<'p>> {
    fn collect<'p>(group: &'p Group<'p>, found: &mut Vec<&'p ProjectLayer<'p>>) {
        for member in &group.members {
            match member {
                GroupMember::Group(inner) => collect(inner, found),
                GroupMember::Layer(layer) => found.push(layer),
            }
        }
    }
    let mut found = Vec::new();
    for group in &project.groups {
        collect(group, &mut found);
    }
    found.extend(&project.ground);
    found
}

fn check(project: &Project<'_>) -> Result<(), ProjectError> {
    let mut ids = HashSet::new();
    for layer in layers_of(project) {
        qml::check(layer.table)?;
        if !ids.insert(layer.table.id.as_str()) {
            return Err(ProjectError::Layer {
                what: "two layers are called",
                id: layer.table.id.clone(),
            });
        }
    }
    let wanted = project.maps.iter().flat_map(|map| &map.tables);
    match wanted.copied().find(|id| !ids.contains(id)) {
        Some(missing) => Err(ProjectError::Layer {
            what: "a map shows a layer that is not there,",
            id: missing.to_owned(),
        }),
        None => Ok(()),
    }
}

fn encode(project: &Project<'_>) -> Result<Vec<u8>, ProjectError> {
    check(project)?;
    let view = opened_view(project);
    let focuses = project.maps.iter().map(|map| map.focus);
    let crs = ProjectCrs::around(focuses.reduce(Extent::union).unwrap_or(view))?;
    let mut xml = Xml::new();
    xml.doctype(qml::DOCTYPE)?;
    let attributes = [
        ("version", qml::QGIS_VERSION),
        ("projectname", project.title),
    ];
    let pages = pages(project, &crs)?;
    xml.element("qgis", &attributes, |xml| {
        xml.empty("homePath", &[("path", "")])?;
        xml.text("title", project.title)?;
        xml.element("projectCrs", &[], |xml| spatial_reference(crs.code, xml))?;
        tree(project, xml)?;
        xml.element("projectlayers", &[], |xml| {
            for layer in layers_of(project) {
                map_layer(layer, xml)?;
            }
            let rows = project.rows.iter().enumerate();
            rows.clone().try_for_each(|(number, (title, file))| {
                row_layer(&row_id(number), title, file, xml)
            })
        })?;
        properties(xml)?;
        themes(project, xml)?;
        layouts(&pages, &crs, xml)?;
        bookmarks(project, xml)?;
        opened_at(view, xml)
    })?;
    Ok(xml.finish())
}

/// What is seen when the project is opened: the first map, or the whole of a project without maps.
fn opened_view(project: &Project<'_>) -> Extent {
    let first = project.maps.first().map(|map| map.focus);
    let all = || {
        let extents = layers_of(project).into_iter();
        extents
            .filter_map(|layer| layer.table.extent())
            .reduce(Extent::union)
    };
    first.or_else(all).unwrap_or(Extent {
        west: 73.0,
        south: 18.0,
        east: 135.0,
        north: 54.0,
    })
}

fn properties(xml: &mut Xml) -> io::Result<()> {
    xml.element("properties", &[], |xml| {
        xml.element("Paths", &[], |xml| typed(xml, "Absolute", "bool", "false"))?;
        xml.element("Measurement", &[], |xml| {
            typed(xml, "AreaUnits", "QString", "km2")?;
            typed(xml, "DistanceUnits", "QString", "km")
        })?;
        xml.element("SpatialRefSys", &[], |xml| {
            typed(xml, "ProjectionsEnabled", "int", "1")
        })
    })
}

/// A setting with its type.
fn typed(xml: &mut Xml, name: &str, kind: &str, value: &str) -> io::Result<()> {
    xml.element(name, &[("type", kind)], |xml| xml.raw(value))
}

fn bookmarks(project: &Project<'_>, xml: &mut Xml) -> io::Result<()> {
    xml.element("Bookmarks", &[], |xml| {
        project
            .bookmarks
            .iter()
            .enumerate()
            .try_for_each(|(number, (name, extent))| {
                let Extent {
                    west,
                    south,
                    east,
                    north,
                } = extent;
                let wkt = format!(
                    "POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"
                );
                let id = format!("bookmark-{}", number + 1);
                let attributes = [
                    ("id", id.as_str()),
                    ("name", name),
                    ("group", project.title),
                    ("extent", &wkt),
                ];
                xml.element("Bookmark", &attributes, |xml| spatial_reference(DEGREES, xml))
            })
    })
}

fn opened_at(view: Extent, xml: &mut Xml) -> io::Result<()> {
    xml.element("ProjectViewSettings", &[], |xml| {
        let attributes = [
            ("xmin", view.west.to_string()),
            ("ymin", view.south.to_string()),
            ("xmax", view.east.to_string()),
            ("ymax", view.north.to_string()),
        ];
        let attributes = attributes
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        xml.element("DefaultViewExtent", &attributes, |xml| {
            spatial_reference(DEGREES, xml)
        })
    })
}
