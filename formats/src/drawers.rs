//! Features in the order of a Hilbert curve, however many: each goes into a drawer for its stretch of the curve, and the drawers
//! are emptied one after the other. What does not fit into memory waits in a file without a name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::hilbert::Curve;
use crate::survey::Survey;

/// What all drawers may hold in memory.
pub(crate) const MEMORY: usize = 80 << 20;
/// What a drawer is to hold when it is emptied: it is read in another order than it was filled, so it should be in the cache.
const DRAWER_BYTES: u64 = 1 << 20;
const MOST_DRAWERS: u64 = 512;
/// A drawer with less stays in memory when others go to the file.
const LEAST_CHUNK: usize = 16 << 10;

/// Encoded features, each behind its key and length.
#[derive(Debug, Default)]
pub(crate) struct Records {
    bytes: Vec<u8>,
}

const HEAD_BYTES: usize = 12;

impl Records {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
        }
    }

    /// Adds a feature that `fill` encodes.
    pub(crate) fn push(&mut self, key: u64, fill: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&key.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 4]);
        fill(&mut self.bytes);
        let length = self.bytes.len() - start - HEAD_BYTES;
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.bytes[start + 8..start + HEAD_BYTES].copy_from_slice(&length.to_le_bytes());
    }

    /// Gives every feature another key.
    pub(crate) fn set_keys(&mut self, key: impl Fn(&[u8]) -> u64) {
        let mut rest = self.bytes.as_mut_slice();
        while let Some(length) = rest[..].get(8..HEAD_BYTES) {
            let length = u32::from_le_bytes(length.try_into().unwrap_or_default()) as usize;
            let (record, after) = rest.split_at_mut(HEAD_BYTES + length);
            let (head, feature) = record.split_at_mut(8);
            head.copy_from_slice(&key(&feature[HEAD_BYTES - 8..]).to_le_bytes());
            rest = after;
        }
    }

    /// How much it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Gives back what it does not need of memory.
    pub(crate) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// The features of some bytes: key, and the feature with its head.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        let (key, rest) = bytes.split_first_chunk::<8>()?;
        let length = u32::from_le_bytes(*rest.first_chunk::<4>()?) as usize;
        let (record, rest) = bytes.split_at_checked(HEAD_BYTES + length)?;
        bytes = rest;
        Some((u64::from_le_bytes(*key), record))
    })
}

#[derive(Debug, Default)]
struct Drawer {
    buffer: Vec<u8>,
    /// Where in the file the rest is: offset and length, in the order they were written.
    chunks: Vec<(u64, usize)>,
}

/// The drawers.
#[derive(Debug)]
pub(crate) struct Drawers {
    /// Keys at which a drawer ends and the next begins.
    bounds: Vec<u64>,
    all: Vec<Drawer>,
    in_memory: usize,
    /// Where the file is made.
    folder: std::path::PathBuf,
    file: Option<File>,
    file_bytes: u64,
}

impl Drawers {
    /// Drawers of about one size for what a survey saw. `near`: a path in the folder to spill to.
    pub(crate) fn new(survey: &Survey, curve: &Curve, near: &Path) -> Self {
        let mut sample: Vec<(u64, u64)> = survey
            .sample
            .of
            .iter()
            .map(|(middle, bytes)| (curve.key(*middle), u64::from(*bytes)))
            .collect();
        sample.sort_unstable();
        let sampled: u64 = sample.iter().map(|(_, bytes)| bytes).sum();
        let all = sampled.saturating_mul(survey.features) / (sample.len() as u64).max(1);
        let count = (all / DRAWER_BYTES).clamp(1, MOST_DRAWERS);
        let mut bounds = Vec::new();
        let mut seen = 0;
        for (key, bytes) in sample {
            seen += bytes;
            let due = (bounds.len() as u64 + 1) * sampled / count;
            if seen >= due && bounds.last() != Some(&key) && bounds.len() as u64 + 1 < count {
                bounds.push(key);
            }
        }
        let mut drawers = Vec::new();
        drawers.resize_with(bounds.len() + 1, Drawer::default);
        Self {
            bounds,
            all: drawers,
            in_memory: 0,
            folder: near.parent().map(Path::to_owned).unwrap_or_default(),
            file: None,
            file_bytes: 0,
        }
    }

    /// Puts features away.
    pub(crate) fn put(&mut self, of: &Records) -> io::Result<()> {
        for (key, record) in records(&of.bytes) {
            let drawer = self.bounds.partition_point(|bound| *bound < key);
            self.all[drawer].buffer.extend_from_slice(record);
        }
        self.in_memory += of.bytes.len();
        if self.in_memory > MEMORY {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let folder = Some(&self.folder).filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.map_or(Path::new("."), |folder| folder.as_path());
                none.insert(tempfile::tempfile_in(folder)?)
            }
        };
        self.in_memory = 0;
        for drawer in &mut self.all {
            let length = drawer.buffer.len();
            if length < LEAST_CHUNK {
                self.in_memory += length;
                continue;
            }
            file.write_all(&drawer.buffer)?;
            drawer.chunks.push((self.file_bytes, length));
            self.file_bytes += length as u64;
            // Its memory goes to those that come next.
            drawer.buffer = Vec::new();
        }
        Ok(())
    }

    /// Hands on all features in the order of their keys, those of one key in the order they came.
    pub(crate) fn empty<E: From<io::Error>>(
        mut self,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut bytes = Vec::new();
        for drawer in std::mem::take(&mut self.all) {
            bytes.clear();
            for (offset, length) in &drawer.chunks {
                if let Some(file) = &mut self.file {
                    let start = bytes.len();
                    bytes.resize(start + length, 0);
                    file.seek(SeekFrom::Start(*offset))?;
                    file.read_exact(&mut bytes[start..])?;
                }
            }
            bytes.extend_from_slice(&drawer.buffer);
            drop(drawer);
            let mut order: Vec<(u64, &[u8])> = records(&bytes).collect();
            order.sort_by_key(|(key, _)| *key);
            for (_, record) in order {
                each(&record[HEAD_BYTES..])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn all_come_back_in_order_by_way_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut survey = Survey {
            features: 4000,
            ..Survey::default()
        };
        let mut state = 1_u64;
        let mut keys = Vec::new();
        for _ in 0..4000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            // Many share a place.
            keys.push(f64::from((state >> 54) as u32));
        }
        let curve = Curve::over([0.0, 0.0, 1024.0, 1.0]);
        for x in &keys {
            survey.sample.of.push(([*x, 0.0], 30_000));
        }
        let mut drawers = Drawers::new(&survey, &curve, &folder.path().join("out"));
        assert!(drawers.all.len() > 8, "{}", drawers.all.len());
        for (number, x) in (0u32..).zip(&keys) {
            let mut one = Records::default();
            one.push(curve.key([*x, 0.0]), |out| {
                out.extend_from_slice(&number.to_le_bytes());
                out.resize(30_000 + out.len(), 7);
            });
            drawers.put(&one).unwrap();
        }
        assert!(drawers.file_bytes > 0);
        let mut expected: Vec<(u64, u32)> = (0u32..)
            .zip(&keys)
            .map(|(n, x)| (curve.key([*x, 0.0]), n))
            .collect();
        expected.sort_unstable();
        let mut found = Vec::new();
        drawers
            .empty(|record| {
                assert_eq!(record.len(), 30_004);
                found.push(u32::from_le_bytes(*record.first_chunk::<4>().unwrap()));
                Ok::<(), io::Error>(())
            })
            .unwrap();
        assert_eq!(
            found,
            expected.into_iter().map(|(_, n)| n).collect::<Vec<_>>()
        );
    }
}
