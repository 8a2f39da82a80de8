//! 成渝发展主轴: the axis, its three corridors, and its nodes in map order.

use std::collections::BTreeSet;

use gazetteer::{Extent, length_m};
use geo::{Coord, LineString};
use plans::{Plan, Structure};

use super::{
    BuildError, Builder, GROUND_SOURCES, Located, area_feature, cited, extent_of, ground::ground,
    point_feature, unlocated,
};
use crate::map::{Drawing, Label, LabelRank, Language, LegendGroup, LegendItem, MapPage};
use crate::model::{Feature, GeometryKind, Layer, Properties, Quality, Table};
use crate::style::{AXIS_MM, Class, Colour, LabelStyle, Paint, Stroke, Style, Symbol};
use crate::{palette, sources};

pub(super) const ID: &str = "chengdu-chongqing-axis";
pub(super) const TITLE: &str = "成渝发展主轴";
const PLAN: &str = "implementation-2021";
const AXIS: &str = "chengdu-chongqing-axis";
const CORE: &str = "双核";
/// Identifier of each corridor and what maps call it, north to south.
const CORRIDORS: [(&str, &str); 3] = [
    ("chengdu-chongqing-north-corridor", "北线"),
    ("chengdu-chongqing-middle-corridor", "中线"),
    ("chengdu-chongqing-south-corridor", "南线"),
];

/// A corridor with its stops, the ends included.
struct Corridor<'a> {
    name: &'static str,
    colour: Colour,
    structure: &'a Structure,
    stops: Vec<Located<'a>>,
}

impl<'a> Corridor<'a> {
    /// The stops between the ends.
    fn between(&self) -> &[Located<'a>] {
        &self.stops[1..self.stops.len() - 1]
    }
}

struct Parts<'a> {
    plan: &'a Plan,
    axis: &'a Structure,
    ends: [Located<'a>; 2],
    /// Nodes of the axis, from the first end to the last.
    nodes: Vec<Located<'a>>,
    corridors: Vec<Corridor<'a>>,
}

fn one<'a>(
    builder: &Builder<'a>,
    plan: &Plan,
    structure: &Structure,
    member: &plans::Member,
) -> Result<Located<'a>, BuildError> {
    let found = plan
        .resolve(builder.gazetteer, structure, member)?
        .into_iter()
        .next();
    let found = found.ok_or_else(|| BuildError::NoArea {
        plan: plan.id.clone(),
        structure: structure.id.clone(),
        name: member.name.clone(),
    })?;
    Builder::located(plan, structure, found)
}

fn ends<'a>(
    builder: &Builder<'a>,
    plan: &Plan,
    structure: &Structure,
) -> Result<[Located<'a>; 2], BuildError> {
    let [from, to] = &structure.ends[..] else {
        let problem = format!("{} (two ends)", structure.id);
        return Err(BuildError::MissingStructure {
            plan: PLAN,
            structure: problem,
        });
    };
    Ok([
        one(builder, plan, structure, from)?,
        one(builder, plan, structure, to)?,
    ])
}

/// How far along the way from one end to the other a place lies: 0 at the first, 1 at the second.
fn along([from, to]: &[Located<'_>; 2], place: &Located<'_>) -> f64 {
    let squeeze = from.position.lat().to_radians().cos();
    let vector = |m: &Located<'_>| {
        let (a, b) = (from.position, m.position);
        ((b.lon() - a.lon()) * squeeze, b.lat() - a.lat())
    };
    let (way, here) = (vector(to), vector(place));
    (way.0 * here.0 + way.1 * here.1) / (way.0 * way.0 + way.1 * way.1)
}

fn parts<'a>(builder: &Builder<'a>) -> Result<Parts<'a>, BuildError> {
    let (plan, axis) = builder.structure(PLAN, AXIS)?;
    let axis_ends = ends(builder, plan, axis)?;
    let mut nodes = axis
        .members
        .iter()
        .map(|member| one(builder, plan, axis, member))
        .collect::<Result<Vec<_>, _>>()?;
    nodes.sort_by(|a, b| along(&axis_ends, a).total_cmp(&along(&axis_ends, b)));
    let mut corridors = Vec::new();
    for ((id, name), colour) in CORRIDORS.into_iter().zip(palette::CORRIDORS) {
        let (_, structure) = builder.structure(PLAN, id)?;
        let [from, to] = ends(builder, plan, structure)?;
        let mut stops = vec![from];
        for member in &structure.members {
            stops.push(one(builder, plan, structure, member)?);
        }
        stops.push(to);
        corridors.push(Corridor {
            name,
            colour,
            structure,
            stops,
        });
    }
    Ok(Parts {
        plan,
        axis,
        ends: axis_ends,
        nodes,
        corridors,
    })
}

