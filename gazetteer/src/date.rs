//! Dates as plans and registers print them: a year, a month or a day.

use std::fmt;
use std::str::FromStr;

/// A year, a year and a month, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

/// Text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: expected YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct DateError(String);

impl PartialDate {
    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The first day it may mean, as a number that sorts (`20160101` for 2016).
    #[must_use]
    pub fn first_day(self) -> u32 {
        self.number(1, 1)
    }

    /// The last day it may mean, as a number that sorts (`20161231` for 2016).
    #[must_use]
    pub fn last_day(self) -> u32 {
        self.number(12, 31)
    }

    fn number(self, month: u8, day: u8) -> u32 {
        u32::from(self.year) * 10_000
            + u32::from(self.month.unwrap_or(month)) * 100
            + u32::from(self.day.unwrap_or(day))
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DateError(text.to_owned());
        let mut parts = text.split('-');
        let digits = |part: Option<&str>, width: usize| match part {
            None => Ok(None),
            Some(p) if p.len() == width && p.bytes().all(|b| b.is_ascii_digit()) => {
                p.parse::<u16>().map(Some).map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
        };
        let year = digits(parts.next(), 4)?.ok_or_else(wrong)?;
        let month = digits(parts.next(), 2)?;
        let day = digits(parts.next(), 2)?;
        let in_range =
            |value: Option<u16>, most: u16| value.is_none_or(|v| (1..=most).contains(&v));
        let month_days = match month {
            Some(4 | 6 | 9 | 11) => 30,
            Some(2) if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            Some(2) => 28,
            _ => 31,
        };
        if parts.next().is_some() || !in_range(month, 12) || !in_range(day, month_days) {
            return Err(wrong());
        }
        let small = |value: Option<u16>| value.and_then(|v| u8::try_from(v).ok());
        Ok(Self {
            year,
            month: small(month),
            day: small(day),
        })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_covers_its_days_and_prints_as_it_came() {
        let april: PartialDate = "2016-04".parse().expect("a month");
        assert_eq!(
            (
                april.first_day(),
                april.last_day(),
                april.to_string().as_str()
            ),
            (20_160_401, 20_160_431, "2016-04")
        );
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in [
            "",
            "16",
            "2016-4",
            "2016-13",
            "2016-02-30",
            "2016-04-31",
            "2016-04-01-01",
            "二〇一六",
            "+016",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
        assert!("2016-02-29".parse::<PartialDate>().is_ok());
        assert!("2015-02-29".parse::<PartialDate>().is_err());
    }
}
