//! Outlines of areas as numbers, and whether one holds a position.
//!
//! After the first vertex of a ring the others come in blocks of 64, each behind a head: how far below and above the
//! vertex before it the block reaches, the way from that vertex to its last, and its length in bytes. A block
//! that lies above or below the position asked for is passed over.

use geo::{Coord, GeoNum, Kernel as _, MultiPolygon, Orientation};

use super::AreaTableError;

const STEPS_PER_DEGREE: f64 = 1e7;
/// Vertices of a block.
const BLOCK: usize = 64;

/// The box and the rings of an area.
pub(super) fn outline(area: &MultiPolygon<f64>) -> ([i32; 4], Vec<u8>) {
    let mut around = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let mut bytes = Vec::new();
    let mut before = [0_i64; 2];
    put(area.0.len() as u64, &mut bytes);
    for polygon in area {
        put(1 + polygon.interiors().len() as u64, &mut bytes);
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            put(ring.0.len() as u64, &mut bytes);
            let vertices: Vec<[i32; 2]> = ring.0.iter().map(|c| [c.x, c.y].map(steps)).collect();
            for vertex in &vertices {
                for (axis, step) in vertex.iter().enumerate() {
                    around[axis] = around[axis].min(*step);
                    around[axis + 2] = around[axis + 2].max(*step);
                }
            }
            let Some((first, others)) = vertices.split_first() else {
                continue;
            };
            put_vertex(*first, &mut before, &mut bytes);
            for block in others.chunks(BLOCK) {
                put_block(block, &mut before, &mut bytes);
            }
        }
    }
    (around, bytes)
}

fn put_block(vertices: &[[i32; 2]], before: &mut [i64; 2], bytes: &mut Vec<u8>) {
    let start = *before;
    let (mut low, mut high) = (start[1], start[1]);
    let mut block = Vec::new();
    for vertex in vertices {
        put_vertex(*vertex, before, &mut block);
        low = low.min(before[1]);
        high = high.max(before[1]);
    }
    put((start[1] - low).cast_unsigned(), bytes);
    put((high - start[1]).cast_unsigned(), bytes);
    for (before, start) in before.iter().zip(start) {
        put_difference(before - start, bytes);
    }
    put(block.len() as u64, bytes);
    bytes.extend(block);
}

fn put_vertex(vertex: [i32; 2], before: &mut [i64; 2], bytes: &mut Vec<u8>) {
    for (before, step) in before.iter_mut().zip(vertex) {
        put_difference(i64::from(step) - *before, bytes);
        *before = i64::from(step);
    }
}

fn put_difference(difference: i64, bytes: &mut Vec<u8>) {
    put(
        ((difference << 1) ^ (difference >> 63)).cast_unsigned(),
        bytes,
    );
}

/// Whether a position lies in one of the polygons of an outline or on its border; in a polygon by the even–odd rule.
pub(super) fn holds_position(
    bytes: &[u8],
    start: usize,
    at: Coord<f64>,
) -> Result<bool, AreaTableError> {
    let mut here = start;
    let mut steps = [0_i64; 2];
    let height = Height::of(at.y);
    for _ in 0..varint(bytes, &mut here)? {
        let mut inside = false;
        for _ in 0..varint(bytes, &mut here)? {
            let mut left = varint(bytes, &mut here)?;
            if left == 0 {
                continue;
            }
            step(bytes, &mut here, &mut steps)?;
            left -= 1;
            while left > 0 {
                let vertices = left.min(BLOCK as u64);
                left -= vertices;
                let low = steps[1].wrapping_sub(varint(bytes, &mut here)?.cast_signed());
                let high = steps[1].wrapping_add(varint(bytes, &mut here)?.cast_signed());
                let mut last = steps;
                step(bytes, &mut here, &mut last)?;
                let length = usize::try_from(varint(bytes, &mut here)?);
                let length = length.map_err(|_| AreaTableError)?;
                if height.is_clear_of(low, high) {
                    here = here.checked_add(length).ok_or(AreaTableError)?;
                    steps = last;
                    continue;
                }
                for _ in 0..vertices {
                    let from = steps;
                    step(bytes, &mut here, &mut steps)?;
                    if height.is_clear_of(from[1], steps[1]) {
                        continue;
                    }
                    let corner = |[x, y]: [i64; 2]| Coord {
                        x: degrees(x),
                        y: degrees(y),
                    };
                    match passes(corner(from), corner(steps), at) {
                        Passing::On => return Ok(true),
                        Passing::East => inside = !inside,
                        Passing::Not => {}
                    }
                }
            }
        }
        if inside {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Goes to the next vertex.
#[inline]
fn step(bytes: &[u8], here: &mut usize, steps: &mut [i64; 2]) -> Result<(), AreaTableError> {
    for steps in steps {
        let coded = varint(bytes, here)?;
        let difference = (coded >> 1).cast_signed() ^ -(coded & 1).cast_signed();
        *steps = steps.wrapping_add(difference);
    }
    Ok(())
}

/// The height of a position among steps, so that most edges are told to be above or below it without a fraction.
struct Height {
    /// Steps that are surely below it and above it, or at it.
    around: [i64; 2],
}

impl Height {
    fn of(latitude: f64) -> Self {
        let nearest = i64::from(steps(latitude));
        // A step more on each side than rounding could move it.
        Self {
            around: [nearest - 1, nearest + 1],
        }
    }

    /// Whether what reaches from one height to another, given in any order, is wholly above or wholly below.
    #[inline]
    fn is_clear_of(&self, from: i64, to: i64) -> bool {
        let [below, above] = self.around;
        from < below && to < below || from > above && to > above
    }
}

/// How an edge passes a position.
enum Passing {
    /// The position is on it.
    On,
    /// On its east at its height.
    East,
    Not,
}

#[expect(
    clippy::float_cmp,
    reason = "a position is on a level edge when it has its height"
)]
fn passes(from: Coord<f64>, to: Coord<f64>, at: Coord<f64>) -> Passing {
    let level = from.y == at.y && to.y == at.y;
    if level || from == at || to == at {
        let on = from.x.min(to.x) <= at.x && at.x <= from.x.max(to.x);
        return if on { Passing::On } else { Passing::Not };
    }
    if (from.y <= at.y) == (to.y <= at.y) {
        return Passing::Not;
    }
    match <f64 as GeoNum>::Ker::orient2d(from, to, at) {
        Orientation::Collinear => Passing::On,
        // Rising edges that pass on the east have it on their left.
        turn if (turn == Orientation::CounterClockwise) == (from.y <= at.y) => Passing::East,
        _ => Passing::Not,
    }
}

pub(super) fn degrees(steps: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
    let degrees = steps as f64 / STEPS_PER_DEGREE;
    degrees
}

fn steps(degrees: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "180 degrees fit")]
    let steps = (degrees * STEPS_PER_DEGREE).round() as i32;
    steps
}

pub(super) fn put(mut value: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7F) as u8;
        value >>= 7;
        bytes.push(low | if value > 0 { 0x80 } else { 0 });
        if value == 0 {
            return;
        }
    }
}

pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Result<u64, AreaTableError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(AreaTableError)?;
        *at += 1;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(AreaTableError)
}
