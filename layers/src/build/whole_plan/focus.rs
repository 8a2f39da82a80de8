//! What a page shows: the land of a plan, or the part of it where a theme lies.

use gazetteer::{Extent, LonLat};
use geo::{BoundingRect, Geometry};

use super::features::{Drawn, Shape};
use crate::model::Feature;

/// Room around what is drawn, in degrees.
const MARGIN_DEG: f64 = 0.25;
/// How far from the plan's seats the borders of its areas may lie, in degrees.
const NEAR_DEG: f64 = 0.6;
/// The least a page shows in each direction, in degrees.
const LEAST_DEG: f64 = 0.8;
/// A theme that needs less than this share of the length that the plan's land does gets a page of its own scale.
const SMALL: f64 = 0.88;
/// So few things are shown whole.
const FEW_THINGS: usize = 4;
/// A theme is one of rivers when one in so many of its things is the course of one.
const RIVERS_SHARE: usize = 4;
/// How wide a map is to its height.
const MAP_SHAPE: f64 = 1.14;
/// What is smaller than this is a place, not a land, in degrees.
const PLACE_DEG: f64 = 0.3;
/// So many areas, wider than the plan's land, are shown whole when they are all that there is.
const FEW_AREAS: usize = 2;
/// What is this much wider than the plan's land is a part of the country, which no page of the plan shows.
const FAR_WIDER: f64 = 2.0;
/// The share of a page from which on an area is its border alone: its tint or hatching would lie below all else.
pub(super) const MOST_TINTED: f64 = 0.5;

/// Where a plan's places lie: around its anchors, the places it is sure of, with the areas near them.
pub(super) fn core_of<'d>(
    anchors: &[LonLat],
    features: impl Iterator<Item = &'d Feature>,
) -> Extent {
    let anchors = anchors.iter().map(|at| (at.lon(), at.lat()));
    let boxes: Vec<Extent> = features.filter_map(box_of).collect();
    let core = Extent::around(anchors).map(|seats| {
        // Areas reach beyond the seats in them; those of whole provinces and more would shrink all else.
        let near = seats.grown(NEAR_DEG);
        let of_plan = boxes.iter().filter(|b| overlap(**b, near) == Some(**b));
        of_plan.copied().fold(seats, Extent::union)
    });
    // A plan without a sure place is shown with all that it has.
    let core = core
        .or_else(|| boxes.into_iter().reduce(Extent::union))
        .unwrap_or(Extent {
            west: 73.0,
            south: 18.0,
            east: 135.0,
            north: 54.0,
        });
    at_least(core.grown(MARGIN_DEG))
}

/// What a page must show: the plan's land, or the part of it where the theme lies.
pub(super) fn focus(core: Extent, drawn: &[Drawn]) -> Extent {
    if let Some(whole) = whole_areas(core, drawn) {
        return whole;
    }
    let Some(seen) = seen(core, drawn) else {
        // Nothing of the theme lies in the plan's land.
        let boxes = drawn.iter().filter_map(|drawn| box_of(&drawn.feature));
        return at_least(
            boxes
                .reduce(Extent::union)
                .unwrap_or(core)
                .grown(MARGIN_DEG),
        );
    };
    // A place alone says nothing without the land that it lies in.
    let place = (seen.east - seen.west).max(seen.north - seen.south) < PLACE_DEG;
    let own = at_least(seen.grown(MARGIN_DEG));
    if !place && length_of(own) < length_of(core) * SMALL {
        own
    } else {
        core
    }
}

