//! Painting lines of the theme: corridors, the axis, and others.

use geo::{Coord, LineString};
use layers::style::{Colour, LineForm, Stroke, Symbol};

use super::canvas::Canvas;
use super::clip;
use super::line_forms::{Ends, paint_line};
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_lines, path_of_ring};
use super::pen::Pen;
use super::scene::{Scene, Shape};
use super::spline::Course;

/// A corridor and the casing below it.
pub(super) const CORRIDOR_MM: f64 = 1.05;
pub(super) const CASING_MM: f64 = 1.75;
const CASING_OPACITY: f64 = 0.9;
/// The axis: opacity of the arrow and of its edge.
const AXIS_OPACITY: f64 = 0.38;
const AXIS_EDGE: (f64, f64) = (0.3, 0.8);

/// A line that leaves the map: its widths at both ends and the length of its head by the width of its stroke, half the width
/// of the head by its length, and how far its tip stays inside the frame.
const ARROW_TAPER: (f64, f64) = (1.0, 1.5);
const ARROW_HEAD: f64 = 5.6;
const ARROW_SLENDER: f64 = 0.46;
const ARROW_INSET_MM: f64 = 2.0;
/// A belt.
const BELT_OPACITY: f64 = 0.36;

/// The measures of a double arrow, in mm.
#[derive(Clone, Copy)]
struct Arrow {
    /// Half the width of the body.
    half_width: f64,
    /// From the tip to the barbs.
    head: f64,
    /// From the ends of the line to the tips.
    gap: f64,
    /// How much its corners are cut.
    round: f64,
}

/// The head is this much wider than the body, and its barbs sweep back by this share of its length.
const HEAD_WIDER: f64 = 1.5;
const BARB: f64 = 0.12;

impl Arrow {
    /// An axis of a width: all else goes with it.
    fn axis(width_mm: f64) -> Self {
        let half_width = width_mm / 2.0;
        Self {
            half_width,
            head: half_width * 2.16,
            gap: half_width * 0.68,
            round: half_width * 0.1,
        }
    }
}

/// An axis in the legend.
const AXIS_SAMPLE: Arrow = Arrow {
    half_width: 1.45,
    head: 3.1,
    gap: 0.0,
    round: 0.2,
};
/// The height of a row that has room for it.
const SAMPLE_HIGH_MM: f64 = 4.6;
/// The least width of an axis that looks as it does on a page of its own: a narrower one leaves no gap at its ends.
const BROAD_MM: f64 = 12.0;

fn courses<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (&'s Symbol, &'s LineString<f64>)> {
    scene
        .drawings
        .iter()
        .filter_map(|placed| match &placed.shape {
            Shape::Course(line) => Some((&placed.drawing.symbol, line)),
            _ => None,
        })
}

/// Axes, below the other lines.
pub(super) fn paint_axes(scene: &Scene<'_>, canvas: &mut Canvas) {
    let mut painted: Vec<(&Symbol, &LineString<f64>)> = Vec::new();
    for (symbol, line) in courses(scene) {
        // Two bands on one river would be twice as strong.
        if painted.contains(&(symbol, line)) {
            continue;
        }
        painted.push((symbol, line));
        match (symbol, Course::new(line)) {
            (
                Symbol::Axis {
                    colour, width_mm, ..
                },
                Some(course),
            ) => {
                paint_arrow(canvas, *colour, &arrow(&course, axis_shape(*width_mm)));
            }
            (Symbol::Belt { colour, width_mm }, Some(_)) => {
                let pen = Pen::new(*colour, *width_mm).opacity(BELT_OPACITY);
                canvas.stroke(path_of_lines([line]).as_ref(), pen);
            }
            _ => {}
        }
    }
}

fn axis_shape(width_mm: f64) -> Arrow {
    let shape = Arrow::axis(width_mm);
    if width_mm < BROAD_MM {
        Arrow { gap: 0.0, ..shape }
    } else {
        shape
    }
}

