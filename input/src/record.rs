//! From named values to an entry: shared by all formats that are tables or have properties.

use gazetteer::{Entry, FeatureClass, LonLat, PartialDate};
use geo::Geometry;

use crate::columns::Columns;
use crate::geometry::{self, wkt};
use crate::intake::{Intake, Unfit};
use crate::names;
use crate::{Column, Problem, SkipReason, Warning};

/// Words for classes that Chinese tables use, beside those of [`FeatureClass::parse`].
const CLASS_WORDS: [(FeatureClass, &[&str]); 20] = [
    (FeatureClass::Country, &["国家"]),
    (FeatureClass::Province, &["省", "自治区", "直辖市", "省级"]),
    (
        FeatureClass::Prefecture,
        &["地级市", "自治州", "盟", "地级"],
    ),
    (
        FeatureClass::County,
        &["县", "市辖区", "县级市", "自治县", "旗", "区县", "县级"],
    ),
    (FeatureClass::Town, &["镇", "乡", "街道", "乡镇", "乡级"]),
    (
        FeatureClass::Settlement,
        &["村", "居民点", "行政村", "自然村"],
    ),
    (FeatureClass::NewArea, &["新区"]),
    (FeatureClass::Park, &["园区", "开发区", "工业园"]),
    (FeatureClass::Airport, &["机场"]),
    (FeatureClass::Station, &["火车站", "车站", "铁路站"]),
    (FeatureClass::Port, &["港口", "港", "港区"]),
    (FeatureClass::Bridge, &["桥", "桥梁", "大桥"]),
    (FeatureClass::Tunnel, &["隧道"]),
    (FeatureClass::Railway, &["铁路"]),
    (FeatureClass::Expressway, &["高速公路"]),
    (FeatureClass::Road, &["公路", "道路"]),
    (FeatureClass::River, &["河流", "河", "江"]),
    (FeatureClass::Lake, &["湖泊", "湖"]),
    (FeatureClass::Reservoir, &["水库"]),
    (FeatureClass::Mountain, &["山", "山峰", "山脉"]),
];

/// The class of a word in a file.
pub(crate) fn class_of(word: &str) -> Option<FeatureClass> {
    let word = word.trim();
    FeatureClass::parse(&word.to_ascii_lowercase()).or_else(|| {
        let mut rows = CLASS_WORDS.iter();
        rows.find(|(_, words)| words.contains(&word))
            .map(|(class, _)| *class)
    })
}

/// The values of one record and where its columns are.
pub(crate) struct Record<'a, S> {
    pub(crate) columns: &'a Columns,
    pub(crate) values: &'a [S],
    /// What a format says beside its columns.
    pub(crate) shape: Option<Geometry<f64>>,
    /// The id when no column holds one.
    pub(crate) id: String,
}

