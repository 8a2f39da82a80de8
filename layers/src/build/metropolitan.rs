//! 重庆都市圈: its members by role, its outline, and the seats of its members.

use std::collections::{BTreeMap, BTreeSet};

use gazetteer::Extent;
use geo::Geometry;
use plans::Structure;

use super::{
    BuildError, Builder, GROUND_SOURCES, Located, area_feature, cited, extent_of, ground::ground,
    plain, point_feature, unlocated,
};
use crate::map::{Drawing, Inset, Label, LabelRank, Language, LegendGroup, LegendItem, MapPage};
use crate::model::{Feature, GeometryKind, Layer, Properties, Quality, Table};
use crate::style::{BorderLevel, Class, Colour, LabelStyle, Paint, Stroke, Style, Symbol};
use crate::{palette, sources};

pub(super) const ID: &str = "chongqing-metropolitan-area";
pub(super) const TITLE: &str = "重庆都市圈";
const PLAN: &str = "cqmetro-2022";
const STRUCTURE: &str = "chongqing-metropolitan-area";
/// What the plan prints as one district and is a place inside another.
const WITHIN: &str = "万盛经开区";

fn colour(role: &str) -> Colour {
    palette::ROLES
        .iter()
        .find(|(name, _)| *name == role)
        .map_or(palette::INK, |(_, colour)| *colour)
}

fn member_fill(role: &str) -> Symbol {
    Symbol::Fill {
        paint: Paint::Solid {
            colour: colour(role),
            opacity: 1.0,
        },
        outline: Some(Stroke::solid(palette::MEMBER_BORDER, 0.32)),
    }
}

/// The members by role, in the order of the plan, and the seats of all that they stand for.
fn members_and_seats(builder: &Builder<'_>) -> Result<(Vec<Feature>, Vec<Feature>), BuildError> {
    let (plan, structure) = builder.structure(PLAN, STRUCTURE)?;
    let also = builder.also(plan, structure);
    let mut members = Vec::new();
    let mut seats = Vec::new();
    for group in &structure.group {
        for member in &group.members {
            let area = builder.area(plan, structure, &[member])?;
            let (quality, note) = match area.units.len() {
                1 => (Quality::Surveyed, ""),
                _ => (Quality::Dissolved, "由所辖各区县合并"),
            };
            let mut properties = Properties {
                name: member.name.clone(),
                kind: "metropolitan_area_member".to_owned(),
                article: group.article.clone(),
                status: group.status.clone(),
                roles: group.role.clone(),
                members: String::new(),
                also: also.clone(),
                adcode: area
                    .matches
                    .first()
                    .and_then(|m| m.place.adcode)
                    .map(|code| code.to_string()),
                ..cited(plan, structure, quality, note)
            };
            if area.matches.len() > 1 {
                properties.members = area
                    .matches
                    .iter()
                    .map(|m| m.name.clone())
                    .collect::<Vec<_>>()
                    .join("、");
                properties.quality_note = format!("{WITHIN}在綦江区内，不另成边界");
            }
            for found in &area.matches {
                let found = Builder::located(plan, structure, found.clone())?;
                seats.push(seat(&found, &properties));
            }
            members.push(area_feature(
                area.matches[0].place.id.to_owned(),
                area.geometry,
                properties,
            ));
        }
    }
    Ok((members, seats))
}

fn seat(Located { found, position }: &Located<'_>, member: &Properties) -> Feature {
    let properties = Properties {
        name: found.name.clone(),
        kind: "seat".to_owned(),
        members: String::new(),
        adcode: found.place.adcode.map(|code| code.to_string()),
        quality: Quality::Point.as_str(),
        quality_note: format!("位置误差约{}米", found.place.accuracy_m),
        sources: sources::SEATS.origin.to_owned(),
        ..member.clone()
    };
    point_feature(
        format!("seat-{}", found.place.id),
        position.to_point(),
        properties,
    )
}

