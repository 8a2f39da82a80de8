//! The journal: which tasks are done, in a file that may end anywhere.

use std::fs::{File, OpenOptions};
use std::hash::Hasher;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use twox_hash::XxHash3_64;

use super::super::ArchiveError;
use super::runs::INDEX_BYTES;
use super::sink::Fingerprint;
use crate::MAX_ZOOM;

/// The tiles of one zoom that a task made, in the files of its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) z: u8,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) count: u64,
    pub(super) data_start: u64,
    pub(super) data_end: u64,
    pub(super) index_start: u64,
    /// XXH3 (64 bits) of the index, which holds the hashes of the tiles.
    pub(super) index_hash: u64,
}

/// A task that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) task: u64,
    pub(super) lane: u32,
    pub(super) stretches: Vec<Stretch>,
    pub(super) note: Vec<u8>,
}

const MAGIC: &[u8; 8] = b"YUTUJRN1";
const HEADER_BYTES: usize = 24;
/// Longest record: a note is a few numbers a tile at most.
const MOST_RECORD_BYTES: usize = 1 << 30;

/// The file, open at its end and locked against other runs.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or begins the journal of a folder and returns what it says is done.
    ///
    /// Without `resume` an earlier journal is begun anew. A record that was cut short, and all after it, is cut off.
    pub(super) fn open(
        folder: &Path,
        fingerprint: Fingerprint,
        resume: bool,
    ) -> Result<(Self, Vec<Finished>), ArchiveError> {
        let path = folder.join("journal");
        let io = |source| ArchiveError::Io {
            path: path.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(ArchiveError::Busy {
                    path: folder.to_owned(),
                });
            }
            // On a file system without locks, two runs at once are the user's to avoid.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => {}
        }
        let mut bytes = Vec::new();
        if resume {
            file.read_to_end(&mut bytes).map_err(io)?;
        }
        let mut done = Vec::new();
        let mut good = 0;
        if let Some(header) = bytes.get(..HEADER_BYTES) {
            if &header[..8] != MAGIC || header[8..] != fingerprint.0.to_le_bytes() {
                return Err(ArchiveError::OtherRun {
                    path: folder.to_owned(),
                });
            }
            good = HEADER_BYTES;
            while let Some((finished, length)) = read_record(&bytes[good..]) {
                done.push(finished);
                good += length;
            }
        }
        file.set_len(good as u64).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        if good == 0 {
            let mut header = MAGIC.to_vec();
            header.extend_from_slice(&fingerprint.0.to_le_bytes());
            file.write_all(&header).map_err(io)?;
        }
        Ok((Self { path, file }, done))
    }

    /// Appends records and brings them to the disk.
    pub(super) fn append(&mut self, records: &[Finished]) -> Result<(), ArchiveError> {
        let mut bytes = Vec::new();
        for record in records {
            write_record(record, &mut bytes);
        }
        self.file
            .write_all(&bytes)
            .and_then(|()| self.file.sync_data())
            .map_err(ArchiveError::io(&self.path))
    }
}

/// A record: length, body, XXH3 (64 bits) of the body.
fn write_record(finished: &Finished, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    body.extend_from_slice(&finished.task.to_le_bytes());
    body.extend_from_slice(&u64::from(finished.lane).to_le_bytes());
    body.extend_from_slice(&(finished.stretches.len() as u64).to_le_bytes());
    for stretch in &finished.stretches {
        for number in [
            u64::from(stretch.z),
            stretch.first,
            stretch.last,
            stretch.count,
            stretch.data_start,
            stretch.data_end,
            stretch.index_start,
            stretch.index_hash,
        ] {
            body.extend_from_slice(&number.to_le_bytes());
        }
    }
    body.extend_from_slice(&finished.note);
    out.extend_from_slice(&(body.len() as u64).to_le_bytes());
    out.extend_from_slice(&body);
    out.extend_from_slice(&XxHash3_64::oneshot(&body).to_le_bytes());
}

fn read_record(bytes: &[u8]) -> Option<(Finished, usize)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    if length > MOST_RECORD_BYTES {
        return None;
    }
    let (body, rest) = rest.split_at_checked(length)?;
    let (hash, _) = rest.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*hash) != XxHash3_64::oneshot(body) {
        return None;
    }
    let mut body = body;
    let mut number = || {
        let (number, rest) = body.split_first_chunk::<8>()?;
        body = rest;
        Some(u64::from_le_bytes(*number))
    };
    let task = number()?;
    let lane = u32::try_from(number()?).ok()?;
    let count = number()?;
    if count > u64::from(MAX_ZOOM) + 1 {
        return None;
    }
    let mut stretches = Vec::new();
    for _ in 0..count {
        stretches.push(Stretch {
            z: u8::try_from(number()?).ok().filter(|z| *z <= MAX_ZOOM)?,
            first: number()?,
            last: number()?,
            count: number()?,
            data_start: number()?,
            data_end: number()?,
            index_start: number()?,
            index_hash: number()?,
        });
    }
    let finished = Finished {
        task,
        lane,
        stretches,
        note: body.to_vec(),
    };
    Some((finished, 8 + length + 8))
}

impl Stretch {
    /// Whether the files of tiles and of their index hold this stretch.
    pub(super) fn is_sound(&self, (data, index): &(PathBuf, PathBuf)) -> bool {
        let whole = std::fs::metadata(data).is_ok_and(|data| data.len() >= self.data_end);
        let hash = || -> std::io::Result<u64> {
            let mut file = File::open(index)?;
            file.seek(SeekFrom::Start(self.index_start))?;
            let bytes = self.count.saturating_mul(INDEX_BYTES as u64);
            let mut left = file.take(bytes);
            let mut hasher = XxHash3_64::new();
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = left.read(&mut buffer)?;
                if read == 0 {
                    return Ok(hasher.finish());
                }
                hasher.write(&buffer[..read]);
            }
        };
        whole && hash().is_ok_and(|hash| hash == self.index_hash)
    }
}
