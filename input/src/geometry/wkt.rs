//! Well-known text, two to four numbers a position of which the first two are kept: longitude, latitude.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::{MakeCoord, Parsed, coord};
use crate::Problem;

/// Collections in collections.
const MOST_DEPTH: usize = 8;

/// Reads a geometry; `SRID=4326;` before it is allowed.
pub(crate) fn parse(text: &str) -> Result<Geometry<f64>, Problem> {
    parse_with(text, coord).map(|parsed| parsed.geometry)
}

/// As [`parse`], with another check of coordinates.
pub(crate) fn parse_with(text: &str, coord: MakeCoord) -> Result<Parsed, Problem> {
    let mut parser = Parser {
        text,
        at: 0,
        coord,
        heights: false,
    };
    if let Some((srid, _)) = text.split_once(';') {
        let known = ["SRID=4326", "SRID=4490"].contains(&srid.trim().to_ascii_uppercase().as_str());
        if !known {
            return Err(Problem::Crs {
                found: srid.trim().chars().take(40).collect(),
            });
        }
        parser.at = srid.len() + 1;
    }
    let geometry = parser.geometry(0)?;
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.expected("the end"));
    }
    let heights = parser.heights;
    Ok(Parsed { geometry, heights })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    coord: MakeCoord,
    heights: bool,
}

impl Parser<'_> {
    fn expected(&self, expected: &'static str) -> Problem {
        Problem::Wkt {
            byte: self.at,
            expected,
        }
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn accept(&mut self, c: char) -> bool {
        self.skip_space();
        let found = self.text[self.at..].starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn word(&mut self) -> String {
        self.skip_space();
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_ascii_uppercase()
    }

    fn number(&mut self) -> Option<f64> {
        self.skip_space();
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
            .unwrap_or(rest.len());
        let value = rest[..end].parse().ok()?;
        self.at += end;
        Some(value)
    }

    fn coord(&mut self) -> Result<Coord<f64>, Problem> {
        let expected = "longitude and latitude";
        let lon = self.number().ok_or_else(|| self.expected(expected))?;
        let lat = self.number().ok_or_else(|| self.expected(expected))?;
        // Height and measure.
        if self.number().is_some() {
            self.heights = true;
            self.number();
        }
        (self.coord)(lon, lat)
    }

    /// `EMPTY`, or `item`s with commas between, in parentheses.
    fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let mut items = Vec::new();
        if !self.accept('(') {
            return if self.word() == "EMPTY" {
                Ok(items)
            } else {
                Err(self.expected("`(` or EMPTY"))
            };
        }
        loop {
            items.push(item(self)?);
            if self.accept(')') {
                return Ok(items);
            }
            if !self.accept(',') {
                return Err(self.expected("`,` or `)`"));
            }
        }
    }

    fn line(&mut self) -> Result<LineString<f64>, Problem> {
        self.list(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, Problem> {
        let mut rings = self.list(Self::line)?.into_iter();
        let exterior = rings.next().unwrap_or(LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn geometry(&mut self, depth: usize) -> Result<Geometry<f64>, Problem> {
        if depth > MOST_DEPTH {
            return Err(Problem::TooDeep { most: MOST_DEPTH });
        }
        let start = self.at;
        let mut word = self.word();
        // `POINT Z (…)` or `POINTZ(…)`.
        let before = self.at;
        if !["Z", "M", "ZM"].contains(&self.word().as_str()) {
            self.at = before;
        }
        for suffix in ["ZM", "Z", "M"] {
            if let Some(plain) = word.strip_suffix(suffix) {
                word = plain.to_owned();
                break;
            }
        }
        Ok(match word.as_str() {
            "POINT" => match self.list(Self::coord)?.as_slice() {
                [] => Geometry::MultiPoint(MultiPoint(Vec::new())),
                [c] => Geometry::Point(Point(*c)),
                _ => return Err(self.expected("one position")),
            },
            "LINESTRING" => Geometry::LineString(self.line()?),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => {
                let point = |p: &mut Self| {
                    let inner = p.accept('(');
                    let c = p.coord()?;
                    if inner && !p.accept(')') {
                        return Err(p.expected("`)`"));
                    }
                    Ok(Point(c))
                };
                Geometry::MultiPoint(MultiPoint(self.list(point)?))
            }
            "MULTILINESTRING" => Geometry::MultiLineString(MultiLineString(self.list(Self::line)?)),
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon(self.list(Self::polygon)?)),
            "GEOMETRYCOLLECTION" => {
                let parts = self.list(|p| p.geometry(depth + 1))?;
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            _ => {
                self.at = start;
                return Err(self.expected(
                    "POINT, LINESTRING, POLYGON, a MULTI… of them or GEOMETRYCOLLECTION",
                ));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_and_wrong_text_is_named() {
        for text in [
            "POINT(106.6 30.4)",
            "SRID=4326;Point Z (106.6 30.4 300)",
            "LINESTRING EMPTY",
            "POLYGON((0 0,1 0,1 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))",
            "MULTIPOINT((1 2),(3 4))",
            "MULTIPOINT(1 2,3 4)",
            "MULTILINESTRING((1 2,3 4),EMPTY)",
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
            "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))",
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
        for (text, says) in [
            ("POINT(1)", "byte 7"),
            ("POINT(1 2", "`,` or `)`"),
            ("点(1 2)", "byte 0"),
            ("POINT(30.4 106.6)", "swapped"),
            ("POINT(NaN 1)", "finite"),
            ("SRID=3857;POINT(1 2)", "SRID=3857"),
            ("POINT(1 2) x", "the end"),
        ] {
            let message = parse(text).expect_err(text).to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
        let bomb = "GEOMETRYCOLLECTION(".repeat(10_000);
        assert!(matches!(parse(&bomb), Err(Problem::TooDeep { .. })));
    }
}
