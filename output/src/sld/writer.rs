//! The document: a rule a class, then the names.

use std::io;
use std::path::Path;

use layers::model::{GeometryKind, Table};
use layers::style::{Class, Colour, Glyph, LabelStyle};

use super::SldError;
use crate::primitives::{Coats, PAPER, Primitive, coats};
use crate::xml::Xml;
use crate::{atomic, qml};

/// A pixel of the standard.
const PIXEL_MM: f64 = 0.28;
/// A point of type in mm.
const PT_MM: f64 = 0.3528;

/// Writes the style of a table: give it the data file's path with the extension `sld`.
///
/// # Errors
///
/// [`SldError`] when the style does not fit the table or the file cannot be written. No half file is left.
pub fn write(table: &Table, path: &Path) -> Result<(), SldError> {
    qml::check(table)?;
    let mut xml = Xml::new();
    document(table, &mut xml).map_err(|source| SldError::Xml {
        table: table.id.clone(),
        source,
    })?;
    Ok(atomic::write(path, &xml.finish())?)
}

fn document(table: &Table, xml: &mut Xml) -> io::Result<()> {
    let root = [
        ("version", "1.1.0"),
        ("xmlns", "http://www.opengis.net/sld"),
        ("xmlns:ogc", "http://www.opengis.net/ogc"),
        ("xmlns:se", "http://www.opengis.net/se"),
    ];
    xml.element("StyledLayerDescriptor", &root, |xml| {
        xml.element("NamedLayer", &[], |xml| {
            xml.text("se:Name", &table.id)?;
            xml.element("UserStyle", &[], |xml| {
                xml.text("se:Name", &table.title)?;
                xml.element("se:FeatureTypeStyle", &[], |xml| {
                    for class in &table.style.classes {
                        rule(table, class, xml)?;
                    }
                    match table.style.label {
                        Some(label) => {
                            xml.element("se:Rule", &[], |xml| names(label, table.geometry, xml))
                        }
                        None => Ok(()),
                    }
                })
            })
        })
    })
}

fn rule(table: &Table, class: &Class, xml: &mut Xml) -> io::Result<()> {
    xml.element("se:Rule", &[], |xml| {
        xml.text("se:Name", &class.title)?;
        if let Some(field) = table.style.field {
            xml.element("ogc:Filter", &[], |xml| {
                xml.element("ogc:PropertyIsEqualTo", &[], |xml| {
                    xml.text("ogc:PropertyName", field)?;
                    xml.text("ogc:Literal", &class.value)
                })
            })?;
        }
        // A marker in an area or on a line stands at its middle, which is what a point symbolizer does there.
        let (Coats::OnGeometry(coats) | Coats::AtMiddle(coats)) =
            coats(&class.symbol, table.geometry);
        coats.iter().try_for_each(|coat| symbolizer(coat, xml))
    })
}

fn symbolizer(coat: &Primitive, xml: &mut Xml) -> io::Result<()> {
    match coat {
        Primitive::Flat { colour, opacity } => xml.element("se:PolygonSymbolizer", &[], |xml| {
            xml.element("se:Fill", &[], |xml| {
                parameter("fill", &colour.to_string(), xml)?;
                parameter("fill-opacity", &opacity.to_string(), xml)
            })
        }),
        Primitive::Hatch {
            colour,
            distance_mm,
            width_mm,
        } => xml.element("se:PolygonSymbolizer", &[], |xml| {
            xml.element("se:Fill", &[], |xml| {
                xml.element("se:GraphicFill", &[], |xml| {
                    xml.element("se:Graphic", &[], |xml| {
                        xml.element("se:Mark", &[], |xml| {
                            xml.text("se:WellKnownName", "horline")?;
                            stroke(*colour, 1.0, *width_mm, &[], xml)
                        })?;
                        xml.text("se:Size", &pixels(*distance_mm))?;
                        xml.element("se:Rotation", &[], |xml| xml.text("ogc:Literal", "45"))
                    })
                })
            })
        }),
        Primitive::Line {
            colour,
            opacity,
            width_mm,
            dash_mm,
            ..
        } => xml.element("se:LineSymbolizer", &[], |xml| {
            stroke(*colour, *opacity, *width_mm, dash_mm, xml)
        }),
        Primitive::Disc {
            size_mm,
            fill,
            outline,
            outline_mm,
        } => xml.element("se:PointSymbolizer", &[], |xml| {
            xml.element("se:Graphic", &[], |xml| {
                xml.element("se:Mark", &[], |xml| {
                    xml.text("se:WellKnownName", "circle")?;
                    if let Some(fill) = fill {
                        xml.element("se:Fill", &[], |xml| {
                            parameter("fill", &fill.to_string(), xml)
                        })?;
                    }
                    if *outline_mm > 0.0 {
                        stroke(*outline, 1.0, *outline_mm, &[], xml)?;
                    }
                    Ok(())
                })?;
                xml.text("se:Size", &pixels(*size_mm))
            })
        }),
        Primitive::Sign {
            glyph,
            colour,
            size_mm,
            ..
        } => xml.element("se:PointSymbolizer", &[], |xml| {
            xml.element("se:Graphic", &[], |xml| {
                mark(mark_of(*glyph), *colour, xml)?;
                xml.text("se:Size", &pixels(size_mm * 0.8))
            })
        }),
        Primitive::Diamonds {
            colour,
            size_mm,
            step_mm,
        } => xml.element("se:LineSymbolizer", &[], |xml| {
            xml.element("se:Stroke", &[], |xml| {
                xml.element("se:GraphicStroke", &[], |xml| {
                    xml.element("se:Graphic", &[], |xml| {
                        mark("square", *colour, xml)?;
                        xml.text("se:Size", &pixels(size_mm * 0.7))?;
                        xml.element("se:Rotation", &[], |xml| xml.text("ogc:Literal", "45"))
                    })?;
                    xml.element("se:Gap", &[], |xml| {
                        xml.text("ogc:Literal", &pixels(*step_mm))
                    })
                })
            })
        }),
        Primitive::ArrowHead { .. } | Primitive::Digits { .. } => Ok(()),
    }
}

