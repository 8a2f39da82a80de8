//! Type: shaping, measuring, and outlines as paths in millimetres.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use geo::Coord;
use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder, Tag};
use rustybuzz::{Direction, Face, Feature, Script, ShapePlan, UnicodeBuffer, script};
use tiny_skia::{Path, PathBuilder, Transform};

use super::RasterError;
use super::breaking::{closes, opens};

/// Millimetres in a point.
pub(super) const MM_PER_PT: f64 = 0.3528;
/// The middle of a Han glyph above its baseline, in em.
pub(super) const HAN_MIDDLE_EM: f64 = 0.37;
/// What a Han glyph reaches above and below its baseline, in em.
const ASCENT_EM: f64 = 0.86;
const DESCENT_EM: f64 = 0.10;
/// Two marks that meet close up by this much.
const MARKS_CLOSE_EM: f64 = 0.42;
/// A line that starts with an opening mark hangs left by this much.
const HANG_EM: f64 = 0.46;
/// Width of the thin space that groups digits. Not every font has one.
const THIN_SPACE_EM: f64 = 0.17;
const THIN_SPACE: char = '\u{2009}';

/// One of the four faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Typeface {
    Regular,
    Bold,
    SerifRegular,
    SerifBold,
}

/// Face, size and spacing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Type {
    pub(super) face: Typeface,
    pub(super) size_pt: f64,
    /// Room after each character but the last, in em.
    pub(super) tracking_em: f64,
}

impl Type {
    pub(super) const fn new(face: Typeface, size_pt: f64) -> Self {
        Self {
            face,
            size_pt,
            tracking_em: 0.0,
        }
    }

    pub(super) const fn tracked(self, tracking_em: f64) -> Self {
        Self {
            tracking_em,
            ..self
        }
    }

    pub(super) const fn sized(self, size_pt: f64) -> Self {
        Self { size_pt, ..self }
    }

    /// One em in mm.
    pub(super) fn em(self) -> f64 {
        self.size_pt * MM_PER_PT
    }

    /// Height of a line of Han glyphs in mm.
    pub(super) fn height(self) -> f64 {
        (ASCENT_EM + DESCENT_EM) * self.em()
    }

    /// The baseline below the top of the glyphs, in mm.
    pub(super) fn ascent(self) -> f64 {
        ASCENT_EM * self.em()
    }

    /// The baseline of a line whose glyphs are centred on `y`.
    pub(super) fn baseline_at(self, y: f64) -> f64 {
        y + HAN_MIDDLE_EM * self.em()
    }
}

struct Glyph {
    id: GlyphId,
    character: char,
    advance_em: f64,
    rise_em: (f64, f64),
}

/// A line of text, shaped and measured.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) style: Type,
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// From the first origin to the last advance, in mm.
    pub(super) width: f64,
}

/// A glyph of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlacedGlyph {
    pub(super) id: GlyphId,
    /// What it stands for.
    pub(super) character: char,
    /// Right of the line's origin and above its baseline, in mm.
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A line where it stands on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) line: Line,
    /// Its first origin, in mm, on the baseline.
    pub(super) at: Coord<f64>,
    /// How far it is turned around its origin, in radians, clockwise.
    pub(super) angle: f64,
    /// How far it leans left; 0 is upright.
    pub(super) skew: f64,
}

impl Run {
    /// A level, upright line.
    pub(super) fn level(line: Line, at: Coord<f64>) -> Self {
        Self {
            line,
            at,
            angle: 0.0,
            skew: 0.0,
        }
    }

    /// From units of the font (y upwards), `scale` mm each, to the page, for one glyph of the line.
    pub(super) fn transform(&self, glyph: &PlacedGlyph, scale: f64) -> [f64; 6] {
        let (sin, cos) = self.angle.sin_cos();
        // (u, v) stands at (x + s·u − skew·s·v, −y − s·v), then is turned.
        let (ux, uy) = (scale, 0.0);
        let (vx, vy) = (-self.skew * scale, -scale);
        [
            ux * cos - uy * sin,
            ux * sin + uy * cos,
            vx * cos - vy * sin,
            vx * sin + vy * cos,
            self.at.x + glyph.x * cos + glyph.y * sin,
            self.at.y + glyph.x * sin - glyph.y * cos,
        ]
    }
}

