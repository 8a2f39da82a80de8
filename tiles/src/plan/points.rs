//! From which zoom on each point is shown.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use super::histogram::{Histogram, Threshold};
use super::priority::{self, BUCKETS, Bucket, STEPS};
use super::room::{Demand, Place, Room};
use super::side_by_side::by_zoom;
use super::space::{self, Thresholds};
use super::{Cluster, Keep, Limits};
use crate::columns::{Store, take_cell, take_head};
use crate::mvt::Value;
use crate::{TileCoord, WorldPoint};

/// What is decided of points.
pub(crate) struct PointPlan {
    /// Priority of each point, in the order of the store.
    pub(crate) buckets: Vec<Bucket>,
    /// First zoom of each; one beyond the last zoom: never.
    pub(crate) shown_from: Vec<u8>,
    /// Depth of the cells whose points are one at a zoom; `None` where points are not clustered.
    pub(crate) cluster_depth: Vec<Option<u8>>,
    /// Zooms of each point where any has less than all; empty otherwise.
    pub(crate) zooms: Vec<u32>,
    /// Tiles that were made for trial.
    pub(crate) trials: u32,
}

impl PointPlan {
    /// Whether a point is shown at a zoom.
    #[inline]
    pub(crate) fn shows(&self, place: u64, z: u8) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
        let place = place as usize;
        self.shown_from[place] <= z && self.allows(place, z)
    }

    /// Whether a point may be shown at a zoom, if there is room.
    #[inline]
    pub(crate) fn allows(&self, place: usize, z: u8) -> bool {
        self.zooms
            .get(place)
            .is_none_or(|zooms| zooms >> z & 1 == 1)
    }
}

/// What a plan is made of.
pub(crate) struct PointQuestion<'a> {
    pub(crate) points: &'a Store,
    pub(crate) zooms: std::ops::RangeInclusive<u8>,
    pub(crate) keep: &'a Keep,
    pub(crate) cluster: Option<&'a Cluster>,
    pub(crate) limits: Limits,
    /// The column of the attribute that ranks.
    pub(crate) rank: Option<u32>,
    /// Whether a column has many different values, so that each is written anew.
    pub(crate) many: &'a (dyn Fn(u32) -> bool + Sync),
    /// Length of a text.
    pub(crate) text: &'a (dyn Fn(u32) -> usize + Sync),
}

/// A tile that may be too full.
struct Heavy {
    /// Column and row.
    tile: (u32, u32),
    points: Range<u64>,
    bytes: u64,
}

impl Heavy {
    fn demand(&self) -> Demand {
        Demand {
            bytes: self.bytes,
            features: self.points.end - self.points.start,
        }
    }

    fn may_be_over(&self, limits: Limits) -> bool {
        let demand = self.demand();
        demand.bytes > limits.bytes.unwrap_or(u64::MAX) / 2
            || demand.features > limits.features.unwrap_or(u64::MAX)
    }
}

/// Makes the tile of a zoom that holds a range of points, of those below a threshold, and returns its bytes.
pub(crate) type Trial<'a> =
    Box<dyn FnMut(u8, Range<u64>, &[Bucket], Threshold) -> io::Result<u64> + 'a>;

/// The priority of each point.
pub(crate) fn priorities(question: &PointQuestion<'_>) -> io::Result<Vec<Bucket>> {
    let points = question.points;
    match (question.cluster, question.keep) {
        (Some(_), _) | (None, Keep::Densest { .. }) => priority::densest(points, question.rank),
        (None, Keep::Rate { .. }) => Ok(priority::rate(points.count)),
        (None, Keep::Rank { .. }) => {
            priority::scores(points, question.rank).map(|scores| priority::by_score(&scores))
        }
    }
}

