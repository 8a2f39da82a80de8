//! The legend: only what is drawn, in the plan's order, at its true size.

use geo::Coord;
use layers::map::{LegendGroup, LegendItem};
use layers::style::Symbol;

use super::RasterError;
use super::breaking::lines;
use super::canvas::Canvas;
use super::layout::SCALE_HEIGHT;
use super::page_box::PageBox;
use super::swatch::paint_swatch;
use super::symbols::radius_mm;
use super::text::{Run, Type, Typeface, Typesetter};
use super::words::spaced;

/// The heights that a locator may have, and the least room above it.
static LOCATOR_HEIGHTS: [f64; 5] = [36.0, 33.0, 30.0, 27.0, 24.0];
const GAP_MM: f64 = 4.0;
/// A strip of this height is not too high for any page.
const STRIP_USUAL: f64 = 52.0;

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
const COUNT_GAP_MM: f64 = 1.5;
const HEADING: Type = Type::new(Typeface::Bold, 6.6).tracked(0.12);
const HEADING_MM: f64 = 4.6;
const GROUP_GAP_MM: f64 = 1.1;

/// A legend with its place.
pub(super) struct LegendPlan<'l> {
    rows: Vec<Row<'l>>,
    density: Density,
    swatch_mm: f64,
    width: f64,
}

struct Row<'l> {
    left: f64,
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

impl<'l> LegendPlan<'l> {
    fn new(
        groups: &'l [LegendGroup],
        density: Density,
        width: f64,
        typesetter: &Typesetter<'_>,
    ) -> Self {
        let swatch_mm = swatch_mm(groups, density);
        Self {
            rows: rows(groups, density, (swatch_mm, width), typesetter),
            density,
            swatch_mm,
            width,
        }
    }

    fn height(&self) -> f64 {
        let ends = self.rows.iter().map(|row| row.top + row.height);
        ends.fold(0.0, f64::max)
    }

    /// Moves all rows.
    pub(super) fn shift(&mut self, right: f64, down: f64) {
        for row in &mut self.rows {
            row.left += right;
            row.top += down;
        }
    }

    /// Breaks one column into `columns` of at most `height`. Whether they are enough.
    fn flow(&mut self, columns: f64, gap: f64, height: f64) -> bool {
        let step = self.width + gap;
        let (mut column, mut start) = (0.0, 0.0);
        let mut rest = &mut self.rows[..];
        while !rest.is_empty() {
            // A heading stays with what it heads.
            let headed = rest.len() > 1 && matches!(rest[0].kind, RowKind::Heading(_));
            let (together, others) = rest.split_at_mut(if headed { 2 } else { 1 });
            rest = others;
            let top = together[0].top;
            let bottom = together.iter().map(|row| row.top + row.height);
            if bottom.fold(0.0, f64::max) - start > height && top > start {
                column += 1.0;
                start = top;
            }
            for row in together {
                row.left = column * step;
                row.top -= start;
            }
        }
        column < columns
    }

    /// The boxes of the rows on the page.
    pub(super) fn boxes(&self) -> Vec<PageBox> {
        self.rows
            .iter()
            .map(|row| PageBox::new(row.left, row.top, self.width, row.height))
            .collect()
    }
}

/// Sets the legend at the top of a column whose foot is the scale: first with room, then closer with a smaller locator,
/// at last without descriptions. Gives the box of the locator too.
pub(super) fn in_column<'l>(
    groups: &'l [LegendGroup],
    column: PageBox,
    located: bool,
    typesetter: &Typesetter<'_>,
) -> Result<(LegendPlan<'l>, Option<PageBox>), RasterError> {
    let foot = column.bottom - SCALE_HEIGHT;
    let heights = |heights: &'static [f64]| if located { heights } else { &[0.0][..] };
    let mut needed_mm = 0.0;
    for (density, heights) in [
        (WIDE, heights(&LOCATOR_HEIGHTS[..3])),
        (CLOSE, heights(&LOCATOR_HEIGHTS)),
        (BARE, heights(&LOCATOR_HEIGHTS)),
    ] {
        let mut plan = LegendPlan::new(groups, density, column.width(), typesetter);
        needed_mm = plan.height();
        if let Some(height) = heights
            .iter()
            .find(|height| column.top + needed_mm + GAP_MM <= foot - **height)
        {
            plan.shift(column.left, column.top);
            let locator = PageBox::new(column.left, foot - height, column.width(), *height);
            return Ok((plan, Some(locator).filter(|_| located)));
        }
    }
    Err(too_long(
        groups,
        needed_mm,
        foot - LOCATOR_HEIGHTS[4] - GAP_MM - column.top,
    ))
}

