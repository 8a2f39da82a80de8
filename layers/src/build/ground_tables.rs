//! The land as tables, for programs that draw maps themselves.

use gazetteer::Extent;
use geo::Geometry;

use super::{BuildError, Builder};
use crate::map::{Ground, GroundArea};
use crate::model::{DataSource, Feature, GeometryKind, Properties, Quality, Table};
use crate::sources;
use crate::style::{BorderLevel, Class, Colour, LabelStyle, Paint, Style, Symbol};

const HOME: Colour = Colour::hex(0x00F8_F6F2);
const NEIGHBOURS: Colour = Colour::hex(0x00EF_ECE6);
const GREY: Colour = Colour::hex(0x006E_6A63);
const WATER_NAME: Colour = Colour::hex(0x002A_6890);
/// The least rivers are drawn at no scale of a region.
const LEAST_RANK: u8 = 5;

impl Builder<'_> {
    /// The land around a box as tables, the topmost first: rivers, borders, units with their names, provinces.
    ///
    /// The features are no structure of a plan: they cite none. WGS 84.
    ///
    /// # Errors
    /// When data that comes with the program is damaged.
    pub fn ground_tables(&self, focus: Extent) -> Result<Vec<Table>, BuildError> {
        let ground = self.ground_around(focus)?;
        let tables = [
            rivers(&ground),
            borders(&ground),
            units(&ground),
            land(&ground),
        ];
        Ok(tables
            .into_iter()
            .filter(|table| !table.features.is_empty())
            .collect())
    }
}

/// A feature of the land. The kind chooses its class.
fn feature(
    id: String,
    name: &str,
    kind: &str,
    geometry: impl Into<Geometry<f64>>,
    source: &DataSource,
) -> Feature {
    let properties = Properties {
        name: name.to_owned(),
        kind: kind.to_owned(),
        date: source.date.to_owned(),
        quality: Quality::Surveyed.as_str(),
        sources: source.title.to_owned(),
        ..Properties::default()
    };
    Feature::new(id, geometry, properties)
}

fn by_kind(
    classes: impl IntoIterator<Item = (String, String, Symbol)>,
    label: Option<LabelStyle>,
) -> Style {
    let classes = classes.into_iter().map(|(value, title, symbol)| Class {
        value,
        title,
        symbol,
    });
    Style {
        field: Some("kind"),
        classes: classes.collect(),
        label,
        size: None,
    }
}

fn grey_names(size_pt: f64) -> LabelStyle {
    LabelStyle {
        size_pt,
        bold: false,
        colour: GREY,
    }
}

/// The word for a rank of border: in files, and in the legend.
fn level(level: BorderLevel) -> (&'static str, &'static str) {
    match level {
        BorderLevel::County => ("county_border", "县级界"),
        BorderLevel::Prefecture => ("prefecture_border", "地级界"),
        BorderLevel::Province => ("province_border", "省级界"),
    }
}

fn rivers(ground: &Ground) -> Table {
    let rank = |rank: u8| format!("river_{rank}");
    let shown = ground
        .rivers
        .iter()
        .filter(|river| river.rank <= LEAST_RANK);
    let features: Vec<Feature> = shown
        .clone()
        .enumerate()
        .map(|(number, river)| {
            let id = format!("river-{}", number + 1);
            feature(
                id,
                &river.name,
                &rank(river.rank),
                river.line.clone(),
                &sources::RIVERS,
            )
        })
        .collect();
    let ranks = (1..=LEAST_RANK).filter(|one| shown.clone().any(|river| river.rank == *one));
    let classes = ranks.map(|one| {
        (
            rank(one),
            format!("{one} 级河流"),
            Symbol::River { rank: one },
        )
    });
    let names = LabelStyle {
        size_pt: 6.6,
        bold: false,
        colour: WATER_NAME,
    };
    Table {
        id: "ground-rivers".to_owned(),
        title: "河流".to_owned(),
        geometry: GeometryKind::Line,
        features,
        style: by_kind(classes, Some(names)),
    }
}

fn borders(ground: &Ground) -> Table {
    let features = ground.borders.iter().enumerate().map(|(number, border)| {
        let (kind, title) = level(border.level);
        let id = format!("border-{}", number + 1);
        feature(id, title, kind, border.line.clone(), &sources::BOUNDARIES)
    });
    let classes = [
        BorderLevel::Province,
        BorderLevel::Prefecture,
        BorderLevel::County,
    ]
    .into_iter()
    .filter(|one| ground.borders.iter().any(|border| border.level == *one))
    .map(|one| {
        let (kind, title) = level(one);
        (
            kind.to_owned(),
            title.to_owned(),
            Symbol::Border { level: one },
        )
    });
    Table {
        id: "ground-borders".to_owned(),
        title: "境界".to_owned(),
        geometry: GeometryKind::Line,
        style: by_kind(classes, None),
        features: features.collect(),
    }
}

/// Prefectures, and the counties that no prefecture holds: names, no fill.
fn units(ground: &Ground) -> Table {
    let units = ground
        .areas
        .iter()
        .filter(|area| area.level != BorderLevel::Province);
    let features = units.enumerate().map(|(number, area)| {
        let id = format!("unit-{}", number + 1);
        feature(
            id,
            &area.name,
            "unit",
            area.geometry.clone(),
            &sources::BOUNDARIES,
        )
    });
    let nothing = Symbol::Fill {
        paint: Paint::Solid {
            colour: HOME,
            opacity: 0.0,
        },
        outline: None,
    };
    Table {
        id: "ground-units".to_owned(),
        title: "市县名称".to_owned(),
        geometry: GeometryKind::Polygon,
        features: features.collect(),
        style: Style {
            label: Some(grey_names(7.2)),
            ..Style::single("市县", nothing)
        },
    }
}

fn land(ground: &Ground) -> Table {
    let kind = |area: &GroundArea| if area.home { "home" } else { "neighbour" };
    let provinces = ground
        .areas
        .iter()
        .filter(|area| area.level == BorderLevel::Province);
    let features = provinces.enumerate().map(|(number, area)| {
        let id = format!("province-{}", number + 1);
        feature(
            id,
            &area.name,
            kind(area),
            area.geometry.clone(),
            &sources::BOUNDARIES,
        )
    });
    let features: Vec<Feature> = features.collect();
    let classes = [
        ("home", "本区省份", HOME),
        ("neighbour", "其他省份", NEIGHBOURS),
    ];
    let classes = classes
        .into_iter()
        .filter(|(kind, _, _)| features.iter().any(|one| one.properties.kind == *kind))
        .map(|(kind, title, colour)| {
            let symbol = Symbol::Fill {
                paint: Paint::Solid {
                    colour,
                    opacity: 1.0,
                },
                outline: None,
            };
            (kind.to_owned(), title.to_owned(), symbol)
        });
    Table {
        id: "ground-land".to_owned(),
        title: "省份".to_owned(),
        geometry: GeometryKind::Polygon,
        style: by_kind(classes, Some(grey_names(10.5))),
        features,
    }
}
