//! What a name must not touch, and what it had better not cross.

use geo::{Coord, LineString, MultiPolygon};
use layers::LineWidths;
use layers::style::{BorderLevel, Symbol};
use layers::theme::Theme;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::super::areas::is_light;
use super::super::land::Land;
use super::super::page_box::PageBox;
use super::super::scene::{SMALL_RIVER, Scene, Shape};
use super::super::ways;
use super::segments::{Segment, Segments};

fn envelope(area: PageBox) -> AABB<(f64, f64)> {
    AABB::from_corners((area.left, area.top), (area.right, area.bottom))
}

/// The shape of something that has its place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Taken {
    Box,
    /// A disc that fills its box.
    Disc,
}

/// The boxes of names and the discs of symbols that have their place.
#[derive(Default)]
pub(super) struct Occupied {
    tree: RTree<GeomWithData<Rectangle<(f64, f64)>, Taken>>,
}

impl Occupied {
    pub(super) fn take(&mut self, area: PageBox) {
        self.tree.insert(GeomWithData::new(
            Rectangle::from_aabb(envelope(area)),
            Taken::Box,
        ));
    }

    /// Gives back a box that was taken.
    pub(super) fn release(&mut self, area: PageBox) {
        self.tree.remove(&GeomWithData::new(
            Rectangle::from_aabb(envelope(area)),
            Taken::Box,
        ));
    }

    pub(super) fn take_disc(&mut self, centre: Coord<f64>, radius: f64) {
        let area = PageBox::centred(centre, radius * 2.0, radius * 2.0);
        self.tree.insert(GeomWithData::new(
            Rectangle::from_aabb(envelope(area)),
            Taken::Disc,
        ));
    }

    /// Whether nothing is nearer to a box than `gap` mm.
    pub(super) fn is_free(&self, area: PageBox, gap: f64) -> bool {
        let grown = area.grown(gap);
        !self
            .tree
            .locate_in_envelope_intersecting(envelope(grown))
            .any(|taken| {
                let (left, top) = taken.geom().lower();
                let (right, bottom) = taken.geom().upper();
                let here = PageBox {
                    left,
                    top,
                    right,
                    bottom,
                };
                match taken.data {
                    Taken::Box => grown.meets(here),
                    Taken::Disc => {
                        let centre = here.centre();
                        let away = Coord {
                            x: centre.x - centre.x.clamp(area.left, area.right),
                            y: centre.y - centre.y.clamp(area.top, area.bottom),
                        };
                        away.x.hypot(away.y) < here.width() / 2.0 + gap
                    }
                }
            })
    }
}

/// A kind of line on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A corridor or another line of the theme.
    Way,
    /// The edge of a region, or the border of a platform.
    Edge,
    /// The edge of an axis, or a border between members.
    Faint,
    River,
    /// A border of counties or prefectures, or a small river.
    Border,
    ProvinceBorder,
}

/// The drawing or river that a stretch belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Drawing(usize),
    River(usize),
    Ground,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    kind: Obstacle,
    owner: Owner,
    half_width: f64,
}

/// The lines of the ground: the same for all themes.
pub(in super::super) struct GroundObstacles {
    segments: Segments<Stretch>,
}

/// Every line of the map: those of the ground and those of the theme.
pub(super) struct Obstacles<'a> {
    ground: &'a GroundObstacles,
    theme: Segments<Stretch>,
}

/// The widest half of a line.
const WIDEST_MM: f64 = 1.3;

impl GroundObstacles {
    fn new(land: &Land) -> Self {
        let mut segments = Vec::new();
        add_ground(land, &mut segments);
        Self {
            segments: Segments::new(segments),
        }
    }
}

impl<'a> Obstacles<'a> {
    pub(super) fn new(scene: &'a Scene<'_>) -> Self {
        let land = &scene.land;
        let mut segments = Vec::new();
        add_theme(scene, &mut segments);
        Self {
            ground: land.obstacles.get_or_init(|| GroundObstacles::new(land)),
            theme: Segments::new(segments),
        }
    }

    /// The lengths of the lines below a box, each times the weight of its kind and owner.
    pub(super) fn cost(&self, area: PageBox, weight: impl Fn(Obstacle, Owner) -> f64) -> f64 {
        let near = area.grown(WIDEST_MM);
        let mut cost = 0.0;
        let mut add = |segment: &Segment<Stretch>| {
            let stretch = segment.of;
            let weight = weight(stretch.kind, stretch.owner);
            if weight != 0.0 {
                let within = area.grown(stretch.half_width);
                cost += weight * within.length_inside(segment.from, segment.to);
            }
        };
        self.ground.segments.near(near, &mut add);
        self.theme.near(near, &mut add);
        cost
    }
}

fn add(segments: &mut Vec<Segment<Stretch>>, points: &[Coord<f64>], stretch: Stretch) {
    segments.extend(points.windows(2).map(|pair| Segment {
        from: pair[0],
        to: pair[1],
        of: stretch,
    }));
}

