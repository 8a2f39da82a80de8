//! Builders: from structures of the catalogue to features.

mod atlas;
mod axis;
mod changes;
mod ground;
mod ground_tables;
mod locator;
mod metropolitan;
mod platforms;
mod whole_plan;

pub use whole_plan::{KindLook, Land, Pages, Sheet, kind_look, kind_title};

use gazetteer::{
    BoundaryError, Extent, Gazetteer, GazetteerError, LonLat, Match, TableError, Unit, area_m2,
};
use geo::{BoundingRect, MultiPolygon, Point};
use plans::{Catalogue, CatalogueError, Member, Plan, PlanTexts, Structure, UnknownPlace};

use crate::map::MapPage;
use crate::model::{Feature, Layer, PlanReference, Properties, Quality, Unlocated};
use crate::sources;

/// Why a layer cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No such layer.
    #[error(
        "no layer named `{name}`; expected one that `yutu layers` lists ({known}, …), a plan or a theme"
    )]
    UnknownLayer {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The catalogue does not hold what the layer shows.
    #[error("the catalogue has no structure `{structure}` in plan `{plan}`")]
    MissingStructure {
        /// The plan.
        plan: &'static str,
        /// The structure.
        structure: String,
    },
    /// A member that has no area, in a layer of areas.
    #[error("plan `{plan}`, structure `{structure}`: `{name}` has no area of whole units")]
    NoArea {
        /// The plan.
        plan: String,
        /// The structure.
        structure: String,
        /// The member.
        name: String,
    },
    /// A place without a position, where a layer draws a point.
    #[error("plan `{plan}`, structure `{structure}`: `{name}` has no position{reason}")]
    NoPosition {
        /// The plan.
        plan: String,
        /// The structure.
        structure: String,
        /// The place.
        name: String,
        /// Why, after a colon.
        reason: String,
    },
    /// A name that no place has.
    #[error(transparent)]
    UnknownPlace(#[from] UnknownPlace),
    /// The catalogue does not read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The gazetteer does not open.
    #[error(transparent)]
    Gazetteer(#[from] GazetteerError),
    /// The boundaries are damaged.
    #[error(transparent)]
    Boundaries(#[from] BoundaryError),
    /// A table is damaged.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A layer that can be built: its name, and the two functions that make it.
pub struct LayerDefinition {
    /// Identifier in file names and on the command line.
    pub id: &'static str,
    /// Chinese title.
    pub title: &'static str,
    build: fn(&Builder<'_>) -> Result<Layer, BuildError>,
    map: fn(&Builder<'_>) -> Result<MapPage, BuildError>,
}

/// Every layer, in the order of the atlas.
pub const DEFINITIONS: [LayerDefinition; 3] = [
    LayerDefinition {
        id: metropolitan::ID,
        title: metropolitan::TITLE,
        build: metropolitan::layer,
        map: metropolitan::map,
    },
    LayerDefinition {
        id: platforms::ID,
        title: platforms::TITLE,
        build: platforms::layer,
        map: platforms::map,
    },
    LayerDefinition {
        id: axis::ID,
        title: axis::TITLE,
        build: axis::layer,
        map: axis::map,
    },
];

impl LayerDefinition {
    /// Builds the layer's features.
    ///
    /// # Errors
    /// When the catalogue names what the gazetteer does not have.
    pub fn build(&self, builder: &Builder<'_>) -> Result<Layer, BuildError> {
        (self.build)(builder)
    }

    /// Builds the page that shows the layer, with its ground.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn map(&self, builder: &Builder<'_>) -> Result<MapPage, BuildError> {
        (self.map)(builder)
    }
}

/// What builders work with.
#[derive(Debug, Clone, Copy)]
pub struct Builder<'a> {
    gazetteer: &'a Gazetteer,
    catalogue: &'a Catalogue,
    texts: Option<&'a PlanTexts>,
}

/// A place of a plan and the point that stands for it.
struct Located<'g> {
    found: Match<'g>,
    position: LonLat,
}

/// A member of a structure with the units it stands for.
struct Area<'g> {
    matches: Vec<Match<'g>>,
    units: Vec<Unit<'static>>,
    geometry: MultiPolygon<f64>,
}

impl<'a> Builder<'a> {
    /// A builder on a gazetteer and a catalogue.
    #[must_use]
    pub fn new(gazetteer: &'a Gazetteer, catalogue: &'a Catalogue) -> Self {
        Self {
            gazetteer,
            catalogue,
            texts: None,
        }
    }

    /// The same, with the texts of the plans: each feature of [`Self::atlas`] and [`Self::chosen`] then carries its sentence.
    #[must_use]
    pub fn with_texts(self, texts: &'a PlanTexts) -> Self {
        Self {
            texts: Some(texts),
            ..self
        }
    }

    /// The plans, as layers cite them.
    #[must_use]
    pub fn plans(&self) -> Vec<PlanReference> {
        self.catalogue
            .plans()
            .iter()
            .map(|plan| PlanReference {
                id: plan.id.clone(),
                title: plan.title.clone(),
                number: plan.number.clone(),
                issuer: plan.issuer.clone(),
                date: plan.date.to_string(),
                horizon: plan.horizon.clone(),
            })
            .collect()
    }

    /// A place with the point that stands for it.
    fn located(
        plan: &Plan,
        structure: &Structure,
        found: Match<'a>,
    ) -> Result<Located<'a>, BuildError> {
        let Some(position) = found.place.position else {
            return Err(BuildError::NoPosition {
                plan: plan.id.clone(),
                structure: structure.id.clone(),
                name: found.name.clone(),
                reason: match found.place.unlocated {
                    "" => String::new(),
                    reason => format!(": {reason}"),
                },
            });
        };
        Ok(Located { found, position })
    }

    fn plan(&self, id: &'static str) -> Result<&'a Plan, BuildError> {
        let missing = || BuildError::MissingStructure {
            plan: id,
            structure: "(any)".to_owned(),
        };
        self.catalogue.plan(id).ok_or_else(missing)
    }

    fn structure(
        &self,
        plan: &'static str,
        id: &str,
    ) -> Result<(&'a Plan, &'a Structure), BuildError> {
        let found = self.plan(plan)?;
        let missing = || BuildError::MissingStructure {
            plan,
            structure: id.to_owned(),
        };
        Ok((found, found.structure(id).ok_or_else(missing)?))
    }

    /// The area of members together. Places that are points inside it add nothing.
    fn area(
        &self,
        plan: &Plan,
        structure: &Structure,
        members: &[&Member],
    ) -> Result<Area<'a>, BuildError> {
        let mut matches = Vec::new();
        let mut units: Vec<Unit<'static>> = Vec::new();
        for member in members {
            let places = plan.resolve(self.gazetteer, structure, member)?;
            let before = units.len();
            for found in &places {
                units.extend(self.gazetteer.units_of(&found.place));
            }
            if units.len() == before {
                return Err(BuildError::NoArea {
                    plan: plan.id.clone(),
                    structure: structure.id.clone(),
                    name: member.name.clone(),
                });
            }
            matches.extend(places);
        }
        units.sort_by_key(|unit| unit.code);
        units.dedup_by_key(|unit| unit.code);
        let geometry = self.gazetteer.boundaries().union(&units)?;
        Ok(Area {
            matches,
            units,
            geometry,
        })
    }

    /// Where other plans speak of the same structure: plan and article.
    fn also(&self, plan: &Plan, structure: &Structure) -> String {
        let others = self
            .catalogue
            .plans()
            .iter()
            .filter(|other| other.id != plan.id);
        let said = others.filter_map(|other| {
            let same = other.structure(&structure.id)?;
            Some(format!("《{}》{}", other.short_title, same.article))
        });
        said.collect::<Vec<_>>().join("；")
    }
}

/// The properties of a feature that stands for a whole structure.
fn cited(plan: &Plan, structure: &Structure, quality: Quality, quality_note: &str) -> Properties {
    Properties {
        members: join(structure.all_members()),
        ..said(plan, structure, quality, quality_note)
    }
}

/// The properties that every feature of a structure shares; a structure of many features has its members in none.
fn said(plan: &Plan, structure: &Structure, quality: Quality, quality_note: &str) -> Properties {
    Properties {
        name: structure.map_name().to_owned(),
        kind: structure.kind.clone(),
        plan: plan.id.clone(),
        plan_title: plan.title.clone(),
        date: plan.date.to_string(),
        article: structure.article.clone(),
        status: structure.status.clone(),
        theme: structure.theme.clone(),
        horizon: plan.horizon.clone().unwrap_or_default(),
        figures: figures(structure),
        population_10k: population_10k(structure),
        quality: quality.as_str(),
        quality_note: quality_note.to_owned(),
        sources: sources::BOUNDARIES.origin.to_owned(),
        ..Properties::default()
    }
}

/// The people of a city, as the plan prints them or as they are once a lost decimal point is put back.
fn population_10k(structure: &Structure) -> Option<f64> {
    let people = structure
        .figures
        .iter()
        .find(|figure| figure.name.contains("城市人口"))?;
    match people.unit.as_str() {
        "万人" => Some(people.value),
        "人" => Some(people.value / 1e4),
        _ => None,
    }
}

/// The figures of a structure in one line: 面积 18.5万平方公里（原文“185万平方公里”）.
fn figures(structure: &Structure) -> String {
    let figures = structure.figures.iter().map(|figure| {
        let value = format!("{}{}", figure.value, figure.unit);
        let plain: String = figure
            .printed
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        if figure.printed.is_empty() || plain.contains(&value) {
            format!("{} {value}", figure.name)
        } else {
            format!("{} {value}（原文“{}”）", figure.name, figure.printed)
        }
    });
    figures.collect::<Vec<_>>().join("；")
}

fn join<'m>(members: impl Iterator<Item = &'m Member>) -> String {
    members
        .map(|member| member.name.as_str())
        .collect::<Vec<_>>()
        .join("、")
}

