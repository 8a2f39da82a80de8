//! Names beside points.

use geo::Coord;
use layers::map::Label;
use layers::style::Symbol;

use super::block::{Align, Block};
use super::collision::Owner;
use super::way_names::is_wide;
use super::{Labeller, SMALLER};
use crate::raster::inset;
use crate::raster::page_box::PageBox;
use crate::raster::symbols::{radius_at, radius_mm};

/// Room between a symbol and its name: tried in this order.
const GAPS_MM: [f64; 2] = [0.45, 0.9];

/// The title of a part that an inset shows: its distance from the outline, and its halo.
const TITLE_GAP_MM: f64 = 0.7;
const TITLE_HALO_MM: f64 = 0.4;

/// The eight places around a point, the best first: east, north-east, south-east, west, north-west, south-west,
/// north, south.
const PLACES: [(f64, f64); 8] = [
    (1.0, 0.0),
    (1.0, -1.0),
    (1.0, 1.0),
    (-1.0, 0.0),
    (-1.0, -1.0),
    (-1.0, 1.0),
    (0.0, -1.0),
    (0.0, 1.0),
];

/// Where the name of a point stands when nothing is in its way.
pub(super) fn natural_box(at: Coord<f64>, symbol: &Symbol, size: (f64, f64)) -> PageBox {
    box_beside(
        at,
        radius_mm(symbol).unwrap_or(0.0),
        GAPS_MM[0],
        size,
        PLACES[0],
    )
}

/// The box of a block at one of the eight places around a point with a symbol of a radius.
fn box_beside(
    at: Coord<f64>,
    radius: f64,
    gap: f64,
    (width, height): (f64, f64),
    (x, y): (f64, f64),
) -> PageBox {
    // In the corners the name starts where the circle has already turned away.
    let slant = if x != 0.0 && y != 0.0 {
        std::f64::consts::FRAC_1_SQRT_2
    } else {
        1.0
    };
    let side = |sign: f64, size: f64, slant: f64| sign * (size / 2.0 + (radius + gap) * slant);
    let centre = Coord {
        x: at.x + side(x, width, if y == 0.0 { 1.0 } else { slant }),
        y: at.y + side(y, height, slant),
    };
    PageBox::centred(centre, width, height)
}

impl<'a> Labeller<'a> {
    /// Places the titles of the parts that insets show, each above, below or beside its part.
    pub(super) fn place_titles(&mut self, titles: &[(&str, PageBox)]) {
        let style = self.sized(inset::TITLE);
        let ink = self.scene.look.theme.ink;
        for (title, part) in titles {
            let block = Block::of_lines(self.typesetter, &[title], style, Align::Left);
            let (width, height, gap) = (block.width, block.height, TITLE_GAP_MM);
            let (above, below) = (part.top - gap - height, part.bottom + gap);
            let end = part.right - width;
            let middle = part.centre().y - height / 2.0;
            let places = [
                (part.left, above),
                (end, above),
                (part.left, below),
                (end, below),
                (part.right + gap, middle),
                (part.left - gap - width, middle),
            ];
            let places = places.map(|(left, top)| PageBox::new(left, top, width, height));
            let free = (0_u32..)
                .zip(places)
                .filter(|(_, area)| self.is_free(*area));
            let cost = |(order, area): &(u32, PageBox)| {
                f64::from(*order) * 0.8 + self.cost(*area, Owner::Ground, 0.6)
            };
            let best = free.min_by(|a, b| cost(a).total_cmp(&cost(b)));
            if let Some((_, area)) = best {
                self.settle(title, &block, area, Some(ink), TITLE_HALO_MM);
            }
        }
    }

    /// Places the name of a point at the cheapest of its eight places.
    pub(super) fn place_point(
        &mut self,
        label: &'a Label,
        symbol: &Symbol,
        at: Coord<f64>,
    ) -> bool {
        let look = self.look(label.rank, symbol, &label.text);
        let radius = radius_at(self.scene, symbol, at).unwrap_or(0.0);
        let text: Vec<&str> = label.text.split('\n').collect();
        let small = look.style.sized(look.style.size_pt * SMALLER);
        let mut shapes = vec![(text.clone(), look.style), (text.clone(), small)];
        // Of several things at one place the first stands for all where there is no room for more.
        let first = first_of_several(label);
        if let Some(first) = &first {
            shapes.extend([look.style, small].map(|style| (vec![first.as_str()], style)));
        }
        for (text, style) in shapes {
            let mut block = Block::of_lines(self.typesetter, &text, style, Align::Left);
            if let Some(number) = label.badge {
                block = block.with_badge(number);
            }
            if let Some(note) = &label.note {
                block = block.with_note(self.typesetter, note, self.note());
            }
            let mut best: Option<(f64, PageBox)> = None;
            for (later, gap) in (0_u32..).zip(GAPS_MM) {
                for (order, place) in (0_u32..).zip(PLACES) {
                    let area = box_beside(at, radius, gap, (block.width, block.height), place);
                    if !self.is_free(area) {
                        continue;
                    }
                    let cost = f64::from(order) * 0.8
                        + f64::from(later) * 0.5
                        + self.cost(area, Owner::Ground, 0.6);
                    if best.is_none_or(|(other, _)| cost < other) {
                        best = Some((cost, area));
                    }
                }
            }
            if let Some((_, area)) = best {
                self.settle(&text.join("\n"), &block, area, label.colour, look.halo_mm);
                return true;
            }
        }
        // In an inset there is room beyond the crowd.
        let one = first.unwrap_or_else(|| label.text.clone());
        let lines: Vec<&str> = one.split('\n').collect();
        let block = Block::of_lines(self.typesetter, &lines, small, Align::Left);
        self.inset.is_some()
            && self.place_point_with_leader((label, &one), block, (at, radius), look.halo_mm)
    }
}

/// The first of the names at one place, with a word that there are more; `None` where there is one only.
fn first_of_several(label: &Label) -> Option<String> {
    let (first, _) = label.text.split_once('\n')?;
    let and_more = if first.chars().any(is_wide) {
        " 等"
    } else {
        " etc."
    };
    (label.names.len() > 1).then(|| format!("{first}{and_more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_touches_the_symbol_and_none_is_twice() {
        let at = Coord { x: 50.0, y: 50.0 };
        let boxes = PLACES.map(|place| box_beside(at, 3.0, 0.45, (12.0, 4.0), place));
        for (index, area) in boxes.iter().enumerate() {
            let nearest = Coord {
                x: at.x.clamp(area.left, area.right),
                y: at.y.clamp(area.top, area.bottom),
            };
            let away = (nearest.x - at.x).hypot(nearest.y - at.y);
            assert!(
                (2.9..3.6).contains(&away),
                "place {index} is {away} mm away"
            );
            assert!(boxes[..index].iter().all(|other| other != area));
        }
        assert!(boxes[0].left > at.x && boxes[3].right < at.x && boxes[6].bottom < at.y);
    }
}
