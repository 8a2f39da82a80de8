//! One placemark.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::batch::{CellValue, FeatureId, GeometryKind};
use super::super::writer::{Facts, Writer};
use super::schema::{Kind, Schemas, attribute, cell, content, reader, wrong};
use crate::Problem;

/// Attributes that say what the name of a placemark says: names are not written twice.
const NAMES: [&str; 5] = ["名称", "地名", "NAME", "Name", "title"];

/// A geometry: the runs of a line, polygon or point.
#[derive(Debug)]
struct Shape {
    kind: GeometryKind,
    runs: Vec<Vec<[f64; 2]>>,
}

/// Reads the placemark that `text` is.
pub(super) fn read(text: &str, schemas: &Schemas, writer: &mut Writer) -> Result<Facts, Problem> {
    let mut reader = reader(text);
    let mut facts = Facts::default();
    let (mut shapes, mut multiple) = (Vec::new(), false);
    let mut name = None;
    let mut called_so = false;
    loop {
        let event = reader
            .read_event()
            .map_err(|error| wrong(&reader, &error))?;
        let tag = match event {
            Event::Start(tag) => tag,
            Event::Eof => break,
            _ => continue,
        };
        let local = tag.local_name();
        let local: &str = local.as_ref();
        match local {
            "Placemark" => {
                if let Some(id) = attribute(&tag, "id")? {
                    facts.id = Some(FeatureId::Text(writer.text(&id)));
                }
            }
            "name" => name = Some(content(&mut reader)?.trim().to_owned()),
            "description" | "address" | "phoneNumber" => {
                let key = writer.key(local);
                let text = content(&mut reader)?;
                let value = CellValue::Text(writer.text(text.trim()));
                writer.cell(key, value);
            }
            "when" | "begin" | "end" => {
                let key = writer.key(if local == "when" { "timestamp" } else { local });
                let text = content(&mut reader)?;
                let value = CellValue::Text(writer.text(text.trim()));
                writer.cell(key, value);
            }
            "ExtendedData" => called_so |= extended(&mut reader, schemas, name.as_deref(), writer)?,
            "MultiGeometry" | "MultiTrack" => multiple = true,
            "Point" | "LineString" | "LinearRing" | "Polygon" | "Track" => {
                let kind = match local {
                    "Point" => GeometryKind::Point,
                    "Polygon" => GeometryKind::Polygon,
                    _ => GeometryKind::Line,
                };
                let end = local.to_owned();
                shapes.push(shape(&mut reader, kind, &end, writer)?);
            }
            "Model" => {
                return Err(Problem::GeometryType {
                    found: "Model".to_owned(),
                });
            }
            "TimeStamp" | "TimeSpan" => {}
            _ => {
                // Its look, and what else there may be.
                let name = tag.name().as_ref().to_owned();
                let end = quick_xml::name::QName(&name);
                reader
                    .read_to_end(end)
                    .map_err(|error| wrong(&reader, &error))?;
            }
        }
    }
    if let Some(name) = name.filter(|name| !name.is_empty() && !called_so) {
        let key = writer.key("name");
        let value = CellValue::Text(writer.text(&name));
        writer.cell(key, value);
    }
    put(shapes, multiple, writer);
    Ok(facts)
}

/// Reads attributes; whether one of them says what the placemark is called.
fn extended(
    reader: &mut Reader<&[u8]>,
    schemas: &Schemas,
    called: Option<&str>,
    writer: &mut Writer,
) -> Result<bool, Problem> {
    let mut url = String::new();
    // The name of a value that is typed by nothing.
    let mut untyped = None;
    let mut called_so = false;
    let mut take = |name: &str, text: &str, kind, writer: &mut Writer| {
        let key = writer.key(name);
        let value = cell(text, kind, writer);
        writer.cell(key, value);
        called_so |= name == "name" || NAMES.contains(&name) && called == Some(text.trim());
    };
    loop {
        match reader.read_event().map_err(|error| wrong(reader, &error))? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "SchemaData" => url = attribute(&tag, "schemaUrl")?.unwrap_or_default(),
                "SimpleData" => {
                    let name = attribute(&tag, "name")?.unwrap_or_default();
                    let text = content(reader)?;
                    take(&name, &text, schemas.kind(&url, &name), writer);
                }
                "Data" => untyped = Some(attribute(&tag, "name")?.unwrap_or_default()),
                "value" => {
                    let text = content(reader)?;
                    if let Some(name) = &untyped {
                        take(name, &text, Kind::Text, writer);
                    }
                }
                "displayName" => {
                    content(reader)?;
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "ExtendedData" => return Ok(called_so),
            Event::Eof => return Err(Problem::truncated("an element of XML")),
            _ => {}
        }
    }
}

