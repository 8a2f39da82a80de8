//! A crowded part of the map, drawn again larger in the emptiest corner.

use gazetteer::Extent;
use geo::{Area, Coord};

use super::canvas::Canvas;
use super::clip;
use super::pen::Pen;

use super::furniture::grouped;
use super::labels::Underlay;
use super::page_box::PageBox;
use super::paths::path_of_box;
use super::scene::{SYMBOL_MM, Scene, Shape};
use super::text::{Run, Type, Typeface, Typesetter};
use super::view::View;

/// Its size, and its distance from the frame.
pub(super) const SIZE_MM: (f64, f64) = (48.0, 54.0);
const IN_MM: f64 = 2.4;
/// It keeps off the theme and what glows around it.
const GLOW_MM: f64 = 2.2;
/// It must be this much larger than the map.
pub(super) const LEAST_GAIN: f64 = 2.0;
/// White around its border.
const RIM_MM: f64 = 0.9;
/// An area with this share inside is named only in the inset: its name would crowd the small ones.
const SHARE_INSIDE: f64 = 0.4;
pub(super) const TITLE: Type = Type::new(Typeface::Bold, 6.4);
const RATIO: Type = Type::new(Typeface::Regular, 5.4);
const TAB_HEIGHT_MM: f64 = 4.4;
const TAB_PAD_MM: f64 = 1.6;
const TAB_GAP_MM: f64 = 1.8;

/// Where the inset goes and what it shows.
pub(super) struct InsetPlan<'p> {
    pub(super) view: View<'p>,
    pub(super) title: &'p str,
    /// How far the map should move to the right to make room.
    pub(super) shift_mm: f64,
}

/// Finds the emptiest corner, moving the map a little aside when that empties one. `None` when the inset would not be
/// at least twice as large as the map.
pub(super) fn plan<'p>(
    (title, extent): (&'p str, Extent),
    scene: &Scene<'p>,
    underlay: &Underlay,
    focus: Extent,
    canvas: &Canvas,
) -> Option<InsetPlan<'p>> {
    let corners = corners(scene.frame());
    let slack = scene.view.slack(focus);
    let mut best: Option<(f64, PageBox, f64)> = None;
    for shift in [0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0].map(|share| share * slack) {
        for (order, corner) in (0_u32..).zip(corners) {
            // Moving the map right is looking further left on the map as it is.
            let covered = underlay.theme_share(corner.grown(GLOW_MM).moved(-shift, 0.0));
            let cost = covered * 1000.0 + f64::from(order) * 2.0 + shift.abs() * 0.05;
            if best.is_none_or(|(other, ..)| cost < other) {
                best = Some((cost, corner, shift));
            }
        }
    }
    let (_, corner, shift_mm) = best?;
    let view = View::filling(
        scene.view.projection,
        extent,
        canvas.on_pixels(corner),
        scene.view.unit_mm,
    )?;
    (scene.view.ratio / view.ratio >= LEAST_GAIN * 0.999).then_some(InsetPlan {
        view,
        title,
        shift_mm,
    })
}

/// The corners of a map where an inset may stand, the best first.
pub(super) fn corners(frame: PageBox) -> [PageBox; 3] {
    let (width, height) = SIZE_MM;
    let (left, right) = (frame.left + IN_MM, frame.right - IN_MM - width);
    let (top, bottom) = (frame.top + IN_MM, frame.bottom - IN_MM - height);
    // The top right corner has the tag; the bottom right is where readers look for an inset.
    [(right, bottom), (left, bottom), (left, top)].map(|(x, y)| PageBox::new(x, y, width, height))
}

