//! Gives what is whole its name.

use std::fs::{self, File};
use std::path::Path;

use super::ArchiveError;

/// Where a folder, or a file in the place of one, steps aside to until the new one is there.
pub(super) const ASIDE: &str = "replaced";

/// Renames a finished file or folder beside its place, which is on the disk afterwards.
pub(super) fn put(whole: &Path, out: &Path, replace: bool) -> Result<(), ArchiveError> {
    let io = ArchiveError::io(out);
    let there = fs::symlink_metadata(out);
    if !replace && there.is_ok() {
        return Err(ArchiveError::Exists {
            path: out.to_owned(),
        });
    }
    // A folder takes no other's place by a rename: the old one steps aside and goes last.
    let aside = there
        .is_ok_and(|there| there.is_dir() || whole.is_dir())
        .then(|| whole.with_file_name(ASIDE));
    if let Some(aside) = &aside {
        fs::rename(out, aside).map_err(&io)?;
    }
    if let Err(error) = fs::rename(whole, out) {
        if let Some(aside) = &aside {
            let _ = fs::rename(aside, out);
        }
        return Err(io(error));
    }
    let folder = out.parent().filter(|folder| *folder != Path::new(""));
    // Not every file system lets a folder be synced; the name is there all the same.
    let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    Ok(())
}