/// What every page says of its ground.
const GROUND_SOURCES: &str = "行政区划据天地图行政区划数据（约 2024 年），经拓扑化简；河流据 GSHHG（WDBII）；驻地据 GeoNames 与手工录入";

/// The box around features.
pub(crate) fn extent_of(features: &[Feature]) -> Option<Extent> {
    let boxes = features
        .iter()
        .filter_map(|feature| feature.geometry.bounding_rect());
    Extent::around(boxes.flat_map(|b| [(b.min().x, b.min().y), (b.max().x, b.max().y)]))
}

/// The part of a name before its brackets: what a map prints.
fn plain(name: &str) -> &str {
    name.split('（').next().unwrap_or(name)
}

/// Square kilometres on the ellipsoid, rounded to a hundredth.
fn area_km2(area: &MultiPolygon<f64>) -> f64 {
    (area_m2(area) / 1e4).round() / 1e2
}

fn area_feature(id: String, area: MultiPolygon<f64>, mut properties: Properties) -> Feature {
    properties.area_km2 = Some(area_km2(&area));
    Feature::new(id, area, properties)
}

fn point_feature(id: String, point: Point<f64>, properties: Properties) -> Feature {
    Feature::new(id, point, properties)
}

fn unlocated(plan: &Plan, structure: &Structure) -> Option<Unlocated> {
    Some(Unlocated {
        name: structure.name.clone(),
        kind: structure.kind.clone(),
        plan: plan.id.clone(),
        article: structure.article.clone(),
        reason: structure.unlocated.clone()?,
    })
}
