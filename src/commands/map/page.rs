//! Features of files as a page.

use anyhow::{Context as _, bail};
use gazetteer::Extent;
use geo::{BoundingRect, Geometry, Point};
use layers::map::{Drawing, Ground, Label, LabelRank, Language, LegendGroup, LegendItem, MapPage};
use layers::style::{BorderLevel, Colour, Paint, Stroke, Symbol};
use layers::{Builder, pole_of_inaccessibility};

use super::classes::Palette;
use super::data::{self, Data, Fields, Item};
use super::figures::{Colours, radius_mm, sizes};
use crate::args::{FigureOptions, MapArgs};

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
/// What the small map of where a page is shows.
const LOCATED: Extent = Extent {
    west: 95.0,
    south: 24.0,
    east: 112.0,
    north: 36.0,
};
/// Points that say a figure, where their features have no colour of their own.
const DISC: Colour = Colour::hex(0x002F_6690);
/// No page shows less than this, in degrees: about 5 km.
const LEAST_DEG: f64 = 0.05;
/// Room around what is drawn, as a share of its size.
const MARGIN: f64 = 0.03;
/// More names than this are not tried.
const MOST_NAMES: usize = 2000;
/// Areas that are named in large type, and lines that are named.
const LARGE_NAMES: usize = 40;
const MOST_LINES: usize = 200;
/// In the order in which they are painted.
const KINDS: [Kind; 3] = [Kind::Area, Kind::Line, Kind::Point];
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
    let figures = &args.figures;
    let fields = Fields {
        label: args.read.label.as_deref(),
        by: figures.by.as_deref(),
        size: figures.size_by.as_deref(),
    };
    let read = |file: &str| {
        let mut warnings = Vec::new();
        let set = data::read(file, &args.read, fields, &mut warnings);
        (set, warnings)
    };
    let read: Vec<_> = std::thread::scope(|scope| {
        let readers: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(|| read(file)))
            .collect();
        let done = readers.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut sets = Vec::new();
    for (set, told) in read {
        sets.push(set?);
        warnings.extend(told);
    }
    let focus = focus(&sets)?;
    let ground = if args.page.no_ground {
        Ground::default()
    } else {
        let mut ground = builder
            .ground_around(focus)
            .context("the ground of the page")?;
        // The small map of the two provinces says nothing of other parts of the earth.
        if !focus.intersects(LOCATED) {
            ground.locator.clear();
        }
        ground
    };
    let look = Pictured::new(&sets, figures)?;
    let legend = look.legend(&sets, figures);
    let drawings = look.drawings(&mut sets);
    let titles: Vec<&str> = sets.iter().map(|set| set.title.as_str()).collect();
    let sources: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
    Ok(MapPage {
        title: titles.join("、"),
        subtitle: fields.by.or(fields.size).unwrap_or_default().to_owned(),
        citation: String::new(),
        focus,
        ground,
        drawings,
        legend,
        inset: None,
        sources: format!("{}；{GROUND}。", sources.join("、")),
        language: Language::Chinese,
    })
}

/// How features become pictures.
struct Pictured {
    /// What areas, lines and points are coloured by; by their file when nothing.
    colours: Option<[Colours; 3]>,
    /// How areas and lines are named; `None` for not at all.
    ranks: [Option<LabelRank>; 3],
    /// The greatest figure that points are as large as.
    most: Option<f64>,
}

impl Pictured {
    fn new(sets: &[Data], asked: &FigureOptions) -> anyhow::Result<Self> {
        let items = || sets.iter().flat_map(|set| &set.items);
        let colours = asked.by.as_ref().map(|_| {
            KINDS.map(|kind| {
                Colours::of(
                    items().filter(|item| Kind::of(item) == kind),
                    asked.classes.unwrap_or_default(),
                    asked.palette.unwrap_or(Palette::Warm),
                )
            })
        });
        let ranks = KINDS.map(|kind| {
            let count = items().filter(|item| Kind::of(item) == kind).count();
            kind.rank(count)
        });
        let most = match &asked.size_by {
            None => None,
            Some(field) => {
                let most = items().filter_map(|item| item.size).fold(0.0, f64::max);
                if most <= 0.0 {
                    bail!("--size-by {field}: expected figures above 0");
                }
                Some(most)
            }
        };
        Ok(Self {
            colours,
            ranks,
            most,
        })
    }

