//! What goes where on a page of any size: a column beside the map, or a strip below it.
//!
//! The page is laid out in units of which an A4 page has 297 × 210: on larger paper a unit is larger, so that type and
//! strokes grow with it.

use layers::map::{LegendGroup, MapPage};

use super::RasterError;
use super::column::{self, TitlePlan};
use super::legend::{self, LegendPlan};
use super::options::Paper;
use super::page_box::PageBox;
use super::text::Typesetter;

/// The unit of the smallest paper, and what a paper of A4's area has.
const LEAST_UNIT_MM: f64 = 0.72;
const A4_MM2: f64 = 297.0 * 210.0;
/// On larger paper names grow less than the paper: it shows more of them.
const NAMES_GROW: f64 = 0.52;
/// A page wider than this (by its height) has a column.
const WIDE: f64 = 1.25;

/// Margins of the page, and the room below the map for the sources.
pub(super) const MARGIN: f64 = 10.0;
pub(super) const FOOT: f64 = 16.0;
/// The column, and the gutter between it and the map.
pub(super) const COLUMN: f64 = 59.0;
const GUTTER: f64 = 8.0;
/// Between the parts of a strip; from the map to the strip, with the degrees between them.
const STRIP_GAP: f64 = 6.0;
const TO_STRIP: f64 = 7.0;
/// The least room for the locator and the scale below each other.
const STRIP_LEAST: f64 = 50.0;
/// A map must have this much.
const LEAST_MAP: f64 = 60.0;
/// From the legend to what is below it in the column, and on to the locator.
const SPARE_GAP: f64 = 4.0;
/// What the scale takes at the foot of its block.
pub(super) const SCALE_HEIGHT: f64 = 23.0;

/// The parts of a page, in units.
pub(super) struct Layout<'l> {
    /// Millimetres in a unit.
    pub(super) unit_mm: f64,
    /// The size of names on the map, against those on an A4 page.
    pub(super) names: f64,
    pub(super) sheet: PageBox,
    pub(super) frame: PageBox,
    pub(super) title: TitlePlan,
    pub(super) legend: LegendPlan<'l>,
    /// None on a page without a ground to locate it in.
    pub(super) locator: Option<PageBox>,
    /// The block at whose foot the scale stands.
    pub(super) scale: PageBox,
    /// What the legend leaves free of the column.
    pub(super) spare: Option<PageBox>,
}

impl<'l> Layout<'l> {
    /// Lays out a page: with a column where the paper is wide enough for one and the legend fits it.
    pub(super) fn new(
        page: &MapPage,
        groups: &'l [LegendGroup],
        paper: &Paper,
        typesetter: &Typesetter<'_>,
    ) -> Result<Self, RasterError> {
        paper.check()?;
        let of_a4 = (paper.width_mm * paper.height_mm / A4_MM2).sqrt();
        let unit_mm = of_a4.max(LEAST_UNIT_MM);
        let sheet = PageBox::new(
            0.0,
            0.0,
            paper.width_mm / unit_mm,
            paper.height_mm / unit_mm,
        );
        let names = if unit_mm > 1.0 {
            unit_mm.powf(NAMES_GROW - 1.0)
        } else {
            1.0
        };
        let new = |parts: Parts<'l>| Self {
            unit_mm,
            names,
            sheet,
            frame: parts.frame,
            title: parts.title,
            legend: parts.legend,
            locator: parts.locator,
            scale: parts.scale,
            spare: parts.spare,
        };
        if sheet.width() / sheet.height() >= WIDE {
            match with_column(page, groups, sheet, typesetter) {
                Ok(parts) => return Ok(new(parts)),
                Err(RasterError::LegendTooLong { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        with_strip(page, groups, sheet, typesetter).map(new)
    }
}

struct Parts<'l> {
    frame: PageBox,
    title: TitlePlan,
    legend: LegendPlan<'l>,
    locator: Option<PageBox>,
    scale: PageBox,
    spare: Option<PageBox>,
}

/// Whether the page has a small map of where it is.
fn located(page: &MapPage) -> bool {
    !page.ground.locator.is_empty()
}

fn with_column<'l>(
    page: &MapPage,
    groups: &'l [LegendGroup],
    sheet: PageBox,
    typesetter: &Typesetter<'_>,
) -> Result<Parts<'l>, RasterError> {
    let title = TitlePlan::new(page, (MARGIN, MARGIN, COLUMN), typesetter);
    let column = PageBox {
        left: MARGIN,
        top: title.bottom,
        right: MARGIN + COLUMN,
        bottom: sheet.bottom - FOOT,
    };
    let (legend, locator) = legend::in_column(groups, column, located(page), typesetter)?;
    let below = locator.map_or(column.bottom - SCALE_HEIGHT, |locator| locator.top);
    let rows = legend.boxes();
    let rows = rows.iter().map(|row| row.bottom);
    let spare = PageBox {
        top: rows.fold(column.top, f64::max) + SPARE_GAP,
        bottom: below - SPARE_GAP,
        ..column
    };
    Ok(Parts {
        frame: PageBox {
            left: column.right + GUTTER,
            top: MARGIN,
            right: sheet.right - MARGIN,
            bottom: sheet.bottom - FOOT,
        },
        title,
        legend,
        locator,
        scale: column,
        spare: (spare.height() > 0.0).then_some(spare),
    })
}

fn with_strip<'l>(
    page: &MapPage,
    groups: &'l [LegendGroup],
    sheet: PageBox,
    typesetter: &Typesetter<'_>,
) -> Result<Parts<'l>, RasterError> {
    let width = sheet.width() - MARGIN * 2.0;
    let title = TitlePlan::new(page, (MARGIN, MARGIN, width), typesetter);
    let bottom = sheet.bottom - FOOT;
    // Degrees stand between the title and the map.
    let map_top = title.bottom + column::TO_MAP;
    let most = bottom - map_top - TO_STRIP - LEAST_MAP;
    let block = COLUMN.min((width - STRIP_GAP) / 2.0);
    let room = width - block - STRIP_GAP;
    let columns = ((room + STRIP_GAP) / (COLUMN - 7.0 + STRIP_GAP))
        .floor()
        .max(1.0);
    let each = (room - STRIP_GAP * (columns - 1.0)) / columns;
    let (mut legend, needed) =
        legend::in_columns(groups, (columns, each, STRIP_GAP), most, typesetter)?;
    let least = if located(page) {
        STRIP_LEAST
    } else {
        SCALE_HEIGHT
    };
    let strip = needed.max(least);
    if most < strip {
        return Err(RasterError::NoRoom {
            width_mm: sheet.width(),
            height_mm: sheet.height(),
        });
    }
    let top = bottom - strip;
    legend.shift(MARGIN, top);
    let scale = PageBox {
        left: sheet.right - MARGIN - block,
        top,
        right: sheet.right - MARGIN,
        bottom,
    };
    let height = (strip - SCALE_HEIGHT).min(36.0);
    Ok(Parts {
        frame: PageBox {
            left: MARGIN,
            top: map_top,
            right: sheet.right - MARGIN,
            bottom: top - TO_STRIP,
        },
        title,
        legend,
        locator: located(page).then(|| PageBox::new(scale.left, top, block, height)),
        scale,
        spare: None,
    })
}
