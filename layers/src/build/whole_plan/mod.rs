//! Any plan as an atlas: every structure of every kind by general rules, on one sheet a theme.
//!
//! [`themes`] says which kinds share a sheet and what each kind is on a map, [`places`] finds what the members are,
//! [`features`] draws them, [`page`] puts a theme on paper. A name that no place has, or a place without a position,
//! goes to the sheet's list of what is not located; it stops nothing.

mod areas;
mod features;
mod focus;
mod legend;
mod line_classes;
mod lines;
mod naming;
mod order;
mod page;
mod places;
mod signs;
mod sites;
mod themes;

use std::collections::BTreeSet;

use gazetteer::Extent;
use plans::Plan;

use self::features::{Drawing, Drawn, Maker, Shape};
use self::page::Paper;
use self::places::Finder;
pub use self::themes::{KindLook, kind_look, kind_title};
use self::themes::{THEMES, Theme};
use super::{BuildError, Builder};
use crate::map::{Ground, MapPage};
use crate::model::{Feature, GeometryKind, Layer, Table};
use crate::palette;
use crate::style::{Class, LabelStyle, SizeBy, Style};

/// A layer and the page that shows it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The features, and what could not be located.
    pub layer: Layer,
    /// `None` when nothing of the layer is on the map, or no pages were asked for.
    pub page: Option<MapPage>,
}

impl Builder<'_> {
    /// Every structure of a plan, on one sheet for each theme that the plan speaks of, in a fixed order of themes.
    ///
    /// Names are resolved as of the plan's date; of namesakes the one near the plan's other places is taken.
    ///
    /// # Errors
    /// When data that comes with the program is damaged. What cannot be located is no error.
    pub fn sheets(&self, plan: &Plan) -> Result<Vec<Sheet>, BuildError> {
        sheets(self, plan, &Naming::default(), Pages::Drawn)
    }

    /// The sheets of a plan for an atlas of several: identifiers begin with that of the plan, titles with its title.
    pub(super) fn sheets_among_others(
        &self,
        plan: &Plan,
        pages: Pages,
    ) -> Result<Vec<Sheet>, BuildError> {
        let naming = Naming {
            id: format!("{}-", plan.id),
            title: format!("{}·", plan.short_title),
        };
        sheets(self, plan, &naming, pages)
    }

    /// The land of a plan: what holds its places, and the borders and rivers there.
    ///
    /// # Errors
    /// When data that comes with the program is damaged.
    pub fn land(&self, plan: &Plan) -> Result<Land, BuildError> {
        let finder = Finder::new(self.gazetteer, plan);
        let mut paper = Paper::new(&finder, std::iter::empty());
        let focus = paper.core();
        let ground = paper.ground(focus)?;
        Ok(Land { focus, ground })
    }
}

/// Whether sheets get their pages: what only asks the features needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// With the page that shows each.
    Drawn,
    /// Features only.
    None,
}

/// The identifier of the theme that has an identifier or title.
pub(super) fn theme_named(name: &str) -> Option<&'static str> {
    let mut themes = THEMES.iter();
    themes
        .find(|theme| theme.id == name || theme.title == name)
        .map(|theme| theme.id)
}

/// What stands before the identifiers and titles of the layers of a plan.
#[derive(Debug, Default)]
struct Naming {
    id: String,
    title: String,
}

/// Where a plan lies.
#[derive(Debug, Clone)]
pub struct Land {
    /// What holds its places.
    pub focus: Extent,
    /// Borders and rivers there.
    pub ground: Ground,
}

impl Feature {
    /// The identifier of the structure that made it: of one of several features of a structure, what stands before `/`.
    #[must_use]
    pub fn structure(&self) -> &str {
        self.id.split('/').next().unwrap_or(&self.id)
    }
}

fn sheets(
    builder: &Builder<'_>,
    plan: &Plan,
    naming: &Naming,
    pages: Pages,
) -> Result<Vec<Sheet>, BuildError> {
    let finder = Finder::new(builder.gazetteer, plan);
    let mut by_theme = Vec::new();
    for theme in &THEMES {
        let mut maker = Maker::new(builder, &finder)?;
        for structure in &plan.structures {
            let kind = theme.kinds.iter().find(|kind| kind.id == structure.kind);
            if let Some(kind) = kind {
                maker.add(kind, structure)?;
            }
        }
        by_theme.push((theme, maker.made));
    }
    let all = by_theme.iter().flat_map(|(_, made)| &made.drawn);
    let mut paper = Paper::new(&finder, all.map(|drawn| &drawn.feature));
    let mut sheets = Vec::new();
    for (theme, made) in by_theme {
        if made.drawn.is_empty() && made.unlocated.is_empty() {
            continue;
        }
        let page = if made.drawn.is_empty() || pages == Pages::None {
            None
        } else {
            Some(paper.page(theme, &made)?)
        };
        let layer = layer(theme, naming, made);
        sheets.push(Sheet { layer, page });
    }
    Ok(sheets)
}

