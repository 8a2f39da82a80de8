//! How features are drawn: one symbol, or one for each value of a field.

use std::io;

use layers::model::Table;
use layers::style::SizeBy;

use super::symbols::{SymbolKind, SymbolLayer, symbol_layers};
use crate::xml::Xml;

/// Diameter of a point of a sized table that has no number.
const NODE_MM: f64 = 2.6;
pub(super) fn renderer(table: &Table, xml: &mut Xml) -> io::Result<()> {
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
                    let layers = symbol_layers(&class.symbol, table.geometry);
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
