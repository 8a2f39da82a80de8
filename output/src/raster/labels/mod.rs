//! Placing names: in strict order of rank, each where it costs least, none over another.

mod area_names;
mod block;
mod cells;
mod collision;
mod ground_names;
mod leaders;
mod looks;
mod point_names;
mod rivers;
mod room;
mod segments;
mod underlay;
mod way_names;

use geo::{Contains, Coord, LineString, MultiPolygon, Point};
use layers::map::LabelRank;
use layers::style::Colour;

pub(super) use underlay::Underlay;

use self::block::{Block, Mark, Role};
pub(super) use self::collision::GroundObstacles;
use self::collision::{Obstacle, Obstacles, Occupied, Owner};
use self::leaders::Led;
use self::room::{Cover, Room};
use super::areas::is_hatched;
use super::canvas::Canvas;
use super::colour::{ink_on, is_ground, name_on_fill, readable};
use super::page_box::PageBox;
use super::rendered::PlacedName;
use super::scene::{Scene, Shape};
use super::symbols::radius_at;
use super::text::Typesetter;

/// Names keep this far from each other, and from the frame, in mm.
const GAP_MM: f64 = 0.3;
const FRAME_GAP_MM: f64 = 1.2;
/// The size to which a name may shrink when it does not fit.
const SMALLER: f64 = 0.85;

/// The names of a map.
pub(super) struct Placement {
    pub(super) names: Vec<PlacedName>,
    /// Names of the ground that found no room.
    pub(super) dropped: Vec<String>,
    /// The drawings (by index) that have their name, and those that found no room for it.
    pub(super) named: Vec<usize>,
    pub(super) missed: Vec<usize>,
    marks: Vec<Vec<Mark>>,
}

impl Placement {
    /// Takes over what an inset says of its names.
    pub(super) fn add(&mut self, inset: Self) {
        self.names.extend(inset.names);
        self.named.extend(inset.named);
        let known = self.missed.clone();
        let new = inset.missed.into_iter();
        self.missed
            .extend(new.filter(|index| !known.contains(index)));
        let named = &self.named;
        self.missed.retain(|index| !named.contains(index));
    }

    pub(super) fn paint(&self, canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
        for (name, marks) in self.names.iter().zip(&self.marks) {
            canvas.name(&name.text, |canvas| {
                block::paint(marks, canvas, typesetter);
            });
        }
    }
}

/// Which names a map prints.
#[derive(Clone, Copy)]
pub(super) enum Names<'n> {
    /// All but those of the drawings (by index) that insets print; the parts that insets show have titles.
    Main {
        in_inset: &'n [usize],
        titles: &'n [(&'n str, PageBox)],
    },
    /// Those listed, which must be there, and with `others` those of other areas; `number` is that of the inset.
    Inset {
        wanted: &'n [usize],
        others: bool,
        number: usize,
    },
}

/// Places the names of a map. `reserved` is paper that no name may use.
pub(super) fn place(
    scene: &Scene<'_>,
    underlay: &Underlay,
    typesetter: &Typesetter<'_>,
    names: Names<'_>,
    reserved: &[PageBox],
) -> Placement {
    let mut labeller = Labeller {
        scene,
        underlay,
        typesetter,
        inset: match names {
            Names::Main { .. } => None,
            Names::Inset { number, .. } => Some(number),
        },
        of_theme: true,
        occupied: Occupied::default(),
        obstacles: Obstacles::new(scene),
        rooms: Vec::new(),
        hiding: Vec::new(),
        covers: Vec::new(),
        wishes: Vec::new(),
        led: Vec::new(),
        placement: Placement {
            names: Vec::new(),
            dropped: Vec::new(),
            named: Vec::new(),
            missed: Vec::new(),
            marks: Vec::new(),
        },
    };
    for area in reserved {
        labeller.occupied.take(*area);
    }
    labeller.reserve_symbols();
    labeller.measure_rooms();
    labeller.place_theme(names);
    labeller.uncross_leaders();
    labeller.of_theme = false;
    labeller.place_rivers();
    labeller.place_ground();
    labeller.placement
}

