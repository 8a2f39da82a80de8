//! Messages of a tile, its layers, features and values (sections 4.1 and 4.2).

use std::collections::HashSet;

use super::geometry::{Wrong, geometry};
use super::wire::{Message, packed, unzigzag};
use super::{
    DecodeError, ErrorKind, Feature, Layer, MOST_PROBLEMS, Place, Problem, ProblemKind, Tile, Value,
};

/// The extent of a layer that does not say.
const DEFAULT_EXTENT: u32 = 4096;

pub(super) fn tile(bytes: &[u8]) -> Result<Tile, DecodeError> {
    let mut tile = Tile::default();
    let mut names = HashSet::new();
    let mut message = Message(bytes);
    loop {
        let number = tile.layers.len();
        let mut place = Place::default();
        let mut next = || -> Result<Option<Layer>, ErrorKind> {
            while let Some(field) = message.field()? {
                if field.number == 3 {
                    place.layer = Some(number);
                    let bytes = field.bytes("a layer")?;
                    return layer(bytes, &mut place, &mut tile.problems).map(Some);
                }
            }
            Ok(None)
        };
        let layer = match next() {
            Ok(Some(layer)) => layer,
            Ok(None) => return Ok(tile),
            Err(kind) => return Err(DecodeError { place, kind }),
        };
        if !names.insert(layer.name.clone()) {
            report(&mut tile.problems, place, ProblemKind::RepeatedName);
        }
        tile.layers.push(layer);
    }
}

/// The layers of a tile and how many features each has.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<(&str, u32)>, DecodeError> {
    let mut names = Vec::new();
    let mut read = || -> Result<(), ErrorKind> {
        let mut message = Message(bytes);
        while let Some(field) = message.field()? {
            if field.number != 3 {
                continue;
            }
            let mut layer = Message(field.bytes("a layer")?);
            let (mut name, mut features) = (None, 0);
            while let Some(field) = layer.field()? {
                match field.number {
                    1 => name = Some(field.text("the name")?),
                    2 => features += 1,
                    _ => {}
                }
            }
            names.push((name.ok_or(ErrorKind::NoName)?, features));
        }
        Ok(())
    };
    let result = read();
    let place = Place {
        layer: Some(names.len()),
        feature: None,
    };
    result
        .map(|()| names)
        .map_err(|kind| DecodeError { place, kind })
}

fn report(problems: &mut Vec<Problem>, place: Place, kind: ProblemKind) {
    if problems.len() < MOST_PROBLEMS {
        problems.push(Problem {
            layer: place.layer.unwrap_or_default(),
            feature: place.feature,
            kind,
        });
    }
}

/// Sets what may be there once.
fn once<T>(slot: &mut Option<T>, value: T, name: &'static str) -> Result<(), ErrorKind> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(ErrorKind::Twice(name)),
    }
}

/// Reads a layer. `place` says where an error is.
fn layer(bytes: &[u8], place: &mut Place, problems: &mut Vec<Problem>) -> Result<Layer, ErrorKind> {
    let (mut name, mut version, mut extent) = (None, None, None);
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    // Features may stand before the keys and values that they name.
    let mut features = Vec::new();
    let mut message = Message(bytes);
    while let Some(field) = message.field()? {
        match field.number {
            1 => once(&mut name, field.text("the name")?.to_owned(), "the name")?,
            2 => features.push(field.bytes("a feature")?),
            3 => keys.push(field.text("a key")?.to_owned()),
            4 => values.push(value(field.bytes("a value")?, values.len())?),
            5 => once(&mut extent, field.u32("the extent")?, "the extent")?,
            15 => once(&mut version, field.varint("the version")?, "the version")?,
            _ => {}
        }
    }
    let version = match version.ok_or(ErrorKind::NoVersion)? {
        1 => 1,
        2 => 2,
        other => return Err(ErrorKind::Version(other)),
    };
    let name: String = name.ok_or(ErrorKind::NoName)?;
    if name.is_empty() {
        return Err(ErrorKind::NoName);
    }
    let extent = extent.unwrap_or(DEFAULT_EXTENT);
    if extent == 0 {
        return Err(ErrorKind::NoExtent);
    }
    let mut read = Vec::new();
    for (number, bytes) in features.into_iter().enumerate() {
        place.feature = Some(number);
        match feature(bytes, keys.len(), values.len()) {
            Ok(feature) => read.push(feature),
            Err(Wrong::Problem(kind)) => report(problems, *place, kind),
            Err(Wrong::Error(kind)) => return Err(kind),
        }
    }
    place.feature = None;
    Ok(Layer {
        name,
        version,
        extent,
        keys,
        values,
        features: read,
    })
}

fn feature(bytes: &[u8], keys: usize, values: usize) -> Result<Feature, Wrong> {
    let (mut id, mut tags, mut kind, mut commands) = (None, None, None, None);
    let mut twice = None;
    let mut message = Message(bytes);
    while let Some(field) = message.field()? {
        let repeated = match field.number {
            1 => id.replace(field.varint("the id")?).map(|_| "the id"),
            2 => tags.replace(field.bytes("tags")?).map(|_| "tags"),
            3 => kind
                .replace(field.varint("the geometry type")?)
                .map(|_| "the geometry type"),
            4 => commands
                .replace(field.bytes("the geometry")?)
                .map(|_| "the geometry"),
            _ => None,
        };
        twice = twice.or(repeated);
    }
    // What cannot be read at all comes before what is only wrong.
    let tags = packed(tags.unwrap_or_default(), "tags")?;
    let (pairs, odd) = tags.as_chunks::<2>();
    for &[key, value] in pairs {
        if key as usize >= keys {
            return Err(ErrorKind::NoSuchKey {
                found: key,
                of: keys,
            }
            .into());
        }
        if value as usize >= values {
            return Err(ErrorKind::NoSuchValue {
                found: value,
                of: values,
            }
            .into());
        }
    }
    if let Some(name) = twice {
        return Err(Wrong::Problem(ProblemKind::Twice(name)));
    }
    if !odd.is_empty() {
        return Err(Wrong::Problem(ProblemKind::OddTags(tags.len())));
    }
    let mut seen: Vec<u32> = pairs.iter().map(|[key, _]| *key).collect();
    seen.sort_unstable();
    if let Some(pair) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Wrong::Problem(ProblemKind::RepeatedKey(pair[0])));
    }
    let commands = commands.ok_or(Wrong::Problem(ProblemKind::NoGeometry))?;
    let kind = kind.ok_or(Wrong::Problem(ProblemKind::NoType))?;
    Ok(Feature {
        id,
        tags: pairs.iter().map(|[key, value]| (*key, *value)).collect(),
        geometry: geometry(kind, &packed(commands, "the geometry")?)?,
    })
}

/// Reads a value: exactly one of seven types.
fn value(bytes: &[u8], number: usize) -> Result<Value, ErrorKind> {
    let mut value = None;
    let mut message = Message(bytes);
    while let Some(field) = message.field()? {
        let read = match field.number {
            1 => Value::String(field.text("a text")?.to_owned()),
            2 => Value::Float(field.float("a float")?),
            3 => Value::Double(field.double("a double")?),
            4 => Value::Int(field.varint("an int")?.cast_signed()),
            5 => Value::Uint(field.varint("a uint")?),
            6 => Value::Sint(unzigzag(field.varint("a sint")?)),
            7 => Value::Bool(field.varint("a bool")? != 0),
            _ => return Err(ErrorKind::ValueType(number)),
        };
        if value.replace(read).is_some() {
            return Err(ErrorKind::ValueType(number));
        }
    }
    value.ok_or(ErrorKind::ValueType(number))
}
