//! Signs that lie on each other: where they do, an inset shows them apart.

use gazetteer::Extent;
use geo::{Contains, Coord, LineString};
use layers::map::Language;
use layers::style::{BorderLevel, Symbol};

use super::canvas::Canvas;
use super::inset::{self, InsetPlan, LEAST_GAIN};
use super::labels::Underlay;
use super::page_box::PageBox;
use super::scene::{Scene, Shape};
use super::symbols::{self, radius_mm};
use super::view::View;
use super::words::words;

/// So many signs of which each lies on another, within a window of one of these sizes, are a heap. A smaller window is taken
/// when it holds so much of what the largest does.
const LEAST_SIGNS: usize = 4;
const WINDOWS_MM: [(f64, f64); 3] = [(9.0, 10.0), (13.0, 14.0), (17.0, 18.0)];
const MOST_OF_HEAP: f64 = 0.65;
/// So many points of any kind within the middle window are one too, on each other or not: so many lines meet there that their
/// names find no room.
const LEAST_POINTS: usize = 8;
/// Room around the signs of a heap, and how near to that a sign is taken in.
const AROUND_MM: f64 = 2.6;
const TAKEN_IN_MM: f64 = 2.0;
/// Signs close by are taken in when the inset then still has so much of its scale.
const NEIGHBOURS_SHARE: f64 = 0.79;
/// Insets of a page, and beyond how many signs a page is a cloud of them, which no inset parts.
const MOST_INSETS: usize = 2;
const MOST_SIGNS: usize = 400;
/// The least and the greatest height of an inset in the column, and from one to the next.
const HEIGHT_MM: (f64, f64) = (27.0, 62.0);
/// One in the column is taken when it shows so much of what one in a corner does: it covers nothing.
const COLUMN_SHARE: f64 = 0.7;
const GAP_MM: f64 = 4.0;
/// An inset in a corner keeps so far off the theme.
const CLEAR_MM: f64 = 2.0;

/// A point of the theme on the map.
#[derive(Clone, Copy)]
struct Sign {
    at: Coord<f64>,
    radius: f64,
    /// Whether it is a place on a line, not a thing of its own.
    node: bool,
}

impl Sign {
    fn covers(&self, other: &Self) -> bool {
        (self.at.x - other.at.x).hypot(self.at.y - other.at.y) < (self.radius + other.radius) * 0.9
    }
}

/// The insets that show the heaps of a page: in the column where it has room, else in corners of the map that hold nothing.
pub(super) fn plans<'p>(
    language: Language,
    scene: &Scene<'p>,
    underlay: &Underlay,
    spare: Option<PageBox>,
    canvas: &Canvas,
) -> Vec<InsetPlan<'p>> {
    let mut signs = signs(scene);
    let mut plans: Vec<InsetPlan<'p>> = Vec::new();
    let mut column = spare.map(in_column).unwrap_or_default();
    while plans.len() < MOST_INSETS
        && let Some(heap) = heap(&signs)
    {
        let place = |shown: PageBox| place(scene, underlay, canvas, &plans, (shown, column.last()));
        let alone = heap.grown(AROUND_MM);
        let together = with_neighbours(heap, &signs).grown(AROUND_MM);
        // Neighbours may cost a little of the scale.
        let found = place(alone).map(|found| (alone, found));
        let wider = place(together).map(|found| (together, found));
        let least = found.map_or(LEAST_GAIN, |(_, found)| found.gain * NEIGHBOURS_SHARE);
        let found = wider.filter(|(_, found)| found.gain >= least).or(found);
        let shown = found.map_or(alone, |(shown, _)| shown);
        // What is looked at is not looked at again.
        signs.retain(|sign| !shown.holds_point(sign.at));
        if let Some((shown, found)) = found {
            let title = title(scene, shown.centre(), &plans);
            let plan = InsetPlan {
                view: found.view,
                title: title.unwrap_or(words(language).detail),
                shift_mm: 0.0,
            };
            let source = plan.source(scene);
            signs.retain(|sign| !source.is_some_and(|source| source.holds_point(sign.at)));
            plans.push(plan);
            if found.in_column {
                column.pop();
            }
        }
    }
    plans
}

/// Where an inset goes, and how much larger than the map it is.
#[derive(Clone, Copy)]
struct Found<'p> {
    view: View<'p>,
    gain: f64,
    in_column: bool,
}

