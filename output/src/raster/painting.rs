//! Painting in bands of rows: what was drawn is made into outlines in pixels, each once, and every band is painted with what reaches
//! into it. Outlines and bands are shared out among threads; where bands lie depends on the size of the paper alone, and so do the pixels.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of a page are small positive numbers, and the rasteriser works in f32"
)]

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tiny_skia::{
    FillRule, Mask, Paint, Path, PathBuilder, PathSegment, PathStroker, Pixmap, PixmapMut, Point,
    Stroke, Transform,
};

use super::pen::Side;

/// Rows of a band.
const BAND_ROWS: u32 = 256;
const BYTES: usize = 4;
/// Rows above and below a band that are painted with it and thrown away: what is cut ends there.
const APRON_ROWS: u32 = 4;
/// How far a line of one pixel reaches beyond its path.
const HAIR_PX: f32 = 2.0;

/// Something to be painted, in mm.
pub(super) struct Task {
    pub(super) path: Path,
    pub(super) paint: Paint<'static>,
    pub(super) how: How,
    /// The area that bounds it, and the side that is seen.
    pub(super) beside: Option<(Path, Side)>,
}

pub(super) enum How {
    Fill(FillRule),
    Stroke(Stroke),
}

/// The same in pixels.
struct Outline<'t> {
    paint: &'t Paint<'static>,
    how: Shown,
    /// What of it reaches into a band, counted from the first row of its apron.
    parts: Vec<(usize, Path)>,
    beside: Option<(Path, Side)>,
}

enum Shown {
    Fill(FillRule),
    /// A line no wider than a pixel.
    Hair(Stroke),
}

/// Paints tasks in order.
pub(super) fn paint(map: &mut Pixmap, tasks: &[Task], transform: Transform, threads: usize) {
    let (width, height) = (map.width(), map.height());
    let outlines = side_by_side(tasks.len(), threads, |number| {
        Outline::new(&tasks[number], transform, height)
    });
    let bands = map
        .data_mut()
        .chunks_mut(width as usize * BYTES * BAND_ROWS as usize);
    let bands: Vec<Mutex<&mut [u8]>> = bands.map(Mutex::new).collect();
    side_by_side(bands.len(), threads, |band| {
        // Each band is taken once.
        if let Ok(mut pixels) = bands[band].lock() {
            let apron = vec![0; width as usize * BYTES * APRON_ROWS as usize];
            let mut paper = [&apron, &pixels[..], &apron].concat();
            for outline in outlines.iter().flatten() {
                outline.paint(&mut paper, width, band);
            }
            let length = pixels.len();
            pixels.copy_from_slice(&paper[apron.len()..][..length]);
        }
    });
}