/// The part of the plan's land where a theme lies: what any page cuts off, ways that lead away and wide areas, is not asked
/// where there is more.
fn seen(core: Extent, drawn: &[Drawn]) -> Option<Extent> {
    let inside = |extents: &mut dyn Iterator<Item = Extent>| {
        let inside = extents.filter_map(|extent| overlap(extent, core));
        inside.reduce(Extent::union)
    };
    let mut all = drawn.iter().filter_map(|one| box_of(&one.feature));
    if drawn.len() <= FEW_THINGS {
        return inside(&mut all);
    }
    // Rivers that are most of a theme are what it shows; beside other things they are cut as well.
    let rivers = drawn
        .iter()
        .filter(|one| matches!(&one.shape, Shape::Line { nodes } if nodes.is_empty()));
    let of_rivers = rivers.count() * RIVERS_SHARE >= drawn.len();
    let mut told = drawn.iter().filter_map(|one| match &one.shape {
        Shape::Line { nodes } if nodes.is_empty() && of_rivers => box_of(&one.feature),
        Shape::Line { nodes } => {
            let mut places = nodes.iter().map(|node| extent_at(node.at));
            inside(&mut places)
        }
        Shape::Area { .. } => {
            let extent = box_of(&one.feature)?;
            (share_of(extent, core) <= MOST_TINTED).then_some(extent)
        }
        _ => box_of(&one.feature),
    });
    let told = inside(&mut told);
    let boxes = || drawn.iter().filter_map(|one| box_of(&one.feature));
    let Some(told) = told else {
        return inside(&mut boxes());
    };
    // Nothing of the theme is left out for that.
    let beside = inside(&mut boxes().filter(|extent| !extent.intersects(told)));
    Some(beside.map_or(told, |beside| told.union(beside)))
}

/// The whole of what a theme of nothing but a few wide areas shows: of their borders the plan's land has hardly any.
fn whole_areas(core: Extent, drawn: &[Drawn]) -> Option<Extent> {
    let all = drawn
        .iter()
        .all(|one| matches!(one.shape, Shape::Area { .. }));
    let wide = |extent: &Extent| share_of(*extent, core) > MOST_TINTED;
    let boxes: Vec<Extent> = drawn
        .iter()
        .filter_map(|one| box_of(&one.feature))
        .collect();
    let few = all && boxes.len() <= FEW_AREAS && boxes.iter().all(wide);
    let whole = boxes.into_iter().reduce(Extent::union).filter(|_| few)?;
    let near = |whole: f64, core: f64| whole < core * FAR_WIDER;
    let seen = near(whole.east - whole.west, core.east - core.west)
        && near(whole.north - whole.south, core.north - core.south);
    seen.then(|| at_least(whole.union(core).grown(MARGIN_DEG)))
}

pub(super) fn box_of(feature: &Feature) -> Option<Extent> {
    extent_of(&feature.geometry)
}

pub(super) fn extent_of(geometry: &Geometry<f64>) -> Option<Extent> {
    let rect = geometry.bounding_rect()?;
    let (min, max) = (rect.min(), rect.max());
    Extent::around([(min.x, min.y), (max.x, max.y)])
}

fn overlap(a: Extent, b: Extent) -> Option<Extent> {
    a.intersects(b).then(|| Extent {
        west: a.west.max(b.west),
        south: a.south.max(b.south),
        east: a.east.min(b.east),
        north: a.north.min(b.north),
    })
}

fn extent_at(at: LonLat) -> Extent {
    Extent {
        west: at.lon(),
        south: at.lat(),
        east: at.lon(),
        north: at.lat(),
    }
}

/// How much of `page` an extent covers, 0 to 1.
pub(super) fn share_of(extent: Extent, page: Extent) -> f64 {
    let size = |e: Extent| (e.east - e.west) * (e.north - e.south);
    overlap(extent, page).map_or(0.0, |both| size(both) / size(page))
}

/// What decides the scale of a page that shows an extent: its width, or its height as a width, in degrees of latitude.
fn length_of(extent: Extent) -> f64 {
    let middle = f64::midpoint(extent.south, extent.north).to_radians();
    let width = (extent.east - extent.west) * middle.cos();
    width.max((extent.north - extent.south) * MAP_SHAPE)
}

/// An extent that is wide and high enough for a page.
fn at_least(extent: Extent) -> Extent {
    let short = |from: f64, to: f64| ((LEAST_DEG - (to - from)) / 2.0).max(0.0);
    let more = short(extent.west, extent.east).max(short(extent.south, extent.north));
    extent.grown(more)
}