/// Reads a geometry up to its end.
fn shape(
    reader: &mut Reader<&[u8]>,
    kind: GeometryKind,
    end: &str,
    writer: &mut Writer,
) -> Result<Shape, Problem> {
    let mut runs: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut track = Vec::new();
    let mut outer = false;
    loop {
        match reader.read_event().map_err(|error| wrong(reader, &error))? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "outerBoundaryIs" => outer = true,
                "innerBoundaryIs" => outer = false,
                "coordinates" => {
                    let mut run = Vec::new();
                    coordinates(&content(reader)?, &mut run, writer)?;
                    if outer {
                        runs.insert(0, run);
                    } else {
                        runs.push(run);
                    }
                }
                // Of a track: numbers with white space between.
                "coord" => {
                    let text = content(reader)?;
                    let joined: Vec<&str> = text.split_whitespace().collect();
                    coordinates(&joined.join(","), &mut track, writer)?;
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == end => break,
            Event::Eof => return Err(Problem::truncated("a geometry")),
            _ => {}
        }
    }
    if !track.is_empty() {
        runs.push(track);
    }
    Ok(Shape { kind, runs })
}

/// Reads `lon,lat[,height]` with white space between; some programs put it behind the commas too.
fn coordinates(text: &str, out: &mut Vec<[f64; 2]>, writer: &mut Writer) -> Result<(), Problem> {
    let mut rest = text.trim_start();
    let number = |rest: &mut &str| {
        let end = rest
            .find(|c: char| c == ',' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        *rest = after.trim_start();
        match word.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(Problem::value(
                "coordinates",
                word,
                "longitude,latitude, and a height where there is one",
            )),
        }
    };
    while !rest.is_empty() {
        let mut position = [0.0; 3];
        let mut found = 0;
        loop {
            let value = number(&mut rest)?;
            if let Some(place) = position.get_mut(found) {
                *place = value;
            }
            found += 1;
            let Some(after) = rest.strip_prefix(',') else {
                break;
            };
            rest = after.trim_start();
        }
        if found < 2 {
            return Err(Problem::value(
                "coordinates",
                &position[0].to_string(),
                "longitude,latitude",
            ));
        }
        // A height of 0 is what programs write where there is none.
        writer.height |= position[2] != 0.0;
        out.push([position[0], position[1]]);
    }
    Ok(())
}

/// Hands geometries on: those of one kind are a set.
fn put(shapes: Vec<Shape>, multiple: bool, writer: &mut Writer) {
    let same = shapes.windows(2).all(|two| two[0].kind == two[1].kind);
    let first = writer.parts();
    let mut begins = first;
    let count = shapes.len();
    for (number, shape) in shapes.into_iter().enumerate() {
        let last = number + 1 == count;
        for run in shape.runs {
            for [lon, lat] in run {
                writer.vertex(lon, lat);
            }
            match shape.kind {
                GeometryKind::Polygon => writer.end_ring(),
                GeometryKind::Line => {
                    writer.end_run();
                    writer.end_part();
                }
                _ => {}
            }
        }
        match shape.kind {
            // Points of a set are one run.
            GeometryKind::Point if same && !last => {}
            GeometryKind::Line => {}
            _ => {
                writer.end_run();
                writer.end_part();
            }
        }
        if !same {
            writer.end_geometry(shape.kind, begins, false);
            begins = writer.parts();
        } else if last {
            writer.end_geometry(shape.kind, first, multiple || count > 1);
        }
    }
}
