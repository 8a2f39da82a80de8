//! A theme on paper: what is drawn, what is named, and what the legend says, for any plan and any number of things.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gazetteer::{Extent, short_form};
use geo::{ChaikinSmoothing, Coord, Geometry, LineString, Simplify};

use super::super::GROUND_SOURCES;
use super::super::ground::ground_of;
use super::areas::{area_symbol, areas};
use super::features::{Drawing as Made, Drawn, Shape};
use super::focus::{core_of, focus};
use super::legend::legend;
use super::lines::{Node, Spot, bent, spot};
use super::naming::{MOST_NAMES, named};
use super::places::Finder;
use super::signs::{Status, band_colours, band_mm, glyph, line_look, sign_mm, status_of};
use super::themes::{Form, Kind, Theme};
use super::{BuildError, member_classes, size_by_people};
use crate::map::{Drawing, Ground, Inset, Label, LabelRank, Language, MapPage};
use crate::model::{Feature, GeometryKind, Quality};
use crate::style::{Glyph, Stroke, Symbol};

/// Names that are tried on one page.
const MOST_LABELS: usize = 800;
/// How wide a map is, about, and the bends of a river that a band along it does not follow, by its width.
const MAP_MM: f64 = 210.0;
const SWINGS: f64 = 0.8;
/// How often the corners of a known course are cut: a wide line shows them.
const ROUNDS: usize = 2;
/// The kind that is drawn larger than the others.
pub(super) const CORE: &str = "core_city";
/// The kind next to it, and its radius where no figure says another.
const REGIONAL_CENTRE: &str = "regional_center_city";
const REGIONAL_CENTRE_MM: f64 = 1.8;
/// The share of a page's width within which the places of one structure have its name once.
const NEAR_NAMES: f64 = 0.06;

/// The land of a plan, for the pages of its themes.
pub(super) struct Paper<'f, 'a> {
    finder: &'f Finder<'a>,
    /// Where the plan's places lie.
    core: Extent,
    /// Grounds that were made: several themes show the same land.
    grounds: Vec<(Extent, Ground)>,
}

impl<'f, 'a> Paper<'f, 'a> {
    pub(super) fn new<'d>(
        finder: &'f Finder<'a>,
        features: impl Iterator<Item = &'d Feature>,
    ) -> Self {
        Self {
            finder,
            core: core_of(finder.anchors(), features),
            grounds: Vec::new(),
        }
    }

    /// Where the plan's places lie.
    pub(super) fn core(&self) -> Extent {
        self.core
    }

    /// The page of a theme. `made` draws something.
    pub(super) fn page(
        &mut self,
        theme: &'static Theme,
        made: &Made,
    ) -> Result<MapPage, BuildError> {
        let focus = focus(self.core, &made.drawn);
        let mut ground = self.ground(focus)?;
        let drawings = drawings(theme, &made.drawn, focus);
        hide_names(&mut ground, &drawings);
        let plan = self.finder.plan;
        let structures: BTreeSet<&str> = made
            .drawn
            .iter()
            .map(|drawn| drawn.feature.structure())
            .collect();
        let missing = match made.unlocated.len() {
            0 => String::new(),
            count => format!("；另有 {count} 个名称未能定位"),
        };
        Ok(MapPage {
            title: theme.title.to_owned(),
            subtitle: format!("{} 项{missing}", structures.len()),
            citation: format!("《{}》（{}）", plan.short_title, plan.date),
            focus,
            ground,
            legend: legend(theme, made, &drawings),
            drawings,
            inset: Some(Inset::Heaps),
            sources: format!(
                "《{}》；{GROUND_SOURCES}。线路按所经地点连成，走向示意；点位以驻地代表者为示意。",
                plan.short_title
            ),
            language: Language::Chinese,
        })
    }

    /// The ground around a focus.
    pub(super) fn ground(&mut self, focus: Extent) -> Result<Ground, BuildError> {
        if let Some((_, ground)) = self.grounds.iter().find(|(known, _)| *known == focus) {
            return Ok(ground.clone());
        }
        let boundaries = self.finder.gazetteer.boundaries();
        let ground = ground_of(boundaries, focus, &BTreeSet::new(), &self.finder.home())?;
        self.grounds.push((focus, ground.clone()));
        Ok(ground)
    }
}

