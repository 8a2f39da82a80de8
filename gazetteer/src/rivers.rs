//! River lines: the blue of the ground.

use geo::{Coord, LineString};

use crate::history::TableError;

static RIVERS: &str = include_str!("../data/rivers.csv");

/// A river, from source to mouth.
#[derive(Debug, Clone)]
pub struct RiverLine {
    /// Its name; empty when the source has none and towns do not tell.
    pub name: &'static str,
    /// 1 (长江) to 6 (small and unnamed).
    pub rank: u8,
    /// Its course, WGS 84 degrees, x longitude, y latitude.
    pub line: LineString<f64>,
}

/// Reads the rivers of 101°–111° E, 26°–34.5° N.
///
/// # Errors
/// When the embedded table is damaged.
pub fn rivers() -> Result<Vec<RiverLine>, TableError> {
    const TABLE: &str = "rivers.csv";
    let mut rivers = Vec::new();
    for (index, row) in RIVERS.lines().enumerate() {
        if row.starts_with('#') || row.starts_with("name,") || row.is_empty() {
            continue;
        }
        let wrong = |problem: &str| TableError {
            table: TABLE,
            line: index + 1,
            problem: problem.to_owned(),
        };
        let mut cells = row.splitn(3, ',');
        let name = cells.next().unwrap_or_default();
        let rank = cells
            .next()
            .and_then(|rank| rank.parse().ok())
            .ok_or_else(|| wrong("no rank of 1 to 6"))?;
        let line = cells
            .next()
            .ok_or_else(|| wrong("no line"))?
            .trim_matches('"');
        let coords = line.split(',').map(|pair| {
            let (lon, lat) = pair.trim().split_once(' ')?;
            Some(Coord {
                x: lon.parse().ok()?,
                y: lat.parse().ok()?,
            })
        });
        let coords: Vec<Coord<f64>> = coords
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("a position that is not `lon lat`"))?;
        rivers.push(RiverLine {
            name,
            rank,
            line: LineString(coords),
        });
    }
    Ok(rivers)
}
