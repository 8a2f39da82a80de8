//! The map, in SVG: borders, rivers, structures, and a point for each place.

use std::collections::HashMap;
use std::fmt::Write;

use gazetteer::{Extent, LonLat};
use geo::{Coord, Geometry, LineString, MapCoords, MultiPolygon, Simplify};
use layers::map::Ground;
use layers::style::BorderLevel;

use super::ReadingPageError;
use super::model::{ReadingPage, StructureMark};
use super::places::{GROUPS, PlaceRow, group};
use crate::html_text::escaped;

/// Width of the drawing, in units; coordinates are whole.
const WIDTH: f64 = 2000.0;
/// Bends of borders and rivers, and of structures, smaller than this are left out, in units.
const COARSE: f64 = 1.6;
const FINE: f64 = 1.2;
/// Rivers of this rank and above are drawn.
const RIVERS: u8 = 4;
/// Beyond the focus as much again is drawn, to be seen when the map is moved.
const AROUND: f64 = 0.5;

/// From degrees to the units of the drawing: a plate carrée, true to scale at the middle.
pub(super) struct Frame {
    west: f64,
    north: f64,
    per_degree: (f64, f64),
    pub(super) height: f64,
}

impl Frame {
    pub(super) fn new(focus: Extent) -> Result<Self, ReadingPageError> {
        let Extent {
            west,
            south,
            east,
            north,
        } = focus;
        let squeeze = f64::midpoint(south, north).to_radians().cos();
        let per_degree = WIDTH / (east - west);
        let height = (north - south) * per_degree / squeeze;
        if !(height.is_finite() && height > 0.0 && per_degree > 0.0 && height < WIDTH * 50.0) {
            return Err(ReadingPageError::Focus {
                west,
                south,
                east,
                north,
            });
        }
        Ok(Self {
            west,
            north,
            per_degree: (per_degree, per_degree / squeeze),
            height,
        })
    }

    fn at(&self, c: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (c.x - self.west) * self.per_degree.0,
            y: (self.north - c.y) * self.per_degree.1,
        }
    }

    pub(super) fn point(&self, at: LonLat) -> (i64, i64) {
        whole(self.at(at.to_point().0))
    }

    /// Whether some of a line lies on the drawing or near it.
    fn sees(&self, line: &LineString<f64>) -> bool {
        let (x, y) = (WIDTH * AROUND, self.height * AROUND);
        line.0
            .iter()
            .any(|c| (-x..=WIDTH + x).contains(&c.x) && (-y..=self.height + y).contains(&c.y))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the drawing is small; what is no number becomes 0"
)]
fn whole(c: Coord<f64>) -> (i64, i64) {
    (c.x.round() as i64, c.y.round() as i64)
}

/// Appends a line as the data of a path: where it starts, then steps.
fn push_line(data: &mut String, line: &LineString<f64>, closed: bool) {
    let mut points: Vec<(i64, i64)> = line.0.iter().map(|c| whole(*c)).collect();
    points.dedup();
    if closed && points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    // A ring of two points is a line on paper, and nothing at all in a fill.
    let least = if closed { 3 } else { 2 };
    let Some((first, rest)) = points.split_first().filter(|_| points.len() >= least) else {
        return;
    };
    // Writing to a string cannot fail.
    let _ = write!(data, "M{} {}l", first.0, first.1);
    let mut before = *first;
    for (index, point) in rest.iter().enumerate() {
        let (dx, dy) = (point.0 - before.0, point.1 - before.1);
        let gap = if index == 0 || dx < 0 { "" } else { " " };
        let comma = if dy < 0 { "" } else { " " };
        let _ = write!(data, "{gap}{dx}{comma}{dy}");
        before = *point;
    }
    if closed {
        data.push('z');
    }
}

fn push_area(data: &mut String, area: &MultiPolygon<f64>) {
    for polygon in area {
        push_line(data, polygon.exterior(), true);
        for hole in polygon.interiors() {
            push_line(data, hole, true);
        }
    }
}

/// Appends the land: borders by rank, then rivers.
fn ground(out: &mut String, frame: &Frame, ground: &Ground) {
    for (level, class) in [
        (BorderLevel::County, "county"),
        (BorderLevel::Prefecture, "prefecture"),
        (BorderLevel::Province, "province"),
    ] {
        let mut data = String::new();
        for border in ground.borders.iter().filter(|border| border.level == level) {
            lines(&mut data, frame, &border.line);
        }
        if !data.is_empty() && level != BorderLevel::County {
            let _ = writeln!(out, "<path class=\"g {class}\" d=\"{data}\"/>");
        }
    }
    let mut data = String::new();
    for river in ground.rivers.iter().filter(|river| river.rank <= RIVERS) {
        lines(&mut data, frame, &river.line);
    }
    if !data.is_empty() {
        let _ = writeln!(out, "<path class=\"g river\" d=\"{data}\"/>");
    }
}

fn lines(data: &mut String, frame: &Frame, line: &LineString<f64>) {
    let line = line.map_coords(|c| frame.at(c));
    if frame.sees(&line) {
        push_line(data, &line.simplify(COARSE), false);
    }
}

