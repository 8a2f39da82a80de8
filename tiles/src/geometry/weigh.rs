//! Significance, length and greatest significance of every arc.

use std::collections::HashMap;
use std::ops::Range;

use super::measure::{float, narrow};
use super::shapes::Kind;
use super::significance::{Scratch, significance};
use super::topology::Topology;
use super::wrap::WORLD;
use crate::WorldPoint;

impl Topology {
    pub(super) fn weigh(&mut self, threads: usize) {
        self.significance = vec![0.0; self.points.len()];
        // Runs of arcs with about as many vertices each.
        let arcs = self.arcs();
        let each = self.points.len().div_ceil(threads.max(1)).max(1);
        let (points, starts, laps) = (&self.points, &self.arc_starts, &self.laps);
        std::thread::scope(|scope| {
            let mut rest = self.significance.as_mut_slice();
            let mut first = 0;
            while first < arcs {
                let begin = starts[first] as usize;
                let last = (first + 1..arcs)
                    .find(|&arc| starts[arc] as usize - begin >= each)
                    .unwrap_or(arcs);
                let (own, others) = rest.split_at_mut(starts[last] as usize - begin);
                rest = others;
                let run = first..last;
                let work = move || weigh_run(points, starts, laps, run, own);
                if threads <= 1 {
                    work();
                } else {
                    scope.spawn(work);
                }
                first = last;
            }
        });
    }

    pub(super) fn note_measures(&mut self) {
        let peak = |arc: u32| {
            let all = self.arc_significance(arc);
            // A line that was dropped is an arc without points.
            let inner = all.get(1..all.len().saturating_sub(1));
            inner
                .unwrap_or_default()
                .iter()
                .copied()
                .fold(0.0, f32::max)
        };
        let arcs = u32::try_from(self.arcs()).unwrap_or(u32::MAX);
        self.peaks = (0..arcs).map(peak).collect();
        if self.kind == Kind::Polygons {
            let length = |arc| narrow(self.measured(arc));
            self.lengths = (0..arcs).map(length).collect();
        }
    }
}

fn weigh_run(
    points: &[WorldPoint],
    starts: &[u32],
    laps: &HashMap<u32, Vec<i8>>,
    arcs: Range<usize>,
    into: &mut [f32],
) {
    let mut scratch = Scratch::default();
    let base = starts[arcs.start] as usize;
    for arc in arcs {
        let range = starts[arc] as usize..starts[arc + 1] as usize;
        let path = &points[range.clone()];
        scratch.ys.clear();
        scratch
            .ys
            .extend(path.iter().map(|point| f64::from(point.y)));
        scratch.xs.clear();
        scratch
            .xs
            .extend(path.iter().map(|point| f64::from(point.x)));
        let number = u32::try_from(arc).unwrap_or(u32::MAX);
        if let Some(laps) = (!laps.is_empty()).then(|| laps.get(&number)).flatten() {
            for (x, &lap) in scratch.xs.iter_mut().zip(laps) {
                *x += f64::from(lap) * float(WORLD);
            }
        }
        significance(
            &mut scratch,
            &mut into[range.start - base..range.end - base],
        );
    }
}
