//! 川渝毗邻地区合作平台: every platform that the plans of 2021 and 2022 name, with its members.

use std::collections::{BTreeMap, BTreeSet};

use gazetteer::{Extent, LonLat, Unit};
use geo::{BoundingRect, Coord, Geometry, LineString, MultiPolygon, Polygon};
use plans::{ExtentKind, Plan, Structure};

use super::{
    Area, BuildError, Builder, GROUND_SOURCES, Located, area_feature, cited, ground::ground,
    unlocated,
};
use crate::map::{Drawing, Label, LabelRank, Language, LegendGroup, LegendItem, MapPage};
use crate::model::{Feature, GeometryKind, Layer, Quality, Table};
use crate::palette;
use crate::style::{Class, Colour, LabelStyle, Paint, Stroke, Style, Symbol};

pub(super) const ID: &str = "cross-border-platforms";
pub(super) const TITLE: &str = "川渝毗邻地区合作平台";
/// The plan that names them all; the later ones add to some.
const PLAN: &str = "implementation-2021";
const LATER: &str = "cqmetro-2022";
/// The parts of units are not published: half-axes of the ellipse that stands for them, in km, and where.
const PARTIAL_HALF_AXES_KM: (f64, f64) = (7.5, 10.5);

/// How a platform is drawn: in the order of the plan's articles.
struct Look {
    id: &'static str,
    /// The name broken into lines for the map.
    lines: &'static str,
    fill: Colour,
    ink: Colour,
    /// A large area that holds others: a band, not a fill.
    band: bool,
}

const fn look(id: &'static str, lines: &'static str, fill: u32, ink: u32, band: bool) -> Look {
    Look {
        id,
        lines,
        fill: Colour::hex(fill),
        ink: Colour::hex(ink),
        band,
    }
}

const LOOKS: [Look; 10] = [
    look(
        "wandakai-zone",
        "万达开\n统筹发展\n示范区",
        0x003E_5C8A,
        0x003E_5C8A,
        true,
    ),
    look(
        "mingyueshan-belt",
        "明月山绿色\n发展示范带",
        0x007F_AE78,
        0x002E_5A2B,
        false,
    ),
    look(
        "chengxuanwan-zone",
        "城宣万\n革命老区示范区",
        0x00F0_BFB2,
        0x0097_412F,
        false,
    ),
    look(
        "gaozhu-new-area",
        "川渝高竹新区",
        0x00A9_3D2B,
        0x00A9_3D2B,
        false,
    ),
    look(
        "heguangchang-zone",
        "合广长协同\n发展示范区",
        0x009D_BFDD,
        0x002A_5B8C,
        false,
    ),
    look(
        "suitong-zone",
        "遂潼一体化\n发展先行区",
        0x00F2_DC8F,
        0x007A_5C00,
        false,
    ),
    look(
        "zida-zone",
        "资大文旅\n示范区",
        0x00CD_BCDD,
        0x0063_437F,
        false,
    ),
    look(
        "neirong-zone",
        "内荣农业\n高新区",
        0x00CF_BE94,
        0x0063_502A,
        false,
    ),
    look(
        "luyongjiang-zone",
        "泸永江融合\n发展示范区",
        0x006F_B5B0,
        0x000F_504E,
        false,
    ),
    look(
        "south-sichuan-west-chongqing-zone",
        "川南渝西\n融合发展试验区",
        0x008A_5A2B,
        0x008A_5A2B,
        true,
    ),
];

impl Look {
    fn symbol(&self, partial: bool) -> Symbol {
        if self.band {
            return Symbol::Band { colour: self.ink };
        }
        if partial {
            let stroke = Stroke {
                colour: self.ink,
                width_mm: 0.42,
                dash_mm: vec![1.0, 0.6],
            };
            return Symbol::Fill {
                paint: Paint::Hatch { colour: self.ink },
                outline: Some(stroke),
            };
        }
        Symbol::Fill {
            paint: Paint::Solid {
                colour: self.fill,
                opacity: 1.0,
            },
            outline: Some(Stroke::solid(self.ink, 0.34)),
        }
    }
}

/// A platform with all that is needed to draw it.
struct Platform<'a> {
    number: u8,
    look: &'static Look,
    plan: &'a Plan,
    structure: &'a Structure,
    area: Area<'a>,
}

impl Platform<'_> {
    fn partial(&self) -> bool {
        self.structure.extent == ExtentKind::Partial
    }
}

