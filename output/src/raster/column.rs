//! The title of the page, and the line of sources below it.

use geo::{Coord, LineString};
use layers::map::MapPage;
use layers::style::Colour;

use super::breaking::lines;
use super::canvas::Canvas;
use super::layout::MARGIN;
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_lines};
use super::pen::Pen;
use super::text::{Run, Type, Typeface, Typesetter};
use super::words::words;

const BAR: (f64, f64) = (11.0, 1.15);
/// Size of the title on one line and on two, and the least.
const TITLE_PT: (f64, f64) = (26.0, 22.5);
const LEAST_TITLE_PT: f64 = 13.0;
const TITLE_LEAD: f64 = 1.22;
const TITLE_TRACKING: f64 = 0.02;
const SUBTITLE: Type = Type::new(Typeface::Regular, 9.2);
const CITATION: Type = Type::new(Typeface::Regular, 6.6);
const PARAGRAPH_LEAD: f64 = 1.5;
/// From baseline to baseline between parts, and from the last to the rule and on.
const TO_SUBTITLE: f64 = 6.4;
const TO_CITATION: f64 = 5.3;
const TO_RULE: f64 = 4.2;
const TO_LEGEND: f64 = 3.0;
/// From the rule to a map below it, with its degrees between them.
pub(super) const TO_MAP: f64 = 2.4;
/// The line of sources above the foot of the page.
const SOURCES_UP: f64 = 6.8;
const SOURCES: Type = Type::new(Typeface::Regular, 5.5);

/// A paragraph with its place.
struct Paragraph {
    lines: Vec<String>,
    style: Type,
    ink: Ink,
    first_baseline: f64,
    lead: f64,
}

#[derive(Clone, Copy)]
enum Ink {
    First,
    Second,
    Third,
}

/// The title with its place.
pub(super) struct TitlePlan {
    left: f64,
    top: f64,
    width: f64,
    paragraphs: Vec<Paragraph>,
    rule: f64,
    /// Where what follows may begin.
    pub(super) bottom: f64,
}

/// The title in the largest size in which it has at most two lines.
fn fit_title(title: &str, width: f64, typesetter: &Typesetter<'_>) -> (Vec<String>, Type) {
    let mut size = if title.contains('\n') {
        TITLE_PT.1
    } else {
        TITLE_PT.0
    };
    loop {
        let style = Type::new(Typeface::SerifBold, size).tracked(TITLE_TRACKING);
        let text = lines(title, width, |line| typesetter.width(line, style));
        let widest = text
            .iter()
            .map(|line| typesetter.width(line, style))
            .fold(0.0, f64::max);
        // A title that needs a second line is set smaller, so that it does not crowd what follows.
        let fits = widest <= width && (text.len() == 1 || text.len() == 2 && size <= TITLE_PT.1);
        if fits || size <= LEAST_TITLE_PT {
            return (text, style);
        }
        size -= 0.5;
    }
}

impl TitlePlan {
    /// Sets title, subtitle and citation below each other.
    pub(super) fn new(
        page: &MapPage,
        (left, top, width): (f64, f64, f64),
        typesetter: &Typesetter<'_>,
    ) -> Self {
        let (title, style) = fit_title(&page.title, width, typesetter);
        let first_baseline = top + BAR.1 + 4.3 + 0.88 * style.em();
        let mut paragraphs = vec![Paragraph {
            lines: title,
            style,
            ink: Ink::First,
            first_baseline,
            lead: TITLE_LEAD * style.em(),
        }];
        let mut baseline = paragraphs[0].last_baseline();
        for (text, style, ink, to) in [
            (&page.subtitle, SUBTITLE, Ink::Second, TO_SUBTITLE),
            (&page.citation, CITATION, Ink::Third, TO_CITATION),
        ] {
            if text.is_empty() {
                continue;
            }
            let paragraph = Paragraph {
                lines: lines(text, width, |line| typesetter.width(line, style)),
                style,
                ink,
                first_baseline: baseline + to,
                lead: PARAGRAPH_LEAD * style.em(),
            };
            baseline = paragraph.last_baseline();
            paragraphs.push(paragraph);
        }
        let rule = baseline + TO_RULE;
        Self {
            left,
            top,
            width,
            paragraphs,
            rule,
            bottom: rule + TO_LEGEND,
        }
    }

    /// Paints bar, title, subtitle, citation and rule.
    pub(super) fn paint(&self, canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
        let look = canvas.look();
        let theme = &look.theme;
        let bar = PageBox::new(self.left, self.top, BAR.0, BAR.1);
        canvas.fill(path_of_box(bar, 0.0).as_ref(), theme.accent, 1.0);
        for paragraph in &self.paragraphs {
            let colour = match paragraph.ink {
                Ink::First => theme.ink,
                Ink::Second => theme.ink2,
                Ink::Third => theme.ink3,
            };
            paragraph.paint(self.left, colour, canvas, typesetter);
        }
        let y = self.rule;
        let ends = [self.left, self.left + self.width].map(|x| Coord { x, y });
        let rule = LineString(ends.to_vec());
        canvas.stroke(
            path_of_lines([&rule]).as_ref(),
            Pen::new(theme.rule, 0.18).butt(),
        );
    }
}

impl Paragraph {
    fn last_baseline(&self) -> f64 {
        let more: f64 = self.lines.iter().skip(1).map(|_| self.lead).sum();
        self.first_baseline + more
    }

    fn paint(&self, x: f64, colour: Colour, canvas: &mut Canvas, typesetter: &Typesetter<'_>) {
        let mut y = self.first_baseline;
        for line in &self.lines {
            let line = typesetter.hanging_line(line, self.style);
            canvas.write(typesetter, &Run::level(line, Coord { x, y }), colour);
            y += self.lead;
        }
    }
}

/// Paints the sources, at the foot of the page.
pub(super) fn paint_sources(
    page: &MapPage,
    approval: Option<&str>,
    sheet: PageBox,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let look = canvas.look();
    let theme = &look.theme;
    let words = words(page.language);
    let text = match approval {
        Some(number) if page.sources.is_empty() => format!("{}{number}", words.approval),
        Some(number) => format!("{}　{}{number}", page.sources, words.approval),
        None => page.sources.clone(),
    };
    if text.is_empty() {
        return;
    }
    let heading = typesetter.line(words.sources, Type::new(Typeface::Bold, SOURCES.size_pt));
    let start = heading.width + 2.2;
    // The first line starts after the heading; a second one would start below it.
    let room = sheet.width() - MARGIN * 2.0 - start;
    let broken = lines(&text, room, |line| typesetter.width(line, SOURCES));
    let lead = 1.4 * SOURCES.em();
    let more: f64 = broken.iter().skip(1).map(|_| lead).sum();
    let mut y = sheet.bottom - SOURCES_UP - more / 2.0;
    let origin = Coord { x: MARGIN, y };
    canvas.write(typesetter, &Run::level(heading, origin), theme.ink2);
    for line in &broken {
        let line = typesetter.hanging_line(line, SOURCES);
        let x = MARGIN + start;
        canvas.write(typesetter, &Run::level(line, Coord { x, y }), theme.ink3);
        y += lead;
    }
}
