//! Features of files as a page.

use std::convert::identity;

use anyhow::{Context as _, bail};
use gazetteer::Extent;
use geo::{BoundingRect, Geometry};
use layers::Builder;
use layers::map::{Drawing, Label, LabelRank, LegendGroup, LegendItem, MapPage};
use layers::style::{BorderLevel, Colour, Paint, Stroke, Symbol};

use super::data::{self, Data, Item};
use crate::args::MapArgs;

/// Colours of the files, one after the other.
const COLOURS: [u32; 8] = [
    0x004B_77A4,
    0x00B2_3A2A,
    0x005A_6B2E,
    0x008E_2C6B,
    0x00C7_7A1A,
    0x0043_265A,
    0x000F_504E,
    0x0063_502A,
];
/// No page shows less than this, in degrees: about 5 km.
const LEAST_DEG: f64 = 0.05;
/// Room around what is drawn, as a share of its size.
const MARGIN: f64 = 0.03;
/// More names than this are not tried.
const MOST_NAMES: usize = 2000;
const TINT: f64 = 0.22;
const GROUND: &str =
    "行政区划据天地图行政区划数据（约 2024 年），经拓扑化简；河流据 GSHHG（WDBII）";

/// The page of some files.
pub fn of_files(
    files: &[&String],
    args: &MapArgs,
    builder: &Builder<'_>,
    warnings: &mut Vec<String>,
) -> anyhow::Result<MapPage> {
    let mut sets = Vec::new();
    for file in files {
        sets.push(data::read(file, &args.read, warnings)?);
    }
    let focus = focus(&sets)?;
    let ground = builder
        .ground_around(focus)
        .context("the ground of the page")?;
    let mut drawings = Vec::new();
    let mut rows = Vec::new();
    for (set, colour) in sets.iter().zip(COLOURS.iter().cycle()) {
        rows.extend(legend(set, Colour::hex(*colour)));
    }
    let mut names = 0;
    // Areas below lines, lines below points.
    for kind in [Kind::Area, Kind::Line, Kind::Point] {
        for (set, colour) in sets.iter_mut().zip(COLOURS.iter().cycle()) {
            let symbol = symbol(kind, Colour::hex(*colour));
            let here = set.items.iter_mut().filter(|item| Kind::of(item) == kind);
            for item in here {
                let named = !item.name.is_empty() && names < MOST_NAMES;
                names += usize::from(named);
                drawings.push(Drawing {
                    geometry: std::mem::replace(
                        &mut item.geometry,
                        Geometry::Point((0.0, 0.0).into()),
                    ),
                    symbol: symbol.clone(),
                    label: named.then(|| Label::new(&std::mem::take(&mut item.name), kind.rank())),
                });
            }
        }
    }
    let border = |level, name| LegendItem::new(Symbol::Border { level }, name);
    let titles: Vec<&str> = sets.iter().map(|set| set.title.as_str()).collect();
    Ok(MapPage {
        title: titles.join("、"),
        subtitle: String::new(),
        citation: String::new(),
        focus,
        ground,
        drawings,
        legend: vec![
            LegendGroup {
                heading: "图例".to_owned(),
                items: rows,
            },
            LegendGroup {
                heading: String::new(),
                items: vec![border(BorderLevel::Province, "省级界线")],
            },
        ],
        inset: None,
        sources: format!(
            "{}；{GROUND}。",
            files
                .iter()
                .map(|file| file.as_str())
                .collect::<Vec<_>>()
                .join("、")
        ),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Area,
    Line,
    Point,
}

impl Kind {
    fn of(item: &Item) -> Self {
        match item.geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => Self::Point,
            Geometry::MultiLineString(_) => Self::Line,
            _ => Self::Area,
        }
    }

    fn rank(self) -> LabelRank {
        match self {
            Self::Area => LabelRank::Member,
            Self::Line => LabelRank::Way,
            Self::Point => LabelRank::Seat,
        }
    }
}

fn symbol(kind: Kind, colour: Colour) -> Symbol {
    match kind {
        Kind::Area => Symbol::Fill {
            paint: Paint::Solid {
                colour,
                opacity: TINT,
            },
            outline: Some(Stroke::solid(colour, 0.3)),
        },
        Kind::Line => Symbol::Line {
            stroke: Stroke::solid(colour, 0.5),
        },
        Kind::Point => Symbol::Node { colour },
    }
}

/// A row for each kind of shape that a file has.
fn legend(set: &Data, colour: Colour) -> Vec<LegendItem> {
    let mut rows = Vec::new();
    for kind in [Kind::Area, Kind::Line, Kind::Point] {
        let count = set
            .items
            .iter()
            .filter(|item| Kind::of(item) == kind)
            .count();
        if count > 0 {
            rows.push(LegendItem {
                count: Some(format!("{count} 个")),
                ..LegendItem::new(symbol(kind, colour), &set.title)
            });
        }
    }
    rows
}

/// What all files together take.
fn focus(sets: &[Data]) -> anyhow::Result<Extent> {
    let boxes = sets
        .iter()
        .flat_map(|set| &set.items)
        .map(|item| item.geometry.bounding_rect());
    let corners = boxes
        .filter_map(identity)
        .flat_map(|b| [(b.min().x, b.min().y), (b.max().x, b.max().y)]);
    let Some(extent) = Extent::around(corners) else {
        bail!("nothing in the files has a position");
    };
    let span = (extent.east - extent.west).max(extent.north - extent.south);
    if extent.east - extent.west > 170.0 || extent.north - extent.south > 120.0 {
        bail!(
            "the files reach from {},{} to {},{} (longitude, latitude), which is more than a page can show; a wrong \
             position, or columns in the wrong order?",
            extent.west,
            extent.south,
            extent.east,
            extent.north
        );
    }
    Ok(extent.grown(((LEAST_DEG - span) / 2.0).max(span * MARGIN)))
}
