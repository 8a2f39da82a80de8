//! Pages of a column: unpacked here, so that nothing takes the memory that a page only declares.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use parquet::basic::{Compression, Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::thrift::{PageHead, deltas};

/// The most bytes of a page, and of all pages that are open at a time.
const MOST_PAGE_BYTES: usize = 256 << 20;
const MOST_OPEN_BYTES: usize = 1 << 30;
/// What the head of a page is looked for in at first, and at most: it may hold the least and greatest value.
const HEAD_BYTES: u64 = 1 << 13;
const MOST_HEAD_BYTES: u64 = 16 << 20;

/// The bytes of a file, on disk or unpacked from an archive.
#[derive(Debug)]
pub(super) enum Source {
    File(File),
    Memory(Bytes),
}

impl Source {
    pub(super) fn len(&self) -> std::io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Bytes from a place on: as many as asked for, or up to the end.
    pub(super) fn read(&self, at: u64, count: u64) -> std::io::Result<Bytes> {
        match self {
            Self::File(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(at))?;
                let mut bytes = Vec::new();
                file.take(count).read_to_end(&mut bytes)?;
                Ok(bytes.into())
            }
            Self::Memory(bytes) => {
                let end = at.saturating_add(count).min(bytes.len() as u64);
                let start = at.min(end);
                // Both are within memory.
                Ok(bytes
                    .slice(usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0)))
            }
        }
    }
}

fn wrong<T>(what: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(what.into()))
}

/// The pages of a chunk of a column, one after the other.
pub(super) struct Pages {
    pub(super) source: Arc<Source>,
    pub(super) at: u64,
    pub(super) end: u64,
    pub(super) packing: Compression,
    pub(super) kind: Physical,
    /// Whether values may be null.
    pub(super) nullable: bool,
    /// Bytes of the pages of all columns that are open, and those of this one: its dictionary and its page.
    pub(super) open: Arc<AtomicUsize>,
    pub(super) own: [usize; 2],
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.open
            .fetch_sub(self.own[0] + self.own[1], Ordering::Relaxed);
    }
}

impl Pages {
    /// The head of the next page and its bytes as they are in the file; `None` behind the last.
    fn raw(&mut self) -> Result<Option<(PageHead, Bytes)>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let left = self.end - self.at;
        let mut wanted = HEAD_BYTES;
        let (head, window) = loop {
            let window = self.source.read(self.at, wanted.min(left))?;
            if let Some(head) = PageHead::read(&window) {
                break (head, window);
            }
            if wanted >= left.min(MOST_HEAD_BYTES) || (window.len() as u64) < wanted.min(left) {
                return wrong("a page without a head");
            }
            wanted *= 16;
        };
        let (start, packed) = (
            head.bytes as u64,
            u64::try_from(head.packed).unwrap_or(u64::MAX),
        );
        if packed > left - start
            || usize::try_from(head.unpacked).is_ok_and(|of| of > MOST_PAGE_BYTES)
        {
            return wrong(format!(
                "a page of {} bytes, unpacked {}",
                head.packed, head.unpacked
            ));
        }
        let end = head.bytes + usize::try_from(packed).unwrap_or(usize::MAX);
        let bytes = if end <= window.len() {
            window.slice(head.bytes..end)
        } else {
            self.source.read(self.at + start, packed)?
        };
        if bytes.len() as u64 != packed {
            return wrong("a page that is cut off");
        }
        self.at += start + packed;
        Ok(Some((head, bytes)))
    }

    /// Counts the bytes of a page among those that are open.
    fn count(&mut self, of_dictionary: bool, bytes: usize) -> Result<()> {
        let own = &mut self.own[usize::from(!of_dictionary)];
        let before = std::mem::replace(own, bytes);
        self.open.fetch_add(bytes, Ordering::Relaxed);
        if self.open.fetch_sub(before, Ordering::Relaxed) - before > MOST_OPEN_BYTES {
            return wrong("pages of more than 1 GiB side by side");
        }
        Ok(())
    }

    fn page(&mut self, head: PageHead, bytes: Bytes) -> Result<Option<Page>> {
        let whole = |number: i64| match u32::try_from(number) {
            Ok(number) => Ok(number),
            Err(_) => wrong(format!("a page that counts {number}")),
        };
        let unpacked = whole(head.unpacked)? as usize;
        let num_values = whole(head.values)?;
        let encoding = encoding(head.encoding)?;
        match head.kind {
            2 => {
                let buf = unpack(self.packing, bytes, unpacked)?;
                // Each value has its length before it, or bytes of its own.
                let least = match self.kind {
                    Physical::INT64 | Physical::DOUBLE => 8,
                    Physical::INT96 => 12,
                    Physical::FIXED_LEN_BYTE_ARRAY | Physical::BOOLEAN => 1,
                    _ => 4,
                };
                if u64::from(num_values) * least > buf.len() as u64 {
                    return wrong(format!(
                        "a dictionary of {num_values} values in {} bytes",
                        buf.len()
                    ));
                }
                self.count(true, buf.len())?;
                Ok(Some(Page::DictionaryPage {
                    buf,
                    num_values,
                    encoding,
                    is_sorted: false,
                }))
            }
            0 => {
                let buf = unpack(self.packing, bytes, unpacked)?;
                let levels = match buf.first_chunk::<4>() {
                    Some(length) if self.nullable => 4 + u32::from_le_bytes(*length) as usize,
                    None if self.nullable => return wrong("a page without levels"),
                    _ => 0,
                };
                check_deltas(encoding, buf.get(levels..), num_values)?;
                self.count(false, buf.len())?;
                Ok(Some(Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding: self::encoding(head.levels)?,
                    rep_level_encoding: Encoding::RLE,
                    statistics: None,
                }))
            }
            3 => {
                let [def, rep] = head.level_bytes;
                let [def_levels_byte_len, rep_levels_byte_len] = [whole(def)?, whole(rep)?];
                let levels =
                    (def_levels_byte_len as usize).saturating_add(rep_levels_byte_len as usize);
                if levels > bytes.len() || levels > unpacked {
                    return wrong("levels longer than their page");
                }
                let buf = if head.is_packed
                    && self.packing != Compression::UNCOMPRESSED
                    && unpacked > levels
                {
                    let values = unpack(self.packing, bytes.slice(levels..), unpacked - levels)?;
                    [&bytes[..levels], &values].concat().into()
                } else {
                    bytes
                };
                check_deltas(encoding, buf.get(levels..), num_values)?;
                self.count(false, buf.len())?;
                let num_nulls = whole(head.nulls)?;
                if num_nulls > num_values {
                    return wrong("more nulls than values");
                }
                Ok(Some(Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows: whole(head.rows)?,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics: None,
                }))
            }
            // Indices and what is not known yet.
            _ => Ok(None),
        }
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        while let Some((head, bytes)) = self.raw()? {
            let page = self.page(head, bytes)?;
            if page.is_some() {
                return Ok(page);
            }
        }
        Ok(None)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        wrong("pages are read, not looked at")
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.raw().map(drop)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        // No column that is read repeats.
        Ok(true)
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

