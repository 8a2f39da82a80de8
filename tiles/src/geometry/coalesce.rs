//! Lines that go on in each other become one.

use super::shapes::{Kind, Shapes, row};
use crate::WorldPoint;

/// Lines joined end to end, and the feature of each that its attributes are taken from.
#[derive(Debug)]
pub struct Coalesced {
    /// One line a feature.
    pub shapes: Shapes,
    /// The feature before, of each feature: the first in the line.
    pub sources: Vec<u32>,
}

/// Joins lines of the same group where exactly two of its ends meet. A line may be turned for it. Polygons come back as they are, a
/// feature a feature.
///
/// `groups` has a number for each feature; features with equal attributes have equal numbers. Lines come in the order of their first
/// member. Features without a group are left out.
#[must_use]
pub fn coalesce(shapes: Shapes, groups: &[u32]) -> Coalesced {
    let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    if shapes.kind == Kind::Polygons {
        let sources = (0..count(shapes.features())).collect();
        return Coalesced { shapes, sources };
    }
    let mut lines = Lines::new(&shapes, groups);
    lines.link();
    let mut points = Vec::with_capacity(shapes.points.len());
    let (mut line_ends, mut sources) = (Vec::new(), Vec::new());
    for line in 0..lines.members.len() {
        if lines.taken[line] {
            continue;
        }
        // From one end of the chain to the other; from here and round when it closes.
        let start = lines.far_end(line);
        let (mut first, mut at) = (line, Some(start));
        while let Some(end) = at {
            let (member, backwards) = (end / 2, end % 2 == 1);
            if lines.taken[member] {
                break;
            }
            lines.taken[member] = true;
            first = first.min(member);
            let own = &shapes.points[lines.members[member].points.clone()];
            append(&mut points, own, backwards, line_ends.last().copied());
            at = lines.mates[end ^ 1];
        }
        line_ends.push(count(points.len()));
        sources.push(lines.members[first].feature);
    }
    let features = (1..=count(line_ends.len())).collect::<Vec<u32>>();
    Coalesced {
        shapes: Shapes {
            kind: Kind::Lines,
            points,
            path_ends: line_ends,
            part_ends: features.clone(),
            feature_ends: features,
        },
        sources,
    }
}

fn append(into: &mut Vec<WorldPoint>, own: &[WorldPoint], backwards: bool, start: Option<u32>) {
    // The point where two lines meet comes once.
    let skip = usize::from(into.len() > start.map_or(0, |start| start as usize));
    if backwards {
        into.extend(own.iter().rev().skip(skip));
    } else {
        into.extend(&own[skip..]);
    }
}

struct Member {
    points: std::ops::Range<usize>,
    feature: u32,
    group: u32,
}

