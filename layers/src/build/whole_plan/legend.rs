//! The legend of a page: only what is on it.

use std::collections::{BTreeMap, BTreeSet};

use super::features::{Drawing as Made, Drawn, Shape};
use super::page::{CORE, area_symbol, axes, band, site, symbol};
use super::signs::{LineLook, Status, band_mm, line_look, status_of};
use super::themes::{Form, Kind, Theme};
use super::{member_classes, size_by_people};
use crate::map::{Drawing, LegendGroup, LegendItem};
use crate::model::GeometryKind;
use crate::palette;
use crate::style::{BorderLevel, Glyph, Paint, Stroke, Symbol};

/// Roles that a legend has room for.
const MOST_ROLES: usize = 8;
/// Core cities that it names.
const MOST_NAMES: usize = 3;

/// The kinds that are drawn with how many there are, the roles, and the ground.
pub(super) fn legend(theme: &'static Theme, made: &Made, drawings: &[Drawing]) -> Vec<LegendGroup> {
    let mut counts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in &made.drawn {
        counts
            .entry(one.kind.id)
            .or_default()
            .insert(one.feature.structure());
    }
    let kinds = theme.kinds.iter().flat_map(|kind| {
        let shapes = [
            GeometryKind::Polygon,
            GeometryKind::Line,
            GeometryKind::Point,
        ];
        let present = shapes.into_iter().filter(|shape| {
            made.drawn
                .iter()
                .any(|one| one.kind.id == kind.id && geometry_of(&one.shape) == Some(*shape))
                && (*shape == GeometryKind::Line
                    || drawings
                        .iter()
                        .any(|drawing| shows(&drawing.symbol, kind, *shape)))
        });
        let count = counts.get(kind.id).map_or(0, BTreeSet::len);
        let mut present: Vec<GeometryKind> = present.collect();
        present.sort_by_key(|shape| *shape != own_shape(kind));
        let note = (kind.id == CORE).then(|| core_names(made));
        let rows = present
            .into_iter()
            .flat_map(|shape| rows(kind, shape, made, drawings));
        let rows: Vec<(Symbol, String)> = rows.collect();
        rows.into_iter()
            .enumerate()
            .map(move |(index, (symbol, title))| LegendItem {
                count: (index == 0).then(|| format!("{count} 项")),
                note: note.clone().filter(|_| index == 0),
                ..LegendItem::new(symbol, &title)
            })
    });
    let mut groups = vec![LegendGroup {
        heading: "类型".to_owned(),
        items: kinds.collect(),
    }];
    let roles = member_classes(&made.drawn);
    if !roles.is_empty() {
        let items = roles.iter().take(MOST_ROLES);
        groups.push(LegendGroup {
            heading: "成员分工".to_owned(),
            items: items
                .map(|role| LegendItem::new(role.symbol.clone(), &role.title))
                .collect(),
        });
    }
    groups.extend(sizes(made));
    groups.extend(states(made));
    groups.push(LegendGroup {
        heading: String::new(),
        items: signs(drawings),
    });
    groups
}

/// The symbols of a kind and a shape as they are drawn, and what they are called: lines of one kind may look different.
fn rows(
    kind: &Kind,
    shape: GeometryKind,
    made: &Made,
    drawings: &[Drawing],
) -> Vec<(Symbol, String)> {
    let title = kind_title(kind, shape);
    match shape {
        GeometryKind::Polygon => vec![(symbol(kind, shape), title)],
        GeometryKind::Point => {
            let drawn = drawings.iter().map(|drawing| &drawing.symbol);
            let mut sign = drawn.filter_map(|symbol| match symbol {
                Symbol::Sign { radius_mm, .. } => Some(*radius_mm),
                _ => None,
            });
            vec![(
                site(kind, sign.next_back().unwrap_or(Glyph::DISC_MM)),
                title,
            )]
        }
        GeometryKind::Line => {
            if let Some(width_mm) = band_mm(kind, axes(&made.drawn)) {
                return vec![(band(kind, width_mm), title)];
            }
            let mut looks: Vec<(LineLook, Status)> = Vec::new();
            for (_, look, status) in lines(made).filter(|(one, ..)| one.kind.id == kind.id) {
                match looks.iter_mut().find(|(known, _)| *known == look) {
                    Some((_, known)) => *known = status.min(*known),
                    None => looks.push((look, status)),
                }
            }
            let row = |(look, status): (LineLook, Status)| {
                let (stroke, form) = (look.stroke(status), look.form);
                let title = look.title.map_or_else(|| title.clone(), str::to_owned);
                (Symbol::Line { stroke, form }, title)
            };
            looks.into_iter().map(row).collect()
        }
    }
}

/// The lines that are no bands, how they look and how far they are.
fn lines(made: &Made) -> impl Iterator<Item = (&Drawn, LineLook, Status)> {
    let lines = made
        .drawn
        .iter()
        .filter(|one| matches!(one.shape, Shape::Line { .. }) && band_mm(one.kind, 1).is_none());
    lines.map(|one| {
        let status = status_of(one.kind, &one.feature.properties.status);
        (one, line_look(one.kind, &one.label), status)
    })
}

