//! The file: renderer, labels, aliases, the name a feature goes by, the map tip.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use layers::model::{FIELDS, Feature, GeometryKind, Table, Value};
use layers::style::{LabelStyle, SizeBy};

use super::QmlError;
use super::symbols::{SymbolKind, SymbolLayer, rgb, symbol_layers};
use super::xml::Xml;
use crate::atomic;

/// Diameter of a point of a sized table that has no number.
const NODE_MM: f64 = 2.6;
/// The font of labels, and what stands in where it is not installed (Windows, macOS, older Linux).
const FONT: &str = "Noto Sans CJK SC";
const OTHER_FONTS: [&str; 5] = [
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
];

/// Writes the style of a table for QGIS: give it the data file's path with the extension `qml`.
///
/// One symbol for all, or one for each value of the style's field; labels by `name`; Chinese aliases for `id` and
/// every field that the table uses; a map tip with name, roles, plan and article.
///
/// # Errors
///
/// [`QmlError`] when the style does not fit the table (a feature that no class draws is an error, because QGIS would
/// leave it out silently) or the file cannot be written. No half file is left.
pub fn write(table: &Table, path: &Path) -> Result<(), QmlError> {
    Ok(atomic::write(path, &encode(table)?)?)
}

pub(crate) fn encode(table: &Table) -> Result<Vec<u8>, QmlError> {
    check(table)?;
    let mut xml = Xml::new();
    document(table, &mut xml).map_err(|source| QmlError::Xml {
        table: table.id.clone(),
        source,
    })?;
    Ok(xml.finish())
}

/// Refuses a style that would leave features out.
fn check(table: &Table) -> Result<(), QmlError> {
    let Some(field) = table.style.field else {
        let count = table.style.classes.len();
        return if count == 1 {
            Ok(())
        } else {
            Err(QmlError::ClassCount {
                table: table.id.clone(),
                count,
            })
        };
    };
    let column = FIELDS.iter().position(|known| known.name == field);
    if column.is_none() && field != "id" {
        return Err(QmlError::UnknownField {
            table: table.id.clone(),
            field,
        });
    }
    let values: HashSet<&str> = table
        .style
        .classes
        .iter()
        .map(|class| class.value.as_str())
        .collect();
    for feature in &table.features {
        let value = column.map_or_else(|| feature.id.clone(), |column| value_text(feature, column));
        if !values.contains(value.as_str()) {
            return Err(QmlError::Unstyled {
                table: table.id.clone(),
                feature: feature.id.clone(),
                field,
                value,
            });
        }
    }
    Ok(())
}

fn value_text(feature: &Feature, column: usize) -> String {
    match feature.properties.values()[column] {
        None => String::new(),
        Some(Value::Text(text)) => text.to_owned(),
        Some(Value::Number(number)) => number.to_string(),
    }
}

fn document(table: &Table, xml: &mut Xml) -> io::Result<()> {
    let labelled = if table.style.label.is_some() {
        "1"
    } else {
        "0"
    };
    let fields: Vec<(&str, &str)> = [("id", "编号")]
        .into_iter()
        .chain(
            FIELDS
                .iter()
                .enumerate()
                .filter(|(column, _)| {
                    table
                        .features
                        .iter()
                        .any(|one| one.properties.values()[*column].is_some())
                })
                .map(|(_, field)| (field.name, field.title)),
        )
        .collect();
    xml.doctype("qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'")?;
    xml.element(
        "qgis",
        &[
            ("version", "3.22.0"),
            ("styleCategories", "Symbology|Labeling|Fields|Forms|MapTips"),
            ("labelsEnabled", labelled),
        ],
        |xml| {
            renderer(table, xml)?;
            if let Some(label) = table.style.label {
                labels(label, table.geometry, xml)?;
            }
            xml.element("aliases", &[], |xml| {
                fields
                    .iter()
                    .enumerate()
                    .try_for_each(|(index, (field, title))| {
                        xml.empty(
                            "alias",
                            &[
                                ("index", &index.to_string()),
                                ("field", field),
                                ("name", title),
                            ],
                        )
                    })
            })?;
            xml.text("previewExpression", "\"name\"")?;
            xml.text("mapTip", &map_tip(&fields))
        },
    )
}

/// HTML with the values that a feature has.
fn map_tip(fields: &[(&str, &str)]) -> String {
    let mut html = String::from("<b>[% \"name\" %]</b>");
    for field in ["roles", "plan_title", "article"] {
        if fields.iter().any(|(known, _)| *known == field) {
            html += "[% coalesce('<br/>' || \"";
            html += field;
            html += "\", '') %]";
        }
    }
    html
}

fn renderer(table: &Table, xml: &mut Xml) -> io::Result<()> {
    let kind = SymbolKind::of(table.geometry);
    let symbols = |xml: &mut Xml| {
        xml.element("symbols", &[], |xml| {
            table
                .style
                .classes
                .iter()
                .enumerate()
                .try_for_each(|(index, class)| {
                    let size = table.style.size.filter(|_| kind == SymbolKind::Marker);
                    let layers = symbol_layers(&class.symbol, kind);
                    symbol(&index.to_string(), kind, &layers, size, xml)
                })
        })
    };
    let Some(field) = table.style.field else {
        return xml.element(
            "renderer-v2",
            &[("type", "singleSymbol"), ("symbollevels", "0")],
            symbols,
        );
    };
    xml.element(
        "renderer-v2",
        &[
            ("type", "categorizedSymbol"),
            ("attr", field),
            ("symbollevels", "0"),
        ],
        |xml| {
            xml.element("categories", &[], |xml| {
                table
                    .style
                    .classes
                    .iter()
                    .enumerate()
                    .try_for_each(|(index, class)| {
                        xml.empty(
                            "category",
                            &[
                                ("value", &class.value),
                                ("type", "string"),
                                ("label", &class.title),
                                ("symbol", &index.to_string()),
                                ("render", "true"),
                            ],
                        )
                    })
            })?;
            symbols(xml)
        },
    )
}

