//! Lines of different classes that share a course are drawn side by side.

use geo::{Coord, LineString};
use layers::style::{LineForm, Symbol};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::scene::{Placed, Shape, UNSEEN_MM};
use super::spline::Course;
use super::thinning;

/// Lines nearer than this, in about the same direction, run on each other: one course is simplified in more than one way.
const NEAR_MM: f64 = 0.9;
/// The greatest sine of the angle between them.
const ALONG: f64 = 0.75;
/// Courses are looked at in steps of this.
const STEP_MM: f64 = 0.5;
/// A stretch shorter than this is a crossing, or a gap in what is shared; lines move aside over this length.
const SHORT_STEPS: usize = 10;
const EASE_STEPS: usize = 5;
/// Between lines side by side.
const GAP_MM: f64 = 0.12;
/// A line that is drawn by hand between places has fewer bends than one each so many mm. Such lines meet in places, and
/// builders bend them apart.
const BENDS_MM: f64 = 4.0;
/// More lines than this are a network.
const MOST_LINES: usize = 120;

/// A stretch of a line: its ends, and the class it is of.
type Stretch = GeomWithData<Rectangle<(f64, f64)>, (Coord<f64>, Coord<f64>, usize)>;

/// Moves lines of different classes apart where they run on each other, each by as much as they are wide together.
pub(super) fn set_apart(drawings: &mut [Placed<'_>]) {
    let lines = drawings
        .iter()
        .filter(|placed| matches!(placed.shape, Shape::Lines(_)));
    if !(2..=MOST_LINES).contains(&lines.count()) {
        return;
    }
    let mut classes: Vec<&Symbol> = Vec::new();
    let mut of_class: Vec<Option<usize>> = Vec::new();
    for placed in drawings.iter() {
        let symbol = &placed.drawing.symbol;
        let natural = match (&placed.shape, symbol) {
            (Shape::Lines(lines), Symbol::Line { .. }) => lines.iter().any(is_natural),
            _ => false,
        };
        of_class.push(natural.then(|| {
            let known = classes.iter().position(|known| *known == symbol);
            known.unwrap_or_else(|| {
                classes.push(symbol);
                classes.len() - 1
            })
        }));
    }
    if classes.len() < 2 {
        return;
    }
    let widths: Vec<f64> = classes.iter().map(|symbol| width_mm(symbol)).collect();
    let mut stretches: Vec<Stretch> = Vec::new();
    for (placed, class) in drawings.iter().zip(&of_class) {
        let (Shape::Lines(lines), Some(class)) = (&placed.shape, class) else {
            continue;
        };
        for line in lines.iter().flat_map(LineString::lines) {
            let (a, b) = (line.start, line.end);
            let area = AABB::from_corners(a.x_y(), b.x_y());
            stretches.push(GeomWithData::new(
                Rectangle::from_aabb(area),
                (a, b, *class),
            ));
        }
    }
    let tree = RTree::bulk_load(stretches);
    for (placed, class) in drawings.iter_mut().zip(of_class) {
        if let (Shape::Lines(lines), Some(class)) = (&mut placed.shape, class) {
            for line in lines {
                if let Some(aside) = aside(line, class, &tree, &widths) {
                    *line = aside;
                }
            }
        }
    }
}

fn is_natural(line: &LineString<f64>) -> bool {
    let length: f64 = line.lines().map(|l| length_of(l.end - l.start)).sum();
    let bends = u32::try_from(line.0.len()).map_or(f64::MAX, f64::from);
    length > 0.0 && length / bends < BENDS_MM
}

fn length_of(way: Coord<f64>) -> f64 {
    way.x.hypot(way.y)
}

/// What a line takes of the paper, from side to side.
fn width_mm(symbol: &Symbol) -> f64 {
    match symbol {
        Symbol::Line { stroke, form } => {
            let band = match form {
                // Bands may lie over each other, the lines on them not.
                LineForm::Ribbon => LineForm::band(true).0 * 0.6,
                _ => 1.0,
            };
            stroke.width_mm * band
        }
        _ => 0.0,
    }
}

/// A line moved aside where others run on it; `None` when none does.
fn aside(
    line: &LineString<f64>,
    class: usize,
    tree: &RTree<Stretch>,
    widths: &[f64],
) -> Option<LineString<f64>> {
    let course = Course::new(line)?;
    let mut steps: Vec<(Coord<f64>, f64)> = Vec::new();
    let mut at = 0.0;
    while at < course.length() {
        steps.push((course.at(at).0, course.heading(at, STEP_MM)));
        at += STEP_MM;
    }
    steps.push((
        course.at(course.length()).0,
        course.heading(course.length(), STEP_MM),
    ));
    let mut offsets: Vec<f64> = steps
        .iter()
        .map(|(p, heading)| offset(*p, *heading, class, tree, widths))
        .collect();
    without_short_runs(&mut offsets);
    if offsets.iter().all(|offset| *offset == 0.0) {
        return None;
    }
    let eased = eased(&eased(&offsets));
    let moved = steps.iter().zip(eased).map(|((p, heading), offset)| {
        *p + Coord {
            x: -heading.sin(),
            y: heading.cos(),
        } * offset
    });
    let moved: Vec<Coord<f64>> = moved.collect();
    Some(thinning::line(&moved, UNSEEN_MM))
}

/// How far a line of a class lies to the right of the course that it shares here, as it looks along its own way.
fn offset(p: Coord<f64>, heading: f64, class: usize, tree: &RTree<Stretch>, widths: &[f64]) -> f64 {
    let own = Coord {
        x: heading.cos(),
        y: heading.sin(),
    };
    let near = AABB::from_corners(
        (p.x - NEAR_MM, p.y - NEAR_MM),
        (p.x + NEAR_MM, p.y + NEAR_MM),
    );
    // For each class that is here, the way of its nearest line.
    let mut here: Vec<(usize, f64, Coord<f64>)> = vec![(class, 0.0, own)];
    for stretch in tree.locate_in_envelope_intersecting(near) {
        let (a, b, of) = stretch.data;
        let way = b - a;
        let length = length_of(way);
        if of == class || length == 0.0 {
            continue;
        }
        let way = way / length;
        let across = own.x * way.y - own.y * way.x;
        let along = ((p - a).x * way.x + (p - a).y * way.y).clamp(0.0, length);
        let away = length_of(p - (a + way * along));
        if across.abs() > ALONG || away > NEAR_MM {
            continue;
        }
        match here.iter_mut().find(|(known, ..)| *known == of) {
            Some(known) if known.1 <= away => {}
            Some(known) => (known.1, known.2) = (away, way),
            None => here.push((of, away, way)),
        }
    }
    here.sort_by_key(|(class, ..)| *class);
    let width = |class: usize| widths.get(class).copied().unwrap_or_default() + GAP_MM;
    let all: f64 = here.iter().map(|(class, ..)| width(*class)).sum();
    let before = here.iter().take_while(|(known, ..)| *known != class);
    let before: f64 = before.map(|(class, ..)| width(*class)).sum();
    // All look along the way of the first class, so that none changes sides.
    let way = here.first().map_or(own, |(.., way)| *way);
    let side = if own.x * way.x + own.y * way.y < 0.0 {
        -1.0
    } else {
        1.0
    };
    if here.len() < 2 {
        return 0.0;
    }
    side * (before + width(class) / 2.0 - all / 2.0)
}

/// Leaves out what is shared for a short way only, then closes short gaps in what is left.
fn without_short_runs(offsets: &mut [f64]) {
    for closing in [false, true] {
        let mut start = 0;
        while start < offsets.len() {
            let zero = offsets[start] == 0.0;
            let run = offsets[start..].iter();
            let length = run.take_while(|offset| (**offset == 0.0) == zero).count();
            let end = start + length;
            if length < SHORT_STEPS && zero == closing {
                let inside = start > 0 && end < offsets.len();
                let value = if closing && inside {
                    offsets[start - 1]
                } else {
                    0.0
                };
                offsets[start..end].fill(value);
            }
            start = end;
        }
    }
}

/// The mean of each and its neighbours.
fn eased(offsets: &[f64]) -> Vec<f64> {
    (0..offsets.len())
        .map(|index| {
            let from = index.saturating_sub(EASE_STEPS);
            let near = &offsets[from..(index + EASE_STEPS + 1).min(offsets.len())];
            let count = u32::try_from(near.len()).map_or(1.0, f64::from);
            near.iter().sum::<f64>() / count
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use geo::Geometry;
    use layers::map::Drawing;
    use layers::style::{Colour, Stroke};

    use super::*;

    /// A winding line between two x.
    fn winding(from: u32, to: u32) -> LineString<f64> {
        let at = |n| {
            let x = f64::from(n);
            Coord {
                x,
                y: 50.0 + 3.0 * (x / 9.0).sin(),
            }
        };
        LineString((from..=to).map(at).collect())
    }

    fn drawing(colour: u32) -> Drawing {
        Drawing {
            geometry: Geometry::LineString(LineString(Vec::new())),
            symbol: Symbol::line(Stroke::solid(Colour::hex(colour), 0.8)),
            label: None,
        }
    }

    fn apart(drawn: &[(&Drawing, LineString<f64>)]) -> Vec<LineString<f64>> {
        let mut placed: Vec<Placed<'_>> = drawn
            .iter()
            .map(|(drawing, line)| Placed {
                drawing,
                shape: Shape::Lines(vec![line.clone()]),
            })
            .collect();
        set_apart(&mut placed);
        let lines = placed.into_iter().filter_map(|placed| match placed.shape {
            Shape::Lines(lines) => lines.into_iter().next(),
            _ => None,
        });
        lines.collect()
    }

    /// How far a line is from the middle of the course at an x.
    fn away(line: &LineString<f64>, x: f64) -> f64 {
        let course = 50.0 + 3.0 * (x / 9.0).sin();
        let near = line
            .lines()
            .find(|l| l.start.x.min(l.end.x) <= x && x < l.start.x.max(l.end.x));
        let near = near.expect("it passes there");
        let t = (x - near.start.x) / (near.end.x - near.start.x);
        near.start.y + (near.end.y - near.start.y) * t - course
    }

    #[test]
    fn lines_of_two_classes_on_one_course_lie_side_by_side() {
        let (red, blue) = (drawing(0x00B2_3A2A), drawing(0x002B_6CA3));
        let mut back = winding(0, 200);
        back.0.reverse();
        for second in [winding(0, 200), back] {
            let lines = apart(&[(&red, winding(0, 100)), (&blue, second)]);
            let (first, second) = (away(&lines[0], 50.0), away(&lines[1], 50.0));
            assert!((0.35..0.6).contains(&first.abs()), "{first}");
            assert!(first * second < 0.0, "{first} {second}");
            // Where it is alone it keeps to the course.
            assert!(away(&lines[1], 150.0).abs() < 0.08);
        }
    }

    #[test]
    fn lines_of_one_class_and_crossings_stay() {
        let (red, blue) = (drawing(0x00B2_3A2A), drawing(0x002B_6CA3));
        let same = apart(&[(&red, winding(0, 100)), (&red, winding(0, 100))]);
        assert_eq!(same, [winding(0, 100), winding(0, 100)]);
        let across = LineString(
            (0..60)
                .map(|n| Coord {
                    x: 50.0,
                    y: 20.0 + f64::from(n),
                })
                .collect(),
        );
        let crossing = apart(&[(&red, winding(0, 100)), (&blue, across.clone())]);
        assert_eq!(crossing, [winding(0, 100), across]);
    }
}
