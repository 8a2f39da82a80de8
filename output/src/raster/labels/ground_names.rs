//! Names of the neighbours: provinces, prefectures, counties.

use geo::Area;
use layers::NameSizes;
use layers::style::BorderLevel;

use super::block::{Align, Block};
use super::collision::Owner;
use super::room::{Cover, Room};
use super::way_names::is_wide;
use super::{FRAME_GAP_MM, Labeller};
use crate::raster::scene::Shape;
use crate::raster::text::{Type, Typeface};

/// An area of the theme with this share of the map is the ground of it: names keep out of smaller ones.
const MOST_AVOIDED: f64 = 0.6;
/// The least room between such a name and any edge.
const EDGE_GAP_MM: f64 = 0.5;
const HALO_MM: f64 = 0.3;

fn style(level: BorderLevel, sizes: NameSizes) -> Type {
    let regular = |size| Type::new(Typeface::Regular, size);
    match level {
        BorderLevel::Province => regular(sizes.ground_province).tracked(0.85),
        BorderLevel::Prefecture => regular(sizes.ground_prefecture).tracked(0.2),
        BorderLevel::County => regular(sizes.ground_county),
    }
}

/// A long name in two lines: 石柱土家族 / 自治县.
fn in_two(name: &str) -> Option<(&str, &str)> {
    const LONG: usize = 6;
    if !name.chars().all(is_wide) {
        return None;
    }
    let count = name.chars().count();
    let half = name.char_indices().nth(count.div_ceil(2)).map(|(at, _)| at);
    (count >= LONG)
        .then(|| name.find("自治").or(half))
        .flatten()
        .map(|at| name.split_at(at))
}

impl Labeller<'_> {
    pub(super) fn place_ground(&mut self) {
        let frame = self.scene.frame();
        let most = frame.width() * frame.height() * MOST_AVOIDED;
        let covers = std::mem::take(&mut self.covers);
        let covers = covers.into_iter().zip(&self.scene.drawings);
        let theme: Vec<Cover> = covers
            .filter_map(|(cover, placed)| match &placed.shape {
                Shape::Area(area) if area.unsigned_area() < most => cover,
                _ => None,
            })
            .collect();
        let within = self.scene.frame().grown(-FRAME_GAP_MM);
        for level in [
            BorderLevel::Province,
            BorderLevel::Prefecture,
            BorderLevel::County,
        ] {
            for (unit, area) in self.scene.named().filter(|(unit, _)| unit.level == level) {
                let room =
                    Cover::new(area).and_then(|cover| Room::new(&cover, theme.iter(), within));
                let Some(room) = room else { continue };
                let block = |lines: &[&str]| {
                    Block::of_lines(
                        self.typesetter,
                        lines,
                        self.sized(style(level, self.scene.look.names)),
                        Align::Centre,
                    )
                };
                let mut shapes = vec![block(&[&unit.name])];
                if let Some((first, second)) = in_two(&unit.name) {
                    shapes.push(block(&[first, second]));
                }
                let needed = shapes[0].width * shapes[0].height;
                let place = shapes.into_iter().find_map(|block| {
                    let centre = room.best((block.width, block.height), EDGE_GAP_MM, |place| {
                        self.is_free(place)
                            .then(|| self.cost(place, Owner::Ground, 0.6) + self.crowding(place))
                    })?;
                    Some((block.box_at(centre), block))
                });
                match place {
                    Some((place, block)) => {
                        self.settle(
                            &unit.name,
                            &block,
                            place,
                            Some(self.scene.look.theme.gray_name),
                            HALO_MM,
                        );
                    }
                    // A sliver at the frame is not missed.
                    None if room.size > needed * 3.0 => {
                        self.placement.dropped.push(unit.name.clone());
                    }
                    None => {}
                }
            }
        }
    }
}