/// How features of a kind look, by their geometry.
pub(super) fn symbol(kind: &Kind, geometry: GeometryKind) -> Symbol {
    let colour = kind.colour;
    match geometry {
        GeometryKind::Polygon => area_symbol(colour, false),
        GeometryKind::Line => {
            if let Some(width_mm) = band_mm(kind, 1) {
                return band(kind, width_mm);
            }
            let look = line_look(kind, "");
            let (stroke, form) = (look.stroke(Status::Existing), look.form);
            Symbol::Line { stroke, form }
        }
        GeometryKind::Point => site(kind, Glyph::DISC_MM),
    }
}

/// A site of a kind, its sign in a disc of a radius.
pub(super) fn site(kind: &Kind, radius_mm: f64) -> Symbol {
    let colour = kind.colour;
    match glyph(kind) {
        _ if kind.id == CORE => Symbol::Core { colour },
        _ if kind.id == REGIONAL_CENTRE => Symbol::Graduated {
            colour,
            radius_mm: REGIONAL_CENTRE_MM,
            dotted: true,
        },
        Some(glyph) => Symbol::Sign {
            glyph,
            colour,
            radius_mm,
        },
        None => Symbol::Node { colour },
    }
}

/// An axis or a belt.
pub(super) fn band(kind: &Kind, width_mm: f64) -> Symbol {
    let (colour, name_colour) = band_colours(kind);
    if kind.id == "development_axis" {
        Symbol::Axis {
            colour,
            name_colour,
            width_mm,
        }
    } else {
        Symbol::Belt { colour, width_mm }
    }
}

/// Members with roles, then areas, the large ones first, then lines and the places on them, then points.
fn drawings(theme: &Theme, drawn: &[Drawn], focus: Extent) -> Vec<Drawing> {
    let mut drawings = members(drawn);
    drawings.extend(areas(drawn, focus));
    let (lines, nodes) = lines(drawn, focus);
    drawings.extend(lines);
    let (points, named) = points(theme, drawn, focus);
    drawings.extend(
        nodes
            .into_iter()
            .filter(|(at, _)| !named.contains(at))
            .map(|(_, drawing)| drawing),
    );
    drawings.extend(points);
    // Placing a name looks at the others: beyond what a page can hold they are not tried.
    let labelled = drawings
        .iter_mut()
        .filter(|drawing| drawing.label.is_some());
    for drawing in labelled.skip(MOST_LABELS) {
        drawing.label = None;
    }
    drawings
}

fn members(drawn: &[Drawn]) -> Vec<Drawing> {
    let classes = member_classes(drawn).into_iter();
    let symbols: BTreeMap<String, Symbol> =
        classes.map(|class| (class.value, class.symbol)).collect();
    let members = drawn
        .iter()
        .filter(|one| matches!(one.shape, Shape::Member { .. }));
    let mut seen = BTreeSet::new();
    let drawing = |one: &Drawn| {
        let role = &one.feature.properties.roles;
        let symbol = symbols.get(role)?.clone();
        // Two structures may have the same member; it has one name on the map. That of a part is on its hatching.
        let whole = one.feature.properties.quality != Quality::Partial.as_str();
        let name = (whole && seen.insert(one.label.clone()))
            .then(|| Label::new(&one.label, LabelRank::County));
        Some(Drawing {
            geometry: one.feature.geometry.clone(),
            symbol,
            label: name,
        })
    };
    members.filter_map(drawing).collect()
}

