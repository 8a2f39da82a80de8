//! Cutting paths into the columns or rows of tiles that they meet, all in one pass.
//!
//! Each strip is a column or row of tiles with its buffer. What a path has within a strip are chains from where it comes in to
//! where it goes out. Rings are put together again by joining, along each edge of the strip, the ends between which the
//! interior lies; so a ring that a cut divides comes out as several, and what was simple stays simple.

use std::ops::RangeInclusive;

use super::grid::{EXTENT_BITS, GridPoint, Paths};

/// The direction in which strips follow each other.
pub(super) trait Axis {
    /// The position from strip to strip.
    fn along(point: GridPoint) -> i64;
    /// The position within the edge of a strip.
    fn across(point: GridPoint) -> i64;
    fn point(along: i64, across: i64) -> GridPoint;
    /// Whether, at the upper edge of a strip, the interior lies towards greater positions from where a ring goes out.
    const OUT_IS_LOWER_AT_UPPER: bool;
}

/// Columns of tiles, from west to east.
pub(super) struct Columns;
/// Rows of tiles, from north to south.
pub(super) struct Rows;

impl Axis for Columns {
    fn along(point: GridPoint) -> i64 {
        point.x
    }
    fn across(point: GridPoint) -> i64 {
        point.y
    }
    fn point(along: i64, across: i64) -> GridPoint {
        GridPoint {
            x: along,
            y: across,
        }
    }
    const OUT_IS_LOWER_AT_UPPER: bool = true;
}

impl Axis for Rows {
    fn along(point: GridPoint) -> i64 {
        point.y
    }
    fn across(point: GridPoint) -> i64 {
        point.x
    }
    fn point(along: i64, across: i64) -> GridPoint {
        GridPoint {
            x: across,
            y: along,
        }
    }
    const OUT_IS_LOWER_AT_UPPER: bool = false;
}

/// Tiles have a buffer of so many grid units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buffer(pub(super) i64);

impl Buffer {
    /// Returns the strips that hold every position from one to another or a part of it, edges included.
    #[inline]
    pub(super) fn strips(self, low: i64, high: i64) -> (i64, i64) {
        let ceiling = (low - self.0 + (1 << EXTENT_BITS) - 1) >> EXTENT_BITS;
        (ceiling - 1, (high + self.0) >> EXTENT_BITS)
    }

