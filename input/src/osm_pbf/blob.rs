//! The outer file: blobs with a header each (<https://wiki.openstreetmap.org/wiki/PBF_Format>).

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::protobuf::{Fields, damaged};
use crate::{At, InputError, Problem};

/// The limits of the format.
const MOST_HEADER_BYTES: u64 = 64 << 10;
const MOST_BLOB_BYTES: u64 = 32 << 20;

/// Blobs of a file, unpacked one at a time.
pub(crate) struct Blobs<R> {
    stream: R,
    offset: u64,
    packed: Vec<u8>,
    unpacked: Vec<u8>,
}

impl<R: Read> Blobs<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream,
            offset: 0,
            packed: Vec::new(),
            unpacked: Vec::new(),
        }
    }

    /// The next block of elements with its place in the file; `None` after the last. The file must begin with a header
    /// whose features are known.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, &[u8])>, InputError> {
        loop {
            let start = self.offset;
            let at = |problem: Problem| problem.at(At::Byte(start));
            let Some(kind) = self.read_blob().map_err(at)? else {
                return if start == 0 {
                    Err(Problem::Empty.into())
                } else {
                    Ok(None)
                };
            };
            if start == 0 && kind != b"OSMHeader" {
                return Err(Problem::NotThisFormat {
                    expected: "OSM extract (.osm.pbf)",
                    found: format!(
                        "a block `{}`",
                        String::from_utf8_lossy(&kind)
                            .chars()
                            .take(20)
                            .collect::<String>()
                    ),
                }
                .into());
            }
            if kind == b"OSMHeader" {
                unpack(&self.packed, &mut self.unpacked)
                    .and_then(|()| check_header(&self.unpacked))
                    .map_err(at)?;
            } else if kind == b"OSMData" {
                unpack(&self.packed, &mut self.unpacked).map_err(at)?;
                return Ok(Some((start, &self.unpacked)));
            }
        }
    }

    /// Reads a header, whose type it returns, and the blob after it.
    fn read_blob(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let mut bytes = Vec::new();
        self.fill(4, &mut bytes)?;
        let Some(length) = bytes.first_chunk::<4>() else {
            return if bytes.is_empty() {
                Ok(None)
            } else {
                Err(Problem::truncated("the length of a block"))
            };
        };
        let length = u64::from(u32::from_be_bytes(*length));
        if length > MOST_HEADER_BYTES {
            return Err(Problem::TooLarge {
                what: "the header of a block",
                found: length,
                most: MOST_HEADER_BYTES,
            });
        }
        self.fill(length, &mut bytes)?;
        if (bytes.len() as u64) < length {
            return Err(Problem::truncated("the header of a block"));
        }
        let (mut kind, mut size) = (Vec::new(), None);
        let mut fields = Fields(&bytes);
        while let Some((number, value)) = fields.next()? {
            match number {
                1 => kind = value.bytes()?.to_vec(),
                3 => size = Some(value.varint()?),
                _ => {}
            }
        }
        let size = size.ok_or_else(|| damaged("a header without a size", "one"))?;
        if size > MOST_BLOB_BYTES {
            return Err(Problem::TooLarge {
                what: "the block",
                found: size,
                most: MOST_BLOB_BYTES,
            });
        }
        let mut packed = std::mem::take(&mut self.packed);
        self.fill(size, &mut packed)?;
        self.packed = packed;
        if (self.packed.len() as u64) < size {
            return Err(Problem::truncated("a block"));
        }
        Ok(Some(kind))
    }

    /// Reads so many bytes, or fewer at the end.
    fn fill(&mut self, bytes: u64, into: &mut Vec<u8>) -> Result<(), Problem> {
        into.clear();
        self.offset += (&mut self.stream).take(bytes).read_to_end(into)? as u64;
        Ok(())
    }
}

/// Unpacks a blob: as it is, or by zlib.
fn unpack(blob: &[u8], into: &mut Vec<u8>) -> Result<(), Problem> {
    let (mut raw, mut raw_size, mut zlib) = (None, 0, None);
    let mut fields = Fields(blob);
    while let Some((number, value)) = fields.next()? {
        match number {
            1 => raw = Some(value.bytes()?),
            2 => raw_size = value.varint()?,
            3 => zlib = Some(value.bytes()?),
            4..=7 => {
                let name =
                    ["LZMA", "bzip2", "LZ4", "zstd"][usize::try_from(number - 4).unwrap_or(0)];
                return Err(Problem::NotThisFormat {
                    expected: "OSM extract with blocks packed by zlib (`osmium cat` writes one)",
                    found: format!("a block packed by {name}"),
                });
            }
            _ => {}
        }
    }
    into.clear();
    if let Some(raw) = raw {
        into.extend_from_slice(raw);
        return Ok(());
    }
    let zlib = zlib.ok_or_else(|| damaged("a block without data", "data"))?;
    if raw_size > MOST_BLOB_BYTES {
        return Err(Problem::TooLarge {
            what: "the unpacked block",
            found: raw_size,
            most: MOST_BLOB_BYTES,
        });
    }
    ZlibDecoder::new(zlib)
        .take(raw_size + 1)
        .read_to_end(into)?;
    if into.len() as u64 == raw_size {
        Ok(())
    } else {
        let found = if into.len() as u64 > raw_size {
            "more".to_owned()
        } else {
            format!("{} bytes", into.len())
        };
        Err(Problem::damaged(
            "an unpacked block",
            found,
            format!("{raw_size} bytes"),
        ))
    }
}

/// Features that the file says a reader must know.
fn check_header(bytes: &[u8]) -> Result<(), Problem> {
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        if number != 4 {
            continue;
        }
        let feature = value.bytes()?;
        if ![&b"OsmSchema-V0.6"[..], b"DenseNodes"].contains(&feature) {
            return Err(Problem::NotThisFormat {
                expected: "OSM extract without history",
                found: format!(
                    "one that needs `{}`",
                    String::from_utf8_lossy(feature)
                        .chars()
                        .take(40)
                        .collect::<String>()
                ),
            });
        }
    }
    Ok(())
}
