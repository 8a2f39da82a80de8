//! Unpacks the bytes of streams (ISO 32000-1, section 7.4).

use std::io::Read;

use flate2::bufread::DeflateDecoder;

use super::lexer::{from_hexadecimal, is_blank};
use super::object::{Dictionary, Object};

/// A stream longer than this is no text.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// The codes of LZW.
const CLEAR: usize = 256;
const END: usize = 257;
const MOST_CODES: usize = 4096;

/// Why a stream is not unpacked.
#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    /// The bytes are not of the filter, or end too early.
    Broken,
    /// More bytes than allowed.
    TooLong,
    /// A filter of pictures, or an unknown one.
    Unknown,
}

/// Undoes one filter. No more than `most` bytes are made.
pub(super) fn undo(
    filter: &[u8],
    parameters: Option<&Dictionary>,
    bytes: &[u8],
    most: usize,
) -> Result<Vec<u8>, Fault> {
    let most = most.min(MOST_BYTES);
    let parameter = |name: &[u8], otherwise: usize| {
        let value = parameters.and_then(|entries| entries.get(name));
        value.and_then(Object::size).unwrap_or(otherwise)
    };
    let made = match filter {
        b"FlateDecode" | b"Fl" => inflated(bytes, most)?,
        b"LZWDecode" | b"LZW" => lzw(bytes, parameter(b"EarlyChange", 1) != 0, most)?,
        b"ASCIIHexDecode" | b"AHx" => {
            let end = bytes.iter().position(|byte| *byte == b'>');
            from_hexadecimal(&bytes[..end.unwrap_or(bytes.len())])
        }
        b"ASCII85Decode" | b"A85" => ascii_85(bytes)?,
        b"RunLengthDecode" | b"RL" => run_length(bytes, most)?,
        // Identity, or the standard one, which was undone before.
        b"Crypt" => bytes.to_vec(),
        _ => return Err(Fault::Unknown),
    };
    match parameter(b"Predictor", 1) {
        10.. => {
            let bits = parameter(b"Colors", 1)
                .saturating_mul(parameter(b"BitsPerComponent", 8))
                .max(1);
            let columns = parameter(b"Columns", 1);
            let row = bits.saturating_mul(columns).div_ceil(8);
            Ok(unpredicted(&made, bits.div_ceil(8), row))
        }
        // TIFF's predictor is for pictures.
        2 => Err(Fault::Unknown),
        _ => Ok(made),
    }
}

/// The checksum is not compared: programs in use write wrong ones.
fn inflated(bytes: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    let start = bytes.iter().position(|byte| !is_blank(*byte));
    let packed = bytes.get(start.unwrap_or(0) + 2..).ok_or(Fault::Broken)?;
    let mut made = Vec::new();
    let limit = most as u64 + 1;
    match DeflateDecoder::new(packed)
        .take(limit)
        .read_to_end(&mut made)
    {
        Ok(_) if made.len() > most => Err(Fault::TooLong),
        Ok(_) => Ok(made),
        Err(_) => Err(Fault::Broken),
    }
}

fn lzw(bytes: &[u8], early: bool, most: usize) -> Result<Vec<u8>, Fault> {
    let mut made = Vec::new();
    // Where in `made` each code's bytes begin, and how many they are.
    let mut codes: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let (mut window, mut bits) = (0_usize, 0_u32);
    let mut bytes = bytes.iter();
    loop {
        let known = END + 1 + codes.len() + usize::from(early);
        let width = match known {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        while bits < width {
            let Some(byte) = bytes.next() else {
                // Programs leave out the end code.
                return Ok(made);
            };
            window = (window << 8 | usize::from(*byte)) & 0xff_ffff;
            bits += 8;
        }
        bits -= width;
        let code = window >> bits & ((1 << width) - 1);
        let from = made.len();
        match (code, last) {
            (CLEAR, _) => {
                codes.clear();
                last = None;
                continue;
            }
            (END, _) => return Ok(made),
            (0..CLEAR, _) => made.extend(u8::try_from(code)),
            (_, Some((start, length))) => {
                let (start, length) = match codes.get(code - END - 1) {
                    Some(known) => *known,
                    // The code that is being made: the last one and its first byte.
                    None if code == END + 1 + codes.len() => (start, length + 1),
                    None => return Err(Fault::Broken),
                };
                if made.len() + length > most {
                    return Err(Fault::TooLong);
                }
                for at in start..start + length {
                    made.extend(made.get(at).copied());
                }
            }
            (_, None) => return Err(Fault::Broken),
        }
        if made.len() > most {
            return Err(Fault::TooLong);
        }
        if let Some((start, length)) = last
            && END + 1 + codes.len() < MOST_CODES
        {
            // Its last byte is the first of this one, which follows it.
            codes.push((start, length + 1));
        }
        last = Some((from, made.len() - from));
    }
}

fn ascii_85(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut made = Vec::new();
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let whole = |group: &[u8]| -> Result<[u8; 4], Fault> {
        let value = group
            .iter()
            .fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
        let value = u32::try_from(value).map_err(|_| Fault::Broken)?;
        Ok(value.to_be_bytes())
    };
    for &byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => made.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    made.extend(whole(&group)?);
                    group.clear();
                }
            }
            _ if is_blank(byte) => {}
            _ => return Err(Fault::Broken),
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        made.extend_from_slice(&whole(&group)?[..kept]);
    }
    Ok(made)
}

