//! Smooth lines through nodes, and walking along lines.

use geo::{Coord, LineString};

/// The distance between the points of a smoothed line, in mm: too short to see.
const STEP_MM: f64 = 0.4;

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (b.x - a.x).hypot(b.y - a.y)
}

fn lerp(a: Coord<f64>, b: Coord<f64>, t: f64) -> Coord<f64> {
    a + (b - a) * t
}

/// A centripetal Catmull–Rom spline through `nodes` (Barry and Goldman 1988; Yuksel, Schaefer and Keyser 2011:
/// the centripetal one has no cusps or loops between nodes). Every node is a point of the answer.
pub(super) fn through(nodes: &[Coord<f64>]) -> LineString<f64> {
    let mut nodes = nodes.to_vec();
    nodes.dedup_by(|a, b| distance(*a, *b) < 1e-6);
    let [first, second, ..] = nodes[..] else {
        return LineString(nodes);
    };
    if nodes.len() == 2 {
        return LineString(nodes);
    }
    let last = nodes[nodes.len() - 1];
    let before_last = nodes[nodes.len() - 2];
    // Ends are mirrored, so that the line leaves its first node towards the second.
    let mut all = vec![first * 2.0 - second];
    all.extend_from_slice(&nodes);
    all.push(last * 2.0 - before_last);

    let mut line = vec![first];
    for four in all.windows(4) {
        let [p0, p1, p2, p3] = [four[0], four[1], four[2], four[3]];
        let t1 = distance(p0, p1).sqrt();
        let t2 = t1 + distance(p1, p2).sqrt();
        let t3 = t2 + distance(p2, p3).sqrt();
        let mut position = 0.0;
        let length = distance(p1, p2);
        while position + STEP_MM < length {
            position += STEP_MM;
            let t = t1 + (t2 - t1) * position / length;
            let a1 = lerp(p0, p1, t / t1);
            let a2 = lerp(p1, p2, (t - t1) / (t2 - t1));
            let a3 = lerp(p2, p3, (t - t2) / (t3 - t2));
            let b1 = lerp(a1, a2, t / t2);
            let b2 = lerp(a2, a3, (t - t1) / (t3 - t1));
            line.push(lerp(b1, b2, (t - t1) / (t2 - t1)));
        }
        line.push(p2);
    }
    LineString(line)
}

/// Cuts the corners of a line (Chaikin 1974), keeping its ends.
pub(super) fn round_corners(line: &LineString<f64>, rounds: usize) -> LineString<f64> {
    let mut points = line.0.clone();
    for _ in 0..rounds {
        if points.len() < 3 {
            break;
        }
        let mut next = Vec::with_capacity(points.len() * 2);
        next.push(points[0]);
        for pair in points.windows(2) {
            next.push(lerp(pair[0], pair[1], 0.25));
            next.push(lerp(pair[0], pair[1], 0.75));
        }
        next.push(points[points.len() - 1]);
        points = next;
    }
    LineString(points)
}

/// A line with its length known at each point.
#[derive(Debug, Clone)]
pub(super) struct Course {
    points: Vec<Coord<f64>>,
    along: Vec<f64>,
}

impl Course {
    /// `None` for a line without length.
    pub(super) fn new(line: &LineString<f64>) -> Option<Self> {
        let mut points = line.0.clone();
        points.dedup_by(|a, b| distance(*a, *b) < 1e-9);
        if points.len() < 2 {
            return None;
        }
        let mut along = vec![0.0];
        let mut total = 0.0;
        for pair in points.windows(2) {
            total += distance(pair[0], pair[1]);
            along.push(total);
        }
        Some(Self { points, along })
    }

    pub(super) fn length(&self) -> f64 {
        self.along[self.along.len() - 1]
    }

    /// The point `s` mm from the start, and the direction there in radians (page axes: clockwise from the right).
    /// Before the start and past the end the line goes on straight.
    pub(super) fn at(&self, s: f64) -> (Coord<f64>, f64) {
        let after = self
            .along
            .partition_point(|&a| a <= s)
            .clamp(1, self.points.len() - 1);
        let (a, b) = (self.points[after - 1], self.points[after]);
        let t = (s - self.along[after - 1]) / (self.along[after] - self.along[after - 1]);
        (lerp(a, b, t), (b.y - a.y).atan2(b.x - a.x))
    }

