//! Which paper, and how many pixels on it.

use anyhow::bail;
use gazetteer::Extent;
use output::raster::{Format, MM_PER_INCH, Paper};

use crate::args::{PageOptions, Size};

/// Resolution unless another is asked for, in pixels per mm: 254 dpi.
const USUAL_PER_MM: f64 = 10.0;
/// Resolutions that can be asked for.
const DPI: std::ops::RangeInclusive<f64> = 40.0..=1200.0;
/// The area of an A4 page.
const A4_MM2: f64 = 297.0 * 210.0;

/// The paper for a map of `focus`, and its pixels per mm.
pub fn choose(asked: &PageOptions, focus: Extent, format: Format) -> anyhow::Result<(Paper, f64)> {
    if let Some(dpi) = asked.dpi
        && !DPI.contains(&dpi)
    {
        bail!("--dpi {dpi}: expected {} to {}", DPI.start(), DPI.end());
    }
    let per_mm = asked.dpi.map(|dpi| dpi / MM_PER_INCH);
    let turned = |paper: Paper| {
        if asked.portrait || asked.landscape {
            paper.turned(asked.portrait)
        } else {
            paper
        }
    };
    Ok(match &asked.size {
        Size::Named(name) => {
            let Some(paper) = Paper::named(name) else {
                bail!("--size {name}: no such paper");
            };
            let upright = if asked.portrait || asked.landscape || !name.starts_with(['A', 'a']) {
                asked.portrait
            } else {
                Paper::upright_for(focus)
            };
            (paper.turned(upright), per_mm.unwrap_or(USUAL_PER_MM))
        }
        Size::Mm(width, height) => (
            turned(Paper::of_size(*width, *height)),
            per_mm.unwrap_or(USUAL_PER_MM),
        ),
        Size::Pixels(width, height) => {
            if !matches!(format, Format::Png | Format::WebP) {
                bail!("--size in pixels is for .png and .webp; give .svg and .pdf a size in mm");
            }
            let (width, height) = (f64::from(*width), f64::from(*height));
            let per_mm = per_mm.unwrap_or_else(|| (width * height / A4_MM2).sqrt());
            (
                turned(Paper::of_size(width / per_mm, height / per_mm)),
                per_mm,
            )
        }
    })
}