fn scope(builder: &Builder<'_>) -> Result<Feature, BuildError> {
    let (plan, structure) = builder.structure(PLAN, STRUCTURE)?;
    let area = builder.area(
        plan,
        structure,
        &structure.all_members().collect::<Vec<_>>(),
    )?;
    let mut properties = cited(plan, structure, Quality::Dissolved, "由全部成员合并");
    properties.also = builder.also(plan, structure);
    properties.roles = structure
        .group
        .iter()
        .map(|group| format!("{}：{}", group.role, super::join(group.members.iter())))
        .collect::<Vec<_>>()
        .join("；");
    Ok(area_feature(
        STRUCTURE.to_owned(),
        area.geometry,
        properties,
    ))
}

pub(super) fn layer(builder: &Builder<'_>) -> Result<Layer, BuildError> {
    let (plan, structure) = builder.structure(PLAN, STRUCTURE)?;
    let (members, seats) = members_and_seats(builder)?;
    let classes = structure
        .group
        .iter()
        .map(|g| Class {
            value: g.role.clone(),
            title: g.role.clone(),
            symbol: member_fill(&g.role),
        })
        .collect();
    let label = Some(LabelStyle {
        size_pt: 9.5,
        bold: true,
        colour: palette::INK,
    });
    Ok(Layer {
        id: ID.to_owned(),
        title: TITLE.to_owned(),
        summary: "21个区与广安市，按功能分工".to_owned(),
        tables: vec![
            Table {
                id: ID.to_owned(),
                title: "重庆都市圈成员".to_owned(),
                geometry: GeometryKind::Polygon,
                features: members,
                style: Style {
                    field: Some("roles"),
                    classes,
                    label,
                    size: None,
                },
            },
            Table {
                id: "chongqing-metropolitan-area-scope".to_owned(),
                title: "重庆都市圈范围".to_owned(),
                geometry: GeometryKind::Polygon,
                features: vec![scope(builder)?],
                style: Style::single("都市圈范围", Symbol::RegionEdge),
            },
            Table {
                id: "chongqing-metropolitan-area-seats".to_owned(),
                title: "重庆都市圈成员驻地".to_owned(),
                geometry: GeometryKind::Point,
                features: seats,
                style: Style::single("政府驻地", Symbol::Seat),
            },
        ],
        unlocated: plan
            .structures
            .iter()
            .filter(|s| s.kind == "metropolitan_area")
            .filter_map(|s| unlocated(plan, s))
            .collect(),
    })
}

/// Where the nine central districts crowd: the inner city.
const INNER_CITY: Extent = Extent {
    west: 106.30,
    south: 29.33,
    east: 106.70,
    north: 29.72,
};

/// The members, and inside a member of several units those units.
fn member_drawings(
    builder: &Builder<'_>,
    members: &[Feature],
) -> Result<(Vec<Drawing>, BTreeSet<u32>), BuildError> {
    let mut drawings = Vec::new();
    let mut themed = BTreeSet::new();
    for feature in members {
        let role = feature.properties.roles.as_str();
        let code = feature
            .properties
            .adcode
            .as_deref()
            .and_then(|code| code.parse::<u32>().ok());
        let place = code.and_then(|code| builder.gazetteer.unit(code));
        let units = place
            .map(|place| builder.gazetteer.units_of(&place))
            .unwrap_or_default();
        let name = plain(&feature.properties.name)
            .split('—')
            .next()
            .unwrap_or_default();
        drawings.push(Drawing {
            geometry: feature.geometry.clone(),
            symbol: member_fill(role),
            label: Some(Label::new(
                name,
                if units.len() > 1 {
                    LabelRank::Core
                } else {
                    LabelRank::Member
                },
            )),
        });
        themed.extend(code);
        themed.extend(units.iter().map(|unit| unit.code));
        if units.len() < 2 {
            continue;
        }
        for unit in units {
            let inner = Stroke {
                colour: palette::MEMBER_BORDER,
                width_mm: 0.2,
                dash_mm: vec![1.2, 0.6],
            };
            drawings.push(Drawing {
                geometry: Geometry::MultiPolygon(builder.gazetteer.boundaries().union(&[unit])?),
                symbol: Symbol::Fill {
                    paint: Paint::Solid {
                        colour: colour(role),
                        opacity: 0.0,
                    },
                    outline: Some(inner),
                },
                label: Some(Label::new(unit.name, LabelRank::County)),
            });
        }
    }
    Ok((drawings, themed))
}

