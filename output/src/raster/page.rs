//! The page as a whole: what goes where, and in which order it is painted.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use gazetteer::Extent;
use geo::{BoundingRect, Coord};
use layers::Look;
use layers::map::{Inset, MapPage};

use super::areas::{self, Detail};
use super::canvas::{Canvas, Medium};
use super::inset::{self, InsetPlan};
use super::labels::{self, Names, Placement, Underlay};
use super::land::Lands;
use super::layout::Layout;
use super::options::Format;
use super::page_box::PageBox;
use super::paths::path_of_box;
use super::pen::Pen;
use super::projection::Projection;
use super::rendered::{Picture, PlacedInset, PlacedSymbol, Rendered, ScaleBar};
use super::scene::{Scene, Subject};
use super::text::{Run, Type, Typeface, Typesetter};
use super::view::View;
use super::words::{spaced, words};
use super::{
    RasterError, RenderOptions, column, furniture, graticule, ground, heaps, insets, locator, pdf,
    svg, symbols, ways,
};

const FRAME_MM: f64 = 0.25;
/// Pixels per mm that can be read.
const RESOLUTIONS: (f64, f64) = (1.5, 50.0);
/// Pixels of a page that can be held.
const MOST_PIXELS: f64 = 160e6;
/// 示意图, in the top right corner of the map.
const TAG_IN_MM: f64 = 2.2;
const TAG_HIGH_MM: f64 = 5.4;
const TAG_PAD_MM: f64 = 2.2;
const TAG_TYPE: Type = Type::new(Typeface::Regular, 7.0).tracked(0.12);

/// Lays out and paints a page.
pub(super) fn compose(
    page: &MapPage,
    options: &RenderOptions,
    lands: &Lands,
    threads: usize,
    typesetter: &Typesetter<'_>,
) -> Result<Rendered, RasterError> {
    check_resolution(options)?;
    let look = Arc::new(options.look.clone());
    let theme = &look.theme;
    let dressed = look.dress(page)?;
    let layout = Layout::new(page, &dressed.legend, &options.paper, typesetter)?;
    let medium = if options.format.is_vector() {
        Medium::Record
    } else {
        Medium::Pixels
    };
    let pixels_per_unit = options.pixels_per_mm * layout.unit_mm;
    let mut canvas = Canvas::new(layout.sheet, pixels_per_unit, &look, medium, theme.page)
        .ok_or_else(|| unfit(options.pixels_per_mm))?
        .with_threads(threads);
    let frame = canvas.on_pixels(layout.frame);
    let focus = focus(page, options);
    let Extent {
        west,
        south,
        east,
        north,
    } = focus;
    let nothing = || RasterError::Focus {
        west,
        south,
        east,
        north,
    };

    let crs = options.crs.as_deref();
    let projection = Projection::of(crs, focus)?;
    let subject = Subject {
        page,
        drawings: &dressed.drawings,
        look: &look,
        graticule: options.graticule,
        only: options.only.as_ref(),
        names: layout.names,
    };
    let view = View::of_focus(&projection, focus, frame, layout.unit_mm).ok_or_else(nothing)?;
    let alike = alike(&look, medium, pixels_per_unit);
    let land = |view: &View<'_>| lands.of(page, view, alike);
    let mut scene = Scene::side_by_side(subject, view, (crs, focus), threads, land);
    let mut underlay = Underlay::new(&scene, threads);
    let wanted = page.inset.as_ref().filter(|_| options.only.is_none());
    let insets = match wanted {
        None => Vec::new(),
        Some(Inset::Part { title, extent }) => {
            let plan = inset::plan((title, *extent), &scene, &underlay, focus, &canvas);
            plan.into_iter().collect()
        }
        Some(Inset::Heaps) => heaps::plans(page.language, &scene, &underlay, layout.spare, &canvas),
    };
    if let Some(shifted) = insets
        .iter()
        .find(|plan| plan.shift_mm != 0.0)
        .and_then(|plan| view.shifted(plan.shift_mm))
    {
        scene = Scene::new(subject, shifted, land(&shifted));
        underlay = Underlay::new(&scene, threads);
    }
    if let Some(Inset::Heaps) = wanted {
        let parts = insets.iter().filter_map(|plan| plan.enlarged(&scene));
        scene.enlarged = parts.collect();
    }

    let tag_text = words(page.language).sketch;
    let tag_mm = typesetter.width(tag_text, spaced(tag_text, TAG_TYPE));
    scene.tag = Some(tag_box(scene.frame(), tag_mm));
    let Drawn { names, symbols } =
        draw_map(subject, &scene, &underlay, &insets, &mut canvas, typesetter)?;
    let missed = names.missed.iter().filter_map(|index| {
        let label = dressed.drawings[*index].label.as_ref();
        label.map(|label| labels::one_line(&label.text))
    });
    let dropped = missed.chain(names.dropped).collect();
    let scale_bar = draw_around(page, options, &layout, &scene, &mut canvas, typesetter)?;
    Ok(Rendered {
        picture: picture(canvas, page, options, layout.unit_mm, typesetter)?,
        pixels_per_mm: options.pixels_per_mm,
        ratio: scene.view.ratio,
        unit_mm: layout.unit_mm,
        scale_bar,
        projection: projection.description.clone(),
        definition: projection.definition.clone(),
        centre_m: scene.view.centre(),
        frame,
        insets: insets
            .iter()
            .map(|plan| PlacedInset {
                frame: plan.view.frame,
                ratio: plan.view.ratio,
                centre_m: plan.view.centre(),
            })
            .collect(),
        symbols,
        names: names.names,
        dropped,
        missing_glyphs: typesetter.missing(),
        legend: layout.legend.boxes(),
        locator: layout.locator,
    })
}

