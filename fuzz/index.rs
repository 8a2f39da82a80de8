//! Saved indexes.

use gazetteer::{LonLat, checksum};
use query::points::{Everything, SavedIndex};

/// Bytes that sections begin at multiples of.
const PAGE: usize = 4096;

/// A file of these bytes as an index is opened and asked. What it holds may give wrong answers; every number of an answer is one of its own.
pub fn ask(bytes: &[u8]) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), whole(bytes)).expect("written");
    let index = match SavedIndex::open(file.path()) {
        Ok(index) => index,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let tree = index.tree();
    let near = [
        (106.0, 30.0),
        (106.001, 30.0),
        (106.002, 30.001),
        (-180.0, 90.0),
        (0.0, 0.0),
    ];
    let at = |(lon, lat)| LonLat::new(lon, lat).expect("in range");
    for most in [1, 10, 40] {
        for radius_m in [f64::INFINITY, 5e4] {
            let mut all = tree.search(most, radius_m, Everything);
            let mut even = tree.search(most, radius_m, (3_u64, |id: u32| id.is_multiple_of(2)));
            for at in near.map(at) {
                for found in [all.near(at).to_vec(), even.near(at).to_vec()] {
                    assert!(found.len() <= most);
                    for near in found {
                        let _ = index.members(near.id);
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    tree.within(at(near[0]), 1e5, &Everything, &mut found);
    let _ = tree.extent();
}

/// The file: the first ten numbers of 16 bits are the lengths of its sections in bytes, what follows is in them.
fn whole(bytes: &[u8]) -> Vec<u8> {
    let (lengths, mut rest) = bytes.split_at(bytes.len().min(20));
    let mut header = b"YUTUIDX1".to_vec();
    header.extend_from_slice(&0x0102_0304_u32.to_ne_bytes());
    header.extend_from_slice(&[0; 28]);
    let mut sections = Vec::new();
    for length in lengths.chunks_exact(2) {
        let length = usize::from(u16::from_le_bytes([length[0], length[1]])).min(rest.len());
        let (section, after) = rest.split_at(length);
        header.extend_from_slice(&((PAGE + sections.len()) as u64).to_ne_bytes());
        header.extend_from_slice(&(length as u64).to_ne_bytes());
        sections.extend_from_slice(section);
        sections.resize(sections.len().next_multiple_of(PAGE), 0);
        rest = after;
    }
    header.resize(40 + 160, 0);
    header.extend_from_slice(&checksum(&header).to_ne_bytes());
    header.resize(PAGE, 0);
    header.extend_from_slice(&sections);
    header
}