/// Decides from which zoom on points are shown, on so many threads, each with a trial of its own.
pub(crate) fn plan_points<'a>(
    question: &PointQuestion<'_>,
    (buckets, weights): (Vec<Bucket>, Weights),
    room: &Room,
    trial: &(dyn Fn() -> Trial<'a> + Sync),
    threads: usize,
) -> io::Result<PointPlan> {
    let (least, most) = (*question.zooms.start(), *question.zooms.end());
    let heavy: Vec<Vec<&Heavy>> = (0u8..)
        .zip(&weights.heavy)
        .map(|(z, tiles)| {
            let full = |tile: &&Heavy| tile.may_be_over(room.of((z, tile.tile.0, tile.tile.1)));
            tiles.iter().filter(full).collect()
        })
        .collect();
    // Even spacing gives way where it is dense by itself; other priorities would let one crowded tile empty the whole zoom.
    let over_space = question.cluster.is_none() && !matches!(question.keep, Keep::Densest { .. });
    let of_zoom = |trial: &mut Trial<'a>, z: u8, known: Option<f64>| -> io::Result<Solved> {
        let heavy = &heavy[usize::from(z)];
        let mut most_here = BUCKETS;
        if let Keep::Rate {
            divisor: Some(divisor),
        } = question.keep
            && question.cluster.is_none()
        {
            most_here = share_of(divisor.powi(-i32::from(most - z)));
        }
        if let Some(cluster) = question.cluster.filter(|_| z < most) {
            most_here = most_here.min(cluster_threshold(z, cluster));
        }
        let mut solved = Solved {
            most: most_here,
            each: Vec::new(),
            trials: 0,
            ratio: known,
        };
        if !heavy.is_empty() {
            solve(
                question,
                &weights,
                (z, room),
                heavy,
                &buckets,
                &mut solved,
                trial,
            )?;
        }
        Ok(solved)
    };
    // One zoom says about how well tiles pack, so that none needs many trials.
    let model = super::side_by_side::model(&question.zooms);
    let ratio = of_zoom(&mut trial(), model, None)?.ratio;
    let solved = by_zoom(least..=most, threads, trial, |trial, z| {
        of_zoom(trial, z, ratio)
    });
    let mut local = vec![Thresholds::default(); usize::from(most) + 1];
    let mut thresholds = vec![BUCKETS; usize::from(most) + 1];
    let mut cluster_depth = vec![None; usize::from(most) + 1];
    let mut trials = 0;
    let mut deeper = BUCKETS;
    for (z, solved) in (least..=most).zip(solved).rev() {
        let solved = solved?;
        trials += solved.trials;
        let mut threshold = deeper.min(solved.most);
        if over_space {
            let tiles = heavy[usize::from(z)].iter().map(|tile| tile.tile);
            let each = solved.each.iter().map(|&each| each.min(threshold));
            local[usize::from(z)] = tiles.zip(each).collect();
        } else {
            threshold = solved.each.into_iter().fold(threshold, Threshold::min);
        }
        if question.cluster.is_some() && threshold < BUCKETS {
            // Whole cells only, so that every point is counted in one that is shown.
            let cells = (threshold / STEPS).max(1);
            cluster_depth[usize::from(z)] = u8::try_from(cells - 1).ok();
            threshold = cells * STEPS;
        }
        thresholds[usize::from(z)] = threshold;
        deeper = threshold;
    }
    let shown_from = if over_space {
        space::shown_from(question.points, &buckets, &thresholds, &local, least..=most)?
    } else {
        shown_from(&buckets, &thresholds, least, most)
    };
    Ok(PointPlan {
        buckets,
        shown_from,
        cluster_depth,
        zooms: weights.zooms,
        trials,
    })
}

