//! A zoom of raster tiles: its map is laid out once as a whole, names and all, and kept as acts of drawing; tiles are cut out of it.

use std::sync::Arc;

use layers::map::MapPage;
use layers::{Dressed, Look};

use super::acts::Acts;
use super::areas::{self, Detail};
use super::canvas::{Canvas, Medium};
use super::fonts::Fonts;
use super::labels::{self, Names, Underlay};
use super::land::Land;
use super::page;
use super::page_box::PageBox;
pub(crate) use super::painting::Strip;
use super::plane::Plane;
use super::projection::Projection;
use super::scene::{Scene, Subject, UNSEEN_MM};
use super::text::Typesetter;
use super::view::View;
use super::{RasterError, RenderOptions, symbols, ways};

/// Pixels of a millimetre of the page: 96 an inch.
pub(crate) const PIXELS_PER_MM: f64 = 96.0 / super::MM_PER_INCH;

/// What of the world a zoom shows, in pixels of a map of the whole world.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ZoomFrame {
    /// Width and height of the world.
    pub(crate) world: f64,
    /// Left, top, width and height.
    pub(crate) area: [f64; 4],
    /// Pixels of a tile for one of these: 2 for displays with small pixels.
    pub(crate) density: f64,
    /// Whether the land is drawn below the theme; else tiles are transparent.
    pub(crate) ground: bool,
}

/// The map of a zoom, ready to be cut, in mm from the corner of the zoom's frame.
pub(crate) struct ZoomMap(Acts);

/// What the maps of all zooms of a page share.
pub(crate) struct Zooms<'p> {
    page: &'p MapPage,
    options: &'p RenderOptions,
    look: Arc<Look>,
    dressed: Dressed<'p>,
    plane: Plane,
}

impl<'p> Zooms<'p> {
    /// `world`: pixels of the world at the last zoom.
    pub(crate) fn new(
        page: &'p MapPage,
        options: &'p RenderOptions,
        world: f64,
        threads: usize,
    ) -> Result<Self, RasterError> {
        let look = Arc::new(options.look.clone());
        let dressed = look.dress(page)?;
        let (around, _) = Projection::mercator(page.focus)
            .to_plane(180.0, 0.0)
            .ok_or_else(|| nothing(page))?;
        // A hair less than at the last zoom: what is measured twice is not quite the same.
        let least_m = 0.999 * UNSEEN_MM * PIXELS_PER_MM * around * 2.0 / world;
        let plane = Plane::new(page.focus, &dressed.drawings, least_m, threads);
        Ok(Self {
            page,
            options,
            look,
            dressed,
            plane,
        })
    }

    /// Lays out the map of a zoom; returns the names too that had no room.
    pub(crate) fn map(&self, frame: ZoomFrame) -> Result<(ZoomMap, Vec<String>), RasterError> {
        let given;
        let fonts = if self.options.fonts.is_empty() {
            Fonts::of_system()?
        } else {
            given = Fonts::find(&self.options.fonts)?;
            &given
        };
        fonts.with_typesetter(|typesetter| self.lay_out(frame, typesetter))?
    }

    fn lay_out(
        &self,
        frame: ZoomFrame,
        typesetter: &Typesetter<'_>,
    ) -> Result<(ZoomMap, Vec<String>), RasterError> {
        let (page, look) = (self.page, &self.look);
        let [left, top, width, height] = frame.area;
        let paper = PageBox::new(0.0, 0.0, width / PIXELS_PER_MM, height / PIXELS_PER_MM);
        let projection = Projection::mercator(page.focus);
        let middle = (left + width / 2.0, top + height / 2.0);
        let view = View::of_world(&projection, paper, (frame.world, middle), PIXELS_PER_MM)
            .ok_or_else(|| nothing(page))?;
        let subject = Subject {
            page,
            drawings: &self.dressed.drawings,
            look,
            graticule: self.options.graticule,
            only: None,
            names: 1.0,
        };
        let land = Arc::new(Land::new(&page.ground, &view));
        let scene = Scene::of_plane(subject, view, land, &self.plane);
        let underlay = Underlay::in_patches(&scene, typesetter);
        let names = labels::place(
            &scene,
            &underlay,
            typesetter,
            Names::Main {
                in_inset: &[],
                titles: &[],
            },
            &[],
        );
        let pixels_per_mm = PIXELS_PER_MM * frame.density;
        let mut canvas = Canvas::new(
            paper,
            pixels_per_mm,
            look,
            Medium::Record,
            look.theme.ground,
        )
        .ok_or_else(|| nothing(page))?;
        if frame.ground {
            page::paint_map(&scene, &underlay, &mut canvas, typesetter);
            names.paint(&mut canvas, typesetter);
        } else {
            areas::paint_fills(&scene, &mut canvas, Detail::Full);
            areas::paint_outlines(&scene, &mut canvas);
            areas::paint_bands(&scene, &mut canvas);
            areas::paint_edges(&scene, &mut canvas);
            ways::paint_axes(&scene, &mut canvas);
            ways::paint_lines(&scene, &mut canvas);
            symbols::paint_points(&scene, &mut canvas, &underlay, typesetter, None);
            names.paint(&mut canvas, typesetter);
        }
        let ops = canvas.record();
        let ground = frame.ground.then_some(look.theme.ground);
        let map = ZoomMap(Acts::new(&ops, typesetter, pixels_per_mm, ground));
        Ok((map, names.dropped))
    }
}

fn nothing(page: &MapPage) -> RasterError {
    RasterError::Focus {
        west: page.focus.west,
        south: page.focus.south,
        east: page.focus.east,
        north: page.focus.north,
    }
}

impl ZoomMap {
    /// The part of it that reaches into a box.
    pub(crate) fn within(&self, area: PageBox) -> Self {
        Self(self.0.within(area))
    }

    /// Whether nothing is drawn.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Paints a box from top to bottom, so many rows of pixels at a time, and hands over each strip.
    pub(crate) fn paint_strips<E>(
        &self,
        area: PageBox,
        rows: usize,
        strip: &mut Strip,
        each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.0.paint_strips(area, rows, strip, each)
    }
}

/// A box on the page of a zoom: its corner and size in pixels of the world.
pub(crate) fn tile_box(frame: &ZoomFrame, at: (f64, f64), size: (f64, f64)) -> PageBox {
    let [left, top, ..] = frame.area;
    PageBox::new(
        (at.0 - left) / PIXELS_PER_MM,
        (at.1 - top) / PIXELS_PER_MM,
        size.0 / PIXELS_PER_MM,
        size.1 / PIXELS_PER_MM,
    )
}
