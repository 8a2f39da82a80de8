//! From which zoom on each line or polygon is shown.

use std::collections::HashMap;

use super::histogram::{Histogram, Threshold};
use super::priority::{self, BUCKETS, Bucket, Score};
use super::room::{Demand, Place, Room};
use super::side_by_side::by_zoom;
use super::{Keep, Limits};

/// What is decided of lines or polygons.
#[derive(Default)]
pub(crate) struct ShapePlan {
    pub(crate) buckets: Vec<Bucket>,
    /// First zoom of each; one beyond the last zoom: never.
    pub(crate) shown_from: Vec<u8>,
    /// Zooms that each is allowed at, a bit a zoom.
    pub(crate) zooms: Vec<u32>,
    pub(crate) trials: u32,
}

impl ShapePlan {
    #[inline]
    pub(crate) fn shows(&self, feature: u32, z: u8) -> bool {
        self.shown_from[feature as usize] <= z && self.allows(feature, z)
    }

    #[inline]
    pub(crate) fn allows(&self, feature: u32, z: u8) -> bool {
        self.zooms[feature as usize] >> z & 1 == 1
    }
}

/// Lines or polygons, as far as the plan has to know them.
pub(crate) trait Weighed: Sync {
    /// What makes tiles for trial; each thread has its own.
    type Scale;

    /// Length or area, larger stays longer.
    fn size(&self, feature: u32) -> f64;
    /// The value of the attribute that ranks, and the number in the input.
    fn rank(&self, feature: u32) -> (Option<f64>, u64);
    /// Zooms that it is allowed at.
    fn zooms(&self, feature: u32) -> u32;
    /// Bytes in each tile at a zoom, about, and the tiles: columns and rows from and to. `None` where it shows nothing.
    fn tiles(&self, feature: u32, z: u8) -> Option<(u32, [u32; 4])>;
    /// Returns what makes tiles for trial.
    fn scale(&self) -> Self::Scale;
    /// Makes a tile of some features and returns its bytes.
    fn trial(&self, scale: &mut Self::Scale, z: u8, tile: (u32, u32), shown: &[u32]) -> u64;
}

/// Decides from which zoom on lines or polygons are shown, on so many threads.
pub(crate) fn plan_shapes<W: Weighed>(
    shapes: &W,
    count: u32,
    zooms: std::ops::RangeInclusive<u8>,
    keep: &Keep,
    room: &Room,
    threads: usize,
) -> ShapePlan {
    let ranked: Vec<(Option<f64>, u64)> = (0..count).map(|feature| shapes.rank(feature)).collect();
    let scores = |of: &dyn Fn(u32) -> Option<f64>| -> Vec<Score> {
        (0..count)
            .map(|feature| priority::score(of(feature), ranked[feature as usize].1))
            .collect()
    };
    let buckets = match keep {
        Keep::Densest { rank: None } => {
            priority::by_score(&scores(&|feature| Some(shapes.size(feature))))
        }
        Keep::Densest { rank: Some(_) } | Keep::Rank { .. } => {
            priority::by_score(&scores(&|feature| ranked[feature as usize].0))
        }
        Keep::Rate { .. } => priority::rate(count.into()),
    };
    let (first, last) = (*zooms.start(), *zooms.end());
    let allowed: Vec<u32> = (0..count).map(|feature| shapes.zooms(feature)).collect();
    let of_zoom = |scale: &mut W::Scale, z: u8, known: Option<f64>| -> Solved {
        let mut threshold = BUCKETS;
        if let Keep::Rate {
            divisor: Some(divisor),
        } = keep
        {
            threshold = super::points::share_of(divisor.powi(-i32::from(last - z)));
        }
        let shown = |feature: u32| {
            usize::from(buckets[feature as usize]) < threshold
                && allowed[feature as usize] >> z & 1 == 1
        };
        let heavy = heavy(shapes, count, z, room, &shown);
        if heavy.is_empty() {
            return Solved {
                threshold,
                trials: 0,
                ratio: None,
            };
        }
        let trial = |tile: &Heavy, shown: &[u32]| shapes.trial(scale, z, (tile.x, tile.y), shown);
        solve(&heavy, &buckets, threshold, known, trial)
    };
    // One zoom says about how well tiles pack, so that none needs many trials.
    let model = super::side_by_side::model(&zooms);
    let ratio = of_zoom(&mut shapes.scale(), model, None).ratio;
    let ratio = Some(ratio.unwrap_or(USUAL_RATIO));
    let solved = by_zoom(
        zooms,
        threads,
        || shapes.scale(),
        |scale, z| of_zoom(scale, z, ratio),
    );
    let trials = solved.iter().map(|solved| solved.trials).sum();
    let mut thresholds = vec![BUCKETS; usize::from(last) + 1];
    let mut deeper = BUCKETS;
    for (z, solved) in (first..=last).zip(solved).rev() {
        deeper = deeper.min(solved.threshold);
        thresholds[usize::from(z)] = deeper;
    }
    ShapePlan {
        shown_from: super::points::shown_from(&buckets, &thresholds, first, last),
        buckets,
        zooms: allowed,
        trials,
    }
}

