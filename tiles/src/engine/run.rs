//! A whole run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::clock::{Phases, process_time};
use super::described::tileset;
use super::error::TilesError;
use super::options::{Feed, Options, Progress};
use super::painter::Painter;
use super::parts;
use super::planning::{cluster_columns, joined_columns, planned};
use super::print::fingerprints;
use super::read::read;
use super::report::{Phase, Report};
use super::shapes::{AllShapes, ShapeGround};
use super::tree::{self, Node};
use super::work::{Bench, Ground, Outcome, work};
use super::zooms::zoom_reports;
use crate::MAX_ZOOM;
use crate::archive::{Container, PartOf, TileSink};
use crate::columns::coalesced;
use crate::geometry::Kind;
use crate::plan::guess;

/// Makes an archive of tiles at `out`, or one part of it.
///
/// # Errors
///
/// [`TilesError`]; then there is no archive at `out` that was not there before.
#[expect(
    clippy::too_many_lines,
    reason = "the phases of a run, one after the other"
)]
pub fn make(
    feeds: Vec<Feed>,
    out: &Path,
    container: Container,
    options: &Options,
    watch: &(dyn Fn(Progress) + Sync),
) -> Result<Report, TilesError> {
    let mut laps = Laps::new();
    let mut report = Report::default();
    let folder = match (&options.folder, out.parent()) {
        (Some(folder), _) => folder.clone(),
        (None, Some(parent)) if !parent.as_os_str().is_empty() => parent.to_owned(),
        (None, _) => Path::new(".").to_owned(),
    };
    let descriptions: HashMap<String, String> = feeds
        .iter()
        .map(|feed| (feed.layer.clone(), feed.description.clone()))
        .collect();
    let (mut features, rejects) = read(feeds, &folder, options, watch)?;
    report.counts = features.counts;
    report.rejects = rejects;
    report.spilled_files = features.spilled;
    if features.points.count == 0 && features.lines.len() == 0 && features.polygons.len() == 0 {
        return Err(TilesError::Nothing {
            features: report.counts.features,
            rejected: report.counts.rejected,
            empty: report.counts.empty,
            filtered: report.counts.filtered,
        });
    }
    laps.lap("read", &mut report);

    watch(Progress::Planning);
    report.guessed_maxzoom = options.maxzoom.is_none();
    let last = if let Some(last) = options.maxzoom {
        last.min(MAX_ZOOM)
    } else {
        let shapes = [&features.lines, &features.polygons];
        guess(&features.points, &shapes)?.max(options.minzoom)
    };
    if options.minzoom > last {
        return Err(TilesError::Zooms {
            least: options.minzoom,
            most: last,
        });
    }
    let clusters = cluster_columns(&mut features, options)?;
    let joined = joined_columns(&mut features, options)?;
    laps.lap("plan", &mut report);

    let mut lines = std::mem::take(&mut features.lines);
    if options.coalesce && lines.len() > 0 {
        let before = lines.len();
        lines = coalesced(lines).map_err(|_| TilesError::TooManyVertices)?;
        // Several lines may have the values of one feature.
        features.names.unique.clear();
        report.notes.push(format!(
            "features with lines: {before}; lines after joining them: {}",
            lines.len()
        ));
    }
    let polygons = std::mem::take(&mut features.polygons);
    let kinds = [
        features.points.count > 0,
        lines.len() > 0,
        polygons.len() > 0,
    ];
    let shared = kinds.into_iter().filter(|&any| any).count() > 1;
    let shapes = [(lines, Kind::Lines), (polygons, Kind::Polygons)].map(|(columns, kind)| {
        let any = columns.len() > 0;
        any.then(|| ShapeGround::new(columns, kind, &features.names, options, last, shared))
            .transpose()
    });
    let [lines, polygons] = shapes;
    let mut shapes = [lines?, polygons?];
    let found = shapes.iter().flatten().flat_map(super::notes::notes);
    report.notes.extend(found);
    laps.lap("topology and simplification", &mut report);
    if let (Some(ground), Some(columns)) = (&mut shapes[1], &joined) {
        ground.count_alone(columns, last);
    }
    let gathering = [clusters.as_ref(), joined.as_ref()];
    let (plan, plans) = planned(&features, &mut shapes, gathering, options, last)?;
    report.trial_tiles = plan.trials;
    report.trial_tiles += plans.iter().flatten().map(|plan| plan.trials).sum::<u32>();
    let prints = fingerprints(&features.print, &plan, options, last);
    laps.lap("plan", &mut report);
    let buffer = u16::try_from(options.buffer).unwrap_or(u16::MAX);
    let all = AllShapes {
        grounds: shapes.each_ref().map(Option::as_ref),
        buffer: options.buffer,
    };
    let land = tree::Ground {
        points: &features.points,
        zooms: options.minzoom..=last,
        split_zoom: 0,
        shapes: &all,
    };
    let (nodes, part) = match options.part {
        None => (tree::cut(&land)?, None),
        Some((number, of)) => {
            let (nodes, split) = parts::share(land, number, of)?;
            (nodes, Some(split))
        }
    };
    let both = |which: usize| shapes[which].as_ref().zip(plans[which].as_ref());
    let ground = Ground {
        features: &features,
        points: &plan,
        clusters: clusters.as_ref(),
        joined: joined.as_ref(),
        shapes: [both(0), both(1)],
        buffer,
        input_order: options.input_order,
    };
    let sink = TileSink::create(out, prints.0, options.resume, options.replace)?;
    let (outcomes, phases) = tile(&ground, &nodes, &sink, options, watch)?;
    report.zooms = zoom_reports(&ground, &outcomes, options.minzoom, last);
    report.notes.extend(super::notes::too_large(&outcomes));
    report.phases.extend([
        Phase::new("load", phases.read, None),
        Phase::new("simplify and clip", phases.simplify, None),
        Phase::new("encode", phases.encode, None),
        Phase::new("compress", phases.compress, None),
        Phase::new("spool", phases.write, None),
    ]);
    laps.lap("tiles", &mut report);

    watch(Progress::Writing);
    let mut tileset = tileset(&features, &descriptions, &outcomes, out, options);
    let mut grounds = shapes.iter().flatten();
    if grounds.any(|ground| ground.topology.over_antimeridian().next().is_some()) {
        // What crosses the antimeridian reaches both edges.
        tileset.bounds[0] = -180.0;
        tileset.bounds[2] = 180.0;
    }
    report.archive = match part {
        None => sink.finish(container, &tileset)?,
        Some(split) => {
            let part = PartOf {
                number: split.number,
                of: split.of,
                split_zoom: split.zoom,
                keys: split.keys,
                plan: prints.1,
            };
            sink.finish_part(&part, &tileset)?
        }
    };
    laps.lap("write", &mut report);
    Ok(report)
}

