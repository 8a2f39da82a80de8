//! Reference systems and the ways to name them.

use std::fmt;
use std::str::FromStr;

use crate::{CoordinatesError, Zone, wkt};

/// A reference system. x is longitude or easting, y latitude or northing, in all of them.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crs {
    /// Degrees of WGS 84 or CGCS2000, which are taken as equal: EPSG:4326, EPSG:4490, CRS84.
    Degrees,
    /// The shifted degrees of Chinese web maps and of most phones' maps in China.
    Gcj02,
    /// The degrees of Baidu's maps: GCJ-02 shifted once more.
    Bd09,
    /// Metres in a Gauss–Krüger zone of CGCS2000: EPSG:4491 to 4554.
    Zone(Zone),
    /// Another system of EPSG; make it with [`Crs::of_epsg`], which knows which codes are of the kinds above.
    Epsg(u32),
}

impl Crs {
    /// The system with a code of EPSG. The code is not looked up: [`crate::Transform::new`] does.
    #[must_use]
    pub fn of_epsg(code: u32) -> Self {
        match code {
            // In two dimensions and in three.
            4326 | 4490 | 4979 | 4480 => Self::Degrees,
            _ => Zone::of_epsg(code).map_or(Self::Epsg(code), Self::Zone),
        }
    }

    /// Its code of EPSG; `None` for GCJ-02 and BD-09, which have none.
    #[must_use]
    pub fn epsg(self) -> Option<u32> {
        match self {
            Self::Degrees => Some(4326),
            Self::Zone(zone) => Some(zone.epsg()),
            Self::Epsg(code) => Some(code),
            Self::Gcj02 | Self::Bd09 => None,
        }
    }

    /// The system as PROJJSON, which `GeoParquet` holds. `None` for what has no code of EPSG or an unknown one, and without PROJ
    /// (feature `proj`).
    #[must_use]
    pub fn projjson(self) -> Option<String> {
        #[cfg(feature = "proj")]
        return crate::epsg::projjson(self.epsg()?);
        #[cfg(not(feature = "proj"))]
        None
    }

    /// The system of a definition in WKT, as in a `.prj` or a `GeoPackage`: by its code, else by the names that ESRI and OGC give,
    /// else by the parameters of a zone of CGCS2000. `None` when it is none of these.
    #[must_use]
    pub fn of_wkt(text: &str) -> Option<Self> {
        wkt::system(text)
    }

    /// The zone of CGCS2000 whose number stands before all eastings in metres: see [`Zone::of_eastings`].
    #[must_use]
    pub fn of_eastings(eastings: &[f64], northings: &[f64]) -> Option<Self> {
        Zone::of_eastings(eastings, northings).map(Self::Zone)
    }
}

impl FromStr for Crs {
    type Err = CoordinatesError;

    /// Reads `EPSG:4544`, `4544`, `urn:ogc:def:crs:EPSG::4544`, `OGC:CRS84`, `wgs84`, `cgcs2000`, `gcj02`, `bd09`, and the names of
    /// zones such as `CGCS2000 / 3-degree Gauss-Kruger CM 105E` and `CGCS2000_GK_Zone_18`.
    fn from_str(text: &str) -> Result<Self, CoordinatesError> {
        let text = text.trim();
        let code = || {
            let (before, code) = text.rsplit_once([':', '/', '：']).unwrap_or(("epsg", text));
            let code = code.trim().parse().ok().filter(|code| *code > 0)?;
            before
                .to_ascii_lowercase()
                .contains("epsg")
                .then(|| Self::of_epsg(code))
        };
        let end = || wkt::by_name(text.rsplit([':', '/', '：']).next()?);
        code()
            .or_else(|| wkt::by_name(text))
            .or_else(|| end().filter(|_| text.to_ascii_lowercase().contains("ogc")))
            .ok_or_else(|| CoordinatesError::Unknown(text.chars().take(80).collect()))
    }
}

impl fmt::Display for Crs {
    /// As it is read again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.epsg()) {
            (Self::Bd09, _) => f.write_str("BD-09"),
            (_, Some(code)) => write!(f, "EPSG:{code}"),
            (_, None) => f.write_str("GCJ-02"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_code_and_name() {
        for (text, crs) in [
            ("EPSG:4326", Crs::Degrees),
            ("4490", Crs::Degrees),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::Degrees),
            ("OGC:CRS84", Crs::Degrees),
            ("WGS 84", Crs::Degrees),
            ("cgcs2000", Crs::Degrees),
            ("gcj02", Crs::Gcj02),
            ("GCJ-02", Crs::Gcj02),
            ("火星坐标", Crs::Gcj02),
            ("bd09ll", Crs::Bd09),
            ("epsg:3857", Crs::Epsg(3857)),
            ("urn:ogc:def:crs:EPSG::4544", Crs::of_epsg(4544)),
            (
                "http://www.opengis.net/def/crs/EPSG/0/4544",
                Crs::of_epsg(4544),
            ),
            (
                "CGCS2000 / 3-degree Gauss-Kruger CM 105E",
                Crs::of_epsg(4544),
            ),
            ("CGCS2000_3_Degree_GK_Zone_35", Crs::of_epsg(4523)),
            ("CGCS2000_GK_Zone_18", Crs::of_epsg(4496)),
            ("CGCS2000_GK_CM_105E", Crs::of_epsg(4507)),
            ("WGS_1984_UTM_Zone_48N", Crs::Epsg(32648)),
        ] {
            assert_eq!(text.parse(), Ok(crs), "{text}");
            assert_eq!(crs.to_string().parse(), Ok(crs), "{text}");
        }
        assert!(matches!(Crs::of_epsg(4544), Crs::Zone(_)));
        for text in [
            "",
            "mars",
            "EPSG:",
            "EPSG:0",
            "EPSG:-4",
            "EPSG:99999999999",
            "IAU:2015:30100",
            "CGCS2000_GK_Zone_24",
        ] {
            let error = text.parse::<Crs>().expect_err(text);
            assert!(error.to_string().contains("expected EPSG:4544"), "{error}");
        }
    }
}