/// A tile that may be too full.
struct Heavy {
    x: u32,
    y: u32,
    limits: Limits,
    /// Features and their bytes.
    features: Vec<(u32, u32)>,
}

impl Heavy {
    /// Weighs the features anew: there may be thousands of full tiles, and histograms are large.
    fn weigh(&self, buckets: &[Bucket], histogram: &mut Histogram) {
        histogram.clear(self.limits);
        for &(feature, bytes) in &self.features {
            histogram.add(buckets[feature as usize], bytes);
        }
    }

    /// Bytes of features below a threshold.
    fn bytes_below(&self, buckets: &[Bucket], threshold: Threshold) -> u64 {
        let own = self.features.iter();
        let below = own.filter(|(feature, _)| usize::from(buckets[*feature as usize]) < threshold);
        below.map(|&(_, bytes)| u64::from(bytes)).sum()
    }
}

/// Tiles that one feature is weighed in; larger ones are far below any limit in each.
const MOST_TILES: u64 = 1 << 12;

/// Takes a feature, column and row of a tile that it is in, and what it adds to it, in bytes.
type Sink<'a> = dyn FnMut(u32, (u32, u32), u32) + 'a;

/// Goes through the features of a zoom and the tiles that each is in.
fn each(
    shapes: &impl Weighed,
    count: u32,
    z: u8,
    shown: &dyn Fn(u32) -> bool,
    sink: &mut Sink<'_>,
) {
    for feature in (0..count).filter(|&feature| shown(feature)) {
        let Some((bytes, [west, east, north, south])) = shapes.tiles(feature, z) else {
            continue;
        };
        if u64::from(east - west + 1) * u64::from(south - north + 1) > MOST_TILES {
            continue;
        }
        for x in west..=east {
            for y in north..=south {
                sink(feature, (x, y), bytes);
            }
        }
    }
}

/// What tiles would hold.
type Sums = HashMap<(u32, u32), Demand, foldhash::fast::FixedState>;

fn sums(shapes: &impl Weighed, count: u32, z: u8, shown: &dyn Fn(u32) -> bool) -> Sums {
    let mut sums = Sums::default();
    each(shapes, count, z, shown, &mut |_, tile, bytes| {
        let sum = sums.entry(tile).or_default();
        sum.bytes += u64::from(bytes);
        sum.features += 1;
    });
    sums
}

/// What lines or polygons would add to tiles, where that matters.
pub(crate) fn demands(
    shapes: &impl Weighed,
    count: u32,
    zooms: std::ops::RangeInclusive<u8>,
    limits: Limits,
) -> HashMap<Place, Demand> {
    let mut demands = HashMap::new();
    if limits.bytes.is_none() && limits.features.is_none() {
        return demands;
    }
    for z in zooms {
        let shown = |feature: u32| shapes.zooms(feature) >> z & 1 == 1;
        let sums = sums(shapes, count, z, &shown).into_iter();
        let matter = sums.filter(|(_, demand)| demand.matters(limits));
        demands.extend(matter.map(|((x, y), demand)| ((z, x, y), demand)));
    }
    demands
}

