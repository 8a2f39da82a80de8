//! Names outside of their areas, with a thin line to each; lines that would cross are uncrossed.

use geo::{Coord, Intersects, Line};
use layers::map::Label;

use super::block::{Align, Block, DOT_MM, Mark};
use super::collision::{Obstacle, Owner};
use super::room::Room;
use super::{Labeller, distance};
use crate::raster::page_box::PageBox;
use crate::raster::text::Type;

/// How far from its area a name may stand.
const REACH_MM: (f64, f64) = (4.0, 26.0);
/// The same of a point.
const POINT_REACH_MM: (f64, f64) = (3.5, 17.5);
/// What a mm of river below a name costs.
const RIVER: f64 = 0.6;
/// Two names change places when their leaders together are this much shorter then.
const SHORTER: f64 = 0.85;
/// Later names keep off a leader as far as boxes of this side can say it.
const LINE_MM: f64 = 0.4;

/// A name with a leader.
pub(super) struct Led<'a> {
    /// Its number among the names that are placed.
    name: usize,
    label: &'a Label,
    /// What it prints.
    text: String,
    block: Block,
    halo_mm: f64,
    /// Where its line leads.
    target: Coord<f64>,
    place: PageBox,
}

impl Led<'_> {
    /// Where the line leaves a box with the name.
    fn start(&self, place: PageBox) -> Coord<f64> {
        self.block.leaves(place, self.target)
    }

    fn line(&self) -> Line<f64> {
        Line::new(self.start(self.place), self.target)
    }

    /// The boxes that keep others off the line.
    fn line_boxes(&self) -> impl Iterator<Item = PageBox> + use<> {
        let (from, to, place) = (self.start(self.place), self.target, self.place);
        (0..12).filter_map(move |step| {
            let p = to + (from - to) * (f64::from(step) / 12.0);
            let side = if step == 0 { DOT_MM * 2.0 } else { LINE_MM };
            (!place.holds_point(p)).then(|| PageBox::centred(p, side, side))
        })
    }
}

/// The point of a disc's rim, a little off it, towards another.
fn edge_towards(centre: Coord<f64>, radius: f64, to: Coord<f64>) -> Coord<f64> {
    const OFF_MM: f64 = 0.3;
    if radius == 0.0 {
        return centre;
    }
    let way = to - centre;
    let length = way.x.hypot(way.y).max(f64::MIN_POSITIVE);
    centre + way * ((radius + OFF_MM) / length)
}

impl<'a> Labeller<'a> {
    /// Places a name outside of its area, with a thin line to it.
    pub(super) fn place_with_leader(
        &mut self,
        label: &'a Label,
        room: &Room,
        style: Type,
        halo_mm: f64,
    ) -> bool {
        // No name stands on the dot.
        let free = |dot: PageBox| self.occupied.is_free(dot, 0.0).then_some(0.0);
        let dot = room.best((DOT_MM * 2.0, DOT_MM * 2.0), 0.0, free);
        let target = dot.unwrap_or_else(|| room.pole());
        let text: Vec<&str> = label.text.split('\n').collect();
        let block = self.dress(
            label,
            Block::of_lines(self.typesetter, &text, style, Align::Left),
        );
        let cost = |place: PageBox| {
            // On other fills a name would seem to be theirs.
            self.obstacles.cost(place.grown(1.0), |kind, _| {
                f64::from(kind == Obstacle::Edge)
            }) + self.underlay.theme_share(place.grown(0.5)) * 60.0
        };
        let Some(place) = self.beyond(target, 0.0, &block, (REACH_MM, &cost)) else {
            return false;
        };
        let led = Led {
            name: self.placement.names.len(),
            label,
            text: label.text.clone(),
            block,
            halo_mm,
            target,
            place,
        };
        self.settle_led(&led);
        self.led.push(led);
        true
    }