    fn symbol(&self, item: &Item, kind: Kind, colour: Colour) -> Symbol {
        match &self.colours {
            Some(colours) => {
                let colours = &colours[kind as usize];
                colours.symbol(colours.class(item), kind)
            }
            None => symbol(kind, colour),
        }
    }

    /// Areas below lines, lines below points; points that say a figure on top.
    fn drawings(&self, sets: &mut [Data]) -> Vec<Drawing> {
        let mut drawings = Vec::new();
        let mut discs = Vec::new();
        let mut tried = 0;
        for kind in KINDS {
            for (set, colour) in sets.iter_mut().zip(COLOURS.iter().cycle()) {
                let colour = Colour::hex(*colour);
                for item in set.items.iter_mut().filter(|item| Kind::of(item) == kind) {
                    let symbol = self.symbol(item, kind, colour);
                    let rank = self.ranks[kind as usize]
                        .filter(|_| !item.name.is_empty() && tried < MOST_NAMES);
                    tried += usize::from(rank.is_some());
                    let name = std::mem::take(&mut item.name);
                    let label = rank.map(|rank| Label::new(&name, rank));
                    let none = Geometry::Point((0.0, 0.0).into());
                    let geometry = std::mem::replace(&mut item.geometry, none);
                    let Some((figure, most, at)) = self.disc(item, &geometry) else {
                        drawings.push(Drawing {
                            geometry,
                            symbol,
                            label,
                        });
                        continue;
                    };
                    let ring = match &symbol {
                        Symbol::Node { colour } => *colour,
                        _ => DISC,
                    };
                    discs.push(Drawing {
                        geometry: at.into(),
                        symbol: Symbol::Graduated {
                            colour: ring,
                            radius_mm: radius_mm(figure, most),
                            dotted: false,
                        },
                        label,
                    });
                    if kind == Kind::Area {
                        drawings.push(Drawing {
                            geometry,
                            symbol,
                            label: None,
                        });
                    }
                }
            }
        }
        drawings.extend(discs);
        drawings
    }

    /// The figure of a feature, the greatest of all, and where its point stands.
    fn disc(&self, item: &Item, geometry: &Geometry<f64>) -> Option<(f64, f64, Point<f64>)> {
        let (figure, most) = (item.size?, self.most?);
        let at = match geometry {
            Geometry::Point(point) => *point,
            Geometry::MultiPolygon(area) => pole_of_inaccessibility(area)?,
            _ => return None,
        };
        Some((figure, most, at))
    }

    fn legend(&self, sets: &[Data], asked: &FigureOptions) -> Vec<LegendGroup> {
        let mut groups = Vec::new();
        let group = |heading: &str, items: Vec<LegendItem>| LegendGroup {
            heading: heading.to_owned(),
            items,
        };
        let all = || sets.iter().flat_map(|set| &set.items);
        if let Some(colours) = &self.colours {
            for kind in KINDS {
                let here: Vec<&Item> = all().filter(|item| Kind::of(item) == kind).collect();
                if !here.is_empty() {
                    let heading = asked.by.as_deref().unwrap_or_default();
                    groups.push(group(heading, colours[kind as usize].legend(&here, kind)));
                }
            }
        } else {
            let rows = sets.iter().zip(COLOURS.iter().cycle());
            let rows = rows.flat_map(|(set, colour)| legend(set, Colour::hex(*colour)));
            groups.push(group("图例", rows.collect()));
        }
        if let (Some(most), Some(field)) = (self.most, &asked.size_by) {
            groups.push(group(field, sizes(most, DISC)));
        }
        let level = BorderLevel::Province;
        let border = LegendItem::new(Symbol::Border { level }, "省级界线");
        groups.push(group("", vec![border]));
        groups
    }
}

/// What a feature is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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

    /// How so many features are named: many areas small, many lines not at all.
    fn rank(self, count: usize) -> Option<LabelRank> {
        match self {
            Self::Area if count <= LARGE_NAMES => Some(LabelRank::Member),
            Self::Area => Some(LabelRank::County),
            Self::Line => (count <= MOST_LINES).then_some(LabelRank::Way),
            Self::Point => Some(LabelRank::Seat),
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
        Kind::Line => Symbol::line(Stroke::solid(colour, 0.5)),
        Kind::Point => Symbol::Node { colour },
    }
}

/// A row for each kind of shape that a file has.
fn legend(set: &Data, colour: Colour) -> Vec<LegendItem> {
    let mut rows = Vec::new();
    for kind in KINDS {
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
        .flatten()
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