fn heavy(
    shapes: &impl Weighed,
    count: u32,
    z: u8,
    room: &Room,
    shown: &dyn Fn(u32) -> bool,
) -> Vec<Heavy> {
    if room.is_endless() {
        return Vec::new();
    }
    let mut sums = sums(shapes, count, z, shown);
    sums.retain(|&(x, y), demand| {
        let limits = room.of((z, x, y));
        demand.bytes > limits.bytes.unwrap_or(u64::MAX) / 2
            || demand.features > limits.features.unwrap_or(u64::MAX)
    });
    let mut places: Vec<(u32, u32)> = sums.into_keys().collect();
    places.sort_unstable();
    let mut heavy: Vec<Heavy> = places
        .iter()
        .map(|&(x, y)| Heavy {
            x,
            y,
            limits: room.of((z, x, y)),
            features: Vec::new(),
        })
        .collect();
    if heavy.is_empty() {
        return heavy;
    }
    each(shapes, count, z, shown, &mut |feature, tile, bytes| {
        if let Ok(place) = places.binary_search(&tile) {
            heavy[place].features.push((feature, bytes));
        }
    });
    heavy
}

/// Tiles of a zoom that are made for trial, at most.
const MOST_TRIALS: usize = 3;

/// Bytes of a tile for a byte of its histogram, as long as nothing is known.
const USUAL_RATIO: f64 = 0.6;

/// What was found for a zoom.
#[derive(Debug, Clone)]
struct Solved {
    /// The threshold at which all full tiles keep the limits.
    threshold: Threshold,
    /// Tiles that were made for trial.
    trials: u32,
    /// Bytes of the heaviest tile for a byte of its histogram.
    ratio: Option<f64>,
}

/// Finds the threshold at which all full tiles of a zoom keep the limits.
fn solve(
    heavy: &[Heavy],
    buckets: &[Bucket],
    most: Threshold,
    known: Option<f64>,
    mut trial: impl FnMut(&Heavy, &[u32]) -> u64,
) -> Solved {
    // The heaviest tile says for all how well they pack, then a few more tiles for themselves.
    let mut ratios = vec![known.unwrap_or(USUAL_RATIO); heavy.len()];
    let mut histogram = Histogram::new(Limits::default());
    let mut solved = |ratios: &[f64]| {
        let each = heavy.iter().zip(ratios).map(|(tile, &ratio)| {
            tile.weigh(buckets, &mut histogram);
            histogram.solve(tile.limits, ratio)
        });
        each.min().unwrap_or(BUCKETS).min(most)
    };
    let mut found = Solved {
        threshold: most,
        trials: 0,
        ratio: None,
    };
    let any_limit = heavy.iter().any(|tile| tile.limits.bytes.is_some());
    let rounds = match known {
        _ if !any_limit => 0,
        None => 1,
        Some(_) => MOST_TRIALS,
    };
    let mut tried = vec![false; heavy.len()];
    for round in 0..rounds {
        let threshold = solved(&ratios);
        #[expect(clippy::cast_precision_loss, reason = "an estimate of bytes")]
        let expected =
            |tile: usize| heavy[tile].bytes_below(buckets, threshold) as f64 * ratios[tile];
        let heaviest = (0..heavy.len())
            .filter(|&tile| !tried[tile])
            .map(|tile| (expected(tile), tile))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let Some((_, place)) = heaviest else { break };
        let tile = &heavy[place];
        let estimate = tile.bytes_below(buckets, threshold);
        if estimate == 0 {
            break;
        }
        let all = tile.features.iter().map(|&(feature, _)| feature);
        let shown: Vec<u32> = all
            .filter(|&feature| usize::from(buckets[feature as usize]) < threshold)
            .collect();
        let bytes = trial(tile, &shown);
        found.trials += 1;
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = (bytes as f64 / estimate as f64).max(1e-3);
        if round == 0 {
            ratios.fill(ratio);
            found.ratio = Some(ratio);
        } else {
            ratios[place] = ratio;
        }
        tried[place] = true;
    }
    found.threshold = solved(&ratios);
    found
}