fn platforms<'a>(builder: &Builder<'a>) -> Result<Vec<Platform<'a>>, BuildError> {
    static ORDER: [Look; 10] = LOOKS;
    ORDER
        .iter()
        .zip(1_u8..)
        .map(|(look, number)| {
            let (plan, structure) = builder.structure(PLAN, look.id)?;
            let mut area = builder.area(
                plan,
                structure,
                &structure.members.iter().collect::<Vec<_>>(),
            )?;
            if structure.extent == ExtentKind::Partial {
                let place = builder.gazetteer.find_one(&structure.name, Some(plan.date));
                let centre = place
                    .and_then(|found| found.place.position)
                    .ok_or_else(|| BuildError::NoArea {
                        plan: plan.id.clone(),
                        structure: structure.id.clone(),
                        name: structure.name.clone(),
                    })?;
                area.geometry = ellipse(centre, PARTIAL_HALF_AXES_KM);
            }
            Ok(Platform {
                number,
                look,
                plan,
                structure,
                area,
            })
        })
        .collect()
}

/// An ellipse around a position: half-axes in km, east–west and north–south. 72 vertices, counter-clockwise.
fn ellipse(centre: LonLat, (east_km, north_km): (f64, f64)) -> MultiPolygon<f64> {
    const KM_PER_DEGREE: f64 = 111.32;
    let round = |value: f64| (value * 1e6).round() / 1e6;
    let squeeze = centre.lat().to_radians().cos();
    let mut ring: Vec<Coord<f64>> = (0..72_u32)
        .map(|step| {
            let (sin, cos) = (f64::from(step) * 5.0).to_radians().sin_cos();
            Coord {
                x: round(centre.lon() + cos * east_km / (KM_PER_DEGREE * squeeze)),
                y: round(centre.lat() + sin * north_km / KM_PER_DEGREE),
            }
        })
        .collect();
    ring.push(ring[0]);
    MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())])
}

fn feature(builder: &Builder<'_>, platform: &Platform<'_>) -> Feature {
    let quality = if platform.partial() {
        Quality::Partial
    } else {
        Quality::Dissolved
    };
    let note = platform.structure.note.clone().unwrap_or_default();
    let mut properties = cited(platform.plan, platform.structure, quality, &note);
    properties.also = builder.also(platform.plan, platform.structure);
    if properties.theme.is_empty() {
        properties.theme = later_theme(builder, platform.structure).unwrap_or_default();
    }
    if platform.partial() {
        "手工录入的大致位置（gazetteer/data/places/zones.csv）".clone_into(&mut properties.sources);
    }
    area_feature(
        platform.structure.id.clone(),
        platform.area.geometry.clone(),
        properties,
    )
}

/// The theme that the later plan gives the same platform, with where it says so.
fn later_theme(builder: &Builder<'_>, structure: &Structure) -> Option<String> {
    let plan = builder.plan(LATER).ok()?;
    let same = plan.structure(&structure.id)?;
    Some(format!(
        "{}（《{}》{}）",
        same.theme, plan.short_title, same.article
    ))
}

pub(super) fn layer(builder: &Builder<'_>) -> Result<Layer, BuildError> {
    let platforms = platforms(builder)?;
    let mut features: Vec<Feature> = platforms
        .iter()
        .map(|platform| feature(builder, platform))
        .collect();
    // Largest first, so that in programs that draw in file order the small ones lie on top.
    features.sort_by(|a, b| {
        let size = |f: &Feature| f.properties.area_km2.unwrap_or_default();
        size(b).total_cmp(&size(a)).then_with(|| a.id.cmp(&b.id))
    });
    let classes = platforms
        .iter()
        .map(|platform| Class {
            value: platform.structure.map_name().to_owned(),
            title: platform.structure.map_name().to_owned(),
            symbol: platform.look.symbol(platform.partial()),
        })
        .collect();
    let mut missing = Vec::new();
    for plan in [PLAN, LATER] {
        let plan = builder.plan(plan)?;
        // What the articles on the platforms name beside them.
        let of_platforms: Vec<&str> = plan
            .structures
            .iter()
            .filter(|structure| LOOKS.iter().any(|look| look.id == structure.id))
            .flat_map(Structure::articles)
            .collect();
        let beside = |structure: &&Structure| {
            let kind = matches!(
                structure.kind.as_str(),
                "cross_border_platform" | "industrial_park"
            );
            kind && structure
                .articles()
                .any(|article| of_platforms.contains(&article))
        };
        let structures = plan.structures.iter().filter(beside);
        missing.extend(structures.filter_map(|structure| unlocated(plan, structure)));
    }
    Ok(Layer {
        id: ID.to_owned(),
        title: TITLE.to_owned(),
        summary: "川渝共建的跨省市合作平台及其成员".to_owned(),
        tables: vec![Table {
            id: ID.to_owned(),
            title: TITLE.to_owned(),
            geometry: GeometryKind::Polygon,
            features,
            style: Style {
                field: Some("name"),
                classes,
                label: Some(LabelStyle {
                    size_pt: 9.5,
                    bold: true,
                    colour: palette::INK,
                }),
                size: None,
            },
        }],
        unlocated: missing,
    })
}

