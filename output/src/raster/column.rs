//! The title of the page, and the line of sources below it.

use geo::{Coord, LineString};
use layers::map::MapPage;
use layers::style::Colour;

use super::breaking::lines;
use super::canvas::{Canvas, Pen};
use super::colour::{ACCENT, INK, INK2, INK3, RULE};
use super::page_box::PageBox;
use super::paths::{path_of_box, path_of_lines};
use super::text::{Type, Typeface, Typesetter};

/// The left column.
pub(super) const LEFT: f64 = 10.0;
pub(super) const WIDTH: f64 = 59.0;
const TOP: f64 = 10.0;
const BAR_MM: (f64, f64) = (11.0, 1.15);
/// Size of the title on one line and on two, and the least.
const TITLE_PT: (f64, f64) = (26.0, 22.5);
const LEAST_TITLE_PT: f64 = 13.0;
const TITLE_LEAD: f64 = 1.22;
const TITLE_TRACKING: f64 = 0.02;
const SUBTITLE: Type = Type::new(Typeface::Regular, 9.2);
const CITATION: Type = Type::new(Typeface::Regular, 6.6);
const PARAGRAPH_LEAD: f64 = 1.5;
/// From baseline to baseline between parts, and from the last to the rule and on.
const TO_SUBTITLE_MM: f64 = 6.4;
const TO_CITATION_MM: f64 = 5.3;
const TO_RULE_MM: f64 = 4.2;
const TO_LEGEND_MM: f64 = 3.0;
/// The line of sources.
const SOURCES_BASELINE: f64 = 203.2;
const SOURCES_WIDTH: f64 = 277.0;
const SOURCES: Type = Type::new(Typeface::Regular, 5.5);
const SOURCES_HEADING: &str = "资料来源";

fn paint_lines(
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
    text: &[String],
    style: Type,
    (colour, lead): (Colour, f64),
    first_baseline: f64,
) -> f64 {
    let mut baseline = first_baseline;
    for (index, line) in text.iter().enumerate() {
        if index > 0 {
            baseline += lead * style.em();
        }
        let line = typesetter.hanging_line(line, style);
        if let Some(path) = typesetter.outline(
            &line,
            Coord {
                x: LEFT,
                y: baseline,
            },
        ) {
            canvas.fill_glyphs(&path, colour);
        }
    }
    baseline
}

/// The title in the largest size in which it has at most two lines.
fn fit_title(title: &str, typesetter: &Typesetter<'_>) -> (Vec<String>, Type) {
    let mut size = if title.contains('\n') {
        TITLE_PT.1
    } else {
        TITLE_PT.0
    };
    loop {
        let style = Type::new(Typeface::SerifBold, size).tracked(TITLE_TRACKING);
        let text = lines(title, WIDTH, |line| typesetter.width(line, style));
        let widest = text
            .iter()
            .map(|line| typesetter.width(line, style))
            .fold(0.0, f64::max);
        // A title that needs a second line is set smaller, so that it does not crowd what follows.
        let fits = widest <= WIDTH && (text.len() == 1 || text.len() == 2 && size <= TITLE_PT.1);
        if fits || size <= LEAST_TITLE_PT {
            return (text, style);
        }
        size -= 0.5;
    }
}

/// Paints bar, title, subtitle, citation and rule. Returns where the legend starts.
pub(super) fn paint_title(page: &MapPage, canvas: &mut Canvas, typesetter: &Typesetter<'_>) -> f64 {
    let (width, height) = BAR_MM;
    canvas.fill(
        path_of_box(PageBox::new(LEFT, TOP, width, height), 0.0).as_ref(),
        ACCENT,
        1.0,
    );

    let (title, style) = fit_title(&page.title, typesetter);
    let first = TOP + BAR_MM.1 + 4.3 + 0.88 * style.em();
    let mut baseline = paint_lines(canvas, typesetter, &title, style, (INK, TITLE_LEAD), first);

    for (text, style, colour, to) in [
        (&page.subtitle, SUBTITLE, INK2, TO_SUBTITLE_MM),
        (&page.citation, CITATION, INK3, TO_CITATION_MM),
    ] {
        if !text.is_empty() {
            let text = lines(text, WIDTH, |line| typesetter.width(line, style));
            baseline = paint_lines(
                canvas,
                typesetter,
                &text,
                style,
                (colour, PARAGRAPH_LEAD),
                baseline + to,
            );
        }
    }
    let y = baseline + TO_RULE_MM;
    let rule = LineString(vec![Coord { x: LEFT, y }, Coord { x: LEFT + WIDTH, y }]);
    canvas.stroke(path_of_lines([&rule]).as_ref(), Pen::new(RULE, 0.18).butt());
    y + TO_LEGEND_MM
}

/// Paints the sources, at the foot of the page.
pub(super) fn paint_sources(
    page: &MapPage,
    approval: Option<&str>,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) {
    let heading = typesetter.line(SOURCES_HEADING, Type::new(Typeface::Bold, SOURCES.size_pt));
    let start = heading.width + 2.2;
    let text = match approval {
        Some(number) => format!("{}　审图号：{number}", page.sources),
        None => page.sources.clone(),
    };
    // The first line starts after the heading; a second one would start below it.
    let broken = lines(&text, SOURCES_WIDTH - start, |line| {
        typesetter.width(line, SOURCES)
    });
    let lead = 1.4 * SOURCES.em();
    let mut baseline = if broken.len() > 1 {
        SOURCES_BASELINE - lead * 0.5
    } else {
        SOURCES_BASELINE
    };
    if let Some(path) = typesetter.outline(
        &heading,
        Coord {
            x: LEFT,
            y: baseline,
        },
    ) {
        canvas.fill_glyphs(&path, INK2);
    }
    for line in &broken {
        let line = typesetter.hanging_line(line, SOURCES);
        if let Some(path) = typesetter.outline(
            &line,
            Coord {
                x: LEFT + start,
                y: baseline,
            },
        ) {
            canvas.fill_glyphs(&path, INK3);
        }
        baseline += lead;
    }
}