impl InsetPlan<'_> {
    /// What the inset shows, as a box on the map.
    pub(super) fn source(&self, scene: &Scene<'_>) -> Option<PageBox> {
        let outline = self.view.outline(self.view.frame);
        PageBox::around(
            outline
                .iter()
                .filter_map(|(lon, lat)| scene.view.on_page(*lon, *lat)),
        )
    }

    /// The part of the map whose points the inset shows.
    pub(super) fn enlarged(&self, scene: &Scene<'_>) -> Option<PageBox> {
        let cut = SYMBOL_MM * self.view.ratio / scene.view.ratio;
        self.source(scene).map(|source| source.grown(-cut))
    }

    /// The drawings (by index) whose names stand only in the inset: named areas mostly inside it, lines and points wholly.
    pub(super) fn members(&self, scene: &Scene<'_>) -> Vec<usize> {
        let Some(source) = self.source(scene) else {
            return Vec::new();
        };
        let points = self.enlarged(scene).unwrap_or(source);
        let inside = |shape: &Shape| match shape {
            Shape::Area(area) => {
                let whole = area.unsigned_area();
                whole > 0.0 && clip::area(area, source).unsigned_area() / whole >= SHARE_INSIDE
            }
            Shape::Points(at) => !at.is_empty() && at.iter().all(|p| points.holds_point(*p)),
            Shape::Lines(lines) => {
                let mut all = lines.iter().flat_map(|line| &line.0).peekable();
                all.peek().is_some() && all.all(|p| source.holds_point(*p))
            }
            Shape::Course(_) => false,
        };
        let named = scene
            .drawings
            .iter()
            .enumerate()
            .filter(|(_, placed)| placed.drawing.label.is_some());
        named
            .filter(|(_, placed)| inside(&placed.shape))
            .map(|(index, _)| index)
            .collect()
    }
}

/// The box on the map that the inset shows larger.
pub(super) fn paint_source(plan: &InsetPlan<'_>, scene: &Scene<'_>, canvas: &mut Canvas) {
    let look = canvas.look();
    let theme = &look.theme;
    let path = plan
        .source(scene)
        .and_then(|source| path_of_box(source, 0.0));
    canvas.stroke(path.as_ref(), Pen::new(theme.page, 0.6));
    canvas.stroke(path.as_ref(), Pen::new(theme.frame, 0.2));
}

fn ratio_text(plan: &InsetPlan<'_>) -> String {
    format!("1 : {}", grouped(plan.view.ratio))
}

/// Where the title of the inset stands: names keep off it.
pub(super) fn tab_box(plan: &InsetPlan<'_>, typesetter: &Typesetter<'_>) -> PageBox {
    let width = typesetter.width(plan.title, TITLE)
        + TAB_GAP_MM
        + typesetter.width(&ratio_text(plan), RATIO)
        + TAB_PAD_MM * 2.0;
    PageBox::new(
        plan.view.frame.left,
        plan.view.frame.top,
        width,
        TAB_HEIGHT_MM,
    )
}

/// Lays the painted inset on the page, with its border and title. `map` is the frame of the map.
pub(super) fn paint_frame(
    plan: &InsetPlan<'_>,
    paper: &Canvas,
    (map, tab): (PageBox, PageBox),
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let frame = plan.view.frame;
    // No strip of the map is left between the inset and the frame.
    let mut clear = frame.grown(RIM_MM);
    let sides = [
        (&mut clear.left, map.left),
        (&mut clear.right, map.right),
        (&mut clear.top, map.top),
        (&mut clear.bottom, map.bottom),
    ];
    for (side, outer) in sides {
        if (*side - outer).abs() < IN_MM {
            *side = outer;
        }
    }
    canvas.fill(path_of_box(clear, 0.0).as_ref(), theme.page, 1.0);
    canvas.lay(paper);
    canvas.fill(path_of_box(tab, 0.0).as_ref(), theme.page, 1.0);
    canvas.stroke(path_of_box(frame, 0.0).as_ref(), Pen::new(theme.frame, 0.2));
    let middle = tab.centre().y;
    let title = typesetter.line(plan.title, TITLE);
    let mut x = tab.left + TAB_PAD_MM;
    let after = x + title.width + TAB_GAP_MM;
    canvas.write(
        typesetter,
        &Run::level(
            title,
            Coord {
                x,
                y: TITLE.baseline_at(middle),
            },
        ),
        theme.ink,
    );
    x = after;
    let ratio = typesetter.line(&ratio_text(plan), RATIO);
    canvas.write(
        typesetter,
        &Run::level(
            ratio,
            Coord {
                x,
                y: TITLE.baseline_at(middle),
            },
        ),
        theme.ink3,
    );
}