/// Works on numbers below `count` on several threads; the answers are in their order.
pub(super) fn side_by_side<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.min(count);
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let worker = || {
        let mut own = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            own.push((number, work(number)));
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

impl<'t> Outline<'t> {
    /// `None` when nothing is seen.
    fn new(task: &'t Task, transform: Transform, height: u32) -> Option<Self> {
        let (how, path) = match &task.how {
            How::Fill(rule) => (Shown::Fill(*rule), task.path.clone()),
            How::Stroke(stroke) => stroked(&task.path, stroke, transform)?,
        };
        let reach = match how {
            Shown::Fill(_) => 0.0,
            Shown::Hair(_) => HAIR_PX,
        };
        let parts = split(path.transform(transform)?, height, reach);
        let beside = match &task.beside {
            None => None,
            Some((area, side)) => Some((area.clone().transform(transform)?, *side)),
        };
        (!parts.is_empty()).then_some(Self {
            paint: &task.paint,
            how,
            parts,
            beside,
        })
    }

    fn paint(&self, pixels: &mut [u8], width: u32, band: usize) {
        let Some((_, path)) = self.parts.iter().find(|(of, _)| *of == band) else {
            return;
        };
        let height = (pixels.len() / BYTES / width as usize) as u32;
        let Some((area, side)) = &self.beside else {
            if let Some(mut map) = PixmapMut::from_bytes(pixels, width, height) {
                self.paint_on(&mut map, path, Transform::identity(), None);
            }
            return;
        };
        // Only the rows that have something of the line, and of the area where that is what is seen.
        let first = first_row(band);
        let mut rows = rows_of(path, 0.0, HAIR_PX, height);
        if *side == Side::Inside {
            let of_area = rows_of(area, first, HAIR_PX, height);
            rows = rows.start.max(of_area.start)..rows.end.min(of_area.end);
        }
        if rows.is_empty() {
            return;
        }
        let row = width as usize * BYTES;
        let pixels = &mut pixels[rows.start as usize * row..rows.end as usize * row];
        let (Some(mut map), Some(mut mask)) = (
            PixmapMut::from_bytes(pixels, width, rows.end - rows.start),
            Mask::new(width, rows.end - rows.start),
        ) else {
            return;
        };
        let up = -(rows.start as f32);
        let of_area = Transform::from_translate(0.0, up - first);
        mask.fill_path(area, FillRule::EvenOdd, true, of_area);
        if *side == Side::Outside {
            mask.invert();
        }
        self.paint_on(
            &mut map,
            path,
            Transform::from_translate(0.0, up),
            Some(&mask),
        );
    }

    fn paint_on(&self, map: &mut PixmapMut<'_>, path: &Path, at: Transform, mask: Option<&Mask>) {
        match &self.how {
            Shown::Fill(rule) => map.fill_path(path, self.paint, *rule, at, mask),
            Shown::Hair(stroke) => map.stroke_path(path, self.paint, stroke, at, mask),
        }
    }
}

/// What a stroke covers: its outline, or, when it is no wider than a pixel, the line itself.
fn stroked(path: &Path, stroke: &Stroke, transform: Transform) -> Option<(Shown, Path)> {
    let scale = PathStroker::compute_resolution_scale(&transform);
    let dashed = match &stroke.dash {
        Some(dash) => Some(path.dash(dash, scale)?),
        None => None,
    };
    let width = stroke.width * transform.sx;
    if width > 1.0 {
        let outline = dashed.as_ref().unwrap_or(path).stroke(stroke, scale)?;
        return Some((Shown::Fill(FillRule::Winding), outline));
    }
    let hair = Stroke {
        width,
        dash: None,
        ..stroke.clone()
    };
    Some((Shown::Hair(hair), dashed.unwrap_or_else(|| path.clone())))
}

/// Where the apron of a band begins.
fn first_row(band: usize) -> f32 {
    band as f32 * BAND_ROWS as f32 - APRON_ROWS as f32
}

/// The rows of a band, which begins at `first`, that a path reaches into.
fn rows_of(path: &Path, first: f32, reach: f32, height: u32) -> Range<u32> {
    let bounds = path.bounds();
    let row = |y: f32| y.clamp(0.0, height as f32) as u32;
    row((bounds.top() - reach - first).floor())..row((bounds.bottom() + reach - first).ceil())
}

/// A path cut up by the bands that its contours reach into.
fn split(path: Path, height: u32, reach: f32) -> Vec<(usize, Path)> {
    let bands_of = |top: f32, bottom: f32| {
        let rows = (top - reach).max(0.0)..(bottom + reach).min(height as f32);
        let seen = rows.start < rows.end;
        let band = |y: f32| y as usize / BAND_ROWS as usize;
        let last = height.div_ceil(BAND_ROWS).max(1) as usize - 1;
        seen.then(|| band(rows.start)..=band(rows.end).min(last))
    };
    let down = |band: usize| Transform::from_translate(0.0, -first_row(band));
    let bounds = path.bounds();
    let Some(bands) = bands_of(bounds.top(), bounds.bottom()) else {
        return Vec::new();
    };
    if bands.start() == bands.end() {
        let band = *bands.start();
        let moved = path.transform(down(band));
        return moved.map(|path| (band, path)).into_iter().collect();
    }
    let mut builders: Vec<PathBuilder> = bands.clone().map(|_| PathBuilder::new()).collect();
    let mut contour: Vec<PathSegment> = Vec::new();
    let mut take = |contour: &mut Vec<PathSegment>| {
        let ys = contour.iter().flat_map(|segment| match segment {
            PathSegment::MoveTo(p) | PathSegment::LineTo(p) => [p.y; 3],
            PathSegment::QuadTo(a, p) => [a.y, p.y, p.y],
            PathSegment::CubicTo(a, b, p) => [a.y, b.y, p.y],
            PathSegment::Close => [f32::NAN; 3],
        });
        let (top, bottom) = ys.fold((f32::INFINITY, f32::NEG_INFINITY), |(top, bottom), y| {
            (top.min(y), bottom.max(y))
        });
        for band in bands_of(top, bottom).into_iter().flatten() {
            if let Some(builder) = band
                .checked_sub(*bands.start())
                .and_then(|at| builders.get_mut(at))
            {
                // The rasteriser moves a line of a pixel that it has to cut at the edge of its paper by up to half a pixel.
                let middle = first_row(band) + APRON_ROWS as f32 / 2.0;
                let rows = middle..middle + (BAND_ROWS + APRON_ROWS) as f32;
                if reach == 0.0 || !push_between(builder, contour, rows) {
                    for segment in contour.iter() {
                        push(builder, *segment);
                    }
                }
            }
        }
        contour.clear();
    };
    for segment in path.segments() {
        if matches!(segment, PathSegment::MoveTo(_)) {
            take(&mut contour);
        }
        contour.push(segment);
    }
    take(&mut contour);
    let parts = bands.zip(builders);
    parts
        .filter_map(|(band, builder)| Some((band, builder.finish()?.transform(down(band))?)))
        .collect()
}

/// Adds what of a contour lies between rows; false, and nothing, when all of it does or when it has curves.
fn push_between(builder: &mut PathBuilder, contour: &[PathSegment], rows: Range<f32>) -> bool {
    let mut points: Vec<Point> = Vec::with_capacity(contour.len() + 1);
    for segment in contour {
        match segment {
            PathSegment::MoveTo(p) | PathSegment::LineTo(p) => points.push(*p),
            PathSegment::Close => points.extend(points.first().copied()),
            PathSegment::QuadTo(..) | PathSegment::CubicTo(..) => return false,
        }
    }
    if points.iter().all(|p| rows.contains(&p.y)) {
        return false;
    }
    let mut end = None;
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if a.y.max(b.y) < rows.start || a.y.min(b.y) > rows.end {
            continue;
        }
        let within = |p: Point| {
            if (rows.start..=rows.end).contains(&p.y) {
                return p;
            }
            let y = p.y.clamp(rows.start, rows.end);
            let x = a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y));
            Point::from_xy(x, y)
        };
        let (from, to) = (within(a), within(b));
        if end != Some(from) {
            builder.move_to(from.x, from.y);
        }
        builder.line_to(to.x, to.y);
        end = Some(to);
    }
    true
}

