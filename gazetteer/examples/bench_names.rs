//! Times looking names up: `benches/names/run` calls it.
//!
//! Reads lines of `name<TAB>lon<TAB>lat` (the position where it is known) from standard input and prints, with
//! tabs between: names, names found, names with a position, how many of those are found within 25 km of
//! it, microseconds a name.

use std::io::Read;
use std::time::Instant;

use gazetteer::{Gazetteer, LonLat, geodesic};

/// As near as a seat and another point of the same place are.
const NEAR_M: f64 = 25_000.0;
/// The names are asked for so often, and the median pass counts.
const PASSES: usize = 21;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let mut names: Vec<(&str, Option<LonLat>)> = Vec::new();
    for line in input.lines() {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or_default();
        let position = match (cells.next(), cells.next()) {
            (Some(lon), Some(lat)) if !lon.is_empty() => {
                Some(LonLat::new(lon.parse()?, lat.parse()?)?)
            }
            _ => None,
        };
        names.push((name, position));
    }
    let gazetteer = Gazetteer::embedded()?;
    let (mut found, mut known, mut near) = (0, 0, 0);
    for (name, position) in &names {
        let best = gazetteer.find_one(name, None);
        found += usize::from(best.is_some());
        let Some(position) = position else { continue };
        known += 1;
        let at = best.and_then(|best| best.place.position);
        near += usize::from(at.is_some_and(|at| geodesic(at, *position).distance_m <= NEAR_M));
    }
    let mut passes: Vec<f64> = (0..PASSES)
        .map(|_| {
            let start = Instant::now();
            for (name, _) in &names {
                std::hint::black_box(gazetteer.find_one(name, None));
            }
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    passes.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand names")]
    let each_us = passes[PASSES / 2] / names.len().max(1) as f64;
    #[expect(clippy::print_stdout, reason = "a program")]
    {
        println!("{}\t{found}\t{known}\t{near}\t{each_us:.2}", names.len());
    }
    Ok(())
}
