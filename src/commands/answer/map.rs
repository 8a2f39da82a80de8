//! An answer as a map page: what was asked, and what was found.

use std::path::Path;

use anyhow::{Context as _, bail};
use gazetteer::{Extent, Gazetteer};
use geo::{Geometry, MultiPolygon};
use layers::map::{Drawing, Label, LabelRank, Language, LegendGroup, LegendItem, MapPage};
use layers::style::{Colour, Paint, Stroke, Symbol};
use layers::{Builder, sources};
use output::raster::{RenderOptions, render};
use plans::Catalogue;
use serde_json::Value;

use super::Row;
use crate::commands::subject;

/// What was asked, for the map.
#[derive(Debug, Default)]
pub struct Asked {
    /// Its name; empty for a position.
    pub name: String,
    /// Where it is.
    pub shapes: Vec<Geometry<f64>>,
}

const ASKED: Colour = Colour::hex(0x00B2_2222);
const FOUND: Colour = Colour::hex(0x001F_5FA8);
/// No page shows less than this, in degrees: about 10 km.
const LEAST_SPAN: f64 = 0.1;
/// More names than this are not tried.
const MOST_NAMES: usize = 200;

/// Draws an answer.
pub fn draw(asked: &Asked, rows: &[Row], file: &Path) -> anyhow::Result<()> {
    let found: Vec<(String, Geometry<f64>)> = rows
        .iter()
        .filter_map(|row| {
            let shape = row.shape.clone();
            let shape = shape.or_else(|| row.at.map(|at| Geometry::Point(at.to_point())))?;
            Some((name(row), shape))
        })
        .collect();
    let shapes = asked
        .shapes
        .iter()
        .chain(found.iter().map(|(_, shape)| shape));
    let boxes = shapes.filter_map(geo::BoundingRect::bounding_rect);
    let corners = boxes.flat_map(|b| [(b.min().x, b.min().y), (b.max().x, b.max().y)]);
    let Some(around) = Extent::around(corners) else {
        bail!("--map: nothing of the answer has a position to draw");
    };
    let span = (around.east - around.west).max(around.north - around.south);
    let focus = around.grown((LEAST_SPAN - span).max(span * 0.1) / 2.0);
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let ground = Builder::new(&gazetteer, &catalogue).ground_around(focus)?;
    let mut drawings = Vec::new();
    // Areas below lines, lines below points; what was asked on top of its kind.
    let order = |shape: &Geometry<f64>| match shape {
        Geometry::Point(_) | Geometry::MultiPoint(_) => 2,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => 1,
        _ => 0,
    };
    for level in 0..3 {
        let here = found.iter().filter(|(_, shape)| order(shape) == level);
        for (number, (name, shape)) in here.enumerate() {
            let name = (number < MOST_NAMES).then_some(name.as_str());
            add(
                shape,
                FOUND,
                name.unwrap_or_default(),
                LabelRank::Node,
                &mut drawings,
            );
        }
        for shape in asked.shapes.iter().filter(|shape| order(shape) == level) {
            add(shape, ASKED, &asked.name, LabelRank::Core, &mut drawings);
        }
    }
    let mut items = Vec::new();
    if let Some(shape) = asked.shapes.first() {
        items.push(LegendItem::new(symbol(shape, ASKED), "所问"));
    }
    if let Some((_, shape)) = found.first() {
        items.push(LegendItem {
            count: Some(format!("{} 处", found.len())),
            ..LegendItem::new(symbol(shape, FOUND), "所得")
        });
    }
    let what = if asked.name.is_empty() {
        "查询结果"
    } else {
        &asked.name
    };
    let page = MapPage {
        title: what.to_owned(),
        subtitle: format!("查询结果 {} 处", found.len()),
        citation: String::new(),
        focus,
        ground,
        drawings,
        legend: vec![LegendGroup {
            heading: String::new(),
            items,
        }],
        inset: None,
        sources: sources::ALL.map(|source| source.origin).join("；"),
        language: Language::Chinese,
    };
    let drawn = render(&page, &RenderOptions::default()).context("--map")?;
    Ok(drawn.write_png(file)?)
}

fn name(row: &Row) -> String {
    let mut names = ["canonical"].iter().chain(&subject::NAMES);
    let name = names.find_map(|column| row.object.get(*column).and_then(Value::as_str));
    name.unwrap_or_default().to_owned()
}

/// Draws a geometry as what pages draw: points, lines and areas. Its name stands at its first part.
fn add(
    shape: &Geometry<f64>,
    colour: Colour,
    name: &str,
    rank: LabelRank,
    drawings: &mut Vec<Drawing>,
) {
    let parts: Vec<Geometry<f64>> = match shape {
        Geometry::Polygon(area) => vec![MultiPolygon(vec![area.clone()]).into()],
        Geometry::Line(line) => vec![geo::LineString::from(*line).into()],
        Geometry::MultiLineString(lines) => lines.iter().cloned().map(Geometry::from).collect(),
        Geometry::MultiPoint(points) => points.iter().copied().map(Geometry::from).collect(),
        Geometry::GeometryCollection(parts) => {
            let mut name = name;
            for part in parts {
                add(part, colour, std::mem::take(&mut name), rank, drawings);
            }
            return;
        }
        other => vec![other.clone()],
    };
    for (number, geometry) in parts.into_iter().enumerate() {
        let named = number == 0 && !name.is_empty();
        drawings.push(Drawing {
            symbol: symbol(&geometry, colour),
            geometry,
            label: named.then(|| Label {
                colour: Some(colour),
                ..Label::new(name, rank)
            }),
        });
    }
}

fn symbol(shape: &Geometry<f64>, colour: Colour) -> Symbol {
    match shape {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Symbol::Node { colour },
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
            Symbol::line(Stroke::solid(colour, 0.6))
        }
        _ => Symbol::Fill {
            paint: Paint::Solid {
                colour,
                opacity: 0.18,
            },
            outline: Some(Stroke::solid(colour, 0.4)),
        },
    }
}