/// Lines and their ends: end 2n is the beginning of line n, 2n + 1 its end.
struct Lines<'a> {
    shapes: &'a Shapes,
    members: Vec<Member>,
    /// The end that meets each end, if it is the only one.
    mates: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'a> Lines<'a> {
    fn new(shapes: &'a Shapes, groups: &[u32]) -> Self {
        let mut members = Vec::new();
        for (feature, &group) in (0..shapes.features()).zip(groups) {
            for part in row(&shapes.feature_ends, feature) {
                for path in row(&shapes.part_ends, part) {
                    let points = row(&shapes.path_ends, path);
                    if points.len() >= 2 {
                        members.push(Member {
                            points,
                            feature: u32::try_from(feature).unwrap_or(u32::MAX),
                            group,
                        });
                    }
                }
            }
        }
        let count = members.len();
        Self {
            shapes,
            members,
            mates: vec![None; 2 * count],
            taken: vec![false; count],
        }
    }

    fn link(&mut self) {
        let point = |end: usize| {
            let range = &self.members[end / 2].points;
            let at = if end.is_multiple_of(2) {
                range.start
            } else {
                range.end - 1
            };
            self.shapes.points[at]
        };
        let mut ends: Vec<(u32, WorldPoint, usize)> = (0..self.mates.len())
            .map(|end| (self.members[end / 2].group, point(end), end))
            .collect();
        ends.sort_unstable();
        for same in ends.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            // Both ends of one line meet in a ring, which is whole as it is.
            if let &[(_, _, one), (_, _, other)] = same
                && one / 2 != other / 2
            {
                self.mates[one] = Some(other);
                self.mates[other] = Some(one);
            }
        }
    }

    /// Returns the outer end of the chain that a line is in, going on from its beginning.
    fn far_end(&self, line: usize) -> usize {
        let start = 2 * line;
        let mut end = start;
        while let Some(mate) = self.mates[end] {
            // On to the other end of the line there.
            if mate ^ 1 == start {
                return start;
            }
            end = mate ^ 1;
        }
        end
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(paths: &[&[(u32, u32)]]) -> Shapes {
        let mut points = Vec::new();
        let mut ends = Vec::new();
        for path in paths {
            points.extend(path.iter().map(|&(x, y)| WorldPoint { x, y }));
            ends.push(u32::try_from(points.len()).unwrap());
        }
        let each = (1..=u32::try_from(paths.len()).unwrap()).collect();
        Shapes::lines(points, ends, each).unwrap()
    }

    fn paths(shapes: &Shapes) -> Vec<Vec<(u32, u32)>> {
        (0..shapes.path_ends.len())
            .map(|path| {
                let points = &shapes.points[row(&shapes.path_ends, path)];
                points.iter().map(|point| (point.x, point.y)).collect()
            })
            .collect()
    }

    #[test]
    fn lines_of_a_group_are_joined_and_turned_where_two_ends_meet() {
        let shapes = lines(&[
            &[(2, 0), (1, 0)],
            &[(9, 9), (8, 8)],
            &[(2, 0), (3, 0)],
            &[(0, 0), (1, 0)],
            &[(3, 0), (4, 0)],
        ]);
        let joined = coalesce(shapes, &[7, 7, 7, 7, 8]);
        assert_eq!(
            paths(&joined.shapes),
            [
                vec![(3, 0), (2, 0), (1, 0), (0, 0)],
                vec![(9, 9), (8, 8)],
                vec![(3, 0), (4, 0)],
            ]
        );
        assert_eq!(joined.sources, [0, 1, 4]);
    }

    #[test]
    fn where_three_ends_meet_nothing_is_joined_and_rings_close() {
        let crossing = lines(&[&[(0, 0), (1, 1)], &[(2, 0), (1, 1)], &[(1, 2), (1, 1)]]);
        assert_eq!(coalesce(crossing, &[0; 3]).sources, [0, 1, 2]);
        let ring = lines(&[
            &[(0, 0), (1, 1)],
            &[(0, 0), (5, 1)],
            &[(5, 1), (1, 1)],
            &[(6, 6), (7, 7), (6, 6)],
        ]);
        let joined = paths(&coalesce(ring, &[0; 4]).shapes);
        assert_eq!(joined.len(), 2);
        assert_eq!((joined[0].len(), joined[0][0]), (4, joined[0][3]));
    }

    proptest! {
        #[test]
        fn every_step_comes_out_once(
            edges in prop::collection::vec(((0u32..6, 0u32..6), (0u32..6, 0u32..6)), 1..40),
            groups in prop::collection::vec(0u32..3, 40),
        ) {
            let own: Vec<[(u32, u32); 2]> = edges.iter().map(|&(a, b)| [a, b]).collect();
            let shapes = lines(&own.iter().map(<[_; 2]>::as_slice).collect::<Vec<_>>());
            let joined = coalesce(shapes, &groups[..own.len()]);
            let step = |a: (u32, u32), b: (u32, u32), group: u32| (a.min(b), a.max(b), group);
            let mut before: Vec<_> = own.iter().zip(&groups).map(|(edge, &group)| step(edge[0], edge[1], group)).collect();
            let mut after = Vec::new();
            for (path, &source) in paths(&joined.shapes).iter().zip(&joined.sources) {
                after.extend(path.windows(2).map(|pair| step(pair[0], pair[1], groups[source as usize])));
            }
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
