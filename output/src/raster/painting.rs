//! Painting in bands of rows: what was drawn is made into lines in pixels, each once, and every band is painted with what reaches
//! into it. Lines and bands are shared out among threads; pixels depend neither on them nor on where bands lie.
#![expect(
    clippy::cast_precision_loss,
    reason = "pixels of a page are small numbers, and coordinates are f32"
)]

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tiny_skia::{FillRule, Pixmap, PremultipliedColorU8, Stroke, Transform};

use super::brush::Brush;
use super::coverage::Coverage;
use super::flat::{Flat, Outline};
use super::pen::Side;

/// Rows of a band: what is at work in one fits the cache of a core.
const BAND_ROWS: usize = 128;
const BYTES: usize = 4;
/// Pixels of a run that are looked at together.
const TOGETHER: usize = 8;

/// Something to be painted, in mm.
pub(super) struct Task<'t> {
    pub(super) outline: Outline<'t>,
    pub(super) colour: PremultipliedColorU8,
    pub(super) how: How,
    /// The area that bounds it, and the side that is seen.
    pub(super) beside: Option<(Outline<'t>, Side)>,
}

pub(super) enum How {
    Fill(FillRule),
    Stroke(Stroke),
}

/// The same in pixels.
struct Shape {
    /// Red in the lowest byte, opacity in the highest.
    colour: u32,
    rule: FillRule,
    lines: Flat,
    beside: Option<(Flat, Side)>,
}

