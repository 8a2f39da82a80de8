//! Raster tiles of a map, in Web Mercator: pictures of 256 or 512 pixels in an archive.
//!
//! The map of a zoom is laid out once, with all its names, and cut into tiles along the quadtree ([`zoom`](crate::raster)), so that nothing
//! changes at the edge of a tile.

mod encode;
mod frame;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use layers::Look;
use layers::map::MapPage;
use tiles::TileCoord;
use tiles::archive::{
    ArchiveError, ArchiveSummary, Container, Fingerprint, TileFormat, TileSink, Tileset,
};

use self::frame::Frame;
use crate::raster::zoom::ZoomMap;
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
    pub dropped: Vec<(u8, Vec<String>)>,
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
    let sink = TileSink::create(out, Fingerprint(0), false, options.replace)?;
    let mut dropped = Vec::new();
    let mut tasks = 0;
    let maps = laid_out(page, &frames, &render, options.threads);
    for (frame, laid_out) in frames.iter().zip(maps) {
        let (map, names) = laid_out?;
        if !names.is_empty() {
            dropped.push((frame.z, names));
        }
        tasks += cut(&map, frame, &sink, tasks, options)?;
    }
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

/// The map of a zoom, and the names that had no room.
type LaidOut = Result<(ZoomMap, Vec<String>), RasterError>;

/// Lays out the maps of all zooms, side by side, the deepest first.
fn laid_out(
    page: &MapPage,
    frames: &[Frame],
    render: &RenderOptions,
    threads: usize,
) -> Vec<LaidOut> {
    let left = AtomicUsize::new(frames.len());
    let made: Mutex<Vec<(usize, LaidOut)>> = Mutex::default();
    let worker = || {
        let take = |left: usize| left.checked_sub(1);
        while let Ok(left) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            let map = ZoomMap::new(page, frames[left - 1].zoom_frame(), render);
            if let Ok(mut made) = made.lock() {
                made.push((left - 1, map));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, frames.len().max(1)) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut made = made.into_inner().unwrap_or_default();
    made.sort_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, map)| map).collect()
}

/// Pieces of a zoom that threads take: so many a thread, that all end at about the same time.
const PIECES: usize = 8;

/// Cuts the map of a zoom into tiles; returns how many pieces of work there were.
fn cut(
    map: &ZoomMap,
    frame: &Frame,
    sink: &TileSink,
    first_task: u64,
    options: &RasterTileOptions,
) -> Result<u64, RasterTilesError> {
    let mut pieces = vec![(0u8, 0u64)];
    while pieces.len() < PIECES * options.threads.max(1)
        && pieces.first().is_some_and(|piece| piece.0 < frame.z)
    {
        let below = pieces.into_iter().flat_map(|(z, key)| {
            let first = key << 2;
            (first..first + 4).map(move |key| (z + 1, key))
        });
        pieces = below
            .filter(|&(z, key)| TileCoord::from_key(z, key).is_ok_and(|tile| frame.meets(tile)))
            .collect();
    }
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    let worker = || {
        let mut painter = encode::Encoder::new(options.format, options.ground);
        while let Some(&(z, key)) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
            let task = first_task + key;
            let mut work = || -> Result<(), RasterTilesError> {
                let Ok(tile) = TileCoord::from_key(z, key) else {
                    return Ok(());
                };
                let mut spool = sink.task(task);
                let own = map.within(frame.box_of(tile));
                descend(&own, tile, frame, &mut |tile, map| {
                    if map.is_empty() && !options.ground {
                        return Ok(());
                    }
                    let Some(picture) = map.paint(frame.box_of(tile)) else {
                        return Ok(());
                    };
                    if let Some(bytes) = painter.encode(&picture)? {
                        spool.push(tile, bytes, 1)?;
                    }
                    Ok(())
                })?;
                Ok(spool.finish(&[])?)
            };
            if let Err(error) = work() {
                next.store(usize::MAX / 2, Ordering::Relaxed);
                if let Ok(mut failed) = failed.lock() {
                    *failed = Some(error);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..options.threads.max(1) {
            scope.spawn(worker);
        }
        worker();
    });
    match failed.into_inner() {
        Ok(Some(error)) => Err(error),
        // Keys of pieces are below this.
        _ => Ok(1 << (2 * pieces.first().map_or(0, |piece| u32::from(piece.0)))),
    }
}

/// Goes down to the tiles of the zoom, in the order of the archive, with what is left of the map.
fn descend(
    map: &ZoomMap,
    tile: TileCoord,
    frame: &Frame,
    paint: &mut dyn FnMut(TileCoord, &ZoomMap) -> Result<(), RasterTilesError>,
) -> Result<(), RasterTilesError> {
    if tile.z() == frame.z {
        return paint(tile, map);
    }
    let first = tile.key() << 2;
    for key in first..first + 4 {
        let Ok(child) = TileCoord::from_key(tile.z() + 1, key) else {
            continue;
        };
        if frame.meets(child) {
            let own = map.within(frame.box_of(child));
            descend(&own, child, frame, paint)?;
        }
    }
    Ok(())
}
