//! The layers of a table.

use layers::model::{GeometryKind, Table};
use layers::style::{Class, Colour};
use serde_json::{Value, json};

use crate::primitives::{Coats, Ends, PAPER, Primitive, coats};

/// CSS pixels of a millimetre.
const PX: f64 = 96.0 / 25.4;
/// Type on a screen is read from farther away than on paper.
const LARGER_TYPE: f64 = 1.25;
/// CSS pixels of a point.
const PX_OF_PT: f64 = 96.0 / 72.0;

/// Fills and lines of a table, the lowest first.
pub(super) fn areas_and_lines(table: &Table) -> Vec<Value> {
    of_classes(table, |coat| match coat {
        Primitive::Flat { colour, opacity } => Some(json!({
            "type": "fill",
            "paint": {"fill-color": colour.to_string(), "fill-opacity": opacity},
        })),
        // A pattern would need a picture: a tint of the same weight.
        Primitive::Hatch {
            colour,
            distance_mm,
            width_mm,
        } => Some(json!({
            "type": "fill",
            "paint": {"fill-color": colour.to_string(), "fill-opacity": round(width_mm / distance_mm)},
        })),
        Primitive::Line {
            colour,
            opacity,
            width_mm,
            dash_mm,
            ends,
        } => Some(line(*colour, *opacity, *width_mm, dash_mm, *ends)),
        _ => None,
    })
}

fn line(colour: Colour, opacity: f64, width_mm: f64, dash_mm: &[f64], ends: Ends) -> Value {
    let mut layer = json!({
        "type": "line",
        "layout": {"line-join": "round"},
        "paint": {
            "line-color": colour.to_string(),
            "line-opacity": opacity,
            "line-width": round(width_mm * PX),
        },
    });
    if dash_mm.is_empty() && ends == Ends::Round {
        layer["layout"]["line-cap"] = json!("round");
    }
    if ends == Ends::InsideArea {
        // The half inside, as far as the renderer allows: shifted by half of what is left.
        layer["paint"]["line-width"] = json!(round(width_mm * PX / 2.0));
        layer["paint"]["line-offset"] = json!(round(width_mm * PX / 4.0));
    }
    if !dash_mm.is_empty() {
        let dashes: Vec<f64> = dash_mm.iter().map(|mm| round(mm / width_mm)).collect();
        layer["paint"]["line-dasharray"] = json!(dashes);
    }
    layer
}

/// Discs of a table: at its points, or on the label points of its areas.
pub(super) fn points(table: &Table) -> Vec<Value> {
    of_classes(table, |coat| match coat {
        Primitive::Disc {
            size_mm,
            fill,
            outline,
            outline_mm,
        } => {
            // The outline lies inside the disc here and outside it in the browser.
            let radius = (size_mm / 2.0 - outline_mm / 2.0).max(0.1) * PX;
            Some(json!({
                "type": "circle",
                "paint": {
                    "circle-radius": round(radius),
                    "circle-color": (fill.unwrap_or(PAPER)).to_string(),
                    "circle-opacity": u8::from(fill.is_some()),
                    "circle-stroke-color": outline.to_string(),
                    "circle-stroke-width": round(outline_mm * PX),
                },
            }))
        }
        _ => None,
    })
}

/// A layer for each coat of each class that `make` knows.
fn of_classes(table: &Table, make: impl Fn(&Primitive) -> Option<Value>) -> Vec<Value> {
    let mut layers = Vec::new();
    for (number, class) in table.style.classes.iter().enumerate() {
        let (coats, source) = match coats(&class.symbol, table.geometry) {
            Coats::OnGeometry(coats) => (coats, table.id.clone()),
            Coats::AtMiddle(coats) if table.geometry == GeometryKind::Polygon => {
                (coats, format!("{}-labels", table.id))
            }
            // The middle of a line has no point in the tiles.
            Coats::AtMiddle(_) => continue,
        };
        for (at, coat) in coats.iter().enumerate() {
            if let Some(mut layer) = make(coat) {
                layer["id"] = json!(format!("{}/{number}/{at}", table.id));
                layer["source-layer"] = json!(source);
                if let Some(filter) = filter(table, class) {
                    layer["filter"] = filter;
                }
                layers.push(layer);
            }
        }
    }
    layers
}

/// What chooses the features of a class.
fn filter(table: &Table, class: &Class) -> Option<Value> {
    let field = table.style.field?;
    Some(json!(["==", ["get", field], class.value]))
}

/// The names of a table.
pub(super) fn names(table: &Table) -> Vec<Value> {
    let Some(label) = table.style.label else {
        return Vec::new();
    };
    let (source, placement) = match table.geometry {
        GeometryKind::Polygon => (format!("{}-labels", table.id), "point"),
        GeometryKind::Line => (table.id.clone(), "line"),
        GeometryKind::Point => (table.id.clone(), "point"),
    };
    let mut layout = json!({
        "text-field": ["get", "name"],
        "text-size": round(label.size_pt * PX_OF_PT * LARGER_TYPE),
        "text-max-width": 8,
        "symbol-placement": placement,
    });
    if table.geometry == GeometryKind::Point {
        layout["text-variable-anchor"] = json!(["left", "right", "top", "bottom"]);
        layout["text-radial-offset"] = json!(0.7);
    }
    vec![json!({
        "id": format!("{}/names", table.id),
        "type": "symbol",
        "source-layer": source,
        "layout": layout,
        "paint": {
            "text-color": label.colour.to_string(),
            "text-halo-color": PAPER.to_string(),
            "text-halo-width": 1.4,
        },
    })]
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
