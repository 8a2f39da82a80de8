//! Ticks and degrees outside of the frame.

use geo::{Coord, LineString};

use super::canvas::Canvas;
use super::pen::Pen;

use super::paths::path_of_lines;
use super::projection::in_degrees;
use super::text::{Run, Type, Typeface, Typesetter};
use super::view::View;

const STYLE: Type = Type::new(Typeface::Regular, 4.6);
const TICK_MM: f64 = 0.9;
/// From the frame to the middle of the text.
const TEXT_MM: f64 = 2.3;
/// No tick this near to a corner.
const CORNER_MM: f64 = 5.0;
const TICK_WIDTH_MM: f64 = 0.16;
/// Lines that are drawn at most in each direction.
const MOST_LINES: usize = 400;
const LINE_MM: f64 = 0.14;
const LINE_OPACITY: f64 = 0.45;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Longitude,
    Latitude,
}

/// Steps between meridians, in degrees.
const STEPS_DEG: [f64; 11] = [
    1.0 / 60.0,
    2.0 / 60.0,
    5.0 / 60.0,
    10.0 / 60.0,
    0.25,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    30.0,
];
/// Lines this far apart at least, and ticks that are no further.
const LEAST_APART_MM: f64 = 19.0;

/// The step that leaves room for its degrees on this map.
fn step(view: &View<'_>) -> f64 {
    let middle = view.frame.centre();
    let across = view.lonlat_at(middle).and_then(|(lon, lat)| {
        let east = view.on_page(lon + 0.01, lat)?;
        Some((east.x - middle.x).hypot(east.y - middle.y) * 100.0)
    });
    let mm_per_degree = across.unwrap_or(f64::INFINITY);
    let mut steps = STEPS_DEG.into_iter();
    steps
        .find(|step| step * mm_per_degree >= LEAST_APART_MM)
        .unwrap_or(STEPS_DEG[10])
}

/// Paints meridians and parallels across the map.
pub(super) fn paint_lines(view: &View<'_>, canvas: &mut Canvas) {
    const PIECES: u32 = 40;
    let look = canvas.look();
    let step = step(view);
    let reach = view.reach;
    let multiples = |from: f64, to: f64| {
        let first = (from / step).ceil();
        std::iter::successors(Some(first), |n| Some(n + 1.0))
            .map(move |n| n * step)
            .take_while(move |degrees| *degrees <= to)
            .take(MOST_LINES)
    };
    let along = |from: f64, to: f64| {
        (0..=PIECES).map(move |piece| from + (to - from) * f64::from(piece) / f64::from(PIECES))
    };
    let south_to_north = multiples(reach.west, reach.east).map(|lon| {
        along(reach.south, reach.north)
            .map(|lat| Coord { x: lon, y: lat })
            .collect()
    });
    let west_to_east = multiples(reach.south, reach.north).map(|lat| {
        along(reach.west, reach.east)
            .map(|lon| Coord { x: lon, y: lat })
            .collect()
    });
    let lines: Vec<LineString<f64>> = south_to_north
        .chain(west_to_east)
        .flat_map(|line: LineString<f64>| view.line(&line))
        .collect();
    canvas.stroke(
        path_of_lines(&lines).as_ref(),
        Pen::new(look.theme.ink3, LINE_MM).opacity(LINE_OPACITY),
    );
}

