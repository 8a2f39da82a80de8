//! KML 2.2 (OGC 07-147r2): a placemark a feature, attributes typed by a schema.

use input::features::{FeatureBatch, FeatureView, GeometryKind, Part, Value};

use crate::ColumnKind;
use crate::feature::{Feature, features};
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::{Table, push_text};
use crate::wkb::is_multiple;
use crate::xml;

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    /// The column that features go by.
    name: Option<usize>,
    layer: String,
}

/// Columns that features go by, the best first.
const NAMES: [&str; 6] = ["name", "名称", "地名", "NAME", "Name", "title"];

/// The column that features go by.
pub(crate) fn name_column(table: &Table) -> Option<usize> {
    NAMES.iter().find_map(|name| {
        let mut columns = table.columns.iter();
        columns.position(|column| column.name == *name)
    })
}

impl Plan {
    pub(crate) fn new(survey: &Survey, layer: &str, report: &mut Report) -> Self {
        let table = Table::new(survey, true, report);
        for column in &table.columns {
            match column.kind {
                ColumnKind::Date | ColumnKind::DateTime => report.lose(Loss::DateAsText, 1),
                ColumnKind::UInt => report.lose(Loss::UIntAsText, 1),
                ColumnKind::Json => report.lose(Loss::JsonAsText, 1),
                _ => {}
            }
        }
        Self {
            name: name_column(&table),
            table,
            layer: layer.to_owned(),
        }
    }

    /// What stands before the placemarks.
    pub(crate) fn head(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n<Schema name=\"",
        );
        xml::push(&self.layer, &mut out);
        out.push_str("\" id=\"schema\">\n");
        for column in &self.table.columns {
            let kind = match column.kind {
                ColumnKind::Bool => "bool",
                ColumnKind::Int if column.longest < 10 => "int",
                // There is no longer whole number.
                ColumnKind::Int | ColumnKind::Float => "double",
                _ => "string",
            };
            out.push_str("<SimpleField name=\"");
            xml::push(&column.name, &mut out);
            out.push_str("\" type=\"");
            let kind = if column.kind == ColumnKind::Int && column.longest > 15 {
                "string"
            } else {
                kind
            };
            out.push_str(kind);
            out.push_str("\"/>\n");
        }
        out.push_str("</Schema>\n<Folder><name>");
        xml::push(&self.layer, &mut out);
        out.push_str("</name>\n");
        out
    }

    /// What stands behind them.
    pub(crate) const TAIL: &'static str = "</Folder>\n</Document>\n</kml>\n";

    /// The placemarks of a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> String {
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut text = String::new();
        let mut out = String::with_capacity(batch.lonlat.len() * 24 + batch.rows.len() * 256);
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            out.push_str("<Placemark>");
            if let Some(name) = self
                .name
                .map(|at| values[at])
                .filter(|name| *name != Value::Null)
            {
                text.clear();
                push_text(name, &mut text);
                out.push_str("<name>");
                xml::push(&text, &mut out);
                out.push_str("</name>");
            }
            out.push_str("<ExtendedData><SchemaData schemaUrl=\"#schema\">");
            for (value, column) in values.iter().zip(&self.table.columns) {
                if *value == Value::Null {
                    continue;
                }
                text.clear();
                push_text(*value, &mut text);
                out.push_str("<SimpleData name=\"");
                xml::push(&column.name, &mut out);
                out.push_str("\">");
                xml::push(&text, &mut out);
                out.push_str("</SimpleData>");
            }
            out.push_str("</SchemaData></ExtendedData>");
            shape(feature, &mut out);
            out.push_str("</Placemark>\n");
        }
        out
    }
}

fn shape(feature: Feature<'_>, out: &mut String) {
    if feature.is_collection() {
        out.push_str("<MultiGeometry>");
        feature.geometries().for_each(|view| geometry(view, out));
        out.push_str("</MultiGeometry>");
    } else {
        geometry(feature.view(), out);
    }
}

fn geometry(view: FeatureView<'_>, out: &mut String) {
    let multiple = is_multiple(view);
    if multiple {
        out.push_str("<MultiGeometry>");
    }
    match view.kind() {
        GeometryKind::None => {}
        GeometryKind::Point => {
            for vertex in view.vertices().chunks(1) {
                out.push_str("<Point>");
                coordinates(vertex, out);
                out.push_str("</Point>");
            }
        }
        GeometryKind::Line => {
            for part in view.parts() {
                out.push_str("<LineString>");
                part.rings().for_each(|run| coordinates(run, out));
                out.push_str("</LineString>");
            }
        }
        GeometryKind::Polygon => view.parts().for_each(|part| polygon(&part, out)),
    }
    if multiple {
        out.push_str("</MultiGeometry>");
    }
}

fn polygon(part: &Part<'_>, out: &mut String) {
    out.push_str("<Polygon>");
    for (number, ring) in part.rings().enumerate() {
        let border = if number == 0 {
            "outerBoundaryIs"
        } else {
            "innerBoundaryIs"
        };
        out.push('<');
        out.push_str(border);
        out.push_str("><LinearRing>");
        coordinates(ring, out);
        out.push_str("</LinearRing></");
        out.push_str(border);
        out.push('>');
    }
    out.push_str("</Polygon>");
}

fn coordinates(vertices: &[[f64; 2]], out: &mut String) {
    out.push_str("<coordinates>");
    for (number, [lon, lat]) in vertices.iter().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        push_text(Value::Float(*lon), out);
        out.push(',');
        push_text(Value::Float(*lat), out);
    }
    out.push_str("</coordinates>");
}
