//! Names as blocks of lines, and the marks they leave on the page.

use geo::Coord;
use layers::style::Colour;

use super::super::canvas::Canvas;
use super::super::pen::Pen;

use super::super::page_box::PageBox;
use super::super::paths::{path_of_box, path_of_circle, path_of_lines};
use super::super::symbols::{BADGE_MM, paint_badge};
use super::super::text::{Line, Run, Type, Typesetter};

/// Something painted for a name.
pub(super) enum Mark {
    /// A rounded box below a corridor's name.
    Pill { area: PageBox, colour: Colour },
    /// A numbered disc.
    Badge {
        at: Coord<f64>,
        number: u8,
        colour: Colour,
    },
    /// A thin line from a name to its place.
    Leader {
        from: Coord<f64>,
        to: Coord<f64>,
        colour: Colour,
        halo: Colour,
    },
    /// Characters.
    Glyphs {
        run: Run,
        colour: Colour,
        halo: Colour,
        halo_mm: f64,
    },
}

const PILL_RADIUS_MM: f64 = 1.0;
const PILL_RIM_MM: f64 = 0.3;
const LEADER_MM: f64 = 0.16;
/// The dot that a leader ends in.
pub(super) const DOT_MM: f64 = 0.42;

/// Paints marks: what lies below all names first.
pub(super) fn paint(marks: &[Mark], canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
    let look = canvas.look();
    let theme = &look.theme;
    for mark in marks {
        match mark {
            Mark::Leader {
                from,
                to,
                colour,
                halo,
            } => {
                let line = geo::LineString(vec![*from, *to]);
                canvas.stroke(
                    path_of_lines([&line]).as_ref(),
                    Pen::new(*halo, LEADER_MM + 0.4).opacity(0.6),
                );
                canvas.stroke(
                    path_of_lines([&line]).as_ref(),
                    Pen::new(*colour, LEADER_MM),
                );
                canvas.fill(path_of_circle(*to, DOT_MM).as_ref(), *colour, 1.0);
            }
            Mark::Pill { area, colour } => {
                let rim = path_of_box(area.grown(PILL_RIM_MM), PILL_RADIUS_MM + PILL_RIM_MM);
                canvas.fill(rim.as_ref(), theme.page, 1.0);
                canvas.fill(path_of_box(*area, PILL_RADIUS_MM).as_ref(), *colour, 1.0);
            }
            Mark::Glyphs {
                run, halo, halo_mm, ..
            } if *halo_mm > 0.0 => canvas.halo(typesetter, run, *halo, *halo_mm),
            Mark::Glyphs { .. } | Mark::Badge { .. } => {}
        }
    }
    for mark in marks {
        match mark {
            Mark::Glyphs { run, colour, .. } => canvas.write(typesetter, run, *colour),
            Mark::Badge { at, number, colour } => {
                paint_badge(canvas, *at, *number, *colour, typesetter);
            }
            Mark::Pill { .. } | Mark::Leader { .. } => {}
        }
    }
}

/// How lines of a block stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
}

/// Part of a block: the name, or the small line below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    Note,
}

/// From line to line, in em.
const LEAD_EM: f64 = 1.17;
const UPRIGHT_LEAD_EM: f64 = 1.06;
const BADGE_GAP_MM: f64 = 0.7;
const NOTE_GAP_MM: f64 = 0.35;

