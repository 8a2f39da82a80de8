//! Names along axes and in pills on corridors.

use std::f64::consts::PI;

use geo::{Coord, LineString};
use layers::map::{Label, LabelRank};
use layers::style::{Colour, Symbol};

use super::block::{Align, Block, Mark};
use super::collision::{Obstacle, Owner};
use super::rivers::{normal, reading};
use super::{Labeller, SMALLER, distance, one_line};
use crate::raster::colour::{ink_on, readable_on_all};
use crate::raster::page_box::PageBox;
use crate::raster::spline::{Course, round_corners};
use crate::raster::text::{HAN_MIDDLE_EM, Run, Type, Typesetter};
use crate::raster::thinning;

/// Where on a corridor its pill stands: these shares of its length, the best first.
const PILL_PLACES: [f64; 11] = [0.35, 0.32, 0.38, 0.3, 0.4, 0.43, 0.46, 0.5, 0.55, 0.6, 0.26];
/// Room between the text of a pill and its border.
const PILL_PAD_MM: (f64, f64) = (1.9, 0.8);
/// Where along a line its name stands beside it, the best first.
const BESIDE_PLACES: [f64; 15] = [
    0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.46, 0.54, 0.22, 0.78, 0.15, 0.85, 0.08, 0.92,
];
/// The most of a line that a name along it takes.
const MOST_OF_AXIS: f64 = 1.1;
/// Room between a line and the name beside it.
const BESIDE_GAP_MM: f64 = 0.8;
/// How far the name of an axis may be shifted from its line, the best first.
const AXIS_SHIFTS_MM: [f64; 7] = [0.0, 3.6, -3.6, 2.4, -2.4, 4.8, -4.8];
/// And along it, from one place to the next, what a mm costs, and the most that this costs.
const SLIDE_MM: f64 = 4.0;
const SLIDE_COST: (f64, f64) = (0.12, 6.0);
/// How far from its band the course of a name may be.
const EVEN_MM: f64 = 2.6;
/// The most that a line may turn from one character of its name to the next, and from the first to the last: beyond it a name
/// is torn. How near and how far neighbours may come, by their distance on a straight line.
const MOST_TURN: (f64, f64) = (16.0 * PI / 180.0, 70.0 * PI / 180.0);
const STEPS_KEPT: std::ops::RangeInclusive<f64> = 0.85..=1.2;

/// How much of the space between Chinese characters stands between letters.
const LATIN_TRACKING: f64 = 0.16;

/// The centre of each character, and the angle it is turned by.
pub(super) type Places = Vec<(Coord<f64>, f64)>;

/// The box around a square of `size` that is turned by `angle`.
pub(super) fn turned_box(centre: Coord<f64>, size: f64, angle: f64) -> PageBox {
    let reach = size * (angle.cos().abs() + angle.sin().abs());
    PageBox::centred(centre, reach, reach)
}

/// The middles of the characters of a name along its line, from that of the first: Chinese ones at equal steps of `step_em`,
/// others by their widths, a little apart.
pub(super) fn middles(
    typesetter: &Typesetter<'_>,
    text: &str,
    style: Type,
    step_em: f64,
) -> Vec<f64> {
    let em = style.em();
    let plain = style.tracked(0.0);
    let widths = text.chars().map(|character| {
        if is_wide(character) {
            em * step_em
        } else {
            let own = typesetter.width(character.encode_utf8(&mut [0; 4]), plain);
            own + em * (step_em - 1.0) * LATIN_TRACKING
        }
    });
    let mut start = 0.0;
    let middles: Vec<f64> = widths
        .map(|width| {
            start += width;
            start - width / 2.0
        })
        .collect();
    let first = middles.first().copied().unwrap_or_default();
    middles.into_iter().map(|middle| middle - first).collect()
}

/// Whether a character takes a square of its own.
pub(super) fn is_wide(character: char) -> bool {
    u32::from(character) >= 0x2E80
}

/// One character, turned around its centre.
pub(super) fn character_run(
    typesetter: &Typesetter<'_>,
    character: char,
    style: Type,
    centre: Coord<f64>,
    angle: f64,
    skew: f64,
) -> Run {
    let shaped = typesetter.line(&character.to_string(), style);
    let (sin, cos) = angle.sin_cos();
    // From the centre to the origin: half the advance left, and down to the baseline.
    let (x, y) = (-shaped.width / 2.0, HAN_MIDDLE_EM * style.em());
    let origin = Coord {
        x: centre.x + x * cos - y * sin,
        y: centre.y + x * sin + y * cos,
    };
    Run {
        line: shaped,
        at: origin,
        angle,
        skew,
    }
}