fn paint_arrow(canvas: &mut Canvas, colour: Colour, ring: &[Coord<f64>]) {
    let path = path_of_ring(ring);
    canvas.fill(path.as_ref(), colour, AXIS_OPACITY);
    canvas.stroke(
        path.as_ref(),
        Pen::new(colour, AXIS_EDGE.0).opacity(AXIS_EDGE.1),
    );
}

/// Corridors and plain lines, in order.
pub(super) fn paint_lines(scene: &Scene<'_>, canvas: &mut Canvas) {
    let mut painted: Vec<(&Symbol, &Vec<LineString<f64>>)> = Vec::new();
    for placed in &scene.drawings {
        let symbol = &placed.drawing.symbol;
        // So would two of the bands below waterways.
        if let (
            Shape::Lines(lines),
            Symbol::Line {
                form: LineForm::Ribbon,
                ..
            },
        ) = (&placed.shape, symbol)
        {
            if painted.contains(&(symbol, lines)) {
                continue;
            }
            painted.push((symbol, lines));
        }
        match (&placed.shape, symbol) {
            (Shape::Course(line), Symbol::Corridor { colour }) => {
                paint_corridor(canvas, line, *colour);
            }
            (Shape::Lines(lines), Symbol::Line { stroke, form }) => {
                paint_line(canvas, lines, stroke, *form, Ends::Round);
            }
            (Shape::Lines(lines), Symbol::Arrow { stroke }) => {
                let within = scene.frame().grown(-ARROW_INSET_MM);
                let seen = lines.iter().flat_map(|line| clip::line(&line.0, within));
                let mut seen: Vec<_> = seen.collect();
                if let Some(tag) = scene.tag {
                    end_before(&mut seen, tag.grown(ARROW_INSET_MM));
                }
                paint_one_way(canvas, seen, stroke);
            }
            _ => {}
        }
    }
}

/// Takes off what the last line has in a box at its end.
fn end_before(lines: &mut Vec<LineString<f64>>, area: PageBox) {
    let Some(last) = lines.last_mut() else { return };
    let mut inside = None;
    while let Some(end) = last.0.pop_if(|end| area.holds_point(*end)) {
        inside = Some(end);
    }
    match (last.0.last(), inside) {
        (Some(outside), Some(inside)) => {
            let entry = area.clip_line(*outside, inside);
            last.0.extend(entry.map(|(entry, _)| entry));
        }
        (None, _) => drop(lines.pop()),
        _ => {}
    }
}

/// Lines that grow wider on their way, with a head at the end of the last; one that is not decided is dashed instead.
pub(super) fn paint_one_way(canvas: &mut Canvas, mut lines: Vec<LineString<f64>>, stroke: &Stroke) {
    let Some(last) = lines.last_mut() else {
        return;
    };
    let Some(tip) = last.0.pop() else { return };
    let head = stroke.width_mm * ARROW_HEAD;
    // The line ends in the head, at the head's length from the tip.
    let far = |p: &Coord<f64>| (p.x - tip.x).hypot(p.y - tip.y);
    while last.0.len() > 1 && last.0.last().is_some_and(|p| far(p) <= head) {
        last.0.pop();
    }
    let Some(from) = last.0.last().copied() else {
        return;
    };
    let length = far(&from).max(f64::MIN_POSITIVE);
    let along = (tip - from) / length;
    let base = tip - along * head.min(length);
    last.0.push(base);
    let across = Coord {
        x: -along.y,
        y: along.x,
    } * (head * ARROW_SLENDER);
    if stroke.dash_mm.is_empty() {
        for body in tapered(&lines, stroke.width_mm) {
            canvas.fill(path_of_ring(&body).as_ref(), stroke.colour, 1.0);
        }
    } else {
        let pen = Pen::new(stroke.colour, stroke.width_mm).dash(&stroke.dash_mm);
        canvas.stroke(path_of_lines(&lines).as_ref(), pen);
    }
    let ring = [tip, base + across, base - across];
    canvas.fill(path_of_ring(&ring).as_ref(), stroke.colour, 1.0);
}