fn mark(name: &str, colour: Colour, xml: &mut Xml) -> io::Result<()> {
    xml.element("se:Mark", &[], |xml| {
        xml.text("se:WellKnownName", name)?;
        xml.element("se:Fill", &[], |xml| {
            parameter("fill", &colour.to_string(), xml)
        })
    })
}

/// The mark that every reader of SLD knows and that is the least unlike a sign: a picture would have to lie beside the file.
fn mark_of(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::Airport | Glyph::Nature | Glyph::Dam | Glyph::Science => "triangle",
        Glyph::Port | Glyph::Irrigation | Glyph::Trade => "cross",
        Glyph::Reservoir | Glyph::Gas => "circle",
        Glyph::Energy | Glyph::Tourism => "star",
        Glyph::NewArea => "x",
        Glyph::Station | Glyph::Logistics | Glyph::Industry | Glyph::Finance | Glyph::Shopping => {
            "square"
        }
    }
}

fn stroke(
    colour: Colour,
    opacity: f64,
    width_mm: f64,
    dash_mm: &[f64],
    xml: &mut Xml,
) -> io::Result<()> {
    xml.element("se:Stroke", &[], |xml| {
        parameter("stroke", &colour.to_string(), xml)?;
        parameter("stroke-opacity", &opacity.to_string(), xml)?;
        parameter("stroke-width", &pixels(width_mm), xml)?;
        parameter("stroke-linejoin", "round", xml)?;
        // A dash of no length is a dot by its round end.
        if dash_mm.first().is_none_or(|dash| *dash == 0.0) {
            parameter("stroke-linecap", "round", xml)?;
        }
        if dash_mm.is_empty() {
            return Ok(());
        }
        let dashes: Vec<String> = dash_mm.iter().map(|length| pixels(*length)).collect();
        parameter("stroke-dasharray", &dashes.join(" "), xml)
    })
}

fn names(label: LabelStyle, geometry: GeometryKind, xml: &mut Xml) -> io::Result<()> {
    xml.element("se:TextSymbolizer", &[], |xml| {
        xml.element("se:Label", &[], |xml| xml.text("ogc:PropertyName", "name"))?;
        xml.element("se:Font", &[], |xml| {
            parameter("font-family", "Noto Sans CJK SC", xml)?;
            parameter("font-size", &pixels(label.size_pt * PT_MM), xml)?;
            parameter(
                "font-weight",
                if label.bold { "bold" } else { "normal" },
                xml,
            )
        })?;
        xml.element("se:LabelPlacement", &[], |xml| match geometry {
            GeometryKind::Line => xml.empty("se:LinePlacement", &[]),
            GeometryKind::Polygon => point_placement((0.5, 0.5), 0.0, xml),
            GeometryKind::Point => point_placement((0.0, 0.5), 2.0, xml),
        })?;
        xml.element("se:Halo", &[], |xml| {
            xml.text("se:Radius", &pixels(0.4))?;
            xml.element("se:Fill", &[], |xml| {
                parameter("fill", &PAPER.to_string(), xml)
            })
        })?;
        xml.element("se:Fill", &[], |xml| {
            parameter("fill", &label.colour.to_string(), xml)
        })
    })
}

fn point_placement((x, y): (f64, f64), right_mm: f64, xml: &mut Xml) -> io::Result<()> {
    xml.element("se:PointPlacement", &[], |xml| {
        xml.element("se:AnchorPoint", &[], |xml| {
            xml.text("se:AnchorPointX", &x.to_string())?;
            xml.text("se:AnchorPointY", &y.to_string())
        })?;
        xml.element("se:Displacement", &[], |xml| {
            xml.text("se:DisplacementX", &pixels(right_mm))?;
            xml.text("se:DisplacementY", "0")
        })
    })
}

fn parameter(name: &str, value: &str, xml: &mut Xml) -> io::Result<()> {
    xml.element("se:SvgParameter", &[("name", name)], |xml| xml.raw(value))
}

fn pixels(mm: f64) -> String {
    format!("{:.2}", mm / PIXEL_MM)
}
