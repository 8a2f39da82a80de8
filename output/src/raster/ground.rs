//! Painting the land below the theme.

use geo::LineString;
use layers::style::{BorderLevel, Colour};

use super::canvas::Canvas;
use super::pen::Pen;

use super::page_box::PageBox;
use super::paths::{path_of_area, path_of_box, path_of_lines};
use super::scene::{SMALL_RIVER, Scene};

/// Dashes of prefecture and province borders, in mm.
const PREFECTURE_DASH: [f64; 2] = [1.5, 0.6];
const PROVINCE_DASH: [f64; 4] = [2.6, 0.8, 0.35, 0.8];
/// White beside a river over a fill, on both sides together.
const CASING_MM: f64 = 0.36;

/// The two grounds.
pub(super) fn paint_land(scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    canvas.fill(
        path_of_box(scene.frame().grown(1.0), 0.0).as_ref(),
        theme.ground,
        1.0,
    );
    for area in &scene.land.home {
        canvas.fill(path_of_area(area).as_ref(), theme.home, 1.0);
    }
}

/// Small rivers, borders of counties and of prefectures.
pub(super) fn paint_lines(scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    for river in scene
        .land
        .rivers
        .iter()
        .filter(|river| river.rank >= SMALL_RIVER)
    {
        let pen = Pen::new(theme.water, look.lines.river(river.rank)).opacity(0.55);
        canvas.stroke(path_of_lines(&river.courses).as_ref(), pen);
    }
    for level in [BorderLevel::County, BorderLevel::Prefecture] {
        paint_border(canvas, borders(scene, level), level);
    }
}

fn borders<'s>(
    scene: &'s Scene<'_>,
    level: BorderLevel,
) -> impl Iterator<Item = &'s LineString<f64>> + Clone {
    scene
        .land
        .borders
        .iter()
        .filter(move |(l, _)| *l == level)
        .flat_map(|(_, lines)| lines)
}

/// Rivers with a name, over the fills.
pub(super) fn paint_rivers(scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    let mut rivers: Vec<_> = scene
        .land
        .rivers
        .iter()
        .filter(|river| river.rank < SMALL_RIVER)
        .collect();
    // The greatest last: a tributary ends under its river.
    rivers.sort_by_key(|river| std::cmp::Reverse(river.rank));
    let paths: Vec<_> = rivers
        .iter()
        .map(|river| (river.rank, path_of_lines(&river.courses)))
        .collect();
    for (rank, path) in &paths {
        canvas.stroke(
            path.as_ref(),
            Pen::new(theme.page, look.lines.river(*rank) + CASING_MM).opacity(0.35),
        );
    }
    for (rank, path) in &paths {
        canvas.stroke(
            path.as_ref(),
            Pen::new(theme.water, look.lines.river(*rank)),
        );
    }
}

/// Provinces, over rivers.
pub(super) fn paint_provinces(scene: &Scene<'_>, canvas: &mut Canvas) {
    paint_border(
        canvas,
        borders(scene, BorderLevel::Province),
        BorderLevel::Province,
    );
}

/// Borders of one rank.
fn paint_border<'l>(
    canvas: &mut Canvas,
    lines: impl Iterator<Item = &'l LineString<f64>> + Clone,
    level: BorderLevel,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let path = path_of_lines(lines);
    let path = path.as_ref();
    match level {
        BorderLevel::County => canvas.stroke(path, Pen::new(theme.county, look.lines.county)),
        BorderLevel::Prefecture => {
            canvas.stroke(
                path,
                Pen::new(theme.prefecture, look.lines.prefecture).dash(&PREFECTURE_DASH),
            );
        }
        BorderLevel::Province => {
            canvas.stroke(
                path,
                Pen::new(theme.province_band, look.lines.province_band).opacity(0.27),
            );
            canvas.stroke(
                path,
                Pen::new(theme.province, look.lines.province).dash(&PROVINCE_DASH),
            );
        }
    }
}

/// A border in the legend: its band ends with the swatch.
pub(super) fn paint_sample_border(canvas: &mut Canvas, within: PageBox, level: BorderLevel) {
    let look = canvas.look();
    let theme = &look.theme;
    let y = within.centre().y;
    let line = LineString(vec![
        geo::Coord { x: within.left, y },
        geo::Coord { x: within.right, y },
    ]);
    if level == BorderLevel::Province {
        let band = PageBox {
            top: y - look.lines.province_band / 2.0,
            bottom: y + look.lines.province_band / 2.0,
            ..within
        };
        canvas.fill(path_of_box(band, 0.0).as_ref(), theme.province_band, 0.27);
        canvas.stroke(
            path_of_lines([&line]).as_ref(),
            Pen::new(theme.province, look.lines.province).dash(&PROVINCE_DASH),
        );
    } else {
        paint_border(canvas, std::iter::once(&line), level);
    }
}

/// A wave that stands for a river in the legend.
pub(super) fn paint_sample_river(canvas: &mut Canvas, within: PageBox, rank: u8, colour: Colour) {
    let look = canvas.look();
    let middle = within.centre().y;
    let points = (0..=40).map(|step| {
        let t = f64::from(step) / 40.0;
        let rise = (t * std::f64::consts::TAU).sin() * 0.55;
        geo::Coord {
            x: within.left + within.width() * t,
            y: middle + rise,
        }
    });
    let line = LineString(points.collect());
    canvas.stroke(
        path_of_lines([&line]).as_ref(),
        Pen::new(colour, look.lines.river(rank)),
    );
}