/// What dashes say, when lines have different ones: each in the look that most of its lines have.
fn states(made: &Made) -> Option<LegendGroup> {
    let mut items = Vec::new();
    for status in Status::ALL {
        let mut looks: Vec<(LineLook, usize)> = Vec::new();
        for (_, look, _) in lines(made).filter(|(.., of)| *of == status) {
            match looks.iter_mut().find(|(known, _)| *known == look) {
                Some((_, count)) => *count += 1,
                None => looks.push((look, 1)),
            }
        }
        // Of equals the first.
        let most = looks.iter().rev().max_by_key(|(_, count)| *count);
        items.extend(most.map(|(look, _)| {
            let (stroke, form) = (look.stroke(status), look.form);
            (
                status,
                LegendItem::new(Symbol::Line { stroke, form }, status.title()),
            )
        }));
    }
    if items.iter().all(|(status, _)| *status == Status::Existing) {
        return None;
    }
    Some(LegendGroup {
        heading: "线型（按原文动词）".to_owned(),
        items: items.into_iter().map(|(_, item)| item).collect(),
    })
}

/// Whether a thing on the page is of a kind and a shape: what stands where another does is not drawn twice.
fn shows(symbol: &Symbol, kind: &Kind, shape: GeometryKind) -> bool {
    let colour = kind.colour;
    match (shape, symbol) {
        (GeometryKind::Polygon, Symbol::Fill { paint, outline }) => {
            let filled = match paint {
                Paint::Solid { colour, .. }
                | Paint::Textured { colour, .. }
                | Paint::Hatch { colour } => *colour,
                Paint::Stripes { first, .. } => *first,
            };
            filled == colour
                || outline
                    .as_ref()
                    .is_some_and(|border| border.colour == colour)
        }
        (
            GeometryKind::Point,
            Symbol::Core { colour: ring }
            | Symbol::Node { colour: ring }
            | Symbol::Sign { colour: ring, .. }
            | Symbol::Graduated { colour: ring, .. },
        ) => *ring == colour,
        _ => false,
    }
}

/// What a legend calls a kind; a shape that is not its own is one that its members allow no better.
fn kind_title(kind: &Kind, shape: GeometryKind) -> String {
    match shape {
        shape if shape == own_shape(kind) => kind.title.to_owned(),
        GeometryKind::Polygon => format!("{}（所在区域）", kind.title),
        GeometryKind::Line => format!("{}（沿线）", kind.title),
        GeometryKind::Point => format!("{}（仅知地点）", kind.title),
    }
}

fn own_shape(kind: &Kind) -> GeometryKind {
    match kind.form {
        Form::Area => GeometryKind::Polygon,
        Form::Route | Form::Axis | Form::Link => GeometryKind::Line,
        Form::City | Form::Site => GeometryKind::Point,
    }
}

/// The core cities by name: the rings of their symbol need a row with two lines.
fn core_names(made: &Made) -> String {
    let mut names: Vec<&str> = Vec::new();
    for one in made.drawn.iter().filter(|one| one.kind.id == CORE) {
        if !names.contains(&one.label.as_str()) && names.len() < MOST_NAMES {
            names.push(&one.label);
        }
    }
    names.join("、")
}

fn geometry_of(shape: &Shape) -> Option<GeometryKind> {
    match shape {
        Shape::Area { .. } => Some(GeometryKind::Polygon),
        Shape::Line { .. } => Some(GeometryKind::Line),
        Shape::Point => Some(GeometryKind::Point),
        Shape::Member { .. } => None,
    }
}

/// How large a city is drawn: the least, a middle and the greatest of the printed numbers.
fn sizes(made: &Made) -> Option<LegendGroup> {
    let features = || made.drawn.iter().map(|one| &one.feature);
    let size = size_by_people(features())?;
    let mut people: Vec<f64> = features()
        .filter_map(|feature| feature.properties.population_10k)
        .collect();
    people.sort_by(f64::total_cmp);
    people.dedup();
    let mut shown = vec![
        people[people.len() - 1],
        people[people.len() / 2],
        people[0],
    ];
    shown.dedup();
    let items = shown.into_iter().map(|people| {
        let symbol = Symbol::Graduated {
            colour: palette::INK,
            radius_mm: size.radius_mm(people),
        };
        LegendItem::new(symbol, &format!("{people} 万人"))
    });
    Some(LegendGroup {
        heading: "城市人口".to_owned(),
        items: items.collect(),
    })
}

/// Signs beside the kinds: only those that are on the page.
fn signs(drawings: &[Drawing]) -> Vec<LegendItem> {
    let mut items = Vec::new();
    let colour = palette::INK;
    let any = |is: &dyn Fn(&Symbol) -> bool| drawings.iter().any(|drawing| is(&drawing.symbol));
    if any(
        &|symbol| matches!(symbol, Symbol::Fill { outline: Some(border), .. } if !border.dash_mm.is_empty()),
    ) {
        items.push(LegendItem::new(
            area_symbol(colour, true),
            "只含一部分，范围示意",
        ));
    }
    if any(&|symbol| matches!(symbol, Symbol::Arrow { .. })) {
        let stroke = Stroke::solid(colour, 0.6);
        items.push(LegendItem::new(Symbol::Arrow { stroke }, "箭头：通往图外"));
    }
    if any(&|symbol| *symbol == Symbol::Seat) {
        items.push(LegendItem::new(Symbol::Seat, "线路所经地点"));
    }
    let border = Symbol::Border {
        level: BorderLevel::Province,
    };
    items.push(LegendItem::new(border, "省级界线"));
    items
}