/// Whether characters follow their line closely enough to be read as one name.
fn is_gentle(places: &[(Coord<f64>, f64)], middles: &[f64]) -> bool {
    let turn = |a: f64, b: f64| (b - a).sin().atan2((b - a).cos()).abs();
    let steps = places.windows(2).zip(middles.windows(2));
    let even = steps.into_iter().all(|(at, along)| {
        STEPS_KEPT.contains(&(distance(at[0].0, at[1].0) / (along[1] - along[0])))
            && turn(at[0].1, at[1].1) <= MOST_TURN.0
    });
    let ends = places.first().zip(places.last());
    even && ends.is_none_or(|(first, last)| turn(first.1, last.1) <= MOST_TURN.1)
}

impl Labeller<'_> {
    /// Places the name of a line: along an axis, in a pill on anything else.
    pub(super) fn place_way(
        &mut self,
        index: usize,
        label: &Label,
        symbol: &Symbol,
        line: &LineString<f64>,
    ) -> bool {
        let Some(course) = Course::new(line) else {
            return false;
        };
        match symbol {
            Symbol::Axis { .. } | Symbol::Belt { .. } => {
                // A name bends less than a band that follows a river.
                let even = round_corners(&thinning::line(&line.0, EVEN_MM), 3);
                self.place_along(index, label, symbol, &course)
                    || Course::new(&even)
                        .is_some_and(|even| self.place_along(index, label, symbol, &even))
                    || label.rank == LabelRank::Axis
                        && self.place_beside(index, label, symbol, &course)
            }
            _ if label.rank == LabelRank::Way => self.place_beside(index, label, symbol, &course),
            _ => self.place_pill(index, label, symbol, &course),
        }
    }

    /// Places the name of one line of many: level text beside its course, where it covers least of the others.
    fn place_beside(
        &mut self,
        index: usize,
        label: &Label,
        symbol: &Symbol,
        course: &Course,
    ) -> bool {
        let look = self.look(label.rank, symbol, &label.text);
        let text: Vec<&str> = label.text.split('\n').collect();
        let block = Block::of_lines(self.typesetter, &text, look.style, Align::Centre);
        let own = Owner::Drawing(index);
        let mut best: Option<(f64, PageBox)> = None;
        for (order, share) in (0_u32..).zip(BESIDE_PLACES) {
            let (at, _) = course.at(course.length() * share);
            let angle = course.heading(course.length() * share, 4.0);
            let (sin, cos) = angle.sin_cos();
            // Half the box, as far as it reaches towards the line.
            let reach = f64::midpoint(block.width * sin.abs(), block.height * cos.abs());
            for side in [1.0, -1.0] {
                let off = side * (reach + BESIDE_GAP_MM);
                let centre = Coord {
                    x: at.x - sin * off,
                    y: at.y + cos * off,
                };
                let area = PageBox::centred(centre, block.width, block.height);
                if !self.is_free(area) {
                    continue;
                }
                let cost =
                    f64::from(order) * 0.25 + self.cost(area, own, 0.4) + self.crowding(area);
                if best.is_none_or(|(other, _)| cost < other) {
                    best = Some((cost, area));
                }
            }
        }
        let Some((_, area)) = best else {
            return false;
        };
        self.settle(&label.text, &block, area, label.colour, look.halo_mm);
        true
    }

    fn place_pill(
        &mut self,
        index: usize,
        label: &Label,
        symbol: &Symbol,
        course: &Course,
    ) -> bool {
        let look = self.look(label.rank, symbol, &label.text);
        let colour = match (label.colour, symbol) {
            (Some(colour), _) => colour,
            (None, Symbol::Corridor { colour }) => *colour,
            _ => self.scene.look.theme.ink,
        };
        let line = self.typesetter.line(&label.text, look.style);
        let (width, height) = (
            line.width + PILL_PAD_MM.0 * 2.0,
            look.style.height() + PILL_PAD_MM.1 * 2.0,
        );
        let own = Owner::Drawing(index);
        for share in PILL_PLACES {
            let (at, _) = course.at(course.length() * share);
            let area = PageBox::centred(at, width, height);
            // Never on a stretch that another line shares, nor where lines still run close together.
            let others = self.obstacles.cost(area.grown(0.8), |kind, owner| {
                f64::from(kind == Obstacle::Way && owner != own)
            });
            if others > 0.0 || !self.is_free(area.grown(0.6)) {
                continue;
            }
            let origin = Coord {
                x: at.x - line.width / 2.0,
                y: look.style.baseline_at(at.y),
            };
            let marks = vec![
                Mark::Pill { area, colour },
                Mark::Glyphs {
                    run: Run::level(line, origin),
                    colour: ink_on(&self.scene.look.theme, colour),
                    halo: colour,
                    halo_mm: 0.0,
                },
            ];
            self.record(&label.text, vec![area.grown(0.3)], marks);
            return true;
        }
        false
    }

    fn place_along(
        &mut self,
        index: usize,
        label: &Label,
        symbol: &Symbol,
        course: &Course,
    ) -> bool {
        let look = self.look(label.rank, symbol, &label.text);
        // Read from left to right.
        let reverse = course.at(course.length()).0.x < course.at(0.0).0.x;
        let course = if reverse { &course.reversed() } else { course };
        for style in [look.style, look.style.sized(look.style.size_pt * SMALLER)] {
            let em = style.em();
            let step = em * (1.0 + style.tracking_em);
            let text = one_line(&label.text);
            let middles = middles(self.typesetter, &text, style, 1.0 + style.tracking_em);
            let run = middles.last().copied().unwrap_or_default();
            // Marks and letters have no place in a column.
            let upright = text.chars().all(is_wide);
            if run + em > course.length() * MOST_OF_AXIS {
                continue;
            }
            let mut best: Option<(f64, Places)> = None;
            let middle_start = (course.length() - run) / 2.0;
            let slides = std::iter::successors(Some(0.0), |slide| Some(slide + SLIDE_MM))
                .take_while(|slide| *slide == 0.0 || *slide <= middle_start)
                .flat_map(|slide| [slide, -slide]);
            for (slide, shift) in slides.flat_map(|a| AXIS_SHIFTS_MM.map(move |b| (a, b))) {
                let slid = (slide.abs() * SLIDE_COST.0).min(SLIDE_COST.1);
                if best.as_ref().is_some_and(|(cost, _)| *cost <= slid) {
                    continue;
                }
                let mut places = Places::new();
                let start = middle_start + slide;
                let whole = course.heading(start + run / 2.0, (run / 2.0).max(em));
                let (stands, backwards) = reading(whole, upright);
                for middle in &middles {
                    let s = start + if backwards { run - middle } else { *middle };
                    let angle = course.heading(s, step);
                    let (p, _) = course.at(s);
                    places.push((
                        Coord {
                            x: p.x - angle.sin() * shift,
                            y: p.y + angle.cos() * shift,
                        },
                        normal(angle + stands - whole),
                    ));
                }
                if !is_gentle(&places, &middles)
                    || !places
                        .iter()
                        .all(|(p, angle)| self.is_free(turned_box(*p, em, *angle)))
                {
                    continue;
                }
                let crossed: f64 = places
                    .iter()
                    // A turned character is seen as a disc, not as its upright box.
                    .map(|(p, _)| {
                        self.obstacles.cost(
                            PageBox::centred(*p, em * 0.96, em * 0.96),
                            |kind, owner| match kind {
                                Obstacle::Way => 3.0,
                                Obstacle::Faint if owner == Owner::Drawing(index) => 3.0,
                                Obstacle::River => 0.2,
                                _ => 0.0,
                            },
                        )
                    })
                    .sum();
                let cost = crossed + shift.abs() * 0.25 + slid;
                if best.as_ref().is_none_or(|(other, _)| cost < *other) {
                    best = Some((cost, places));
                }
            }
            if let Some((_, places)) = best {
                self.settle_characters(label, &text, style, look.halo_mm, &places);
                return true;
            }
        }
        false
    }

    fn settle_characters(
        &mut self,
        label: &Label,
        text: &str,
        style: Type,
        halo_mm: f64,
        places: &[(Coord<f64>, f64)],
    ) {
        let theme = &self.scene.look.theme;
        let mut marks = Vec::new();
        let area = |(at, angle): &(Coord<f64>, f64)| turned_box(*at, style.em(), *angle);
        let boxes: Vec<PageBox> = places.iter().map(area).collect();
        let below: Vec<Colour> = boxes
            .iter()
            .map(|area| self.underlay.colour_in(*area))
            .collect();
        // One colour for the whole name.
        let colour = readable_on_all(theme, label.colour.unwrap_or(theme.ink), &below);
        for ((character, (at, angle)), below) in text.chars().zip(places).zip(below) {
            marks.push(Mark::Glyphs {
                run: character_run(self.typesetter, character, style, *at, *angle, 0.0),
                colour,
                halo: below,
                halo_mm,
            });
        }
        self.record(&label.text, boxes, marks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight characters 4 mm apart on an arc of a radius.
    fn on_arc(radius: f64) -> (Places, Vec<f64>) {
        let middles: Vec<f64> = (0..8_u32).map(|n| f64::from(n) * 4.0).collect();
        let places = middles.iter().map(|s| {
            let angle = s / radius;
            let at = Coord {
                x: radius * angle.sin(),
                y: radius * (1.0 - angle.cos()),
            };
            (at, angle)
        });
        (places.collect(), middles)
    }

    #[test]
    fn a_name_keeps_to_gentle_bends() {
        for (radius, gentle) in [(1e6, true), (40.0, true), (20.0, false), (8.0, false)] {
            let (places, middles) = on_arc(radius);
            assert_eq!(is_gentle(&places, &middles), gentle, "{radius}");
        }
        // Torn by a corner.
        let (mut places, middles) = on_arc(1e6);
        for (_, angle) in &mut places[4..] {
            *angle += 0.4;
        }
        assert!(!is_gentle(&places, &middles));
    }
}
