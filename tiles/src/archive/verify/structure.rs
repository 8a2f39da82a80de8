//! The frame of a `PMTiles` archive: sections, counts, order.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use twox_hash::XxHash3_128;

use super::super::layout::HashItself;
use super::super::pmtiles::{Header, ROOT_END};
use super::super::read::{Archive, Stored};
use super::{Check, Findings};
use crate::{MAX_LATITUDE_DEG, TileCoord};

/// Checks what the header says of the file.
pub(super) fn header(header: &Header, size: u64, findings: &mut Findings) {
    let mut error = |check, found: String| findings.error(check, None, found);
    let sections = [
        ("root directory", header.root),
        ("metadata", header.metadata),
        ("leaf directories", header.leaves),
        ("tile data", header.data),
    ];
    let mut filled = super::super::pmtiles::HEADER_BYTES as u64;
    for (name, section) in sections {
        if section.offset == 0 {
            error(
                Check::Sections,
                format!("the {name} have offset 0, even if empty they need one"),
            );
        } else if section.offset < super::super::pmtiles::HEADER_BYTES as u64 {
            error(
                Check::Sections,
                format!("the {name} begin inside the header, at {}", section.offset),
            );
        }
        match section.end() {
            Some(end) if end <= size => {}
            _ => error(
                Check::Sections,
                format!(
                    "the {name} are {} bytes at {}, and the file has {size}",
                    section.length, section.offset
                ),
            ),
        }
        filled = filled.saturating_add(section.length);
    }
    let mut ordered = sections;
    ordered.sort_unstable_by_key(|(_, section)| (section.offset, section.length));
    for pair in ordered.windows(2) {
        if pair[0].1.end().is_none_or(|end| end > pair[1].1.offset) {
            error(
                Check::Sections,
                format!("{} and {} overlap", pair[0].0, pair[1].0),
            );
        }
    }
    if header.root.end().is_none_or(|end| end > ROOT_END as u64) {
        error(
            Check::Sections,
            "the root directory ends after byte 16384".to_owned(),
        );
    }
    // An archive that was written with room for the largest root is right too.
    let padded = filled
        .saturating_sub(super::super::pmtiles::HEADER_BYTES as u64)
        .saturating_sub(header.root.length)
        .saturating_add(ROOT_END as u64);
    if size != filled && size != padded {
        error(
            Check::Sections,
            format!("the file has {size} bytes, header and sections {filled}"),
        );
    }
    if header.tile_type != 1 {
        let found = format!("tile type {}; vector tiles are 1", header.tile_type);
        error(Check::Metadata, found);
    }
    let [west, south, east, north] = header.bounds_e7.map(|e7| f64::from(e7) / 1e7);
    let [lon, lat] = header.centre_e7.map(|e7| f64::from(e7) / 1e7);
    if west >= east || south >= north {
        let found = format!("bounds {west},{south},{east},{north} have no area");
        error(Check::Bounds, found);
    }
    // Some writers round the edge of the square up.
    let most = MAX_LATITUDE_DEG + 1e-6;
    if west < -180.0 || east > 180.0 || south < -90.0 || north > 90.0 {
        let found = format!("bounds {west},{south},{east},{north} are not on the Earth");
        error(Check::Bounds, found);
    } else if south < -most || north > most {
        let found = format!("bounds {west},{south},{east},{north} go beyond Web Mercator");
        findings.warning(Check::Bounds, None, found);
    }
    if !(west..=east).contains(&lon) || !(south..=north).contains(&lat) {
        let found = format!("the centre {lon},{lat} is outside the bounds");
        findings.error(Check::Bounds, None, found);
    }
    if !(header.min_zoom..=header.max_zoom).contains(&header.centre_zoom) {
        let found = format!(
            "the centre has zoom {}, the tiles {} to {}",
            header.centre_zoom, header.min_zoom, header.max_zoom
        );
        findings.error(Check::Zooms, None, found);
    }
}

/// What a walk over the entries sees.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) addressed: u64,
    pub(super) entries: u64,
    pub(super) first: Option<u64>,
    pub(super) last: Option<u64>,
    /// Different contents: where and how long.
    contents: Vec<(u64, u32)>,
    offsets: HashSet<u64, BuildHasherDefault<HashItself>>,
    hashes: HashSet<u128, BuildHasherDefault<HashItself>>,
    end: u64,
    last_entry: Option<Stored>,
    buffer: Vec<u8>,
}

impl Walk {
    /// Notes an entry.
    pub(super) fn note(&mut self, entry: &Stored, archive: &mut Archive, findings: &mut Findings) {
        let tile = TileCoord::from_id(entry.id).ok();
        self.entries += 1;
        self.addressed += u64::from(entry.run_length);
        self.first.get_or_insert(entry.id);
        self.last = Some(entry.id + u64::from(entry.run_length) - 1);
        let Archive::Pmtiles(reader) = archive else {
            return;
        };
        let header = *reader.header();
        let end = entry.offset.saturating_add(entry.length.into());
        if end > header.data.length {
            let found = format!(
                "{} bytes at {} of the data, which has {}",
                entry.length, entry.offset, header.data.length
            );
            findings.error(Check::Directories, tile, found);
            return;
        }
        if let Some(last) = self.last_entry.replace(*entry)
            && last.offset == entry.offset
            && last.id + u64::from(last.run_length) == entry.id
        {
            let found = "the entry before has the same bytes and could go on".to_owned();
            findings.warning(Check::Deduplicated, tile, found);
        }
        self.contents.push((entry.offset, entry.length));
        if !self.offsets.insert(entry.offset) {
            return;
        }
        if header.clustered && entry.offset != self.end {
            let found = format!(
                "its bytes are new and at {} of the data, not at {} where those before end",
                entry.offset, self.end
            );
            findings.error(Check::Clustered, tile, found);
        }
        self.end = self.end.max(end);
        if reader.read(entry, &mut self.buffer).is_ok()
            && !self.hashes.insert(XxHash3_128::oneshot(&self.buffer))
        {
            let found = format!("{} bytes that another tile has as well", entry.length);
            findings.warning(Check::Deduplicated, tile, found);
        }
    }

    /// Checks what the header counts, when the walk came to its end.
    pub(super) fn finish(&mut self, header: &Header, findings: &mut Findings) {
        self.contents.sort_unstable();
        self.contents.dedup();
        let counts = [
            ("addressed tiles", header.addressed, self.addressed),
            ("tile entries", header.entries, self.entries),
            ("tile contents", header.contents, self.offsets.len() as u64),
        ];
        for (what, said, found) in counts {
            if said != found {
                let found = format!("the header says {said} {what}, there are {found}");
                findings.error(Check::Counts, None, found);
            }
        }
        let mut end = 0;
        let mut unused = 0;
        for (offset, length) in &self.contents {
            if *offset < end {
                let found = format!("the bytes at {offset} of the data are of two tiles");
                findings.error(Check::Data, None, found);
            } else {
                unused += offset - end;
            }
            end = end.max(offset + u64::from(*length));
        }
        unused += header.data.length.saturating_sub(end);
        if unused > 0 {
            let found = format!("{unused} bytes of the data are no tile's");
            findings.error(Check::Data, None, found);
        }
    }
}
