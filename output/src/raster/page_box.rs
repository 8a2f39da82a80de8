//! Boxes on the page.

use geo::Coord;

/// A box on the page: millimetres from the page's top left corner, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageBox {
    /// Least x.
    pub left: f64,
    /// Least y.
    pub top: f64,
    /// Greatest x.
    pub right: f64,
    /// Greatest y.
    pub bottom: f64,
}

impl PageBox {
    /// A box from its top left corner and its size.
    #[must_use]
    pub const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    }

    /// A box of a size around a centre.
    pub(super) fn centred(centre: Coord<f64>, width: f64, height: f64) -> Self {
        Self::new(
            centre.x - width / 2.0,
            centre.y - height / 2.0,
            width,
            height,
        )
    }

    /// The smallest box around points; `None` when there are none.
    pub(super) fn around(points: impl IntoIterator<Item = Coord<f64>>) -> Option<Self> {
        points.into_iter().fold(None, |found: Option<Self>, p| {
            let here = Self {
                left: p.x,
                top: p.y,
                right: p.x,
                bottom: p.y,
            };
            Some(found.map_or(here, |b| b.union(here)))
        })
    }

    /// Width in mm.
    #[must_use]
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// Height in mm.
    #[must_use]
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn centre(self) -> Coord<f64> {
        Coord {
            x: f64::midpoint(self.left, self.right),
            y: f64::midpoint(self.top, self.bottom),
        }
    }

    pub(super) fn corners(self) -> [Coord<f64>; 4] {
        let Self {
            left,
            top,
            right,
            bottom,
        } = self;
        [(left, top), (right, top), (right, bottom), (left, bottom)].map(Coord::from)
    }

    /// The box grown by `by` mm on every side; shrunk when negative.
    #[must_use]
    pub fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self {
            left: self.left + x,
            top: self.top + y,
            right: self.right + x,
            bottom: self.bottom + y,
        }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether the boxes share more than an edge.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether `other` lies wholly inside this box.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }

    pub(super) fn holds_point(self, p: Coord<f64>) -> bool {
        self.left <= p.x && p.x <= self.right && self.top <= p.y && p.y <= self.bottom
    }

    /// How much of a straight line lies inside the box, in mm (Liang and Barsky 1984).
    pub(super) fn length_inside(self, a: Coord<f64>, b: Coord<f64>) -> f64 {
        match self.clip_line(a, b) {
            // Lengths on a page are far from the limits that `hypot` guards against.
            Some((p, q)) => ((q.x - p.x).powi(2) + (q.y - p.y).powi(2)).sqrt(),
            None => 0.0,
        }
    }

    /// The part of a straight line inside the box.
    pub(super) fn clip_line(
        self,
        a: Coord<f64>,
        b: Coord<f64>,
    ) -> Option<(Coord<f64>, Coord<f64>)> {
        let d = b - a;
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-d.x, a.x - self.left),
            (d.x, self.right - a.x),
            (-d.y, a.y - self.top),
            (d.y, self.bottom - a.y),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if step < 0.0 {
                from = from.max(room / step);
            } else {
                to = to.min(room / step);
            }
        }
        (from <= to).then(|| (a + d * from, a + d * to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_only_inside_the_box() {
        let b = PageBox::new(0.0, 0.0, 10.0, 10.0);
        let length =
            |x0, y0, x1, y1| b.length_inside(Coord { x: x0, y: y0 }, Coord { x: x1, y: y1 });
        assert!((length(-5.0, 5.0, 15.0, 5.0) - 10.0).abs() < 1e-9);
        assert!((length(2.0, 2.0, 5.0, 6.0) - 5.0).abs() < 1e-9);
        assert!(length(-5.0, 12.0, 15.0, 12.0) == 0.0);
        assert!(
            length(-5.0, 5.0, 5.0, 15.0) < 1e-9,
            "it only touches the corner"
        );
    }

    #[test]
    fn boxes_that_share_an_edge_do_not_meet() {
        let a = PageBox::new(0.0, 0.0, 10.0, 10.0);
        assert!(!a.meets(PageBox::new(10.0, 0.0, 5.0, 5.0)));
        assert!(a.meets(PageBox::new(9.9, 9.9, 5.0, 5.0)));
        assert!(
            a.holds(PageBox::new(0.0, 1.0, 10.0, 2.0))
                && !a.holds(PageBox::new(-0.1, 1.0, 2.0, 2.0))
        );
    }
}
