//! Raster tiles of a map, in Web Mercator: pictures of 256 or 512 pixels in an archive.
//!
//! The map of a zoom is laid out once, with all its names ([`zoom`](crate::raster)), painted in blocks of neighbouring tiles and cut, so that
//! nothing changes at the edge of a tile.

mod encode;
mod frame;
mod palette;
mod runs;
#[cfg(test)]
mod tests;
mod work;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use layers::Look;
use layers::map::MapPage;
use tiles::archive::{
    ArchiveError, ArchiveSummary, Container, Fingerprint, TileFormat, TileSink, Tileset,
};

use self::frame::Frame;
use self::work::{Dropped, Work};
use crate::raster::zoom::Zooms;
use crate::raster::{RasterError, RenderOptions};

/// How tiles are made.
#[derive(Debug, Clone)]
pub struct RasterTileOptions {
    /// Zooms.
    pub zooms: RangeInclusive<u8>,
    /// Pixels of a tile's side on usual displays: 256 or 512.
    pub side_px: u32,
    /// Twice as many pixels, for displays with small ones.
    pub retina: bool,
    /// PNG or WebP.
    pub format: TileFormat,
    /// Whether the land is drawn below the theme; else tiles are transparent, and those with nothing in them are left out.
    pub ground: bool,
    /// How the map looks.
    pub look: Look,
    /// Font files; those of the system when empty.
    pub fonts: Vec<PathBuf>,
    /// Threads.
    pub threads: usize,
    /// Name of the archive.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Whom to name.
    pub attribution: String,
    /// Whether the archive may take the place of another.
    pub replace: bool,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct RasterReport {
    /// What is in the archive.
    pub archive: ArchiveSummary,
    /// Names that had no room, by zoom.
    pub dropped: Dropped,
}

/// Tiles that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RasterTilesError {
    /// The map cannot be laid out.
    #[error(transparent)]
    Raster(#[from] RasterError),
    /// The archive cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A zoom is larger than one layout can be.
    #[error(
        "zoom {zoom} of this area is {side} pixels wide or high, more than {most}; choose a smaller last zoom, or a smaller area"
    )]
    TooLarge {
        /// The zoom.
        zoom: u8,
        /// Its longer side.
        side: u64,
        /// What it may be.
        most: u64,
    },
    /// A picture cannot be encoded.
    #[error("a tile cannot be encoded as {format}: {reason}")]
    Encode {
        /// As what.
        format: &'static str,
        /// Why.
        reason: String,
    },
}

/// Makes raster tiles of a page.
///
/// # Errors
///
/// [`RasterTilesError`]; then there is no archive at `out` that was not there before.
pub fn make(
    page: &MapPage,
    out: &Path,
    container: Container,
    options: &RasterTileOptions,
) -> Result<RasterReport, RasterTilesError> {
    let frames: Vec<Frame> = options
        .zooms
        .clone()
        .map(|z| Frame::new(page.focus, z, options))
        .collect::<Result<_, _>>()?;
    let bare;
    let page = if options.ground {
        page
    } else {
        bare = MapPage {
            ground: layers::map::Ground::default(),
            ..page.clone()
        };
        &bare
    };
    let render = RenderOptions {
        look: options.look.clone(),
        fonts: options.fonts.clone(),
        ..RenderOptions::default()
    };
    let world = frames.iter().map(|frame| frame.zoom_frame().world);
    let zooms = Zooms::new(page, &render, world.fold(0.0, f64::max), options.threads)?;
    let sink = TileSink::create(out, Fingerprint(0), false, options.replace)?;
    let work = Work {
        zooms: &zooms,
        frames: &frames,
        options,
        sink: &sink,
    };
    let dropped = work.run()?;
    let focus = page.focus;
    let tileset = Tileset {
        name: options.name.clone(),
        description: options.description.clone(),
        attribution: options.attribution.clone(),
        bounds: [focus.west, focus.south, focus.east, focus.north],
        format: options.format,
        ..Tileset::default()
    };
    let archive = sink.finish(container, &tileset)?;
    Ok(RasterReport { archive, dropped })
}