/// The outlines of lines that together grow from one width to another.
fn tapered(lines: &[LineString<f64>], width_mm: f64) -> Vec<Vec<Coord<f64>>> {
    let courses: Vec<Course> = lines.iter().filter_map(Course::new).collect();
    let total: f64 = courses.iter().map(Course::length).sum();
    let mut before = 0.0;
    let outline = |course: &Course| {
        let mut sides: [Vec<Coord<f64>>; 2] = [Vec::new(), Vec::new()];
        for (p, s, heading) in course.vertices() {
            let share = (before + s) / total;
            let (from, to) = ARROW_TAPER;
            let half = (from + (to - from) * share) * width_mm / 2.0;
            let across = Coord {
                x: -heading.sin(),
                y: heading.cos(),
            } * half;
            sides[0].push(p + across);
            sides[1].push(p - across);
        }
        before += course.length();
        let [mut ring, back] = sides;
        ring.extend(back.into_iter().rev());
        ring
    };
    courses.iter().map(outline).collect()
}

fn paint_corridor(canvas: &mut Canvas, line: &LineString<f64>, colour: Colour) {
    let look = canvas.look();
    let theme = &look.theme;
    let path = path_of_lines([line]);
    canvas.stroke(
        path.as_ref(),
        Pen::new(theme.page, CASING_MM).opacity(CASING_OPACITY),
    );
    canvas.stroke(path.as_ref(), Pen::new(colour, CORRIDOR_MM));
}

/// The outline of an axis, for what must know where it lies.
pub(super) fn axis_outline(line: &LineString<f64>, width_mm: f64) -> Option<Vec<Coord<f64>>> {
    Course::new(line).map(|course| arrow(&course, axis_shape(width_mm)))
}

/// A belt in the legend.
pub(super) fn paint_sample_belt(canvas: &mut Canvas, within: PageBox, colour: Colour) {
    let path = path_of_box(within, within.height() / 2.0);
    canvas.fill(path.as_ref(), colour, BELT_OPACITY);
}

/// An axis in the legend.
pub(super) fn paint_sample_axis(canvas: &mut Canvas, within: PageBox, colour: Colour) {
    let y = within.centre().y;
    let line = LineString(vec![
        Coord { x: within.left, y },
        Coord { x: within.right, y },
    ]);
    // In a low row it is as much smaller.
    let share = (within.height() / SAMPLE_HIGH_MM).min(1.0);
    let sample = Arrow {
        half_width: AXIS_SAMPLE.half_width * share,
        head: AXIS_SAMPLE.head * share,
        ..AXIS_SAMPLE
    };
    if let Some(course) = Course::new(&line) {
        paint_arrow(canvas, colour, &arrow(&course, sample));
    }
}

/// A corridor in the legend.
pub(super) fn paint_sample_corridor(canvas: &mut Canvas, within: PageBox, colour: Colour) {
    let y = within.centre().y;
    let line = LineString(vec![
        Coord {
            x: within.left + 0.5,
            y,
        },
        Coord {
            x: within.right - 0.5,
            y,
        },
    ]);
    canvas.stroke(
        path_of_lines([&line]).as_ref(),
        Pen::new(colour, CORRIDOR_MM).butt(),
    );
}

/// A double arrow along a course, as a closed ring with rounded corners.
fn arrow(course: &Course, shape: Arrow) -> Vec<Coord<f64>> {
    const STEP_MM: f64 = 2.0;
    let length = course.length();
    let (from, to) = (shape.gap, length - shape.gap);
    // A short way has short heads: they never meet.
    let head = shape.head.min((to - from) * 0.4);
    let neck = head * (1.0 - BARB);
    let beside = |s: f64, offset: f64| {
        let (p, _) = course.at(s);
        let angle = course.heading(s, 4.0);
        Coord {
            x: p.x - angle.sin() * offset,
            y: p.y + angle.cos() * offset,
        }
    };
    let wide = shape.half_width * HEAD_WIDER;
    let mut body = Vec::new();
    let mut s = from + neck;
    while s < to - neck {
        body.push(s);
        s += STEP_MM;
    }
    body.push(to - neck);

    let mut ring = vec![beside(from, 0.0), beside(from + head, -wide)];
    ring.extend(body.iter().map(|s| beside(*s, -shape.half_width)));
    ring.extend([
        beside(to - head, -wide),
        beside(to, 0.0),
        beside(to - head, wide),
    ]);
    ring.extend(body.iter().rev().map(|s| beside(*s, shape.half_width)));
    ring.push(beside(from + head, wide));
    rounded(&ring, shape.round)
}

