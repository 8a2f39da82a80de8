//! Merges parts into an archive.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use twox_hash::{XxHash3_64, XxHash3_128};

use super::super::spool::{Fingerprint, INDEX_BYTES, Run, Runs, TileSink};
use super::super::{ArchiveError, ArchiveSummary, Container, Tileset};
use super::{About, FOOTER_BYTES, MAGIC};
use crate::{MAX_ZOOM, TileCoord};

/// Parts that do not make an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// No parts at all.
    #[error("no parts to merge")]
    None,
    /// The file is no part, or not a whole one.
    #[error("{} is no part, or one that was cut short; `yutu tile --part` makes them", path.display())]
    NotAPart {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{}: {what} is damaged; make the part again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What of it.
        what: &'static str,
    },
    /// The part comes from other input or options than the first one, or is one of another number of parts.
    #[error("{} was made from other {what} than {}; make both from the same", path.display(), first.display())]
    Foreign {
        /// The part.
        path: PathBuf,
        /// The first part given.
        first: PathBuf,
        /// What differs.
        what: &'static str,
    },
    /// Two files are the same part.
    #[error("part {number} is given twice: {} and {}", path.display(), first.display())]
    Twice {
        /// Which part.
        number: u32,
        /// The second file.
        path: PathBuf,
        /// The first file.
        first: PathBuf,
    },
    /// Parts are missing.
    #[error("of {of} parts these are missing: {}", missing.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))]
    Missing {
        /// How many there should be.
        of: u32,
        /// Which are not there.
        missing: Vec<u32>,
    },
    /// The parts' stretches of the tile order do not follow each other.
    #[error("{} begins at {found} of the order of tiles, where the part before ends at {expected}", path.display())]
    Stretch {
        /// The part.
        path: PathBuf,
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
}

/// Most bytes of what a part says of itself.
const MOST_ABOUT_BYTES: u64 = 1 << 28;

/// Merges all parts of an archive into one at `out`, byte for byte what a single run writes.
///
/// The parts may be given in any order. Their tiles are read twice, once to see that they are whole; in memory are 40 bytes for
/// each different tile.
///
/// # Errors
///
/// [`ArchiveError::Part`] says why the parts make no archive; else as [`TileSink::finish`].
pub fn merge(
    parts: &[PathBuf],
    out: &Path,
    container: Container,
    replace: bool,
) -> Result<ArchiveSummary, ArchiveError> {
    let (abouts, tileset) = open(parts)?;
    let mut runs = Vec::new();
    let paths: Vec<PathBuf> = abouts.iter().map(|(path, _)| path.clone()).collect();
    for (file, (_, about)) in abouts.iter().enumerate() {
        let mut index = about.data_bytes;
        for zoom in &about.zooms {
            runs.push(Run {
                first: zoom.first,
                last: zoom.last,
                count: zoom.count,
                index: (file, index),
                data: (file, 0),
                data_end: about.data_bytes,
            });
            index += zoom.count * INDEX_BYTES as u64;
        }
    }
    let runs = Runs::new(paths, runs)?;
    let plan = abouts.first().map(|(_, about)| about.plan.as_bytes());
    let plan = Fingerprint::of(plan.unwrap_or_default());
    let sink = TileSink::create(out, plan, false, replace)?;
    check_tiles(&runs, &abouts)?;
    sink.finish_runs(&runs, container, &tileset)
}

/// Opens parts and puts them in order.
fn open(parts: &[PathBuf]) -> Result<(Vec<(PathBuf, About)>, Tileset), ArchiveError> {
    let mut abouts = Vec::new();
    for path in parts {
        abouts.push((path.clone(), about(path)?));
    }
    let Some((first_path, first)) = abouts.first().cloned() else {
        return Err(PartError::None.into());
    };
    for (path, about) in &abouts {
        let what = if about.plan != first.plan || about.split_zoom != first.split_zoom {
            "input or options"
        } else if about.of != first.of {
            "numbers of parts"
        } else {
            continue;
        };
        return Err(PartError::Foreign {
            path: path.clone(),
            first: first_path,
            what,
        }
        .into());
    }
    abouts.sort_by_key(|(_, about)| about.number);
    for pair in abouts.windows(2) {
        let [(one, about), (other, second)] = pair else {
            continue;
        };
        if about.number == second.number {
            return Err(PartError::Twice {
                number: about.number,
                path: other.clone(),
                first: one.clone(),
            }
            .into());
        }
    }
    if abouts.len() as u64 != u64::from(first.of) {
        let there = |number: &u32| abouts.iter().any(|(_, about)| about.number == *number);
        // Enough of them to see what is wrong.
        let missing = (1..=first.of).filter(|number| !there(number)).take(20);
        return Err(PartError::Missing {
            of: first.of,
            missing: missing.collect(),
        }
        .into());
    }
    let mut expected = 0;
    for (path, about) in &abouts {
        if about.first_key != expected {
            return Err(PartError::Stretch {
                path: path.clone(),
                found: about.first_key,
                expected,
            }
            .into());
        }
        expected = about.end_key;
    }
    let all = 1_u64 << (2 * u32::from(first.split_zoom));
    if let Some((path, _)) = abouts.last()
        && expected != all
    {
        return Err(PartError::Stretch {
            path: path.clone(),
            found: expected,
            expected: all,
        }
        .into());
    }
    let mut tilesets = abouts.iter().map(|(_, about)| &about.tileset);
    let mut tileset = tilesets.next().cloned().unwrap_or_default();
    for other in tilesets {
        tileset.merge(other);
    }
    Ok((abouts, tileset))
}