/// The first zoom from which on each bucket stays below the thresholds.
pub(super) fn shown_from(
    buckets: &[Bucket],
    thresholds: &[Threshold],
    least: u8,
    most: u8,
) -> Vec<u8> {
    let mut first = vec![most + 1; BUCKETS];
    for (bucket, first) in first.iter_mut().enumerate() {
        for z in (least..=most).rev() {
            if bucket >= thresholds[usize::from(z)] {
                break;
            }
            *first = z;
        }
    }
    buckets
        .iter()
        .map(|&bucket| first[usize::from(bucket)])
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` keeps to the range of the type"
)]
pub(super) fn share_of(share: f64) -> Threshold {
    if share >= 1.0 {
        return BUCKETS;
    }
    usize::from(priority::share_bucket((share * 4_294_967_296.0) as u32))
}

/// Cells are a power of two of a tile's side.
fn cluster_threshold(z: u8, cluster: &Cluster) -> Threshold {
    let distance = cluster.distance_px.clamp(1, 256);
    let depth = u32::from(z) + 8 - distance.ilog2();
    (depth as usize + 1) * STEPS
}

/// Bytes in 16 bits: above 32 KB in steps of 256.
fn cost_of(bytes: u32) -> u16 {
    let coarse = 1 << 15;
    match u16::try_from(bytes) {
        Ok(bytes) if bytes < coarse => bytes,
        _ => u16::try_from(bytes >> 8).map_or(u16::MAX, |steps| steps | coarse),
    }
}

fn bytes_of(cost: u16) -> u32 {
    if cost >> 15 == 0 {
        cost.into()
    } else {
        u32::from(cost & 0x7FFF) << 8
    }
}

/// What each point adds to a tile, and which tiles may be too full.
pub(crate) struct Weights {
    /// As [`cost_of`].
    cost: Vec<u16>,
    /// Zooms of each point where any has less than all; empty otherwise.
    zooms: Vec<u32>,
    heavy: Vec<Vec<Heavy>>,
}

impl Weights {
    /// What points would add to tiles where that matters.
    pub(crate) fn demands(&self) -> HashMap<Place, Demand> {
        let zooms = (0u8..).zip(&self.heavy);
        zooms
            .flat_map(|(z, tiles)| {
                let each = tiles.iter();
                each.map(move |tile| ((z, tile.tile.0, tile.tile.1), tile.demand()))
            })
            .collect()
    }

    /// Hands over bucket and bytes of each point of a tile.
    #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
    fn each(&self, tile: &Heavy, z: u8, buckets: &[Bucket], mut take: impl FnMut(Bucket, u32)) {
        let places = tile.points.start as usize..tile.points.end as usize;
        let own = self.cost[places.clone()]
            .iter()
            .zip(&buckets[places.clone()]);
        for (place, (&cost, &bucket)) in places.zip(own) {
            if self.zooms.is_empty() || self.zooms[place] >> z & 1 == 1 {
                take(bucket, bytes_of(cost));
            }
        }
    }
}

/// Bytes of a tag's numbers and of a point's frame in a tile that is nearly full.
const TAG: u32 = 3;
const FRAME: u32 = 13;

/// Weighs points.
#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths of values, cut to what a tile can hold anyway"
)]
pub(crate) fn weigh(question: &PointQuestion<'_>) -> io::Result<Weights> {
    let points = question.points;
    let (least, most) = (*question.zooms.start(), *question.zooms.end());
    let mut cost: Vec<u16> = Vec::with_capacity(points.count as usize);
    let mut zooms: Vec<u32> = Vec::new();
    let mut heavy: Vec<Vec<Heavy>> = (0..=most).map(|_| Vec::new()).collect();
    // The open tile of each zoom: where it begins, its bytes.
    let mut open = vec![(0u64, 0u64); usize::from(most) + 1];
    let mut close = |z: u8, open: &mut (u64, u64), end: u64, at: WorldPoint| {
        let demand = Demand {
            bytes: open.1,
            features: end - open.0,
        };
        if demand.matters(question.limits) {
            let tile = TileCoord::of(z, at);
            heavy[usize::from(z)].push(Heavy {
                tile: (tile.x(), tile.y()),
                points: open.0..end,
                bytes: open.1,
            });
        }
        *open = (end, 0);
    };
    let mut before = None::<WorldPoint>;
    points.walk(0..points.count, |place, at, mut rest| {
        let head = take_head(&mut rest);
        if head.zooms != u32::MAX && zooms.is_empty() {
            zooms = vec![u32::MAX; points.count as usize];
        }
        if let Some(zooms) = zooms.get_mut(place as usize) {
            *zooms = head.zooms;
        }
        let mut bytes = FRAME;
        if let Some(id) = head.id {
            bytes += 1 + crate::mvt::wire::varint_len(id) as u32;
        }
        while let Some((column, value)) = take_cell(&mut rest) {
            bytes += TAG;
            if (question.many)(column) {
                bytes += 4 + match value {
                    Value::Text(number) => (question.text)(number).min(1 << 22) as u32,
                    Value::Int(_) | Value::Uint(_) => 4,
                    Value::Double(_) => 8,
                    Value::Bool(_) => 0,
                };
            }
        }
        cost.push(cost_of(bytes));
        if let Some(before) = before {
            // Zooms whose tile ends here.
            let shared = ((at.x ^ before.x) | (at.y ^ before.y)).leading_zeros();
            for z in least..=most {
                if shared < u32::from(z) {
                    close(z, &mut open[usize::from(z)], place, before);
                }
            }
        }
        for z in least..=most {
            open[usize::from(z)].1 += u64::from(bytes);
        }
        before = Some(at);
    })?;
    if let Some(before) = before {
        for z in least..=most {
            close(z, &mut open[usize::from(z)], points.count, before);
        }
    }
    Ok(Weights { cost, zooms, heavy })
}

/// What was found for a zoom.
#[derive(Debug, Clone)]
struct Solved {
    /// The threshold that holds whether tiles are full or not.
    most: Threshold,
    /// The threshold at which each of the full tiles keeps the limits.
    each: Vec<Threshold>,
    /// Tiles that were made for trial.
    trials: u32,
    /// Bytes of the heaviest tile for a byte of its histogram, if that is known.
    ratio: Option<f64>,
}

/// Finds the threshold at which each of the full tiles of a zoom keeps the limits.
fn solve(
    question: &PointQuestion<'_>,
    weights: &Weights,
    (z, room): (u8, &Room),
    heavy: &[&Heavy],
    buckets: &[Bucket],
    found: &mut Solved,
    trial: &mut Trial<'_>,
) -> io::Result<()> {
    // A histogram is made anew each time that it is asked: there may be thousands of full tiles.
    let mut histogram = Histogram::new(question.limits);
    let most = found.most;
    let mut solved = |ratio: f64| -> Vec<Threshold> {
        let each = heavy.iter().map(|tile| {
            histogram.clear(question.limits);
            weights.each(tile, z, buckets, |bucket, bytes| {
                histogram.add(bucket, bytes);
            });
            let limits = room.of((z, tile.tile.0, tile.tile.1));
            histogram.solve(limits, ratio).min(most)
        });
        each.collect()
    };
    let below = |tile: &Heavy, threshold: Threshold| -> u64 {
        let mut sum = 0;
        weights.each(tile, z, buckets, |bucket, bytes| {
            if usize::from(bucket) < threshold {
                sum += u64::from(bytes);
            }
        });
        sum
    };
    // Text of usual names packs to about half; a trial says how it is here.
    let mut ratio = found.ratio.unwrap_or(0.5);
    if question.limits.bytes.is_some() {
        let threshold = solved(ratio).into_iter().min().unwrap_or(BUCKETS);
        let of_tiles = heavy.iter().map(|tile| (below(tile, threshold), tile));
        let heaviest = of_tiles.max_by_key(|(bytes, _)| *bytes);
        if let Some((estimate @ 1.., heaviest)) = heaviest {
            let bytes = trial(z, heaviest.points.clone(), buckets, threshold)?;
            found.trials += 1;
            #[expect(clippy::cast_precision_loss, reason = "a ratio")]
            {
                ratio = (bytes as f64 / estimate as f64).max(1e-3);
            }
            found.ratio = Some(ratio);
        }
    }
    found.each = solved(ratio);
    Ok(())
}
