//! Painting lines by their kind: what lies on a stroke or below it.

use geo::{Coord, LineString};
use layers::style::{LineForm, Stroke};

use super::canvas::Canvas;
use super::colour::mix;
use super::paths::{path_of_lines, path_of_ring};
use super::pen::Pen;
use super::spline::Course;

/// Ties are at least this far apart: those of short dashes would be a comb.
const TIES_APART_MM: f64 = 3.6;

/// Paints lines of one stroke and form. Dashes begin anew with each line.
pub(super) fn paint_line(
    canvas: &mut Canvas,
    lines: &[LineString<f64>],
    stroke: &Stroke,
    form: LineForm,
    ends: Ends,
) {
    let look = canvas.look();
    let page = look.theme.page;
    let path = path_of_lines(lines);
    let width = stroke.width_mm;
    let cut = |pen: Pen<'static>| match ends {
        Ends::Round => pen,
        Ends::Square => pen.butt(),
    };
    let solid = stroke.dash_mm.is_empty();
    if form == LineForm::Ribbon {
        let (wider, opacity) = LineForm::band(solid);
        let pen = Pen::new(stroke.colour, width * wider).opacity(opacity);
        canvas.stroke(path.as_ref(), cut(pen));
    }
    let mut pen = Pen::new(stroke.colour, width).dash(&stroke.dash_mm);
    if solid && ends == Ends::Square {
        pen = pen.butt();
    }
    canvas.stroke(path.as_ref(), pen);
    match form {
        LineForm::Ladder if solid => {
            let (share, length) = LineForm::LADDER;
            let light = [length, length];
            canvas.stroke(path.as_ref(), Pen::new(page, width * share).dash(&light));
        }
        LineForm::Ladder => {
            let ties: Vec<LineString<f64>> = lines
                .iter()
                .flat_map(|line| ties(line, &stroke.dash_mm))
                .collect();
            let pen = Pen::new(stroke.colour, LineForm::TIE_MM.1).butt();
            canvas.stroke(path_of_lines(&ties).as_ref(), pen);
        }
        LineForm::Cored if solid => {
            canvas.stroke(
                path.as_ref(),
                cut(Pen::new(page, width * LineForm::CORES.0)),
            );
        }
        LineForm::Cased if solid => {
            let core = mix(stroke.colour, page, LineForm::LIGHTER);
            canvas.stroke(
                path.as_ref(),
                cut(Pen::new(core, width * LineForm::CORES.1)),
            );
        }
        LineForm::Beads => {
            for line in lines {
                for bead in beads(line) {
                    canvas.fill(path_of_ring(&bead).as_ref(), stroke.colour, 1.0);
                }
            }
        }
        LineForm::Plain | LineForm::Ribbon | LineForm::Cored | LineForm::Cased => {}
    }
}

/// How a line without dashes ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Round,
    Square,
}

/// Positions along a line from `first` on, `step` apart.
fn along(course: &Course, first: f64, step: f64) -> impl Iterator<Item = (Coord<f64>, f64)> + '_ {
    let positions = std::iter::successors(Some(first), move |s| Some(s + step));
    positions
        .take_while(|s| *s <= course.length())
        .map(|s| course.at(s))
}

/// A tie across the middle of each dash, or of each second or third where dashes are short.
fn ties(line: &LineString<f64>, dash_mm: &[f64]) -> Vec<LineString<f64>> {
    let (Some(course), [dash, ..]) = (Course::new(line), dash_mm) else {
        return Vec::new();
    };
    let period: f64 = dash_mm.iter().sum();
    if period <= 0.0 {
        return Vec::new();
    }
    let step = period * (TIES_APART_MM / period).ceil();
    let half = LineForm::TIE_MM.0 / 2.0;
    along(&course, dash / 2.0, step)
        .map(|(p, heading)| {
            let across = Coord {
                x: -heading.sin(),
                y: heading.cos(),
            } * half;
            LineString(vec![p - across, p + across])
        })
        .collect()
}

/// Diamonds along a line.
fn beads(line: &LineString<f64>) -> Vec<[Coord<f64>; 4]> {
    let Some(course) = Course::new(line) else {
        return Vec::new();
    };
    let (size, step) = LineForm::BEADS_MM;
    let half = size / 2.0;
    // In the legend there is room for one.
    let first = (step / 2.0).min(course.length() / 2.0);
    along(&course, first, step)
        .map(|(p, heading)| {
            let forth = Coord {
                x: heading.cos(),
                y: heading.sin(),
            } * half;
            let across = Coord {
                x: -forth.y,
                y: forth.x,
            } * 0.8;
            [p + forth, p + across, p - forth, p - across]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_stand_across_the_middle_of_dashes() {
        let line = LineString::from(vec![(0.0, 0.0), (20.0, 0.0)]);
        // 3.72 and 1.24: dashes begin at 0, 4.96, 9.92, 14.88 and 19.84.
        let ties = ties(&line, &[3.72, 1.24]);
        let middles: Vec<f64> = ties.iter().map(|tie| tie.0[0].x).collect();
        assert_eq!(ties.len(), 4, "{middles:?}");
        for (index, tie) in (0..).zip(&ties) {
            let [a, b] = tie.0[..] else { panic!("{tie:?}") };
            assert!((a.x - b.x).abs() < 1e-9 && ((a.y - b.y).abs() - 1.5).abs() < 1e-9);
            assert!((a.x - 1.86 - 4.96 * f64::from(index)).abs() < 1e-9, "{a:?}");
        }
        assert!(super::ties(&line, &[]).is_empty() && super::ties(&line, &[0.0, 0.0]).is_empty());
    }

    #[test]
    fn dots_have_fewer_ties_than_dots() {
        let line = LineString::from(vec![(0.0, 0.0), (20.0, 0.0)]);
        let ties = ties(&line, &[0.0, 1.364]);
        // Every third dot.
        assert_eq!(ties.len(), 5);
        assert!((ties[1].0[0].x - 3.0 * 1.364).abs() < 1e-9);
    }
}