/// Lines, those that share a stretch bent apart, and the places on them.
fn lines(drawn: &[Drawn], focus: Extent) -> (Vec<Drawing>, Vec<(Spot, Drawing)>) {
    // Bends of a river that are smaller than a line is wide make it ragged; a band follows its course only.
    let unseen = (focus.east - focus.west) / 800.0;
    let mm = (focus.east - focus.west) / MAP_MM;
    let axes = axes(drawn);
    let mut named_lines: BTreeSet<&str> = BTreeSet::new();
    let mut used: HashMap<(Spot, Spot), usize> = HashMap::new();
    let mut lines = Vec::new();
    let mut nodes: BTreeMap<Spot, Drawing> = BTreeMap::new();
    for one in drawn {
        let (Shape::Line { nodes: stops }, Geometry::LineString(line)) =
            (&one.shape, &one.feature.geometry)
        else {
            continue;
        };
        // The course of a river is not of our making.
        let schematic = line.0.len() == stops.len();
        let look = line_look(one.kind, &one.label);
        let (line, symbol, rank, colour) = if let Some(width_mm) = band_mm(one.kind, axes) {
            let line = if schematic {
                bent_apart(line, &mut used)
            } else {
                line.simplify(width_mm * SWINGS * mm)
            };
            (
                line,
                band(one.kind, width_mm),
                LabelRank::Axis,
                band_colours(one.kind).1,
            )
        } else {
            let line = if schematic {
                bent_apart(line, &mut used)
            } else {
                line.simplify(unseen).chaikin_smoothing(ROUNDS)
            };
            let stroke = look.stroke(status_of(one.kind, &one.feature.properties.status));
            let (line, symbol) = if leads_away(one.kind) {
                outward(line, stroke, focus)
            } else {
                let form = look.form;
                (line, Symbol::Line { stroke, form })
            };
            (line, symbol, LabelRank::Way, look.colour)
        };
        lines.push(Drawing {
            geometry: Geometry::LineString(line),
            symbol,
            // The lines of one structure have its name once, rivers their own where no other line says it.
            label: (!is_told(one, drawn) && named_lines.insert(&one.label))
                .then(|| named(&[&one.label], rank, colour)),
        });
        for node in stops {
            let at = spot(node.at.lon(), node.at.lat());
            nodes.entry(at).or_insert_with(|| seat(node));
        }
    }
    (lines, nodes.into_iter().collect())
}

/// Whether a line is one of several rivers of a structure, so that its name is the river's, and another line has a longer name
/// that begins with it: 岷江 and 岷江生态廊道.
fn is_told(one: &Drawn, drawn: &[Drawn]) -> bool {
    let river = one.feature.id.split_once('/').map(|(_, river)| river);
    if river != Some(&one.label) {
        return false;
    }
    let mut lines = drawn
        .iter()
        .filter(|other| matches!(other.shape, Shape::Line { .. }));
    lines.any(|other| {
        let rest = other.label.strip_prefix(one.label.as_str());
        rest.is_some_and(|rest| !rest.is_empty())
    })
}

/// How many axes and belts there are.
pub(super) fn axes(drawn: &[Drawn]) -> usize {
    let lines = drawn
        .iter()
        .filter(|one| matches!(one.shape, Shape::Line { .. }) && band_mm(one.kind, 1).is_some());
    lines.count()
}

/// Whether lines of a kind say where something leads, not where it runs.
fn leads_away(kind: &Kind) -> bool {
    kind.form == Form::Link || kind.id == "opening_channel"
}

/// The line as an arrow to its far end where that lies beyond the map; a line within the map as it is.
fn outward(mut line: LineString<f64>, stroke: Stroke, focus: Extent) -> (LineString<f64>, Symbol) {
    let beyond = |end: Option<&Coord<f64>>| {
        end.is_some_and(|p| {
            let (west, east) = (p.x < focus.west, p.x > focus.east);
            west || east || p.y < focus.south || p.y > focus.north
        })
    };
    match (beyond(line.0.first()), beyond(line.0.last())) {
        (false, false) => return (line, Symbol::line(stroke)),
        (true, false) => line.0.reverse(),
        _ => {}
    }
    (line, Symbol::Arrow { stroke })
}

fn seat(node: &Node) -> Drawing {
    Drawing {
        geometry: Geometry::Point(node.at.to_point()),
        symbol: Symbol::Seat,
        label: Some(Label::new(&node.label, LabelRank::County)),
    }
}

/// The line, each stretch that others use already bent to one side: the first time left, then right, then farther.
fn bent_apart(line: &LineString<f64>, used: &mut HashMap<(Spot, Spot), usize>) -> LineString<f64> {
    const STEP: f64 = 0.07;
    const MOST: usize = 8;
    let bends: Vec<f64> = line
        .0
        .windows(2)
        .map(|pair| {
            let (a, b) = (spot(pair[0].x, pair[0].y), spot(pair[1].x, pair[1].y));
            let times = used.entry((a.min(b), a.max(b))).or_default();
            let place = (*times).min(MOST);
            *times += 1;
            let farther = f64::from(u32::try_from(place.div_ceil(2)).unwrap_or(0)) * STEP;
            // The side does not depend on the direction in which a line is written.
            let left = (place % 2 == 1) == (a < b);
            if left { farther } else { -farther }
        })
        .collect();
    bent(line, &bends)
}

