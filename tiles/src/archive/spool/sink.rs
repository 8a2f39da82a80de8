//! Where tasks hand over their tiles, and how these become an archive.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use twox_hash::XxHash3_128;

use super::super::{ArchiveError, Tileset, place, write};
use super::file::{Lane, paths};
use super::journal::{Finished, Journal};
use super::runs::{Run, Runs};
use super::task::TaskSpool;
use crate::MAX_ZOOM;

/// What a run depends on: input, options, program. Runs with the same give the same archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// Returns the fingerprint of bytes (XXH3, 128 bits).
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(XxHash3_128::oneshot(bytes))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What tiles are put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// One file, `PMTiles` v3.
    Pmtiles,
    /// One file, `MBTiles` 1.3.
    Mbtiles,
    /// A folder of files `z/x/y.pbf`, not compressed, with `metadata.json`.
    Folder,
}

impl Container {
    /// Returns the container that a path asks for by its ending; a folder when it is neither `.pmtiles` nor `.mbtiles`.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().unwrap_or_default();
        if ending.eq_ignore_ascii_case("pmtiles") {
            Self::Pmtiles
        } else if ending.eq_ignore_ascii_case("mbtiles") {
            Self::Mbtiles
        } else {
            Self::Folder
        }
    }
}

/// Which part of an archive a run makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOf {
    /// From 1.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
    /// The zoom at which the work is split. Part 1 makes all tiles of shallower zooms.
    pub split_zoom: u8,
    /// The part's stretch of the Hilbert curve of that zoom ([`crate::TileCoord::key`]); the parts' stretches follow each other
    /// from 0 to 4^`split_zoom`.
    pub keys: Range<u64>,
    /// Of the input, the options and the decisions, which all parts must share.
    pub plan: Fingerprint,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ArchiveSummary {
    /// Tiles that can be asked for.
    pub tiles: u64,
    /// Different tiles: equal ones are stored once.
    pub contents: u64,
    /// Size of the archive, in bytes.
    pub bytes: u64,
    /// Zooms that have tiles, in order.
    pub zooms: Vec<ZoomSummary>,
}

/// What was written of a zoom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ZoomSummary {
    /// The zoom.
    pub zoom: u8,
    /// Its tiles.
    pub tiles: u64,
    /// Their bytes as they are stored, equal tiles counted each time.
    pub bytes: u64,
    /// Features in its tiles; one that is in several tiles counts in each.
    pub features: u64,
    /// Bytes of its largest tile.
    pub largest_bytes: u32,
    /// The largest tile: column and row.
    pub largest: (u32, u32),
}

/// How often the journal is brought to the disk.
const SYNC_EVERY: Duration = Duration::from_secs(3);

/// Takes tiles from tasks on any threads and makes an archive of them.
///
/// The order of calls: [`TileSink::create`]; for every task [`TileSink::done`], and when it is not, [`TileSink::task`] with
/// [`TaskSpool::push`] and [`TaskSpool::finish`]; then one of [`TileSink::finish`] and [`TileSink::finish_part`]. A sink
/// that is dropped before leaves its folder `OUT.part`, from which a run with `resume` goes on.
pub struct TileSink {
    out: PathBuf,
    folder: PathBuf,
    replace: bool,
    done: HashMap<u64, Finished>,
    state: Mutex<State>,
    journal: Mutex<Journal>,
}

struct State {
    idle: Vec<Lane>,
    lanes: u32,
    /// Finished in this run and already in the journal.
    kept: Vec<Finished>,
    /// Finished and not yet in the journal.
    pending: Vec<Finished>,
    /// Files with bytes that may not be on the disk.
    touched: BTreeMap<PathBuf, Arc<File>>,
    synced: Instant,
}

