//! Arcs: stretches of lines and borders between the places where they part.

use std::collections::HashMap;

/// A vertex on the grid.
pub(super) type Grid = [i64; 2];

/// A line, or a closed ring.
pub(super) struct Path {
    pub(super) vertices: Vec<Grid>,
    pub(super) ring: bool,
}

/// All arcs, and which make each path: a number, or for an arc that is walked backwards −1 − number.
pub(super) struct Arcs {
    arcs: Vec<Vec<Grid>>,
    paths: Vec<Vec<i64>>,
}

/// The vertices beside one, the lesser first.
type Neighbours = [Grid; 2];

impl Arcs {
    pub(super) fn of(paths: Vec<Path>) -> Self {
        let junctions = junctions(&paths);
        let mut made = Self {
            arcs: Vec::new(),
            paths: Vec::with_capacity(paths.len()),
        };
        let mut numbers: HashMap<Vec<Grid>, i64> = HashMap::new();
        for path in paths {
            let pieces = cut(path, &junctions);
            let numbers = pieces
                .into_iter()
                .map(|piece| made.number(piece, &mut numbers));
            let numbers = numbers.collect();
            made.paths.push(numbers);
        }
        made
    }

    /// The number of an arc, which is taken up where it is new.
    fn number(&mut self, arc: Vec<Grid>, numbers: &mut HashMap<Vec<Grid>, i64>) -> i64 {
        let backward: Vec<Grid> = arc.iter().rev().copied().collect();
        let turned = backward < arc;
        let key = if turned { backward } else { arc.clone() };
        let next = i64::try_from(self.arcs.len()).unwrap_or(i64::MAX);
        let known = *numbers.entry(key).or_insert(next);
        if known == next {
            self.arcs.push(arc);
            return known;
        }
        let same_way = usize::try_from(known).ok().and_then(|at| self.arcs.get(at)) == Some(&arc);
        if same_way { known } else { -1 - known }
    }

    pub(super) fn of_path(&self, path: usize) -> &[i64] {
        &self.paths[path]
    }

    /// Appends all arcs, each on a line, as differences.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        for (number, arc) in self.arcs.iter().enumerate() {
            out.extend_from_slice(if number > 0 { b",\n[" } else { b"\n[" });
            let mut before = [0, 0];
            for (number, vertex) in arc.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                let step = [vertex[0] - before[0], vertex[1] - before[1]];
                before = *vertex;
                out.extend_from_slice(format!("[{},{}]", step[0], step[1]).as_bytes());
            }
            out.push(b']');
        }
    }
}

/// The vertices at which paths part: those with other neighbours in one path than in another, and the ends of lines.
fn junctions(paths: &[Path]) -> HashMap<Grid, bool> {
    let mut seen: HashMap<Grid, (Neighbours, bool)> = HashMap::new();
    let mut see = |at: Grid, one: Grid, other: Grid, end: bool| {
        let around = if one <= other {
            [one, other]
        } else {
            [other, one]
        };
        let entry = seen.entry(at).or_insert((around, end));
        entry.1 |= end || entry.0 != around;
    };
    for path in paths {
        let vertices = &path.vertices;
        for three in vertices.windows(3) {
            see(three[1], three[0], three[2], false);
        }
        match (path.ring, &vertices[..]) {
            // Closed: the first vertex is the last, between the second and the last but one.
            (true, [first, second, .., before, _]) => see(*first, *before, *second, false),
            (_, [first, .., last]) => {
                see(*first, *first, *first, true);
                see(*last, *last, *last, true);
            }
            _ => {}
        }
    }
    seen.into_iter()
        .map(|(at, (_, junction))| (at, junction))
        .collect()
}

/// A path cut at its junctions. A ring without any begins at its least vertex, so that it is the same in any feature.
fn cut(path: Path, junctions: &HashMap<Grid, bool>) -> Vec<Vec<Grid>> {
    let mut vertices = path.vertices;
    let is = |vertex: &Grid| junctions.get(vertex) == Some(&true);
    if path.ring && vertices.len() > 1 {
        vertices.pop();
        let start = vertices.iter().position(is).unwrap_or_else(|| {
            let least = vertices
                .iter()
                .enumerate()
                .min_by_key(|(_, vertex)| **vertex);
            least.map_or(0, |(at, _)| at)
        });
        vertices.rotate_left(start);
        vertices.push(vertices[0]);
    }
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    let last = vertices.len().saturating_sub(1);
    for (number, vertex) in vertices.into_iter().enumerate() {
        piece.push(vertex);
        if number > 0 && number < last && is(&vertex) {
            pieces.push(std::mem::replace(&mut piece, vec![vertex]));
        }
    }
    pieces.push(piece);
    // An arc has two positions at least.
    for piece in &mut pieces {
        if let [only] = piece[..] {
            piece.push(only);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(vertices: &[Grid]) -> Path {
        Path {
            vertices: vertices.to_vec(),
            ring: true,
        }
    }

    #[test]
    fn two_squares_share_an_edge_and_a_ring_is_one_arc() {
        let west = ring(&[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]);
        let east = ring(&[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]);
        let alone = ring(&[[5, 5], [6, 5], [6, 6], [5, 5]]);
        let same = ring(&[[6, 6], [6, 5], [5, 5], [6, 6]]);
        let arcs = Arcs::of(vec![west, east, alone, same]);
        assert_eq!(arcs.arcs.len(), 4, "{:?}", arcs.arcs);
        // The shared edge is walked north by the one and south by the other.
        let shared = arcs.paths[0]
            .iter()
            .find(|arc| arcs.paths[1].contains(&(-1 - **arc)));
        assert!(shared.is_some(), "{:?}", arcs.paths);
        assert_eq!(arcs.paths[3], [-1 - arcs.paths[2][0]]);
    }
}
