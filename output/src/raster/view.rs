//! A map in its frame: which ratio, and where on the page each place lies.

use gazetteer::Extent;
use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::clip;
use super::page_box::PageBox;
use super::projection::Projection;

/// Straight lines between positions are cut into pieces no longer than this before they are projected.
const SEGMENT_DEG: f64 = 0.02;
/// How far outside of the frame geometry is kept, in mm: more than the widest stroke reaches.
const REACH_MM: f64 = 8.0;
/// Room between the focus and the frame, in mm.
const MARGIN_MM: f64 = 4.0;
/// The ratios that a map may have, times a power of ten.
const RATIOS: [f64; 13] = [
    1.0, 1.2, 1.5, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0,
];

/// A frame on the page with a map in it.
#[derive(Clone, Copy)]
pub(super) struct View<'p> {
    pub(super) projection: &'p Projection,
    pub(super) frame: PageBox,
    /// 1 mm on the page is `ratio` mm on the ground.
    pub(super) ratio: f64,
    /// Millimetres on the page in a unit of the layout.
    pub(super) unit_mm: f64,
    /// What the centre of the frame shows, in metres on the plane.
    centre: (f64, f64),
    /// A box of degrees that holds all that can be seen.
    pub(super) reach: Extent,
}

/// The points of a line and those between them that a projection needs, one after the other.
pub(super) fn densified(points: &[Coord<f64>], mut each: impl FnMut(Coord<f64>)) {
    let mut before: Option<Coord<f64>> = None;
    for &point in points {
        if let Some(from) = before {
            // Equal pieces, so that neighbours cut their shared border at the same points.
            let longest = (point.x - from.x).abs().max((point.y - from.y).abs());
            let pieces = (longest / SEGMENT_DEG).ceil();
            let mut done = 1.0;
            while done < pieces {
                each(from + (point - from) * (done / pieces));
                done += 1.0;
            }
        }
        each(point);
        before = Some(point);
    }
}

/// The smallest ratio of the list that is at least `needed`.
pub(super) fn ratio_at_least(needed: f64) -> f64 {
    let mut power = 10_f64.powf(needed.log10().floor());
    loop {
        // A hair of slack: a ratio that is met exactly is met.
        if let Some(step) = RATIOS
            .iter()
            .find(|step| **step * power >= needed * (1.0 - 1e-9))
        {
            return step * power;
        }
        power *= 10.0;
    }
}

/// The outline of a box of degrees on the plane, as least and greatest east and north.
fn plane_bounds(projection: &Projection, extent: Extent) -> Option<PageBox> {
    const STEPS: u32 = 24;
    let edges = (0..=STEPS).flat_map(|step| {
        let t = f64::from(step) / f64::from(STEPS);
        let lon = extent.west + (extent.east - extent.west) * t;
        let lat = extent.south + (extent.north - extent.south) * t;
        [
            (lon, extent.south),
            (lon, extent.north),
            (extent.west, lat),
            (extent.east, lat),
        ]
    });
    PageBox::around(
        edges
            .filter_map(|(lon, lat)| projection.to_plane(lon, lat))
            .map(Coord::from),
    )
}

impl<'p> View<'p> {
    /// The map of the greatest scale that leaves 4 mm around the focus. `None` when the focus has no size.
    pub(super) fn of_focus(
        projection: &'p Projection,
        focus: Extent,
        frame: PageBox,
        unit_mm: f64,
    ) -> Option<Self> {
        let bounds = plane_bounds(projection, focus)?;
        let room = frame.grown(-MARGIN_MM);
        let needed =
            (bounds.width() / room.width()).max(bounds.height() / room.height()) * 1000.0 / unit_mm;
        if !(needed.is_finite() && needed > 0.0) {
            return None;
        }
        let centre = bounds.centre();
        Self::new(
            projection,
            frame,
            (ratio_at_least(needed), unit_mm),
            (centre.x, centre.y),
        )
    }

    /// The map of the greatest scale that shows nearly all of `extent` (edges may be cut by 2 %).
    pub(super) fn filling(
        projection: &'p Projection,
        extent: Extent,
        frame: PageBox,
        unit_mm: f64,
    ) -> Option<Self> {
        let bounds = plane_bounds(projection, extent)?;
        let needed =
            (bounds.width() / frame.width()).max(bounds.height() / frame.height()) * 1000.0 * 0.96
                / unit_mm;
        let centre = bounds.centre();
        (needed.is_finite() && needed > 0.0).then(|| {
            Self::new(
                projection,
                frame,
                (ratio_at_least(needed), unit_mm),
                (centre.x, centre.y),
            )
        })?
    }

    /// A map at a given ratio that covers `extent` and more where the frame has another shape.
    pub(super) fn around(
        projection: &'p Projection,
        extent: Extent,
        frame: PageBox,
    ) -> Option<Self> {
        let bounds = plane_bounds(projection, extent)?;
        let ratio = (bounds.width() / frame.width()).max(bounds.height() / frame.height()) * 1000.0;
        let centre = bounds.centre();
        (ratio.is_finite() && ratio > 0.0)
            .then(|| Self::new(projection, frame, (ratio, 1.0), (centre.x, centre.y)))?
    }