    /// The direction of the chord of `reach` mm around `s`: steadier than [`Self::at`].
    pub(super) fn heading(&self, s: f64, reach: f64) -> f64 {
        let (a, b) = (
            self.at((s - reach).max(0.0)).0,
            self.at((s + reach).min(self.length())).0,
        );
        (b.y - a.y).atan2(b.x - a.x)
    }

    /// Its points, how far along each is, and the direction of the line there: between those of the stretches that meet.
    pub(super) fn vertices(&self) -> impl Iterator<Item = (Coord<f64>, f64, f64)> + '_ {
        let last = self.points.len() - 1;
        (0..=last).map(move |index| {
            let (a, b) = (
                self.points[index.saturating_sub(1)],
                self.points[(index + 1).min(last)],
            );
            let heading = (b.y - a.y).atan2(b.x - a.x);
            (self.points[index], self.along[index], heading)
        })
    }

    pub(super) fn reversed(&self) -> Self {
        let total = self.length();
        Self {
            points: self.points.iter().rev().copied().collect(),
            along: self.along.iter().rev().map(|s| total - s).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> Vec<Coord<f64>> {
        [(0.0, 0.0), (30.0, 2.0), (34.0, 20.0), (60.0, 25.0)]
            .map(Coord::from)
            .to_vec()
    }

    #[test]
    fn a_spline_passes_every_node_in_order_and_keeps_near_its_chords() {
        let line = through(&nodes());
        let mut from = 0;
        for node in nodes() {
            let found = line.0[from..]
                .iter()
                .position(|p| distance(*p, node) < 1e-9);
            from += found.expect("a node of the spline");
        }
        assert_eq!(from, line.0.len() - 1, "it ends at the last node");
        let length = Course::new(&line).expect("a line").length();
        let chords: f64 = nodes().windows(2).map(|p| distance(p[0], p[1])).sum();
        assert!(
            length > chords && length < chords * 1.1,
            "{length} for chords of {chords}"
        );
        // A cusp would turn the direction back between two neighbouring points.
        for three in line.0.windows(3) {
            let (a, b) = (three[1] - three[0], three[2] - three[1]);
            assert!(a.x * b.x + a.y * b.y > 0.0, "turns back at {three:?}");
        }
    }

    #[test]
    fn a_spline_is_the_same_from_either_end_and_does_not_swing_out_at_close_nodes() {
        let nodes = [(0.0, 0.0), (40.0, 0.0), (41.0, 3.0), (80.0, 6.0)].map(Coord::from);
        let there = through(&nodes);
        let mut reversed = nodes;
        reversed.reverse();
        for p in &through(&reversed).0 {
            let off = there
                .0
                .iter()
                .map(|q| distance(*p, *q))
                .fold(f64::MAX, f64::min);
            assert!(
                off <= STEP_MM / 2.0 + 0.02,
                "{p:?} is {off} mm off the line there"
            );
        }
        let highest = there.0.iter().map(|p| p.y).fold(f64::MIN, f64::max);
        let lowest = there.0.iter().map(|p| p.y).fold(f64::MAX, f64::min);
        assert!(
            lowest > -1.5 && highest < 7.5,
            "it swings from {lowest} to {highest}"
        );
    }

    #[test]
    fn two_nodes_make_a_straight_line_and_equal_ones_count_once() {
        let (a, b) = (Coord { x: 0.0, y: 0.0 }, Coord { x: 10.0, y: 0.0 });
        assert_eq!(through(&[a, a, b]), LineString(vec![a, b]));
        assert_eq!(through(&[a]).0.len(), 1);
    }

    #[test]
    fn a_course_knows_where_it_is_and_where_it_goes() {
        let line = LineString::from(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        let course = Course::new(&line).expect("a line");
        assert!((course.length() - 20.0).abs() < 1e-9);
        let (p, angle) = course.at(15.0);
        assert!(
            distance(p, Coord { x: 10.0, y: 5.0 }) < 1e-9
                && (angle - std::f64::consts::FRAC_PI_2).abs() < 1e-9
        );
        assert!(distance(course.reversed().at(5.0).0, p) < 1e-9);
        assert!(distance(course.at(22.0).0, Coord { x: 10.0, y: 12.0 }) < 1e-9);
    }

    #[test]
    fn cut_corners_keep_the_ends() {
        let line = LineString::from(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        let round = round_corners(&line, 3);
        assert_eq!(
            (round.0.first(), round.0.last()),
            (line.0.first(), line.0.last())
        );
        assert!(round.0.iter().all(|p| distance(*p, line.0[1]) > 1.0));
    }
}