/// What stands on the map and its insets.
struct Drawn {
    names: Placement,
    symbols: Vec<PlacedSymbol>,
}

/// Places the names of the map and of its insets, and paints all, with the frame.
fn draw_map(
    subject: Subject<'_>,
    scene: &Scene<'_>,
    underlay: &Underlay,
    plans: &[InsetPlan<'_>],
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<Drawn, RasterError> {
    let frame = scene.frame();
    let reserved = insets::reserved(plans, scene);
    let members: Vec<Vec<usize>> = plans.iter().map(|plan| plan.members(scene)).collect();
    let titles = insets::titles(plans, scene);
    let in_inset = members.concat();
    let which = Names::Main {
        in_inset: &in_inset,
        titles: &titles,
    };
    let mut names = canvas.inside(frame, |canvas| {
        paint_map(scene, underlay, canvas, typesetter);
        let place = || labels::place(scene, underlay, typesetter, which, &reserved);
        let names = canvas.settle_beside(place);
        names.paint(canvas, typesetter);
        for plan in plans {
            inset::paint_source(plan, scene, canvas);
        }
        let outlines = insets::outlines(plans, scene);
        symbols::paint_points(scene, canvas, underlay, typesetter, Some(&outlines));
        names
    });
    let mut symbols = symbols::placed(scene, None);
    for (number, (plan, mut wanted)) in plans.iter().zip(members).enumerate() {
        // What found no room on the map may find it here.
        wanted.extend(&names.missed);
        let which = Names::Inset {
            wanted: &wanted,
            others: scene.enlarged.is_empty(),
            number,
        };
        let (inset, points) = insets::paint(subject, frame, (plan, which), canvas, typesetter)?;
        symbols.extend(points);
        names.add(inset);
    }
    canvas.stroke(
        path_of_box(frame, 0.0).as_ref(),
        Pen::new(scene.look.theme.frame, FRAME_MM),
    );
    if let Some(tag) = scene.tag {
        paint_tag(canvas, tag, words(subject.page.language).sketch, typesetter);
    }
    Ok(Drawn { names, symbols })
}

/// Paints what stands around the map.
fn draw_around(
    page: &MapPage,
    options: &RenderOptions,
    layout: &Layout<'_>,
    scene: &Scene<'_>,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<ScaleBar, RasterError> {
    graticule::paint(&scene.view, canvas, typesetter);
    layout.title.paint(canvas, typesetter);
    super::legend::paint(&layout.legend, canvas, typesetter, scene.view.ratio);
    if let Some(area) = layout.locator {
        locator::paint(page, scene, area, canvas, typesetter)?;
    }
    let paper = &options.paper.name;
    let about = (paper.as_str(), page.language);
    let scale_bar = furniture::paint(&scene.view, layout.scale, about, canvas, typesetter);
    let approval = options.approval.as_deref();
    column::paint_sources(page, approval, layout.sheet, canvas, typesetter);
    Ok(scale_bar)
}

/// What must lie inside the frame.
fn focus(page: &MapPage, options: &RenderOptions) -> Extent {
    let only = options.only.as_ref().and_then(BoundingRect::bounding_rect);
    only.map_or(page.focus, |rect| Extent {
        west: rect.min().x,
        south: rect.min().y,
        east: rect.max().x,
        north: rect.max().y,
    })
}

pub(super) fn unfit(pixels_per_mm: f64) -> RasterError {
    RasterError::Resolution {
        pixels_per_mm,
        least: RESOLUTIONS.0,
        most: RESOLUTIONS.1,
    }
}

fn check_resolution(options: &RenderOptions) -> Result<(), RasterError> {
    if options.format.is_vector() {
        return Ok(());
    }
    let side = |mm: f64| mm * options.pixels_per_mm;
    let (width, height) = (side(options.paper.width_mm), side(options.paper.height_mm));
    if width * height > MOST_PIXELS {
        return Err(RasterError::TooManyPixels {
            width,
            height,
            most: MOST_PIXELS,
        });
    }
    let (least, most) = RESOLUTIONS;
    if !(least..=most).contains(&options.pixels_per_mm) {
        return Err(unfit(options.pixels_per_mm));
    }
    Ok(())
}

/// What tells papers apart that are not painted alike.
fn alike(look: &Look, medium: Medium, pixels_per_unit: f64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&look.theme, medium, pixels_per_unit.to_bits()).hash(&mut hasher);
    for (_, width) in look.lines.sizes() {
        width.to_bits().hash(&mut hasher);
    }
    hasher.finish()
}

/// The finished page in its format.
fn picture(
    canvas: Canvas,
    page: &MapPage,
    options: &RenderOptions,
    unit_mm: f64,
    typesetter: &Typesetter<'_>,
) -> Result<Picture, RasterError> {
    Ok(match options.format {
        Format::Svg => {
            let text = svg::write(&canvas.record(), page, &options.paper, unit_mm, typesetter);
            Picture::Svg(text)
        }
        Format::Pdf => {
            let bytes = pdf::write(&canvas.record(), page, &options.paper, unit_mm, typesetter)?;
            Picture::Pdf(bytes)
        }
        format @ (Format::Png | Format::WebP) => {
            let pixels = canvas
                .pixmap()
                .ok_or_else(|| unfit(options.pixels_per_mm))?;
            Picture::Pixels(pixels, format)
        }
    })
}

/// Everything inside a frame below the names.
pub(super) fn paint_map(
    scene: &Scene<'_>,
    underlay: &Underlay,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    if scene.land.shared {
        cover_with_land(scene, canvas);
    } else {
        ground::paint_land(scene, canvas);
        ground::paint_lines(scene, canvas);
        areas::paint_fills(scene, canvas, Detail::Full);
        areas::paint_outlines(scene, canvas);
        ground::paint_rivers(scene, canvas);
        ground::paint_provinces(scene, canvas);
    }
    if scene.graticule {
        graticule::paint_lines(&scene.view, canvas);
    }
    areas::paint_bands(scene, canvas);
    areas::paint_edges(scene, canvas);
    ways::paint_axes(scene, canvas);
    ways::paint_lines(scene, canvas);
    symbols::paint_points(scene, canvas, underlay, typesetter, None);
    areas::paint_veil(scene, canvas);
}

/// The land, painted once for all pages that show it, with the areas of the theme.
fn cover_with_land(scene: &Scene<'_>, canvas: &mut Canvas) {
    let land = &scene.land;
    let paper = canvas.look().theme.page;
    let below = || {
        let below = land.painted.get_or_init(|| {
            let mut below = canvas.sheet(scene.frame(), paper)?;
            ground::paint_land(scene, &mut below);
            ground::paint_lines(scene, &mut below);
            below.settle();
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
            let mut whole = canvas.sheet(scene.frame(), paper)?;
            whole.cover(below()?);
            ground::paint_rivers(scene, &mut whole);
            ground::paint_provinces(scene, &mut whole);
            whole.settle();
            Some(whole)
        });
        if let Some(whole) = whole {
            canvas.cover(whole);
        }
    }
}

fn tag_box(frame: PageBox, text_mm: f64) -> PageBox {
    let (width, height) = (text_mm + TAG_PAD_MM * 2.0, TAG_HIGH_MM);
    PageBox::new(
        frame.right - TAG_IN_MM - width,
        frame.top + TAG_IN_MM,
        width,
        height,
    )
}

fn paint_tag(canvas: &mut Canvas, area: PageBox, text: &str, typesetter: &Typesetter<'_>) {
    let look = canvas.look();
    let theme = &look.theme;
    let path = path_of_box(area, 0.0);
    canvas.fill(path.as_ref(), theme.page, 0.92);
    canvas.stroke(path.as_ref(), Pen::new(theme.frame, 0.15));
    let style = spaced(text, TAG_TYPE);
    let line = typesetter.line(text, style);
    let centre = area.centre();
    let origin = Coord {
        x: centre.x - line.width / 2.0,
        y: style.baseline_at(centre.y),
    };
    canvas.write(typesetter, &Run::level(line, origin), theme.ink);
}
