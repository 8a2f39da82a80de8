//! Ticks and degrees outside of the frame.

use gazetteer::Extent;
use geo::{Coord, LineString};

use super::canvas::{Canvas, Pen};
use super::colour::{FRAME, INK3};
use super::paths::path_of_lines;
use super::projection::in_degrees;
use super::text::{Type, Typeface, Typesetter};
use super::view::View;

const STYLE: Type = Type::new(Typeface::Regular, 4.6);
const TICK_MM: f64 = 0.9;
/// From the frame to the middle of the text.
const TEXT_MM: f64 = 2.3;
/// No tick this near to a corner.
const CORNER_MM: f64 = 5.0;
/// Under this width of the focus there is a tick every half degree.
const WIDE_DEG: f64 = 4.0;
const TICK_WIDTH_MM: f64 = 0.16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Longitude,
    Latitude,
}

/// Paints the ticks of all four sides.
pub(super) fn paint(
    view: &View<'_>,
    focus: Extent,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let step = if focus.east - focus.west < WIDE_DEG {
        0.5
    } else {
        1.0
    };
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
                Pen::new(FRAME, TICK_WIDTH_MM).butt(),
            );
            let text = in_degrees(degrees, if axis == Axis::Longitude { "E" } else { "N" });
            let line = typesetter.line(&text, STYLE);
            let centre = at + outward * TEXT_MM;
            // Digits are 0.73 em high.
            let (half, rise) = (line.width / 2.0, 0.365 * STYLE.em());
            let path = match axis {
                Axis::Longitude => typesetter.outline(
                    &line,
                    Coord {
                        x: centre.x - half,
                        y: centre.y + rise,
                    },
                ),
                Axis::Latitude => {
                    let origin = Coord {
                        x: centre.x + rise,
                        y: centre.y + half,
                    };
                    typesetter.outline_turned(&line, origin, -std::f64::consts::FRAC_PI_2, 0.0)
                }
            };
            if let Some(path) = path {
                canvas.fill_glyphs(&path, INK3);
            }
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
        let view = View::of_focus(&projection, focus, frame).expect("a view");
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