/// Reads what a part says of itself and checks that the file is what it says.
fn about(path: &Path) -> Result<About, ArchiveError> {
    let io = ArchiveError::io(path);
    let damaged = |what| PartError::Damaged {
        path: path.to_owned(),
        what,
    };
    let not_a_part = || PartError::NotAPart {
        path: path.to_owned(),
    };
    let mut file = File::open(path).map_err(&io)?;
    let size = file.metadata().map_err(&io)?.len();
    let footer_at = size
        .checked_sub(FOOTER_BYTES as u64)
        .ok_or_else(not_a_part)?;
    file.seek(SeekFrom::Start(footer_at)).map_err(&io)?;
    let mut footer = [0; FOOTER_BYTES];
    file.read_exact(&mut footer).map_err(&io)?;
    let [length, hash] = [0, 8].map(|at| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&footer[at..at + 8]);
        u64::from_le_bytes(eight)
    });
    if &footer[16..] != MAGIC {
        return Err(not_a_part().into());
    }
    let about_at = footer_at
        .checked_sub(length)
        .filter(|_| length <= MOST_ABOUT_BYTES)
        .ok_or(damaged("its end"))?;
    file.seek(SeekFrom::Start(about_at)).map_err(&io)?;
    let mut text = Vec::new();
    let read = (&mut file).take(length).read_to_end(&mut text);
    read.map_err(&io)?;
    if XxHash3_64::oneshot(&text) != hash {
        return Err(damaged("what it says of itself").into());
    }
    let about: About =
        serde_json::from_slice(&text).map_err(|_| damaged("what it says of itself"))?;
    check_about(&about, about_at).ok_or(damaged("what it says of itself"))?;
    file.seek(SeekFrom::Start(about.data_bytes)).map_err(&io)?;
    let mut index = file.take(about_at - about.data_bytes);
    let mut hasher = XxHash3_128::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = index.read(&mut buffer).map_err(&io)?;
        if read == 0 {
            break;
        }
        hasher.write(&buffer[..read]);
    }
    if format!("{:032x}", hasher.finish_128()) != about.index_hash {
        return Err(damaged("its index").into());
    }
    Ok(about)
}

/// Whether numbers fit each other and the file.
fn check_about(about: &About, about_at: u64) -> Option<()> {
    let mut count = 0_u64;
    for zoom in &about.zooms {
        count = count.checked_add(zoom.count)?;
        let [first, last] = [zoom.first, zoom.last].map(TileCoord::from_id);
        let (first, last) = (first.ok()?, last.ok()?);
        let mine = |tile: TileCoord| {
            let shift = tile.z().checked_sub(about.split_zoom);
            shift.map_or(about.number == 1, |shift| {
                let key = tile.key() >> (2 * u32::from(shift));
                (about.first_key..about.end_key).contains(&key)
            })
        };
        if first.z() != zoom.zoom || last.z() != zoom.zoom || !mine(first) || !mine(last) {
            return None;
        }
    }
    let index_bytes = count.checked_mul(INDEX_BYTES as u64)?;
    let fits = about.data_bytes.checked_add(index_bytes)? == about_at;
    let numbered = (1..=about.of).contains(&about.number);
    (fits && numbered && about.split_zoom <= MAX_ZOOM && about.first_key <= about.end_key)
        .then_some(())
}

/// Whether the bytes of all tiles are those that their parts hashed.
fn check_tiles(runs: &Runs, abouts: &[(PathBuf, About)]) -> Result<(), ArchiveError> {
    let mut reader = runs.reader();
    let mut bytes = Vec::new();
    let mut last = None;
    let mut entries = runs.entries();
    while let Some(spooled) = entries.next()? {
        // Runs of equal tiles share their bytes.
        let place = (spooled.file, spooled.at, spooled.entry.hash);
        if last == Some(place) {
            continue;
        }
        last = Some(place);
        reader.read(spooled.file, spooled.at, spooled.entry.length, &mut bytes)?;
        if XxHash3_128::oneshot(&bytes) != spooled.entry.hash {
            return Err(PartError::Damaged {
                path: abouts[spooled.file].0.clone(),
                what: "a tile",
            }
            .into());
        }
    }
    Ok(())
}
