//! Map pages: title, legend, locator, scale, sources and the map itself, on paper of any size, as pixels, SVG or PDF.
//!
//! [`render`] lays out and paints a [`MapPage`]; [`Rendered`] is the picture and what is on it, in millimetres, so
//! that a test can see that no two names meet. Sizes, colours and rules are those of `docs/style.md`.

mod acts;
mod areas;
mod beside;
mod breaking;
mod brush;
mod canvas;
mod clip;
mod colour;
mod column;
mod contours;
mod coverage;
mod error;
mod flat;
mod fonts;
mod furniture;
mod graticule;
mod ground;
mod heaps;
mod inset;
mod insets;
mod labels;
mod land;
mod layout;
mod legend;
mod line_forms;
mod locator;
mod options;
mod page;
mod page_box;
mod painting;
mod paths;
mod pdf;
mod pen;
mod pixels;
mod plane;
mod projection;
mod record;
mod rendered;
mod scene;
mod spline;
mod svg;
mod swatch;
mod symbols;
#[cfg(test)]
mod tests;
mod text;
mod thinning;
mod view;
mod ways;
mod words;
pub(crate) mod zoom;

use layers::map::MapPage;

pub use error::RasterError;
pub use options::{Format, MM_PER_INCH, Paper, RenderOptions};
pub use page_box::PageBox;
pub use rendered::{PlacedInset, PlacedName, PlacedSymbol, Rendered, ScaleBar};

/// Renders pages one after another, or several at once. What the pages share is made once: several themes lie on the same
/// land.
#[derive(Default)]
pub struct Renderer {
    options: RenderOptions,
    lands: land::Lands,
    /// Threads of a page.
    threads: usize,
}

impl Renderer {
    /// A renderer that has drawn nothing yet.
    #[must_use]
    pub fn new(options: RenderOptions) -> Self {
        Self {
            options,
            lands: land::Lands::default(),
            threads: 1,
        }
    }

    /// For one page, which takes all threads of the machine.
    fn of_one_page(options: RenderOptions) -> Self {
        Self {
            options,
            lands: land::Lands::of_one_page(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// Renders a page, the same as [`render`].
    ///
    /// # Errors
    /// As [`render`].
    pub fn render(&self, page: &MapPage) -> Result<Rendered, RasterError> {
        let given;
        let fonts = if self.options.fonts.is_empty() {
            fonts::Fonts::of_system()?
        } else {
            given = fonts::Fonts::find(&self.options.fonts)?;
            &given
        };
        fonts.with_typesetter(|typesetter| {
            page::compose(page, &self.options, &self.lands, self.threads, typesetter)
        })?
    }
}

/// Renders a page.
///
/// # Errors
/// [`RasterError::NoFont`] when the fonts are not installed; [`RasterError::Focus`] when the page shows nothing;
/// [`RasterError::Resolution`] when it would have too few or too many pixels; [`RasterError::LegendTooLong`] when the
/// legend has no room.
pub fn render(page: &MapPage, options: &RenderOptions) -> Result<Rendered, RasterError> {
    Renderer::of_one_page(options.clone()).render(page)
}
