//! Files of features.

use std::convert::Infallible;
use std::sync::LazyLock;

use input::features::{FeatureOptions, FeatureSource};

/// A folder in memory where there is one: each input is a file.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let in_memory = std::path::Path::new("/dev/shm");
    let made = if in_memory.is_dir() {
        tempfile::tempdir_in(in_memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a folder")
});

/// What was read: features, vertices, cells, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    features: u64,
    vertices: u64,
    cells: u64,
    rejects: u64,
    ended: Result<(), String>,
}

/// Reads a file with small blocks. What is seen does not depend on the threads, every number is finite, and an error says something.
pub fn read(name: &str, bytes: &[u8]) {
    let path = FOLDER.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    let mut options = FeatureOptions::default();
    options.max_feature_bytes = 1 << 16;
    options.block_bytes = 1 << 10;
    let seen = [1, 2].map(|threads| {
        let source = match FeatureSource::open(&path, &options) {
            Ok(source) => source,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return None;
            }
        };
        let mut seen = Seen {
            features: 0,
            vertices: 0,
            cells: 0,
            rejects: 0,
            ended: Ok(()),
        };
        let ended = source.read(
            threads,
            |batch| {
                let (mut features, mut vertices, mut cells) = (0, 0, 0);
                for feature in batch.features() {
                    features += 1;
                    for [x, y] in feature
                        .parts()
                        .flat_map(|part| part.rings().flatten().collect::<Vec<_>>())
                    {
                        assert!(x.is_finite() && y.is_finite());
                        vertices += 1;
                    }
                    cells += feature.cells().count() as u64;
                }
                (features, vertices, cells)
            },
            |done| {
                let (features, vertices, cells): (u64, u64, u64) = done.value;
                seen.features += features;
                seen.vertices += vertices;
                seen.cells += cells;
                seen.rejects += done.rejects.len() as u64;
                Ok::<(), Infallible>(())
            },
        );
        if let Err(error) = ended {
            let said = error.to_string();
            assert!(!said.is_empty());
            seen.ended = Err(said);
        }
        Some(seen)
    });
    assert_eq!(seen[0], seen[1]);
}
