//! The work of one part of an archive.

use std::ops::Range;

use super::error::TilesError;
use super::tree::{self, Ground, Node};

/// A part's stretch of the order of tiles.
pub(super) struct Split {
    pub(super) number: u32,
    pub(super) of: u32,
    /// The zoom at which the work is split.
    pub(super) zoom: u8,
    /// The part's stretch of the Hilbert curve of that zoom.
    pub(super) keys: Range<u64>,
}

/// Stretches that a part should have to choose from.
const STRETCHES: u64 = 16;

/// Cuts the work into parts of about as much each and returns that of one. The first part also makes the zooms above the split.
pub(super) fn share(
    mut ground: Ground<'_>,
    number: u32,
    of: u32,
) -> Result<(Vec<Node>, Split), TilesError> {
    if number == 0 || number > of {
        return Err(TilesError::Part { number, of });
    }
    let (first, last) = (*ground.zooms.start(), *ground.zooms.end());
    let (mut zoom, mut nodes) = (first, Vec::new());
    for z in first..=last {
        (ground.split_zoom, zoom) = (z, z);
        nodes = tree::cut(&ground)?;
        let mut keys: Vec<u64> = nodes.iter().filter_map(|node| key(node, z)).collect();
        keys.dedup();
        if keys.len() as u64 >= STRETCHES * u64::from(of) {
            break;
        }
    }
    let all: u64 = nodes
        .iter()
        .filter(|node| key(node, zoom).is_some())
        .map(|node| node.weight)
        .sum();
    // Where a part begins: the first key before which there is its share of the work.
    let begin = |part: u32| -> u64 {
        if part == 0 {
            return 0;
        }
        let share = u128::from(all) * u128::from(part) / u128::from(of);
        let mut before = 0u128;
        for node in &nodes {
            let Some(key) = key(node, zoom) else { continue };
            if before >= share {
                return key;
            }
            before += u128::from(node.weight);
        }
        1 << (2 * u32::from(zoom))
    };
    let end = if number == of {
        1 << (2 * u32::from(zoom))
    } else {
        begin(number)
    };
    let keys = begin(number - 1)..end;
    nodes.retain(|node| match key(node, zoom) {
        Some(key) => keys.contains(&key),
        None => number == 1,
    });
    let split = Split {
        number,
        of,
        zoom,
        keys,
    };
    Ok((nodes, split))
}

/// The stretch of the split zoom that a node is in; `None` above it.
fn key(node: &Node, zoom: u8) -> Option<u64> {
    let below = node.tile.z().checked_sub(zoom)?;
    Some(node.tile.key() >> (2 * u32::from(below)))
}