fn push(builder: &mut PathBuilder, segment: PathSegment) {
    match segment {
        PathSegment::MoveTo(p) => builder.move_to(p.x, p.y),
        PathSegment::LineTo(p) => builder.line_to(p.x, p.y),
        PathSegment::QuadTo(a, p) => builder.quad_to(a.x, a.y, p.x, p.y),
        PathSegment::CubicTo(a, b, p) => builder.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y),
        PathSegment::Close => builder.close(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slanted hair lines, wide lines and fills, over all bands: as the rasteriser paints them on the whole paper.
    #[test]
    fn bands_show_no_seam_and_threads_change_nothing() {
        let (width, height) = (300, 3 * BAND_ROWS + 40);
        let transform = Transform::from_row(4.0, 0.0, 0.0, 4.0, -8.0, -20.0);
        let mut tasks = Vec::new();
        for number in 0..60_u8 {
            let mut builder = PathBuilder::new();
            builder.move_to(f32::from(number % 13), f32::from(number) * 3.7);
            for step in 1..9_u8 {
                let along = f32::from(step) * 9.0;
                let down = f32::from(number) * 3.7 + f32::from(step.wrapping_mul(number) % 7) - 2.0;
                builder.line_to(along, down);
            }
            let mut paint = Paint::default();
            paint.set_color_rgba8(number * 4, 90, 255 - number * 4, 200);
            let stroke = |width: f32| {
                How::Stroke(Stroke {
                    width,
                    ..Stroke::default()
                })
            };
            let how = match number % 3 {
                0 => stroke(0.2),
                1 => stroke(0.7),
                _ => How::Fill(FillRule::EvenOdd),
            };
            tasks.extend(builder.finish().map(|path| Task {
                path,
                paint,
                how,
                beside: None,
            }));
        }
        let mut whole = Pixmap::new(width, height).expect("small");
        for task in &tasks {
            match &task.how {
                How::Fill(rule) => whole.fill_path(&task.path, &task.paint, *rule, transform, None),
                How::Stroke(stroke) => {
                    whole.stroke_path(&task.path, &task.paint, stroke, transform, None);
                }
            }
        }
        let painted = |threads: usize| {
            let mut map = Pixmap::new(width, height).expect("small");
            paint(&mut map, &tasks, transform, threads);
            map
        };
        let banded = painted(1);
        assert!(banded == painted(3));
        let pairs = banded.data().iter().zip(whole.data());
        let far = pairs
            .filter(|(one, other)| one.abs_diff(**other) > 24)
            .count();
        assert!(far < 8, "{far} channels differ");
    }
}
