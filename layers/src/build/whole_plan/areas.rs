//! Areas on a page: which are filled, which hatched, and which have their border alone.

use std::collections::{BTreeMap, BTreeSet};

use gazetteer::Extent;
use geo::{Contains, Geometry, InteriorPoint, MultiPolygon};

use super::features::{Drawn, Part, Shape};
use super::focus::{MOST_TINTED, box_of, extent_of, share_of};
use super::naming::named;
use crate::map::{Drawing, Label, LabelRank};
use crate::palette;
use crate::style::{Colour, Paint, Stroke, Symbol};

/// Opacity of an area of usual size.
const TINT: f64 = 0.18;
const AREA_BORDER_MM: f64 = 0.4;
/// Opacity that areas over each other reach together.
const MOST_TOGETHER: f64 = 0.45;

pub(super) fn area_symbol(colour: Colour, partial: bool) -> Symbol {
    tinted(colour, partial, TINT)
}

fn tinted(colour: Colour, partial: bool, opacity: f64) -> Symbol {
    if partial {
        return Symbol::Fill {
            paint: Paint::Hatch { colour },
            outline: Some(dashes(colour)),
        };
    }
    Symbol::Fill {
        paint: Paint::Solid { colour, opacity },
        outline: Some(Stroke::solid(colour, AREA_BORDER_MM)),
    }
}

/// A partial extent too large for hatching.
fn dashed(colour: Colour) -> Symbol {
    Symbol::Fill {
        paint: Paint::Solid {
            colour,
            opacity: 0.0,
        },
        outline: Some(dashes(colour)),
    }
}

fn dashes(colour: Colour) -> Stroke {
    Stroke {
        dash_mm: vec![1.0, 0.6],
        ..Stroke::solid(colour, AREA_BORDER_MM)
    }
}

pub(super) fn member_symbol(colour: Colour) -> Symbol {
    Symbol::Fill {
        paint: Paint::Solid {
            colour,
            opacity: 0.75,
        },
        outline: Some(Stroke::solid(palette::MEMBER_BORDER, 0.3)),
    }
}

/// Areas of the same units are drawn once, with all their names.
pub(super) fn areas(drawn: &[Drawn], focus: Extent) -> Vec<Drawing> {
    let mut groups: BTreeMap<&[u32], Vec<&Drawn>> = BTreeMap::new();
    for one in drawn {
        if let Shape::Area { codes, .. } = &one.shape {
            groups.entry(codes).or_default().push(one);
        }
    }
    let size = |group: &[&Drawn]| {
        group
            .first()
            .and_then(|one| one.feature.properties.area_km2)
    };
    let mut groups: Vec<Vec<&Drawn>> = groups.into_values().collect();
    groups.sort_by(|a, b| size(b).unwrap_or(0.0).total_cmp(&size(a).unwrap_or(0.0)));
    let with_roles: BTreeSet<&str> = drawn
        .iter()
        .filter(|one| matches!(one.shape, Shape::Member { .. }))
        .map(|one| one.feature.structure())
        .collect();
    let in_roles: BTreeSet<u32> = drawn.iter().flat_map(role_codes).copied().collect();
    let mut over: BTreeMap<u32, i32> = BTreeMap::new();
    for code in groups.iter().filter_map(|group| codes(group)).flatten() {
        *over.entry(*code).or_default() += 1;
    }
    let tint = |group: &[&Drawn]| {
        let codes = codes(group).unwrap_or_default();
        // The colours of roles say something only when nothing lies over them.
        let over_roles = codes.iter().any(|code| in_roles.contains(code))
            || group
                .iter()
                .any(|one| with_roles.contains(one.feature.structure()));
        let deepest = codes.iter().map(|code| over[code]).max();
        if over_roles {
            0.0
        } else {
            tint_of(deepest.unwrap_or(1))
        }
    };
    let tints: Vec<f64> = groups.iter().map(|group| tint(group)).collect();
    let hatched: Vec<Option<&Part>> = groups.iter().map(|group| part_of(group)).collect();
    let alone = groups.len() == 1 && groups[0].len() == drawn.len();
    let each = groups.iter().zip(tints).enumerate();
    let drawings = each.flat_map(|(index, (group, tint))| {
        // Of two hatchings over each other neither is read: that of the smaller area stays.
        let crossed = hatched[index].is_some_and(|part| {
            let mut smaller = hatched[index + 1..].iter().flatten();
            smaller.any(|other| share_land(&part.area, &other.area))
        });
        area(group, focus, tint, (crossed, alone))
    });
    drawings.collect()
}

/// The part that all structures of one area take of it only in part.
fn part_of<'d>(group: &[&'d Drawn]) -> Option<&'d Part> {
    let parts = group.iter().map(|one| match &one.shape {
        Shape::Area { partial, .. } => partial.as_ref(),
        _ => None,
    });
    let parts: Option<Vec<&Part>> = parts.collect();
    parts.and_then(|parts| parts.first().copied())
}

/// Whether areas that are made of whole units have any of it in common.
fn share_land(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    let inside = |a: &MultiPolygon<f64>, b: &MultiPolygon<f64>| {
        let points = b.iter().filter_map(InteriorPoint::interior_point);
        points.into_iter().any(|p| a.contains(&p))
    };
    inside(a, b) || inside(b, a)
}