/// A thread that panicked leaves what it did not finish, which counts for nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TileSink {
    /// Begins the archive at `out`, in the folder `OUT.part` beside it.
    ///
    /// With `resume` the tasks that an earlier run with the same fingerprint finished count; without, what it left is removed.
    /// With `replace` the archive takes the place of what is at `out`, at the end.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Exists`] without `replace`, [`ArchiveError::OtherRun`] when the earlier run had another fingerprint,
    /// [`ArchiveError::Busy`] while another run writes there, [`ArchiveError::NotOurs`] when the folder holds other things,
    /// [`ArchiveError::Io`].
    pub fn create(
        out: &Path,
        fingerprint: Fingerprint,
        resume: bool,
        replace: bool,
    ) -> Result<Self, ArchiveError> {
        let name = out.file_name().ok_or_else(|| ArchiveError::NoFileName {
            path: out.to_owned(),
        })?;
        if !replace && fs::symlink_metadata(out).is_ok() {
            return Err(ArchiveError::Exists {
                path: out.to_owned(),
            });
        }
        let mut part = name.to_owned();
        part.push(".part");
        let folder = out.with_file_name(part);
        match fs::create_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let ours = |path: &Path| {
                    path.join("journal").is_file()
                        || fs::read_dir(path).is_ok_and(|mut names| names.next().is_none())
                };
                if !ours(&folder) {
                    return Err(ArchiveError::NotOurs { path: folder });
                }
            }
            Err(error) => return Err(ArchiveError::io(&folder)(error)),
        }
        // What a run that was killed between two renames had put aside.
        let aside = folder.join(place::ASIDE);
        if fs::symlink_metadata(&aside).is_ok() && fs::symlink_metadata(out).is_err() {
            fs::rename(&aside, out).map_err(ArchiveError::io(out))?;
            if !replace {
                return Err(ArchiveError::Exists {
                    path: out.to_owned(),
                });
            }
        }
        let (journal, done) = Journal::open(&folder, fingerprint, resume)?;
        if !resume {
            clear(&folder)?;
        }
        let done = sound(&folder, done);
        let lanes = done.values().map(|task| task.lane + 1).max().unwrap_or(0);
        let idle = (0..lanes).map(|number| {
            let mut begin = vec![(0, 0); usize::from(MAX_ZOOM) + 1];
            for task in done.values().filter(|task| task.lane == number) {
                for stretch in &task.stretches {
                    let (data, index) = &mut begin[usize::from(stretch.z)];
                    *data = stretch.data_end.max(*data);
                    let bytes = stretch.count * super::runs::INDEX_BYTES as u64;
                    *index = (stretch.index_start + bytes).max(*index);
                }
            }
            Lane::new(&folder, number, begin)
        });
        let state = State {
            idle: idle.collect(),
            lanes,
            kept: Vec::new(),
            pending: Vec::new(),
            touched: BTreeMap::new(),
            synced: Instant::now(),
        };
        Ok(Self {
            out: out.to_owned(),
            replace,
            done,
            state: Mutex::new(state),
            journal: Mutex::new(journal),
            folder,
        })
    }

    /// Returns the note of a task that an earlier run finished; it must not be done again.
    #[must_use]
    pub fn done(&self, task: u64) -> Option<&[u8]> {
        self.done.get(&task).map(|finished| &finished.note[..])
    }

    /// Begins a task, by a number that means the same in every run with this fingerprint. Tasks may run at the same time, on
    /// any threads.
    #[must_use]
    pub fn task(&self, task: u64) -> TaskSpool<'_> {
        let mut state = lock(&self.state);
        let lane = state.idle.pop().unwrap_or_else(|| {
            state.lanes += 1;
            Lane::new(&self.folder, state.lanes - 1, Vec::new())
        });
        TaskSpool::new(self, task, lane)
    }

    pub(super) fn give_back(&self, lane: Lane) {
        lock(&self.state).idle.push(lane);
    }

    pub(super) fn finished(
        &self,
        finished: Finished,
        touched: Vec<(PathBuf, Arc<File>)>,
    ) -> Result<(), ArchiveError> {
        let mut state = lock(&self.state);
        state.pending.push(finished);
        state.touched.extend(touched);
        if state.synced.elapsed() < SYNC_EVERY {
            return Ok(());
        }
        state.synced = Instant::now();
        drop(state);
        self.sync()
    }

    /// Brings what is finished to the disk and into the journal, so that a resumed run need not do it again.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Io`].
    pub fn sync(&self) -> Result<(), ArchiveError> {
        let mut journal = lock(&self.journal);
        let (pending, touched) = {
            let mut state = lock(&self.state);
            (
                std::mem::take(&mut state.pending),
                std::mem::take(&mut state.touched),
            )
        };
        for (path, file) in touched {
            file.sync_data().map_err(ArchiveError::io(&path))?;
        }
        journal.append(&pending)?;
        lock(&self.state).kept.extend(pending);
        Ok(())
    }

    /// Makes the archive of all tiles that finished tasks gave and puts it at the output's place, whole; the working folder goes.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Empty`] without tiles, [`ArchiveError::Overlap`] when two tasks made tiles of one stretch,
    /// [`ArchiveError::Io`] and [`ArchiveError::Spool`]; then nothing is at the output's place that was not there before.
    pub fn finish(
        self,
        container: Container,
        tileset: &Tileset,
    ) -> Result<ArchiveSummary, ArchiveError> {
        let runs = self.runs()?;
        self.finish_runs(&runs, container, tileset)
    }

    /// Makes the archive of tiles that lie anywhere.
    pub(in super::super) fn finish_runs(
        self,
        runs: &Runs,
        container: Container,
        tileset: &Tileset,
    ) -> Result<ArchiveSummary, ArchiveError> {
        let whole = self.folder.join("whole");
        remove(&whole)?;
        let summary = write::write(runs, container, tileset, &whole)?;
        self.put(&whole)?;
        Ok(summary)
    }

    /// Makes a part of an archive, for [`crate::archive::merge`], and puts it at the output's place, whole. A part may be empty.
    ///
    /// # Errors
    ///
    /// As [`TileSink::finish`] but for [`ArchiveError::Empty`].
    pub fn finish_part(
        self,
        part: &PartOf,
        tileset: &Tileset,
    ) -> Result<ArchiveSummary, ArchiveError> {
        let runs = self.runs()?;
        let whole = self.folder.join("whole");
        remove(&whole)?;
        let summary = super::super::part::write(&runs, part, tileset, &whole)?;
        self.put(&whole)?;
        Ok(summary)
    }

    /// All finished tasks' tiles in order.
    fn runs(&self) -> Result<Runs, ArchiveError> {
        let mut state = lock(&self.state);
        // What this run finished last is in no journal yet: it is used from memory.
        let mut tasks = std::mem::take(&mut state.pending);
        tasks.append(&mut state.kept);
        drop(state);
        let (mut files, mut numbers) = (Vec::new(), HashMap::new());
        let mut number = |path: PathBuf| {
            *numbers.entry(path.clone()).or_insert_with(|| {
                files.push(path);
                files.len() - 1
            })
        };
        let mut runs = Vec::new();
        for task in self.done.values().chain(&tasks) {
            for stretch in &task.stretches {
                let (data, index) = paths(&self.folder, task.lane, stretch.z);
                runs.push(Run {
                    first: stretch.first,
                    last: stretch.last,
                    count: stretch.count,
                    index: (number(index), stretch.index_start),
                    data: (number(data), 0),
                    data_end: stretch.data_end,
                });
            }
        }
        Runs::new(files, runs)
    }

    /// Gives what is whole its name and removes the working folder.
    fn put(self, whole: &Path) -> Result<(), ArchiveError> {
        place::put(whole, &self.out, self.replace)?;
        // The archive is there: what cannot be removed is a folder too many, not a failure.
        let _ = fs::remove_dir_all(&self.folder);
        Ok(())
    }
}

/// Removes all of an earlier run but its journal, which is open.
fn clear(folder: &Path) -> Result<(), ArchiveError> {
    let io = ArchiveError::io(folder);
    for entry in fs::read_dir(folder).map_err(&io)? {
        let path = entry.map_err(&io)?.path();
        if path.file_name().is_some_and(|name| name == "journal") {
            continue;
        }
        remove(&path)?;
    }
    Ok(())
}

/// Removes a file or a folder, if it is there.
fn remove(path: &Path) -> Result<(), ArchiveError> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ArchiveError::io(path)(error))
        }
        _ => Ok(()),
    }
}

/// The tasks whose spools hold what the journal says; others are done again.
fn sound(folder: &Path, done: Vec<Finished>) -> HashMap<u64, Finished> {
    let holds = |task: &Finished| {
        let mut stretches = task.stretches.iter();
        stretches.all(|stretch| stretch.is_sound(&paths(folder, task.lane, stretch.z)))
    };
    let sound = done.into_iter().filter(holds);
    sound.map(|task| (task.task, task)).collect()
}
