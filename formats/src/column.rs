//! Columns of a table and what their values have in common.

use input::features::Value;

/// The type of a column: the narrowest that holds every value of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// True or false.
    Bool,
    /// Whole numbers that fit 64 bits with a sign.
    Int,
    /// Whole numbers that fit 64 bits without a sign, at least one of them above 2⁶³ − 1.
    UInt,
    /// Numbers, at least one of them with a fraction or an exponent.
    Float,
    /// Text, or values of several kinds as text.
    Text,
    /// Text, all of it `YYYY-MM-DD`.
    Date,
    /// Text, all of it `YYYY-MM-DDThh:mm:ss` with or without fractions, in UTC (`Z`).
    DateTime,
    /// Arrays and objects of JSON.
    Json,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub kind: ColumnKind,
    /// Its title for people, where there is one.
    pub title: Option<String>,
    /// Bytes of its longest value as text.
    pub longest: u32,
    /// Digits behind the point that its numbers, or the seconds of its times, need; at most 15.
    pub decimals: u8,
    /// It holds values of several kinds, which a typed table takes as text.
    pub mixed: bool,
    /// No value is missing.
    pub complete: bool,
}

impl Column {
    /// A column of a schema that is known beforehand.
    #[must_use]
    pub fn new(name: &str, kind: ColumnKind, title: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            title: title.map(str::to_owned),
            longest: 0,
            decimals: 0,
            mixed: false,
            complete: false,
        }
    }
}

/// What was seen in a column, one bit a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    bits: u16,
    longest: u32,
    decimals: u8,
    /// Values that are not null.
    pub(crate) values: u64,
}

const BOOL: u16 = 1;
const INT: u16 = 2;
/// A whole number that an `f64` may not hold.
const LONG_INT: u16 = 4;
const UINT: u16 = 8;
const FLOAT: u16 = 16;
const TEXT: u16 = 32;
const DATE: u16 = 64;
const DATE_TIME: u16 = 128;
const JSON: u16 = 256;

/// Whole numbers up to here are exact as `f64`.
const EXACT: u64 = 1 << 53;

impl Seen {
    pub(crate) fn add(&mut self, value: Value<'_>) {
        let (bit, length) = match value {
            Value::Null => return,
            Value::Bool(_) => (BOOL, 5),
            Value::Int(number) if number.unsigned_abs() <= EXACT => (INT, digits(number)),
            Value::Int(number) => (INT | LONG_INT, digits(number)),
            Value::UInt(_) => (UINT | LONG_INT, 20),
            Value::Float(number) => {
                let (length, decimals) = written(number);
                self.decimals = self.decimals.max(decimals);
                (FLOAT, length)
            }
            Value::Text(text) => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                // One that is no date settles it.
                if self.bits & TEXT != 0 {
                    (TEXT, length)
                } else {
                    let bit = date_bit(text);
                    if bit == DATE_TIME {
                        let behind = u8::try_from(text.len() - 20).unwrap_or(0);
                        self.decimals = self.decimals.max(behind.saturating_sub(1));
                    }
                    (bit, length)
                }
            }
            Value::Json(text) => {
                // Digits beyond 64 bits come as JSON too.
                let number = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                (if number { TEXT | LONG_INT } else { JSON }, length)
            }
        };
        self.bits |= bit;
        self.longest = self.longest.max(length);
        self.values += 1;
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.bits |= other.bits;
        self.longest = self.longest.max(other.longest);
        self.decimals = self.decimals.max(other.decimals);
        self.values += other.values;
    }

    /// The column, in a table of so many features.
    pub(crate) fn column(self, name: &str, features: u64) -> Column {
        let whole = INT | LONG_INT;
        let (kind, mixed) = match self.bits {
            0 => (ColumnKind::Text, false),
            BOOL => (ColumnKind::Bool, false),
            bits if bits & !whole == 0 => (ColumnKind::Int, false),
            bits if bits & !(whole | UINT) == 0 => (ColumnKind::UInt, false),
            bits if bits & !(INT | FLOAT) == 0 => (ColumnKind::Float, false),
            DATE => (ColumnKind::Date, false),
            DATE_TIME => (ColumnKind::DateTime, false),
            JSON => (ColumnKind::Json, false),
            bits if bits & !(TEXT | DATE | DATE_TIME) == 0 => (ColumnKind::Text, false),
            _ => (ColumnKind::Text, true),
        };
        Column {
            name: name.to_owned(),
            kind,
            title: None,
            longest: self.longest,
            decimals: self.decimals,
            mixed,
            complete: self.values == features,
        }
    }
}

fn digits(number: i64) -> u32 {
    number
        .unsigned_abs()
        .checked_ilog10()
        .map_or(1, |log| log + 1)
        + u32::from(number < 0)
}

