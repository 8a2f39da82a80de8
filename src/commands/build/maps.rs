//! The map pages of an atlas.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use layers::Sheet;
use output::gallery::{Thumbnail, thumbnail};
use output::raster::Renderer;

use super::map_file;

/// What drawing a sheet's map gave.
pub(super) struct DrawnMap {
    /// `None` when nothing of the sheet is on a map.
    pub(super) small: Option<Thumbnail>,
    pub(super) warnings: Vec<String>,
}

/// Draws the maps, as many at once as there are processors. What came of it, in the order of the sheets.
pub(super) fn write_maps(sheets: &[Sheet], out: &Path) -> anyhow::Result<Vec<DrawnMap>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let renderer = Renderer::default();
    let write_some = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(sheet) = sheets.get(number) else {
                return done;
            };
            done.push((number, write_map(sheet, &renderer, out)));
        }
    };
    let mut written: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..workers.min(sheets.len()))
            .map(|_| scope.spawn(write_some))
            .collect();
        let mut written = write_some();
        for thread in threads {
            match thread.join() {
                Ok(done) => written.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        written
    });
    written.sort_by_key(|(number, _)| *number);
    written.into_iter().map(|(_, drawn)| drawn).collect()
}

/// Draws one map. Says which names of the theme are not on it; those of the ground are there to find the way only.
fn write_map(
    Sheet { layer, page }: &Sheet,
    renderer: &Renderer,
    out: &Path,
) -> anyhow::Result<DrawnMap> {
    let mut warnings = Vec::new();
    let Some(page) = page else {
        return Ok(DrawnMap {
            small: None,
            warnings,
        });
    };
    let drawn = renderer.render(page)?;
    drawn.write_png(out.join(map_file(layer)))?;
    let labels = page
        .drawings
        .iter()
        .filter_map(|drawing| drawing.label.as_ref());
    let of_theme: BTreeSet<String> = labels.map(|label| label.text.replace('\n', "")).collect();
    let dropped = drawn.dropped.iter().filter(|name| of_theme.contains(*name));
    let dropped: Vec<&str> = dropped.map(String::as_str).collect();
    if !dropped.is_empty() {
        warnings.push(format!(
            "{}: no room on the map for the names {}",
            layer.id,
            dropped.join("、")
        ));
    }
    if !drawn.missing_glyphs.is_empty() {
        let missing: String = drawn.missing_glyphs.iter().collect();
        warnings.push(format!(
            "{}: the fonts have no glyph for {missing}",
            layer.id
        ));
    }
    Ok(DrawnMap {
        small: Some(thumbnail(&drawn)?),
        warnings,
    })
}
