//! Names of rivers: character by character along a smoothed course.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use geo::{Coord, LineString};
use layers::NameSizes;

use super::block::Mark;
use super::collision::{Obstacle, Owner};
use super::way_names::{Places, character_run, is_wide, middles as middles_of, turned_box};
use super::{FRAME_GAP_MM, Labeller, distance};
use crate::raster::colour::water_name_on;
use crate::raster::page_box::PageBox;
use crate::raster::scene::{SMALL_RIVER, Shape};
use crate::raster::spline::{Course, round_corners};
use crate::raster::text::{Type, Typeface};
use crate::raster::thinning;

/// From character to character, in em.
const STEP_EM: f64 = 1.9;
/// How far the course is simplified before names follow it.
const SMOOTH_MM: f64 = 1.1;
/// The most that a name may turn from its first character to its last.
const MOST_TURN: f64 = 52.0 * PI / 180.0;
/// A name stands once, and a second time so far from the first only: on A4 hardly ever.
const REPEAT_MM: f64 = 170.0;
const LEAN: f64 = -0.2;
const HALO_MM: f64 = 0.3;
/// Places are tried this far apart.
const TRIAL_MM: f64 = 1.5;
/// A name that would cover this much is left out.
const TOO_MUCH: f64 = 34.0;

/// What it costs a name that half as far again lies between two of its characters as between others, twice.
const UNEVEN: f64 = 10.0;

/// A place for the name of a river.
struct Candidate {
    cost: f64,
    middle: Coord<f64>,
    characters: Places,
}

fn style(rank: u8, sizes: NameSizes) -> Type {
    let size = if rank <= 3 { sizes.river } else { sizes.stream };
    Type::new(Typeface::SerifRegular, size)
}

/// The angle of a character on a course with this heading, and whether the name reads against the course. A run that
/// is steeper than 45° reads downwards with its characters near upright.
/// Letters always lie along the course.
pub(super) fn reading(heading: f64, upright: bool) -> (f64, bool) {
    let steep = upright && heading.sin().abs() > FRAC_PI_4.sin();
    let backwards = if steep {
        heading.sin() < 0.0
    } else {
        heading.cos() < 0.0
    };
    let along = if backwards { heading + PI } else { heading };
    let angle = if steep { along - FRAC_PI_2 } else { along };
    (normal(angle), backwards)
}

/// An angle between −π and π.
pub(super) fn normal(angle: f64) -> f64 {
    angle.sin().atan2(angle.cos())
}