/// The bytes of a font file, and the index of the face in it.
pub(super) type FaceData<'f> = (&'f [u8], u32);

/// What was shaped: glyphs by face and text.
type Shaped = HashMap<(Typeface, String), Rc<Vec<Glyph>>>;

/// The open faces, and what was already shaped with them.
pub(super) struct Typesetter<'f> {
    faces: Vec<Face<'f>>,
    data: Vec<FaceData<'f>>,
    /// Making a plan costs more than shaping with it.
    plans: RefCell<Vec<(Typeface, Script, Rc<ShapePlan>)>>,
    shaped: RefCell<Shaped>,
    missing: RefCell<BTreeSet<char>>,
}

impl<'f> Typesetter<'f> {
    /// From the bytes and index of the four faces in the order of [`Typeface`].
    pub(super) fn new(data: &[FaceData<'f>]) -> Result<Self, RasterError> {
        let faces: Option<Vec<Face<'f>>> = data
            .iter()
            .map(|(data, index)| Face::from_slice(data, *index))
            .collect();
        let faces = faces
            .filter(|faces| faces.len() == 4)
            .ok_or(RasterError::DamagedFont)?;
        Ok(Self {
            faces,
            data: data.to_vec(),
            plans: RefCell::default(),
            shaped: RefCell::default(),
            missing: RefCell::default(),
        })
    }

    /// Characters that were asked for and that the fonts do not have, in order.
    pub(super) fn missing(&self) -> Vec<char> {
        self.missing.borrow().iter().copied().collect()
    }

    pub(super) fn face(&self, face: Typeface) -> &Face<'f> {
        &self.faces[face as usize]
    }

    fn plan(&self, face: Typeface, written: Script) -> Rc<ShapePlan> {
        let mut plans = self.plans.borrow_mut();
        if let Some((.., plan)) = plans.iter().find(|(f, s, _)| *f == face && *s == written) {
            return Rc::clone(plan);
        }
        let plan = ShapePlan::new(
            self.face(face),
            Direction::LeftToRight,
            Some(written),
            None,
            // Two letters in one glyph would be one to who searches the page.
            &[Feature::new(Tag::from_bytes(b"liga"), 0, ..)],
        );
        let plan = Rc::new(plan);
        plans.push((face, written, Rc::clone(&plan)));
        plan
    }

