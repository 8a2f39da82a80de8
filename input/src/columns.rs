//! Which column or property of a file holds what.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::Problem;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Column {
    /// The name. Needed.
    Name,
    /// Longitude, WGS 84 decimal degrees.
    Lon,
    /// Latitude, WGS 84 decimal degrees.
    Lat,
    /// Identifier; without it the file's name and the record's number make one.
    Id,
    /// Feature class, in the words of [`gazetteer::FeatureClass`] or a common Chinese one.
    Class,
    /// Other names, divided by `;`, `|`, `、` or commas.
    Aliases,
    /// GB/T 2260 code.
    Adcode,
    /// Id of the place that holds it.
    Parent,
    /// What a reader should know.
    Note,
    /// How far the position may be off, in metres.
    Accuracy,
    /// The first date it is true of.
    Since,
    /// The last date it is true of.
    Until,
    /// Geometry as well-known text, longitude first.
    Wkt,
    /// Inhabitants or another measure of importance.
    Weight,
}

/// Every column, its name in a mapping, and the headers it is guessed from, the likeliest first.
const COLUMNS: [(Column, &str, &[&str]); 14] = [
    (
        Column::Name,
        "name",
        &[
            "name:zh",
            "name_zh",
            "name",
            "名称",
            "地名",
            "标准名称",
            "标准地名",
            "中文名",
            "名字",
            "title",
            "toponym",
            "name_chn",
            "fullname",
        ],
    ),
    (
        Column::Lon,
        "lon",
        &[
            "lon",
            "lng",
            "long",
            "longitude",
            "lon_deg",
            "经度",
            "东经",
            "x",
            "point_x",
        ],
    ),
    (
        Column::Lat,
        "lat",
        &["lat", "latitude", "lat_deg", "纬度", "北纬", "y", "point_y"],
    ),
    (
        Column::Id,
        "id",
        &["id", "identifier", "code", "编号", "编码", "代码", "标识"],
    ),
    (
        Column::Class,
        "class",
        &[
            "class",
            "feature_class",
            "fclass",
            "type",
            "类型",
            "类别",
            "地名类别",
        ],
    ),
    (
        Column::Aliases,
        "aliases",
        &[
            "aliases",
            "alias",
            "alt_name",
            "alternatenames",
            "other_names",
            "别名",
            "曾用名",
            "简称",
        ],
    ),
    (
        Column::Adcode,
        "adcode",
        &["adcode", "行政区划代码", "区划代码", "gb_code", "gb:adcode"],
    ),
    (
        Column::Parent,
        "parent",
        &["parent", "parent_id", "上级", "上级代码"],
    ),
    (
        Column::Note,
        "note",
        &[
            "note",
            "notes",
            "remark",
            "remarks",
            "备注",
            "说明",
            "description",
        ],
    ),
    (
        Column::Accuracy,
        "accuracy",
        &["accuracy_m", "accuracy", "精度"],
    ),
    (
        Column::Since,
        "since",
        &["since", "valid_from", "start_date", "启用日期", "设立日期"],
    ),
    (
        Column::Until,
        "until",
        &["until", "valid_to", "end_date", "停用日期", "撤销日期"],
    ),
    (
        Column::Wkt,
        "wkt",
        &["wkt", "wkt_geom", "geometry", "geom", "the_geom"],
    ),
    (Column::Weight, "weight", &["weight", "population", "人口"]),
];

impl Column {
    /// Every column.
    pub fn all() -> impl Iterator<Item = Self> {
        COLUMNS.iter().map(|(column, ..)| *column)
    }

    /// The name in a mapping.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        COLUMNS[self as usize].1
    }

    fn guesses(self) -> &'static [&'static str] {
        COLUMNS[self as usize].2
    }
}

/// The headers that the caller names: `name=地名,lon=X,lat=Y`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMapping {
    headers: BTreeMap<Column, String>,
}