struct Labeller<'a> {
    scene: &'a Scene<'a>,
    underlay: &'a Underlay,
    typesetter: &'a Typesetter<'a>,
    /// The number of the inset whose names these are.
    inset: Option<usize>,
    /// Whether names of the theme are being placed: they keep off what the map is not about.
    of_theme: bool,
    occupied: Occupied,
    obstacles: Obstacles<'a>,
    /// For each drawing, the room for its name, where it was measured before and until it is placed: a large sheet has no place for all.
    rooms: Vec<Option<Room>>,
    /// The drawings (by index) whose areas hide those below them.
    hiding: Vec<usize>,
    /// For each drawing, where it is an area, what it covers: no name of the ground stands in one.
    covers: Vec<Option<Cover>>,
    /// Where names would stand if they were alone.
    wishes: Vec<(LabelRank, PageBox)>,
    /// The names of areas that stand outside of them.
    led: Vec<Led<'a>>,
    placement: Placement,
}

impl Labeller<'_> {
    fn reserve_symbols(&mut self) {
        for placed in &self.scene.drawings {
            if let Shape::Points(at) = &placed.shape {
                for p in at {
                    if let Some(radius) = radius_at(self.scene, &placed.drawing.symbol, *p) {
                        self.occupied.take_disc(*p, radius);
                    }
                }
            }
        }
    }

    fn place_theme(&mut self, names: Names<'_>) {
        let mut order: Vec<(LabelRank, usize)> = self
            .scene
            .drawings
            .iter()
            .enumerate()
            .filter_map(|(index, placed)| {
                placed
                    .drawing
                    .label
                    .as_ref()
                    .map(|label| (label.rank, index))
            })
            .collect();
        order.sort();
        let mut titles = match names {
            Names::Main { titles, .. } => titles,
            Names::Inset { .. } => &[],
        };
        for (rank, index) in order {
            if rank > LabelRank::Core {
                self.place_titles(std::mem::take(&mut titles));
            }
            let must = match names {
                Names::Main { in_inset, .. } if in_inset.contains(&index) => continue,
                Names::Main { .. } => true,
                Names::Inset { wanted, others, .. } => {
                    let wanted = wanted.contains(&index);
                    if !wanted && !others {
                        continue;
                    }
                    wanted
                }
            };
            let scene = self.scene;
            let placed = &scene.drawings[index];
            let Some(label) = &placed.drawing.label else {
                continue;
            };
            if !self.scene.is_seen(&placed.shape) {
                continue;
            }
            let done = match &placed.shape {
                Shape::Area(_) => self.place_area(index, label, must),
                _ if !must => continue,
                // It lies outside of the frame.
                Shape::Points(at) if at.is_empty() => continue,
                Shape::Points(at) => at
                    .iter()
                    .all(|p| self.place_point(label, &placed.drawing.symbol, *p)),
                Shape::Course(line) => self.place_way(index, label, &placed.drawing.symbol, line),
                Shape::Lines(lines) => lines
                    .iter()
                    .any(|line| self.place_way(index, label, &placed.drawing.symbol, line)),
            };
            if done {
                self.placement.named.push(index);
            } else if must {
                self.placement.missed.push(index);
            }
        }
        self.place_titles(titles);
    }

    /// The colour of a name on the fill below, and its halo.
    fn colours(&self, wanted: Option<Colour>, area: PageBox) -> (Colour, Colour) {
        let theme = &self.scene.look.theme;
        let below = self.underlay.colour_in(area);
        let colour = match wanted {
            None => ink_on(theme, below),
            Some(colour) if is_ground(theme, below) => readable(theme, colour, below),
            Some(colour) => name_on_fill(theme, colour, below),
        };
        (colour, below)
    }

    /// Whether a name may stand here: nothing else does, and the frame does not cut it.
    fn is_free(&self, area: PageBox) -> bool {
        self.scene.frame().grown(-FRAME_GAP_MM).holds(area)
            && self.occupied.is_free(area, GAP_MM)
            && !(self.of_theme && self.scene.is_veiled(area.centre()))
    }

    /// What it costs to cover the lines here; `river` is the price of a mm of river.
    fn cost(&self, area: PageBox, own: Owner, river: f64) -> f64 {
        self.obstacles.cost(area, |kind, owner| match kind {
            Obstacle::Way => 3.0,
            Obstacle::Edge if owner == own => 0.0,
            Obstacle::Edge => 1.5,
            Obstacle::River => river,
            Obstacle::ProvinceBorder => 0.6,
            Obstacle::Faint => 0.3,
            Obstacle::Border => 0.01,
        })
    }

    /// What it costs to stand close to another name: they would be read together.
    fn crowding(&self, area: PageBox) -> f64 {
        [(0.9, 1.6), (1.8, 0.8), (2.8, 0.4)]
            .into_iter()
            .filter(|(gap, _)| !self.occupied.is_free(area, *gap))
            .map(|(_, cost)| cost)
            .sum()
    }

    /// Whether nothing but one fill lies below a box: a halo there would not be seen.
    fn is_plain(&self, area: PageBox) -> bool {
        self.underlay.is_even(area)
            && self.obstacles.cost(area, |_, _| 1.0) == 0.0
            && !self.on_hatching(area)
    }

    /// Whether lines of a hatching run below a box: the underlay has its wash only.
    fn on_hatching(&self, area: PageBox) -> bool {
        let corners = area.corners().map(Point::from);
        self.scene
            .drawings
            .iter()
            .any(|placed| match &placed.shape {
                Shape::Area(shape) if is_hatched(&placed.drawing.symbol) => {
                    corners.iter().any(|corner| shape.contains(corner))
                }
                _ => false,
            })
    }

    /// Puts a block in a box.
    fn settle(
        &mut self,
        text: &str,
        block: &Block,
        area: PageBox,
        wanted: Option<Colour>,
        halo_mm: f64,
    ) {
        let marks = self.marks(block, area, wanted, halo_mm);
        self.record(text, vec![area], marks);
    }

    /// The marks of a block in a box.
    fn marks(
        &self,
        block: &Block,
        area: PageBox,
        wanted: Option<Colour>,
        halo_mm: f64,
    ) -> Vec<Mark> {
        let (colour, halo) = self.colours(wanted, area);
        let halo_mm = if self.is_plain(area.grown(halo_mm + 0.1)) {
            0.0
        } else {
            halo_mm
        };
        let theme = &self.scene.look.theme;
        let note = if colour == theme.ink {
            theme.ink2
        } else {
            colour
        };
        let colours = |role| match role {
            Role::Name => (colour, halo, halo_mm),
            Role::Note => (readable(theme, note, halo), halo, halo_mm),
        };
        block.marks(area, colours, wanted.unwrap_or(theme.ink))
    }

    fn record(&mut self, text: &str, boxes: Vec<PageBox>, marks: Vec<Mark>) {
        for area in &boxes {
            self.occupied.take(*area);
        }
        self.placement.names.push(PlacedName {
            text: one_line(text),
            boxes,
            inset: self.inset,
        });
        self.placement.marks.push(marks);
    }
}

/// A name without its breaks: one between letters was a space.
pub(super) fn one_line(text: &str) -> String {
    let mut parts = text.split('\n');
    let mut line = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letters = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii() || c.is_alphabetic() && u32::from(c) < 0x2E80)
        };
        if letters(line.chars().last()) && letters(part.chars().next()) && !line.ends_with('-') {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    // Lengths on a page are far from the limits that `hypot` guards against.
    ((b.x - a.x).powi(2) + (b.y - a.y).powi(2)).sqrt()
}

/// A place for a box of a size inside an area, off the middle of an outline's lines: the names of the locator.
pub(super) fn free_place(
    area: &MultiPolygon<f64>,
    size: (f64, f64),
    within: PageBox,
    avoid: &LineString<f64>,
) -> Option<PageBox> {
    let room = room::Room::new(&room::Cover::new(area)?, std::iter::empty(), within)?;
    let centre = room.best(size, 0.0, |place| {
        let crossed: f64 = avoid
            .lines()
            .map(|line| place.grown(0.8).length_inside(line.start, line.end))
            .sum();
        Some(crossed * 4.0)
    })?;
    Some(PageBox::centred(centre, size.0, size.1))
}
