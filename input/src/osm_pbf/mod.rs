//! OpenStreetMap extracts (`.osm.pbf`), read in three passes: relations name their ways, ways their nodes, nodes
//! have the positions.
//!
//! The protocol buffers are read here and not by the crate `osmpbf`: version 0.3.8 panics on a member of an unknown
//! type and on ids that overflow, and a reader of other people's files must not.
//!
//! Cost: the file is unpacked three times. Memory: 16 bytes for each node of a way or relation that is kept (id,
//! position), 8 for each mention of it in a way (16 while they are sorted), the entries without their geometry, and
//! one block of at most 32 MiB.

mod blob;
mod block;
mod join;
mod passes;
mod protobuf;
mod tags;

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;

use geo::{Coord, Geometry, LineString, MultiLineString, Polygon};

use crate::geometry::{self, rings};
use crate::intake::{Intake, Stop, Unfit};
use crate::source;
use crate::{At, Origin, SkipReason};
use block::Pass;
use passes::{Nodes, Pending, PendingRelation, Relations, Ways};
use tags::Shape;

/// Reads an extract.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let mut relations = Relations::new(&intake.options.keep);
    run(path, intake, &mut relations)?;
    let not_kept = relations.not_kept;
    let mut ways = Ways::new(relations.members(), &intake.options.keep);
    run(path, intake, &mut ways)?;
    for _ in 0..not_kept + ways.not_kept {
        intake.skip(SkipReason::NotKept);
    }
    let mut positions = ways.nodes();
    scan(path, intake, |bytes, intake| {
        let mut pass = Nodes {
            positions: &mut positions,
            intake,
        };
        block::walk(bytes, &mut pass)
    })?;
    let joined = joined(&relations.kept, &ways);
    for way in std::mem::take(&mut ways.kept) {
        let names = joined.get(&way.id);
        if names.is_some_and(|names| names.contains(&way.pending.entry.name.as_str())) {
            intake.skip(SkipReason::Joined);
            continue;
        }
        let shape = way_shape(&way, &ways, &positions);
        finish(way.pending, Origin::OsmWay(way.id), shape, intake)?;
    }
    for relation in relations.kept {
        let shape = match relation.pending.shape {
            Shape::Line => relation_lines(&relation, &ways, &positions),
            Shape::Area => relation_area(&relation, &ways, &positions),
        };
        finish(
            relation.pending,
            Origin::OsmRelation(relation.id),
            shape,
            intake,
        )?;
    }
    Ok(())
}

/// The ways that are in line relations whose ways are all there, with the names of those relations: a river that is
/// joined is not given piece by piece as well.
fn joined<'a>(relations: &'a [PendingRelation], ways: &Ways) -> HashMap<i64, Vec<&'a str>> {
    let mut joined: HashMap<i64, Vec<&str>> = HashMap::new();
    for relation in relations {
        let whole = || relation.ways.iter().all(|m| ways.member(m.way).is_some());
        if relation.pending.shape == Shape::Line && whole() {
            for member in relation.ways.iter().filter(|member| !member.inner) {
                let names = joined.entry(member.way).or_default();
                names.push(&relation.pending.entry.name);
            }
        }
    }
    joined
}

fn run<P: Pass>(path: &Path, intake: &mut Intake, pass: &mut P) -> Result<(), Stop> {
    scan(path, intake, |bytes, _| block::walk(bytes, pass))
}

/// Goes over the blocks of a file; what is wrong in one is said with its place.
fn scan<'i>(
    path: &Path,
    intake: &mut Intake<'i>,
    mut each: impl FnMut(&[u8], &mut Intake<'i>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let file = source::open(path, &intake.bytes)?;
    let mut blobs = blob::Blobs::new(BufReader::new(file));
    while let Some((at, bytes)) = blobs.next()? {
        intake.tick();
        each(bytes, intake).map_err(|stop| match stop {
            Stop::Failed(mut error) if error.at == At::File => {
                error.at = At::Byte(at);
                Stop::Failed(error)
            }
            stop => stop,
        })?;
    }
    Ok(())
}

/// Gives the entry its shape; without one it is incomplete.
fn finish(
    pending: Pending,
    origin: Origin,
    shape: Option<Geometry<f64>>,
    intake: &mut Intake,
) -> Result<(), Stop> {
    let mut entry = pending.entry;
    let record = match shape {
        None => Err(SkipReason::Incomplete.into()),
        Some(shape) => geometry::place(&mut entry, shape)
            .map(|()| entry)
            .map_err(Unfit::from),
    };
    intake.take(record, origin)
}

/// Node positions as a line; `None` when one is missing.
fn line(nodes: &[i64], positions: &passes::Positions) -> Option<LineString<f64>> {
    let coords: Option<Vec<Coord<f64>>> = nodes.iter().map(|node| positions.of(*node)).collect();
    coords.filter(|coords| coords.len() >= 2).map(LineString)
}

fn way_shape(
    way: &passes::PendingWay,
    ways: &Ways,
    positions: &passes::Positions,
) -> Option<Geometry<f64>> {
    let nodes = ways.nodes_of(&way.nodes);
    let line = line(nodes, positions)?;
    Some(match way.pending.shape {
        Shape::Line => Geometry::LineString(line),
        Shape::Area if nodes.len() >= 4 && nodes.first() == nodes.last() => {
            Geometry::Polygon(Polygon::new(line, Vec::new()))
        }
        Shape::Area => return None,
    })
}

/// The ways of a river. One that is missing at the edge of the extract leaves the rest of use only as a part: such a
/// relation is incomplete.
fn relation_lines(
    relation: &PendingRelation,
    ways: &Ways,
    positions: &passes::Positions,
) -> Option<Geometry<f64>> {
    let members = relation.ways.iter().filter(|member| !member.inner);
    let lines: Option<Vec<LineString<f64>>> = members
        .map(|member| {
            ways.member(member.way)
                .and_then(|nodes| line(nodes, positions))
        })
        .collect();
    let lines = lines.filter(|lines| !lines.is_empty())?;
    Some(Geometry::MultiLineString(MultiLineString(lines)))
}

fn relation_area(
    relation: &PendingRelation,
    ways: &Ways,
    positions: &passes::Positions,
) -> Option<Geometry<f64>> {
    let joined = |inner: bool| {
        let members = relation.ways.iter().filter(|member| member.inner == inner);
        let members: Option<Vec<&[i64]>> = members.map(|member| ways.member(member.way)).collect();
        let rings = join::rings(&members?)?;
        rings
            .iter()
            .map(|ring| line(ring, positions))
            .collect::<Option<Vec<_>>>()
    };
    let exteriors = joined(false).filter(|rings| !rings.is_empty())?;
    let mut areas = rings::assemble(exteriors, joined(true)?);
    Some(if areas.0.len() == 1 {
        Geometry::Polygon(areas.0.remove(0))
    } else {
        Geometry::MultiPolygon(areas)
    })
}

#[cfg(test)]
pub(crate) mod tests;
