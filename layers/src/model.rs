//! Layers and their features: the finished thing that every writer reads and none changes.

use std::sync::OnceLock;

use gazetteer::{Extent, LonLat};
use geo::{CoordsIter, Geometry, Intersects, Point};
use serde::Serialize;

use crate::label::pole_of_inaccessibility;
use crate::style::Style;

/// A plan as a layer cites it.
#[derive(Debug, Clone, Serialize)]
pub struct PlanReference {
    /// Short identifier, e.g. `cqmetro-2022`.
    pub id: String,
    /// Full title.
    pub title: String,
    /// Document number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// Date of issue, `YYYY-MM-DD` or `YYYY-MM`.
    pub date: String,
    /// The period it plans for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon: Option<String>,
}

/// Where geometry comes from, with its licence and date.
#[derive(Debug, Clone, Serialize)]
pub struct DataSource {
    /// Short identifier.
    pub id: &'static str,
    /// What it gives.
    pub title: &'static str,
    /// Who publishes it, and which version was taken.
    pub origin: &'static str,
    /// What is known of its licence.
    pub licence: &'static str,
    /// As of when it is true.
    pub date: &'static str,
}

/// One subject of the plans: its tables, and what of it could not be located.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Identifier in file names and on the command line, e.g. `chongqing-metropolitan-area`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// One sentence on what is in it.
    pub summary: String,
    /// Features, one table a geometry type.
    pub tables: Vec<Table>,
    /// What the plans name here and nothing locates.
    pub unlocated: Vec<Unlocated>,
}

/// Features of one geometry type that share one style: one file in most formats.
#[derive(Debug, Clone)]
pub struct Table {
    /// Identifier, unique in the atlas: the stem of the files.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// The type of every geometry in it.
    pub geometry: GeometryKind,
    /// The features, in a fixed order.
    pub features: Vec<Feature>,
    /// How they look.
    pub style: Style,
}

impl Table {
    /// The plans that its features cite, each once, in the order of the features.
    #[must_use]
    pub fn plans(&self) -> Vec<String> {
        let mut plans: Vec<String> = Vec::new();
        for feature in &self.features {
            if !plans.contains(&feature.properties.plan) {
                plans.push(feature.properties.plan.clone());
            }
        }
        plans
    }

    /// The box around all features; `None` for no features.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        crate::build::extent_of(&self.features)
    }
}

impl Feature {
    /// A feature whose name goes where its geometry leaves most room.
    #[must_use]
    pub fn new(id: String, geometry: impl Into<Geometry<f64>>, properties: Properties) -> Self {
        Self {
            id,
            geometry: geometry.into(),
            properties,
            label_point: OnceLock::new(),
        }
    }

    /// One good place for its name, WGS 84 (x longitude, y latitude): of an area the point of its largest part
    /// that is farthest from the border, of a line its middle vertex.
    #[must_use]
    pub fn label_point(&self) -> Point<f64> {
        *self.label_point.get_or_init(|| {
            let place = match &self.geometry {
                Geometry::MultiPolygon(area) => pole_of_inaccessibility(area),
                Geometry::LineString(line) => line.points().nth(line.0.len() / 2),
                _ => None,
            };
            // What has neither an inside nor a middle is labelled at its first vertex.
            let first = || self.geometry.coords_iter().next().map(Point::from);
            place.or_else(first).unwrap_or_default()
        })
    }

    /// The same feature with its name at a place of the caller's choice.
    #[must_use]
    pub fn with_label_point(self, place: Point<f64>) -> Self {
        Self {
            label_point: OnceLock::from(place),
            ..self
        }
    }

    /// Whether it is an area that holds a position, its border included.
    #[must_use]
    pub fn covers(&self, position: LonLat) -> bool {
        match &self.geometry {
            Geometry::MultiPolygon(area) => area.intersects(&position.to_point()),
            _ => false,
        }
    }
}

/// The geometry type of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GeometryKind {
    /// `Point`.
    Point,
    /// `LineString`.
    Line,
    /// `MultiPolygon`.
    Polygon,
}

impl GeometryKind {
    /// The name of the type in `GeoJSON` and OGC Simple Features.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::Line => "LineString",
            Self::Polygon => "MultiPolygon",
        }
    }
}

/// One drawn thing: a geometry in WGS 84 (x is longitude, y is latitude) and what the plans say of it.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Unique in its table and stable between builds.
    pub id: String,
    /// `Point`, `LineString` or `MultiPolygon`, as the table says.
    pub geometry: Geometry<f64>,
    /// What is said of it.
    pub properties: Properties,
    /// Found when first asked for: most questions need none.
    label_point: OnceLock<Point<f64>>,
}

/// How good a geometry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// The boundary of one administrative unit, as published.
    Surveyed,
    /// The union of published boundaries.
    Dissolved,
    /// Parts of units: the exact extent is not published.
    Partial,
    /// A line through its nodes: its course is schematic.
    ThroughNodes,
    /// A river between two places, cut from its surveyed line.
    Reach,
    /// The seat or site, as a point.
    Point,
    /// About here: the stated accuracy holds.
    Approximate,
    /// Nothing says where.
    Unlocated,
}