/// Characters of a number as it is written, and those behind the point.
fn written(number: f64) -> (u32, u8) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let behind = mantissa
        .split_once('.')
        .map_or(0, |(_, behind)| match behind {
            "0" => 0,
            behind => i32::try_from(behind.len()).unwrap_or(0),
        });
    let decimals = (behind - exponent.parse::<i32>().unwrap_or(0)).clamp(0, 15);
    (
        u32::try_from(text.len()).unwrap_or(32),
        u8::try_from(decimals).unwrap_or(15),
    )
}

fn date_bit(text: &str) -> u16 {
    let bytes = text.as_bytes();
    match bytes.len() {
        10 if is_date(bytes) => DATE,
        20..=30 if is_date_time(bytes) => DATE_TIME,
        _ => TEXT,
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

fn is_date(bytes: &[u8]) -> bool {
    date(bytes).is_some()
}

/// Year, month and day of `YYYY-MM-DD`, if there is such a day.
pub(crate) fn date(bytes: &[u8]) -> Option<[u32; 3]> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = bytes else {
        return None;
    };
    let year = number(&[*y0, *y1, *y2, *y3])?;
    let (month, day) = (number(&[*m0, *m1])?, number(&[*d0, *d1])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some([year, month, day])
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
pub(crate) fn days([year, month, day]: [u32; 3]) -> i32 {
    // Years begin in March, so that the day that is only sometimes comes last.
    let (year, month, day) = (i64::from(year), i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    i32::try_from(days).unwrap_or(0)
}

fn is_date_time(bytes: &[u8]) -> bool {
    instant(bytes).is_some()
}

/// Microseconds from 1970-01-01 of `YYYY-MM-DDThh:mm:ss[.ffffff]Z`.
pub(crate) fn instant(bytes: &[u8]) -> Option<i64> {
    let (day, time) = bytes.split_at_checked(10)?;
    let day = days(date(day)?);
    let [b'T', h0, h1, b':', m0, m1, b':', s0, s1, rest @ .., b'Z'] = time else {
        return None;
    };
    let (hour, minute) = (number(&[*h0, *h1])?, number(&[*m0, *m1])?);
    let second = number(&[*s0, *s1])?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match rest {
        [] => 0,
        [b'.', digits @ ..] if (1..=6).contains(&digits.len()) => {
            let scale = 10_u32.pow(6 - u32::try_from(digits.len()).ok()?);
            number(digits)? * scale
        }
        _ => return None,
    };
    let seconds = i64::from(day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    Some(seconds * 1_000_000 + i64::from(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[Value<'_>]) -> (ColumnKind, bool) {
        let mut seen = Seen::default();
        for value in values {
            seen.add(*value);
        }
        let column = seen.column("a", values.len() as u64);
        (column.kind, column.mixed)
    }

    #[test]
    fn the_narrowest_kind_that_holds_all_values() {
        use ColumnKind as K;
        use Value as V;
        for (values, expected) in [
            (&[V::Int(1), V::Null][..], (K::Int, false)),
            (&[V::Int(1), V::UInt(u64::MAX)], (K::UInt, false)),
            (&[V::Int(1), V::Float(0.5)], (K::Float, false)),
            // A double would change the digits.
            (&[V::Int(i64::MAX), V::Float(0.5)], (K::Text, true)),
            (&[V::Bool(true), V::Int(1)], (K::Text, true)),
            (&[V::Text("1899-12-31")], (K::Date, false)),
            (&[V::Text("1899-02-29")], (K::Text, false)),
            (&[V::Text("2024-02-29"), V::Text("新建")], (K::Text, false)),
            (&[V::Text("2024-02-29T10:00:00Z")], (K::DateTime, false)),
            (&[V::Text("2024-02-29T10:00:00+08:00")], (K::Text, false)),
            (&[V::Json("[1]"), V::Json("{}")], (K::Json, false)),
            (&[V::Json("123456789012345678901")], (K::Text, true)),
            (&[V::Null], (K::Text, false)),
        ] {
            assert_eq!(kind(values), expected, "{values:?}");
        }
    }

    #[test]
    fn days_and_instants_count_from_1970_both_ways() {
        assert_eq!(days([1970, 1, 1]), 0);
        assert_eq!(days([1969, 12, 31]), -1);
        assert_eq!(days([2000, 3, 1]), 11_017);
        assert_eq!(days([1899, 12, 30]), -25_569);
        assert_eq!(instant(b"1969-12-31T23:59:59.5Z"), Some(-500_000));
        assert_eq!(instant(b"1969-12-31T24:00:00Z"), None);
    }

    #[test]
    fn digits_behind_the_point_are_counted() {
        assert_eq!(written(106.63), (6, 2));
        assert_eq!(written(3.0).1, 0);
        assert_eq!(written(1e-7).1, 7);
        assert_eq!(written(1.5e300).1, 0);
    }
}
