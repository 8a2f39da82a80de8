//! The legend: only what is drawn, in the plan's order, at its true size.

use geo::{Coord, LineString};
use layers::map::{LegendGroup, LegendItem};
use layers::style::{Paint, Symbol};

use super::areas::{self, Detail};
use super::breaking::lines;
use super::canvas::{Canvas, Pen};
use super::colour::{HOME, INK, INK2, INK3, PAGE, REGION_EDGE, WATER};
use super::column::{LEFT, WIDTH};
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_lines};
use super::symbols::{paint_badge, paint_point, radius_mm};
use super::text::{Type, Typeface, Typesetter};
use super::{RasterError, ground, ways};

/// The foot of the locator, its heights, and the least room above it.
const LOCATOR_BOTTOM: f64 = 171.0;
const LOCATOR_HEIGHTS: [f64; 5] = [36.0, 33.0, 30.0, 27.0, 24.0];
const GAP_MM: f64 = 4.0;

/// How closely a legend is set.
#[derive(Debug, Clone, Copy)]
struct Density {
    name_pt: f64,
    note_pt: f64,
    plain_pt: f64,
    swatch_mm: f64,
    /// From the top of a row to the middle of its name, to that of its note, and from note to note.
    name_mm: f64,
    note_mm: f64,
    note_lead_mm: f64,
    /// From the middle of the last note to the next row.
    after_mm: f64,
    /// Height of a row without a note.
    plain_mm: f64,
    notes: bool,
}

const WIDE: Density = Density {
    name_pt: 8.0,
    note_pt: 6.1,
    plain_pt: 7.2,
    swatch_mm: 9.0,
    name_mm: 1.4,
    note_mm: 5.2,
    note_lead_mm: 3.05,
    after_mm: 3.4,
    plain_mm: 3.85,
    notes: true,
};
const CLOSE: Density = Density {
    name_pt: 7.0,
    note_pt: 5.7,
    plain_pt: 6.8,
    swatch_mm: 8.2,
    name_mm: 1.2,
    note_mm: 4.6,
    note_lead_mm: 2.75,
    after_mm: 2.1,
    plain_mm: 3.8,
    notes: true,
};
const BARE: Density = Density {
    notes: false,
    name_mm: 1.5,
    plain_mm: 3.6,
    ..CLOSE
};

const SWATCH_TALL_MM: f64 = 4.6;
const SWATCH_LOW_MM: f64 = 3.0;
/// Lines and symbols need this much; so do all others beside them.
const SWATCH_LONG_MM: f64 = 11.0;
const TEXT_GAP_MM: f64 = 2.7;
const HEADING: Type = Type::new(Typeface::Bold, 6.6).tracked(0.12);
const HEADING_MM: f64 = 4.6;
const GROUP_GAP_MM: f64 = 1.1;

/// A legend with its place.
pub(super) struct LegendPlan<'l> {
    rows: Vec<Row<'l>>,
    density: Density,
    swatch_mm: f64,
    top: f64,
    pub(super) locator: PageBox,
}

struct Row<'l> {
    /// From the top of the legend.
    top: f64,
    height: f64,
    kind: RowKind<'l>,
}

enum RowKind<'l> {
    Heading(&'l str),
    Item {
        item: &'l LegendItem,
        name: Vec<String>,
        note: Vec<String>,
    },
}

impl LegendPlan<'_> {
    /// The boxes of the rows on the page.
    pub(super) fn boxes(&self) -> Vec<PageBox> {
        self.rows
            .iter()
            .map(|row| PageBox::new(LEFT, self.top + row.top, WIDTH, row.height))
            .collect()
    }
}

