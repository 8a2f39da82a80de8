//! Scale bar, ratio, name of the projection, and north arrow.

use gazetteer::{LonLat, geodesic};
use geo::Coord;

use super::canvas::{Canvas, Pen};
use super::colour::{INK, INK2, INK3, PAGE};
use super::column::{LEFT, WIDTH};
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_ring};
use super::rendered::ScaleBar;
use super::text::{Type, Typeface, Typesetter};
use super::view::View;

const SMALL: Type = Type::new(Typeface::Regular, 5.6);
const NUMBERS_BASELINE: f64 = 183.4;
const BAR_TOP: f64 = 184.7;
const BAR_HEIGHT: f64 = 1.0;
const RATIO_BASELINE: f64 = 189.2;
const PROJECTION_BASELINE: f64 = 193.7;
/// Least and greatest length of one of the two parts of the scale bar, in mm.
const PART_MM: (f64, f64) = (9.0, 24.0);
/// North arrow: centre, width, height.
const NORTH_CENTRE: Coord<f64> = Coord { x: 65.8, y: 181.7 };
const NORTH_MM: (f64, f64) = (4.0, 9.8);

/// Digits in groups of three, with thin spaces.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// The length of one part of a scale bar in km: 1, 2 or 5 times a power of ten, between 9 and 24 mm long.
fn part_km(mm_per_km: f64) -> f64 {
    let mut power = 1e-3;
    loop {
        for step in [1.0, 2.0, 5.0] {
            // At most the last step is over the limit: from each to the next it is at most 2.5 times as long.
            if step * power * mm_per_km >= PART_MM.0 {
                return step * power;
            }
        }
        power *= 10.0;
    }
}

/// Millimetres on the page for a kilometre along the parallel, at the centre of the frame.
fn mm_per_km(view: &View<'_>) -> Option<f64> {
    const REACH_MM: f64 = 10.0;
    let centre = view.frame.centre();
    let (lon, lat) = view.lonlat_at(centre)?;
    let (east, _) = view.lonlat_at(Coord {
        x: centre.x + REACH_MM,
        y: centre.y,
    })?;
    let (from, to) = (LonLat::new(lon, lat).ok()?, LonLat::new(east, lat).ok()?);
    let end = view.on_page(east, lat)?;
    let mm = (end.x - centre.x).hypot(end.y - centre.y);
    Some(mm / (geodesic(from, to).distance_m / 1000.0))
}

fn write(
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
    text: &str,
    style: Type,
    (x, y): (f64, f64),
    colour: layers::style::Colour,
) {
    if let Some(path) = typesetter.outline(&typesetter.line(text, style), Coord { x, y }) {
        canvas.fill_glyphs(&path, colour);
    }
}

/// Paints the foot of the column.
pub(super) fn paint(view: &View<'_>, canvas: &mut Canvas, typesetter: &Typesetter<'_>) -> ScaleBar {
    let mm_per_km = mm_per_km(view).unwrap_or(1e6 / view.ratio);
    let part = part_km(mm_per_km);
    let part_mm = part * mm_per_km;
    let bar = PageBox::new(LEFT, BAR_TOP, part_mm * 2.0, BAR_HEIGHT);
    canvas.fill(path_of_box(bar, 0.0).as_ref(), PAGE, 1.0);
    canvas.fill(
        path_of_box(
            PageBox {
                right: LEFT + part_mm,
                ..bar
            },
            0.0,
        )
        .as_ref(),
        INK,
        1.0,
    );
    canvas.stroke(path_of_box(bar, 0.0).as_ref(), Pen::new(INK, 0.14));
    for (count, unit) in [(0.0, ""), (1.0, ""), (2.0, " km")] {
        let number = format!("{}", count * part);
        let width = typesetter.width(&number, SMALL);
        // The figures stand over their marks; the first starts at the column's edge.
        let x = LEFT + part_mm * count - if count == 0.0 { 0.0 } else { width / 2.0 };
        write(
            canvas,
            typesetter,
            &format!("{number}{unit}"),
            SMALL,
            (x, NUMBERS_BASELINE),
            INK2,
        );
    }
    let ratio = format!("1 : {}（A4）", grouped(view.ratio));
    write(
        canvas,
        typesetter,
        &ratio,
        SMALL,
        (LEFT, RATIO_BASELINE),
        INK2,
    );
    let description = &view.projection.description;
    let full = typesetter.width(description, SMALL);
    let style = SMALL.sized(SMALL.size_pt * (WIDTH / full).min(0.98));
    write(
        canvas,
        typesetter,
        description,
        style,
        (LEFT, PROJECTION_BASELINE),
        INK3,
    );
    paint_north(view, canvas, typesetter);
    ScaleBar {
        length_km: part * 2.0,
        length_mm: part_mm * 2.0,
    }
}

fn paint_north(view: &View<'_>, canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
    let angle = view.convergence(view.frame.centre());
    let (sin, cos) = angle.sin_cos();
    let at = |x: f64, y: f64| Coord {
        x: NORTH_CENTRE.x + x * cos - y * sin,
        y: NORTH_CENTRE.y + x * sin + y * cos,
    };
    let (half, tall) = (NORTH_MM.0 / 2.0, NORTH_MM.1 / 2.0);
    let notch = tall - 1.5;
    let dart = [
        at(0.0, -tall),
        at(half, tall),
        at(0.0, notch),
        at(-half, tall),
    ];
    canvas.fill(path_of_ring(&dart).as_ref(), PAGE, 1.0);
    canvas.fill(path_of_ring(&dart[..3]).as_ref(), INK, 1.0);
    canvas.stroke(path_of_ring(&dart).as_ref(), Pen::new(INK, 0.18));
    let style = Type::new(Typeface::Bold, 6.6);
    let line = typesetter.line("北", style);
    let centre = at(0.0, -tall - 1.9);
    let origin = Coord {
        x: centre.x - line.width / 2.0,
        y: style.baseline_at(centre.y),
    };
    if let Some(path) = typesetter.outline(&line, origin) {
        canvas.fill_glyphs(&path, INK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_scale_bar_are_round_and_of_a_good_length() {
        for (ratio, km) in [
            (1.6e6, 20.0),
            (1.8e6, 20.0),
            (3e6, 50.0),
            (5e4, 0.5),
            (1e6, 10.0),
            (2.4e6, 50.0),
        ] {
            let mm_per_km = 1e6 / ratio;
            assert!(
                (part_km(mm_per_km) - km).abs() < 1e-9,
                "1:{ratio}: {}",
                part_km(mm_per_km)
            );
        }
        let mut ratio = 1e4;
        while ratio < 1e8 {
            let mm = part_km(1e6 / ratio) * 1e6 / ratio;
            assert!(
                (PART_MM.0 - 1e-9..=PART_MM.1).contains(&mm),
                "1:{ratio}: {mm} mm"
            );
            ratio *= 1.07;
        }
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(grouped(1_600_000.0), "1\u{2009}600\u{2009}000");
        assert_eq!(grouped(800_000.0), "800\u{2009}000");
        assert_eq!(grouped(12.0), "12");
    }
}
