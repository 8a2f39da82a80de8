//! gzip in memory: equal bytes in, equal bytes out; hostile bytes cost at most what a limit says.

use libdeflater::{CompressionLvl, Compressor, DecompressionError, Decompressor};

/// Bytes that cannot be unpacked.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum GzipError {
    /// They do not begin as gzip does.
    #[error("not gzip")]
    NotGzip,
    /// Damaged: codes, length or checksum.
    #[error("damaged gzip: its codes or its checksum are wrong")]
    Damaged,
    /// They end with another length than they hold, as after trailing bytes.
    #[error("gzip that says {said} bytes at its end and holds {held}")]
    Length {
        /// What the end says.
        said: u32,
        /// What was unpacked; what is longer than said is not unpacked to its end.
        held: u64,
    },
    /// More than the limit.
    #[error("{said} bytes unpacked; the most is {most}")]
    TooLong {
        /// What the end says.
        said: u64,
        /// The limit.
        most: usize,
    },
}

/// Highest ratio of deflate.
const MOST_RATIO: usize = 1032;

/// Whether bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Packs at level 6, without a time or a name in the head.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    // The only error is too little room, and the bound is enough by its definition.
    let length = compressor.gzip_compress(bytes, &mut out).unwrap_or(0);
    out.truncate(length);
    out
}

/// Unpacks into a buffer, at most `most` bytes.
///
/// # Errors
///
/// [`GzipError`]; the buffer then holds nothing of use.
pub(crate) fn unpack(bytes: &[u8], most: usize, into: &mut Vec<u8>) -> Result<(), GzipError> {
    into.clear();
    if !is_gzip(bytes) {
        return Err(GzipError::NotGzip);
    }
    let Some(said) = bytes.last_chunk::<4>() else {
        return Err(GzipError::Damaged);
    };
    let said = u32::from_le_bytes(*said);
    let length = said as usize;
    if length > most {
        return Err(GzipError::TooLong {
            said: said.into(),
            most,
        });
    }
    if length > bytes.len().saturating_mul(MOST_RATIO) {
        return Err(GzipError::Damaged);
    }
    into.resize(length, 0);
    let unpacked = Decompressor::new().gzip_decompress(bytes, into);
    match unpacked {
        Ok(held) if held == length => Ok(()),
        Ok(held) => Err(GzipError::Length {
            said,
            held: held as u64,
        }),
        Err(DecompressionError::InsufficientSpace) => Err(GzipError::Length {
            said,
            held: u64::from(said) + 1,
        }),
        Err(DecompressionError::BadData) => Err(GzipError::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked() {
        let text = "渝北区".repeat(1000);
        let packed = pack(text.as_bytes());
        assert_eq!(&packed[4..8], [0; 4], "no time");
        let mut out = Vec::new();
        assert_eq!(unpack(&packed, 1 << 20, &mut out), Ok(()));
        assert_eq!(out, text.as_bytes());
        assert!(matches!(
            unpack(&packed, 100, &mut out),
            Err(GzipError::TooLong { .. })
        ));
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_seen() {
        let packed = pack(&b"0123456789".repeat(20));
        let mut out = Vec::new();
        for length in 0..packed.len() {
            assert!(
                unpack(&packed[..length], 1 << 20, &mut out).is_err(),
                "{length}"
            );
        }
        // From the end of the head on: its time and its system are nobody's concern.
        for at in 10..packed.len() {
            let mut wrong = packed.clone();
            wrong[at] ^= 0x10;
            assert!(unpack(&wrong, 1 << 20, &mut out).is_err(), "{at}");
        }
        let mut trailing = packed.clone();
        trailing.push(0);
        assert!(unpack(&trailing, 1 << 20, &mut out).is_err());
    }
}