/// The place of an inset of a part of the map beside those that are planned; `None` when none makes it large enough.
fn place<'p>(
    scene: &Scene<'p>,
    underlay: &Underlay,
    canvas: &Canvas,
    plans: &[InsetPlan<'p>],
    (shown, column): (PageBox, Option<&PageBox>),
) -> Option<Found<'p>> {
    let taken = |area: PageBox| {
        plans.iter().any(|plan| {
            let source = plan.source(scene);
            plan.view.frame.grown(CLEAR_MM).meets(area)
                || source.is_some_and(|source| source.meets(area.grown(CLEAR_MM)))
        })
    };
    let corner = inset::corners(scene.frame()).into_iter().find(|area| {
        let area = area.grown(CLEAR_MM);
        !area.meets(shown) && !taken(area) && is_empty(scene, underlay, area)
    });
    let extent = Extent::around(scene.view.outline(shown))?;
    let found = |frame: PageBox, in_column: bool| {
        let (projection, unit_mm) = (scene.view.projection, scene.view.unit_mm);
        let view = View::filling(projection, extent, canvas.on_pixels(frame), unit_mm)?;
        let gain = scene.view.ratio / view.ratio;
        (gain >= LEAST_GAIN).then_some(Found {
            view,
            gain,
            in_column,
        })
    };
    let in_corner = corner.and_then(|frame| found(frame, false));
    let least = in_corner.map_or(0.0, |found| found.gain * COLUMN_SHARE);
    let in_column = column.and_then(|frame| found(*frame, true));
    in_column.filter(|found| found.gain >= least).or(in_corner)
}

fn signs(scene: &Scene<'_>) -> Vec<Sign> {
    let mut signs = Vec::new();
    for placed in &scene.drawings {
        let symbol = &placed.drawing.symbol;
        let node = *symbol == Symbol::Seat;
        let counts = node || symbols::colour_of(symbol).is_some();
        if let (Shape::Points(at), Some(radius), true) = (&placed.shape, radius_mm(symbol), counts)
        {
            signs.extend(at.iter().map(|at| Sign {
                at: *at,
                radius,
                node,
            }));
        }
    }
    if signs.len() > MOST_SIGNS {
        signs.clear();
    }
    signs
}

/// The heap of most signs: the box around their centres.
fn heap(signs: &[Sign]) -> Option<PageBox> {
    let things: Vec<Sign> = signs.iter().filter(|sign| !sign.node).copied().collect();
    let covered = things.iter().enumerate().filter(|(index, sign)| {
        let mut others = things.iter().enumerate();
        others.any(|(other, of)| other != *index && of.covers(sign))
    });
    let covered: Vec<Sign> = covered.map(|(_, sign)| *sign).collect();
    let found = WINDOWS_MM.map(|size| fullest(&covered, size, LEAST_SIGNS));
    let most = found.iter().flatten().map(|(count, _)| *count).max();
    let Some(most) = most else {
        let nodes = signs.iter().any(|sign| sign.node);
        let crowd = fullest(signs, WINDOWS_MM[1], LEAST_POINTS).filter(|_| nodes);
        return crowd.map(|(_, around)| around);
    };
    let enough = |count: usize| as_number(count) >= as_number(most) * MOST_OF_HEAP;
    let mut found = found.into_iter().flatten();
    found
        .find(|(count, _)| enough(*count))
        .map(|(_, around)| around)
}

fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// The window of a size with most signs: how many, and the box around their centres. `None` when these are no heap.
fn fullest(signs: &[Sign], (width, height): (f64, f64), least: usize) -> Option<(usize, PageBox)> {
    let mut best: Option<(usize, f64, PageBox)> = None;
    let windows = signs
        .iter()
        .flat_map(|left| signs.iter().map(move |top| (left.at.x, top.at.y)));
    for (x, y) in windows {
        let window = PageBox::new(x, y, width, height);
        let inside = || signs.iter().filter(|sign| window.holds_point(sign.at));
        let count = inside().count();
        if count < best.map_or(least, |(count, ..)| count) {
            continue;
        }
        let Some(around) = PageBox::around(inside().map(|sign| sign.at)) else {
            continue;
        };
        let size = around.width() + around.height();
        // Of equals the smaller one, and of these the first.
        if best.is_none_or(|(other, larger, _)| count > other || size < larger) {
            best = Some((count, size, around));
        }
    }
    best.map(|(count, _, around)| (count, around))
}

