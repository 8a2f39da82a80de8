//! A file as a stream of text bytes: plain, gzip, or one member of a zip archive.

mod bounded;
mod counted;
pub(crate) mod decode;
mod lines;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;

pub(crate) use bounded::Bounded;
pub(crate) use counted::Counted;
pub(crate) use lines::Lines;

use crate::Problem;
use crate::columns::listed;
use crate::intake::{ByteCount, Stop};

/// How a file is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    Plain,
    Gzip,
    Zip,
}

impl Wrapping {
    /// Told by the first bytes, whatever the name says.
    pub(crate) fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0x1F, 0x8B]) {
            Self::Gzip
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else {
            Self::Plain
        }
    }
}

/// Opens a file for reading with its bytes counted.
pub(crate) fn open(path: &Path, bytes: &ByteCount) -> Result<Counted<File>, Problem> {
    let file = File::open(path).map_err(|source| Problem::Open { source })?;
    bytes.set(0);
    Ok(Counted::new(file, bytes.clone()))
}

/// The first bytes of a file, at most `most`.
pub(crate) fn head(reader: impl Read, most: u64) -> Result<Vec<u8>, Problem> {
    let mut head = Vec::new();
    reader.take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// Opens an archive.
pub(crate) fn archive(
    path: &Path,
    bytes: &ByteCount,
) -> Result<ZipArchive<BufReader<Counted<File>>>, Problem> {
    Ok(ZipArchive::new(BufReader::new(open(path, bytes)?))?)
}

/// The members of an archive that are files of interest: no folders, no readme, no hidden ones.
pub(crate) fn members<R: Read + std::io::Seek>(
    archive: &ZipArchive<R>,
) -> Result<Vec<String>, Problem> {
    let mut members = Vec::new();
    for name in archive.file_names() {
        let name = name?.into_owned();
        let file = name.rsplit('/').next().unwrap_or(&name);
        let of_interest = !file.is_empty()
            && !file.starts_with('.')
            && !name.starts_with("__MACOSX/")
            && !file.to_ascii_lowercase().starts_with("readme");
        if of_interest {
            members.push(name);
        }
    }
    Ok(members)
}

/// The one member to read: the one named, or the only one.
pub(crate) fn choose(members: &[String], layer: Option<&str>) -> Result<String, Problem> {
    if let Some(layer) = layer {
        let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let stem = |name: &str| {
            name.rsplit_once('.')
                .map_or(name.to_owned(), |(stem, _)| stem.to_owned())
        };
        let is_it = |name: &&String| {
            [(*name).clone(), stem(name), base(name), stem(&base(name))].contains(&layer.to_owned())
        };
        let found = members.iter().find(is_it);
        return found.cloned().ok_or_else(|| Problem::NoSuchLayer {
            wanted: format!("`{layer}`"),
            present: listed(members),
        });
    }
    match members {
        [] => Err(Problem::Empty),
        [one] => Ok(one.clone()),
        many => Err(Problem::WhichLayer {
            present: listed(many),
        }),
    }
}

/// Hands one member of an archive to `read`.
pub(crate) fn with_member<T>(
    path: &Path,
    name: &str,
    bytes: &ByteCount,
    read: &mut dyn FnMut(&mut dyn BufRead) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let mut archive = archive(path, bytes)?;
    let result = (|| {
        let member = archive.by_name(name).map_err(Problem::from)?;
        read(&mut BufReader::new(Bounded::new(member, bytes.clone())))
    })();
    let file = path.display();
    result.map_err(|stop| stop.in_file(&format!("{file}/{name}")))
}

/// Hands the text of a file to `read`, unwrapped. `layer` names the member of an archive if it has more
/// than one.
pub(crate) fn with_stream<T>(
    path: &Path,
    layer: Option<&str>,
    bytes: &ByteCount,
    read: &mut dyn FnMut(&mut dyn BufRead) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let mut file = BufReader::with_capacity(1 << 16, open(path, bytes)?);
    let wrapping = Wrapping::of(file.fill_buf().map_err(Problem::from)?);
    match wrapping {
        Wrapping::Plain => read(&mut file),
        Wrapping::Gzip => {
            let inflated = Bounded::new(MultiGzDecoder::new(file), bytes.clone());
            read(&mut BufReader::with_capacity(1 << 16, inflated))
        }
        Wrapping::Zip => {
            drop(file);
            let members = members(&archive(path, bytes)?)?;
            with_member(path, &choose(&members, layer)?, bytes, read)
        }
    }
}