/// Sets the legend below `top`: first with room, then closer with a smaller locator, at last without descriptions.
pub(super) fn plan<'l>(
    groups: &'l [LegendGroup],
    top: f64,
    typesetter: &Typesetter<'_>,
) -> Result<LegendPlan<'l>, RasterError> {
    let mut needed_mm = 0.0;
    for (density, heights) in [
        (WIDE, &LOCATOR_HEIGHTS[..3]),
        (CLOSE, &LOCATOR_HEIGHTS[..]),
        (BARE, &LOCATOR_HEIGHTS[..]),
    ] {
        let swatch_mm = swatch_mm(groups, density);
        let rows = rows(groups, density, swatch_mm, typesetter);
        needed_mm = rows.last().map_or(0.0, |row| row.top + row.height);
        let bottom = top + needed_mm;
        if let Some(height) = heights
            .iter()
            .find(|height| bottom + GAP_MM <= LOCATOR_BOTTOM - **height)
        {
            let locator = PageBox::new(LEFT, LOCATOR_BOTTOM - height, WIDTH, *height);
            return Ok(LegendPlan {
                rows,
                density,
                swatch_mm,
                top,
                locator,
            });
        }
    }
    let room_mm = LOCATOR_BOTTOM - LOCATOR_HEIGHTS[4] - GAP_MM - top;
    Err(RasterError::LegendTooLong {
        rows: groups.iter().map(|group| group.items.len()).sum(),
        needed_mm,
        room_mm,
    })
}

fn swatch_mm(groups: &[LegendGroup], density: Density) -> f64 {
    let long = groups.iter().flat_map(|group| &group.items).any(|item| {
        matches!(
            item.symbol,
            Symbol::Axis { .. }
                | Symbol::Corridor { .. }
                | Symbol::Line { .. }
                | Symbol::Arrow { .. }
                | Symbol::Core { .. }
        )
    });
    if long {
        SWATCH_LONG_MM
    } else {
        density.swatch_mm
    }
}

fn is_noted(item: &LegendItem, density: Density) -> bool {
    density.notes && item.note.is_some()
}

/// Rows that explain themselves are set in regular type.
fn name_style(item: &LegendItem, density: Density) -> Type {
    if item.note.is_some() || item.count.is_some() || item.badge.is_some() {
        Type::new(Typeface::Bold, density.name_pt)
    } else {
        Type::new(Typeface::Regular, density.plain_pt)
    }
}

fn rows<'l>(
    groups: &'l [LegendGroup],
    density: Density,
    swatch: f64,
    typesetter: &Typesetter<'_>,
) -> Vec<Row<'l>> {
    let room = WIDTH - swatch - TEXT_GAP_MM;
    let note_style = Type::new(Typeface::Regular, density.note_pt);
    let mut rows: Vec<Row<'l>> = Vec::new();
    let mut top = 0.0;
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            top += GROUP_GAP_MM;
        }
        if !group.heading.is_empty() {
            rows.push(Row {
                top,
                height: HEADING_MM - 0.6,
                kind: RowKind::Heading(&group.heading),
            });
            top += HEADING_MM;
        }
        for item in &group.items {
            // A large point needs room above and below.
            let beyond = match &item.symbol {
                Symbol::Graduated { .. } => radius_mm(&item.symbol)
                    .map_or(0.0, |radius| (radius - SWATCH_LOW_MM / 2.0).max(0.0)),
                _ => 0.0,
            };
            top += beyond;
            let style = name_style(item, density);
            let name = lines(&item.name, room, |line| typesetter.width(line, style));
            let more_names: f64 = name.iter().skip(1).map(|_| style.em() * 1.3).sum();
            let note = match &item.note {
                Some(note) if density.notes => {
                    lines(note, room, |line| typesetter.width(line, note_style))
                }
                _ => Vec::new(),
            };
            let (height, step) = if note.is_empty() {
                (SWATCH_LOW_MM + more_names, density.plain_mm + more_names)
            } else {
                let more_notes: f64 = note.iter().skip(1).map(|_| density.note_lead_mm).sum();
                let last = density.note_mm + more_notes + more_names;
                (last + note_style.em() * 0.5, last + density.after_mm)
            };
            rows.push(Row {
                top,
                height,
                kind: RowKind::Item { item, name, note },
            });
            top += step + beyond;
        }
    }
    rows
}

/// Paints the legend. Lines are as wide as on the map of `ratio`.
pub(super) fn paint(
    plan: &LegendPlan<'_>,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
    ratio: f64,
) {
    for row in &plan.rows {
        let top = plan.top + row.top;
        match &row.kind {
            RowKind::Heading(text) => {
                let line = typesetter.hanging_line(text, HEADING);
                let origin = Coord {
                    x: LEFT,
                    y: HEADING.baseline_at(top + 1.2),
                };
                if let Some(path) = typesetter.outline(&line, origin) {
                    canvas.fill_glyphs(&path, INK3);
                }
            }
            RowKind::Item { item, name, note } => {
                let tall = is_noted(item, plan.density);
                let height = if tall { SWATCH_TALL_MM } else { SWATCH_LOW_MM };
                let swatch = PageBox::new(LEFT, top, plan.swatch_mm, height);
                paint_swatch(canvas, item, swatch, typesetter, ratio);
                paint_words(plan, item, (name, note), top, canvas, typesetter);
            }
        }
    }
}

