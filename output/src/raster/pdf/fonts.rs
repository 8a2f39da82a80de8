//! Fonts of which a page uses a few characters.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use rustybuzz::ttf_parser::{GlyphId, RawFace, Tag};
use subsetter::GlyphRemapper;

use super::{Numbers, deflated, real};
use crate::raster::RasterError;
use crate::raster::text::{Typeface, Typesetter};

/// Numbers of characters are those of the font itself.
const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};
/// Units of an em in PDF.
const EM: f64 = 1000.0;

/// A face with the characters that are used of it.
pub(super) struct UsedFont {
    pub(super) face: Typeface,
    /// New numbers of glyphs.
    glyphs: GlyphRemapper,
    /// The glyph and the character of each new number.
    characters: BTreeMap<u16, (GlyphId, char)>,
}

impl UsedFont {
    pub(super) fn new(face: Typeface) -> Self {
        Self {
            face,
            glyphs: GlyphRemapper::new(),
            characters: BTreeMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// What the page calls it.
    pub(super) fn name(&self) -> String {
        format!("F{}", self.face as u8)
    }

    /// The number of a glyph on the page.
    pub(super) fn number(&mut self, id: GlyphId, character: char) -> u16 {
        let number = self.glyphs.remap(id.0);
        self.characters.entry(number).or_insert((id, character));
        number
    }
}

/// Writes a font as the object `number`, and what belongs to it.
pub(super) fn embed(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    number: Ref,
    font: &UsedFont,
    typesetter: &Typesetter<'_>,
) -> Result<(), RasterError> {
    let (data, index) = typesetter.data(font.face);
    let face = typesetter.face(font.face);
    let part =
        subsetter::subset(data, index, &font.glyphs).map_err(|_| RasterError::DamagedFont)?;
    // Outlines of PostScript kind are embedded without the tables around them.
    let outlines = RawFace::parse(&part, 0)
        .ok()
        .and_then(|raw| raw.table(Tag::from_bytes(b"CFF ")))
        .map(<[u8]>::to_vec);
    let is_postscript = outlines.is_some();
    let [descendant, descriptor, file, map] = std::array::from_fn(|_| numbers.next());
    let base = format!("{}+Yutu{}", letters(font), font.name());
    let base = Name(base.as_bytes());
    let scale = EM / typesetter.units_per_em(font.face);
    let scaled = |value: i16| real(f64::from(value) * scale);

    pdf.type0_font(number)
        .base_font(base)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(map);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(if is_postscript {
        CidFontType::Type0
    } else {
        CidFontType::Type2
    })
    .base_font(base)
    .system_info(SYSTEM)
    .font_descriptor(descriptor)
    .default_width(1000.0);
    if !is_postscript {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = cid.widths();
    for (number, (id, _)) in &font.characters {
        let advance = face.glyph_hor_advance(*id).unwrap_or(0);
        widths.consecutive(*number, [real(f64::from(advance) * scale)]);
    }
    widths.finish();
    cid.finish();

    let bounds = face.global_bounding_box();
    let mut about = pdf.font_descriptor(descriptor);
    about
        .name(base)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            scaled(bounds.x_min),
            scaled(bounds.y_min),
            scaled(bounds.x_max),
            scaled(bounds.y_max),
        ))
        .italic_angle(0.0)
        .ascent(scaled(face.ascender()))
        .descent(scaled(face.descender()))
        .cap_height(scaled(face.capital_height().unwrap_or(face.ascender())))
        .stem_v(80.0);
    if is_postscript {
        about.font_file3(file);
    } else {
        about.font_file2(file);
    }
    about.finish();
    let bytes = deflated(outlines.as_deref().unwrap_or(&part));
    let mut stream = pdf.stream(file, &bytes);
    stream.filter(Filter::FlateDecode);
    if is_postscript {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    stream.finish();

    let mut unicode = UnicodeCmap::new(Name(b"Yutu-Identity"), SYSTEM);
    for (number, (_, character)) in &font.characters {
        unicode.pair(*number, *character);
    }
    pdf.cmap(map, &unicode.finish());
    Ok(())
}

/// Six letters that tell this part of the font from others.
fn letters(font: &UsedFont) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for (id, _) in font.characters.values() {
        for byte in id.0.to_be_bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let mut text = String::new();
    for _ in 0..6 {
        let letter = u8::try_from(sum % 26).unwrap_or(0);
        text.push(char::from(b'A' + letter));
        sum /= 26;
    }
    text
}