    fn shape(&self, face: Typeface, text: &str) -> Rc<Vec<Glyph>> {
        let key = (face, text.to_owned());
        if let Some(done) = self.shaped.borrow().get(&key) {
            return Rc::clone(done);
        }
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text.replace(THIN_SPACE, " "));
        let written = if text.is_ascii() {
            script::LATIN
        } else {
            script::HAN
        };
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(written);
        let font = self.face(face);
        let em = f64::from(font.units_per_em());
        let shaped = rustybuzz::shape_with_plan(font, &self.plan(face, written), buffer);
        // Clusters count bytes of the replaced text, in which every thin space is two bytes shorter.
        let mut at = Vec::new();
        for character in text.chars() {
            at.extend(std::iter::repeat_n(
                character,
                if character == THIN_SPACE {
                    1
                } else {
                    character.len_utf8()
                },
            ));
        }
        let glyphs: Vec<Glyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| {
                let character = at.get(info.cluster as usize).copied().unwrap_or(' ');
                if info.glyph_id == 0 {
                    self.missing.borrow_mut().insert(character);
                }
                let advance_em = if character == THIN_SPACE {
                    THIN_SPACE_EM
                } else {
                    f64::from(position.x_advance) / em
                };
                Glyph {
                    id: GlyphId(u16::try_from(info.glyph_id).unwrap_or(0)),
                    character,
                    advance_em,
                    rise_em: (
                        f64::from(position.x_offset) / em,
                        f64::from(position.y_offset) / em,
                    ),
                }
            })
            .collect();
        let glyphs = Rc::new(glyphs);
        self.shaped.borrow_mut().insert(key, Rc::clone(&glyphs));
        glyphs
    }

    /// Shapes a line as it stands.
    pub(super) fn line(&self, text: &str, style: Type) -> Line {
        let em = style.em();
        let shaped = self.shape(style.face, text);
        let mut x = 0.0;
        let mut glyphs = Vec::with_capacity(shaped.len());
        for (index, glyph) in shaped.iter().enumerate() {
            // Only drawn glyphs: a missing one is reported, never painted as a box.
            if glyph.id.0 != 0 {
                glyphs.push(PlacedGlyph {
                    id: glyph.id,
                    character: glyph.character,
                    x: x + glyph.rise_em.0 * em,
                    y: glyph.rise_em.1 * em,
                });
            }
            x += glyph.advance_em * em;
            if let Some(next) = shaped.get(index + 1) {
                let here = glyph.character;
                if closes(here) && (closes(next.character) || opens(next.character))
                    || opens(here) && opens(next.character)
                {
                    x -= MARKS_CLOSE_EM * em;
                }
                x += style.tracking_em * em;
            }
        }
        Line {
            style,
            glyphs,
            width: x,
        }
    }

    /// Shapes a line of a paragraph: one that starts with an opening mark hangs left.
    pub(super) fn hanging_line(&self, text: &str, style: Type) -> Line {
        let mut line = self.line(text, style);
        if text.starts_with(opens) {
            let hang = HANG_EM * style.em();
            line.width -= hang;
            for glyph in &mut line.glyphs {
                glyph.x -= hang;
            }
        }
        line
    }

    /// Width of a text in mm.
    pub(super) fn width(&self, text: &str, style: Type) -> f64 {
        self.hanging_line(text, style).width
    }

    /// The outlines of a run. `None` when nothing is drawn.
    pub(super) fn outline(&self, run: &Run) -> Option<Path> {
        let face = self.face(run.line.style.face);
        let scale = run.line.style.em() / f64::from(face.units_per_em());
        let mut pen = Outline {
            builder: PathBuilder::new(),
            transform: Transform::identity(),
        };
        for glyph in &run.line.glyphs {
            pen.transform = from_row(run.transform(glyph, scale));
            face.outline_glyph(glyph.id, &mut pen);
        }
        pen.builder.finish()
    }

    /// The outline of one glyph in units of its font, y upwards.
    pub(super) fn glyph(&self, face: Typeface, id: GlyphId) -> Option<Path> {
        let mut pen = Outline {
            builder: PathBuilder::new(),
            transform: Transform::identity(),
        };
        self.face(face).outline_glyph(id, &mut pen);
        pen.builder.finish()
    }

    /// Units of an em of a face.
    pub(super) fn units_per_em(&self, face: Typeface) -> f64 {
        self.face(face).units_per_em().into()
    }

    /// The file of a face, and its index in it.
    pub(super) fn data(&self, face: Typeface) -> FaceData<'f> {
        self.data[face as usize]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the rasteriser works in f32"
)]
fn from_row(row: [f64; 6]) -> Transform {
    let [sx, ky, kx, sy, tx, ty] = row.map(|value| value as f32);
    Transform::from_row(sx, ky, kx, sy, tx, ty)
}

struct Outline {
    builder: PathBuilder,
    transform: Transform,
}

impl Outline {
    fn map(&self, x: f32, y: f32) -> (f32, f32) {
        let mut p = tiny_skia::Point::from_xy(x, y);
        self.transform.map_point(&mut p);
        (p.x, p.y)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.map(x, y);
        self.builder.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.map(x, y);
        self.builder.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.map(x1, y1), self.map(x, y));
        self.builder.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.map(x1, y1), self.map(x2, y2), self.map(x, y));
        self.builder.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}