fn paint_words(
    plan: &LegendPlan<'_>,
    item: &LegendItem,
    (name, note): (&[String], &[String]),
    top: f64,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let density = plan.density;
    let x = LEFT + plan.swatch_mm + TEXT_GAP_MM;
    let style = name_style(item, density);
    let mut middle = top
        + if note.is_empty() {
            SWATCH_LOW_MM / 2.0
        } else {
            density.name_mm
        };
    let mut end = x;
    for (index, text) in name.iter().enumerate() {
        if index > 0 {
            middle += style.em() * 1.3;
        }
        let line = typesetter.hanging_line(text, style);
        end = x + line.width;
        if let Some(path) = typesetter.outline(
            &line,
            Coord {
                x,
                y: style.baseline_at(middle),
            },
        ) {
            canvas.fill_glyphs(&path, INK);
        }
    }
    if let Some(count) = &item.count {
        let small = Type::new(Typeface::Regular, style.size_pt - 1.2);
        let origin = Coord {
            x: end + 1.5,
            y: style.baseline_at(middle),
        };
        if let Some(path) = typesetter.outline(&typesetter.line(count, small), origin) {
            canvas.fill_glyphs(&path, INK3);
        }
    }
    let small = Type::new(Typeface::Regular, density.note_pt);
    middle += density.note_mm - density.name_mm;
    for text in note {
        let line = typesetter.hanging_line(text, small);
        if let Some(path) = typesetter.outline(
            &line,
            Coord {
                x,
                y: small.baseline_at(middle),
            },
        ) {
            canvas.fill_glyphs(&path, INK2);
        }
        middle += density.note_lead_mm;
    }
}

fn paint_swatch(
    canvas: &mut Canvas,
    item: &LegendItem,
    area: PageBox,
    typesetter: &Typesetter<'_>,
    ratio: f64,
) {
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
                Pen::new(REGION_EDGE, areas::region_edge_mm(ratio)).butt(),
            );
        }
        Symbol::Line { stroke } => {
            let pen = Pen::new(stroke.colour, stroke.width_mm)
                .dash(&stroke.dash_mm)
                .butt();
            canvas.stroke(path_of_lines([&level]).as_ref(), pen);
        }
        Symbol::Arrow { stroke } => ways::paint_one_way(canvas, vec![level], stroke),
        Symbol::Corridor { colour } => {
            ways::paint_sample_corridor(canvas, area, *colour);
            paint_point(
                canvas,
                &Symbol::Node { colour: *colour },
                middle,
                HOME,
                typesetter,
            );
        }
        Symbol::Axis { colour, .. } => ways::paint_sample_axis(canvas, area, *colour),
        symbol @ (Symbol::Core { .. }
        | Symbol::Node { .. }
        | Symbol::Graduated { .. }
        | Symbol::Seat
        | Symbol::Badge { .. }) => {
            paint_point(canvas, symbol, middle, PAGE, typesetter);
        }
        Symbol::River { rank } => ground::paint_sample_river(canvas, area, *rank, WATER),
        Symbol::Border { level: rank } => ground::paint_sample_border(canvas, area, *rank),
    }
    if let Some(number) = item.badge {
        paint_badge(
            canvas,
            middle,
            number,
            badge_colour(&item.symbol),
            typesetter,
        );
    }
}

/// The colour of the disc on a swatch: that of its outline.
fn badge_colour(symbol: &Symbol) -> layers::style::Colour {
    match symbol {
        Symbol::Fill {
            outline: Some(stroke),
            ..
        } => stroke.colour,
        Symbol::Fill {
            paint: Paint::Solid { colour, .. } | Paint::Hatch { colour },
            ..
        }
        | Symbol::Band { colour } => *colour,
        _ => INK,
    }
}