    /// Places the name of a point of a radius away from it, with a thin line to the symbol.
    pub(super) fn place_point_with_leader(
        &mut self,
        (label, text): (&'a Label, &str),
        block: Block,
        (at, radius): (Coord<f64>, f64),
        halo_mm: f64,
    ) -> bool {
        let Some(place) = self.beyond(at, radius, &block, (POINT_REACH_MM, &|_| 0.0)) else {
            return false;
        };
        let led = Led {
            name: self.placement.names.len(),
            label,
            text: text.to_owned(),
            target: edge_towards(at, radius, block.leaves(place, at)),
            block,
            halo_mm,
            place,
        };
        self.settle_led(&led);
        true
    }

    /// The best place of a block away from a disc, with a free line to it; `more` is added to what it costs.
    fn beyond(
        &self,
        target: Coord<f64>,
        radius: f64,
        block: &Block,
        ((least, most), more): ((f64, f64), &dyn Fn(PageBox) -> f64),
    ) -> Option<PageBox> {
        const DIRECTIONS: u32 = 24;
        const STEP_MM: f64 = 2.0;
        let mut best: Option<(f64, PageBox)> = None;
        for direction in 0..DIRECTIONS {
            let angle = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
            let mut reach = least;
            while reach <= most {
                // The edge of the block, not its middle, is `reach` away.
                let along = reach
                    + (angle.cos() * block.width / 2.0).abs()
                    + (angle.sin() * block.height / 2.0).abs();
                let centre = Coord {
                    x: target.x + angle.cos() * along,
                    y: target.y + angle.sin() * along,
                };
                let place = block.box_at(centre);
                reach += STEP_MM;
                let anchor = block.anchor(place);
                let start = block.leaves(place, target);
                if !self.is_free(place)
                    || !self.line_is_free(edge_towards(target, radius, start), start)
                {
                    continue;
                }
                let cost = distance(target, anchor) * 0.8
                    + self.cost(place, Owner::Ground, RIVER)
                    + more(place);
                if best.is_none_or(|(other, _)| cost < other) {
                    best = Some((cost, place));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    /// Puts a name with its leader where it belongs; later names keep off both.
    fn settle_led(&mut self, led: &Led<'_>) {
        let marks = self.led_marks(led);
        self.record(&led.text, vec![led.place], marks);
        for area in led.line_boxes() {
            self.occupied.take(area);
        }
    }

    /// Changes the places of two names whose leaders cross, or are much shorter then: each then stands on the side of its own
    /// area. A change shortens the leaders together, so it ends.
    pub(super) fn uncross_leaders(&mut self) {
        let mut led = std::mem::take(&mut self.led);
        let mut again = true;
        while again {
            again = false;
            for second in 1..led.len() {
                let (before, from) = led.split_at_mut(second);
                for first in before {
                    let second = &mut from[0];
                    again |= self.exchange(first, second);
                }
            }
        }
        self.led = led;
    }

    /// Gives each of two names the place of the other, where both have room there and the leaders are shorter.
    fn exchange(&mut self, first: &mut Led<'a>, second: &mut Led<'a>) -> bool {
        let old = (first.place, second.place);
        let length = |a: &Led<'_>, b: &Led<'_>| {
            distance(a.place.centre(), a.target) + distance(b.place.centre(), b.target)
        };
        let crossed = first.line().intersects(&second.line());
        let most = length(first, second) * if crossed { 1.0 } else { SHORTER };
        for led in [&*first, &*second] {
            self.occupied.release(led.place);
            for area in led.line_boxes() {
                self.occupied.release(area);
            }
        }
        first.place = first.block.box_at(old.1.centre());
        second.place = second.block.box_at(old.0.centre());
        let free = [&*first, &*second].iter().all(|led| {
            self.is_free(led.place) && self.line_is_free(led.target, led.start(led.place))
        });
        let better = free
            && !first.place.meets(second.place)
            && length(first, second) < most - 1e-6
            && !first.line().intersects(&second.line());
        if !better {
            (first.place, second.place) = old;
        }
        for led in [&*first, &*second] {
            self.occupied.take(led.place);
            for area in led.line_boxes() {
                self.occupied.take(area);
            }
            if better {
                self.placement.names[led.name].boxes = vec![led.place];
                self.placement.marks[led.name] = self.led_marks(led);
            }
        }
        better
    }

    fn led_marks(&self, led: &Led<'_>) -> Vec<Mark> {
        let mut marks = self.marks(&led.block, led.place, led.label.colour, led.halo_mm);
        // A name over the very place needs no line to it.
        if !led.place.grown(LINE_MM).holds_point(led.target) {
            let (colour, halo) = self.colours(led.label.colour, led.place);
            let leader = Mark::Leader {
                from: led.start(led.place),
                to: led.target,
                colour,
                halo,
            };
            marks.insert(0, leader);
        }
        marks
    }

    fn line_is_free(&self, from: Coord<f64>, to: Coord<f64>) -> bool {
        (2..20).all(|step| {
            let p = from + (to - from) * (f64::from(step) / 20.0);
            self.occupied.is_free(PageBox::centred(p, 0.2, 0.2), 0.2)
        })
    }
}
