//! Decimal numbers to the nearest `f64`, fast where that is exact.

/// Powers of ten that `f64` holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
const POWERS: [u64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];
/// Whole numbers up to here are exact in `f64`.
const MOST_EXACT: u64 = 1 << 53;

/// A number as the text begins with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    UInt(u64),
    /// A whole number beyond `u64`.
    Long,
    /// With a fraction or an exponent; may be infinite when the exponent is.
    Float(f64),
}

/// Digits at the start of a text: how many of the first eight, and the number they make.
#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<(usize, u64)> {
    let chunk = u64::from_le_bytes(*bytes.get(at..)?.first_chunk::<8>()?);
    let other = (chunk.wrapping_add(0x4646_4646_4646_4646)
        | chunk.wrapping_sub(0x3030_3030_3030_3030))
        & 0x8080_8080_8080_8080;
    let count = (other.trailing_zeros() / 8) as usize;
    if count == 0 {
        return Some((0, 0));
    }
    // The digits go to the upper bytes, zeros come before them.
    let digits = (chunk << (8 * (8 - count))) & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    let value = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xFFFF_FFFF;
    Some((count, value))
}

/// Takes digits into `mantissa`; gives how many there were, `None` when they are too many to hold.
#[inline]
fn digits(bytes: &[u8], at: &mut usize, mantissa: &mut u64) -> Option<usize> {
    let start = *at;
    while let Some((count, value)) = eight(bytes, *at) {
        *mantissa = mantissa.checked_mul(POWERS[count])?.checked_add(value)?;
        *at += count;
        if count < 8 {
            return Some(*at - start);
        }
    }
    while let Some(byte) = bytes.get(*at)
        && byte.is_ascii_digit()
    {
        *mantissa = mantissa
            .checked_mul(10)?
            .checked_add(u64::from(byte - b'0'))?;
        *at += 1;
    }
    Some(*at - start)
}

/// Reads the coordinate at `at` and moves behind it: the nearest `f64`. `None`, and `at` as it was, when the
/// text there is no JSON number or takes the slow way of [`number`].
#[inline]
pub(crate) fn coordinate(bytes: &[u8], at: &mut usize) -> Option<f64> {
    let mut here = *at;
    let negative = bytes.get(here) == Some(&b'-');
    here += usize::from(negative);
    let first = *bytes.get(here)?;
    let mut mantissa = 0;
    let whole = digits(bytes, &mut here, &mut mantissa)?;
    if whole == 0 || (first == b'0' && whole > 1) {
        return None;
    }
    let mut fraction = 0;
    if bytes.get(here) == Some(&b'.') {
        here += 1;
        fraction = digits(bytes, &mut here, &mut mantissa)?;
        if fraction == 0 {
            return None;
        }
    }
    // Clinger: both operands are exact, so one division rounds once.
    if mantissa > MOST_EXACT || matches!(bytes.get(here), Some(b'e' | b'E')) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 2⁵³: exact")]
    let value = mantissa as f64 / EXACT_POWERS.get(fraction)?;
    *at = here;
    Some(if negative { -value } else { value })
}