fn layer(theme: &'static Theme, naming: &Naming, made: Drawing) -> Layer {
    let Drawing { drawn, unlocated } = made;
    let roles = member_classes(&drawn);
    let (mut areas, mut members, mut lines, mut points) = (vec![], vec![], vec![], vec![]);
    let is_line = |one: &&Drawn| matches!(one.shape, Shape::Line { .. });
    let line_classes = line_classes::classes(theme, drawn.iter().filter(is_line));
    for mut one in drawn {
        if is_line(&&one) {
            one.feature.properties.line_class = line_classes::value(theme, &one);
        }
        let Drawn { feature, shape, .. } = one;
        match shape {
            Shape::Area { .. } => areas.push(feature),
            Shape::Member { .. } => members.push(feature),
            Shape::Line { .. } => lines.push(feature),
            Shape::Point => points.push(feature),
        }
    }
    // Largest first, so that in programs that draw in file order the small ones lie on top.
    let size = |feature: &Feature| feature.properties.area_km2.unwrap_or_default();
    areas.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let tables = [
        (theme.areas, GeometryKind::Polygon, areas),
        (theme.members, GeometryKind::Polygon, members),
        (theme.lines, GeometryKind::Line, lines),
        (theme.points, GeometryKind::Point, points),
    ];
    let tables = tables
        .into_iter()
        .filter(|(.., features)| !features.is_empty())
        .map(|(name, geometry, features)| {
            let style = if name == theme.members {
                Style {
                    field: Some("roles"),
                    classes: roles.clone(),
                    label: Some(NAMES),
                    size: None,
                }
            } else if name == theme.lines {
                Style {
                    field: Some("line_class"),
                    classes: line_classes.clone(),
                    label: Some(NAMES),
                    size: None,
                }
            } else {
                by_kind(theme, geometry, &features)
            };
            Table {
                id: format!("{}{}", naming.id, name.0),
                title: format!("{}{}", naming.title, name.1),
                geometry,
                features,
                style,
            }
        });
    Layer {
        id: format!("{}{}", naming.id, theme.id),
        title: format!("{}{}", naming.title, theme.title),
        summary: theme.summary.to_owned(),
        tables: tables.collect(),
        unlocated,
    }
}

/// One class for each kind that is present.
fn by_kind(theme: &'static Theme, geometry: GeometryKind, features: &[Feature]) -> Style {
    let present = theme.kinds.iter().filter(|kind| {
        features
            .iter()
            .any(|feature| feature.properties.kind == kind.id)
    });
    let classes = present.map(|kind| Class {
        value: kind.id.to_owned(),
        title: kind.title.to_owned(),
        symbol: page::symbol(kind, geometry),
    });
    Style {
        field: Some("kind"),
        classes: classes.collect(),
        label: Some(NAMES),
        size: (geometry == GeometryKind::Point)
            .then(|| size_by_people(features.iter()))
            .flatten(),
    }
}

/// Cities as large as the people that the plan prints for them, if it does for any.
fn size_by_people<'f>(features: impl Iterator<Item = &'f Feature>) -> Option<SizeBy> {
    let people = features.filter_map(|feature| feature.properties.population_10k);
    let most = people.max_by(f64::total_cmp)?;
    Some(SizeBy {
        field: "population_10k",
        most,
    })
}

/// One class for each role, in the order of the plan.
fn member_classes(drawn: &[Drawn]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut seen = BTreeSet::new();
    let members = drawn
        .iter()
        .filter(|drawn| matches!(drawn.shape, Shape::Member { .. }));
    for Drawn { feature, .. } in members {
        let role = &feature.properties.roles;
        if seen.insert(role.as_str()) {
            let colour = palette::MEMBER_ROLES[classes.len() % palette::MEMBER_ROLES.len()];
            classes.push(Class {
                value: role.clone(),
                title: role.clone(),
                symbol: areas::member_symbol(colour),
            });
        }
    }
    classes
}

/// How names are written in QGIS.
const NAMES: LabelStyle = LabelStyle {
    size_pt: 8.0,
    bold: false,
    colour: palette::INK,
};