impl Labeller<'_> {
    pub(super) fn place_rivers(&mut self) {
        // One river may come in several pieces: the longest piece of each name carries it.
        let mut names: Vec<(u8, &str)> = Vec::new();
        for river in &self.scene.land.rivers {
            if !river.name.is_empty()
                && river.rank < SMALL_RIVER
                && !self.is_told(&river.name)
                && !names.iter().any(|(_, name)| *name == river.name)
            {
                names.push((river.rank, &river.name));
            }
        }
        names.sort_by_key(|(rank, _)| *rank);
        let mut middles: Vec<(&str, Coord<f64>)> = Vec::new();
        for second in [false, true] {
            for (rank, name) in &names {
                let found = self.river_place(name, *rank, &middles, second);
                match found {
                    Some(place) => {
                        middles.push((name, place.middle));
                        self.settle_river(name, *rank, &place);
                    }
                    None if second => {}
                    None => self.drop_river(name, *rank),
                }
            }
        }
    }

    /// Whether the name of a line of the theme begins with that of the river: the line lies on it.
    fn is_told(&self, river: &str) -> bool {
        let drawings = &self.scene.drawings;
        let mut named = self.placement.named.iter().map(|index| &drawings[*index]);
        named.any(|placed| {
            let line = matches!(placed.shape, Shape::Course(_) | Shape::Lines(_));
            let label = placed.drawing.label.as_ref();
            line && label.is_some_and(|label| label.text.starts_with(river))
        })
    }

    /// A river that is hardly seen is not missed.
    fn drop_river(&mut self, name: &str, rank: u8) {
        let frame = self.scene.frame().grown(-FRAME_GAP_MM);
        let seen: f64 = self
            .courses(name)
            .flat_map(|(_, course)| course.lines().collect::<Vec<_>>())
            .map(|edge| frame.length_inside(edge.start, edge.end))
            .sum();
        if seen > 30.0 && rank < SMALL_RIVER {
            self.placement.dropped.push(name.to_owned());
        }
    }

    fn courses<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (usize, &'s LineString<f64>)> {
        let rivers = self
            .scene
            .land
            .rivers
            .iter()
            .enumerate()
            .filter(move |(_, river)| river.name == name);
        rivers.flat_map(|(index, river)| river.courses.iter().map(move |course| (index, course)))
    }

    fn river_place(
        &self,
        name: &str,
        rank: u8,
        middles: &[(&str, Coord<f64>)],
        second: bool,
    ) -> Option<Candidate> {
        let style = self.sized(style(rank, self.scene.look.names));
        let em = style.em();
        let mut best: Option<Candidate> = None;
        for (owner, line) in self.courses(name) {
            let smooth = round_corners(&thinning::line(&line.0, SMOOTH_MM), 3);
            let Some(course) = Course::new(&smooth) else {
                continue;
            };
            if second && course.length() < REPEAT_MM {
                continue;
            }
            let upright = name.chars().all(is_wide);
            let steps = middles_of(self.typesetter, name, style, STEP_EM);
            let run = steps.last().copied().unwrap_or_default();
            let mut start = em;
            while start + run + em < course.length() {
                let middle = course.at(start + run / 2.0).0;
                if second
                    && middles
                        .iter()
                        .any(|(of, m)| *of == name && distance(*m, middle) < REPEAT_MM)
                {
                    start += TRIAL_MM;
                    continue;
                }
                let centre = self.scene.frame().centre();
                // Two names side by side read as one: keep away from other rivers' names.
                let near = middles
                    .iter()
                    .map(|(_, m)| (14.0 - distance(*m, middle)).max(0.0))
                    .sum::<f64>();
                for (side, away) in [
                    (-1.0, 0.0),
                    (1.0, 0.0),
                    (-1.0, 0.7),
                    (1.0, 0.7),
                    (-1.0, 1.4),
                    (1.0, 1.4),
                ] {
                    let apart = near + distance(middle, centre) * 0.02 + away * 1.2;
                    let at_most = best
                        .as_ref()
                        .map_or(TOO_MUCH, |b| (b.cost - apart).min(TOO_MUCH));
                    // Nothing costs less than nothing: the place found so far is better.
                    if at_most <= 0.0 {
                        continue;
                    }
                    let off = em / 2.0 + self.scene.look.lines.river(rank) / 2.0 + 0.4 + away;
                    let Some(characters) =
                        self.river_characters(&course, (start, &steps), (off * side, em), upright)
                    else {
                        continue;
                    };
                    let apart = apart + (unevenness(&characters, &steps) - 1.0) * UNEVEN;
                    let at_most = best
                        .as_ref()
                        .map_or(TOO_MUCH, |b| (b.cost - apart).min(TOO_MUCH));
                    if let Some(cost) = self.river_cost(&characters, em, owner, at_most) {
                        best = Some(Candidate {
                            cost: cost + apart,
                            middle,
                            characters,
                        });
                    }
                }
                start += TRIAL_MM;
            }
        }
        best
    }

    /// The places of the characters, `steps` from the first, of a name that starts `start` mm along a course, `off` mm to its right (left when
    /// negative); `None` when it bends too much.
    fn river_characters(
        &self,
        course: &Course,
        (start, steps): (f64, &[f64]),
        (off, em): (f64, f64),
        upright: bool,
    ) -> Option<Places> {
        let run = steps.last().copied().unwrap_or_default();
        let heading = course.heading(start + run / 2.0, run / 2.0 + em * 0.5);
        let (_, backwards) = reading(heading, upright);
        let frame = self.scene.frame().grown(-FRAME_GAP_MM);
        let mut characters = Vec::with_capacity(steps.len());
        let mut turn: f64 = 0.0;
        for along in steps {
            let s = if backwards {
                start + run - along
            } else {
                start + along
            };
            let here = course.heading(s, em);
            turn = turn.max(normal(here - heading).abs() * 2.0);
            let (p, _) = course.at(s);
            let angle = heading_mix(here, heading);
            let at = Coord {
                x: p.x - angle.sin() * off,
                y: p.y + angle.cos() * off,
            };
            if !frame.holds_point(at) {
                return None;
            }
            characters.push((at, angle));
        }
        // Letters fall apart where a river bends that Chinese characters still follow.
        let most = if upright { MOST_TURN } else { MOST_TURN * 0.6 };
        if turn > most {
            return None;
        }
        // All characters stand the same way up: that of the whole run.
        let (upright, _) = reading(heading, upright);
        let offset = normal(upright - heading);
        for (_, angle) in &mut characters {
            *angle = normal(*angle + offset);
        }
        Some(characters)
    }

    /// What it costs to put characters here; `None` when one may not stand where it would, or when it is too much.
    fn river_cost(
        &self,
        characters: &[(Coord<f64>, f64)],
        em: f64,
        owner: usize,
        at_most: f64,
    ) -> Option<f64> {
        let mut cost = 0.0;
        let mut first: Option<f64> = None;
        for (at, angle) in characters {
            if cost >= at_most {
                return None;
            }
            let area = turned_box(*at, em * 0.96, *angle);
            if !self.is_free(area) {
                return None;
            }
            let tight = PageBox::centred(*at, em, em);
            let touched = self
                .obstacles
                .cost(tight, |kind, _| f64::from(kind == Obstacle::River));
            if touched > 0.0 {
                return None;
            }
            cost += self
                .obstacles
                .cost(tight.grown(0.2), |kind, whose| match kind {
                    Obstacle::River if whose != Owner::River(owner) => 3.0,
                    Obstacle::Edge | Obstacle::Way | Obstacle::River => 6.0,
                    Obstacle::Faint | Obstacle::ProvinceBorder => 2.0,
                    Obstacle::Border => 0.3,
                });
            // Level names read best.
            let start = *first.get_or_insert(*angle);
            cost += normal(*angle - start).abs() * 3.0 + angle.abs() * 1.5;
        }
        (cost < at_most).then_some(cost)
    }

    fn settle_river(&mut self, name: &str, rank: u8, place: &Candidate) {
        let style = self.sized(style(rank, self.scene.look.names));
        let mut boxes = Vec::new();
        let mut marks = Vec::new();
        for (character, (at, angle)) in name.chars().zip(&place.characters) {
            let area = turned_box(*at, style.em() * 0.96, *angle);
            let below = self.underlay.colour_in(area);
            boxes.push(area);
            marks.push(Mark::Glyphs {
                run: character_run(self.typesetter, character, style, *at, *angle, LEAN),
                colour: water_name_on(&self.scene.look.theme, below),
                halo: below,
                halo_mm: HALO_MM,
            });
        }
        self.record(name, boxes, marks);
    }
}