/// The box of a heap with the signs close by: the outline of an inset would cut them.
fn with_neighbours(heap: PageBox, signs: &[Sign]) -> PageBox {
    let near = heap.grown(AROUND_MM + TAKEN_IN_MM);
    let inside = signs.iter().filter(|sign| near.holds_point(sign.at));
    PageBox::around(inside.map(|sign| sign.at)).map_or(heap, |around| around.union(heap))
}

/// The places of insets in what is free of the column, from its foot up; the one to be used first is the last.
fn in_column(spare: PageBox) -> Vec<PageBox> {
    let (least, most) = HEIGHT_MM;
    let mut places = Vec::new();
    let mut free = spare;
    while places.len() < MOST_INSETS && free.height() >= least {
        let top = free.bottom - free.height().min(most);
        places.insert(0, PageBox { top, ..free });
        free.bottom = top - GAP_MM;
    }
    places
}

/// Whether nothing of the theme lies in a box.
fn is_empty(scene: &Scene<'_>, underlay: &Underlay, area: PageBox) -> bool {
    let crossed = |line: &LineString<f64>| {
        line.lines()
            .any(|line| area.clip_line(line.start, line.end).is_some())
    };
    let lies_in = |shape: &Shape| match shape {
        Shape::Points(at) => at.iter().any(|p| area.holds_point(*p)),
        Shape::Lines(lines) => lines.iter().any(crossed),
        Shape::Course(line) => crossed(line),
        Shape::Area(area) => area
            .iter()
            .any(|polygon| crossed(polygon.exterior()) || polygon.interiors().iter().any(crossed)),
    };
    underlay.theme_share(area) == 0.0 && !scene.drawings.iter().any(|placed| lies_in(&placed.shape))
}

/// The name of the unit that a heap lies in; not one that another inset has.
fn title<'p>(scene: &Scene<'p>, at: Coord<f64>, others: &[InsetPlan<'_>]) -> Option<&'p str> {
    let levels = [
        BorderLevel::Prefecture,
        BorderLevel::Province,
        BorderLevel::County,
    ];
    let named = levels.into_iter().filter_map(|level| {
        let mut units = scene.units().filter(|(unit, _)| unit.level == level);
        let holding = units.find(|(_, area)| area.contains(&at));
        holding.map(|(unit, _)| unit.name.as_str())
    });
    let mut free = named.filter(|name| !others.iter().any(|plan| plan.title == *name));
    free.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(x: f64, y: f64) -> Sign {
        Sign {
            at: Coord { x, y },
            radius: 2.0,
            node: false,
        }
    }

    #[test]
    fn signs_that_lie_apart_are_no_heap() {
        let apart: Vec<Sign> = (0..9_u32)
            .map(|n| sign(f64::from(n % 3) * 4.0, f64::from(n / 3) * 4.0))
            .collect();
        assert!(heap(&apart).is_none());
        // Pairs all over the map are none either.
        let pairs: Vec<Sign> = (0..9_u32)
            .flat_map(|n| {
                [
                    sign(f64::from(n) * 20.0, 0.0),
                    sign(f64::from(n) * 20.0, 1.0),
                ]
            })
            .collect();
        assert!(heap(&pairs).is_none());
    }

    #[test]
    fn the_largest_heap_is_found_whole() {
        let mut signs: Vec<Sign> = (0..4_u32).map(|n| sign(f64::from(n), 0.0)).collect();
        signs.extend((0..6_u32).map(|n| sign(100.0 + f64::from(n) * 2.0, 50.0)));
        let found = heap(&signs).expect("a heap");
        // Five of six fit the smallest window.
        assert_eq!(found, PageBox::new(100.0, 50.0, 8.0, 0.0));
    }

    #[test]
    fn insets_hang_from_the_foot_of_the_column() {
        let of = |height: f64| in_column(PageBox::new(10.0, 60.0, 59.0, height));
        assert!(of(26.0).is_empty());
        assert_eq!(of(50.0), [PageBox::new(10.0, 60.0, 59.0, 50.0)]);
        assert_eq!(of(80.0), [PageBox::new(10.0, 78.0, 59.0, 62.0)]);
        let two = [
            PageBox::new(10.0, 60.0, 59.0, 34.0),
            PageBox::new(10.0, 98.0, 59.0, 62.0),
        ];
        assert_eq!(of(100.0), two);
    }
}
