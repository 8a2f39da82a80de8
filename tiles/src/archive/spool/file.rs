//! Files that only grow, and the lanes they belong to.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::ArchiveError;
use crate::MAX_ZOOM;

/// A file that grows at its end.
pub(super) struct Growing {
    path: PathBuf,
    file: Arc<File>,
    buffer: Vec<u8>,
    written: u64,
}

const BUFFER_BYTES: usize = 1 << 16;

impl Growing {
    /// Opens a file and cuts it to a length that is known to be good.
    fn open(path: PathBuf, length: u64) -> Result<Self, ArchiveError> {
        let open = || {
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = open().map_err(ArchiveError::io(&path))?;
        Ok(Self {
            path,
            file: Arc::new(file),
            buffer: Vec::new(),
            written: length,
        })
    }

    /// Where the next byte will be.
    pub(super) fn end(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// The file, to be synced.
    pub(super) fn file(&self) -> (PathBuf, Arc<File>) {
        (self.path.clone(), Arc::clone(&self.file))
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        if self.buffer.len() + bytes.len() > BUFFER_BYTES {
            self.flush()?;
        }
        if bytes.len() >= BUFFER_BYTES {
            self.write(bytes)
        } else {
            self.buffer.extend_from_slice(bytes);
            Ok(())
        }
    }

    pub(super) fn flush(&mut self) -> Result<(), ArchiveError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        self.write(&buffer)?;
        buffer.clear();
        self.buffer = buffer;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        (&*self.file)
            .write_all(bytes)
            .map_err(ArchiveError::io(&self.path))?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

/// The tiles of a zoom and where they are.
pub(super) struct ZoomFiles {
    pub(super) data: Growing,
    pub(super) index: Growing,
}

/// Files that one task at a time writes into, one pair a zoom.
pub(super) struct Lane {
    pub(super) number: u32,
    folder: PathBuf,
    /// Lengths to begin with: what a run before left.
    begin: Vec<(u64, u64)>,
    zooms: Vec<Option<ZoomFiles>>,
}

impl Lane {
    pub(super) fn new(folder: &Path, number: u32, begin: Vec<(u64, u64)>) -> Self {
        Self {
            number,
            folder: folder.to_owned(),
            begin,
            zooms: (0..=MAX_ZOOM).map(|_| None).collect(),
        }
    }

    /// The files of a zoom, opened when first asked for.
    pub(super) fn zoom(&mut self, z: u8) -> Result<&mut ZoomFiles, ArchiveError> {
        let z = z.min(MAX_ZOOM);
        let slot = &mut self.zooms[usize::from(z)];
        if let Some(files) = slot {
            return Ok(files);
        }
        let (data, index) = self.begin.get(usize::from(z)).copied().unwrap_or_default();
        let (data_path, index_path) = paths(&self.folder, self.number, z);
        Ok(slot.insert(ZoomFiles {
            data: Growing::open(data_path, data)?,
            index: Growing::open(index_path, index)?,
        }))
    }
}

/// Where the tiles of a lane's zoom are, and where their index is.
pub(super) fn paths(folder: &Path, lane: u32, z: u8) -> (PathBuf, PathBuf) {
    (
        folder.join(format!("z{z:02}-{lane}.tiles")),
        folder.join(format!("z{z:02}-{lane}.index")),
    )
}
