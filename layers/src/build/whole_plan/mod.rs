//! Any plan as an atlas: every structure of every kind by general rules, on one sheet a theme.
//!
//! [`themes`] says which kinds share a sheet and what each kind is on a map, [`places`] finds what the members are,
//! [`features`] draws them, [`page`] puts a theme on paper. A name that no place has, or a place without a position,
//! goes to the sheet's list of what is not located; it stops nothing.

mod features;
mod legend;
mod lines;
mod naming;
mod order;
mod page;
mod places;
mod sites;
mod themes;

use std::collections::BTreeSet;

use gazetteer::{Extent, Gazetteer};
use plans::Plan;

use self::features::{Drawn, Maker, Shape};
use self::page::Paper;
use self::places::Finder;
pub use self::themes::{KindLook, kind_look};
use self::themes::{THEMES, TableName, Theme};
use super::{BuildError, Builder};
use crate::map::{Ground, MapPage};
use crate::model::{Feature, GeometryKind, Layer, Table, Unlocated};
use crate::palette;
use crate::style::{Class, LabelStyle, Style};

/// A layer and the page that shows it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The features, and what could not be located.
    pub layer: Layer,
    /// `None` when nothing of the layer is on the map.
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
        sheets(self.gazetteer, plan)
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

fn sheets(gazetteer: &Gazetteer, plan: &Plan) -> Result<Vec<Sheet>, BuildError> {
    let finder = Finder::new(gazetteer, plan);
    let mut by_theme = Vec::new();
    for theme in &THEMES {
        let mut maker = Maker::new(&finder)?;
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
        let page = if made.drawn.is_empty() {
            None
        } else {
            Some(paper.page(theme, &made)?)
        };
        let layer = layer(theme, made.drawn, made.unlocated);
        sheets.push(Sheet { layer, page });
    }
    Ok(sheets)
}

fn layer(theme: &'static Theme, drawn: Vec<Drawn>, unlocated: Vec<Unlocated>) -> Layer {
    let roles = member_classes(&drawn);
    let (mut areas, mut members, mut lines, mut points) = (vec![], vec![], vec![], vec![]);
    for Drawn { feature, shape, .. } in drawn {
        match shape {
            Shape::Area { .. } => areas.push(feature),
            Shape::Member => members.push(feature),
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
                }
            } else {
                by_kind(theme, geometry, &features)
            };
            table(name, geometry, features, style)
        });
    Layer {
        id: theme.id,
        title: theme.title,
        summary: theme.summary,
        tables: tables.collect(),
        unlocated,
    }
}

fn table(
    (id, title): TableName,
    geometry: GeometryKind,
    features: Vec<Feature>,
    style: Style,
) -> Table {
    Table {
        id,
        title,
        geometry,
        features,
        style,
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
    }
}

/// One class for each role, in the order of the plan.
fn member_classes(drawn: &[Drawn]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut seen = BTreeSet::new();
    let members = drawn
        .iter()
        .filter(|drawn| matches!(drawn.shape, Shape::Member));
    for Drawn { feature, .. } in members {
        let role = &feature.properties.roles;
        if seen.insert(role.as_str()) {
            let colour = palette::MEMBER_ROLES[classes.len() % palette::MEMBER_ROLES.len()];
            classes.push(Class {
                value: role.clone(),
                title: role.clone(),
                symbol: page::member_symbol(colour),
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
