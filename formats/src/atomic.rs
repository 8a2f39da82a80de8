//! Files that appear whole or not at all: a temporary name beside the target, then a rename.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Why a file could not be written. Whatever stood at the path before still stands there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AtomicError {
    /// The path ends in no file name, e.g. `..` or `/`.
    #[error("cannot write {}: the path names no file", path.display())]
    NoFileName {
        /// The path asked for.
        path: PathBuf,
    },
    /// The temporary file beside the target could not be created: no such folder, or no right to write there.
    #[error("cannot create a file in the folder of {}: {source}", path.display())]
    Create {
        /// The path asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes could not be written, e.g. because the disk is full.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The path asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The finished file could not take its name, e.g. because a folder has it.
    #[error("cannot put the finished file at {}: {source}", path.display())]
    Rename {
        /// The path asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes `bytes` to `path`, replacing what stood there, or leaves everything as it was.
///
/// The folder must exist. The bytes are on the disk before the name changes.
///
/// # Errors
///
/// [`AtomicError`] names the path and the system's reason; the temporary file is removed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AtomicError> {
    write_with(path, |file| file.write_all(bytes))?.map_err(|source| AtomicError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file by what `fill` writes into it, replacing what stood there, or leaves everything as it was.
///
/// The folder must exist. When `fill` fails, its error comes back inside `Ok` and no file is left.
///
/// # Errors
///
/// [`AtomicError`] names the path and the system's reason; the temporary file is removed.
pub fn write_with<E>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<Result<(), E>, AtomicError> {
    let name = path.file_name().ok_or_else(|| AtomicError::NoFileName {
        path: path.to_owned(),
    })?;
    let part = path.with_file_name(part_name(name));
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&part)
        .map_err(|source| AtomicError::Create {
            path: path.to_owned(),
            source,
        })?;
    let mut out = BufWriter::new(created);
    let filled = fill(&mut out);
    let done = match &filled {
        Ok(()) => finish(out, &part, path),
        Err(_) => Ok(()),
    };
    if filled.is_err() || done.is_err() {
        // The first failure is the one to report; a part that cannot be removed is hidden by its dot.
        let _ = fs::remove_file(&part);
    }
    done.map(|()| filled)
}

/// Writes a file by what `fill` puts at the path it is given, where there is nothing, replacing what stood at `path`, or
/// leaves everything as it was: for writers that open files themselves.
///
/// # Errors
///
/// As [`write_with`].
pub fn write_at<E>(
    path: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<Result<(), E>, AtomicError> {
    let name = path.file_name().ok_or_else(|| AtomicError::NoFileName {
        path: path.to_owned(),
    })?;
    let part = path.with_file_name(part_name(name));
    // A folder that is missing or closed is told before anything is written.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&part)
        .map_err(|source| AtomicError::Create {
            path: path.to_owned(),
            source,
        })?;
    let filled = fill(&part);
    let done = match &filled {
        Ok(()) => OpenOptions::new()
            .write(true)
            .open(&part)
            .and_then(|file| file.sync_all())
            .map_err(|source| AtomicError::Write {
                path: path.to_owned(),
                source,
            })
            .and_then(|()| {
                fs::rename(&part, path).map_err(|source| AtomicError::Rename {
                    path: path.to_owned(),
                    source,
                })
            }),
        Err(_) => Ok(()),
    };
    if filled.is_err() || done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done.map(|()| filled)
}

/// Brings a written file to the disk and gives it its name.
fn finish(file: BufWriter<File>, part: &Path, path: &Path) -> Result<(), AtomicError> {
    let written = file.into_inner().map_err(io::IntoInnerError::into_error);
    written
        .and_then(|file| file.sync_all())
        .map_err(|source| AtomicError::Write {
            path: path.to_owned(),
            source,
        })?;
    fs::rename(part, path).map_err(|source| AtomicError::Rename {
        path: path.to_owned(),
        source,
    })
}

/// A name that no other writer of this or another process uses at the same time.
fn part_name(name: &OsStr) -> OsString {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut part = OsString::from(".");
    part.push(name);
    part.push(format!(
        ".{}-{}.part",
        process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    ));
    part
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("圈.geojson");
        write(&path, b"first, and longer").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(folder.path()), ["圈.geojson"]);
    }

    #[test]
    fn a_failure_names_the_path_and_leaves_no_part() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        let error = write(&taken, b"x").unwrap_err();
        assert!(matches!(error, AtomicError::Rename { .. }), "{error:?}");
        assert!(error.to_string().contains("taken"), "{error}");
        assert_eq!(names(folder.path()), ["taken"]);
        let error = write_at(&taken, |part| fs::write(part, b"x")).unwrap_err();
        assert!(matches!(error, AtomicError::Rename { .. }), "{error:?}");
        assert_eq!(names(folder.path()), ["taken"]);

        let missing = folder.path().join("no-such-folder/a.csv");
        let error = write(&missing, b"x").unwrap_err();
        assert!(matches!(error, AtomicError::Create { .. }), "{error:?}");
        assert!(error.to_string().contains("no-such-folder"), "{error}");
    }

    #[test]
    fn a_path_without_a_file_name_is_refused() {
        let error = write(Path::new("/"), b"x").unwrap_err();
        assert!(matches!(error, AtomicError::NoFileName { .. }), "{error:?}");
    }
}
