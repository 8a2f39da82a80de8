//! Positions as people write them: `30°27'N 106°38'E`, `北纬30度27分 东经106度38分`.

use gazetteer::{LonLat, LonLatError};

/// Reads a position in degrees, minutes and seconds with the halves of the globe named, in either order. `None` when the
/// text is nothing of the kind.
pub fn in_degrees_and_minutes(text: &str) -> Option<Result<LonLat, LonLatError>> {
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
}