fn run_length(bytes: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    let mut made = Vec::new();
    let mut rest = bytes;
    while let [length, after @ ..] = rest {
        let length = usize::from(*length);
        rest = match length {
            0..128 => {
                let (run, after) = after.split_at_checked(length + 1).ok_or(Fault::Broken)?;
                made.extend_from_slice(run);
                after
            }
            128 => break,
            _ => {
                let (byte, after) = after.split_first().ok_or(Fault::Broken)?;
                made.resize(made.len() + 257 - length, *byte);
                after
            }
        };
        if made.len() > most {
            return Err(Fault::TooLong);
        }
    }
    Ok(made)
}

/// Undoes the predictors of PNG. Every row has its own, in a byte before it.
fn unpredicted(bytes: &[u8], pixel: usize, row: usize) -> Vec<u8> {
    let mut made: Vec<u8> = Vec::with_capacity(bytes.len());
    for coded in bytes.chunks(row.saturating_add(1)) {
        let [method, coded @ ..] = coded else { break };
        let start = made.len();
        for (column, byte) in coded.iter().enumerate() {
            let at = start + column;
            let left_at = (column >= pixel).then(|| at - pixel);
            let up_at = at.checked_sub(row);
            let corner_at = left_at.and_then(|left| left.checked_sub(row));
            let [left, up, corner] = [left_at, up_at, corner_at]
                .map(|at| at.and_then(|at| made.get(at)).copied().unwrap_or(0));
            let guess = match method {
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            made.push(byte.wrapping_add(guess));
        }
    }
    made
}

/// The neighbour that is closest to `left + up - corner` (PNG, section 9.4).
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |byte: u8| (guess - i16::from(byte)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1 << 20;

    #[test]
    fn the_filters_of_text_are_undone() {
        let undo = |filter: &str, bytes: &[u8]| undo(filter.as_bytes(), None, bytes, MOST);
        assert_eq!(undo("AHx", b"41 4> 5").as_deref(), Ok(&b"A@"[..]));
        assert_eq!(undo("A85", b"87cUR\nD]~>").as_deref(), Ok(&b"Hello"[..]));
        assert_eq!(undo("A85", b"z").as_deref(), Ok(&[0; 4][..]));
        assert_eq!(undo("A85", b"uuuuu"), Err(Fault::Broken));
        assert_eq!(
            undo("RL", b"\x01ab\xfec\x80d").as_deref(),
            Ok(&b"abccc"[..])
        );
        assert_eq!(undo("RL", b"\x05ab"), Err(Fault::Broken));
        // The example of ISO 32000-1, section 7.4.4.2.
        let packed = b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01";
        assert_eq!(
            undo("LZW", packed).as_deref(),
            Ok(&[45, 45, 45, 45, 45, 65, 45, 45, 45, 66][..])
        );
        assert_eq!(undo("DCTDecode", b""), Err(Fault::Unknown));
    }

    #[test]
    fn predicted_rows_are_made_whole() {
        let rows = [&[2, 1, 2, 3][..], &[2, 1, 1, 1], &[1, 5, 1, 1], &[4, 0, 1]].concat();
        assert_eq!(unpredicted(&rows, 1, 3), [1, 2, 3, 2, 3, 4, 5, 6, 7, 5, 7]);
        assert_eq!(unpredicted(&[0, 7], 1, 0), []);
    }

    #[test]
    fn what_unpacks_to_too_much_or_ends_early_is_refused() {
        use std::io::Write as _;
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b' '; MOST + 1]).expect("in memory");
        let bomb = packer.finish().expect("in memory");
        assert_eq!(undo(b"Fl", None, &bomb, MOST), Err(Fault::TooLong));
        let half = &bomb[..bomb.len() / 2];
        assert_eq!(undo(b"Fl", None, half, 2 * MOST), Err(Fault::Broken));
        assert_eq!(undo(b"Fl", None, b"x", MOST), Err(Fault::Broken));
    }
}
