//! The land below the theme: projected, painted and laid out for names once for all pages that show it.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use geo::{Coord, CoordsIter, LineString, MultiPolygon};
use layers::map::{Ground, MapPage};
use layers::style::BorderLevel;

use super::canvas::Canvas;
use super::labels::GroundObstacles;
use super::page_box::PageBox;
use super::spline;
use super::thinning;
use super::view::View;

/// What borders may be moved by without being seen: half a pixel at 250 dpi. Each is drawn once, so no gap opens.
const UNSEEN_MM: f64 = 0.05;
/// A map larger than 1 to this has no rivers: the lines are not true enough.
const LARGEST_RATIO_WITH_RIVERS: f64 = 1_000_000.0;
/// Lands that are kept: each holds the pixels of a map. The themes of one plan come one after another.
const MOST_KEPT: usize = 3;

/// The ground of a page in a view, in mm on the page.
pub(super) struct Land {
    /// The provinces of the plans.
    pub(super) home: Vec<MultiPolygon<f64>>,
    /// Units with a name, by their number in [`Ground::areas`].
    pub(super) areas: Vec<(usize, MultiPolygon<f64>)>,
    pub(super) borders: Vec<(BorderLevel, Vec<LineString<f64>>)>,
    pub(super) rivers: Vec<PlacedRiver>,
    /// Whether other pages may show it too, so that what is painted of it is kept.
    pub(super) shared: bool,
    /// What a name had better not cross.
    pub(super) obstacles: OnceLock<GroundObstacles>,
    /// What lies below the theme, painted.
    pub(super) painted: OnceLock<Option<Canvas>>,
    /// The same with what lies over the areas of a theme, for themes without areas.
    pub(super) painted_whole: OnceLock<Option<Canvas>>,
    /// Locators of this land, each in its box.
    locators: Mutex<Vec<Arc<Canvas>>>,
}

/// A river on the page.
pub(super) struct PlacedRiver {
    pub(super) name: String,
    pub(super) rank: u8,
    pub(super) courses: Vec<LineString<f64>>,
}

impl Land {
    pub(super) fn new(ground: &Ground, view: &View<'_>) -> Self {
        let home = ground
            .areas
            .iter()
            .filter(|area| area.home && area.level == BorderLevel::Province);
        let areas = ground.areas.iter().enumerate();
        let areas = areas.filter(|(_, area)| !area.name.is_empty());
        let borders = ground.borders.iter().map(|border| {
            let lines = view.line(&border.line);
            let lines = lines.iter().map(|line| thinning::line(&line.0, UNSEEN_MM));
            (border.level, lines.collect::<Vec<_>>())
        });
        let rivers = ground.rivers.iter();
        let rivers = rivers
            .filter(|_| view.ratio >= LARGEST_RATIO_WITH_RIVERS)
            .map(|river| {
                let mut courses = view.line(&river.line);
                for course in &mut courses {
                    *course = spline::round_corners(&thinning::line(&course.0, 0.18), 2);
                }
                PlacedRiver {
                    name: river.name.clone(),
                    rank: river.rank,
                    courses,
                }
            });
        Self {
            home: home.map(|area| view.area(&area.geometry)).collect(),
            areas: areas
                .map(|(number, area)| (number, view.area(&area.geometry)))
                .filter(|(_, area)| !area.0.is_empty())
                .collect(),
            borders: borders.filter(|(_, lines)| !lines.is_empty()).collect(),
            rivers: rivers.filter(|river| !river.courses.is_empty()).collect(),
            shared: false,
            obstacles: OnceLock::new(),
            painted: OnceLock::new(),
            painted_whole: OnceLock::new(),
            locators: Mutex::default(),
        }
    }

    /// The locator in a box, painted by who asks first.
    pub(super) fn locator<E>(
        &self,
        area: PageBox,
        paint: impl FnOnce() -> Result<Option<Canvas>, E>,
    ) -> Result<Option<Arc<Canvas>>, E> {
        let kept = || self.locators.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().iter().find(|known| known.area() == area).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let painted = paint()?.map(Arc::new);
        kept().extend(painted.clone());
        Ok(painted)
    }
}

/// The lands that were shown last, or none where there is one page only.
#[derive(Default)]
pub(super) struct Lands {
    none: bool,
    kept: Mutex<VecDeque<(Key, Shared)>>,
}

/// A ground in a view.
type Key = (u64, u64, String);
/// A land that is made once, by who asks first.
type Shared = Arc<OnceLock<Arc<Land>>>;

impl Lands {
    /// For one page: nothing is kept.
    pub(super) fn of_one_page() -> Self {
        Self {
            none: true,
            ..Self::default()
        }
    }

    /// The land of a page; who asks for one that is being made waits for it. `look` tells papers apart that are not painted
    /// alike.
    pub(super) fn of(&self, page: &MapPage, view: &View<'_>, look: u64) -> Arc<Land> {
        if self.none {
            return Arc::new(Land::new(&page.ground, view));
        }
        let key = (fingerprint(&page.ground), look, view.name());
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let known = kept.iter().position(|(known, _)| *known == key);
            let entry = known
                .and_then(|at| kept.remove(at))
                .unwrap_or_else(|| (key, Arc::default()));
            let cell = Arc::clone(&entry.1);
            kept.push_front(entry);
            kept.truncate(MOST_KEPT);
            cell
        };
        let make = || {
            Arc::new(Land {
                shared: true,
                ..Land::new(&page.ground, view)
            })
        };
        Arc::clone(cell.get_or_init(make))
    }
}

/// A hash of all that [`Land`] takes from a ground. Which names are printed is not of it: each theme prints others.
fn fingerprint(ground: &Ground) -> u64 {
    fn add(hasher: &mut DefaultHasher, coords: impl Iterator<Item = Coord<f64>>) {
        for Coord { x, y } in coords {
            (x.to_bits(), y.to_bits()).hash(hasher);
        }
    }
    let mut hasher = DefaultHasher::new();
    (
        ground.areas.len(),
        ground.borders.len(),
        ground.rivers.len(),
    )
        .hash(&mut hasher);
    for area in &ground.locator {
        (&area.name, area.named).hash(&mut hasher);
    }
    for area in ground.areas.iter().chain(&ground.locator) {
        (&area.name, area.home, area.level as u8).hash(&mut hasher);
        add(&mut hasher, area.geometry.coords_iter());
    }
    for border in &ground.borders {
        (border.level as u8, border.line.0.len()).hash(&mut hasher);
        add(&mut hasher, border.line.coords_iter());
    }
    for river in &ground.rivers {
        (&river.name, river.rank).hash(&mut hasher);
        add(&mut hasher, river.line.coords_iter());
    }
    hasher.finish()
}
