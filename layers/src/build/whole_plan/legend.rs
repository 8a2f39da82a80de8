//! The legend of a page: only what is on it.

use std::collections::BTreeSet;

use super::areas::{AreaForm, area_form, area_symbol, bordered, strength};
use super::features::{Drawing as Made, Drawn, Shape};
use super::page::{CORE, axes, band, site, symbol};
use super::signs::{LineLook, Status, band_mm, line_look, status_of, tells_status};
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

/// A row of a kind: how it is drawn, what it is called, and the structures that are drawn so.
struct Row<'d> {
    symbol: Symbol,
    title: String,
    structures: BTreeSet<&'d str>,
    /// How many signs stand for them, where several may share one.
    signs: Option<usize>,
}

impl Row<'_> {
    /// How many the plan has, and at how many places of the map they are when these are fewer.
    fn count(&self) -> String {
        let count = self.structures.len();
        match self.signs {
            Some(signs) if signs < count => format!("{count} 项，{signs} 处"),
            _ => format!("{count} 项"),
        }
    }
}

/// The kinds that are drawn with how many there are, the roles, and the ground.
pub(super) fn legend(theme: &'static Theme, made: &Made, drawings: &[Drawing]) -> Vec<LegendGroup> {
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
        let mut present: Vec<GeometryKind> = present.collect();
        present.sort_by_key(|shape| *shape != own_shape(kind));
        let note = (kind.id == CORE).then(|| core_names(made));
        let rows = present
            .into_iter()
            .flat_map(|shape| rows(kind, shape, made, drawings));
        let rows: Vec<Row<'_>> = rows.collect();
        rows.into_iter()
            .enumerate()
            .map(move |(index, row)| LegendItem {
                count: Some(row.count()),
                note: note.clone().filter(|_| index == 0),
                ..LegendItem::new(row.symbol, &row.title)
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

/// A kind in one shape as it is drawn: lines of one kind may look different.
fn rows<'d>(
    kind: &Kind,
    shape: GeometryKind,
    made: &'d Made,
    drawings: &[Drawing],
) -> Vec<Row<'d>> {
    let title = kind_title(kind, shape);
    let of_kind = made
        .drawn
        .iter()
        .filter(|one| one.kind.id == kind.id && geometry_of(&one.shape) == Some(shape));
    let structures = of_kind.map(|one| one.feature.structure()).collect();
    let shown = || {
        let symbols = drawings.iter().map(|drawing| &drawing.symbol);
        symbols.filter(|symbol| shows(symbol, kind, shape))
    };
    match shape {
        GeometryKind::Polygon => {
            // What most of its areas are: those that are not explain themselves by their border.
            let symbol = shown().max_by(|a, b| strength(a).total_cmp(&strength(b)));
            let symbol = symbol.cloned();
            vec![Row {
                symbol: symbol.unwrap_or_else(|| self::symbol(kind, shape)),
                title,
                structures,
                signs: None,
            }]
        }
        GeometryKind::Point => {
            let mut sign = shown().filter_map(|symbol| match symbol {
                Symbol::Sign { radius_mm, .. } => Some(*radius_mm),
                _ => None,
            });
            vec![Row {
                symbol: site(kind, sign.next().unwrap_or(Glyph::DISC_MM)),
                title,
                structures,
                signs: Some(shown().count()),
            }]
        }
        GeometryKind::Line => {
            if let Some(width_mm) = band_mm(kind, axes(&made.drawn)) {
                return vec![Row {
                    symbol: band(kind, width_mm),
                    title,
                    structures,
                    signs: None,
                }];
            }
            let mut looks: Vec<(LineLook, Status, BTreeSet<&str>)> = Vec::new();
            for (one, look, status) in lines(made).filter(|(one, ..)| one.kind.id == kind.id) {
                let structure = one.feature.structure();
                match looks.iter_mut().find(|(known, ..)| *known == look) {
                    Some((_, known, structures)) => {
                        *known = status.min(*known);
                        structures.insert(structure);
                    }
                    None => looks.push((look, status, BTreeSet::from([structure]))),
                }
            }
            let row = |(look, status, structures): (LineLook, Status, _)| {
                let (stroke, form) = (look.stroke(status), look.form);
                Row {
                    symbol: Symbol::Line { stroke, form },
                    title: look.title.map_or_else(|| title.clone(), str::to_owned),
                    structures,
                    signs: None,
                }
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
        let told =
            lines(made).filter(|(one, _, of)| *of == status && tells_status(one.kind, status));
        for (_, look, _) in told {
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
            dotted: false,
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
    let of_forms = |form: AreaForm| {
        drawings
            .iter()
            .any(|drawing| area_form(&drawing.symbol) == Some(form))
    };
    let filled = of_forms(AreaForm::Filled) || of_forms(AreaForm::Hatched);
    if filled && of_forms(AreaForm::Bordered) {
        let border = bordered(area_symbol(colour, false));
        items.push(LegendItem::new(border, "范围大，只画界线"));
    }
    let hatched = of_forms(AreaForm::Hatched);
    if hatched {
        items.push(LegendItem::new(
            area_symbol(colour, true),
            "只含一部分，范围示意",
        ));
    }
    if of_forms(AreaForm::Dashed) {
        let title = if hatched {
            "只含一部分，只画界线"
        } else {
            "只含一部分，范围示意"
        };
        items.push(LegendItem::new(bordered(area_symbol(colour, true)), title));
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
