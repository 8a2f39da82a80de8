//! Files that are read where they lie: databases, shapefiles, `GeoParquet`, archives.

use std::io::Cursor;
use std::path::Path;

use super::super::cut::Block;
use super::super::drive::Rows;
use super::super::geoparquet::{self, ParquetBlocks};
use super::super::gpkg::GpkgBlocks;
use super::super::options::{FeatureFormat, FeatureOptions};
use super::super::shapefile::ShapeBlocks;
use super::super::writer::Writer;
use super::{FeatureSource, facts, stream};
use crate::intake::ByteCount;
use crate::source::{self, Bounded};
use crate::{InputError, Problem};

/// The most that is unpacked of one member of a zip archive.
const MOST_MEMBER_BYTES: u64 = 1 << 30;

/// Rows that are in the batch when the block is taken.
struct Taken;

impl Rows for Taken {
    fn read(&self, _: &mut Block, _: &mut Writer) -> Result<(), InputError> {
        Ok(())
    }
}

pub(super) fn geopackage(
    path: &Path,
    options: &FeatureOptions,
    total_bytes: u64,
    bytes: &ByteCount,
) -> Result<FeatureSource, InputError> {
    let (blocks, layers) = GpkgBlocks::open(path, options, total_bytes, bytes.clone())?;
    let mut facts = facts(FeatureFormat::GeoPackage);
    facts.columns = blocks.columns().to_vec();
    facts.layer = Some(blocks.table().to_owned());
    facts.layers = layers;
    Ok(FeatureSource::of(facts, blocks, Taken))
}

pub(super) fn geoparquet(
    path: &Path,
    options: &FeatureOptions,
    bytes: &ByteCount,
) -> Result<FeatureSource, InputError> {
    Ok(parquet(ParquetBlocks::open(path, options, bytes.clone())?))
}

fn parquet(blocks: ParquetBlocks) -> FeatureSource {
    let mut facts = facts(FeatureFormat::GeoParquet);
    facts.columns = blocks.names().to_vec();
    FeatureSource::of(facts, blocks, Taken)
}

/// `path`: its name is the layer's.
pub(super) fn shapefile(blocks: ShapeBlocks, path: &Path) -> FeatureSource {
    let mut facts = facts(FeatureFormat::Shapefile);
    facts.columns = blocks.columns().to_vec();
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    facts.layers = name.clone().into_iter().collect();
    facts.layer = name;
    FeatureSource::of(facts, blocks, Taken)
}

/// Opens one member of an archive, unpacked in memory.
pub(super) fn archive(
    path: &Path,
    options: &FeatureOptions,
    bytes: &ByteCount,
) -> Result<FeatureSource, InputError> {
    let members = source::members(&source::archive(path, bytes)?)?;
    let unpack = |name: &str| -> Result<Vec<u8>, InputError> {
        let mut archive = source::archive(path, bytes)?;
        let member = archive.by_name(name).map_err(Problem::from)?;
        let unpacked = source::head(Bounded::new(member, bytes.clone()), MOST_MEMBER_BYTES + 1)?;
        if unpacked.len() as u64 > MOST_MEMBER_BYTES {
            return Err(Problem::TooLong {
                what: "a member of a zip archive",
                most: MOST_MEMBER_BYTES,
                hint: "unpack the archive first",
            }
            .into());
        }
        Ok(unpacked)
    };
    let layer = options.layer.as_deref();
    let shapes: Vec<String> = members
        .iter()
        .filter(|name| name.to_lowercase().ends_with(".shp"))
        .cloned()
        .collect();
    if shapes.is_empty() {
        let of_kml = |name: &&String| name.to_lowercase().ends_with(".kml");
        let mut pages: Vec<String> = members.iter().filter(of_kml).cloned().collect();
        // The page of a KMZ lies among its pictures, and may do nothing but link to others, as GDAL writes it.
        let main = pages.iter().position(|name| name == "doc.kml");
        let name = match main {
            _ if pages.is_empty() || layer.is_some() => source::choose(&members, layer)?,
            Some(main) if pages.len() > 1 => {
                let main = pages.remove(main);
                if memchr::memmem::find(&unpack(&main)?, b"<Placemark").is_some() {
                    main
                } else {
                    source::choose(&pages, None)?
                }
            }
            _ => source::choose(&pages, None)?,
        };
        let unpacked = unpack(&name)?;
        let mut opened = if unpacked.starts_with(geoparquet::MAGIC) {
            parquet(ParquetBlocks::unpacked(unpacked, options)?)
        } else {
            stream(Box::new(Cursor::new(unpacked)), Path::new(&name), options)?
        };
        opened.facts.layers = members;
        opened.facts.layer = Some(name);
        return Ok(opened);
    }
    let shape = source::choose(&shapes, layer)?;
    let stem = &shape[..shape.len() - 4];
    let mut member = |end: &str| {
        let same = |name: &&String| {
            let rest = name.strip_prefix(stem);
            rest.is_some_and(|rest| rest.eq_ignore_ascii_case(end))
        };
        let found = members.iter().find(same);
        found.map(|name| unpack(name)).transpose()
    };
    let blocks = ShapeBlocks::unpacked(stem, options, &mut member)?;
    bytes.set(std::fs::metadata(path).map_or(0, |metadata| metadata.len()));
    Ok(shapefile(blocks, Path::new(&shape)))
}
