//! The layers: where their data is, how they look, what is said of them.

use std::io;

use layers::model::GeometryKind;

use super::ProjectLayer;
use super::crs::{DEGREES, spatial_reference};
use super::tree::layer_id;
use crate::qml;
use crate::xml::Xml;

/// The path of a data file as the project gives it.
pub(super) fn source(file: &str) -> String {
    format!("./{file}")
}

/// A layer of features.
pub(super) fn map_layer(layer: &ProjectLayer<'_>, xml: &mut Xml) -> io::Result<()> {
    let table = layer.table;
    let (geometry, wkb) = match table.geometry {
        GeometryKind::Point => ("Point", "Point"),
        GeometryKind::Line => ("Line", "LineString"),
        GeometryKind::Polygon => ("Polygon", "MultiPolygon"),
    };
    let attributes = [
        ("type", "vector"),
        ("geometry", geometry),
        ("wkbType", wkb),
        ("styleCategories", "AllStyleCategories"),
        ("hasScaleBasedVisibilityFlag", "0"),
        ("minScale", "100000000"),
        ("maxScale", "0"),
        ("labelsEnabled", qml::labels_enabled(table)),
        ("symbologyReferenceScale", "-1"),
        ("readOnly", "0"),
        ("simplifyDrawingHints", "1"),
        ("simplifyDrawingTol", "1"),
        ("simplifyMaxScale", "1"),
        ("simplifyAlgorithm", "0"),
        ("simplifyLocal", "1"),
    ];
    xml.element("maplayer", &attributes, |xml| {
        if let Some(extent) = table.extent() {
            xml.element("extent", &[], |xml| {
                xml.text("xmin", &extent.west.to_string())?;
                xml.text("ymin", &extent.south.to_string())?;
                xml.text("xmax", &extent.east.to_string())?;
                xml.text("ymax", &extent.north.to_string())
            })?;
        }
        identity(
            &layer_id(&table.id),
            layer.title,
            &layer.file,
            layer.summary,
            xml,
        )?;
        xml.element("srs", &[], |xml| spatial_reference(DEGREES, xml))?;
        xml.element("resourceMetadata", &[], |xml| {
            xml.text("identifier", &table.id)?;
            xml.text("language", "zh")?;
            xml.text("type", "dataset")?;
            xml.text("title", layer.title)?;
            xml.text("abstract", layer.summary)?;
            xml.element("crs", &[], |xml| spatial_reference(DEGREES, xml))
        })?;
        xml.element("provider", &[("encoding", "UTF-8")], |xml| xml.raw("ogr"))?;
        qml::style(table, xml)?;
        xml.text("layerOpacity", "1")?;
        xml.text("blendMode", "0")
    })
}

/// A table without geometry.
pub(super) fn row_layer(id: &str, title: &str, file: &str, xml: &mut Xml) -> io::Result<()> {
    let attributes = [
        ("type", "vector"),
        ("geometry", "No geometry"),
        ("wkbType", "NoGeometry"),
        ("hasScaleBasedVisibilityFlag", "0"),
        ("readOnly", "0"),
    ];
    xml.element("maplayer", &attributes, |xml| {
        identity(id, title, file, "", xml)?;
        xml.element("provider", &[("encoding", "UTF-8")], |xml| xml.raw("ogr"))
    })
}

fn identity(id: &str, title: &str, file: &str, summary: &str, xml: &mut Xml) -> io::Result<()> {
    xml.text("id", id)?;
    xml.text("datasource", &source(file))?;
    xml.text("title", title)?;
    xml.text("abstract", summary)?;
    xml.text("layername", title)
}
