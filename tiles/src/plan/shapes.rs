//! From which zoom on each line or polygon is shown.

use std::collections::HashMap;

use super::histogram::{Histogram, Threshold};
use super::priority::{self, BUCKETS, Bucket, Score};
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
pub(crate) trait Weighed {
    /// Length or area, larger stays longer.
    fn size(&self, feature: u32) -> f64;
    /// The value of the attribute that ranks, and the number in the input.
    fn rank(&self, feature: u32) -> (Option<f64>, u64);
    /// Zooms that it is allowed at.
    fn zooms(&self, feature: u32) -> u32;
    /// Bytes in each tile at a zoom, about, and the tiles: columns and rows from and to. `None` where it shows nothing.
    fn tiles(&self, feature: u32, z: u8) -> Option<(u32, [u32; 4])>;
    /// Makes a tile of some features and returns its bytes.
    fn trial(&mut self, z: u8, x: u32, y: u32, shown: &[u32]) -> u64;
}

/// Decides from which zoom on lines or polygons are shown.
pub(crate) fn plan_shapes(
    shapes: &mut dyn Weighed,
    count: u32,
    zooms: std::ops::RangeInclusive<u8>,
    keep: &Keep,
    limits: Limits,
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
    let mut thresholds = vec![BUCKETS; usize::from(last) + 1];
    let mut trials = 0;
    let mut deeper = BUCKETS;
    for z in (first..=last).rev() {
        let mut threshold = deeper;
        if let Keep::Rate {
            divisor: Some(divisor),
        } = keep
        {
            threshold = threshold.min(super::points::share_of(divisor.powi(-i32::from(last - z))));
        }
        let shown = |feature: u32| {
            usize::from(buckets[feature as usize]) < threshold
                && allowed[feature as usize] >> z & 1 == 1
        };
        let heavy = heavy(shapes, count, z, limits, &shown, &buckets);
        if !heavy.is_empty() {
            threshold = solve(shapes, z, &heavy, limits, &buckets, threshold, &mut trials);
        }
        thresholds[usize::from(z)] = threshold;
        deeper = threshold;
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
    features: Vec<u32>,
    histogram: Histogram,
}

/// Tiles that one feature is weighed in; larger ones are far below any limit in each.
const MOST_TILES: u64 = 1 << 12;

fn heavy(
    shapes: &dyn Weighed,
    count: u32,
    z: u8,
    limits: Limits,
    shown: &dyn Fn(u32) -> bool,
    buckets: &[Bucket],
) -> Vec<Heavy> {
    if limits.bytes.is_none() && limits.features.is_none() {
        return Vec::new();
    }
    let each = |sink: &mut dyn FnMut(u32, u32, u32, u32)| {
        for feature in (0..count).filter(|&feature| shown(feature)) {
            let Some((bytes, [west, east, north, south])) = shapes.tiles(feature, z) else {
                continue;
            };
            if u64::from(east - west + 1) * u64::from(south - north + 1) > MOST_TILES {
                continue;
            }
            for x in west..=east {
                for y in north..=south {
                    sink(feature, x, y, bytes);
                }
            }
        }
    };
    let mut sums: HashMap<(u32, u32), (u64, u64), foldhash::fast::FixedState> = HashMap::default();
    each(&mut |_, x, y, bytes| {
        let sum = sums.entry((x, y)).or_default();
        sum.0 += u64::from(bytes);
        sum.1 += 1;
    });
    let most_bytes = limits.bytes.unwrap_or(u64::MAX);
    let most_features = limits.features.unwrap_or(u64::MAX);
    sums.retain(|_, (bytes, features)| *bytes > most_bytes / 2 || *features > most_features);
    let mut places: Vec<(u32, u32)> = sums.into_keys().collect();
    places.sort_unstable();
    let mut heavy: Vec<Heavy> = places
        .iter()
        .map(|&(x, y)| Heavy {
            x,
            y,
            features: Vec::new(),
            histogram: Histogram::new(),
        })
        .collect();
    if heavy.is_empty() {
        return heavy;
    }
    each(&mut |feature, x, y, bytes| {
        if let Ok(place) = places.binary_search(&(x, y)) {
            heavy[place].features.push(feature);
            heavy[place].histogram.add(buckets[feature as usize], bytes);
        }
    });
    heavy
}

/// Tiles of a zoom that are made for trial, at most.
const MOST_TRIALS: usize = 6;

fn solve(
    shapes: &mut dyn Weighed,
    z: u8,
    heavy: &[Heavy],
    limits: Limits,
    buckets: &[Bucket],
    most: Threshold,
    trials: &mut u32,
) -> Threshold {
    // Bytes of the tile for a byte of its histogram: two trials of the heaviest tile say it for all, then a few more tiles
    // for themselves.
    let mut ratios = vec![0.6; heavy.len()];
    let solved = |ratios: &[f64]| {
        let each = heavy.iter().zip(ratios);
        let each = each.map(|(tile, &ratio)| tile.histogram.solve(limits, ratio));
        each.min().unwrap_or(BUCKETS).min(most)
    };
    if limits.bytes.is_none() {
        return solved(&ratios);
    }
    let mut tried = vec![false; heavy.len()];
    for trial in 0..MOST_TRIALS {
        let threshold = solved(&ratios);
        #[expect(clippy::cast_precision_loss, reason = "an estimate of bytes")]
        let expected =
            |tile: usize| heavy[tile].histogram.bytes_below(threshold) as f64 * ratios[tile];
        let heaviest = (0..heavy.len())
            .filter(|&tile| trial < 2 || !tried[tile])
            .max_by(|&one, &other| expected(one).total_cmp(&expected(other)));
        let Some(place) = heaviest else { break };
        let tile = &heavy[place];
        let estimate = tile.histogram.bytes_below(threshold);
        if estimate == 0 {
            break;
        }
        let below = |feature: &u32| usize::from(buckets[*feature as usize]) < threshold;
        let shown: Vec<u32> = tile.features.iter().copied().filter(below).collect();
        let bytes = shapes.trial(z, tile.x, tile.y, &shown);
        *trials += 1;
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = (bytes as f64 / estimate as f64).max(1e-3);
        if trial < 2 {
            ratios.fill(ratio);
        } else {
            ratios[place] = ratio;
        }
        tried[place] = true;
    }
    solved(&ratios)
}