impl Quality {
    /// The value in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Surveyed => "surveyed",
            Self::Dissolved => "dissolved",
            Self::Partial => "partial",
            Self::ThroughNodes => "through_nodes",
            Self::Reach => "reach",
            Self::Point => "point",
            Self::Approximate => "approximate",
            Self::Unlocated => "unlocated",
        }
    }

    const ALL: [Self; 8] = [
        Self::Surveyed,
        Self::Dissolved,
        Self::Partial,
        Self::ThroughNodes,
        Self::Reach,
        Self::Point,
        Self::Approximate,
        Self::Unlocated,
    ];

    /// The Chinese word for a value in files; `None` for what is no quality.
    #[must_use]
    pub fn title_of(value: &str) -> Option<&'static str> {
        let quality = Self::ALL.into_iter().find(|one| one.as_str() == value)?;
        Some(match quality {
            Self::Surveyed => "公布的界线",
            Self::Dissolved => "界线合并",
            Self::Partial => "部分单元，界线未公布",
            Self::ThroughNodes => "按节点连线",
            Self::Reach => "河段",
            Self::Point => "点位",
            Self::Approximate => "大致位置",
            Self::Unlocated => "未定位",
        })
    }
}

/// What is said of a feature. [`FIELDS`] lists the same in the same order, with titles.
#[derive(Debug, Clone, Default)]
pub struct Properties {
    /// Name as the plan gives it.
    pub name: String,
    /// Kind of structure, one of the catalogue's kinds, or `member`.
    pub kind: String,
    /// The plan's identifier.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// Date of the plan.
    pub date: String,
    /// Article, chapter and section that say it.
    pub article: String,
    /// What the plan wants done with it.
    pub status: String,
    /// The class of a line: its kind, and how far it is by the plan's verb.
    pub line_class: String,
    /// Its role, or the roles of its members.
    pub roles: String,
    /// Members, in the plan's order or (lines) in map order, joined with `、`.
    pub members: String,
    /// What it is for.
    pub theme: String,
    /// The period that the plan is for.
    pub horizon: String,
    /// Figures that the plan prints for it: name, value and unit; the printed digits where they are wrong.
    pub figures: String,
    /// People of the city in ten thousands, where the plan prints them.
    pub population_10k: Option<f64>,
    /// The plan's own words, where its text is at hand.
    pub sentence: String,
    /// What changed since an earlier plan, in layers of changes.
    pub change: String,
    /// Where other plans say the same.
    pub also: String,
    /// GB/T 2260 code of the unit, as text.
    pub adcode: Option<String>,
    /// Geodesic area on WGS 84 in km².
    pub area_km2: Option<f64>,
    /// Geodesic length on WGS 84 in km.
    pub length_km: Option<f64>,
    /// See [`Quality`].
    pub quality: &'static str,
    /// What a reader should know of the geometry.
    pub quality_note: String,
    /// Where the geometry comes from.
    pub sources: String,
}

/// One property of every feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name in files.
    pub name: &'static str,
    /// Chinese title: the alias in QGIS.
    pub title: &'static str,
    /// Text or number.
    pub kind: FieldKind,
}

/// The type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// UTF-8 text.
    Text,
    /// A 64-bit float.
    Number,
}

/// The value of a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A number in the unit of its field.
    Number(f64),
}

const fn text(name: &'static str, title: &'static str) -> Field {
    Field {
        name,
        title,
        kind: FieldKind::Text,
    }
}

const fn number(name: &'static str, title: &'static str) -> Field {
    Field {
        name,
        title,
        kind: FieldKind::Number,
    }
}

/// The schema of every layer, in the order of [`Properties`]. The feature's `id` stands outside it.
pub const FIELDS: [Field; 23] = [
    text("name", "名称"),
    text("kind", "类型"),
    text("plan", "规划"),
    text("plan_title", "规划名称"),
    text("date", "规划日期"),
    text("article", "条目"),
    text("status", "状态"),
    text("line_class", "线型"),
    text("roles", "角色"),
    text("members", "成员"),
    text("theme", "主题"),
    text("horizon", "规划期"),
    text("figures", "数据"),
    number("population_10k", "城市人口（万人）"),
    text("sentence", "原文"),
    text("change", "变化"),
    text("also", "另见"),
    text("adcode", "行政区划代码"),
    number("area_km2", "面积（平方公里）"),
    number("length_km", "长度（公里）"),
    text("quality", "几何质量"),
    text("quality_note", "质量说明"),
    text("sources", "资料来源"),
];

impl Properties {
    /// The values, in the order of [`FIELDS`]; `None` where there is nothing to say.
    #[must_use]
    pub fn values(&self) -> [Option<Value<'_>>; FIELDS.len()] {
        fn text(value: &str) -> Option<Value<'_>> {
            (!value.is_empty()).then_some(Value::Text(value))
        }
        [
            text(&self.name),
            text(&self.kind),
            text(&self.plan),
            text(&self.plan_title),
            text(&self.date),
            text(&self.article),
            text(&self.status),
            text(&self.line_class),
            text(&self.roles),
            text(&self.members),
            text(&self.theme),
            text(&self.horizon),
            text(&self.figures),
            self.population_10k.map(Value::Number),
            text(&self.sentence),
            text(&self.change),
            text(&self.also),
            self.adcode.as_deref().and_then(text),
            self.area_km2.map(Value::Number),
            self.length_km.map(Value::Number),
            text(self.quality),
            text(&self.quality_note),
            text(&self.sources),
        ]
    }
}

/// A name of the plans that has no place on the map, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unlocated {
    /// Name as the plan gives it.
    pub name: String,
    /// Kind of structure.
    pub kind: String,
    /// The plan's identifier.
    pub plan: String,
    /// Article, chapter and section that name it.
    pub article: String,
    /// Why it is not on the map.
    pub reason: String,
}
