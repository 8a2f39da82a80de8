//! The work of all zooms, shared out among threads: maps are laid out, then painted a block of tiles at a time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tiles::archive::TileSink;

use super::encode::Encoder;
use super::frame::{Block, Frame};
use super::{RasterTileOptions, RasterTilesError};
use crate::raster::zoom::{Strip, ZoomMap, Zooms};

/// Names that had no room, by zoom.
pub(super) type Dropped = Vec<(u8, Vec<String>)>;

/// What is to be done.
pub(super) struct Work<'w> {
    pub(super) zooms: &'w Zooms<'w>,
    pub(super) frames: &'w [Frame],
    pub(super) options: &'w RasterTileOptions,
    pub(super) sink: &'w TileSink,
}

/// How far it is.
struct State<'w> {
    /// The first zooms, which are not begun yet.
    left: &'w [Frame],
    /// Zooms that are being laid out.
    in_work: usize,
    /// Maps with blocks that nobody paints yet.
    ready: Vec<(&'w Frame, Arc<ZoomMap>, Vec<Block>)>,
    dropped: Dropped,
    failed: Option<RasterTilesError>,
}

enum Step<'w> {
    LayOut(&'w Frame),
    Paint(&'w Frame, Arc<ZoomMap>, Block),
}

/// The state, and who waits for it to change.
struct Shared<'w> {
    state: Mutex<State<'w>>,
    changed: Condvar,
}

impl<'w> Work<'w> {
    /// Makes all tiles.
    pub(super) fn run(&self) -> Result<Dropped, RasterTilesError> {
        let shared = Shared {
            state: Mutex::new(State {
                left: self.frames,
                in_work: 0,
                ready: Vec::new(),
                dropped: Dropped::new(),
                failed: None,
            }),
            changed: Condvar::new(),
        };
        std::thread::scope(|scope| {
            for _ in 1..self.options.threads.max(1) {
                scope.spawn(|| self.worker(&shared));
            }
            self.worker(&shared);
        });
        let state = shared.state.into_inner();
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.dropped.sort_unstable_by_key(|(zoom, _)| *zoom);
        state.failed.map_or(Ok(state.dropped), Err)
    }

    fn worker(&self, shared: &Shared<'w>) {
        let mut encoder = Encoder::new(self.options.format, self.options.ground);
        let mut strip = Strip::default();
        let threads = self.options.threads.max(1);
        while let Some(step) = shared.next(threads * 2 - 1) {
            let done = match step {
                Step::LayOut(frame) => self.lay_out(frame, shared),
                Step::Paint(frame, map, block) => {
                    self.paint(frame, &map, &block, (&mut encoder, &mut strip))
                }
            };
            if let Err(error) = done {
                shared.lock().failed = Some(error);
                shared.changed.notify_all();
            }
        }
    }

    fn lay_out(&self, frame: &'w Frame, shared: &Shared<'w>) -> Result<(), RasterTilesError> {
        // Whoever waits for the map must not wait for ever.
        let _laid_out = LaidOut(shared);
        let (map, names) = self.zooms.map(frame.zoom_frame())?;
        let mut state = shared.lock();
        if !names.is_empty() {
            state.dropped.push((frame.z, names));
        }
        state.ready.push((frame, Arc::new(map), frame.blocks()));
        Ok(())
    }

    /// Paints a block and cuts it into its tiles.
    fn paint(
        &self,
        frame: &Frame,
        map: &ZoomMap,
        block: &Block,
        (encoder, strip): (&mut Encoder, &mut Strip),
    ) -> Result<(), RasterTilesError> {
        let own = map.within(block.area);
        if own.is_empty() && !self.options.ground {
            return Ok(());
        }
        let mut done = Vec::new();
        let mut rows = block.rows();
        own.paint_strips(block.area, frame.tile_px(), strip, |pixels| {
            for tile in rows.next().into_iter().flatten() {
                let bytes = encoder.encode(frame.cut(block, pixels, tile))?;
                done.extend(bytes.map(|bytes| (tile, bytes.to_vec())));
            }
            Ok::<_, RasterTilesError>(())
        })?;
        // In the order of the archive.
        done.sort_unstable_by_key(|(tile, _)| tile.id());
        let mut spool = self.sink.task(block.number);
        for (tile, bytes) in &done {
            spool.push(*tile, bytes, 1)?;
        }
        Ok(spool.finish(&[])?)
    }
}

impl<'w> Shared<'w> {
    fn lock(&self) -> MutexGuard<'_, State<'w>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to do next; the deepest zoom, which takes longest, first. While one thread lays it out others do the next, up to as many
    /// as `most_ready`: few maps are kept, but at the end all threads have blocks to paint.
    fn next(&self, most_ready: usize) -> Option<Step<'w>> {
        let mut state = self.lock();
        loop {
            if state.failed.is_some() {
                return None;
            }
            let may_lay_out = state.ready.len() < most_ready;
            if let Some((frame, left)) = state.left.split_last()
                && may_lay_out
            {
                state.left = left;
                state.in_work += 1;
                return Some(Step::LayOut(frame));
            }
            if let Some((frame, map, blocks)) = state.ready.last_mut() {
                let (frame, map, block) = (*frame, Arc::clone(map), blocks.pop());
                if blocks.is_empty() {
                    state.ready.pop();
                }
                if let Some(block) = block {
                    return Some(Step::Paint(frame, map, block));
                }
                continue;
            }
            if state.in_work == 0 {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Says that a zoom is laid out, or will never be.
struct LaidOut<'s, 'w>(&'s Shared<'w>);

impl Drop for LaidOut<'_, '_> {
    fn drop(&mut self) {
        self.0.lock().in_work -= 1;
        self.0.changed.notify_all();
    }
}