/// The shapes of one structure, as the data of two paths, and its points.
#[derive(Default)]
struct Shapes {
    areas: String,
    lines: String,
    points: Vec<(i64, i64)>,
}

fn shapes(frame: &Frame, structure: &StructureMark) -> Shapes {
    let mut shapes = Shapes::default();
    for geometry in &structure.geometry {
        match geometry.map_coords(|c| frame.at(c)) {
            Geometry::Point(point) => shapes.points.push(whole(point.0)),
            Geometry::MultiPoint(points) => shapes.points.extend(points.iter().map(|p| whole(p.0))),
            Geometry::LineString(line) => push_line(&mut shapes.lines, &line.simplify(FINE), false),
            Geometry::MultiLineString(many) => {
                for line in many.simplify(FINE) {
                    push_line(&mut shapes.lines, &line, false);
                }
            }
            Geometry::Polygon(area) => {
                push_area(&mut shapes.areas, &MultiPolygon(vec![area.simplify(FINE)]));
            }
            Geometry::MultiPolygon(area) => push_area(&mut shapes.areas, &area.simplify(FINE)),
            // No layer makes one of the others.
            _ => {}
        }
    }
    shapes
}

/// Appends the structures, each as a group; a path that another has already is used again.
fn structures(out: &mut String, frame: &Frame, marks: &[StructureMark], kinds: &[usize]) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for (number, (mark, kind)) in marks.iter().zip(kinds).enumerate() {
        let Shapes {
            areas,
            lines,
            points,
        } = shapes(frame, mark);
        if areas.is_empty() && lines.is_empty() && points.is_empty() {
            continue;
        }
        let _ = write!(out, "<g id=f{number} class=\"f k{kind}\">");
        if !areas.is_empty() {
            if let Some(first) = known.get(&areas) {
                let _ = write!(out, "<use class=a href=\"#a{first}\"/>");
            } else {
                let _ = write!(out, "<path class=a id=a{number} d=\"{areas}\"/>");
                known.insert(areas, number);
            }
        }
        if !lines.is_empty() {
            let _ = write!(out, "<path class=l d=\"{lines}\"/>");
        }
        for (x, y) in points {
            let _ = write!(out, "<circle class=d cx={x} cy={y} r=12 />");
        }
        out.push_str("</g>\n");
    }
}

/// Appends the map. `kinds` gives for each structure the number of its kind in the legend.
pub(super) fn map(
    out: &mut String,
    page: &ReadingPage<'_>,
    places: &[PlaceRow<'_>],
    kinds: &[usize],
) -> Result<(), ReadingPageError> {
    let frame = Frame::new(page.focus)?;
    let height = whole(Coord {
        x: 0.0,
        y: frame.height,
    });
    let _ = writeln!(
        out,
        "<svg id=map viewBox=\"0 0 {WIDTH} {}\" role=img aria-label=\"地图：所读事项与地名的位置\" preserveAspectRatio=\"xMidYMid meet\">",
        height.1
    );
    ground(out, &frame, page.ground);
    out.push_str("<g id=structures>\n");
    structures(out, &frame, &page.structures, kinds);
    out.push_str("</g>\n<g id=places>\n");
    for (number, row) in places.iter().enumerate() {
        if let Some(at) = row.mark.position {
            let (x, y) = frame.point(at);
            let class = GROUPS[group(&row.mark.kind)].0;
            let _ = writeln!(
                out,
                "<circle id=c{number} class=\"c {class}\" cx={x} cy={y} r=7 />"
            );
        }
    }
    out.push_str("</g>\n<g id=names>\n");
    names(out, &frame, page, places);
    out.push_str("</g>\n</svg>\n");
    Ok(())
}

/// Appends the names of the units that the text names most, where none covers another.
fn names(out: &mut String, frame: &Frame, page: &ReadingPage<'_>, places: &[PlaceRow<'_>]) {
    const SIZE: f64 = 34.0;
    const MOST: usize = 60;
    const LONGEST: usize = 6;
    let mut units: Vec<&PlaceRow<'_>> = places
        .iter()
        .filter(|row| group(&row.mark.kind) == 0)
        .collect();
    units.sort_by_key(|row| std::cmp::Reverse(row.count));
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for row in units.into_iter().take(MOST * 4) {
        let (Some(at), Some(surface)) = (row.mark.position, page.text.get(row.mark.span.clone()))
        else {
            continue;
        };
        let name: String = surface.chars().filter(|c| !c.is_whitespace()).collect();
        let count = name.chars().count();
        if count > LONGEST || taken.len() >= MOST {
            continue;
        }
        let Coord { x, y } = frame.at(at.to_point().0);
        let width = SIZE * f64::from(u32::try_from(count).unwrap_or(0));
        let clear = |(left, top, wide): &(f64, f64, f64)| {
            x > left + wide || x + width < *left || (y - top).abs() > SIZE
        };
        if taken.iter().all(clear) {
            let place = (x, y, width);
            let (x, y) = whole(Coord { x, y });
            let _ = writeln!(
                out,
                "<text x={x} y={y} dx=\".4em\" dy=\".35em\" font-size={SIZE}>{}</text>",
                escaped(&name)
            );
            taken.push(place);
        }
    }
}
