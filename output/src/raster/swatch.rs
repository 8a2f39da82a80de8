//! What a row of the legend shows: a class at its true size.

use geo::{Coord, LineString};
use layers::map::LegendItem;
use layers::style::{Colour, Paint, Symbol};

use super::areas::{self, Detail};
use super::canvas::Canvas;
use super::line_forms::{Ends, paint_line};
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_lines};
use super::pen::Pen;
use super::symbols::{paint_badge, paint_point};
use super::text::Typesetter;
use super::{ground, ways};

/// Paints the class of a row in a box. Lines are as wide as on the map of `ratio`.
pub(super) fn paint_swatch(
    canvas: &mut Canvas,
    item: &LegendItem,
    area: PageBox,
    typesetter: &Typesetter<'_>,
    ratio: f64,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let middle = area.centre();
    let level = LineString(vec![
        Coord {
            x: area.left,
            y: middle.y,
        },
        Coord {
            x: area.right,
            y: middle.y,
        },
    ]);
    match &item.symbol {
        symbol @ Symbol::Fill { .. } => {
            if let Some(path) = path_of_box(area, 0.0) {
                areas::paint_fill(canvas, symbol, &path, Detail::Full);
                areas::paint_outline(canvas, symbol, &path);
            }
        }
        symbol @ Symbol::Band { colour } => {
            if let Some(path) = path_of_box(area.grown(-0.15), 0.0) {
                areas::paint_fill(canvas, symbol, &path, Detail::Full);
                areas::paint_sample_band(canvas, *colour, &path);
            }
        }
        Symbol::RegionEdge => {
            canvas.stroke(
                path_of_lines([&level]).as_ref(),
                Pen::new(
                    theme.region_edge,
                    areas::region_edge_mm(look.lines.region_edge, ratio),
                )
                .butt(),
            );
        }
        Symbol::Line { stroke, form } => {
            paint_line(canvas, &[level], stroke, *form, Ends::Square);
        }
        Symbol::Arrow { stroke } => ways::paint_one_way(canvas, vec![level], stroke),
        Symbol::Corridor { colour } => {
            ways::paint_sample_corridor(canvas, area, *colour);
            paint_point(
                canvas,
                (&Symbol::Node { colour: *colour }, 1.0),
                middle,
                theme.home,
                typesetter,
            );
        }
        Symbol::Belt { colour, .. } => ways::paint_sample_belt(canvas, area, *colour),
        Symbol::Axis { colour, .. } => ways::paint_sample_axis(canvas, area, *colour),
        symbol @ (Symbol::Core { .. }
        | Symbol::Landmark
        | Symbol::Node { .. }
        | Symbol::Sign { .. }
        | Symbol::Graduated { .. }
        | Symbol::Seat
        | Symbol::Badge { .. }) => {
            paint_point(canvas, (symbol, 1.0), middle, theme.page, typesetter);
        }
        Symbol::River { rank } => ground::paint_sample_river(canvas, area, *rank, theme.water),
        Symbol::Border { level: rank } => ground::paint_sample_border(canvas, area, *rank),
    }
    if let Some(number) = item.badge {
        paint_badge(
            canvas,
            middle,
            number,
            badge_colour(&item.symbol, theme.ink),
            typesetter,
        );
    }
}

/// The colour of the disc on a swatch: that of its outline.
fn badge_colour(symbol: &Symbol, otherwise: Colour) -> Colour {
    match symbol {
        Symbol::Fill {
            outline: Some(stroke),
            ..
        } => stroke.colour,
        Symbol::Fill {
            paint:
                Paint::Solid { colour, .. } | Paint::Textured { colour, .. } | Paint::Hatch { colour },
            ..
        }
        | Symbol::Band { colour } => *colour,
        _ => otherwise,
    }
}
