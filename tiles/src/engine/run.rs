//! A whole run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::clock::{Phases, process_time};
use super::error::TilesError;
use super::options::{Feed, Options, Progress};
use super::painter::{ClusterColumns, Painter};
use super::parts;
use super::planning::column;
use super::read::read;
use super::report::{Phase, Report, ZoomReport};
use super::shapes::{AllShapes, ShapeGround};
use super::tree::{self, Node};
use super::work::{Bench, Ground, Outcome, summaries, work};
use crate::MAX_ZOOM;
use crate::archive::{Container, FieldKind, Fingerprint, PartOf, TileSink, Tileset, VectorLayer};
use crate::columns::{Features, ShapeColumns, coalesced};
use crate::geometry::Kind;
use crate::plan::{PointPlan, guess};

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
    let print = fingerprint(&features, [&lines, &polygons])?;
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
    let shapes = [lines?, polygons?];
    let found = shapes.iter().flatten().flat_map(super::notes::notes);
    report.notes.extend(found);
    laps.lap("topology and simplification", &mut report);
    let (plan, plans) = super::planning::plan(
        &features,
        shapes.each_ref().map(Option::as_ref),
        clusters.as_ref(),
        options,
        last,
    )?;
    report.trial_tiles = plan.trials;
    report.trial_tiles += plans.iter().flatten().map(|plan| plan.trials).sum::<u32>();
    let prints = fingerprints(&print, &plan, options, last);
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

/// Attribute with the number of points that a cluster stands for.
const CLUSTER_COUNT: &str = "point_count";
/// Attribute that says that a feature stands for more than one point.
const CLUSTERED: &str = "clustered";

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