pub(super) fn map(builder: &Builder<'_>) -> Result<MapPage, BuildError> {
    let (plan, structure) = builder.structure(PLAN, STRUCTURE)?;
    let (members, seats) = members_and_seats(builder)?;
    let scope = scope(builder)?;
    let focus = extent_of(std::slice::from_ref(&scope)).unwrap_or(INNER_CITY);
    let (mut drawings, themed) = member_drawings(builder, &members)?;
    let mut city_units = BTreeMap::new();
    for city in structure
        .all_members()
        .filter(|member| member.name.ends_with('市'))
    {
        city_units.insert(
            city.name.clone(),
            builder.area(plan, structure, &[city])?.units.len(),
        );
    }
    drawings.push(Drawing {
        geometry: scope.geometry,
        symbol: Symbol::RegionEdge,
        label: None,
    });
    let within = seats
        .into_iter()
        .filter(|seat| seat.properties.name == WITHIN);
    drawings.extend(within.map(|seat| Drawing {
        geometry: seat.geometry,
        symbol: Symbol::Seat,
        label: Some(Label::new(WITHIN, LabelRank::Seat)),
    }));
    Ok(MapPage {
        title: TITLE.to_owned(),
        subtitle: "21 个区与广安市的功能分工".to_owned(),
        citation: format!(
            "《{}》（2022 年 8 月，{}）第三章",
            plan.short_title,
            plan.number.as_deref().unwrap_or_default()
        ),
        focus,
        ground: ground(builder, focus, &themed)?,
        drawings,
        legend: legend(structure, &city_units),
        inset: Some(Inset::Part {
            title: "中心城区内圈".to_owned(),
            extent: INNER_CITY,
        }),
        sources: format!(
            "《{}》；{GROUND_SOURCES}。本图为示意图，不作为划定行政区域界线的依据。",
            plan.short_title
        ),
        language: Language::Chinese,
    })
}

/// `units` counts the county-level units of each member that is a city.
fn legend(structure: &Structure, units: &BTreeMap<String, usize>) -> Vec<LegendGroup> {
    let roles = structure.group.iter().map(|group| {
        let of_cities = group.members.iter().all(|m| m.name.ends_with('市'));
        let short = |name: &str| {
            let parts = name
                .split('—')
                .map(|part| gazetteer::short_form(part.trim_end_matches("经开区")));
            parts.collect::<Vec<_>>().join("—")
        };
        let names: Vec<String> = group.members.iter().map(|m| short(&m.name)).collect();
        LegendItem {
            count: Some(format!(
                "{} {}",
                group.members.len(),
                if of_cities { "市" } else { "区" }
            )),
            note: Some(if of_cities {
                let city = &group.members[0].name;
                format!(
                    "四川省{city}（{} 个区市县）",
                    units.get(city).copied().unwrap_or_default()
                )
            } else {
                names.join("、")
            }),
            ..LegendItem::new(member_fill(&group.role), legend_name(&group.role))
        }
    });
    vec![
        LegendGroup {
            heading: "功能分工".to_owned(),
            items: roles.collect(),
        },
        LegendGroup {
            heading: String::new(),
            items: vec![
                LegendItem::new(Symbol::RegionEdge, "都市圈范围"),
                LegendItem::new(
                    Symbol::Border {
                        level: BorderLevel::Province,
                    },
                    "省级界线",
                ),
                LegendItem::new(Symbol::River { rank: 1 }, "主要河流"),
                LegendItem::new(Symbol::Seat, "万盛经开区（在綦江区内，合计 1 区）"),
            ],
        },
    ]
}

/// The wording of the plan, where the role in the data is shorter.
fn legend_name(role: &str) -> &str {
    match role {
        "同城化" => "率先同城化",
        "桥头堡" => "桥头堡城市",
        other => other,
    }
}
