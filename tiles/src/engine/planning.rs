//! What each zoom shows of points, lines and polygons, decided together.

use super::crowd;
use super::error::TilesError;
use super::options::Options;
use super::painter::{ClusterColumns, Item, Painter};
use super::shapes::ShapeGround;
use super::weigh::OnScale;
use super::work::summaries;
use crate::columns::{Chunk, Features, OWN};
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

/// Attribute with the number of points that a cluster stands for.
pub(super) const CLUSTER_COUNT: &str = "point_count";
/// Attribute that says that a feature stands for more than one point.
pub(super) const CLUSTERED: &str = "clustered";

/// Attribute with the number of polygons that one stands for.
pub(super) const POLYGON_COUNT: &str = "polygon_count";

/// The columns of clusters, and those that their attributes come from.
pub(super) fn cluster_columns(
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
        count: Some(features.names.columns.number(CLUSTER_COUNT)),
        clustered: Some(features.names.columns.number(CLUSTERED)),
        attributes,
    }))
}

/// The columns of polygons that others were joined to, where any are asked for.
pub(super) fn joined_columns(
    features: &mut Features,
    options: &Options,
) -> Result<Option<ClusterColumns>, TilesError> {
    let Some(join) = options.join_smallest.as_ref() else {
        return Ok(None);
    };
    if join.sums.is_empty() && !join.count {
        return Ok(None);
    }
    let sums = join.sums.iter().map(|name| column(features, name));
    let sums: Vec<u32> = sums.collect::<Result<_, _>>()?;
    let count = join
        .count
        .then(|| features.names.columns.number(POLYGON_COUNT));
    Ok(Some(ClusterColumns {
        count,
        clustered: None,
        attributes: summaries(&sums, &[]),
    }))
}

/// Decides what each zoom shows. Where polygons are to be joined rather than left out, more of them become small until tiles have room.
pub(super) fn planned(
    features: &Features,
    shapes: &mut [Option<ShapeGround>; 2],
    gathering: [Option<&ClusterColumns>; 2],
    options: &Options,
    last: u8,
) -> Result<(PointPlan, [Option<ShapePlan>; 2]), TilesError> {
    for round in 0.. {
        let grounds = shapes.each_ref().map(Option::as_ref);
        let (points, plans) = plan(features, grounds, gathering, options, last)?;
        let polygons = shapes[1].as_mut().zip(plans[1].as_ref());
        let more = options.join_smallest.is_some() && round < crowd::MOST_ROUNDS;
        if let Some((ground, plan)) = polygons.filter(|_| more)
            && crowd::join_more(ground, plan, options, last)
        {
            ground.note_gathered(gathering[1], last);
            continue;
        }
        return Ok((points, plans));
    }
    unreachable!("rounds are counted")
}

/// Decides what each zoom shows: points, then lines and polygons.
fn plan(
    features: &Features,
    shapes: [Option<&ShapeGround>; 2],
    [clusters, joined]: [Option<&ClusterColumns>; 2],
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
        text: &|number| match number & OWN {
            0 => features.names.texts.length(number),
            // The text stands in the row.
            _ => (number & !OWN) as usize,
        },
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
            (OnScale::new(ground, features, joined, options, rank), count)
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
        let mut painter = Painter::new(&features.names, [clusters, joined], free, options.level);
        let mut chunk = Chunk::default();
        Box::new(move |z, range, buckets, threshold| {
            #[expect(clippy::cast_possible_truncation, reason = "places in memory")]
            features
                .points
                .load(range, &features.names.texts, &mut chunk, |place| {
                    usize::from(buckets[place as usize]) < threshold
                })?;
            let items = (0..chunk.len()).map(|row| Item::Point {
                at: chunk.position(row),
                rest: chunk.rest(row),
                own: chunk.own_texts(),
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
