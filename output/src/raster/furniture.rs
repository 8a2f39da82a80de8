//! Scale bar, ratio, name of the projection, and north arrow.

use gazetteer::{LonLat, geodesic};
use geo::Coord;
use layers::map::Language;

use super::canvas::Canvas;
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_ring};
use super::pen::Pen;
use super::rendered::ScaleBar;
use super::text::{Run, Type, Typeface, Typesetter};
use super::view::View;
use super::words::{projection, words};

const SMALL: Type = Type::new(Typeface::Regular, 5.6);
/// Above the foot of the block.
const NUMBERS_UP: f64 = 10.6;
const BAR_UP: f64 = 9.3;
const BAR_HEIGHT: f64 = 1.0;
const RATIO_UP: f64 = 4.8;
const PROJECTION_UP: f64 = 0.3;
/// Least and greatest length of one of the two parts of the scale bar, in mm.
const PART_MM: (f64, f64) = (9.0, 24.0);
/// North arrow: its centre from the right and above the foot of the block, width, height.
const NORTH_IN: (f64, f64) = (3.2, 12.3);
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
    canvas.write(
        typesetter,
        &Run::level(typesetter.line(text, style), Coord { x, y }),
        colour,
    );
}

/// Paints scale, ratio, projection and north at the foot of a block. `paper` is what the ratio is true for.
pub(super) fn paint(
    view: &View<'_>,
    block: PageBox,
    (paper, language): (&str, Language),
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> ScaleBar {
    let look = canvas.look();
    let theme = &look.theme;
    let mm_per_km = mm_per_km(view).unwrap_or_else(|| view.per_metre() * 1000.0);
    let part = part_km(mm_per_km);
    let part_mm = part * mm_per_km;
    let bar = PageBox::new(block.left, block.bottom - BAR_UP, part_mm * 2.0, BAR_HEIGHT);
    canvas.fill(path_of_box(bar, 0.0).as_ref(), theme.page, 1.0);
    canvas.fill(
        path_of_box(
            PageBox {
                right: block.left + part_mm,
                ..bar
            },
            0.0,
        )
        .as_ref(),
        theme.ink,
        1.0,
    );
    canvas.stroke(path_of_box(bar, 0.0).as_ref(), Pen::new(theme.ink, 0.14));
    for (count, unit) in [(0.0, ""), (1.0, ""), (2.0, " km")] {
        let number = format!("{}", count * part);
        let width = typesetter.width(&number, SMALL);
        // The figures stand over their marks; the first starts at the column's edge.
        let x = block.left + part_mm * count - if count == 0.0 { 0.0 } else { width / 2.0 };
        write(
            canvas,
            typesetter,
            &format!("{number}{unit}"),
            SMALL,
            (x, block.bottom - NUMBERS_UP),
            theme.ink2,
        );
    }
    let words = words(language);
    let (open, close) = words.brackets;
    let ratio = format!("1 : {}{open}{paper}{close}", grouped(view.ratio));
    write(
        canvas,
        typesetter,
        &ratio,
        SMALL,
        (block.left, block.bottom - RATIO_UP),
        theme.ink2,
    );
    let description = &*projection(language, &view.projection.description);
    let full = typesetter.width(description, SMALL);
    let style = SMALL.sized(SMALL.size_pt * (block.width() / full).min(0.98));
    write(
        canvas,
        typesetter,
        description,
        style,
        (block.left, block.bottom - PROJECTION_UP),
        theme.ink3,
    );
    paint_north(view, block, words.north, canvas, typesetter);
    ScaleBar {
        length_km: part * 2.0,
        length_mm: part_mm * 2.0 * view.unit_mm,
        ends: ends(view, part_mm),
    }
}

/// Where the ends of a bar of two parts would lie in the middle of the map.
fn ends(view: &View<'_>, part: f64) -> Option<[(f64, f64); 2]> {
    let Coord { x, y } = view.frame.centre();
    let at = |x: f64| view.lonlat_at(Coord { x, y });
    Some([at(x - part)?, at(x + part)?])
}

fn paint_north(
    view: &View<'_>,
    block: PageBox,
    north: &str,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let angle = view.convergence(view.frame.centre());
    let (sin, cos) = angle.sin_cos();
    let at = |x: f64, y: f64| Coord {
        x: block.right - NORTH_IN.0 + x * cos - y * sin,
        y: block.bottom - NORTH_IN.1 + x * sin + y * cos,
    };
    let (half, tall) = (NORTH_MM.0 / 2.0, NORTH_MM.1 / 2.0);
    let notch = tall - 1.5;
    let dart = [
        at(0.0, -tall),
        at(half, tall),
        at(0.0, notch),
        at(-half, tall),
    ];
    canvas.fill(path_of_ring(&dart).as_ref(), theme.page, 1.0);
    canvas.fill(path_of_ring(&dart[..3]).as_ref(), theme.ink, 1.0);
    canvas.stroke(path_of_ring(&dart).as_ref(), Pen::new(theme.ink, 0.18));
    let style = Type::new(Typeface::Bold, 6.6);
    let line = typesetter.line(north, style);
    let centre = at(0.0, -tall - 1.9);
    let origin = Coord {
        x: centre.x - line.width / 2.0,
        y: style.baseline_at(centre.y),
    };
    canvas.write(typesetter, &Run::level(line, origin), theme.ink);
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