/// The units that have a colour by their role.
fn role_codes(one: &Drawn) -> &[u32] {
    match &one.shape {
        Shape::Member { codes } => codes,
        _ => &[],
    }
}

/// The units that structures of one area are made of.
fn codes<'d>(group: &[&'d Drawn]) -> Option<&'d [u32]> {
    match &group.first()?.shape {
        Shape::Area { codes, .. } => Some(codes),
        _ => None,
    }
}

/// Opacity of areas of which so many lie over each other somewhere: all of them together still let the ground be seen.
fn tint_of(areas: i32) -> f64 {
    let together = (1.0 - MOST_TOGETHER).powf(1.0 / f64::from(areas));
    TINT.min(1.0 - together)
}

/// Structures of one area: the area with their names, and the parts of it that they all take only in part.
/// A part whose hatching another crosses has its border alone; an area that is `alone` on its page may fill it.
fn area(
    group: &[&Drawn],
    focus: Extent,
    tint: f64,
    (crossed, alone): (bool, bool),
) -> Vec<Drawing> {
    let Some(first) = group.first() else {
        return Vec::new();
    };
    let part = part_of(group);
    let geometry = &first.feature.geometry;
    let all_of_it = part
        .is_some_and(|part| matches!(geometry, Geometry::MultiPolygon(all) if *all == part.area));
    let colour = first.kind.colour;
    // What covers much of the page would tint all that lies in it.
    let share = box_of(&first.feature).map_or(0.0, |b| share_of(b, focus));
    let opacity = match share {
        // Where nothing else is, nothing lies in it.
        share if share > MOST_TINTED && !alone => 0.0,
        share if share > 0.2 => tint / 2.0,
        _ => tint,
    };
    let names: Vec<&str> = group.iter().map(|one| one.label.as_str()).collect();
    let mut label = named(&names, LabelRank::Platform, colour);
    if all_of_it {
        // On hatching only ink is read.
        label.colour = None;
        label.note = Some("部分区域".to_owned());
    }
    let hatched = |geometry: &Geometry<f64>| match extent_of(geometry) {
        Some(extent) if crossed || tint == 0.0 || share_of(extent, focus) > MOST_TINTED => {
            dashed(colour)
        }
        _ => tinted(colour, true, 0.0),
    };
    let mut drawings = vec![Drawing {
        geometry: geometry.clone(),
        symbol: if all_of_it {
            hatched(geometry)
        } else {
            tinted(colour, false, opacity)
        },
        label: Some(label),
    }];
    let parts = part.filter(|_| !all_of_it).map(|part| {
        let geometry = Geometry::MultiPolygon(part.area.clone());
        (part, hatched(&geometry), geometry)
    });
    drawings.extend(parts.map(|(part, symbol, geometry)| Drawing {
        geometry,
        symbol,
        label: Some(Label {
            note: Some("部分区域".to_owned()),
            colour: None,
            ..named(&[&part.names], LabelRank::County, colour)
        }),
    }));
    drawings
}

/// How strongly an area is filled: a tint more than hatching, this more than a border alone, a whole border more than a dashed
/// one.
pub(super) fn strength(symbol: &Symbol) -> f64 {
    match symbol {
        Symbol::Fill { paint, outline } => {
            let dashed = |border: &Stroke| !border.dash_mm.is_empty();
            let border = if outline.as_ref().is_some_and(dashed) {
                -0.2
            } else {
                -0.1
            };
            match paint {
                Paint::Solid { opacity, .. } | Paint::Textured { opacity, .. }
                    if *opacity > 0.0 =>
                {
                    1.0 + opacity
                }
                Paint::Solid { .. } | Paint::Textured { .. } => border,
                Paint::Hatch { .. } | Paint::Stripes { .. } => 0.5,
            }
        }
        _ => 0.0,
    }
}

/// How an area is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AreaForm {
    Filled,
    Hatched,
    Bordered,
    Dashed,
}

/// How an area of a kind is drawn; `None` for what is no area, and for a member, whose border says nothing.
pub(super) fn area_form(symbol: &Symbol) -> Option<AreaForm> {
    let Symbol::Fill { paint, outline } = symbol else {
        return None;
    };
    let border = outline
        .as_ref()
        .filter(|border| border.colour != palette::MEMBER_BORDER)?;
    Some(match paint {
        Paint::Hatch { .. } => AreaForm::Hatched,
        Paint::Solid { opacity, .. } if *opacity == 0.0 && border.dash_mm.is_empty() => {
            AreaForm::Bordered
        }
        Paint::Solid { opacity, .. } if *opacity == 0.0 => AreaForm::Dashed,
        _ => AreaForm::Filled,
    })
}

/// An area of which only the border is left.
pub(super) fn bordered(symbol: Symbol) -> Symbol {
    match symbol {
        Symbol::Fill { outline, .. } => {
            let colour = outline
                .as_ref()
                .map_or(palette::INK, |border| border.colour);
            let paint = Paint::Solid {
                colour,
                opacity: 0.0,
            };
            Symbol::Fill { paint, outline }
        }
        other => other,
    }
}