pub(super) fn map(builder: &Builder<'_>) -> Result<MapPage, BuildError> {
    let platforms = platforms(builder)?;
    let extents = platforms
        .iter()
        .filter_map(|p| p.area.geometry.bounding_rect());
    let focus =
        Extent::around(extents.flat_map(|r| [(r.min().x, r.min().y), (r.max().x, r.max().y)]));
    let focus = focus.unwrap_or(Extent {
        west: 103.0,
        south: 27.5,
        east: 110.0,
        north: 32.5,
    });

    let (overlaps, shared) = overlap_drawings(builder, &platforms)?;
    let (members, mut themed) = member_drawings(builder, &platforms)?;
    themed.extend(
        platforms
            .iter()
            .flat_map(|p| p.area.units.iter().map(|unit| unit.code)),
    );
    let mut drawings = platform_drawings(&platforms);
    drawings.extend(overlaps);
    drawings.extend(members);
    for core in ["成都市", "重庆市"] {
        let found = builder.gazetteer.find_one(core, None);
        let place = found.map(|found| found.place);
        if let Some((place, position)) = place.and_then(|place| Some((place, place.position?))) {
            themed.extend(place.adcode);
            drawings.push(Drawing {
                geometry: Geometry::Point(position.to_point()),
                symbol: Symbol::Landmark,
                label: Some(Label::new(core, LabelRank::Core)),
            });
        }
    }
    let plan = builder.plan(PLAN)?;
    let later = builder.plan(LATER)?;
    Ok(MapPage {
        title: "川渝毗邻地区\n合作平台".to_owned(),
        subtitle: "十个跨省市共建平台：两个统筹、融合发展片区与八个毗邻地区平台".to_owned(),
        citation: format!(
            "《{}》（2021 年 12 月）第四、五、七条；《{}》（2022 年）第三章",
            plan.short_title, later.short_title
        ),
        focus,
        ground: ground(builder, focus, &themed)?,
        drawings,
        legend: legend(&platforms, &shared),
        inset: None,
        sources: format!(
            "《成渝地区双城经济圈建设规划纲要》{}、《{}》；{GROUND_SOURCES}。高竹新区按所含乡镇位置示意。不作为划定行政区域界线的依据。",
            plan.short_title, later.short_title
        ),
        language: Language::Chinese,
    })
}