/// Text that is no column mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no column mapping: expected COLUMN=HEADER,… with the columns {all}", all = COLUMNS.map(|(_, name, _)| name).join(", "))]
pub struct ColumnMappingError(String);

impl FromStr for ColumnMapping {
    type Err = ColumnMappingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut mapping = Self::default();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let wrong = || ColumnMappingError(part.trim().to_owned());
            let (column, header) = part.split_once('=').ok_or_else(wrong)?;
            let mut columns = COLUMNS.iter();
            let (column, ..) = columns
                .find(|(_, name, _)| *name == column.trim())
                .ok_or_else(wrong)?;
            if header.trim().is_empty() || mapping.headers.contains_key(column) {
                return Err(wrong());
            }
            mapping.set(*column, header.trim());
        }
        Ok(mapping)
    }
}

impl ColumnMapping {
    /// Names the header of a column.
    pub fn set(&mut self, column: Column, header: impl Into<String>) {
        self.headers.insert(column, header.into());
    }

    /// Whether the caller names a header for the column.
    pub(crate) fn names(&self, column: Column) -> Option<&str> {
        self.headers.get(&column).map(String::as_str)
    }

    /// Finds the columns among headers. A header that the caller names must match exactly; guesses are
    /// made without regard to case, and a header serves one column only.
    pub(crate) fn resolve<S: AsRef<str>>(&self, headers: &[S]) -> Columns {
        let mut columns = Columns::default();
        let position = |header: &str| headers.iter().position(|h| h.as_ref().trim() == header);
        for (column, header) in &self.headers {
            columns.0[*column as usize] = position(header);
        }
        for column in Column::all() {
            if self.headers.contains_key(&column) {
                continue;
            }
            let guess = column.guesses().iter().find_map(|guess| {
                headers
                    .iter()
                    .position(|h| h.as_ref().trim().to_lowercase() == *guess)
            });
            if guess.is_none_or(|guess| !columns.0.contains(&Some(guess))) {
                columns.0[column as usize] = guess;
            }
        }
        columns
    }

    /// Checks that every header the caller names is there.
    pub(crate) fn check<S: AsRef<str>>(&self, headers: &[S]) -> Result<(), Problem> {
        for (column, wanted) in &self.headers {
            if !headers.iter().any(|h| h.as_ref().trim() == wanted) {
                return Err(Problem::NoSuchColumn {
                    column: column.as_str(),
                    wanted: wanted.clone(),
                    present: listed(headers),
                });
            }
        }
        Ok(())
    }
}

/// Headers as a message lists them.
pub(crate) fn listed<S: AsRef<str>>(headers: &[S]) -> String {
    let mut text = String::new();
    for header in headers.iter().take(40) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.extend(header.as_ref().chars().take(40));
    }
    if headers.len() > 40 {
        text.push_str(", …");
    }
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}

/// Where each column is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    pub(crate) fn index(&self, column: Column) -> Option<usize> {
        self.0[column as usize]
    }

    /// The index, or an error that lists the headers there are.
    pub(crate) fn need<S: AsRef<str>>(
        &self,
        column: Column,
        headers: &[S],
    ) -> Result<usize, Problem> {
        self.index(column).ok_or_else(|| Problem::MissingColumn {
            column: column.as_str(),
            present: listed(headers),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_enum() {
        for (number, (column, ..)) in COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, number);
        }
    }

    #[test]
    fn named_headers_go_before_guesses() {
        let mapping: ColumnMapping = "name=旧名, lon=X".parse().expect("a mapping");
        let columns = mapping.resolve(&["name", "旧名", "X", "LAT", "code"]);
        assert_eq!(columns.index(Column::Name), Some(1));
        assert_eq!(columns.index(Column::Lon), Some(2));
        assert_eq!(columns.index(Column::Lat), Some(3));
        assert_eq!(columns.index(Column::Id), Some(4));
        assert!("nom=a".parse::<ColumnMapping>().is_err());
        assert!("name=a,name=b".parse::<ColumnMapping>().is_err());
    }
}