fn encoding(number: i64) -> Result<Encoding> {
    Ok(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        other => return wrong(format!("encoding {other}, which is not read")),
    })
}

/// Decoders take memory for as many values as a delta encoding says.
fn check_deltas(encoding: Encoding, values: Option<&[u8]>, most: u32) -> Result<()> {
    let runs = match encoding {
        Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => 0,
    };
    let mut rest = values.unwrap_or_default();
    for _ in 0..runs {
        match deltas(rest) {
            Some((count, end)) if count <= most.into() => rest = &rest[end..],
            // A page of nulls alone has no values.
            None if values.is_some_and(<[u8]>::is_empty) => return Ok(()),
            _ => return wrong("differences that do not fit their page"),
        }
    }
    Ok(())
}

/// Unpacks a page that has `size` bytes then.
fn unpack(packing: Compression, packed: Bytes, size: usize) -> Result<Bytes> {
    if size > MOST_PAGE_BYTES {
        return wrong(format!("a page that unpacks to {size} bytes"));
    }
    let mut out = Vec::new();
    let most = size as u64 + 1;
    match packing {
        Compression::UNCOMPRESSED => return Ok(packed),
        // A page of nulls alone.
        _ if size == 0 => return Ok(Bytes::new()),
        Compression::SNAPPY => {
            if snap::raw::decompress_len(&packed).ok() != Some(size) {
                return wrong("a page (snappy) of another length than it says");
            }
            out.resize(size, 0);
            let unpacked = snap::raw::Decoder::new().decompress(&packed, &mut out);
            unpacked.map_err(|error| ParquetError::General(error.to_string()))?;
        }
        Compression::GZIP(_) => {
            MultiGzDecoder::new(&packed[..])
                .take(most)
                .read_to_end(&mut out)?;
        }
        Compression::ZSTD(_) => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(&packed[..]);
            let decoder = decoder.map_err(|error| ParquetError::General(error.to_string()))?;
            decoder.take(most).read_to_end(&mut out)?;
        }
        Compression::LZ4_RAW => {
            out = lz4_flex::block::decompress(&packed, size)
                .map_err(|error| ParquetError::General(error.to_string()))?;
        }
        Compression::BROTLI(_) => {
            brotli_decompressor::Decompressor::new(&packed[..], 1 << 12)
                .take(most)
                .read_to_end(&mut out)?;
        }
        other => {
            return wrong(format!(
                "pages packed with {other}; pack them with snappy, gzip, zstd, brotli or lz4_raw"
            ));
        }
    }
    if out.len() != size {
        return wrong(format!("a page of {} bytes that says {size}", out.len()));
    }
    Ok(out.into())
}
