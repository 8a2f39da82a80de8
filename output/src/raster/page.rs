//! The page as a whole: what goes where, and in which order it is painted.

use std::sync::Arc;

use gazetteer::Extent;
use geo::Coord;
use layers::map::MapPage;

use super::areas::{self, Detail};
use super::canvas::{Canvas, Pen};
use super::colour::{FRAME, INK, PAGE};
use super::inset::{self, InsetPlan};
use super::labels::{self, Names, Placement, Underlay};
use super::land::{Land, Lands};
use super::page_box::PageBox;
use super::paths::path_of_box;
use super::projection::Projection;
use super::rendered::{PlacedInset, Rendered};
use super::scene::Scene;
use super::text::{Type, Typeface, Typesetter};
use super::view::View;
use super::{
    RasterError, RenderOptions, column, furniture, graticule, ground, legend, locator, symbols,
    ways,
};

/// A4 landscape.
const SHEET: PageBox = PageBox::new(0.0, 0.0, 297.0, 210.0);
/// The map.
const FRAME_BOX: PageBox = PageBox {
    left: 77.0,
    top: 10.0,
    right: 287.0,
    bottom: 194.0,
};
const FRAME_MM: f64 = 0.25;
/// Pixels per mm that can be read and held.
const RESOLUTIONS: (f64, f64) = (2.0, 32.0);
/// 示意图, in the top right corner of the map.
const TAG: &str = "示意图";
const TAG_IN_MM: f64 = 2.2;
const TAG_SIZE_MM: (f64, f64) = (12.6, 5.4);

/// Lays out and paints a page.
pub(super) fn compose(
    page: &MapPage,
    options: &RenderOptions,
    lands: &Lands,
    typesetter: &Typesetter<'_>,
) -> Result<Rendered, RasterError> {
    let (least, most) = RESOLUTIONS;
    let unfit = || RasterError::Resolution {
        pixels_per_mm: options.pixels_per_mm,
        least,
        most,
    };
    if !(least..=most).contains(&options.pixels_per_mm) {
        return Err(unfit());
    }
    let mut canvas = Canvas::new(SHEET, options.pixels_per_mm, PAGE).ok_or_else(unfit)?;
    let frame = canvas.on_pixels(FRAME_BOX);
    let Extent {
        west,
        south,
        east,
        north,
    } = page.focus;
    let nothing = || RasterError::Focus {
        west,
        south,
        east,
        north,
    };

    let projection = Projection::for_focus(page.focus)?;
    let view = View::of_focus(&projection, page.focus, frame).ok_or_else(nothing)?;
    let mut scene = Scene::new(page, view, lands.of(page, &view));
    let mut underlay = Underlay::new(&scene);
    let inset = page
        .inset
        .as_ref()
        .and_then(|wanted| inset::plan(wanted, &scene, &underlay, page.focus, &canvas));
    if let Some(shifted) = inset
        .as_ref()
        .filter(|plan| plan.shift_mm != 0.0)
        .and_then(|p| view.shifted(p.shift_mm))
    {
        scene = Scene::new(page, shifted, lands.of(page, &shifted));
        underlay = Underlay::new(&scene);
    }

    let tag = tag_box(frame);
    let reserved = reserved(tag, inset.as_ref(), &scene);
    let in_inset = inset
        .as_ref()
        .map(|plan| plan.members(&scene))
        .unwrap_or_default();
    let names = labels::place(
        &scene,
        &underlay,
        typesetter,
        Names::Main {
            in_inset: &in_inset,
        },
        &reserved,
    );

    paint_map(&scene, &underlay, &names, &mut canvas, typesetter);
    if let Some(plan) = &inset {
        inset::paint_source(plan, &scene, &mut canvas);
    }
    canvas.fill_around(frame, PAGE);
    let inset_names = match &inset {
        Some(plan) => Some(paint_inset(
            page,
            frame,
            plan,
            &in_inset,
            &mut canvas,
            typesetter,
        )?),
        None => None,
    };
    canvas.stroke(path_of_box(frame, 0.0).as_ref(), Pen::new(FRAME, FRAME_MM));
    paint_tag(&mut canvas, tag, typesetter);
    graticule::paint(&scene.view, page.focus, &mut canvas, typesetter);

    let legend_top = column::paint_title(page, &mut canvas, typesetter);
    let plan = legend::plan(&page.legend, legend_top, typesetter)?;
    legend::paint(&plan, &mut canvas, typesetter, scene.view.ratio);
    locator::paint(page, &scene, plan.locator, &mut canvas, typesetter)?;
    let scale_bar = furniture::paint(&scene.view, &mut canvas, typesetter);
    column::paint_sources(page, options.approval.as_deref(), &mut canvas, typesetter);

    let mut all = names;
    if let Some(more) = inset_names {
        all.add(more);
    }
    Ok(Rendered {
        pixels: canvas.pixmap(),
        ratio: scene.view.ratio,
        scale_bar,
        projection: projection.description.clone(),
        frame,
        inset: inset.map(|plan| PlacedInset {
            frame: plan.view.frame,
            ratio: plan.view.ratio,
        }),
        names: all.names,
        dropped: all.dropped,
        missing_glyphs: typesetter.missing(),
        legend: plan.boxes(),
        locator: plan.locator,
    })
}