    /// A map in Web Mercator whose frame is cut out of a map of the whole world, `world` pixels wide; `middle` is what it shows in
    /// its centre, in these pixels.
    pub(super) fn of_world(
        projection: &'p Projection,
        frame: PageBox,
        (world, middle): (f64, (f64, f64)),
        pixels_per_mm: f64,
    ) -> Option<Self> {
        let width = projection.to_plane(180.0, 0.0)?.0 * 2.0;
        let ratio = 1000.0 * pixels_per_mm * width / world;
        let centre = (
            (middle.0 / world - 0.5) * width,
            (0.5 - middle.1 / world) * width,
        );
        Self::new(projection, frame, (ratio, 1.0), centre)
    }

    fn new(
        projection: &'p Projection,
        frame: PageBox,
        (ratio, unit_mm): (f64, f64),
        centre: (f64, f64),
    ) -> Option<Self> {
        let empty = Extent {
            west: 0.0,
            south: 0.0,
            east: 0.0,
            north: 0.0,
        };
        let mut view = Self {
            projection,
            frame,
            ratio,
            unit_mm,
            centre,
            reach: empty,
        };
        let outline = view.outline(frame.grown(REACH_MM));
        view.reach = Extent::around(outline)?.grown(0.05);
        Some(view)
    }

    /// What the centre of the frame shows, in metres on the plane.
    pub(super) fn centre(&self) -> (f64, f64) {
        self.centre
    }

    /// Units on the page for a metre on the ground.
    pub(super) fn per_metre(&self) -> f64 {
        1000.0 / (self.ratio * self.unit_mm)
    }

    /// The same map, moved on the page.
    pub(super) fn shifted(self, right_mm: f64) -> Option<Self> {
        let centre = (self.centre.0 - right_mm / self.per_metre(), self.centre.1);
        Self::new(
            self.projection,
            self.frame,
            (self.ratio, self.unit_mm),
            centre,
        )
    }

    /// How far the map may be shifted left or right before the focus comes nearer than 4 mm to the frame, in mm.
    pub(super) fn slack(&self, focus: Extent) -> f64 {
        plane_bounds(self.projection, focus)
            .map_or(0.0, |b| {
                self.frame.grown(-MARGIN_MM).width() - b.width() * self.per_metre()
            })
            .max(0.0)
            / 2.0
    }

    /// What tells this view from others.
    pub(super) fn name(&self) -> String {
        let Self {
            projection,
            frame,
            ratio,
            unit_mm,
            centre,
            ..
        } = self;
        format!(
            "{} {frame:?} {ratio} {unit_mm} {centre:?}",
            projection.description
        )
    }

    pub(super) fn on_page(&self, lon: f64, lat: f64) -> Option<Coord<f64>> {
        let (east, north) = self.projection.to_plane(lon, lat)?;
        let at = self.frame.centre();
        let mm = self.per_metre();
        Some(Coord {
            x: at.x + (east - self.centre.0) * mm,
            y: at.y - (north - self.centre.1) * mm,
        })
    }

    pub(super) fn lonlat_at(&self, page: Coord<f64>) -> Option<(f64, f64)> {
        let at = self.frame.centre();
        let metres = 1.0 / self.per_metre();
        let east = self.centre.0 + (page.x - at.x) * metres;
        self.projection
            .to_lonlat(east, self.centre.1 - (page.y - at.y) * metres)
    }

    /// The positions along the outline of a box on the page, as a closed ring of longitude and latitude.
    pub(super) fn outline(&self, of: PageBox) -> Vec<(f64, f64)> {
        const STEPS: u32 = 20;
        let corners = of.corners();
        let mut ring = Vec::new();
        for (index, &from) in corners.iter().enumerate() {
            let to = corners[(index + 1) % 4];
            for step in 0..STEPS {
                let t = f64::from(step) / f64::from(STEPS);
                ring.extend(self.lonlat_at(from + (to - from) * t));
            }
        }
        ring.extend(ring.first().copied());
        ring
    }

    /// The angle from the page's top to north at a point of the page, in radians, clockwise.
    pub(super) fn convergence(&self, at: Coord<f64>) -> f64 {
        let north = self
            .lonlat_at(at)
            .and_then(|(lon, lat)| self.on_page(lon, lat + 0.01));
        north.map_or(0.0, |n| (n.x - at.x).atan2(at.y - n.y))
    }

    fn sees(&self, points: &[Coord<f64>]) -> bool {
        let extent = Extent::around(points.iter().map(|p| (p.x, p.y)));
        extent.is_some_and(|e| e.intersects(self.reach))
    }

    fn project(&self, points: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mut page = Vec::with_capacity(points.len());
        let mut add = |p: Coord<f64>| page.extend(self.on_page(p.x, p.y));
        if self.projection.is_given() {
            points.iter().copied().for_each(add);
        } else {
            densified(points, &mut add);
        }
        page
    }

