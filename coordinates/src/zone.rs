//! The Gauss–Krüger zones of CGCS2000.

/// How wide a zone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ZoneWidth {
    /// 3 degrees: zones 25 to 45, for scales of 1:10,000 and larger.
    Three,
    /// 6 degrees: zones 13 to 23.
    Six,
}

/// A Gauss–Krüger zone of CGCS2000, EPSG:4491 to 4554: metres, 500 km added to the east.
///
/// The number of the zone may stand before the easting (35 543 210 m is 543 210 m in zone 35) or not. Eastings are read either
/// way and written as the code has them. An easting in the land of another zone's number has no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone {
    width: ZoneWidth,
    number: u8,
    prefixed: bool,
}

/// Codes of EPSG: width, whether the number stands before the easting, code of the first zone and number of the last.
const CODES: [(ZoneWidth, bool, u32, u8); 4] = [
    (ZoneWidth::Six, true, 4491, 23),
    (ZoneWidth::Six, false, 4502, 23),
    (ZoneWidth::Three, true, 4513, 45),
    (ZoneWidth::Three, false, 4534, 45),
];

impl ZoneWidth {
    /// Number of the westernmost zone, in the west of Xinjiang.
    fn first(self) -> u8 {
        match self {
            Self::Three => 25,
            Self::Six => 13,
        }
    }

    fn last(self) -> u8 {
        match self {
            Self::Three => 45,
            Self::Six => 23,
        }
    }
}

impl Zone {
    /// The zone by its number: 25 to 45 are 3 degrees wide, 13 to 23 are 6. `None` for others.
    #[must_use]
    pub fn of_number(number: u8, prefixed: bool) -> Option<Self> {
        let of = |width: ZoneWidth| {
            (width.first()..=width.last())
                .contains(&number)
                .then_some(width)
        };
        let width = of(ZoneWidth::Three).or_else(|| of(ZoneWidth::Six))?;
        Some(Self {
            width,
            number,
            prefixed,
        })
    }

    /// The zone around a meridian, in whole degrees. `None` where no zone of that width has it in its middle.
    #[must_use]
    pub fn of_meridian(degrees: u8, width: ZoneWidth, prefixed: bool) -> Option<Self> {
        let number = match width {
            ZoneWidth::Three if degrees.is_multiple_of(3) => degrees / 3,
            ZoneWidth::Six if degrees % 6 == 3 => degrees / 6 + 1,
            _ => return None,
        };
        Self::of_number(number, prefixed).filter(|zone| zone.width == width)
    }

    /// The zone with a code of EPSG.
    #[must_use]
    pub fn of_epsg(code: u32) -> Option<Self> {
        CODES.iter().find_map(|&(width, prefixed, first, last)| {
            let number = u32::from(width.first()) + code.checked_sub(first)?;
            let number = u8::try_from(number).ok().filter(|number| *number <= last)?;
            Self::of_number(number, prefixed)
        })
    }

    /// The zone whose number stands before all eastings, in metres; `None` where they disagree, have none, or the northings are
    /// not those of China. Not-numbers are passed over.
    #[must_use]
    pub fn of_eastings(eastings: &[f64], northings: &[f64]) -> Option<Self> {
        let mut found = None;
        for (easting, northing) in eastings.iter().zip(northings) {
            if !(easting.is_finite() && northing.is_finite()) {
                continue;
            }
            // 0° to 56° north, and 400 km to either side.
            let within =
                (0.0..6.3e6).contains(northing) && (1e5..9e5).contains(&easting.rem_euclid(1e6));
            let number = number_before(*easting).filter(|_| within)?;
            if *found.get_or_insert(number) != number {
                return None;
            }
        }
        Self::of_number(found?, true)
    }

    /// Its code of EPSG.
    #[must_use]
    pub fn epsg(self) -> u32 {
        let first = CODES
            .iter()
            .find(|(width, prefixed, ..)| (*width, *prefixed) == (self.width, self.prefixed))
            .map_or(0, |(_, _, first, _)| *first);
        first + u32::from(self.number - self.width.first())
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.number
    }

