//! Positions as people write them: `106.63,30.46`, `30°27'N 106°38'E`, `北纬30度27分 东经106度38分`,
//! `EPSG:4544:465000,3370000`, `gcj02:116.384,39.913`.

use coordinates::{Crs, Transform};
use gazetteer::{LonLat, LonLatError};

/// Why a text is no position.
#[derive(Debug, Clone, PartialEq)]
pub enum PositionError {
    /// Degrees are wrong.
    Degrees(LonLatError),
    /// Coordinates of a reference system are wrong; the sentence says how.
    Plane(String),
}

impl std::fmt::Display for PositionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Degrees(error) => error.fmt(f),
            Self::Plane(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for PositionError {}

impl From<LonLatError> for PositionError {
    fn from(error: LonLatError) -> Self {
        Self::Degrees(error)
    }
}

/// Reads a position in any of the ways; `None` when the text does not begin like one and may be a name.
pub fn read(text: &str) -> Option<Result<LonLat, PositionError>> {
    if let Some(position) = in_reference_system(text) {
        return Some(position);
    }
    if let Some(position) = in_degrees_and_minutes(text) {
        return Some(position.map_err(PositionError::from));
    }
    // No name of a place has a digit first; a wrong position is then an error, not an unknown name.
    let first = text.trim().chars().next();
    first
        .is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        .then(|| text.parse().map_err(PositionError::Degrees))
}

/// Reads `EPSG:4544:465000,3370000` or `gcj02:116.384,39.913`: a reference system, then easting (or longitude) first. `None`
/// when the text is nothing of the kind.
fn in_reference_system(text: &str) -> Option<Result<LonLat, PositionError>> {
    let (system, place) = text.trim().rsplit_once([':', '：'])?;
    let epsg = |text: &str| text.trim().to_ascii_lowercase().starts_with("epsg");
    let Ok(crs) = system.parse::<Crs>() else {
        return epsg(text).then(|| {
            Err(PositionError::Plane(format!(
                "`{text}` is no position: expected EPSG:CODE:EASTING,NORTHING, as in EPSG:4544:465000,3370000"
            )))
        });
    };
    let parsed = || {
        let (x, y) = place.split_once([',', '，'])?;
        let number = |text: &str| {
            let number: f64 = text.trim().parse().ok()?;
            number.is_finite().then_some(number)
        };
        Some((number(x)?, number(y)?))
    };
    Some(match parsed() {
        Some((x, y)) => to_degrees(crs, x, y),
        None => Err(PositionError::Plane(format!(
            "`{text}` is no position: expected {system}:EASTING,NORTHING, as in EPSG:4544:465000,3370000"
        ))),
    })
}

/// The degrees of coordinates in a reference system, the axis to the east first.
fn to_degrees(crs: Crs, x: f64, y: f64) -> Result<LonLat, PositionError> {
    let way = Transform::new(crs, Crs::Degrees)
        .map_err(|error| PositionError::Plane(error.to_string()))?;
    let degrees = |x: f64, y: f64| {
        let (lon, lat) = way.one(x, y)?;
        LonLat::new(lon, lat).ok()
    };
    // Where a plane is meant for, its metres are metres to a part in a thousand: 10 km aside tell.
    let at = |x: f64, y: f64| {
        let position = degrees(x, y)?;
        let true_to_scale = degrees(x + 10_000.0, y).is_some_and(|aside| {
            (gazetteer::geodesic(position, aside).distance_m / 10_000.0 - 1.0).abs() < 0.01
        });
        Some((position, true_to_scale))
    };
    let swapped = |problem: &str| {
        Err(PositionError::Plane(format!(
            "{x},{y} {problem} {crs}, and {y},{x} would not: the numbers look swapped; expected the easting (or longitude) \
             first"
        )))
    };
    match (at(x, y), at(y, x)) {
        (Some((_, false)), Some((_, true))) => swapped("lies far outside the land of"),
        (Some((position, _)), _) => Ok(position),
        (None, Some(_)) => swapped("is no position of"),
        (None, None) => Err(PositionError::Plane(format!(
            "{x},{y} is no position of {crs}; expected easting and northing in its unit"
        ))),
    }
}

/// Reads a position in degrees, minutes and seconds with the halves of the globe named, in either order. `None` when the
/// text is nothing of the kind.
fn in_degrees_and_minutes(text: &str) -> Option<Result<LonLat, LonLatError>> {
    if !text.contains(['°', '度', 'º']) {
        return None;
    }
    let syntax = || Some(Err(LonLatError::Syntax(text.to_owned())));
    // Each half of the globe with the numbers that stand between it and the one before or after.
    let mut numbers: Vec<f64> = Vec::new();
    let mut found: Vec<(char, Vec<f64>)> = Vec::new();
    let mut digits = String::new();
    let mut first: Option<bool> = None;
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || c == '.' {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let Ok(number) = digits.parse() else {
                return syntax();
            };
            digits.clear();
            numbers.push(number);
        }
        let half = match c {
            'N' | 'n' | '北' => 'N',
            'S' | 's' | '南' => 'S',
            'E' | 'e' | '东' => 'E',
            'W' | 'w' | '西' => 'W',
            '°' | 'º' | '度' | '\'' | '′' | '’' | '分' | '"' | '″' | '”' | '秒' | ' ' | ','
            | '，' | '纬' | '经' => continue,
            _ => return syntax(),
        };
        // Before its numbers or after them, and then so for both.
        let before = *first.get_or_insert(numbers.is_empty());
        if before {
            if let Some((_, own)) = found.last_mut() {
                *own = std::mem::take(&mut numbers);
            }
            found.push((half, Vec::new()));
        } else {
            found.push((half, std::mem::take(&mut numbers)));
        }
    }
    if first == Some(true)
        && let Some((_, own)) = found.last_mut()
    {
        *own = std::mem::take(&mut numbers);
    }
    let value = |(half, numbers): &(char, Vec<f64>)| {
        let [degrees, rest @ ..] = &numbers[..] else {
            return None;
        };
        let minutes = rest.first().copied().unwrap_or(0.0);
        let seconds = rest.get(1).copied().unwrap_or(0.0);
        if rest.len() > 2 || minutes >= 60.0 || seconds >= 60.0 {
            return None;
        }
        let size = degrees + minutes / 60.0 + seconds / 3600.0;
        Some(if matches!(half, 'S' | 'W') {
            -size
        } else {
            size
        })
    };
    let of = |halves: [char; 2]| {
        found
            .iter()
            .find(|(half, _)| halves.contains(half))
            .and_then(value)
    };
    match (of(['E', 'W']), of(['N', 'S'])) {
        (Some(lon), Some(lat)) if found.len() == 2 && numbers.is_empty() => {
            Some(LonLat::new(lon, lat))
        }
        _ => syntax(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_and_minutes_are_read_in_either_order() {
        let expected = LonLat::new(106.0 + 38.0 / 60.0, 30.45).expect("in range");
        for text in [
            "30°27'N 106°38'E",
            "106°38′E, 30°27′N",
            "北纬30度27分，东经106度38分",
            "N30°27'0\" E106°38'",
        ] {
            assert_eq!(in_degrees_and_minutes(text), Some(Ok(expected)), "{text}");
        }
        let south = in_degrees_and_minutes("12°S 77.5°W");
        assert_eq!(
            south,
            Some(Ok(LonLat::new(-77.5, -12.0).expect("in range")))
        );
        assert_eq!(in_degrees_and_minutes("广安"), None);
        for text in [
            "30°27'N",
            "30°61'N 106°E",
            "30° 106°",
            "91°N 10°E",
            "1°2'3\"4N 5°E",
            "30°N 20°S",
        ] {
            assert!(
                matches!(in_degrees_and_minutes(text), Some(Err(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn coordinates_of_a_plane_become_degrees() {
        let read = |text: &str| read(text).expect("a position");
        // As pyproj 3.7 has it.
        let at = read("EPSG:4544:656552.5827,3372236.3844").expect("in China");
        assert!((at.lon() - 106.63).abs() < 1e-8, "{at}");
        assert!((at.lat() - 30.46).abs() < 1e-8, "{at}");
        let zone = read("EPSG:4523:35656552.5827,3372236.3844").expect("in China");
        assert!((zone.lon() - 106.63).abs() < 1e-8, "{zone}");
        let shifted = read("gcj02:116.384047,39.913345").expect("in Beijing");
        assert!((shifted.lon() - 116.377_817).abs() < 1e-6, "{shifted}");
        let degrees = read("epsg:4490:106.63,30.46").expect("degrees");
        assert!((degrees.lon() - 106.63).abs() < 1e-9 && (degrees.lat() - 30.46).abs() < 1e-9);
        let swapped = read("EPSG:4544:3372236.4,656552.6").expect_err("north first");
        assert!(swapped.to_string().contains("swapped"), "{swapped}");
        for text in [
            "EPSG:4544",
            "EPSG:4544:1",
            "EPSG:x:1,2",
            "EPSG:4544:1,nan",
            "bd09:1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(
            read("EPSG:1:1,2")
                .expect_err("no system")
                .to_string()
                .contains("EPSG:1")
        );
        assert_eq!(super::read("广安"), None);
    }
}