/// A name ready to be put somewhere: lines with their places from the block's top left corner.
#[derive(Clone)]
pub(super) struct Block {
    lines: Vec<(Line, Coord<f64>, Role)>,
    badge: Option<(u8, Coord<f64>)>,
    align: Align,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Block {
    /// Lines below each other.
    pub(super) fn of_lines(
        typesetter: &Typesetter<'_>,
        text: &[&str],
        style: Type,
        align: Align,
    ) -> Self {
        let shaped: Vec<Line> = text
            .iter()
            .map(|line| typesetter.line(line, style))
            .collect();
        let width = shaped.iter().map(|line| line.width).fold(0.0, f64::max);
        let mut lines = Vec::new();
        let mut top = 0.0;
        for line in shaped {
            let x = if align == Align::Centre {
                (width - line.width) / 2.0
            } else {
                0.0
            };
            lines.push((
                line,
                Coord {
                    x,
                    y: top + style.ascent(),
                },
                Role::Name,
            ));
            top += LEAD_EM * style.em();
        }
        let height = top - LEAD_EM * style.em() + style.height();
        Self {
            lines,
            badge: None,
            align,
            width,
            height,
        }
    }

    /// One column of characters, read downwards.
    pub(super) fn upright(typesetter: &Typesetter<'_>, text: &str, style: Type) -> Self {
        let mut lines = Vec::new();
        let mut top = 0.0;
        for character in text.chars() {
            let line = typesetter.line(&character.to_string(), style);
            let x = (style.em() - line.width) / 2.0;
            lines.push((
                line,
                Coord {
                    x,
                    y: top + style.ascent(),
                },
                Role::Name,
            ));
            top += UPRIGHT_LEAD_EM * style.em();
        }
        let height = top - UPRIGHT_LEAD_EM * style.em() + style.height();
        Self {
            lines,
            badge: None,
            align: Align::Centre,
            width: style.em(),
            height,
        }
    }

    /// Adds a number before the lines.
    pub(super) fn with_badge(mut self, number: u8) -> Self {
        let indent = BADGE_MM * 2.0 + BADGE_GAP_MM;
        for (_, at, _) in &mut self.lines {
            at.x += indent;
        }
        let needed = BADGE_MM * 2.0;
        if self.height < needed {
            let lower = (needed - self.height) / 2.0;
            for (_, at, _) in &mut self.lines {
                at.y += lower;
            }
            self.height = needed;
        }
        self.width += indent;
        self.badge = Some((
            number,
            Coord {
                x: BADGE_MM,
                y: self.height / 2.0,
            },
        ));
        self
    }

    /// Adds a small line below the name.
    pub(super) fn with_note(
        mut self,
        typesetter: &Typesetter<'_>,
        note: &str,
        style: Type,
    ) -> Self {
        let line = typesetter.line(note, style);
        // It stands as the lines do: below the middle of what is centred.
        let (mut x, mut aside) = (0.0, 0.0);
        if self.badge.is_some() {
            x = BADGE_MM * 2.0 + BADGE_GAP_MM;
        } else if self.align == Align::Centre {
            x = ((self.width - line.width) / 2.0).max(0.0);
            aside = ((line.width - self.width) / 2.0).max(0.0);
        }
        for (_, at, _) in &mut self.lines {
            at.x += aside;
        }
        let y = self.height + NOTE_GAP_MM + style.ascent();
        self.width = self.width.max(x + line.width);
        self.height += NOTE_GAP_MM + style.height();
        self.lines.push((line, Coord { x, y }, Role::Note));
        self
    }

    /// The box of the block with its centre at a point.
    pub(super) fn box_at(&self, centre: Coord<f64>) -> PageBox {
        PageBox::centred(centre, self.width, self.height)
    }

    /// Where the number stands when the block has its top left corner at a point; else its middle left.
    pub(super) fn anchor(&self, area: PageBox) -> Coord<f64> {
        match self.badge {
            Some((_, at)) => Coord {
                x: area.left + at.x,
                y: area.top + at.y,
            },
            None => area.centre(),
        }
    }

    /// Where a line to a point leaves the block in a box: at its number, else the line of words that is nearest to the point.
    pub(super) fn leaves(&self, area: PageBox, to: Coord<f64>) -> Coord<f64> {
        let lines = self.lines.iter().map(|(line, at, _)| {
            let top = area.top + at.y - line.style.ascent();
            PageBox::new(area.left + at.x, top, line.width, line.style.height())
        });
        let far = |line: &PageBox| {
            let x = to.x.clamp(line.left, line.right);
            let y = to.y.clamp(line.top, line.bottom);
            (to.x - x).powi(2) + (to.y - y).powi(2)
        };
        let nearest = lines.min_by(|a, b| far(a).total_cmp(&far(b)));
        match (self.badge, nearest) {
            (None, Some(line)) => line
                .clip_line(line.centre(), to)
                .map_or(line.centre(), |(_, border)| border),
            _ => self.anchor(area),
        }
    }

    /// The marks of the block in a box of its size.
    pub(super) fn marks(
        &self,
        area: PageBox,
        colours: impl Fn(Role) -> (Colour, Colour, f64),
        badge: Colour,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (line, at, role) in &self.lines {
            let (colour, halo, halo_mm) = colours(*role);
            let origin = Coord {
                x: area.left + at.x,
                y: area.top + at.y,
            };
            marks.push(Mark::Glyphs {
                run: Run::level(line.clone(), origin),
                colour,
                halo,
                halo_mm,
            });
        }
        if let Some((number, at)) = self.badge {
            let at = Coord {
                x: area.left + at.x,
                y: area.top + at.y,
            };
            marks.push(Mark::Badge {
                at,
                number,
                colour: badge,
            });
        }
        marks
    }
}