/// Time since the phase before.
struct Laps {
    cpu: Duration,
    wall: Instant,
}

impl Laps {
    fn new() -> Self {
        Self {
            cpu: process_time(),
            wall: Instant::now(),
        }
    }

    fn lap(&mut self, name: &'static str, report: &mut Report) {
        let now = Self::new();
        let cpu = now.cpu.saturating_sub(self.cpu);
        let phase = Phase::new(name, cpu, Some(now.wall - self.wall));
        match report.phases.iter_mut().find(|known| known.name == name) {
            Some(known) => known.add(&phase),
            None => report.phases.push(phase),
        }
        *self = now;
    }
}

/// Makes all tiles.
fn tile(
    ground: &Ground<'_>,
    nodes: &[Node],
    sink: &TileSink,
    options: &Options,
    watch: &(dyn Fn(Progress) + Sync),
) -> Result<(Vec<Outcome>, Phases), TilesError> {
    // The heaviest first, so that none is left over at the end.
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&node| std::cmp::Reverse(nodes[node].weight));
    let total = nodes.iter().map(|node| node.weight).sum();
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let (done, tiles) = (AtomicU64::new(0), AtomicU64::new(0));
    let outcomes = Mutex::new(vec![Outcome::default(); usize::from(MAX_ZOOM) + 1]);
    let phases = Mutex::new(Phases::default());
    let worker = || -> Result<(), TilesError> {
        let mut bench = Bench::new(ground.buffer);
        let mut painter = Painter::new(
            &ground.features.names,
            [ground.clusters, ground.joined],
            options.limits,
            options.level,
        );
        while !stop.load(Ordering::Relaxed) {
            let Some(&number) = order.get(next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let node = &nodes[number];
            let made: Vec<(u8, Outcome)> = if let Some(told) = sink.done(number as u64) {
                serde_json::from_slice(told).unwrap_or_default()
            } else {
                let mut spool = sink.task(number as u64);
                let made = work(ground, node, &mut bench, &mut painter, &mut spool)?;
                spool.finish(&serde_json::to_vec(&made).unwrap_or_default())?;
                made
            };
            if let Ok(mut outcomes) = outcomes.lock() {
                for (z, outcome) in made {
                    outcomes[usize::from(z)].add(&outcome);
                    tiles.fetch_add(outcome.tiles, Ordering::Relaxed);
                }
            }
            watch(Progress::Tiling {
                done: done.fetch_add(node.weight, Ordering::Relaxed) + node.weight,
                total,
                tiles: tiles.load(Ordering::Relaxed),
            });
        }
        if let Ok(mut phases) = phases.lock() {
            phases.add(&painter.clock);
        }
        Ok(())
    };
    let worker = &worker;
    let mut result = Ok(());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads.max(1))
            .map(|_| {
                scope.spawn(|| {
                    let result = worker();
                    if result.is_err() {
                        stop.store(true, Ordering::Relaxed);
                    }
                    result
                })
            })
            .collect();
        for worker in workers {
            match worker.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => result = Err(error),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    result?;
    let outcomes = outcomes.into_inner().unwrap_or_default();
    let phases = phases.into_inner().unwrap_or_default();
    Ok((outcomes, phases))
}