/// Paints the ticks of all four sides.
pub(super) fn paint(view: &View<'_>, canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
    let look = canvas.look();
    let theme = &look.theme;
    let step = step(view);
    let frame = view.frame;
    let [top_left, top_right, bottom_right, bottom_left] = frame.corners();
    let sides = [
        (
            top_left,
            top_right,
            Coord { x: 0.0, y: -1.0 },
            Axis::Longitude,
        ),
        (
            bottom_left,
            bottom_right,
            Coord { x: 0.0, y: 1.0 },
            Axis::Longitude,
        ),
        (
            top_left,
            bottom_left,
            Coord { x: -1.0, y: 0.0 },
            Axis::Latitude,
        ),
        (
            top_right,
            bottom_right,
            Coord { x: 1.0, y: 0.0 },
            Axis::Latitude,
        ),
    ];
    for (from, to, outward, axis) in sides {
        for (at, degrees) in crossings(view, from, to, axis, step) {
            let tick = LineString(vec![at, at + outward * TICK_MM]);
            canvas.stroke(
                path_of_lines([&tick]).as_ref(),
                Pen::new(theme.frame, TICK_WIDTH_MM).butt(),
            );
            let text = in_degrees(degrees, if axis == Axis::Longitude { "E" } else { "N" });
            let line = typesetter.line(&text, STYLE);
            let centre = at + outward * TEXT_MM;
            // Digits are 0.73 em high.
            let (half, rise) = (line.width / 2.0, 0.365 * STYLE.em());
            let run = match axis {
                Axis::Longitude => Run::level(
                    line,
                    Coord {
                        x: centre.x - half,
                        y: centre.y + rise,
                    },
                ),
                Axis::Latitude => Run {
                    line,
                    at: Coord {
                        x: centre.x + rise,
                        y: centre.y + half,
                    },
                    angle: -std::f64::consts::FRAC_PI_2,
                    skew: 0.0,
                },
            };
            canvas.write(typesetter, &run, theme.ink3);
        }
    }
}

/// Where multiples of `step` degrees cross a side of the frame.
fn crossings(
    view: &View<'_>,
    from: Coord<f64>,
    to: Coord<f64>,
    axis: Axis,
    step: f64,
) -> Vec<(Coord<f64>, f64)> {
    const SAMPLES: u32 = 200;
    let degrees_at = |t: f64| {
        let (lon, lat) = view.lonlat_at(from + (to - from) * t)?;
        Some(if axis == Axis::Longitude { lon } else { lat })
    };
    let length = (to.x - from.x).hypot(to.y - from.y);
    let mut found = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for sample in 0..=SAMPLES {
        let t = f64::from(sample) / f64::from(SAMPLES);
        let Some(value) = degrees_at(t) else { continue };
        if let Some((t0, v0)) = before
            && (v0.min(value) / step).floor() < (v0.max(value) / step).floor()
        {
            let degrees = (v0.max(value) / step).floor() * step;
            // Between samples 1 mm apart degrees grow evenly.
            let t = t0 + (t - t0) * (degrees - v0) / (value - v0);
            if (CORNER_MM..=length - CORNER_MM).contains(&(t * length)) {
                found.push((from + (to - from) * t, degrees));
            }
        }
        before = Some((t, value));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::page_box::PageBox;
    use crate::raster::projection::Projection;
    use gazetteer::Extent;

    #[test]
    fn ticks_stand_where_their_degrees_are_and_not_in_corners() {
        let focus = Extent {
            west: 105.2,
            south: 28.4,
            east: 107.8,
            north: 30.8,
        };
        let projection = Projection::for_focus(focus).expect("a projection");
        let frame = PageBox {
            left: 77.0,
            top: 10.0,
            right: 287.0,
            bottom: 194.0,
        };
        let view = View::of_focus(&projection, focus, frame, 1.0).expect("a view");
        let [a, b, ..] = frame.corners();
        let ticks = crossings(&view, a, b, Axis::Longitude, 0.5);
        assert!(ticks.len() >= 5, "{ticks:?}");
        for (at, degrees) in ticks {
            let (lon, _) = view.lonlat_at(at).expect("in range");
            assert!(
                (lon - degrees).abs() < 1e-4 && (degrees * 2.0).fract() == 0.0,
                "{lon} for {degrees}"
            );
            assert!(at.x - frame.left >= CORNER_MM && frame.right - at.x >= CORNER_MM);
        }
    }
}
