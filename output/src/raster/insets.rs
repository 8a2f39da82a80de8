//! The insets of a page: painted on papers of their own and laid on it.

use std::sync::Arc;

use super::RasterError;
use super::canvas::Canvas;
use super::inset::{self, InsetPlan};
use super::labels::{self, Names, Placement, Underlay};
use super::land::Land;
use super::page::{paint_map, unfit};
use super::page_box::PageBox;
use super::rendered::PlacedSymbol;
use super::scene::{Scene, Subject};
use super::symbols;
use super::text::Typesetter;

/// Paints an inset on paper of its own, so that nothing of it shows outside, and lays it on the page. Gives its names
/// and its points.
pub(super) fn paint(
    subject: Subject<'_>,
    map: PageBox,
    (plan, names): (&InsetPlan<'_>, Names<'_>),
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<(Placement, Vec<PlacedSymbol>), RasterError> {
    let page = canvas.look().theme.page;
    let land = Arc::new(Land::new(&subject.page.ground, &plan.view));
    let mut scene = Scene::new(subject, plan.view, land);
    scene.signs = symbols::scale_apart(&scene);
    let underlay = Underlay::new(&scene, 1);
    let tab = inset::tab_box(plan, typesetter);
    let number = match names {
        Names::Main { .. } => None,
        Names::Inset { number, .. } => Some(number),
    };
    let names = labels::place(&scene, &underlay, typesetter, names, &[tab]);
    let pixels_per_mm = canvas.pixels_per_mm();
    let mut paper = canvas
        .sheet(plan.view.frame, page)
        .ok_or_else(|| unfit(pixels_per_mm))?;
    paint_map(&scene, &underlay, &mut paper, typesetter);
    names.paint(&mut paper, typesetter);
    paper.settle();
    inset::paint_frame(plan, &paper, (map, tab), canvas, typesetter);
    Ok((names, symbols::placed(&scene, number)))
}

/// The titles of the parts that insets of heaps show, and where these lie on the map.
pub(super) fn titles<'p>(plans: &[InsetPlan<'p>], scene: &Scene<'_>) -> Vec<(&'p str, PageBox)> {
    if scene.enlarged.is_empty() {
        return Vec::new();
    }
    let titles = plans.iter();
    titles
        .filter_map(|plan| Some((plan.title, plan.source(scene)?)))
        .collect()
}

/// The paper that no name may use: below the tag and the insets, and on the outlines of what these show.
pub(super) fn reserved(plans: &[InsetPlan<'_>], scene: &Scene<'_>) -> Vec<PageBox> {
    let mut reserved: Vec<PageBox> = scene.tag.iter().map(|tag| tag.grown(1.0)).collect();
    reserved.extend(plans.iter().map(|plan| plan.view.frame.grown(1.2)));
    reserved.extend(outlines(plans, scene));
    reserved
}

/// The outlines of what the insets show, on the map, as narrow boxes.
pub(super) fn outlines(plans: &[InsetPlan<'_>], scene: &Scene<'_>) -> Vec<PageBox> {
    let sources = plans.iter().filter_map(|plan| plan.source(scene));
    sources.flat_map(rim).collect()
}

/// The four sides of a box, as narrow boxes.
fn rim(area: PageBox) -> [PageBox; 4] {
    let [a, b, c, d] = area.corners();
    [(a, b), (b, c), (d, c), (a, d)].map(|(from, to)| {
        PageBox {
            left: from.x,
            top: from.y,
            right: to.x,
            bottom: to.y,
        }
        .grown(0.3)
    })
}