/// Points, those at one position as one with all their names; and where they are.
fn points(theme: &Theme, drawn: &[Drawn], focus: Extent) -> (Vec<Drawing>, BTreeSet<Spot>) {
    let mut groups: BTreeMap<Spot, Vec<&Drawn>> = BTreeMap::new();
    for one in drawn {
        if let Geometry::Point(at) = &one.feature.geometry {
            groups.entry(spot(at.x(), at.y())).or_default().push(one);
        }
    }
    let size = size_by_people(drawn.iter().map(|one| &one.feature));
    let sign_mm = sign_mm(groups.len());
    let near = (focus.east - focus.west) * NEAR_NAMES;
    let mut printed = BTreeMap::new();
    let mut drawings = Vec::new();
    for group in groups.values() {
        // The kind that comes first in the theme gives the symbol: a city has its highest rank.
        let first = group.iter().min_by_key(|one| {
            let rank = theme.kinds.iter().position(|kind| kind.id == one.kind.id);
            (one.kind.form != Form::City, rank)
        });
        let Some(first) = first else { continue };
        let people = group
            .iter()
            .filter_map(|one| one.feature.properties.population_10k)
            .max_by(f64::total_cmp);
        let symbol = match (site(first.kind, sign_mm), size.zip(people)) {
            (Symbol::Node { colour }, Some((size, people))) => Symbol::Graduated {
                colour,
                radius_mm: size.radius_mm(people),
                dotted: false,
            },
            (Symbol::Graduated { colour, dotted, .. }, Some((size, people))) => Symbol::Graduated {
                colour,
                radius_mm: size.radius_mm(people),
                dotted,
            },
            (plain, _) => plain,
        };
        let mut names: Vec<&str> = Vec::new();
        for one in group {
            if named_near(&mut printed, one, near) {
                continue;
            }
            if !names.contains(&one.label.as_str()) && names.len() <= MOST_NAMES {
                names.push(&one.label);
            }
        }
        let rank = match (first.kind.form, first.kind.id) {
            (Form::City, CORE) => LabelRank::Core,
            (Form::City, _) => LabelRank::Node,
            _ => LabelRank::Seat,
        };
        drawings.push(Drawing {
            geometry: first.feature.geometry.clone(),
            symbol,
            label: (!names.is_empty()).then(|| named(&names, rank, first.kind.colour)),
        });
    }
    (drawings, groups.into_keys().collect())
}

/// Whether a structure that lies at several places has its name at one of them close by; else it gets it here.
fn named_near<'d>(
    printed: &mut BTreeMap<(&'d str, &'d str), Vec<Coord<f64>>>,
    one: &'d Drawn,
    near: f64,
) -> bool {
    let Geometry::Point(here) = &one.feature.geometry else {
        return false;
    };
    let others = printed
        .entry((one.feature.structure(), &one.label))
        .or_default();
    let close = |at: &Coord<f64>| (at.x - here.x()).abs().max((at.y - here.y()).abs()) < near;
    if others.iter().any(close) {
        return true;
    }
    others.push(here.0);
    false
}

/// Names that the theme prints are not printed again by the ground.
fn hide_names(ground: &mut Ground, drawings: &[Drawing]) {
    let labels = drawings.iter().filter_map(|drawing| drawing.label.as_ref());
    let printed: BTreeSet<&str> = labels
        .flat_map(|label| label.text.split('\n'))
        .map(short_form)
        .collect();
    for area in &mut ground.areas {
        area.named &= !printed.contains(short_form(&area.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_through_the_same_places_lie_apart() {
        let line = LineString::from(vec![(104.0, 30.0), (106.0, 29.0)]);
        let back = LineString::from(vec![(106.0, 29.0), (104.0, 30.0)]);
        let mut used = HashMap::new();
        let drawn = [&line, &back, &line, &back].map(|line| bent_apart(line, &mut used));
        let middle = |line: &LineString<f64>| {
            let middle = line.0[line.0.len() / 2];
            (middle.x * 1e3).round() + (middle.y * 1e3).round() * 1e6
        };
        let mut middles = drawn.iter().skip(1).map(middle).collect::<Vec<_>>();
        assert_eq!(drawn[0], line);
        middles.sort_by(f64::total_cmp);
        middles.dedup();
        assert_eq!(middles.len(), 3);
    }
}