fn line(stops: &[Located<'_>]) -> LineString<f64> {
    LineString(
        stops
            .iter()
            .map(|m| Coord {
                x: m.position.lon(),
                y: m.position.lat(),
            })
            .collect(),
    )
}

fn line_feature(id: &str, line: LineString<f64>, mut properties: Properties) -> Feature {
    properties.length_km = Some((length_m(&line) / 100.0).round() / 10.0);
    Feature::new(id.to_owned(), line, properties)
}

fn names(places: &[Located<'_>]) -> String {
    places
        .iter()
        .map(|m| m.found.name.as_str())
        .collect::<Vec<_>>()
        .join("、")
}

/// The axis, then its corridors from north to south.
fn lines(builder: &Builder<'_>, parts: &Parts<'_>) -> Vec<Feature> {
    let Parts {
        plan,
        axis,
        ends,
        nodes,
        corridors,
    } = parts;
    let shared = |structure, note: &str| Properties {
        sources: sources::SEATS.origin.to_owned(),
        ..cited(plan, structure, Quality::ThroughNodes, note)
    };
    let whole = Properties {
        members: names(nodes),
        roles: format!("起讫：{}；节点自成都至重庆为序", names(ends)),
        also: builder.also(plan, axis),
        ..shared(axis, "连接双核的直线；轴向与宽度为示意，不表示具体范围")
    };
    let mut lines = vec![line_feature(&axis.id, line(ends), whole)];
    lines.extend(corridors.iter().map(|corridor| {
        let inferred = corridor.structure.inferred.as_deref().unwrap_or_default();
        let properties = Properties {
            members: names(corridor.between()),
            roles: format!("起讫：{}", names(ends)),
            ..shared(
                corridor.structure,
                &format!("经节点驻地的连线，走向示意；{inferred}"),
            )
        };
        line_feature(&corridor.structure.id, line(&corridor.stops), properties)
    }));
    lines
}

/// The two cores and the nodes in map order: their seats, and the areas that they govern.
fn nodes(
    builder: &Builder<'_>,
    parts: &Parts<'_>,
) -> Result<(Vec<Feature>, Vec<Feature>), BuildError> {
    let Parts {
        plan,
        axis,
        ends,
        nodes,
        corridors,
    } = parts;
    let role_of = |node: &Located<'_>| {
        let corridor = corridors.iter().find(|c| {
            c.between()
                .iter()
                .any(|stop| stop.found.place.id == node.found.place.id)
        });
        corridor.map_or_else(|| "节点".to_owned(), |c| format!("{}节点", c.name))
    };
    let (mut points, mut areas) = (Vec::new(), Vec::new());
    let cores = ends.iter().map(|core| (core, CORE.to_owned()));
    for (place, role) in cores.chain(nodes.iter().map(|node| (node, role_of(node)))) {
        let core = role == CORE;
        let shared = Properties {
            name: place.found.name.clone(),
            kind: if core { "core_city" } else { "node_city" }.to_owned(),
            roles: role,
            members: String::new(),
            also: builder.also(plan, axis),
            adcode: place.found.place.adcode.map(|code| code.to_string()),
            ..cited(plan, axis, Quality::Point, "")
        };
        let on_a_line = if core {
            ""
        } else {
            "；所属通道按位置划分，原文未列"
        };
        let seat = Properties {
            quality_note: format!(
                "政府驻地，位置误差约{}米{on_a_line}",
                place.found.place.accuracy_m
            ),
            sources: sources::SEATS.origin.to_owned(),
            ..shared.clone()
        };
        points.push(point_feature(
            place.found.place.id.to_owned(),
            place.position.to_point(),
            seat,
        ));
        let units = builder.gazetteer.units_of(&place.found.place);
        let quality = if units.len() == 1 {
            Quality::Surveyed
        } else {
            Quality::Dissolved
        };
        let governed = Properties {
            quality: quality.as_str(),
            quality_note: "双核与节点城市的辖区，不是主轴的范围".to_owned(),
            roles: if core { CORE } else { "节点城市" }.to_owned(),
            ..shared
        };
        areas.push(area_feature(
            place.found.place.id.to_owned(),
            builder.gazetteer.boundaries().union(&units)?,
            governed,
        ));
    }
    Ok((points, areas))
}

pub(super) fn layer(builder: &Builder<'_>) -> Result<Layer, BuildError> {
    let parts = parts(builder)?;
    let (points, areas) = nodes(builder, &parts)?;
    let area_classes = vec![
        area_class(CORE, palette::CORE_AREA),
        area_class("节点城市", palette::NODE_AREA),
    ];
    let names = Some(LabelStyle {
        size_pt: 9.5,
        bold: true,
        colour: palette::INK,
    });
    Ok(Layer {
        id: ID.to_owned(),
        title: TITLE.to_owned(),
        summary: "双核之间的主轴、北中南三条综合运输通道与九个节点城市".to_owned(),
        tables: vec![
            Table {
                id: "chengdu-chongqing-axis-areas".to_owned(),
                title: "成渝发展主轴节点城市辖区".to_owned(),
                geometry: GeometryKind::Polygon,
                features: areas,
                style: Style {
                    field: Some("roles"),
                    classes: area_classes,
                    label: None,
                    size: None,
                },
            },
            Table {
                id: ID.to_owned(),
                title: "成渝发展主轴与三条通道".to_owned(),
                geometry: GeometryKind::Line,
                features: lines(builder, &parts),
                style: line_style(parts.axis, &parts.corridors),
            },
            Table {
                id: "chengdu-chongqing-axis-nodes".to_owned(),
                title: "成渝发展主轴双核与节点".to_owned(),
                geometry: GeometryKind::Point,
                features: points,
                style: Style {
                    field: Some("roles"),
                    classes: node_classes(&parts.corridors),
                    label: names,
                    size: None,
                },
            },
        ],
        unlocated: parts
            .plan
            .structures
            .iter()
            .filter(|s| matches!(s.kind.as_str(), "development_axis" | "transport_corridor"))
            .filter_map(|s| unlocated(parts.plan, s))
            .collect(),
    })
}

fn area_symbol(colour: Colour) -> Symbol {
    Symbol::Fill {
        paint: Paint::Solid {
            colour,
            opacity: 1.0,
        },
        outline: Some(Stroke::solid(palette::MEMBER_BORDER, 0.3)),
    }
}

fn area_class(role: &str, colour: Colour) -> Class {
    Class {
        value: role.to_owned(),
        title: role.to_owned(),
        symbol: area_symbol(colour),
    }
}

fn axis_symbol() -> Symbol {
    Symbol::Axis {
        colour: palette::AXIS,
        name_colour: palette::AXIS_NAME,
        width_mm: AXIS_MM,
    }
}

fn line_style(axis: &Structure, corridors: &[Corridor<'_>]) -> Style {
    let class = |structure: &Structure, symbol| Class {
        value: structure.map_name().to_owned(),
        title: structure.map_name().to_owned(),
        symbol,
    };
    let mut classes = vec![class(axis, axis_symbol())];
    classes.extend(
        corridors
            .iter()
            .map(|c| class(c.structure, Symbol::Corridor { colour: c.colour })),
    );
    Style {
        field: Some("name"),
        classes,
        label: None,
        size: None,
    }
}

fn node_classes(corridors: &[Corridor<'_>]) -> Vec<Class> {
    let mut classes = vec![Class {
        value: CORE.to_owned(),
        title: CORE.to_owned(),
        symbol: Symbol::Core {
            colour: palette::ACCENT,
        },
    }];
    classes.extend(corridors.iter().map(|c| {
        let role = format!("{}节点", c.name);
        Class {
            value: role.clone(),
            title: role,
            symbol: Symbol::Node { colour: c.colour },
        }
    }));
    classes
}

pub(super) fn map(builder: &Builder<'_>) -> Result<MapPage, BuildError> {
    let parts = parts(builder)?;
    let (points, areas) = nodes(builder, &parts)?;
    let focus = extent_of(&points)
        .unwrap_or(Extent {
            west: 104.0,
            south: 29.3,
            east: 106.6,
            north: 30.7,
        })
        .grown(0.3);
    let mut themed: BTreeSet<u32> = areas
        .iter()
        .filter_map(|f| {
            f.properties
                .adcode
                .as_deref()
                .and_then(|code| code.parse().ok())
        })
        .collect();
    // The centre of Chongqing is a region, not a unit: its districts are not named below its symbol.
    for end in &parts.ends {
        themed.extend(
            builder
                .gazetteer
                .units_of(&end.found.place)
                .iter()
                .map(|unit| unit.code),
        );
    }
    let other = builder.plan("chengyu-2016")?;
    Ok(MapPage {
        title: TITLE.to_owned(),
        subtitle: "双核之间的九个节点城市与北、中、南三条综合运输通道".to_owned(),
        citation: format!(
            "《{}》（2021 年 12 月）第三条；《{}》（2016 年）第三章",
            parts.plan.short_title, other.short_title
        ),
        focus,
        ground: ground(builder, focus, &themed)?,
        drawings: drawings(&parts, lines(builder, &parts), points, areas),
        legend: legend(&parts.corridors),
        inset: None,
        sources: format!(
            "《成渝地区双城经济圈建设规划纲要》{}、《{}》；{GROUND_SOURCES}。原文未列各通道走向，线路按节点城市位置连成。",
            parts.plan.short_title, other.short_title
        ),
        language: Language::Chinese,
    })
}

/// Areas, then the axis, then corridors, then nodes.
fn drawings(
    parts: &Parts<'_>,
    lines: Vec<Feature>,
    points: Vec<Feature>,
    areas: Vec<Feature>,
) -> Vec<Drawing> {
    let tint = |role: &str| {
        if role == CORE {
            palette::CORE_AREA
        } else {
            palette::NODE_AREA
        }
    };
    let mut drawings: Vec<Drawing> = areas
        .into_iter()
        .map(|area| Drawing {
            symbol: area_symbol(tint(&area.properties.roles)),
            geometry: area.geometry,
            label: None,
        })
        .collect();
    let axis = (
        axis_symbol(),
        Label {
            colour: Some(palette::AXIS_NAME),
            ..Label::new(TITLE, LabelRank::Axis)
        },
    );
    let corridors = parts.corridors.iter().map(|corridor| {
        let label = Label {
            colour: Some(corridor.colour),
            ..Label::new(corridor.name, LabelRank::Corridor)
        };
        (
            Symbol::Corridor {
                colour: corridor.colour,
            },
            label,
        )
    });
    let looks = std::iter::once(axis).chain(corridors);
    drawings.extend(
        lines
            .into_iter()
            .zip(looks)
            .map(|(line, (symbol, label))| Drawing {
                geometry: line.geometry,
                symbol,
                label: Some(label),
            }),
    );
    let classes = node_classes(&parts.corridors);
    drawings.extend(points.into_iter().map(|point| {
        let role = &point.properties.roles;
        let symbol = classes
            .iter()
            .find(|class| class.value == *role)
            .map(|class| class.symbol.clone());
        // The point is the seat of the municipality; its name on the map is the city's.
        let name = if point.properties.name == "重庆中心城区" {
            "重庆市"
        } else {
            &point.properties.name
        };
        Drawing {
            label: Some(Label::new(
                name,
                if role == CORE {
                    LabelRank::Core
                } else {
                    LabelRank::Node
                },
            )),
            geometry: point.geometry,
            symbol: symbol.unwrap_or(Symbol::Seat),
        }
    }));
    drawings
}

fn legend(corridors: &[Corridor<'_>]) -> Vec<LegendGroup> {
    let row = |symbol, name: &str, note: Option<&str>| LegendItem {
        note: note.map(str::to_owned),
        ..LegendItem::new(symbol, name)
    };
    vec![
        LegendGroup {
            heading: "发展主轴".to_owned(),
            items: vec![
                row(
                    axis_symbol(),
                    TITLE,
                    Some("轴向与宽度为示意，不表示具体范围"),
                ),
                row(
                    Symbol::Core {
                        colour: palette::ACCENT,
                    },
                    CORE,
                    Some("成都、重庆（国家中心城市）"),
                ),
            ],
        },
        LegendGroup {
            heading: "综合运输通道与节点（自成都至重庆）".to_owned(),
            items: corridors
                .iter()
                .map(|corridor| {
                    let names: Vec<&str> = corridor
                        .between()
                        .iter()
                        .map(|m| gazetteer::short_form(&m.found.name))
                        .collect();
                    row(
                        Symbol::Corridor {
                            colour: corridor.colour,
                        },
                        corridor.name,
                        Some(&names.join(" → ")),
                    )
                })
                .collect(),
        },
        LegendGroup {
            heading: String::new(),
            items: vec![
                row(
                    area_symbol(palette::CORE_AREA),
                    "成都市、重庆中心城区",
                    None,
                ),
                row(area_symbol(palette::NODE_AREA), "节点城市辖区", None),
            ],
        },
    ]
}
