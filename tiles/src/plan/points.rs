//! From which zoom on each point is shown.

use std::io;
use std::ops::Range;

use super::histogram::{Histogram, Threshold};
use super::priority::{self, BUCKETS, Bucket, STEPS};
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
    pub(crate) many: &'a dyn Fn(u32) -> bool,
    /// Length of a text.
    pub(crate) text: &'a dyn Fn(u32) -> usize,
}

/// A tile that may be too full.
struct Heavy {
    /// Column and row.
    tile: (u32, u32),
    points: Range<u64>,
}

/// Makes the tile of a zoom that holds a range of points, of those below a threshold, and returns its bytes.
pub(crate) type Trial<'a> = dyn FnMut(u8, Range<u64>, &[Bucket], Threshold) -> io::Result<u64> + 'a;

/// Decides from which zoom on points are shown.
pub(crate) fn plan_points(
    question: &PointQuestion<'_>,
    trial: &mut Trial<'_>,
) -> io::Result<PointPlan> {
    let points = question.points;
    let (least, most) = (*question.zooms.start(), *question.zooms.end());
    let buckets = match (question.cluster, question.keep) {
        (Some(_), _) | (None, Keep::Densest { .. }) => priority::densest(points, question.rank)?,
        (None, Keep::Rate { .. }) => priority::rate(points.count),
        (None, Keep::Rank { .. }) => priority::by_score(&priority::scores(points, question.rank)?),
    };
    let weights = weigh(question)?;
    // Even spacing gives way where it is dense by itself; other priorities would let one crowded tile empty the whole zoom.
    let over_space = question.cluster.is_none() && !matches!(question.keep, Keep::Densest { .. });
    let mut local = vec![Thresholds::default(); usize::from(most) + 1];
    let mut thresholds = vec![BUCKETS; usize::from(most) + 1];
    let mut cluster_depth = vec![None; usize::from(most) + 1];
    let mut trials = 0;
    let mut deeper = BUCKETS;
    for z in (least..=most).rev() {
        let heavy = &weights.heavy[usize::from(z)];
        let mut threshold = deeper;
        if let Keep::Rate {
            divisor: Some(divisor),
        } = question.keep
            && question.cluster.is_none()
        {
            threshold = threshold.min(share_of(divisor.powi(-i32::from(most - z))));
        }
        let clustered = question.cluster.filter(|_| z < most);
        if let Some(cluster) = clustered {
            threshold = threshold.min(cluster_threshold(z, cluster));
        }
        if !heavy.is_empty() {
            let solved = solve(
                question,
                &weights,
                z,
                heavy,
                &buckets,
                threshold,
                trial,
                &mut trials,
            )?;
            if over_space {
                local[usize::from(z)] = heavy.iter().map(|tile| tile.tile).zip(solved).collect();
            } else {
                threshold = solved.into_iter().fold(threshold, Threshold::min);
            }
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
        space::shown_from(points, &buckets, &thresholds, &local, least..=most)?
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

/// What each point adds to a tile, and which tiles may be too full.
struct Weights {
    cost: Vec<u16>,
    /// Zooms of each point where any has less than all; empty otherwise.
    zooms: Vec<u32>,
    heavy: Vec<Vec<Heavy>>,
}

impl Weights {
    #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
    fn histogram(&self, tile: &Heavy, z: u8, buckets: &[Bucket]) -> Histogram {
        let mut histogram = Histogram::new();
        let places = tile.points.start as usize..tile.points.end as usize;
        let own = self.cost[places.clone()]
            .iter()
            .zip(&buckets[places.clone()]);
        for (place, (&cost, &bucket)) in places.zip(own) {
            if self.zooms.is_empty() || self.zooms[place] >> z & 1 == 1 {
                histogram.add(bucket, u32::from(cost));
            }
        }
        histogram
    }
}

/// Bytes of a tag's numbers and of a point's frame in a tile that is nearly full.
const TAG: u32 = 3;
const FRAME: u32 = 13;

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths of values, cut to what a tile can hold anyway"
)]
fn weigh(question: &PointQuestion<'_>) -> io::Result<Weights> {
    let points = question.points;
    let (least, most) = (*question.zooms.start(), *question.zooms.end());
    let mut cost: Vec<u16> = Vec::with_capacity(points.count as usize);
    let mut zooms: Vec<u32> = Vec::new();
    let mut heavy: Vec<Vec<Heavy>> = (0..=most).map(|_| Vec::new()).collect();
    // The open tile of each zoom: where it begins, its bytes.
    let mut open = vec![(0u64, 0u64); usize::from(most) + 1];
    let most_bytes = question.limits.bytes.unwrap_or(u64::MAX);
    let most_features = question.limits.features.unwrap_or(u64::MAX);
    let mut close = |z: u8, open: &mut (u64, u64), end: u64, at: WorldPoint| {
        if open.1 > most_bytes / 2 || end - open.0 > most_features {
            let tile = TileCoord::of(z, at);
            heavy[usize::from(z)].push(Heavy {
                tile: (tile.x(), tile.y()),
                points: open.0..end,
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
                    Value::Text(number) => (question.text)(number).min(1 << 15) as u32,
                    Value::Int(_) | Value::Uint(_) => 4,
                    Value::Double(_) => 8,
                    Value::Bool(_) => 0,
                };
            }
        }
        cost.push(bytes.min(u32::from(u16::MAX)) as u16);
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

/// The threshold at which each of the full tiles of a zoom keeps the limits.
#[expect(
    clippy::too_many_arguments,
    reason = "one step of a plan; its state is nobody else's"
)]
fn solve(
    question: &PointQuestion<'_>,
    weights: &Weights,
    z: u8,
    heavy: &[Heavy],
    buckets: &[Bucket],
    most: Threshold,
    trial: &mut Trial<'_>,
    trials: &mut u32,
) -> io::Result<Vec<Threshold>> {
    let histograms: Vec<Histogram> = heavy
        .iter()
        .map(|tile| weights.histogram(tile, z, buckets))
        .collect();
    let solved = |ratio: f64| -> Vec<Threshold> {
        let each = histograms
            .iter()
            .map(|tile| tile.solve(question.limits, ratio));
        each.map(|threshold| threshold.min(most)).collect()
    };
    // Text of usual names packs to about half; two trials say how it is here.
    let mut ratio = 0.5;
    if question.limits.bytes.is_some() {
        for _ in 0..2 {
            let threshold = solved(ratio).into_iter().min().unwrap_or(BUCKETS);
            let heaviest =
                (0..heavy.len()).max_by_key(|&tile| histograms[tile].bytes_below(threshold));
            let Some(heaviest) = heaviest else { break };
            let estimate = histograms[heaviest].bytes_below(threshold);
            if estimate == 0 {
                break;
            }
            let bytes = trial(z, heavy[heaviest].points.clone(), buckets, threshold)?;
            *trials += 1;
            #[expect(clippy::cast_precision_loss, reason = "a ratio")]
            {
                ratio = (bytes as f64 / estimate as f64).max(1e-3);
            }
        }
    }
    Ok(solved(ratio))
}