fn symbol(
    name: &str,
    kind: SymbolKind,
    layers: &[SymbolLayer],
    size: Option<SizeBy>,
    xml: &mut Xml,
) -> io::Result<()> {
    let attributes = [
        ("type", kind.name()),
        ("name", name),
        ("alpha", "1"),
        ("clip_to_extent", "1"),
        ("force_rhr", "0"),
    ];
    xml.element("symbol", &attributes, |xml| {
        layers.iter().enumerate().try_for_each(|(index, layer)| {
            let attributes = [
                ("class", layer.class),
                ("enabled", "1"),
                ("locked", "0"),
                ("pass", "0"),
            ];
            xml.element("layer", &attributes, |xml| {
                xml.element("Option", &[("type", "Map")], |xml| {
                    layer.properties.iter().try_for_each(|(name, value)| {
                        xml.empty(
                            "Option",
                            &[("type", "QString"), ("name", name), ("value", value)],
                        )
                    })
                })?;
                // A symbol of several discs has the size that it has: its parts would drift.
                if let (Some(size), [_]) = (size, layers) {
                    data_defined_size(&size.diameter_expression(NODE_MM), xml)?;
                }
                match &layer.inner {
                    Some((kind, layers)) => {
                        symbol(&format!("@{name}@{index}"), *kind, layers, None, xml)
                    }
                    None => Ok(()),
                }
            })
        })
    })
}

/// A marker's size from an expression, in the unit of its fixed size.
fn data_defined_size(expression: &str, xml: &mut Xml) -> io::Result<()> {
    let map = |name| [("type", "Map"), ("name", name)];
    xml.element("data_defined_properties", &[], |xml| {
        xml.element("Option", &[("type", "Map")], |xml| {
            let text = |name, value| [("type", "QString"), ("name", name), ("value", value)];
            xml.empty("Option", &text("name", ""))?;
            xml.element("Option", &map("properties"), |xml| {
                xml.element("Option", &map("size"), |xml| {
                    xml.empty(
                        "Option",
                        &[("type", "bool"), ("name", "active"), ("value", "true")],
                    )?;
                    xml.empty("Option", &text("expression", expression))?;
                    // QgsProperty::ExpressionBasedProperty.
                    xml.empty(
                        "Option",
                        &[("type", "int"), ("name", "type"), ("value", "3")],
                    )
                })
            })?;
            xml.empty("Option", &text("type", "collection"))
        })
    })
}

/// Labels from the field `name`, with a white halo: inside areas, along lines, around points.
fn labels(label: LabelStyle, geometry: GeometryKind, xml: &mut Xml) -> io::Result<()> {
    let (weight, style) = if label.bold {
        ("75", "Bold")
    } else {
        ("50", "Regular")
    };
    // QgsPalLayerSettings::Placement: 4 horizontal, 3 curved, 6 ordered positions around a point.
    let placement = match geometry {
        GeometryKind::Polygon => "4",
        GeometryKind::Line => "3",
        GeometryKind::Point => "6",
    };
    xml.element("labeling", &[("type", "simple")], |xml| {
        xml.element("settings", &[("calloutType", "simple")], |xml| {
            let text_style = [
                ("fieldName", "name"),
                ("isExpression", "0"),
                ("fontFamily", FONT),
                ("namedStyle", style),
                ("fontWeight", weight),
                ("fontSize", &label.size_pt.to_string()),
                ("fontSizeUnit", "Point"),
                ("textColor", &rgb(label.colour)),
                ("textOpacity", "1"),
                ("multilineHeight", "1"),
            ];
            xml.element("text-style", &text_style, |xml| {
                xml.element("families", &[], |xml| {
                    OTHER_FONTS
                        .iter()
                        .try_for_each(|font| xml.empty("family", &[("name", font)]))
                })?;
                xml.empty(
                    "text-buffer",
                    &[
                        ("bufferDraw", "1"),
                        ("bufferSize", "0.8"),
                        ("bufferSizeUnits", "MM"),
                        ("bufferColor", "255,255,255,255"),
                        ("bufferOpacity", "0.85"),
                        ("bufferJoinStyle", "128"),
                        ("bufferNoFill", "0"),
                    ],
                )
            })?;
            xml.empty("text-format", &[("multilineAlign", "1")])?;
            xml.empty(
                "placement",
                &[
                    ("placement", placement),
                    // On the line or above it, whichever is free; read upwards.
                    ("placementFlags", "11"),
                    ("predefinedPositionOrder", "R,L,TR,TL,BR,BL,TSR,BSR"),
                    ("offsetType", "1"),
                    ("dist", "0.6"),
                    ("distUnits", "MM"),
                    ("priority", "5"),
                    ("centroidInside", "1"),
                    ("centroidWhole", "1"),
                    ("maxCurvedCharAngleIn", "25"),
                    ("maxCurvedCharAngleOut", "-25"),
                ],
            )?;
            xml.empty(
                "rendering",
                &[
                    ("drawLabels", "1"),
                    ("obstacle", "1"),
                    ("obstacleFactor", "1"),
                    (
                        "obstacleType",
                        if geometry == GeometryKind::Polygon {
                            "1"
                        } else {
                            "0"
                        },
                    ),
                    ("mergeLines", "0"),
                    ("labelPerPart", "0"),
                    ("fontMinPixelSize", "3"),
                    ("fontMaxPixelSize", "10000"),
                ],
            )
        })
    })
}

#[cfg(test)]
mod tests;