    /// Returns the edges of a strip.
    #[inline]
    pub(super) fn edges(self, strip: i64) -> (i64, i64) {
        let start = strip << EXTENT_BITS;
        (start - self.0, start + (1 << EXTENT_BITS) + self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The path itself begins or ends here.
    Path,
    Lower,
    Upper,
}

#[derive(Debug, Clone, Copy)]
struct Chain {
    path: u32,
    start: usize,
    end: usize,
    entry: End,
    exit: End,
    next: u32,
}

/// What one strip has of the paths.
#[derive(Debug, Default)]
pub(super) struct Strip {
    points: Vec<GridPoint>,
    chains: Vec<Chain>,
}

impl Strip {
    fn clear(&mut self) {
        self.points.clear();
        self.chains.clear();
    }

    fn begin(&mut self, path: u32, entry: End) {
        self.chains.push(Chain {
            path,
            start: self.points.len(),
            end: usize::MAX,
            entry,
            exit: End::Path,
            next: 0,
        });
    }

    fn finish(&mut self, exit: End) {
        let end = self.points.len();
        if let Some(chain) = self.chains.last_mut() {
            chain.end = end;
            chain.exit = exit;
        }
    }

    /// Returns whether anything was cut off.
    pub(super) fn is_cut(&self) -> bool {
        self.chains
            .iter()
            .any(|chain| chain.entry != End::Path || chain.exit != End::Path)
    }
}

/// Strips for the paths that were distributed last, kept for the next.
#[derive(Debug, Default)]
pub(super) struct Strips {
    kept: Vec<Strip>,
    visited: Vec<bool>,
    outs: Vec<(i64, u32)>,
    ins: Vec<(i64, u32)>,
}

impl Strips {
    /// Cuts paths into the strips of a range for which `wanted` holds.
    pub(super) fn distribute<A: Axis>(
        &mut self,
        paths: &Paths,
        closed: bool,
        buffer: Buffer,
        range: RangeInclusive<i64>,
        wanted: impl Fn(i64) -> bool,
    ) {
        let (first, last) = (*range.start(), *range.end());
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        if self.kept.len() < count {
            self.kept.resize_with(count, Strip::default);
        }
        for strip in &mut self.kept[..count] {
            strip.clear();
        }
        let strips = &mut self.kept[..count];
        for (number, path) in paths.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            distribute_path::<A>(strips, number, path, closed, buffer, first, &wanted);
        }
    }

    /// Returns what was distributed to a strip, from 0 for the first of the range.
    pub(super) fn strip(&self, index: usize) -> &Strip {
        &self.kept[index]
    }

    /// Writes the lines of a strip.
    pub(super) fn lines(&self, index: usize, into: &mut Paths) {
        let strip = &self.kept[index];
        for chain in &strip.chains {
            into.points
                .extend_from_slice(&strip.points[chain.start..chain.end]);
            into.close_line();
        }
    }

    /// Writes the rings of a strip and returns whether all ends could be joined as those of simple rings.
    pub(super) fn rings<A: Axis>(&mut self, index: usize, into: &mut Paths) -> bool {
        let strip = &mut self.kept[index];
        in_order_of_rings(&mut strip.chains);
        let mut simple = true;
        for (side, out_is_lower) in [
            (End::Upper, A::OUT_IS_LOWER_AT_UPPER),
            (End::Lower, !A::OUT_IS_LOWER_AT_UPPER),
        ] {
            if strip
                .chains
                .iter()
                .filter(|chain| chain.exit == side)
                .count()
                > 1
            {
                simple &= join::<A>(strip, side, out_is_lower, &mut self.outs, &mut self.ins);
            }
        }
        self.visited.clear();
        self.visited.resize(strip.chains.len(), false);
        for start in 0..strip.chains.len() {
            let mut at = start;
            while !self.visited[at] {
                self.visited[at] = true;
                let chain = strip.chains[at];
                into.points
                    .extend_from_slice(&strip.points[chain.start..chain.end]);
                at = chain.next as usize;
            }
            into.close_ring();
        }
        simple
    }
}

#[inline]
fn distribute_path<A: Axis>(
    strips: &mut [Strip],
    number: u32,
    path: &[GridPoint],
    closed: bool,
    buffer: Buffer,
    first: i64,
    wanted: &impl Fn(i64) -> bool,
) {
    let Some(&start) = path.first() else { return };
    let last = first + i64::try_from(strips.len()).unwrap_or(0) - 1;
    let inside = |(low, high): (i64, i64)| low.max(first)..=high.min(last);
    let slot = |strip: i64| usize::try_from(strip - first).unwrap_or(0);
    let mut a = start;
    let mut a_strips = buffer.strips(A::along(a), A::along(a));
    for strip in inside(a_strips).filter(|&strip| wanted(strip)) {
        let strip = &mut strips[slot(strip)];
        strip.begin(number, End::Path);
        strip.points.push(a);
    }
    let closing = closed.then_some(&start);
    for &b in path[1..].iter().chain(closing) {
        let b_strips = buffer.strips(A::along(b), A::along(b));
        if a_strips == b_strips && a_strips.0 == a_strips.1 {
            if inside(a_strips).contains(&a_strips.0) && wanted(a_strips.0) {
                strips[slot(a_strips.0)].points.push(b);
            }
        } else {
            let met = (a_strips.0.min(b_strips.0), a_strips.1.max(b_strips.1));
            for number_of in inside(met).filter(|&strip| wanted(strip)) {
                let (lower, upper) = buffer.edges(number_of);
                let strip = &mut strips[slot(number_of)];
                let side = |at: i64| match at {
                    at if at < lower => Some((End::Lower, lower)),
                    at if at > upper => Some((End::Upper, upper)),
                    _ => None,
                };
                if let Some((end, cut)) = side(A::along(a)) {
                    strip.begin(number, end);
                    strip.points.push(crossing::<A>(a, b, cut));
                }
                match side(A::along(b)) {
                    None => strip.points.push(b),
                    Some((end, cut)) => {
                        strip.points.push(crossing::<A>(a, b, cut));
                        strip.finish(end);
                    }
                }
            }
        }
        (a, a_strips) = (b, b_strips);
    }
    for strip in inside(a_strips).filter(|&strip| wanted(strip)) {
        strips[slot(strip)].finish(End::Path);
    }
}

/// Returns where an edge meets the edge of a strip. The exact place is rounded, so it is the same in both directions and neighbours get
/// the same point.
fn crossing<A: Axis>(a: GridPoint, b: GridPoint, cut: i64) -> GridPoint {
    let run = A::along(b) - A::along(a);
    let rise = A::across(b) - A::across(a);
    let before = cut - A::along(a);
    let (run, before) = if run < 0 {
        (-run, -before)
    } else {
        (run, before)
    };
    // Rounded to the nearest: floor((2 × before × rise + run) ÷ 2 run).
    let product = before
        .checked_mul(rise)
        .and_then(|once| once.checked_mul(2));
    let step = if let Some(product) = product {
        (product + run).div_euclid(2 * run.max(1))
    } else {
        let product = 2 * i128::from(before) * i128::from(rise) + i128::from(run);
        i64::try_from(product.div_euclid(2 * i128::from(run.max(1)))).unwrap_or(0)
    };
    A::point(cut, A::across(a) + step)
}

/// Lets each chain of a ring be followed by the next, the last by the first.
fn in_order_of_rings(chains: &mut [Chain]) {
    let mut first = 0;
    for at in 0..chains.len() {
        let is_last = chains
            .get(at + 1)
            .is_none_or(|next| next.path != chains[at].path);
        let next = if is_last { first } else { at + 1 };
        chains[at].next = u32::try_from(next).unwrap_or(0);
        if is_last {
            first = at + 1;
        }
    }
}

/// Joins the ends along one edge of a strip in pairs between which the interior lies. Leaves them in the order of their rings and returns
/// false when the ends do not alternate, as those of rings that cross each other.
fn join<A: Axis>(
    strip: &mut Strip,
    side: End,
    out_is_lower: bool,
    outs: &mut Vec<(i64, u32)>,
    ins: &mut Vec<(i64, u32)>,
) -> bool {
    outs.clear();
    ins.clear();
    for (number, chain) in strip.chains.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(0);
        if chain.exit == side {
            outs.push((A::across(strip.points[chain.end - 1]), number));
        }
        if chain.entry == side {
            ins.push((A::across(strip.points[chain.start]), number));
        }
    }
    outs.sort_unstable();
    ins.sort_unstable();
    let (lower, upper) = if out_is_lower {
        (&*outs, &*ins)
    } else {
        (&*ins, &*outs)
    };
    let alternate = lower.len() == upper.len()
        && lower.iter().zip(upper).all(|(low, high)| low.0 <= high.0)
        && upper
            .iter()
            .zip(&lower[1..])
            .all(|(high, low)| high.0 <= low.0);
    if alternate {
        for (out, into) in outs.iter().zip(ins.iter()) {
            strip.chains[out.1 as usize].next = into.1;
        }
    }
    alternate
}
