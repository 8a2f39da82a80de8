//! What a check found.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::TileCoord;

/// What is checked; the order is that of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Check {
    /// It cannot be read on from somewhere.
    Readable,
    /// Sections have offsets, follow each other and fill the file.
    Sections,
    /// Tile numbers grow, entries do not overlap, tiles lie inside the data.
    Directories,
    /// The counts are exact.
    Counts,
    /// Where `clustered` is said, contents lie in the order of tiles.
    Clustered,
    /// All data are some tile's, and no two tiles share a piece.
    Data,
    /// Equal tiles are stored once.
    Deduplicated,
    /// First and last zoom are those of the tiles, and the centre is inside.
    Zooms,
    /// Bounds have area, hold the centre and all features.
    Bounds,
    /// The metadata are there and of the right types.
    Metadata,
    /// Tiles can be unpacked, with the right checksum.
    Packing,
    /// Tiles can be decoded.
    Decoding,
    /// Features are as the specification of vector tiles wants them.
    Features,
    /// Tiles and layers are not empty.
    Empty,
    /// No tile is above the cap.
    Cap,
    /// Rings do not cross, touch or leave each other.
    Rings,
    /// Layers of the tiles are those of the metadata, in the zooms said there.
    Layers,
    /// Attributes of the features are those of the metadata.
    Fields,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The archive is wrong.
    Error,
    /// It can be used, and could be better.
    Warning,
}

/// An example of what was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Example {
    /// The tile as z/x/y.
    #[serde(serialize_with = "tile_text", skip_serializing_if = "Option::is_none")]
    pub tile: Option<TileCoord>,
    /// What was found and what was expected.
    pub found: String,
}

#[expect(
    clippy::ref_option,
    reason = "serde hands over a reference to the field"
)]
fn tile_text<S: serde::Serializer>(
    tile: &Option<TileCoord>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let tile = tile.map(|tile| format!("{}/{}/{}", tile.z(), tile.x(), tile.y()));
    tile.serialize(serializer)
}

/// What was found of one check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// How often.
    pub count: u64,
    /// The first in the order of tiles, at most [`MOST_EXAMPLES`].
    pub examples: Vec<Example>,
}

/// Examples of a check that are kept.
pub const MOST_EXAMPLES: usize = 5;

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<(Severity, Check), Found>);

impl Findings {
    pub(in super::super) fn error(&mut self, check: Check, tile: Option<TileCoord>, found: String) {
        self.add(Severity::Error, check, Example { tile, found });
    }

    pub(in super::super) fn warning(
        &mut self,
        check: Check,
        tile: Option<TileCoord>,
        found: String,
    ) {
        self.add(Severity::Warning, check, Example { tile, found });
    }

    fn add(&mut self, severity: Severity, check: Check, example: Example) {
        let found = self.0.entry((severity, check)).or_default();
        found.count += 1;
        found.keep(example);
    }

    /// Adds what another thread found.
    pub(super) fn merge(&mut self, other: Self) {
        for (what, other) in other.0 {
            let found = self.0.entry(what).or_default();
            found.count += other.count;
            for example in other.examples {
                found.keep(example);
            }
        }
    }

    /// Walks what was found, errors first.
    pub fn iter(&self) -> impl Iterator<Item = (Severity, Check, &Found)> {
        let all = self.0.iter();
        all.map(|((severity, check), found)| (*severity, *check, found))
    }

    /// Returns how many errors there are.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.count(Severity::Error)
    }

    /// Returns how many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> u64 {
        self.count(Severity::Warning)
    }

    fn count(&self, of: Severity) -> u64 {
        let of = self.iter().filter(|(severity, ..)| *severity == of);
        of.map(|(_, _, found)| found.count).sum()
    }
}

impl Found {
    /// Keeps the first in the order of tiles, whichever thread found them.
    fn keep(&mut self, example: Example) {
        let order = |example: &Example| (example.tile.map(TileCoord::id), example.found.clone());
        let key = order(&example);
        let at = self.examples.partition_point(|kept| order(kept) <= key);
        if at < MOST_EXAMPLES {
            self.examples.insert(at, example);
            self.examples.truncate(MOST_EXAMPLES);
        }
    }
}
