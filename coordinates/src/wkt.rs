//! Reference systems in well-known text, and the names that stand in it.

use crate::{Crs, Zone, ZoneWidth};

/// See [`Crs::of_wkt`].
pub(crate) fn system(text: &str) -> Option<Crs> {
    let members = members(text)?;
    let code = members.iter().find_map(|member| {
        let (word, rest) = member.split_once(['[', '('])?;
        if !["AUTHORITY", "ID"].contains(&word.trim().to_ascii_uppercase().as_str()) {
            return None;
        }
        let mut parts = rest
            .split(',')
            .map(|part| part.trim_matches([' ', '"', ']', ')']));
        (parts.next()?.eq_ignore_ascii_case("epsg")).then_some(())?;
        parts.next()?.parse().ok().filter(|code| *code > 0)
    });
    code.map(Crs::of_epsg)
        .or_else(|| by_name(members.first()?))
        .or_else(|| by_parameters(&members))
}

/// What stands between the outermost brackets, cut at its commas. `None` without brackets.
fn members(text: &str) -> Option<Vec<&str>> {
    let start = text.find(['[', '('])? + 1;
    let mut members = Vec::new();
    let (mut from, mut depth, mut quoted) = (start, 1_u32, false);
    for (at, c) in text.bytes().enumerate().skip(start) {
        match c {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'(' => depth += 1,
            b']' | b')' if depth == 1 => {
                members.push(text[from..at].trim());
                return Some(members);
            }
            b']' | b')' => depth -= 1,
            b',' if depth == 1 => {
                members.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    // Cut off: what is whole may still name it.
    Some(members)
}

/// The system by its name, whatever stands between the words.
pub(crate) fn by_name(name: &str) -> Option<Crs> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let plain = plain.strip_prefix("GCS").unwrap_or(&plain);
    match plain {
        "WGS84"
        | "WGS1984"
        | "CRS84"
        | "WGS84CRS84"
        | "CGCS2000"
        | "CHINA2000"
        | "CHINAGEODETICCOORDINATESYSTEM2000" => return Some(Crs::Degrees),
        "GCJ02" | "火星坐标" | "火星坐标系" => return Some(Crs::Gcj02),
        "BD09" | "BD09LL" | "百度坐标" | "百度坐标系" => return Some(Crs::Bd09),
        "WGS1984WEBMERCATORAUXILIARYSPHERE" | "WGS84PSEUDOMERCATOR" | "WEBMERCATOR" => {
            return Some(Crs::Epsg(3857));
        }
        _ => {}
    }
    if let Some(utm) = plain
        .strip_prefix("WGS84UTMZONE")
        .or_else(|| plain.strip_prefix("WGS1984UTMZONE"))
    {
        let (zone, half) = utm.split_at_checked(utm.len().checked_sub(1)?)?;
        let zone: u32 = zone.parse().ok().filter(|zone| (1..=60).contains(zone))?;
        return match half {
            "N" => Some(Crs::Epsg(32_600 + zone)),
            "S" => Some(Crs::Epsg(32_700 + zone)),
            _ => None,
        };
    }
    let zone = plain.strip_prefix("CGCS2000")?;
    let (zone, width) = match zone.strip_prefix("3DEGREE") {
        Some(rest) => (rest, ZoneWidth::Three),
        None => (zone.strip_prefix("6DEGREE").unwrap_or(zone), ZoneWidth::Six),
    };
    let zone = zone
        .strip_prefix("GK")
        .or_else(|| zone.strip_prefix("GAUSSKRUGER"))?;
    let found = if let Some(meridian) = zone.strip_prefix("CM") {
        let meridian = meridian.strip_suffix('E').unwrap_or(meridian);
        Zone::of_meridian(meridian.parse().ok()?, width, false)
    } else {
        let number = zone.strip_prefix("ZONE")?.parse().ok()?;
        Zone::of_number(number, true).filter(|zone| zone.width() == width)
    };
    found.map(Crs::Zone)
}

/// The zone of CGCS2000 that a projection of any name has by its parameters.
fn by_parameters(members: &[&str]) -> Option<Crs> {
    let base = members.iter().find(|member| is(member, "GEOGCS"))?;
    let base = base.split('"').nth(1).and_then(by_name)?;
    let projection = members.iter().find(|member| is(member, "PROJECTION"))?;
    let projection = projection.split('"').nth(1)?;
    if base != Crs::Degrees
        || !["Gauss_Kruger", "Transverse_Mercator"]
            .iter()
            .any(|name| projection.eq_ignore_ascii_case(name))
    {
        return None;
    }
    let number = |wanted: &str| -> Option<f64> {
        let parameter = members.iter().find(|member| {
            is(member, "PARAMETER")
                && member
                    .split('"')
                    .nth(1)
                    .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        })?;
        let value = parameter.rsplit(',').next()?;
        value.trim_matches([' ', ']', ')']).parse().ok()
    };
    let at =
        |wanted: &str, value: f64| number(wanted).is_none_or(|found| (found - value).abs() < 1e-9);
    if !(at("scale_factor", 1.0) && at("latitude_of_origin", 0.0) && at("false_northing", 0.0)) {
        return None;
    }
    let (meridian, easting) = (number("central_meridian")?, number("false_easting")?);
    (25..=45)
        .chain(13..=23)
        .flat_map(|zone| [false, true].map(|prefixed| Zone::of_number(zone, prefixed)))
        .flatten()
        .find(|zone| {
            (f64::from(zone.meridian()) - meridian).abs() < 1e-9
                && (zone.easting_of(0.0) - easting).abs() < 1e-6
        })
        .map(Crs::Zone)
}

/// Whether a member of a definition begins with a word.
fn is(member: &str, word: &str) -> bool {
    member
        .split_once(['[', '('])
        .is_some_and(|(found, _)| found.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GEOGRAPHIC: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    #[test]
    fn definitions_are_known_by_code_name_or_parameters() {
        let projected = |name: &str, easting: &str, end: &str| {
            format!(
                r#"PROJCS["{name}",{GEOGRAPHIC},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]{end}]"#
            )
        };
        for (text, code) in [
            (GEOGRAPHIC.to_owned(), Some(4326)),
            (
                projected("CGCS2000_3_Degree_GK_CM_105E", "500000.0", ""),
                Some(4544),
            ),
            (projected("某市独立", "500000.0", ""), Some(4544)),
            (projected("某市", "35500000.0", ""), Some(4523)),
            (projected("某市", "18500000.0", ""), Some(4496)),
            (projected("某市", "600000.0", ""), None),
            (
                projected("x", "1", r#",AUTHORITY["EPSG","3857"]"#),
                Some(3857),
            ),
            (
                r#"GEOGCRS["a",DATUM["d",ID["EPSG",1]],ID["EPSG",4490]]"#.to_owned(),
                Some(4326),
            ),
            // The code of a part is not that of the whole.
            (
                r#"PROJCRS["a",BASEGEOGCRS["WGS 84",ID["EPSG",4326]]]"#.to_owned(),
                None,
            ),
            (
                r#"PROJCS["a],b",AUTHORITY["ESRI","102100"]]"#.to_owned(),
                None,
            ),
            (String::new(), None),
            ("PROJCS[".to_owned(), None),
            ("PROJCS[\"x".to_owned(), None),
            ("]][[,,\"".to_owned(), None),
        ] {
            assert_eq!(Crs::of_wkt(&text).and_then(Crs::epsg), code, "{text}");
        }
    }
}