/// Sets the legend in columns of a width with gaps between them, as low as they can be, at most `most` high. Rows start at
/// 0, 0. Gives the height too.
pub(super) fn in_columns<'l>(
    groups: &'l [LegendGroup],
    (columns, width, gap): (f64, f64, f64),
    most: f64,
    typesetter: &Typesetter<'_>,
) -> Result<(LegendPlan<'l>, f64), RasterError> {
    let mut needed_mm = 0.0;
    // A strip should leave the map more than it takes.
    for (density, share) in [(WIDE, 0.3), (CLOSE, 0.5), (BARE, 1.0)] {
        let whole = LegendPlan::new(groups, density, width, typesetter).height();
        let mut height = whole / columns;
        while height <= (most * share).max(STRIP_USUAL).min(most) {
            let mut plan = LegendPlan::new(groups, density, width, typesetter);
            if plan.flow(columns, gap, height) {
                let needed = plan.height();
                return Ok((plan, needed));
            }
            height += 1.0;
        }
        needed_mm = height;
    }
    Err(too_long(groups, needed_mm, most))
}

fn too_long(groups: &[LegendGroup], needed_mm: f64, room_mm: f64) -> RasterError {
    RasterError::LegendTooLong {
        rows: groups.iter().map(|group| group.items.len()).sum(),
        needed_mm,
        room_mm,
    }
}

fn swatch_mm(groups: &[LegendGroup], density: Density) -> f64 {
    let long = groups.iter().flat_map(|group| &group.items).any(|item| {
        matches!(
            item.symbol,
            Symbol::Axis { .. }
                | Symbol::Belt { .. }
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

/// The type of a count beside a name.
fn count_style(name: Type) -> Type {
    Type::new(Typeface::Regular, name.size_pt - 1.2)
}

fn rows<'l>(
    groups: &'l [LegendGroup],
    density: Density,
    (swatch, width): (f64, f64),
    typesetter: &Typesetter<'_>,
) -> Vec<Row<'l>> {
    let room = width - swatch - TEXT_GAP_MM;
    let note_style = Type::new(Typeface::Regular, density.note_pt);
    let mut rows: Vec<Row<'l>> = Vec::new();
    let mut top = 0.0;
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            top += GROUP_GAP_MM;
        }
        if !group.heading.is_empty() {
            rows.push(Row {
                left: 0.0,
                top,
                height: HEADING_MM - 0.6,
                kind: RowKind::Heading(&group.heading),
            });
            top += HEADING_MM;
        }
        for item in &group.items {
            // A large point needs room above and below.
            let beyond = match &item.symbol {
                Symbol::Graduated { .. } | Symbol::Sign { .. } => radius_mm(&item.symbol)
                    .map_or(0.0, |radius| (radius - SWATCH_LOW_MM / 2.0).max(0.0)),
                _ => 0.0,
            };
            top += beyond;
            let style = name_style(item, density);
            let mut name = lines(&item.name, room, |line| typesetter.width(line, style));
            // A count that would leave the column goes below.
            if let (Some(count), Some(last)) = (&item.count, name.last()) {
                let taken = typesetter.width(last, style) + COUNT_GAP_MM;
                if taken + typesetter.width(count, count_style(style)) > room {
                    name.push(String::new());
                }
            }
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
                left: 0.0,
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
    let look = canvas.look();
    let theme = &look.theme;
    for row in &plan.rows {
        let (left, top) = (row.left, row.top);
        match &row.kind {
            RowKind::Heading(text) => {
                let line = typesetter.hanging_line(text, spaced(text, HEADING));
                let origin = Coord {
                    x: left,
                    y: HEADING.baseline_at(top + 1.2),
                };
                canvas.write(typesetter, &Run::level(line, origin), theme.ink3);
            }
            RowKind::Item { item, name, note } => {
                let tall = is_noted(item, plan.density);
                let height = if tall { SWATCH_TALL_MM } else { SWATCH_LOW_MM };
                let swatch = PageBox::new(left, top, plan.swatch_mm, height);
                paint_swatch(canvas, item, swatch, typesetter, ratio);
                paint_words(plan, item, (name, note), (left, top), canvas, typesetter);
            }
        }
    }
}

fn paint_words(
    plan: &LegendPlan<'_>,
    item: &LegendItem,
    (name, note): (&[String], &[String]),
    (left, top): (f64, f64),
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let density = plan.density;
    let x = left + plan.swatch_mm + TEXT_GAP_MM;
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
        canvas.write(
            typesetter,
            &Run::level(
                line,
                Coord {
                    x,
                    y: style.baseline_at(middle),
                },
            ),
            theme.ink,
        );
    }
    if let Some(count) = &item.count {
        let small = count_style(style);
        let gap = if end > x { COUNT_GAP_MM } else { 0.0 };
        let origin = Coord {
            x: end + gap,
            y: style.baseline_at(middle),
        };
        canvas.write(
            typesetter,
            &Run::level(typesetter.line(count, small), origin),
            theme.ink3,
        );
    }
    let small = Type::new(Typeface::Regular, density.note_pt);
    middle += density.note_mm - density.name_mm;
    for text in note {
        let line = typesetter.hanging_line(text, small);
        canvas.write(
            typesetter,
            &Run::level(
                line,
                Coord {
                    x,
                    y: small.baseline_at(middle),
                },
            ),
            theme.ink2,
        );
        middle += density.note_lead_mm;
    }
}
