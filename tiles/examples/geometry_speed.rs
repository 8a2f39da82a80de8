//! How long geometry takes: `geometry_speed FILE [DEEPEST_ZOOM] [THREADS]`, where FILE holds a `GeoJSON` feature a line.
//!
//! Prints CPU seconds of the whole process for each step.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use serde_json::Value;
use tiles::geometry::{
    DEFAULT_BUFFER_UNITS, Level, LevelOptions, Piece, SMALL_SIDE_UNITS, Shapes, SmallPolygons,
    TileWindow, Tiler, Topology, TopologyOptions,
};
use tiles::{WorldPoint, hilbert_key};

#[derive(Default)]
struct Columns {
    points: Vec<WorldPoint>,
    path_ends: Vec<u32>,
    part_ends: Vec<u32>,
    feature_ends: Vec<u32>,
}

impl Columns {
    fn path(&mut self, path: &Value) -> Result<(), Box<dyn Error>> {
        for position in path.as_array().ok_or("no path")? {
            let at = |axis: usize| position[axis].as_f64().ok_or("no number");
            self.points.push(WorldPoint::from_lon_lat(at(0)?, at(1)?));
        }
        self.path_ends.push(u32::try_from(self.points.len())?);
        Ok(())
    }

    fn part(&mut self, rings: &Value) -> Result<(), Box<dyn Error>> {
        for ring in rings.as_array().ok_or("no rings")? {
            self.path(ring)?;
        }
        self.part_ends.push(u32::try_from(self.path_ends.len())?);
        Ok(())
    }

    fn append(&mut self, mut other: Self) -> Result<(), Box<dyn Error>> {
        let shift = |into: &mut Vec<u32>, ends: Vec<u32>, by: usize| {
            let by = u32::try_from(by)?;
            into.extend(ends.into_iter().map(|end| end + by));
            Ok::<_, Box<dyn Error>>(())
        };
        // A line is a part of its own and has no end in the column of parts.
        let parts = self.part_ends.len();
        let below = if other.part_ends.is_empty() {
            self.path_ends.len()
        } else {
            parts
        };
        shift(&mut self.feature_ends, other.feature_ends, below)?;
        shift(&mut self.part_ends, other.part_ends, self.path_ends.len())?;
        shift(&mut self.path_ends, other.path_ends, self.points.len())?;
        self.points.append(&mut other.points);
        Ok(())
    }

    /// Returns whether the feature is a polygon.
    fn feature(&mut self, line: &str) -> Result<bool, Box<dyn Error>> {
        let feature: Value = serde_json::from_str(line)?;
        let geometry = &feature["geometry"];
        let coordinates = &geometry["coordinates"];
        let each = || coordinates.as_array().ok_or("no coordinates");
        let polygon = match geometry["type"].as_str() {
            Some("LineString") => self.path(coordinates).map(|()| false)?,
            Some("MultiLineString") => {
                each()?.iter().try_for_each(|path| self.path(path))?;
                false
            }
            Some("Polygon") => self.part(coordinates).map(|()| true)?,
            Some("MultiPolygon") => {
                each()?.iter().try_for_each(|part| self.part(part))?;
                true
            }
            _ => return Err("neither lines nor polygons".into()),
        };
        let below = if polygon {
            &self.part_ends
        } else {
            &self.path_ends
        };
        self.feature_ends.push(u32::try_from(below.len())?);
        Ok(polygon)
    }
}

/// User and system seconds of this process.
fn cpu_seconds() -> f64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/stat") else {
        return 0.0;
    };
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split(' ').collect();
    let ticks = |nth: usize| {
        fields
            .get(nth)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(12) + ticks(13)) / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("no file")?;
    let deepest: u8 = arguments.next().map_or(Ok(12), |zoom| zoom.parse())?;
    let threads: usize = arguments.next().map_or(Ok(1), |threads| threads.parse())?;
    let mut polygon = false;
    let mut features = Vec::new();
    for line in BufReader::new(std::fs::File::open(&file)?).lines() {
        let mut feature = Columns::default();
        polygon = feature.feature(&line?)?;
        features.push(feature);
    }
    // In the order that the tiler gives them.
    features.sort_by_key(|feature| feature.points.first().map(|&point| hilbert_key(point)));
    let mut columns = Columns::default();
    for feature in features {
        columns.append(feature)?;
    }
    println!(
        "{} points, {} paths",
        columns.points.len(),
        columns.path_ends.len()
    );
    let shapes = if polygon {
        Shapes::polygons(
            columns.points,
            columns.path_ends,
            columns.part_ends,
            columns.feature_ends,
        )?
    } else {
        Shapes::lines(columns.points, columns.path_ends, columns.feature_ends)?
    };
    let (mut cpu, mut wall) = (cpu_seconds(), Instant::now());
    let mut step = |name: &str| {
        let now = cpu_seconds();
        println!(
            "{name}: {:.2} CPU s, {:.3} s",
            now - cpu,
            wall.elapsed().as_secs_f64()
        );
        (cpu, wall) = (now, Instant::now());
    };
    let options = TopologyOptions {
        threads,
        ..TopologyOptions::default()
    };
    let topology = Topology::build(shapes, &options);
    step("topology");
    println!(
        "{} arcs, {} vertices, {:?}",
        topology.arcs(),
        topology.vertices(),
        topology.report()
    );
    let small = if topology.is_coverage() {
        SmallPolygons::Dissolve
    } else {
        SmallPolygons::Gather
    };
    let zooms: Vec<(u8, LevelOptions)> = (0..=deepest)
        .map(|z| {
            let tolerance_units = if z == deepest { 0.0 } else { 1.0 };
            let options = LevelOptions {
                tolerance_units,
                small,
                small_side_units: SMALL_SIDE_UNITS,
            };
            (z, options)
        })
        .collect();
    let levels = Level::build_all(&topology, &zooms, threads);
    step("levels");
    let mut tiler = Tiler::new(DEFAULT_BUFFER_UNITS);
    let mut tally = Vec::new();
    for level in &levels {
        let (mut pieces, mut covered, mut points) = (0u64, 0u64, 0u64);
        let window = TileWindow::whole(level.z());
        for feature in 0..topology.features() {
            tiler.visit(&topology, level, feature, &window, |piece| match piece {
                Piece::Paths { points: own, .. } => {
                    pieces += 1;
                    points += black_box(own).len() as u64;
                }
                Piece::Covered { rows, .. } => covered += rows.len() as u64,
            });
        }
        tally.push((level.z(), level.vertices(), pieces, covered, points));
    }
    step("pieces");
    for (z, vertices, pieces, covered, points) in tally {
        println!(
            "z{z}: {vertices} vertices of arcs, {pieces} pieces, {covered} covered, {points} points"
        );
    }
    Ok(())
}
