//! What each zoom shows of points, lines and polygons, decided together.

use super::error::TilesError;
use super::options::Options;
use super::painter::{ClusterColumns, Item, Painter};
use super::shapes::ShapeGround;
use super::weigh::OnScale;
use crate::columns::{Chunk, Features};
use crate::plan::{
    Keep, Limits, PointPlan, PointQuestion, Room, ShapePlan, Trial, demands, plan_points,
    plan_shapes, priorities, weigh,
};

/// The number of an attribute that features have.
pub(super) fn column(features: &Features, name: &str) -> Result<u32, TilesError> {
    features
        .names
        .columns
        .find(name)
        .ok_or_else(|| TilesError::NoAttribute {
            name: name.to_owned(),
        })
}

/// Decides what each zoom shows: points, then lines and polygons.
pub(super) fn plan(
    features: &Features,
    shapes: [Option<&ShapeGround>; 2],
    clusters: Option<&ClusterColumns>,
    options: &Options,
    last: u8,
) -> Result<(PointPlan, [Option<ShapePlan>; 2]), TilesError> {
    let rank = match &options.keep {
        Keep::Densest { rank } => rank.as_deref(),
        Keep::Rank { attribute } => Some(attribute.as_str()),
        Keep::Rate { .. } => None,
    };
    let rank = rank.map(|name| column(features, name)).transpose()?;
    let many: Vec<bool> = features.many();
    let zooms = options.minzoom..=last;
    let question = PointQuestion {
        points: &features.points,
        zooms: zooms.clone(),
        keep: &options.keep,
        cluster: options.cluster.as_ref(),
        limits: options.limits,
        rank,
        many: &|column| many.get(column as usize).copied().unwrap_or(false),
        text: &|number| features.names.texts.length(number),
    };
    let (buckets, weights) = both(
        options.threads,
        || priorities(&question),
        || weigh(&question),
    );
    let (buckets, weights) = (buckets?, weights?);
    let on_scale = shapes.map(|ground| {
        ground.map(|ground| {
            let count = u32::try_from(ground.topology.features()).unwrap_or(u32::MAX);
            (OnScale::new(ground, features, options, rank), count)
        })
    });
    let kinds = usize::from(features.points.count > 0) + on_scale.iter().flatten().count();
    let rooms = if kinds > 1 {
        let of_shapes = |scale: &Option<(OnScale<'_>, u32)>| {
            let (scale, count) = scale.as_ref()?;
            Some(demands(scale, *count, zooms.clone(), options.limits))
        };
        let of_points = (features.points.count > 0).then(|| weights.demands());
        let [lines, polygons] = on_scale.each_ref().map(of_shapes);
        Room::divided(options.limits, &[of_points, lines, polygons])
    } else {
        std::array::from_fn(|_| Room::whole(options.limits))
    };
    let free = Limits {
        bytes: None,
        features: None,
    };
    let trial = || -> Trial<'_> {
        let mut painter = Painter::new(&features.names, clusters, free, options.level);
        let mut chunk = Chunk::default();
        Box::new(move |z, range, buckets, threshold| {
            #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
            features.points.load(range, &mut chunk, |place| {
                usize::from(buckets[place as usize]) < threshold
            })?;
            let items = (0..chunk.len()).map(|row| Item::Point {
                at: chunk.position(row),
                rest: chunk.rest(row),
                gathered: None,
            });
            Ok(painter.trial(z, items))
        })
    };
    let points = plan_points(
        &question,
        (buckets, weights),
        &rooms[0],
        &trial,
        options.threads,
    )?;
    let [lines, polygons] = on_scale;
    let of_shapes = |scale: Option<(OnScale<'_>, u32)>, room: &Room| {
        let (scale, count) = scale?;
        let (keep, threads) = (&options.keep, options.threads);
        Some(plan_shapes(
            &scale,
            count,
            zooms.clone(),
            keep,
            room,
            threads,
        ))
    };
    Ok((
        points,
        [of_shapes(lines, &rooms[1]), of_shapes(polygons, &rooms[2])],
    ))
}

/// Does both, at the same time where there are threads for it.
fn both<A: Send, B>(
    threads: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    if threads <= 1 {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (one, other)
    })
}