/// The columns of clusters, and those that their attributes come from.
fn cluster_columns(
    features: &mut Features,
    options: &Options,
) -> Result<Option<ClusterColumns>, TilesError> {
    let Some(cluster) = &options.cluster else {
        return Ok(None);
    };
    let of = |names: &[String]| -> Result<Vec<u32>, TilesError> {
        names.iter().map(|name| column(features, name)).collect()
    };
    let attributes = summaries(&of(&cluster.sums)?, &of(&cluster.means)?);
    Ok(Some(ClusterColumns {
        count: features.names.columns.number(CLUSTER_COUNT),
        clustered: features.names.columns.number(CLUSTERED),
        attributes,
    }))
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
            ground.clusters,
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

/// What each zoom shows.
fn zoom_reports(ground: &Ground<'_>, outcomes: &[Outcome], first: u8, last: u8) -> Vec<ZoomReport> {
    let plan = ground.points;
    (first..=last)
        .map(|z| {
            let (mut allowed, mut shown) = (0, 0);
            for place in 0..plan.shown_from.len() {
                if plan.allows(place, z) {
                    allowed += 1;
                    shown += u64::from(plan.shown_from[place] <= z);
                }
            }
            let mut too_small = 0;
            for (shapes, plan) in ground.shapes.iter().flatten() {
                let Some(level) = &shapes.levels[usize::from(z)] else {
                    continue;
                };
                for feature in 0..u32::try_from(plan.buckets.len()).unwrap_or(u32::MAX) {
                    if !plan.allows(feature, z) {
                        continue;
                    }
                    allowed += 1;
                    let seen = level.feature_vertices(&shapes.topology, feature as usize) > 0;
                    too_small += u64::from(!seen);
                    shown += u64::from(!seen || plan.shown_from[feature as usize] <= z);
                }
            }
            let hidden = allowed - shown;
            let clustered = if ground.clusters.is_some() { hidden } else { 0 };
            let outcome = &outcomes[usize::from(z)];
            ZoomReport {
                zoom: z,
                features: allowed,
                dropped: hidden - clustered,
                clustered,
                too_small,
                given_up: outcome.given_up,
                full_tiles: outcome.full,
            }
        })
        .collect()
}

/// Fingerprints of all features.
fn fingerprint(features: &Features, shapes: [&ShapeColumns; 2]) -> Result<Vec<u8>, TilesError> {
    let mut all = Vec::new();
    let mut piece = Vec::new();
    features
        .points
        .walk(0..features.points.count, |_, at, rest| {
            crate::columns::write_row(at, rest, &mut piece);
            if piece.len() > 1 << 20 {
                all.extend_from_slice(&Fingerprint::of(&piece).0.to_le_bytes());
                piece.clear();
            }
        })?;
    all.extend_from_slice(&Fingerprint::of(&piece).0.to_le_bytes());
    for columns in shapes {
        for points in columns.points.chunks(1 << 16) {
            piece.clear();
            for at in points {
                piece.extend_from_slice(&at.x.to_le_bytes());
                piece.extend_from_slice(&at.y.to_le_bytes());
            }
            all.extend_from_slice(&Fingerprint::of(&piece).0.to_le_bytes());
        }
        for ends in [
            &columns.path_ends,
            &columns.part_ends,
            &columns.feature_ends,
        ] {
            let bytes: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
            all.extend_from_slice(&Fingerprint::of(&bytes).0.to_le_bytes());
        }
        all.extend_from_slice(&Fingerprint::of(&columns.rows).0.to_le_bytes());
    }
    let texts = features.names.texts.print();
    all.extend_from_slice(&Fingerprint::of(texts).0.to_le_bytes());
    Ok(all)
}

/// Fingerprints of all that the tiles depend on, and of the decisions.
fn fingerprints(
    features: &[u8],
    plan: &PointPlan,
    options: &Options,
    last: u8,
) -> (Fingerprint, Fingerprint) {
    let mut all = features.to_vec();
    all.extend_from_slice(&Fingerprint::of(&plan.shown_from).0.to_le_bytes());
    let settings = format!(
        "{} {} {last} {:?} {:?} {:?} {} {} {:?} {} {} {} {}",
        env!("CARGO_PKG_VERSION"),
        options.minzoom,
        options.keep,
        options.limits,
        options.cluster,
        options.buffer,
        options.simplify,
        options.small,
        options.snap_units,
        options.input_order,
        options.coalesce,
        options.level,
    );
    all.extend_from_slice(settings.as_bytes());
    let plan = Fingerprint::of(&all);
    let part = format!("{:032x} {:?}", plan.0, options.part);
    (Fingerprint::of(part.as_bytes()), plan)
}

/// What the archive says of itself.
fn tileset(
    features: &Features,
    descriptions: &HashMap<String, String>,
    outcomes: &[Outcome],
    out: &Path,
    options: &Options,
) -> Tileset {
    let name = if options.name.is_empty() {
        let stem = out.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    } else {
        options.name.clone()
    };
    let bounds = features.statistics.corners().map_or(
        [-180.0, -85.0, 180.0, 85.0],
        |(north_west, south_east)| {
            let (west, north) = north_west.to_lon_lat();
            let (east, south) = south_east.to_lon_lat();
            [west, south, east, north]
        },
    );
    let names = &features.names;
    #[expect(clippy::cast_possible_truncation, reason = "layers are few")]
    let layers = 0..names.layers.len() as u32;
    let zooms = |layer: u32| {
        let zooms = (0..=MAX_ZOOM).zip(outcomes);
        let zooms: Vec<u8> = zooms
            .filter(|(_, outcome)| outcome.layers.contains(&layer))
            .map(|(z, _)| z)
            .collect();
        zooms.into_iter()
    };
    let of_clusters: &[(&str, FieldKind)] = if options.cluster.is_some() {
        &[
            (CLUSTER_COUNT, FieldKind::Number),
            (CLUSTERED, FieldKind::Boolean),
        ]
    } else {
        &[]
    };
    let described = layers.clone().map(|layer| VectorLayer {
        id: names.layers.get(layer).to_owned(),
        description: descriptions
            .get(names.layers.get(layer))
            .cloned()
            .unwrap_or_default(),
        // Of a layer that no tile has: no zooms.
        minzoom: zooms(layer).next().unwrap_or(u8::MAX),
        maxzoom: zooms(layer).next_back().unwrap_or(0),
        fields: features
            .statistics
            .fields(layer)
            .map(|(column, field)| {
                let name = names.columns.get(column).to_owned();
                (name, field.field_kind().as_str().to_owned())
            })
            .chain(
                of_clusters
                    .iter()
                    .filter(|_| features.statistics.layer(layer).points > 0)
                    .map(|(name, kind)| ((*name).to_owned(), kind.as_str().to_owned())),
            )
            .collect(),
    });
    let described: Vec<VectorLayer> = described.collect();
    let stats: Vec<serde_json::Value> = layers
        .map(|layer| {
            let name = names.layers.get(layer);
            features
                .statistics
                .to_json(layer, name, &names.columns, &names.texts)
        })
        .collect();
    Tileset {
        name,
        description: options.description.clone(),
        attribution: options.attribution.clone(),
        bounds,
        centre: None,
        layers: described,
        statistics: Some(serde_json::json!({"layerCount": stats.len(), "layers": stats})),
        further: std::collections::BTreeMap::new(),
    }
}