/// Borders and rivers.
fn add_ground(land: &Land, segments: &mut Vec<Segment<Stretch>>) {
    for (level, lines) in &land.borders {
        let (kind, half_width) = match level {
            BorderLevel::Province => (Obstacle::ProvinceBorder, 0.6),
            BorderLevel::Prefecture | BorderLevel::County => (Obstacle::Border, 0.1),
        };
        for line in lines {
            add(
                segments,
                &line.0,
                Stretch {
                    kind,
                    owner: Owner::Ground,
                    half_width,
                },
            );
        }
    }
    for (index, river) in land.rivers.iter().enumerate() {
        let half_width = LineWidths::default().river(river.rank) / 2.0;
        let small = river.rank >= SMALL_RIVER;
        let kind = if small {
            Obstacle::Border
        } else {
            Obstacle::River
        };
        for line in &river.courses {
            add(
                segments,
                &line.0,
                Stretch {
                    kind,
                    owner: Owner::River(index),
                    half_width,
                },
            );
        }
    }
}

/// Edges of areas, and lines.
fn add_theme(scene: &Scene<'_>, segments: &mut Vec<Segment<Stretch>>) {
    for (index, placed) in scene.drawings.iter().enumerate() {
        let owner = Owner::Drawing(index);
        let symbol = &placed.drawing.symbol;
        let stretch = |kind, half_width| Stretch {
            kind,
            owner,
            half_width,
        };
        match &placed.shape {
            Shape::Area(area) => {
                if let Some((kind, half_width)) = border_of(symbol, &scene.look.theme) {
                    for ring in rings(area) {
                        add(segments, &ring.0, stretch(kind, half_width));
                    }
                }
            }
            Shape::Course(line) => {
                match symbol {
                    Symbol::Axis { width_mm, .. } => {
                        let outline = ways::axis_outline(line, *width_mm).unwrap_or_default();
                        add(segments, &outline, stretch(Obstacle::Faint, 0.15));
                        continue;
                    }
                    // A name on a band is as easy to read as one beside it.
                    Symbol::Belt { .. } => continue,
                    _ => {}
                }
                add(
                    segments,
                    &line.0,
                    stretch(Obstacle::Way, ways::CASING_MM / 2.0),
                );
            }
            Shape::Lines(lines) => {
                for line in lines {
                    add(segments, &line.0, stretch(Obstacle::Way, 0.4));
                }
            }
            Shape::Points(_) => {}
        }
    }
}

fn border_of(symbol: &Symbol, theme: &Theme) -> Option<(Obstacle, f64)> {
    match symbol {
        Symbol::RegionEdge => Some((Obstacle::Edge, 0.3)),
        Symbol::Band { .. } => Some((Obstacle::Edge, 1.15)),
        Symbol::Fill {
            outline: Some(stroke),
            ..
        } if is_light(stroke.colour, theme) => Some((Obstacle::Faint, 0.1)),
        Symbol::Fill {
            outline: Some(_), ..
        } => Some((Obstacle::Edge, 0.2)),
        _ => None,
    }
}

fn rings(area: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    area.iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_taken_with_its_gap_and_free_beyond() {
        let mut occupied = Occupied::default();
        occupied.take(PageBox::new(10.0, 10.0, 10.0, 3.0));
        assert!(
            !occupied.is_free(PageBox::new(15.0, 11.0, 10.0, 3.0), 0.3),
            "it overlaps"
        );
        assert!(
            !occupied.is_free(PageBox::new(12.0, 11.0, 1.0, 1.0), 0.0),
            "it lies inside"
        );
        assert!(
            !occupied.is_free(PageBox::new(20.2, 10.0, 5.0, 3.0), 0.3),
            "it is too near"
        );
        assert!(occupied.is_free(PageBox::new(20.4, 10.0, 5.0, 3.0), 0.3));
        assert!(
            occupied.is_free(PageBox::new(20.0, 10.0, 5.0, 3.0), 0.0),
            "edges may touch without a gap"
        );
    }

    #[test]
    fn a_name_may_use_the_corner_that_a_disc_leaves() {
        let mut occupied = Occupied::default();
        occupied.take_disc(Coord { x: 10.0, y: 10.0 }, 3.0);
        assert!(
            occupied.is_free(PageBox::new(12.4, 12.4, 5.0, 3.0), 0.3),
            "3.39 mm from the centre"
        );
        assert!(
            !occupied.is_free(PageBox::new(12.2, 12.2, 5.0, 3.0), 0.3),
            "3.11 mm from the centre"
        );
        assert!(!occupied.is_free(PageBox::new(12.9, 9.0, 5.0, 3.0), 0.0));
    }

    #[test]
    fn crossing_a_line_costs_by_length_kind_and_owner() {
        let segment = |kind, owner, y| {
            let stretch = Stretch {
                kind,
                owner,
                half_width: 0.0,
            };
            Segment {
                from: Coord { x: 0.0, y },
                to: Coord { x: 100.0, y },
                of: stretch,
            }
        };
        let segments = Segments::new(vec![
            segment(Obstacle::Way, Owner::Drawing(3), 5.0),
            segment(Obstacle::River, Owner::River(0), 6.0),
            segment(Obstacle::River, Owner::River(0), 60.0),
        ]);
        let ground = GroundObstacles { segments };
        let obstacles = Obstacles {
            ground: &ground,
            theme: Segments::new(Vec::new()),
        };
        let name = PageBox::new(20.0, 4.0, 10.0, 4.0);
        let cost = obstacles.cost(
            name,
            |kind, _| if kind == Obstacle::Way { 3.0 } else { 0.6 },
        );
        assert!((cost - 36.0).abs() < 1e-9, "{cost}");
        assert!(obstacles.cost(name, |_, owner| f64::from(owner == Owner::River(1))) == 0.0);
    }
}