/// The platforms: large areas first, the others on top of them.
fn platform_drawings(platforms: &[Platform<'_>]) -> Vec<Drawing> {
    let paint_order = platforms
        .iter()
        .filter(|p| p.look.band)
        .chain(platforms.iter().filter(|p| !p.look.band));
    paint_order
        .map(|platform| Drawing {
            geometry: Geometry::MultiPolygon(platform.area.geometry.clone()),
            symbol: platform.look.symbol(platform.partial()),
            label: Some(Label {
                note: platform.partial().then(|| "部分乡镇，范围示意".to_owned()),
                colour: Some(platform.look.ink),
                badge: Some(platform.number),
                ..Label::new(platform.look.lines, LabelRank::Platform)
            }),
        })
        .collect()
}

/// Units that two filled platforms share, in stripes, and which they are in words.
fn overlap_drawings(
    builder: &Builder<'_>,
    platforms: &[Platform<'_>],
) -> Result<(Vec<Drawing>, Vec<String>), BuildError> {
    let mut holders: BTreeMap<u32, (Unit<'static>, Vec<&Platform<'_>>)> = BTreeMap::new();
    for platform in platforms.iter().filter(|p| !p.look.band && !p.partial()) {
        for unit in &platform.area.units {
            holders
                .entry(unit.code)
                .or_insert_with(|| (*unit, Vec::new()))
                .1
                .push(platform);
        }
    }
    let (mut drawings, mut words) = (Vec::new(), Vec::new());
    for (unit, holders) in holders.values() {
        let [first, second, ..] = holders[..] else {
            continue;
        };
        drawings.push(Drawing {
            geometry: Geometry::MultiPolygon(builder.gazetteer.boundaries().union(&[*unit])?),
            symbol: Symbol::Fill {
                paint: Paint::Stripes {
                    first: first.look.fill,
                    second: second.look.fill,
                },
                outline: Some(Stroke::solid(first.look.ink, 0.34)),
            },
            label: None,
        });
        words.push(format!(
            "{}：{} 与 {}",
            gazetteer::short_form(unit.name),
            first.number,
            second.number
        ));
    }
    Ok((drawings, words))
}

/// Members: counties that are named by themselves, and the seats of prefectures.
fn member_drawings(
    builder: &Builder<'_>,
    platforms: &[Platform<'_>],
) -> Result<(Vec<Drawing>, BTreeSet<u32>), BuildError> {
    let (mut drawings, mut themed, mut named) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for platform in platforms.iter().filter(|p| !p.partial()) {
        for found in &platform.area.matches {
            if !named.insert(found.place.number()) {
                continue;
            }
            let units = builder.gazetteer.units_of(&found.place);
            if units.len() == 1 {
                drawings.push(Drawing {
                    geometry: Geometry::MultiPolygon(builder.gazetteer.boundaries().union(&units)?),
                    symbol: Symbol::Fill {
                        paint: Paint::Solid {
                            colour: palette::MEMBER_BORDER,
                            opacity: 0.0,
                        },
                        outline: Some(Stroke::solid(palette::MEMBER_BORDER, 0.3)),
                    },
                    label: Some(Label::new(&found.name, LabelRank::County)),
                });
            } else {
                let (plan, structure) = (platform.plan, platform.structure);
                let Located { found, position } = Builder::located(plan, structure, found.clone())?;
                themed.extend(found.place.adcode);
                drawings.push(Drawing {
                    geometry: Geometry::Point(position.to_point()),
                    symbol: Symbol::Seat,
                    label: Some(Label::new(&found.name, LabelRank::Seat)),
                });
            }
        }
    }
    Ok((drawings, themed))
}

fn legend(platforms: &[Platform<'_>], shared: &[String]) -> Vec<LegendGroup> {
    let items = platforms.iter().map(|platform| LegendItem {
        badge: Some(platform.number),
        note: Some(if platform.partial() {
            "广安邻水、渝北各一部分".to_owned()
        } else {
            super::join(platform.structure.members.iter())
        }),
        ..LegendItem::new(
            platform.look.symbol(platform.partial()),
            platform.structure.map_name(),
        )
    });
    let mut other = Vec::new();
    if !shared.is_empty() {
        let paint = Paint::Stripes {
            first: LOOKS[1].fill,
            second: LOOKS[4].fill,
        };
        let symbol = Symbol::Fill {
            paint,
            outline: None,
        };
        other.push(LegendItem::new(
            symbol,
            &format!("范围重叠（{}）", shared.join("；")),
        ));
    }
    let bands: Vec<String> = platforms
        .iter()
        .filter(|p| p.look.band)
        .map(|platform| platform.number.to_string())
        .collect();
    let band = Symbol::Band {
        colour: LOOKS[0].ink,
    };
    other.push(LegendItem::new(
        band,
        &format!("色带：大片区（{}），与其他平台叠置", bands.join("、")),
    ));
    other.push(LegendItem::new(Symbol::Seat, "市级政府驻地"));
    vec![
        LegendGroup {
            heading: "平台与成员".to_owned(),
            items: items.collect(),
        },
        LegendGroup {
            heading: String::new(),
            items: other,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use gazetteer::{area_m2, geodesic};

    #[test]
    fn the_ellipse_has_its_area_and_its_centre() {
        let centre = LonLat::new(106.79, 30.05).expect("in range");
        let area = ellipse(centre, (7.5, 10.5));
        let expected_km2 = std::f64::consts::PI * 7.5 * 10.5;
        assert!((area_m2(&area) / 1e6 / expected_km2 - 1.0).abs() < 0.01);
        let pole = crate::pole_of_inaccessibility(&area).expect("an area");
        let off = geodesic(centre, LonLat::new(pole.x(), pole.y()).expect("in range")).distance_m;
        assert!(off < 500.0, "{off}");
    }
}