/// Cuts the sharp corners of a ring by `cut` mm on both sides and bends a curve into each.
fn rounded(ring: &[Coord<f64>], cut: f64) -> Vec<Coord<f64>> {
    const SHARP: f64 = 0.17;
    let mut round = Vec::with_capacity(ring.len() * 3);
    for (index, &corner) in ring.iter().enumerate() {
        let before = ring[(index + ring.len() - 1) % ring.len()];
        let after = ring[(index + 1) % ring.len()];
        let (a, b) = (before - corner, after - corner);
        let (la, lb) = (a.x.hypot(a.y), b.x.hypot(b.y));
        let turn = (a.x * b.y - a.y * b.x)
            .atan2(-(a.x * b.x + a.y * b.y))
            .abs();
        if turn < SHARP || la < 1e-9 || lb < 1e-9 {
            round.push(corner);
            continue;
        }
        let start = corner + a * (cut.min(la / 2.0) / la);
        let end = corner + b * (cut.min(lb / 2.0) / lb);
        for step in 0..=6 {
            let t = f64::from(step) / 6.0;
            round.push(
                start * ((1.0 - t) * (1.0 - t)) + corner * (2.0 * t * (1.0 - t)) + end * (t * t),
            );
        }
    }
    round
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_keeps_its_gaps_and_its_widths() {
        let line = LineString::from(vec![(0.0, 0.0), (120.0, 0.0)]);
        let ring = arrow(&Course::new(&line).expect("a line"), Arrow::axis(17.6));
        let bounds = PageBox::around(ring.iter().copied()).expect("points");
        // Rounding takes a little from every corner.
        assert!(
            (6.0..7.0).contains(&bounds.left) && (113.0..114.0).contains(&bounds.right),
            "{bounds:?}"
        );
        assert!(
            (bounds.bottom - 13.2).abs() < 0.8 && (bounds.top + 13.2).abs() < 0.8,
            "{bounds:?}"
        );
        let body = ring.iter().filter(|p| (p.x - 60.0).abs() < 20.0);
        assert!(body.clone().count() > 10 && body.clone().all(|p| (p.y.abs() - 8.8).abs() < 1e-6));
    }

    #[test]
    fn an_arrow_ends_before_a_box_at_its_end() {
        let area = PageBox::new(10.0, 0.0, 10.0, 10.0);
        let ending = |points: &[(f64, f64)]| {
            let mut lines = vec![LineString::from(points.to_vec())];
            end_before(&mut lines, area);
            lines
        };
        let kept = ending(&[(0.0, 5.0), (8.0, 5.0), (12.0, 5.0), (14.0, 6.0)]);
        assert_eq!(kept[0].0.last(), Some(&Coord { x: 10.0, y: 5.0 }));
        assert_eq!(kept[0].0.len(), 3);
        // One that passes the box stays whole, one inside it goes.
        let passing = [(0.0, 5.0), (12.0, 5.0), (30.0, 5.0)];
        assert_eq!(ending(&passing), [LineString::from(passing.to_vec())]);
        assert!(ending(&[(11.0, 5.0), (12.0, 5.0)]).is_empty());
    }

    #[test]
    fn the_heads_of_a_short_arrow_do_not_meet() {
        let line = LineString::from(vec![(0.0, 0.0), (30.0, 0.0)]);
        let ring = arrow(&Course::new(&line).expect("a line"), Arrow::axis(17.6));
        assert!(
            ring.iter()
                .any(|p| (p.x - 15.0).abs() < 2.0 && (p.y.abs() - 8.8).abs() < 1e-6)
        );
    }
}