/// Everything inside a frame, from the ground to the names.
fn paint_map(
    scene: &Scene<'_>,
    underlay: &Underlay,
    names: &Placement,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let land = &scene.land;
    let below = || {
        let below = land.painted.get_or_init(|| {
            let mut below = canvas.sheet(scene.frame(), PAGE)?;
            ground::paint_land(scene, &mut below);
            ground::paint_lines(scene, &mut below);
            Some(below)
        });
        below.as_ref()
    };
    if scene.themed_areas().next().is_some() {
        if let Some(below) = below() {
            canvas.cover(below);
        }
        areas::paint_fills(scene, canvas, Detail::Full);
        areas::paint_outlines(scene, canvas);
        ground::paint_rivers(scene, canvas);
        ground::paint_provinces(scene, canvas);
    } else {
        let whole = land.painted_whole.get_or_init(|| {
            let mut whole = canvas.sheet(scene.frame(), PAGE)?;
            whole.cover(below()?);
            ground::paint_rivers(scene, &mut whole);
            ground::paint_provinces(scene, &mut whole);
            Some(whole)
        });
        if let Some(whole) = whole {
            canvas.cover(whole);
        }
    }
    areas::paint_bands(scene, canvas);
    areas::paint_edges(scene, canvas);
    ways::paint_axes(scene, canvas);
    ways::paint_lines(scene, canvas);
    symbols::paint_points(scene, canvas, underlay, typesetter);
    names.paint(canvas, typesetter);
}

/// Paints the inset on paper of its own, so that nothing of it shows outside, and lays it on the page.
fn paint_inset(
    page: &MapPage,
    map: PageBox,
    plan: &InsetPlan<'_>,
    wanted: &[usize],
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<Placement, RasterError> {
    let land = Arc::new(Land::new(&page.ground, &plan.view));
    let scene = Scene::new(page, plan.view, land);
    let underlay = Underlay::new(&scene);
    let tab = inset::tab_box(plan, typesetter);
    let names = labels::place(
        &scene,
        &underlay,
        typesetter,
        Names::Inset { wanted },
        &[tab],
    );
    let pixels_per_mm = canvas.pixels_per_mm();
    let unfit = || RasterError::Resolution {
        pixels_per_mm,
        least: RESOLUTIONS.0,
        most: RESOLUTIONS.1,
    };
    let mut paper = Canvas::new(plan.view.frame, pixels_per_mm, PAGE).ok_or_else(unfit)?;
    paint_map(&scene, &underlay, &names, &mut paper, typesetter);
    inset::paint_frame(plan, &paper, (map, tab), canvas, typesetter);
    Ok(names)
}

/// The paper that no name may use: below the tag and the inset, and on the outline of what the inset shows.
fn reserved(tag: PageBox, inset: Option<&InsetPlan<'_>>, scene: &Scene<'_>) -> Vec<PageBox> {
    let mut reserved = vec![tag.grown(1.0)];
    if let Some(plan) = inset {
        reserved.push(plan.view.frame.grown(1.2));
        reserved.extend(plan.source(scene).map(rim).into_iter().flatten());
    }
    reserved
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

fn tag_box(frame: PageBox) -> PageBox {
    let (width, height) = TAG_SIZE_MM;
    PageBox::new(
        frame.right - TAG_IN_MM - width,
        frame.top + TAG_IN_MM,
        width,
        height,
    )
}

fn paint_tag(canvas: &mut Canvas, area: PageBox, typesetter: &Typesetter<'_>) {
    let path = path_of_box(area, 0.0);
    canvas.fill(path.as_ref(), PAGE, 0.92);
    canvas.stroke(path.as_ref(), Pen::new(FRAME, 0.15));
    let style = Type::new(Typeface::Regular, 7.0).tracked(0.12);
    let line = typesetter.line(TAG, style);
    let centre = area.centre();
    let origin = Coord {
        x: centre.x - line.width / 2.0,
        y: style.baseline_at(centre.y),
    };
    if let Some(path) = typesetter.outline(&line, origin) {
        canvas.fill_glyphs(&path, INK);
    }
}
