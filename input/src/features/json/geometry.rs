//! Geometries of `GeoJSON`.

use super::super::batch::GeometryKind;
use super::super::number;
use super::super::writer::Writer;
use super::scan::Scan;
use crate::Problem;

/// Collections in collections.
const MOST_COLLECTIONS: usize = 8;

/// A kind of geometry by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::features) enum Shape {
    Point,
    MultiPoint,
    Line,
    MultiLine,
    Polygon,
    MultiPolygon,
    Collection,
}

impl Shape {
    pub(in crate::features) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Point" => Self::Point,
            "MultiPoint" => Self::MultiPoint,
            "LineString" => Self::Line,
            "MultiLineString" => Self::MultiLine,
            "Polygon" => Self::Polygon,
            "MultiPolygon" => Self::MultiPolygon,
            "GeometryCollection" => Self::Collection,
            _ => return None,
        })
    }
}

impl Scan<'_> {
    /// Reads a geometry object.
    pub(in crate::features) fn geometry(
        &mut self,
        writer: &mut Writer,
        depth: usize,
    ) -> Result<(), Problem> {
        if depth > MOST_COLLECTIONS {
            return Err(Problem::TooDeep {
                most: MOST_COLLECTIONS,
            });
        }
        self.space();
        let usual = if self.literal(b"{\"type\":\"Point\",\"coordinates\":") {
            Some(Shape::Point)
        } else if self.literal(b"{\"type\":\"Polygon\",\"coordinates\":") {
            Some(Shape::Polygon)
        } else if self.literal(b"{\"type\":\"LineString\",\"coordinates\":") {
            Some(Shape::Line)
        } else {
            None
        };
        if let Some(shape) = usual {
            self.content(shape, writer, depth)?;
            if self.accept(b'}') {
                return Ok(());
            }
        }
        self.other_geometry(usual, writer, depth)
    }

    /// Reads a geometry object whose members come in any order; of a `usual` one the coordinates are read and more
    /// members follow.
    fn other_geometry(
        &mut self,
        usual: Option<Shape>,
        writer: &mut Writer,
        depth: usize,
    ) -> Result<(), Problem> {
        let (mut own, mut own_type) = (String::new(), String::new());
        let mut shape = usual;
        let mut content = None;
        let mut done = usual.is_some();
        let mut more = if done {
            self.another(b'}')?
        } else {
            self.expect(b'{', "a GeoJSON geometry or null")?;
            !self.accept(b'}')
        };
        while more {
            let name = self.string(&mut own)?;
            self.expect(b':', "`:`")?;
            match name {
                "type" => {
                    self.space();
                    let name = self.string(&mut own_type)?;
                    let found = Shape::of(name).ok_or_else(|| Problem::GeometryType {
                        found: name.chars().take(40).collect(),
                    })?;
                    if shape.is_some_and(|shape| shape != found) {
                        return Err(self.unexpected("one type, not two"));
                    }
                    shape = Some(found);
                }
                "coordinates" | "geometries" => {
                    let of_collection = name == "geometries";
                    self.space();
                    match shape {
                        Some(shape) if (shape == Shape::Collection) == of_collection => {
                            if done || content.is_some() {
                                return Err(self.unexpected("coordinates once"));
                            }
                            self.content(shape, writer, depth)?;
                            done = true;
                        }
                        Some(_) => {
                            self.value()?;
                        }
                        None => {
                            let start = self.at;
                            self.value()?;
                            let earlier = content.replace((start, of_collection));
                            if earlier.is_some_and(|(_, of)| of == of_collection) {
                                return Err(self.unexpected("coordinates once"));
                            }
                        }
                    }
                }
                _ => {
                    self.value()?;
                }
            }
            more = self.another(b'}')?;
        }
        let missing = |found: &str| Problem::NotAFeature {
            found: format!("a geometry without {found}"),
            expected: "a GeoJSON geometry",
        };
        let shape = shape.ok_or_else(|| missing("type"))?;
        if done {
            return Ok(());
        }
        let of_collection = shape == Shape::Collection;
        match content {
            Some((start, of)) if of == of_collection => {
                let end = std::mem::replace(&mut self.at, start);
                self.content(shape, writer, depth)?;
                self.at = end;
                Ok(())
            }
            _ => Err(missing("coordinates")),
        }
    }

    fn content(&mut self, shape: Shape, writer: &mut Writer, depth: usize) -> Result<(), Problem> {
        let first = writer.parts();
        let kind = match shape {
            Shape::Collection => {
                return self.each(|scan| {
                    if scan.null() {
                        return Ok(());
                    }
                    scan.geometry(writer, depth + 1)
                });
            }
            Shape::Point => {
                self.expect(b'[', "a position")?;
                if !self.accept(b']') {
                    self.position(writer)?;
                    writer.end_run();
                    writer.end_part();
                }
                GeometryKind::Point
            }
            Shape::MultiPoint => {
                self.positions(writer)?;
                writer.end_run();
                writer.end_part();
                GeometryKind::Point
            }
            Shape::Line => {
                self.line(writer)?;
                GeometryKind::Line
            }
            Shape::MultiLine => {
                self.each(|scan| scan.line(writer))?;
                GeometryKind::Line
            }
            Shape::Polygon => {
                self.polygon(writer)?;
                GeometryKind::Polygon
            }
            Shape::MultiPolygon => {
                self.each(|scan| scan.polygon(writer))?;
                GeometryKind::Polygon
            }
        };
        let multiple = matches!(
            shape,
            Shape::MultiPoint | Shape::MultiLine | Shape::MultiPolygon
        );
        writer.end_geometry(kind, first, multiple);
        Ok(())
    }

    fn line(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.positions(writer)?;
        writer.end_run();
        writer.end_part();
        Ok(())
    }

    fn polygon(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.each(|scan| {
            scan.positions(writer)?;
            writer.end_ring();
            Ok(())
        })?;
        writer.end_part();
        Ok(())
    }

    /// The items of an array.
    pub(in crate::features) fn each(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.expect(b'[', "an array of coordinates")?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.another(b']')? {
                return Ok(());
            }
        }
    }

    fn positions(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        self.expect(b'[', "an array of positions")?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            self.expect(b'[', "a position: [longitude, latitude]")?;
            self.position(writer)?;
            if !self.another(b']')? {
                return Ok(());
            }
        }
    }

    /// A position behind its bracket.
    #[inline]
    fn position(&mut self, writer: &mut Writer) -> Result<(), Problem> {
        let lon = self.coordinate()?;
        self.expect(b',', "`,` and a latitude")?;
        let lat = self.coordinate()?;
        writer.vertex(lon, lat);
        if self.accept(b']') {
            return Ok(());
        }
        writer.height = true;
        while self.accept(b',') {
            self.coordinate()?;
        }
        self.expect(b']', "the end of a position")
    }

    #[inline]
    pub(in crate::features) fn coordinate(&mut self) -> Result<f64, Problem> {
        if let Some(value) = number::coordinate(self.bytes, &mut self.at) {
            return Ok(value);
        }
        self.odd_coordinate()
    }

    #[cold]
    fn odd_coordinate(&mut self) -> Result<f64, Problem> {
        self.space();
        let start = self.at;
        let found = number::number(self.text, &mut self.at);
        let token = self.text.get(start..self.at).unwrap_or_default();
        let value = found.and_then(|_| token.parse::<f64>().ok());
        match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(found) => Err(Problem::NotFinite {
                column: "a coordinate",
                found,
            }),
            None => Err(self.unexpected("a number of degrees")),
        }
    }
}