/// Reads the JSON number at `at` and moves behind it; `None` when there is none.
pub(crate) fn number(text: &str, at: &mut usize) -> Option<Number> {
    let bytes = text.as_bytes();
    let start = *at;
    let mut here = start + usize::from(bytes.get(start) == Some(&b'-'));
    let negative = here > start;
    let first = *bytes.get(here)?;
    let run = |here: &mut usize| {
        let from = *here;
        while bytes.get(*here).is_some_and(u8::is_ascii_digit) {
            *here += 1;
        }
        *here - from
    };
    let whole = run(&mut here);
    if whole == 0 || (first == b'0' && whole > 1) {
        return None;
    }
    let mut float = false;
    if bytes.get(here) == Some(&b'.') {
        float = true;
        here += 1;
        if run(&mut here) == 0 {
            return None;
        }
    }
    if let Some(b'e' | b'E') = bytes.get(here) {
        float = true;
        here += 1;
        here += usize::from(matches!(bytes.get(here), Some(b'+' | b'-')));
        if run(&mut here) == 0 {
            return None;
        }
    }
    let token = text.get(start..here)?;
    *at = here;
    if float || token == "-0" {
        return token.parse().ok().map(Number::Float);
    }
    if let Ok(value) = token.parse() {
        return Some(Number::Int(value));
    }
    if !negative && let Ok(value) = token.parse() {
        return Some(Number::UInt(value));
    }
    Some(Number::Long)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds both ways against `str::parse`, bit for bit.
    fn check(text: &str) {
        let expected: f64 = text.parse().expect(text);
        for rest in ["", ",", "]                ", "}zzzzzzzzzzzzzzzz"] {
            let whole = format!("{text}{rest}");
            let mut at = 0;
            if let Some(value) = coordinate(whole.as_bytes(), &mut at) {
                assert_eq!(value.to_bits(), expected.to_bits(), "{whole}");
                assert_eq!(at, text.len(), "{whole}");
            }
            let mut at = 0;
            let value = match number(&whole, &mut at).expect(text) {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "what is compared with is as near"
                )]
                Number::Int(value) => value as f64,
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "what is compared with is as near"
                )]
                Number::UInt(value) => value as f64,
                Number::Long => expected,
                Number::Float(value) => value,
            };
            assert_eq!(value.to_bits(), expected.to_bits(), "{whole}");
            assert_eq!(at, text.len(), "{whole}");
        }
    }

    #[test]
    fn millions_of_decimals_are_the_nearest_numbers() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut fast = 0;
        for _ in 0..2_000_000 {
            let digits = next() % 22;
            let whole = next() % 360;
            let mut text = String::new();
            if next() % 2 == 0 {
                text.push('-');
            }
            text += &whole.to_string();
            if digits > 0 {
                text.push('.');
                for _ in 0..digits {
                    text.push(char::from(b'0' + u8::try_from(next() % 10).unwrap_or(0)));
                }
            }
            let expected: f64 = text.parse().expect("a number");
            let mut at = 0;
            if let Some(value) = coordinate(text.as_bytes(), &mut at) {
                assert_eq!(value.to_bits(), expected.to_bits(), "{text}");
                assert_eq!(at, text.len(), "{text}");
                fast += 1;
            }
        }
        assert!(fast > 1_000_000, "the fast way is the usual one: {fast}");
    }

    #[test]
    fn odd_spellings_are_exact_and_wrong_ones_are_refused() {
        for text in [
            "0",
            "-0",
            "0.0",
            "-0.0",
            "1e2",
            "1E-5",
            "1.5e+3",
            "9007199254740993",
            "9007199254740993.5",
            "18446744073709551615",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.1234567890123456789012345",
            "179.99999999999997",
            "2.2250738585072011e-308",
            "1e999",
            "-9223372036854775808",
            "-9223372036854775809",
            "106.00000000",
            "106.000000001",
        ] {
            check(text);
        }
        for text in [
            "",
            "-",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "1e+",
            "NaN",
            "Infinity",
            "-Infinity",
            "0x1",
        ] {
            let mut at = 0;
            let read = number(text, &mut at);
            let left = at < text.len();
            assert!(read.is_none() || left, "{text}: {read:?}");
            let mut at = 0;
            assert!(
                coordinate(text.as_bytes(), &mut at).is_none() || at < text.len(),
                "{text}"
            );
        }
    }

    #[test]
    fn whole_numbers_keep_every_digit() {
        let read = |text: &str| number(text, &mut 0);
        assert_eq!(read("9223372036854775807"), Some(Number::Int(i64::MAX)));
        assert_eq!(read("9223372036854775808"), Some(Number::UInt(1 << 63)));
        assert_eq!(read("18446744073709551616"), Some(Number::Long));
        assert_eq!(read("-9223372036854775809"), Some(Number::Long));
    }
}
