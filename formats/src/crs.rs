//! Reference systems as files name them.

/// A reference system as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrsRecord {
    /// EPSG code.
    pub epsg: i32,
    /// Its name.
    pub name: String,
    /// Well-known text, version 1, as a `.prj` and `gpkg_spatial_ref_sys` have it; empty where it is not known here.
    pub wkt: String,
    /// Positions are degrees.
    pub degrees: bool,
    /// PROJJSON, as `GeoParquet` has it; empty where it is not known here, and not needed for WGS 84.
    pub projjson: String,
}

const WGS84: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]"#;
const CGCS2000: &str = r#"GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4490"]]"#;
const WEB_MERCATOR: &str = r#"PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]"#;

/// The record of an EPSG code, with well-known text for WGS 84, CGCS2000 and its zones of 3 and 6 degrees, UTM, and Web
/// Mercator; by its code alone for others.
#[must_use]
pub fn crs_record(epsg: i32) -> CrsRecord {
    known(epsg).unwrap_or_else(|| CrsRecord {
        epsg,
        name: format!("EPSG:{epsg}"),
        wkt: String::new(),
        degrees: false,
        projjson: String::new(),
    })
}

fn known(epsg: i32) -> Option<CrsRecord> {
    let of = |name: &str, wkt: String, degrees| {
        Some(CrsRecord {
            epsg,
            name: name.to_owned(),
            wkt,
            degrees,
            projjson: String::new(),
        })
    };
    match epsg {
        4326 => of("WGS 84", WGS84.to_owned(), true),
        4490 => of(
            "China Geodetic Coordinate System 2000",
            CGCS2000.to_owned(),
            true,
        ),
        3857 => of("WGS 84 / Pseudo-Mercator", WEB_MERCATOR.to_owned(), false),
        32601..=32660 | 32701..=32760 => {
            let (zone, south) = ((epsg - 32600) % 100, epsg > 32700);
            let name = format!("WGS 84 / UTM zone {zone}{}", if south { 'S' } else { 'N' });
            let northing = if south { 10_000_000 } else { 0 };
            let (zone, wgs84) = (6 * zone - 183, (WGS84, "0.9996"));
            let wkt = mercator(&name, wgs84, zone, [500_000, northing], epsg);
            of(&name, wkt, false)
        }
        4491..=4554 => {
            let (name, middle, easting) = gauss_kruger(epsg)?;
            let wkt = mercator(&name, (CGCS2000, "1"), middle, [easting, 0], epsg);
            of(&name, wkt, false)
        }
        _ => None,
    }
}

/// Name, central meridian and false easting of a zone of CGCS2000.
fn gauss_kruger(epsg: i32) -> Option<(String, i32, i32)> {
    Some(match epsg {
        4491..=4501 => {
            let zone = epsg - 4491 + 13;
            let name = format!("CGCS2000 / Gauss-Kruger zone {zone}");
            (name, 6 * zone - 3, zone * 1_000_000 + 500_000)
        }
        4502..=4512 => {
            let middle = 75 + 6 * (epsg - 4502);
            (
                format!("CGCS2000 / Gauss-Kruger CM {middle}E"),
                middle,
                500_000,
            )
        }
        4513..=4533 => {
            let zone = epsg - 4513 + 25;
            let name = format!("CGCS2000 / 3-degree Gauss-Kruger zone {zone}");
            (name, 3 * zone, zone * 1_000_000 + 500_000)
        }
        4534..=4554 => {
            let middle = 75 + 3 * (epsg - 4534);
            let name = format!("CGCS2000 / 3-degree Gauss-Kruger CM {middle}E");
            (name, middle, 500_000)
        }
        _ => return None,
    })
}

fn mercator(
    name: &str,
    (geographic, scale): (&str, &str),
    middle: i32,
    [easting, northing]: [i32; 2],
    epsg: i32,
) -> String {
    format!(
        r#"PROJCS["{name}",{geographic},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{middle}],PARAMETER["scale_factor",{scale}],PARAMETER["false_easting",{easting}],PARAMETER["false_northing",{northing}],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","{epsg}"]]"#
    )
}