    /// Its width.
    #[must_use]
    pub fn width(self) -> ZoneWidth {
        self.width
    }

    /// Whether its number stands before the eastings that are written.
    #[must_use]
    pub fn is_prefixed(self) -> bool {
        self.prefixed
    }

    /// The meridian in its middle, in degrees east.
    #[must_use]
    pub fn meridian(self) -> u8 {
        match self.width {
            ZoneWidth::Three => self.number * 3,
            ZoneWidth::Six => self.number * 6 - 3,
        }
    }

    /// The metres from the middle meridian to the east that an easting says, with or without a number before it; not a number
    /// where it names another zone.
    pub(crate) fn metres_of(self, easting: f64) -> f64 {
        let number = match number_before(easting) {
            // West of the westernmost zones the number before is none of theirs.
            _ if self.prefixed => self.number * u8::from(easting > 5e6),
            None => 0,
            // Zone 18 of 6 degrees and zone 35 of 3 have one meridian and the same metres.
            Some(number) => match Self::of_number(number, true) {
                Some(zone) if zone.meridian() == self.meridian() => number,
                _ => return f64::NAN,
            },
        };
        self.within(easting - f64::from(number) * 1e6 - 5e5)
    }

    /// The easting of metres from the middle meridian to the east; not a number where the number before it would be taken for
    /// that of another zone.
    pub(crate) fn easting_of(self, metres: f64) -> f64 {
        let before = if self.prefixed { self.number } else { 0 };
        f64::from(before) * 1e6 + 5e5 + self.within(metres)
    }

    /// Metres from the meridian that an easting of this form can say.
    fn within(self, metres: f64) -> f64 {
        if self.prefixed && metres.abs() > WIDEST_M {
            f64::NAN
        } else {
            metres
        }
    }
}

/// Where the numbers of zones stand before eastings, the next zone's meridian is 1,000 km away, and its land 150 km nearer.
const WIDEST_M: f64 = 8e5;

/// The number of a zone before an easting.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "13 to 45"
)]
fn number_before(easting: f64) -> Option<u8> {
    let number = (easting / 1e6).floor();
    ((13.0..=23.0).contains(&number) || (25.0..=45.0).contains(&number)).then_some(number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_zone_and_comes_back() {
        for code in 4491..=4554 {
            let zone = Zone::of_epsg(code).expect("a zone");
            assert_eq!(zone.epsg(), code);
            let again = Zone::of_meridian(zone.meridian(), zone.width(), zone.is_prefixed());
            assert_eq!(again, Some(zone));
        }
        for code in [0, 4326, 4490, 4555, u32::MAX] {
            assert_eq!(Zone::of_epsg(code), None, "{code}");
        }
        let zone = Zone::of_epsg(4544).expect("a zone");
        assert_eq!(
            (zone.meridian(), zone.number(), zone.is_prefixed()),
            (105, 35, false)
        );
        assert_eq!(Zone::of_epsg(4508).map(Zone::meridian), Some(111));
        assert_eq!(Zone::of_number(24, true), None);
        assert_eq!(Zone::of_meridian(104, ZoneWidth::Three, true), None);
        assert_eq!(Zone::of_meridian(108, ZoneWidth::Six, true), None);
    }

    #[test]
    fn eastings_tell_their_zone() {
        let north = [3.37e6, 3.4e6];
        let zone = Zone::of_eastings(&[35_656_552.6, 35_466_000.0], &north);
        assert_eq!(zone.map(Zone::epsg), Some(4523));
        let zone = Zone::of_eastings(&[18_656_552.6, f64::NAN], &north);
        assert_eq!(zone.map(Zone::epsg), Some(4496));
        for eastings in [
            [35_656_552.6, 36_466_000.0],
            [656_552.6, 466_000.0],
            [24_500_000.0; 2],
            [35_990_000.0; 2],
        ] {
            assert_eq!(Zone::of_eastings(&eastings, &north), None, "{eastings:?}");
        }
        assert_eq!(Zone::of_eastings(&[35_656_552.6], &[9e6]), None);
        assert_eq!(Zone::of_eastings(&[], &[]), None);
    }
}