/// Paints tasks in order.
pub(super) fn paint(map: &mut Pixmap, tasks: &[Task<'_>], transform: Transform, threads: usize) {
    let (width, height) = (map.width() as usize, map.height() as usize);
    let none = || ();
    let shapes = side_by_side(tasks.len(), threads, none, |(), number| {
        Shape::new(&tasks[number], transform, height)
    });
    let bands = map.data_mut().chunks_mut(width * BYTES * BAND_ROWS);
    let bands: Vec<Mutex<&mut [u8]>> = bands.map(Mutex::new).collect();
    let room = || Room::new(width, BAND_ROWS.min(height));
    side_by_side(bands.len(), threads, room, |room, number| {
        // Each band is taken once.
        if let Ok(mut pixels) = bands[number].lock() {
            let mut band = Band::new(&mut pixels, width, number * BAND_ROWS, room);
            for shape in shapes.iter().flatten() {
                band.paint(shape);
            }
        }
    });
}

/// Paper that is painted from top to bottom, a strip after the other in the same place.
#[derive(Default)]
pub(crate) struct Strip {
    pixels: Vec<u8>,
    room: Option<Room>,
}

impl Strip {
    /// Paints tasks in order, so many rows at a time, on one colour or on nothing, and hands over each strip.
    pub(super) fn paint<E>(
        &mut self,
        brush: Brush,
        rows: usize,
        tasks: &[Task<'_>],
        ground: Option<PremultipliedColorU8>,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (width, height) = brush.size();
        let (width, height) = (width as usize, height as usize);
        let transform = brush.transform();
        let shapes = tasks.iter();
        let shapes = shapes.filter_map(|task| Shape::new(task, transform, height));
        let shapes: Vec<Shape> = shapes.collect();
        let ground = ground.map_or([0; BYTES], channels);
        let room = self.room.take().filter(|room| room.fits(width));
        let mut room = room.unwrap_or_else(|| Room::new(width, BAND_ROWS));
        for first in (0..height).step_by(rows) {
            let rows = rows.min(height - first);
            self.pixels.resize(width * rows * BYTES, 0);
            self.pixels.as_chunks_mut().0.fill(ground);
            let bands = self.pixels.chunks_mut(width * BYTES * BAND_ROWS);
            for (pixels, first) in bands.zip((first..).step_by(BAND_ROWS)) {
                let mut band = Band::new(pixels, width, first, &mut room);
                for shape in &shapes {
                    band.paint(shape);
                }
            }
            each(&self.pixels)?;
        }
        self.room = Some(room);
        Ok(())
    }
}

/// Red in the lowest byte, opacity in the highest.
fn channels(colour: PremultipliedColorU8) -> [u8; BYTES] {
    [colour.red(), colour.green(), colour.blue(), colour.alpha()]
}

/// Works on numbers below `count` on several threads, each with a room of its own; the answers are in their order.
pub(super) fn side_by_side<T: Send, R>(
    count: usize,
    threads: usize,
    room: impl Fn() -> R + Sync,
    work: impl Fn(&mut R, usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.min(count);
    if threads < 2 {
        let mut room = room();
        return (0..count).map(|number| work(&mut room, number)).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let worker = || {
        let (mut own, mut room) = (Vec::new(), room());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            own.push((number, work(&mut room, number)));
        }
        if let Ok(mut done) = done.lock() {
            done.extend(own);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, answer)| answer).collect()
}

impl Shape {
    /// `None` when nothing is seen.
    fn new(task: &Task<'_>, transform: Transform, height: usize) -> Option<Self> {
        let (rule, lines) = match &task.how {
            How::Fill(rule) => (*rule, Flat::of(&task.outline, transform)),
            How::Stroke(stroke) => (
                FillRule::Winding,
                Flat::of_stroke(&task.outline, stroke, transform)?,
            ),
        };
        let beside = task.beside.as_ref();
        let beside = beside.map(|(area, side)| (Flat::of(area, transform), *side));
        (lines.bottom > 0.0 && lines.top < height as f32).then_some(Self {
            colour: u32::from_le_bytes(channels(task.colour)),
            rule,
            lines,
            beside,
        })
    }
}

/// What a thread paints with.
struct Room {
    coverage: Coverage,
    /// How much of each pixel an area covers.
    area: Vec<u8>,
}

impl Room {
    fn new(width: usize, rows: usize) -> Self {
        Self {
            coverage: Coverage::new(width, rows),
            area: Vec::new(),
        }
    }

    /// Whether it is as wide.
    fn fits(&self, width: usize) -> bool {
        self.coverage.width() == width
    }
}

/// Rows that are being painted.
struct Band<'p> {
    pixels: &'p mut [u8],
    width: usize,
    rows: Range<usize>,
    room: &'p mut Room,
}

impl<'p> Band<'p> {
    fn new(pixels: &'p mut [u8], width: usize, first: usize, room: &'p mut Room) -> Self {
        let rows = first..first + pixels.len() / BYTES / width;
        room.coverage.of_rows(rows.clone());
        Self {
            pixels,
            width,
            rows,
            room,
        }
    }

    fn paint(&mut self, shape: &Shape) {
        let seen = |lines: &Flat| {
            lines.bottom > self.rows.start as f32 && lines.top < self.rows.end as f32
        };
        if !seen(&shape.lines) {
            return;
        }
        let width = self.width;
        let Room {
            coverage,
            area: within,
        } = &mut *self.room;
        let Some((area, side)) = &shape.beside else {
            shape.lines.cover(coverage, &self.rows);
            coverage.spans(shape.rule, |row, run, alpha| {
                let run = (row * width + run.start) * BYTES..(row * width + run.end) * BYTES;
                blend(&mut self.pixels[run], shape.colour, alpha);
            });
            return;
        };
        if *side == Side::Inside && !seen(area) {
            return;
        }
        within.clear();
        within.resize(width * self.rows.len(), 0);
        area.cover(coverage, &self.rows);
        coverage.spans(FillRule::EvenOdd, |row, run, alpha| {
            within[row * width..][run].fill(alpha);
        });
        shape.lines.cover(coverage, &self.rows);
        coverage.spans(shape.rule, |row, run, alpha| {
            let first = row * width;
            let pixels = &mut self.pixels[first * BYTES..][run.start * BYTES..run.end * BYTES];
            let pixels = pixels.chunks_exact_mut(BYTES);
            for (pixel, inside) in pixels.zip(&within[first..][run]) {
                let seen = match side {
                    Side::Inside => *inside,
                    Side::Outside => 255 - inside,
                };
                if seen > 0 {
                    blend(pixel, shape.colour, share(alpha, seen));
                }
            }
        });
    }
}

/// `part` of `whole`, both as shares of 255.
fn share(part: u8, whole: u8) -> u8 {
    let product = u16::from(part) * u16::from(whole) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

/// Paints pixels with a colour that covers so much of each.
#[inline]
fn blend(pixels: &mut [u8], colour: u32, cover: u8) {
    let colour = shares(colour, cover);
    // Most runs are short, and a loop over channels is made for long ones.
    if let Ok(pixel) = <&mut [u8; BYTES]>::try_from(&mut *pixels) {
        *pixel = over(colour, u32::from_le_bytes(*pixel)).to_le_bytes();
    } else {
        blend_run(pixels, colour);
    }
}

/// A colour over another.
#[inline]
fn over(colour: u32, below: u32) -> u32 {
    colour + shares(below, 255 - (colour >> 24) as u8)
}

fn blend_run(pixels: &mut [u8], colour: u32) {
    let (pixels, _) = pixels.as_chunks_mut::<BYTES>();
    let kept = 255 - (colour >> 24) as u8;
    if kept == 0 {
        pixels.fill(colour.to_le_bytes());
        return;
    }
    // What lies below is mostly of one colour, and often nothing.
    let (mut below, mut mixed) = (0, colour);
    let (many, few) = pixels.as_chunks_mut::<TOGETHER>();
    for pixels in many {
        if pixels.map(u32::from_le_bytes) == [below; TOGETHER] {
            *pixels = [mixed.to_le_bytes(); TOGETHER];
            continue;
        }
        below = u32::from_le_bytes(pixels[TOGETHER - 1]);
        for pixel in &mut *pixels {
            for (channel, over) in pixel.iter_mut().zip(colour.to_le_bytes()) {
                *channel = over + share(*channel, kept);
            }
        }
        mixed = u32::from_le_bytes(pixels[TOGETHER - 1]);
    }
    for pixel in few {
        let here = u32::from_le_bytes(*pixel);
        if here != below {
            (below, mixed) = (here, over(colour, here));
        }
        *pixel = mixed.to_le_bytes();
    }
}

/// [`share`] of four channels at once, two and two in the halves of a word.
#[inline]
fn shares(channels: u32, whole: u8) -> u32 {
    const EVEN: u32 = 0x00FF_00FF;
    let of = |pair: u32| {
        let product = (pair & EVEN) * u32::from(whole) + 0x0080_0080;
        product + (product >> 8 & EVEN)
    };
    (of(channels) >> 8 & EVEN) | (of(channels >> 8) & !EVEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiny_skia::{Color, Paint, PathBuilder};

    #[test]
    fn four_channels_at_once_are_as_each_alone() {
        for whole in 0..=255 {
            for channel in 0..=255_u8 {
                let four = [channel, 255 - channel, channel / 2, 255];
                let shares = shares(u32::from_le_bytes(four), whole).to_le_bytes();
                assert_eq!(shares, four.map(|channel| share(channel, whole)));
            }
        }
    }

    /// Slanted thin lines, wide lines and fills, over all bands: nearly as another rasteriser paints them.
    #[test]
    fn shapes_are_as_another_rasteriser_paints_them_and_threads_change_nothing() {
        let (width, height) = (300, u32::try_from(3 * BAND_ROWS + 40).expect("small"));
        let transform = Transform::from_row(4.0, 0.0, 0.0, 4.0, -8.0, -20.0);
        let mut tasks = Vec::new();
        let mut whole = Pixmap::new(width, height).expect("small");
        for number in 0..60_u8 {
            let mut builder = PathBuilder::new();
            builder.move_to(f32::from(number % 13), f32::from(number) * 1.9);
            for step in 1..9_u8 {
                let along = f32::from(step) * 9.0;
                let down = f32::from(number) * 1.9 + f32::from(step.wrapping_mul(number) % 7) - 2.0;
                builder.line_to(along, down);
            }
            builder.quad_to(20.0, f32::from(number) * 3.0, 10.0, f32::from(number));
            let Some(path) = builder.finish() else {
                continue;
            };
            let colour = Color::from_rgba8(number * 4, 90, 255 - number * 4, 200);
            let mut paint = Paint::default();
            paint.set_color(colour);
            let stroke = |width: f32| Stroke {
                width,
                ..Stroke::default()
            };
            let how = match number % 3 {
                0 => How::Stroke(stroke(0.3)),
                1 => How::Stroke(stroke(0.7)),
                _ => How::Fill(FillRule::EvenOdd),
            };
            match &how {
                How::Fill(rule) => whole.fill_path(&path, &paint, *rule, transform, None),
                How::Stroke(stroke) => whole.stroke_path(&path, &paint, stroke, transform, None),
            }
            tasks.push(Task {
                outline: Outline::Path(path),
                colour: colour.premultiply().to_color_u8(),
                how,
                beside: None,
            });
        }
        let painted = |threads: usize| {
            let mut map = Pixmap::new(width, height).expect("small");
            paint(&mut map, &tasks, transform, threads);
            map
        };
        let ours = painted(1);
        assert!(ours == painted(3));
        let pairs = ours.data().iter().zip(whole.data());
        let off: Vec<u8> = pairs.map(|(one, other)| one.abs_diff(*other)).collect();
        let mean = off.iter().map(|off| f64::from(*off)).sum::<f64>() / off.len() as f64;
        let far = off.iter().filter(|off| **off > 48).count();
        assert!(mean < 2.0 && far < off.len() / 200, "{mean}, {far} far off");
    }
}
