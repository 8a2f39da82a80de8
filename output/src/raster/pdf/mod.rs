//! The page as PDF: shapes, and text that can be found and selected, in fonts of which only the used characters are kept.

mod content;
mod fonts;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use layers::map::MapPage;
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

use self::content::Content;
use super::RasterError;
use super::options::{MM_PER_INCH, Paper};
use super::record::Op;
use super::text::Typesetter;

/// Points in an inch.
const POINTS: f64 = 72.0;

/// Numbers of objects, in the order in which they are asked for.
#[derive(Default)]
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// Writes what was drawn. A unit is `unit_mm` mm on the paper.
pub(super) fn write(
    ops: &[Op],
    page: &MapPage,
    paper: &Paper,
    unit_mm: f64,
    typesetter: &Typesetter<'_>,
) -> Result<Vec<u8>, RasterError> {
    let points = |mm: f64| real(mm * POINTS / MM_PER_INCH);
    let (width, height) = (points(paper.width_mm), points(paper.height_mm));
    let mut content = Content::new(typesetter, points(unit_mm), height);
    for op in ops {
        content.op(op);
    }
    let done = content.finish();

    let mut numbers = Numbers::default();
    let [catalogue, tree, sheet, stream, info] = std::array::from_fn(|_| numbers.next());
    let fonts: Vec<(String, Ref)> = done
        .fonts
        .iter()
        .map(|font| (font.name(), numbers.next()))
        .collect();
    let states: Vec<(String, Ref)> = done
        .opacities
        .iter()
        .enumerate()
        .map(|(index, _)| (content::state_name(index), numbers.next()))
        .collect();

    let mut pdf = Pdf::new();
    pdf.catalog(catalogue)
        .pages(tree)
        .lang(TextStr(page.language.tag()));
    pdf.pages(tree).kids([sheet]).count(1);
    let mut object = pdf.page(sheet);
    object
        .parent(tree)
        .media_box(Rect::new(0.0, 0.0, width, height))
        .contents(stream);
    let mut resources = object.resources();
    let mut known = resources.fonts();
    for (name, number) in &fonts {
        known.pair(Name(name.as_bytes()), *number);
    }
    known.finish();
    let mut known = resources.ext_g_states();
    for (name, number) in &states {
        known.pair(Name(name.as_bytes()), *number);
    }
    known.finish();
    resources.finish();
    object.finish();
    pdf.stream(stream, &deflated(&done.bytes))
        .filter(Filter::FlateDecode);
    for ((_, number), opacity) in states.iter().zip(&done.opacities) {
        pdf.ext_graphics(*number)
            .non_stroking_alpha(*opacity)
            .stroking_alpha(*opacity);
    }
    for ((_, number), font) in fonts.iter().zip(&done.fonts) {
        fonts::embed(&mut pdf, &mut numbers, *number, font, typesetter)?;
    }
    pdf.document_info(info)
        .title(TextStr(&page.title.replace('\n', "")))
        .subject(TextStr(&page.citation))
        .producer(TextStr(concat!("yutu ", env!("CARGO_PKG_VERSION"))));
    Ok(pdf.finish())
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Memory takes all that is written to it.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, reason = "PDF has single precision")]
fn real(value: f64) -> f32 {
    value as f32
}