impl<S: AsRef<str>> Record<'_, S> {
    fn text(&self, column: Column) -> &str {
        let index = self.columns.index(column);
        index
            .and_then(|index| self.values.get(index))
            .map_or("", |value| value.as_ref().trim())
    }

    /// Makes the entry.
    pub(crate) fn entry(self, intake: &mut Intake) -> Result<Entry, Unfit> {
        let name = self.text(Column::Name);
        if name.is_empty() {
            return Err(SkipReason::NoName.into());
        }
        let id = match self.text(Column::Id) {
            "" => self.id.as_str(),
            id => id,
        };
        let class = self.class(intake);
        let mut entry = Entry::new(id, name, class);
        let aliases = self
            .text(Column::Aliases)
            .split([';', '；', '|', '、', ',', '，']);
        let (aliases, cut) = names::others(name, aliases);
        if cut {
            intake.warn(Warning::ManyNames);
        }
        entry.aliases = aliases;
        self.text(Column::Parent).clone_into(&mut entry.parent);
        self.text(Column::Note).clone_into(&mut entry.note);
        entry.adcode = match self.text(Column::Adcode) {
            "" => None,
            text => {
                let code = adcode(text);
                if code.is_none() {
                    intake.warn(Warning::Adcode);
                }
                code
            }
        };
        let metres = |text: &str| {
            let value = text.parse::<f64>().ok().filter(|v| v.is_finite())?;
            // Saturates; the sign is checked.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "`as` saturates"
            )]
            (value >= 0.0).then(|| value.ceil() as u32)
        };
        entry.accuracy_m = self
            .parsed(intake, Column::Accuracy, "a number of metres", metres)?
            .unwrap_or(0);
        entry.weight = self
            .parsed(intake, Column::Weight, "a number, 0 or more", metres)?
            .unwrap_or(0);
        let expected = "a date: YYYY, YYYY-MM or YYYY-MM-DD";
        entry.since = self.parsed(intake, Column::Since, expected, date)?;
        entry.until = self.parsed(intake, Column::Until, expected, date)?;
        entry.position = self.lon_lat()?;
        let shape = match self.text(Column::Wkt) {
            "" => self.shape,
            text => Some(wkt::parse(text)?),
        };
        if let Some(shape) = shape {
            geometry::place(&mut entry, shape)?;
        }
        Ok(entry)
    }

    fn class(&self, intake: &mut Intake) -> FeatureClass {
        let fallback = intake.options.class;
        let word = self.text(Column::Class);
        if word.is_empty() {
            return fallback.unwrap_or(FeatureClass::Other);
        }
        class_of(word).or(fallback).unwrap_or_else(|| {
            intake.warn(Warning::UnknownClass);
            FeatureClass::Other
        })
    }

    /// A value that must be understood if the caller named its column, and may be left out if it was guessed.
    fn parsed<T>(
        &self,
        intake: &mut Intake,
        column: Column,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let value = parse(text);
        if value.is_none() {
            if intake.options.columns.names(column).is_some() {
                return Err(Problem::value(column.as_str(), text, expected));
            }
            intake.warn(Warning::GuessedColumn);
        }
        Ok(value)
    }

    fn lon_lat(&self) -> Result<Option<LonLat>, Problem> {
        let (lon, lat) = (self.text(Column::Lon), self.text(Column::Lat));
        if lon.is_empty() && lat.is_empty() {
            return Ok(None);
        }
        let lon = degrees("lon", lon)?;
        let lat = degrees("lat", lat)?;
        geometry::position(lon, lat).map(Some)
    }
}

/// A coordinate in decimal degrees.
pub(crate) fn degrees(column: &'static str, text: &str) -> Result<f64, Problem> {
    let value: f64 = text
        .trim()
        .parse()
        .map_err(|_| Problem::value(column, text, "decimal degrees, as in 106.63"))?;
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Problem::NotFinite {
            column,
            found: value,
        })
    }
}

/// A GB/T 2260 code: six digits, or twelve whose last six are zeros.
pub(crate) fn adcode(text: &str) -> Option<u32> {
    let text = text.strip_suffix("000000").unwrap_or(text);
    let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A date, with or without hyphens; a time after it is dropped.
pub(crate) fn date(text: &str) -> Option<PartialDate> {
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
            .parse()
            .ok();
    }
    text.replace('/', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_dates_and_classes_are_read_as_tables_write_them() {
        assert_eq!(adcode("500117"), Some(500_117));
        assert_eq!(adcode("500117000000"), Some(500_117));
        assert_eq!(adcode("500117001000"), None);
        assert_eq!(adcode("50011七"), None);
        let day = |text| date(text).map(|d| d.to_string());
        assert_eq!(day("20160418").as_deref(), Some("2016-04-18"));
        assert_eq!(day("2016/04").as_deref(), Some("2016-04"));
        assert_eq!(day("2016-04-18T00:00:00Z").as_deref(), Some("2016-04-18"));
        assert_eq!(day("去年"), None);
        assert_eq!(class_of("Town"), Some(FeatureClass::Town));
        assert_eq!(class_of("水库"), Some(FeatureClass::Reservoir));
        assert_eq!(class_of("node"), None);
    }
}