    /// The same map, of what is on its plane already.
    pub(super) fn of_plane<'q>(&self, given: &'q Projection) -> View<'q> {
        let all = Extent {
            west: f64::NEG_INFINITY,
            south: f64::NEG_INFINITY,
            east: f64::INFINITY,
            north: f64::INFINITY,
        };
        View {
            projection: given,
            reach: all,
            frame: self.frame,
            ratio: self.ratio,
            unit_mm: self.unit_mm,
            centre: self.centre,
        }
    }

    /// Whether a box on the page is not cut.
    pub(super) fn reaches(&self, area: PageBox) -> bool {
        self.frame.grown(REACH_MM).holds(area)
    }

    /// The pieces of a line (degrees) that can be seen, in mm on the page.
    pub(super) fn line(&self, line: &LineString<f64>) -> Vec<LineString<f64>> {
        if !self.sees(&line.0) {
            return Vec::new();
        }
        clip::line(&self.project(&line.0), self.frame.grown(REACH_MM))
    }

    /// Nodes of a line, in mm on the page, all of them.
    pub(super) fn nodes(&self, line: &LineString<f64>) -> Vec<Coord<f64>> {
        line.0
            .iter()
            .filter_map(|p| self.on_page(p.x, p.y))
            .collect()
    }

    /// The part of an area (degrees) that can be seen, in mm on the page.
    pub(super) fn area(&self, area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        let ring = |ring: &LineString<f64>| LineString(self.project(&ring.0));
        let seen = area
            .iter()
            .filter(|polygon| self.sees(&polygon.exterior().0));
        let projected = seen.map(|polygon| {
            let holes = polygon
                .interiors()
                .iter()
                .filter(|hole| self.sees(&hole.0))
                .map(ring)
                .collect();
            Polygon::new(ring(polygon.exterior()), holes)
        });
        clip::area(
            &MultiPolygon(projected.collect()),
            self.frame.grown(REACH_MM),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: PageBox = PageBox {
        left: 77.0,
        top: 10.0,
        right: 287.0,
        bottom: 194.0,
    };
    const FOCUS: Extent = Extent {
        west: 105.2,
        south: 28.4,
        east: 107.8,
        north: 30.8,
    };

    #[test]
    fn ratios_are_rounded_up_to_the_list() {
        for (needed, ratio) in [
            (1_520_000.0, 1.6e6),
            (1.6e6, 1.6e6),
            (850_000.0, 1e6),
            (2_600_000.0, 3e6),
            (8.01e6, 1e7),
        ] {
            assert!(
                (ratio_at_least(needed) - ratio).abs() < 1.0,
                "{needed}: {}",
                ratio_at_least(needed)
            );
        }
    }

    #[test]
    fn the_focus_keeps_its_distance_from_the_frame_and_the_next_ratio_would_not() {
        let projection = Projection::for_focus(FOCUS).expect("a projection");
        let view = View::of_focus(&projection, FOCUS, FRAME, 1.0).expect("a view");
        let outline = [
            (FOCUS.west, FOCUS.south),
            (FOCUS.east, FOCUS.north),
            (FOCUS.west, FOCUS.north),
        ];
        for (lon, lat) in outline {
            let p = view.on_page(lon, lat).expect("in range");
            assert!(FRAME.grown(-3.99).holds_point(p), "{p:?}");
        }
        let height = plane_bounds(&projection, FOCUS).expect("bounds").height() * 1000.0;
        let smaller = RATIOS
            .iter()
            .map(|r| r * 1e6)
            .rfind(|r| *r < view.ratio)
            .expect("not the first");
        assert!(
            height / smaller > FRAME.height() - 8.0,
            "1:{smaller} would fit as well"
        );
    }

    #[test]
    fn the_page_and_the_earth_agree_and_north_is_up_on_the_central_meridian() {
        let projection = Projection::for_focus(FOCUS).expect("a projection");
        let view = View::of_focus(&projection, FOCUS, FRAME, 1.0).expect("a view");
        let p = view.on_page(106.9, 29.1).expect("in range");
        let (lon, lat) = view.lonlat_at(p).expect("in range");
        assert!((lon - 106.9).abs() < 1e-8 && (lat - 29.1).abs() < 1e-8);
        let on_meridian = view.on_page(106.5, 29.5).expect("in range");
        assert!(view.convergence(on_meridian).abs() < 1e-6);
    }

    #[test]
    fn long_edges_are_cut_before_they_are_projected() {
        let projection = Projection::for_focus(FOCUS).expect("a projection");
        let view = View::of_focus(&projection, FOCUS, FRAME, 1.0).expect("a view");
        let line = LineString::from(vec![(106.0, 29.0), (107.0, 29.0)]);
        assert!(view.line(&line)[0].0.len() >= 50);
        let away = LineString::from(vec![(96.0, 29.0), (97.0, 29.0)]);
        assert!(view.line(&away).is_empty());
    }
}
