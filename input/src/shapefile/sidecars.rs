//! The small files beside: `.cpg` names the encoding, `.prj` the reference system.

use encoding_rs::{Encoding as Table, GBK};

use crate::source::decode;
use crate::{Encoding, Problem};

/// The most that is read of them.
pub(crate) const MOST_BYTES: u64 = 1 << 16;

pub(crate) struct Settings {
    /// The encoding of the attributes; `None`: nobody names it, UTF-8 is tried.
    pub(crate) encoding: Option<&'static Table>,
    /// Nothing names the reference system.
    pub(crate) no_crs: bool,
}

impl Settings {
    /// Takes the two files as they are there.
    pub(crate) fn new(
        cpg: Option<Vec<u8>>,
        prj: Option<Vec<u8>>,
        asked: Option<Encoding>,
    ) -> Result<Self, Problem> {
        let no_crs = prj.is_none();
        if let Some(prj) = prj {
            check_crs(&String::from_utf8_lossy(&prj))?;
        }
        let asked = asked.map(decode::table);
        let encoding = match (asked, cpg) {
            (None, Some(cpg)) => code_page(&String::from_utf8_lossy(&cpg))?,
            (asked, _) => asked,
        };
        Ok(Self { encoding, no_crs })
    }
}

/// The encoding that a `.cpg` names; ESRI writes numbers of code pages, others write names.
fn code_page(text: &str) -> Result<Option<&'static Table>, Problem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let label = text.to_ascii_lowercase();
    let label = label.strip_prefix("cp").unwrap_or(&label);
    let table = match label {
        "65001" => Table::for_label(b"utf-8"),
        "936" => Some(GBK),
        "54936" => Table::for_label(b"gb18030"),
        "950" => Table::for_label(b"big5"),
        number if number.starts_with("125") => {
            Table::for_label(format!("windows-{number}").as_bytes())
        }
        number if number.starts_with("8859") => {
            let part = number["8859".len()..].trim_start_matches('-');
            Table::for_label(format!("iso-8859-{part}").as_bytes())
        }
        name => Table::for_label(name.as_bytes()),
    };
    table.map(Some).ok_or_else(|| {
        Problem::value(
            "the encoding in the .cpg",
            text,
            "UTF-8, GB18030, GBK, 936, …; or name it with --encoding",
        )
    })
}

/// Accepts degrees of WGS 84 and CGCS2000, by the names that ESRI and OGC give them.
pub(crate) fn check_crs(text: &str) -> Result<(), Problem> {
    let text = text.trim();
    let plain: String = text
        .to_uppercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '[')
        .collect();
    let geographic = ["GEOGCS[", "GEOGCRS[", "GEODCRS[", "GEODETICCRS["]
        .iter()
        .any(|start| plain.starts_with(start));
    let known = [
        "WGS84",
        "WGS1984",
        "CGCS2000",
        "CHINA2000",
        "CHINAGEODETICCOORDINATESYSTEM2000",
    ]
    .iter()
    .any(|name| plain.contains(name));
    if geographic && known {
        return Ok(());
    }
    let name = text.split('"').nth(1).unwrap_or(text);
    Err(Problem::Crs {
        found: name.chars().take(80).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_are_known_by_number_and_name() {
        for (text, name) in [
            ("UTF-8\r\n", "UTF-8"),
            ("65001", "UTF-8"),
            ("936", "GBK"),
            ("GB2312", "GBK"),
            ("gb18030", "gb18030"),
            ("88591", "windows-1252"),
            ("1252", "windows-1252"),
        ] {
            let table = code_page(text).expect(text).expect(text);
            assert_eq!(table.name(), name, "{text}");
        }
        assert!(code_page("klingon").is_err());
    }

    #[test]
    fn degrees_of_the_two_frames_are_accepted_and_nothing_else() {
        for text in [
            "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.25]]]",
            "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\"]]",
            "GEOGCRS[\"WGS 84\"]",
        ] {
            assert!(check_crs(text).is_ok(), "{text}");
        }
        for text in [
            "PROJCS[\"CGCS2000_3_Degree_GK_CM_105E\",GEOGCS[\"GCS_China_2000\"]]",
            "GEOGCS[\"GCS_Beijing_1954\",DATUM[\"D_Beijing_1954\"]]",
            "",
        ] {
            assert!(check_crs(text).is_err(), "{text}");
        }
    }
}