/// How much farther apart some characters stand than others, against their steps along the course: 1 where it is straight.
fn unevenness(characters: &[(Coord<f64>, f64)], steps: &[f64]) -> f64 {
    let gaps = characters.windows(2).zip(steps.windows(2));
    let gaps = gaps.map(|(at, along)| distance(at[0].0, at[1].0) / (along[1] - along[0]));
    let (least, most) = gaps.fold((f64::INFINITY, 0.0_f64), |(least, most), gap| {
        (least.min(gap), most.max(gap))
    });
    if most > 0.0 {
        most / least.max(f64::MIN_POSITIVE)
    } else {
        1.0
    }
}

/// Two thirds of the heading of the whole run: names bend less than rivers.
fn heading_mix(here: f64, whole: f64) -> f64 {
    whole + normal(here - whole) * 0.6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_never_upside_down() {
        for degrees in -180..180 {
            let heading = f64::from(degrees).to_radians();
            let (angle, _) = reading(heading, true);
            assert!(
                angle.abs() <= FRAC_PI_4 + 1e-9,
                "{degrees}: {}",
                angle.to_degrees()
            );
        }
    }

    #[test]
    fn steep_rivers_are_read_downwards_and_level_ones_to_the_right() {
        let (angle, backwards) = reading(0.1, true);
        assert!((angle - 0.1).abs() < 1e-9 && !backwards);
        assert!(
            reading(PI - 0.1, true).1,
            "a river to the left is read against its course"
        );
        assert!(!reading(FRAC_PI_2, true).1, "page y is downwards");
        assert!(reading(-FRAC_PI_2, true).1);
        let (along, _) = reading(FRAC_PI_2 - 0.1, false);
        assert!(
            (along - (FRAC_PI_2 - 0.1)).abs() < 1e-9,
            "letters lie along a steep river"
        );
    }
}
