//! Takes tiles of an area or of some zooms out of an archive, into any container: so archives are converted as well.

mod area;

use std::collections::BTreeMap;
use std::path::Path;

pub use area::{Area, AreaError};

use super::read::{Archive, Stored, plain};
use super::{ArchiveError, ArchiveSummary, Container, Fingerprint, TileSink, Tileset, gzip};
use crate::mvt::decode::layer_names;
use crate::{MAX_ZOOM, TileCoord};

/// What to take.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtractOptions {
    /// Tiles that touch it; the world unless said.
    pub area: Option<Area>,
    /// First zoom.
    pub min_zoom: u8,
    /// Last zoom.
    pub max_zoom: u8,
    /// Whether the new archive may take the place of another.
    pub replace: bool,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self {
            area: None,
            min_zoom: 0,
            max_zoom: MAX_ZOOM,
            replace: false,
        }
    }
}

/// Copies tiles into a new archive, whole tiles as they are.
///
/// # Errors
///
/// [`ArchiveError`] when the archive cannot be read, a tile cannot be unpacked, no tile is in the area and zooms, or the new archive
/// cannot be written; then nothing is at its place that was not there before.
pub fn extract(
    from: &Path,
    out: &Path,
    container: Container,
    options: &ExtractOptions,
) -> Result<ArchiveSummary, ArchiveError> {
    let mut archive = Archive::open_vector(from)?;
    let described = archive.describe()?;
    let max_zoom = options.max_zoom.min(MAX_ZOOM);
    let wanted: Vec<Vec<(u64, u64)>> = match &options.area {
        Some(area) => area.tiles(max_zoom),
        None => (0..=max_zoom)
            .map(|z| vec![(TileCoord::first_id(z), TileCoord::first_id(z + 1))])
            .collect(),
    };
    let sink = TileSink::create(out, Fingerprint(0), false, options.replace)?;
    let mut spool = sink.task(0);
    let mut seen = BTreeMap::<String, (u8, u8)>::new();
    let (mut stored, mut unpacked) = (Vec::new(), Vec::new());
    let mut cursor = archive.cursor()?;
    while let Some(entry) = archive.next(&mut cursor)? {
        let stretches = common(&entry, &wanted, options.min_zoom);
        let Some(first) = stretches.first() else {
            continue;
        };
        archive.read(&entry, &mut stored)?;
        let at = |id| {
            TileCoord::from_id(id).map_err(|_| archive.wrong(super::FormatError::TileNumber { id }))
        };
        let tile = at(first.0)?;
        let damaged = |source| ArchiveError::Gzip { tile, source };
        let bytes = plain(&stored, &mut unpacked).map_err(damaged)?;
        let layers = layer_names(bytes).map_err(|source| ArchiveError::Tile { tile, source })?;
        let features = layers.iter().map(|(_, features)| *features).sum();
        let packed = if gzip::is_gzip(&stored) {
            None
        } else {
            Some(gzip::pack(bytes))
        };
        for (name, _) in layers {
            let zooms = stretches.iter().flat_map(|(first, end)| [*first, end - 1]);
            for id in zooms {
                let z = at(id)?.z();
                let (low, high) = seen.entry(name.to_owned()).or_insert((z, z));
                (*low, *high) = (z.min(*low), z.max(*high));
            }
        }
        let packed = packed.as_ref().unwrap_or(&stored);
        for id in stretches.into_iter().flat_map(|(first, end)| first..end) {
            spool.push(at(id)?, packed, features)?;
        }
    }
    spool.finish(&[])?;
    let tileset = narrowed(described.tileset, options, &seen);
    sink.finish(container, &tileset)
}

/// The tiles of an entry that are wanted, as numbers from and to.
fn common(entry: &Stored, wanted: &[Vec<(u64, u64)>], min_zoom: u8) -> Vec<(u64, u64)> {
    let end = entry.id + u64::from(entry.run_length);
    let mut stretches = Vec::new();
    for of_zoom in &wanted[usize::from(min_zoom).min(wanted.len())..] {
        let from = of_zoom.partition_point(|(_, to)| *to <= entry.id);
        let touching = of_zoom[from..].iter().take_while(|(first, _)| *first < end);
        stretches.extend(touching.map(|(first, to)| (entry.id.max(*first), end.min(*to))));
    }
    stretches
}

/// What the new archive says of itself: layers and zooms that it has, and no statistics, which were those of the whole.
fn narrowed(
    mut tileset: Tileset,
    options: &ExtractOptions,
    seen: &BTreeMap<String, (u8, u8)>,
) -> Tileset {
    tileset.layers.retain(|layer| seen.contains_key(&layer.id));
    for layer in &mut tileset.layers {
        (layer.minzoom, layer.maxzoom) = seen[&layer.id];
    }
    if let Some(area) = &options.area {
        let [west, south, east, north] = area.bounds();
        let own = tileset.bounds;
        let both = [
            own[0].max(west),
            own[1].max(south),
            own[2].min(east),
            own[3].min(north),
        ];
        // Tiles at the edge of an area reach beyond it.
        if both[0] <= both[2] && both[1] <= both[3] {
            tileset.bounds = both;
        }
        tileset.statistics = None;
        tileset.centre = None;
    }
    if (options.min_zoom, options.max_zoom) != (0, MAX_ZOOM) {
        tileset.statistics = None;
    }
    tileset
}
