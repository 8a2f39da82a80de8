//! Names inside areas.

use layers::map::{Label, LabelRank};

use super::block::{Align, Block};
use super::collision::Owner;
use super::point_names::natural_box;
use super::room::{Cover, Room};
use super::way_names::is_wide;
use super::{FRAME_GAP_MM, Labeller, SMALLER, one_line};
use crate::raster::areas::is_hatched;
use crate::raster::page_box::PageBox;
use crate::raster::scene::Shape;
use crate::raster::text::Type;

/// The least room between a name and the border of its area: what is wanted, and what is taken when nothing has it.
const BORDER_GAPS_MM: [f64; 2] = [0.6, 0.25];
/// What it costs a name to stand where one of lower rank would like to.
const WISH: f64 = 1.2;
/// What a mm of river below a name costs; less for the large names of platforms, which have little choice.
const RIVER: f64 = 0.6;
const BADGED_RIVER: f64 = 0.25;

impl<'a> Labeller<'a> {
    /// Places the name of an area: as it is, in two lines, upright, smaller, beside it with a leader, or not at all. One
    /// that need not be there is placed as it is or not at all.
    pub(super) fn place_area(&mut self, index: usize, label: &'a Label, must: bool) -> bool {
        let measured = self.rooms[index].take();
        let Some(room) = measured.or_else(|| self.room(index)) else {
            return false;
        };
        let look = self.look(
            label.rank,
            &self.scene.drawings[index].drawing.symbol,
            &label.text,
        );
        let own = Owner::Drawing(index);
        let shapes = self.shapes(label, look.style);
        let ways = BORDER_GAPS_MM
            .iter()
            .flat_map(|gap| shapes.iter().map(move |block| (*gap, block)));
        for (gap, block) in ways.take(if must { usize::MAX } else { 1 }) {
            let best = room.best((block.width, block.height), gap, |place| {
                let rivers = if label.badge.is_some() {
                    BADGED_RIVER
                } else {
                    RIVER
                };
                let wished = self.wished(place, label.rank);
                self.is_free(place)
                    .then(|| self.cost(place, own, rivers) + self.crowding(place) + wished)
            });
            if let Some(centre) = best {
                let place = block.box_at(centre);
                self.settle(&label.text, block, place, label.colour, look.halo_mm);
                return true;
            }
        }
        let leads = matches!(
            label.rank,
            LabelRank::Core | LabelRank::Platform | LabelRank::Member
        );
        must && leads && self.place_with_leader(label, &room, look.style, look.halo_mm)
    }

    /// The room for the name of an area.
    fn room(&self, index: usize) -> Option<Room> {
        // Hatching is painted over all others, so nothing hides it.
        let above = if is_hatched(&self.scene.drawings[index].drawing.symbol) {
            &[]
        } else {
            let first = self.hiding.partition_point(|other| *other <= index);
            &self.hiding[first..]
        };
        let within = self.scene.frame().grown(-FRAME_GAP_MM);
        let above = above
            .iter()
            .filter_map(|other| self.covers[*other].as_ref());
        Room::new(self.covers[index].as_ref()?, above, within)
    }

    /// What areas cover, and where each name of the lowest rank would stand if it were alone: those of higher rank leave
    /// these places to them when it costs them little.
    pub(super) fn measure_rooms(&mut self) {
        let covers = self
            .scene
            .drawings
            .iter()
            .map(|placed| match &placed.shape {
                Shape::Area(area) => Cover::new(area),
                _ => None,
            });
        let covers: Vec<Option<Cover>> = covers.collect();
        let hides = |index: &usize| covers[*index].is_some() && self.scene.hides(*index);
        self.hiding = (0..covers.len()).filter(hides).collect();
        self.covers = covers;
        let labels = self.scene.drawings.iter();
        let labels = labels.filter_map(|placed| placed.drawing.label.as_ref());
        let highest = labels.map(|label| label.rank).min();
        for (index, placed) in self.scene.drawings.iter().enumerate() {
            let mut room = None;
            if let Some(label) = &placed.drawing.label {
                let look = self.look(label.rank, &placed.drawing.symbol, &label.text);
                let text: Vec<&str> = label.text.split('\n').collect();
                let size = || {
                    let block = Block::of_lines(self.typesetter, &text, look.style, Align::Centre);
                    (block.width, block.height)
                };
                match &placed.shape {
                    // Of names that are all alike none leaves its place.
                    Shape::Area(_)
                        if label.rank == LabelRank::County && highest < Some(label.rank) =>
                    {
                        room = self.room(index);
                        if let Some(room) = &room
                            && let (width, height) = size()
                            && let Some(centre) = room.best((width, height), 0.0, |_| Some(0.0))
                        {
                            self.wishes
                                .push((label.rank, PageBox::centred(centre, width, height)));
                        }
                    }
                    Shape::Points(at) => {
                        let boxes = at
                            .iter()
                            .map(|p| natural_box(*p, &placed.drawing.symbol, size()));
                        self.wishes.extend(boxes.map(|area| (label.rank, area)));
                    }
                    Shape::Area(_) | Shape::Course(_) | Shape::Lines(_) => {}
                }
            }
            self.rooms.push(room);
        }
    }

    /// What it costs to stand where names of lower rank would like to.
    fn wished(&self, area: PageBox, rank: LabelRank) -> f64 {
        let others = self
            .wishes
            .iter()
            .filter(|(other, wish)| *other > rank && wish.meets(area.grown(0.6)));
        others.map(|_| WISH).sum()
    }

    /// The shapes of a name, the best first.
    fn shapes(&self, label: &Label, style: Type) -> Vec<Block> {
        let align = if label.badge.is_some() {
            Align::Left
        } else {
            Align::Centre
        };
        let given: Vec<&str> = label.text.split('\n').collect();
        let joined = one_line(&label.text);
        let mut shapes = Vec::new();
        for style in [style, style.sized(style.size_pt * SMALLER)] {
            let block = |lines: &[&str]| {
                self.dress(label, Block::of_lines(self.typesetter, lines, style, align))
            };
            shapes.push(block(&given));
            if given.len() > 1 {
                shapes.push(block(&[&joined]));
                continue;
            }
            let count = joined.chars().count();
            // Letters are neither parted in the middle of a word nor set in a column.
            if !joined.chars().all(is_wide) {
                if let Some((first, second)) = joined.split_once(' ') {
                    shapes.push(block(&[first, second]));
                }
                continue;
            }
            if count >= 4
                && let Some((middle, _)) = joined.char_indices().nth(count.div_ceil(2))
            {
                let (first, second) = joined.split_at(middle);
                shapes.push(block(&[first, second]));
            }
            if label.badge.is_none() && label.note.is_none() {
                shapes.push(Block::upright(self.typesetter, &joined, style));
            }
        }
        shapes
    }

    pub(super) fn dress(&self, label: &Label, mut block: Block) -> Block {
        if let Some(number) = label.badge {
            block = block.with_badge(number);
        }
        if let Some(note) = &label.note {
            block = block.with_note(self.typesetter, note, self.note());
        }
        block
    }
}
