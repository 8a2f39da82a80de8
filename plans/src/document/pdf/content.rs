//! What is written on a page: the operators of its content (ISO 32000-1, sections 8 and 9) as letters with
//! their places.

use std::collections::HashMap;
use std::rc::Rc;

use super::PdfError;
use super::file::File;
use super::font::{Font, Meaning};
use super::lexer::{Item, Lexer, Stop, is_blank};
use super::matrix::Matrix;
use super::object::{Dictionary, Object, Stream};

/// Forms in forms. Files in use have three.
const MOST_FORMS: usize = 12;
/// Saved states. Readers must take 28 (ISO 32000-1, annex C); what is saved beyond is not restored.
const MOST_STATES: usize = 512;
/// Operands before an operator, which has six and arrays.
const MOST_OPERANDS: usize = 64;
/// What a letter costs.
const LETTER_COST: usize = 64;
/// What a form and a font cost besides their bytes.
const FORM_COST: usize = 4096;
const FONT_COST: usize = 4096;

/// A letter on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub character: char,
    /// Where it begins and ends along its line. Lines are read this way up, whatever way they run on paper.
    pub start: f64,
    pub end: f64,
    /// Where its line stands: the higher, the earlier.
    pub height: f64,
    pub size: f64,
    /// Quarters of a turn to the left that its line runs in.
    pub turn: u8,
    /// Whether the file says that it is a header, a footer or a page number.
    pub is_furniture: bool,
}

impl Letter {
    /// One of the characters of a glyph that means some: each has its part of the width.
    fn part(self, character: char, at: u32, count: usize) -> Self {
        let count = u32::try_from(count).map_or(1.0, f64::from);
        let width = (self.end - self.start) / count;
        Self {
            character,
            start: self.start + width * f64::from(at),
            end: self.start + width * f64::from(at + 1),
            ..self
        }
    }
}

/// A page that was read.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub letters: Vec<Letter>,
    pub has_picture: bool,
}

/// How many characters were met, and those without a meaning by the font they are in.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub characters: usize,
    pub unknown: usize,
    /// Letters of ASCII.
    pub ascii: usize,
    /// Letters of Latin with marks, which codes in Chinese fonts are when the file gives them wrong meanings.
    pub odd: usize,
    /// Unknown and odd ones by the name and the encoding of the font.
    pub by_font: HashMap<(String, String), usize>,
}

impl Tally {
    fn count(&mut self, character: char, font: &Font) {
        self.characters += usize::from(!character.is_whitespace());
        self.ascii += usize::from(character.is_ascii_alphabetic());
        match character {
            char::REPLACEMENT_CHARACTER => self.unknown += 1,
            'À'..='ɏ' if !matches!(character, '×' | '÷') => self.odd += 1,
            _ => return,
        }
        let key = (font.name.clone(), font.encoding.to_string());
        *self.by_font.entry(key).or_default() += 1;
    }
}

/// Reads pages, and each font once.
pub(super) struct Reader<'f, 'a> {
    file: &'f File<'a>,
    fonts: HashMap<u32, Rc<Font>>,
    pub tally: Tally,
}

/// What `q` saves.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    /// How much wider than high.
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            matrix: Matrix::IDENTITY,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// The content of a page or a form that is being read.
struct Run<'r> {
    resources: &'r Dictionary,
    state: State,
    saved: Vec<State>,
    /// States that were saved beyond the most.
    unsaved: usize,
    text: Matrix,
    line: Matrix,
    /// How many marks are open, and at which of them furniture begins.
    marks: usize,
    furniture_from: Option<usize>,
    /// Forms that this one is in.
    depth: usize,
}

impl<'f, 'a> Reader<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>) -> Self {
        Self {
            file,
            fonts: HashMap::new(),
            tally: Tally::default(),
        }
    }

    /// Reads a page by its content and resources.
    pub(super) fn page(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
    ) -> Result<Page, PdfError> {
        let mut page = Page::default();
        self.run(content, Run::new(resources, State::default()), &mut page)?;
        Ok(page)
    }

    fn run(&mut self, content: &[u8], mut run: Run<'_>, page: &mut Page) -> Result<(), PdfError> {
        let mut lexer = Lexer::of_content(content);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            match lexer.item() {
                Ok(Item::Value(value)) => {
                    if operands.len() == MOST_OPERANDS {
                        operands.clear();
                    }
                    operands.push(value);
                }
                Ok(Item::Word(b"BI")) => {
                    skip_picture(content, &mut lexer);
                    operands.clear();
                }
                Ok(Item::Word(word)) => {
                    self.operate(word, &operands, &mut run, page)?;
                    operands.clear();
                }
                Err(Stop::End) => return Ok(()),
                // Viewers go on after a stray bracket too.
                Err(Stop::Unclosed) => operands.clear(),
                Err(stop) => return Err(super::file::damaged(stop.reason())),
            }
        }
    }

    fn operate(
        &mut self,
        word: &[u8],
        operands: &[Object],
        run: &mut Run<'_>,
        page: &mut Page,
    ) -> Result<(), PdfError> {
        let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or(0.0);
        let name = || operands.last().and_then(Object::name).unwrap_or_default();
        match word {
            b"q" => run.save(),
            b"Q" => run.restore(),
            b"cm" => {
                if let Some(matrix) = Matrix::read(operands) {
                    run.state.matrix = matrix.then(run.state.matrix);
                }
            }
            b"BT" => run.move_to(Matrix::IDENTITY),
            b"Tf" => {
                run.state.size = number(1);
                let name = operands.first().and_then(Object::name);
                run.state.font = self.font(run.resources, name.unwrap_or_default())?;
            }
            b"Tc" => run.state.letter_space = number(0),
            b"Tw" => run.state.word_space = number(0),
            b"Tz" => run.state.stretch = number(0) / 100.0,
            b"TL" => run.state.leading = number(0),
            b"Ts" => run.state.rise = number(0),
            b"Td" => run.next_line(number(0), number(1)),
            b"TD" => {
                run.state.leading = -number(1);
                run.next_line(number(0), number(1));
            }
            b"Tm" => run.move_to(Matrix::read(operands).unwrap_or(Matrix::IDENTITY)),
            b"T*" => run.next_line(0.0, -run.state.leading),
            b"Tj" => self.show(operands, run, page)?,
            b"TJ" => {
                let elements = operands.first().and_then(Object::array);
                self.show(elements.unwrap_or_default(), run, page)?;
            }
            b"'" => {
                run.next_line(0.0, -run.state.leading);
                self.show(operands, run, page)?;
            }
            b"\"" => {
                run.state.word_space = number(0);
                run.state.letter_space = number(1);
                run.next_line(0.0, -run.state.leading);
                self.show(operands.get(2..).unwrap_or_default(), run, page)?;
            }
            b"Do" => self.draw(name(), run, page)?,
            b"BMC" | b"BDC" => {
                run.marks += 1;
                if run.furniture_from.is_none() && self.is_furniture(operands, run.resources)? {
                    run.furniture_from = Some(run.marks);
                }
            }
            b"EMC" => {
                if run.furniture_from == Some(run.marks) {
                    run.furniture_from = None;
                }
                run.marks = run.marks.saturating_sub(1);
            }
            b"gs" => self.set_by_resource(name(), run)?,
            _ => {}
        }
        Ok(())
    }

    /// A font by its name among the resources.
    fn font(&mut self, resources: &Dictionary, name: &[u8]) -> Result<Option<Rc<Font>>, PdfError> {
        let fonts = self.file.entry(resources, b"Font")?;
        let Some(font) = fonts.dictionary().and_then(|fonts| fonts.get(name)) else {
            return Ok(None);
        };
        self.font_of(font).map(Some)
    }

    fn font_of(&mut self, font: &Object) -> Result<Rc<Font>, PdfError> {
        let number = match font {
            Object::Reference(number) => Some(*number),
            _ => None,
        };
        if let Some(known) = number.and_then(|number| self.fonts.get(&number)) {
            return Ok(Rc::clone(known));
        }
        self.file.budget.pay(FONT_COST)?;
        let dictionary = self.file.resolve(font)?;
        let none = Dictionary::new();
        let read = Font::read(self.file, dictionary.dictionary().unwrap_or(&none))?;
        let read = Rc::new(read);
        if let Some(number) = number {
            self.fonts.insert(number, Rc::clone(&read));
        }
        Ok(read)
    }

    /// A graphics state may choose a font (ISO 32000-1, table 58).
    fn set_by_resource(&mut self, name: &[u8], run: &mut Run<'_>) -> Result<(), PdfError> {
        let states = self.file.entry(run.resources, b"ExtGState")?;
        let Some(state) = states.dictionary().and_then(|states| states.get(name)) else {
            return Ok(());
        };
        let state = self.file.resolve(state)?;
        let Some(state) = state.dictionary() else {
            return Ok(());
        };
        let font = self.file.entry(state, b"Font")?;
        if let Some([font, size]) = font.array() {
            run.state.font = Some(self.font_of(font)?);
            run.state.size = size.number().unwrap_or(0.0);
        }
        Ok(())
    }

    /// Whether marked content is a header, a footer or a page number by what the file says of it
    /// (ISO 32000-1, section 14.8.2.2).
    fn is_furniture(&self, operands: &[Object], resources: &Dictionary) -> Result<bool, PdfError> {
        let [Object::Name(tag), properties] = operands else {
            return Ok(false);
        };
        if tag != b"Artifact" {
            return Ok(false);
        }
        let named = self.file.entry(resources, b"Properties")?;
        let properties = match properties {
            Object::Name(name) => {
                let properties = named.dictionary().and_then(|named| named.get(name));
                self.file.resolve(properties.unwrap_or(&Object::Null))?
            }
            direct => self.file.resolve(direct)?,
        };
        let kind = properties
            .dictionary()
            .and_then(|entries| entries.get(&b"Type"[..]));
        Ok(kind.and_then(Object::name) == Some(b"Pagination"))
    }

    /// Draws a form or a picture.
    fn draw(&mut self, name: &[u8], run: &Run<'_>, page: &mut Page) -> Result<(), PdfError> {
        let drawn = self.file.entry(run.resources, b"XObject")?;
        let Some(drawn) = drawn.dictionary().and_then(|drawn| drawn.get(name)) else {
            return Ok(());
        };
        let drawn = self.file.resolve(drawn)?;
        let Some(stream) = drawn.stream() else {
            return Ok(());
        };
        let kind = self.file.entry(&stream.dictionary, b"Subtype")?;
        match kind.name() {
            Some(b"Image") => page.has_picture = true,
            Some(b"Form") => self.draw_form(stream, run, page)?,
            _ => {}
        }
        Ok(())
    }

    fn draw_form(&mut self, form: &Stream, run: &Run<'_>, page: &mut Page) -> Result<(), PdfError> {
        if run.depth >= MOST_FORMS {
            return Err(PdfError::TooMuch {
                of: "forms inside one another",
                most: MOST_FORMS as u64,
            });
        }
        self.file.budget.pay(FORM_COST)?;
        let content = self.file.data(form, "form")?;
        let resources = self.file.entry(&form.dictionary, b"Resources")?;
        let matrix = self.file.entry(&form.dictionary, b"Matrix")?;
        let mut state = run.state.clone();
        if let Some(matrix) = matrix.array().and_then(Matrix::read) {
            state.matrix = matrix.then(state.matrix);
        }
        let resources = resources.dictionary().unwrap_or(run.resources);
        let mut inner = Run::new(resources, state);
        inner.depth = run.depth + 1;
        inner.furniture_from = run.furniture_from.map(|_| 0);
        self.run(&content, inner, page)
    }

    /// Shows strings; numbers between them move on.
    fn show(
        &mut self,
        elements: &[Object],
        run: &mut Run<'_>,
        page: &mut Page,
    ) -> Result<(), PdfError> {
        for element in elements {
            if let Some(bytes) = element.text() {
                self.show_string(bytes, run, page)?;
            } else if let Some(back) = element.number() {
                run.advance(-back / 1000.0 * run.state.size);
            }
        }
        Ok(())
    }

    fn show_string(
        &mut self,
        bytes: &[u8],
        run: &mut Run<'_>,
        page: &mut Page,
    ) -> Result<(), PdfError> {
        let Some(font) = run.state.font.clone() else {
            // No viewer shows it.
            return Ok(());
        };
        let mut rest = bytes;
        let mut meant = String::new();
        while !rest.is_empty() {
            meant.clear();
            let glyph = font.glyph(rest, &mut meant);
            rest = rest.get(glyph.length..).unwrap_or_default();
            if glyph.meaning == Meaning::Unknown {
                meant.push(char::REPLACEMENT_CHARACTER);
            }
            let state = &run.state;
            let mut step = glyph.width * state.size + state.letter_space;
            if glyph.is_blank_byte {
                step += state.word_space;
            }
            let extent = glyph.width * state.size;
            let place = run.place(extent, font.is_vertical);
            let count = meant.chars().count();
            self.file.budget.pay(LETTER_COST * count.max(1))?;
            for (character, at) in meant.chars().zip(0..) {
                self.tally.count(character, &font);
                page.letters
                    .extend(place.map(|whole| whole.part(character, at, count)));
            }
            run.advance(step);
        }
        Ok(())
    }
}

impl<'r> Run<'r> {
    fn new(resources: &'r Dictionary, state: State) -> Self {
        Self {
            resources,
            state,
            saved: Vec::new(),
            unsaved: 0,
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            marks: 0,
            furniture_from: None,
            depth: 0,
        }
    }

    fn save(&mut self) {
        if self.saved.len() < MOST_STATES {
            self.saved.push(self.state.clone());
        } else {
            self.unsaved = self.unsaved.saturating_add(1);
        }
    }

    fn restore(&mut self) {
        if self.unsaved > 0 {
            self.unsaved -= 1;
        } else if let Some(state) = self.saved.pop() {
            self.state = state;
        }
    }

    fn move_to(&mut self, matrix: Matrix) {
        self.text = matrix;
        self.line = matrix;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.move_to(Matrix::shift(x, y).then(self.line));
    }

    fn is_vertical(&self) -> bool {
        self.state
            .font
            .as_ref()
            .is_some_and(|font| font.is_vertical)
    }

    /// Moves on by a distance along the line.
    fn advance(&mut self, distance: f64) {
        let (x, y) = if self.is_vertical() {
            (0.0, -distance)
        } else {
            (distance * self.state.stretch, 0.0)
        };
        self.text = Matrix::shift(x, y).then(self.text);
    }

    /// The place of a letter of some extent that begins here. None when it is nowhere: numbers may be of any size.
    fn place(&self, extent: f64, is_vertical: bool) -> Option<Letter> {
        let state = &self.state;
        let to_page = self.text.then(state.matrix);
        let from = to_page.point(0.0, state.rise);
        let to = if is_vertical {
            to_page.point(0.0, state.rise - extent)
        } else {
            to_page.point(extent * state.stretch, state.rise)
        };
        // A letter without a width still has a direction.
        let (ahead, across) = (to_page.direction(1.0, 0.0), to_page.direction(0.0, 1.0));
        let (ahead, across) = if is_vertical {
            ((-across.0, -across.1), ahead)
        } else {
            (ahead, across)
        };
        let (x, y) = ahead;
        let turn = match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
            (true, true, _) => 0,
            (false, _, true) => 1,
            (true, false, _) => 2,
            (false, _, false) => 3,
        };
        let upright = |(x, y): (f64, f64)| match turn {
            0 => (x, y),
            1 => (y, -x),
            2 => (-x, -y),
            _ => (-y, x),
        };
        let (start, height) = upright(from);
        let (end, _) = upright(to);
        let size = across.0.hypot(across.1) * state.size.abs();
        let letter = Letter {
            character: ' ',
            start,
            end: end.max(start),
            height,
            size,
            turn,
            is_furniture: self.furniture_from.is_some(),
        };
        let is_somewhere = [start, end, height, size]
            .iter()
            .all(|number| number.abs() < 1e6);
        (is_somewhere && size > 0.0).then_some(letter)
    }
}

/// Goes past a small picture that stands in the content: `BI … ID bytes EI`.
fn skip_picture(content: &[u8], lexer: &mut Lexer<'_>) {
    loop {
        match lexer.item() {
            Ok(Item::Word(b"ID")) => break,
            Ok(_) | Err(Stop::Unclosed) => {}
            Err(_) => return,
        }
    }
    let rest = content.get(lexer.at..).unwrap_or_default();
    let is_end = |four: &[u8]| is_blank(four[0]) && &four[1..3] == b"EI" && is_blank(four[3]);
    // Bytes of a picture may look like its end; what follows the end is text.
    let end = rest.windows(4).enumerate().find_map(|(at, four)| {
        let after = rest.get(at + 4..).unwrap_or_default();
        let is_text = after
            .iter()
            .take(8)
            .all(|byte| byte.is_ascii_graphic() || is_blank(*byte));
        (is_end(four) && is_text).then_some(at + 3)
    });
    lexer.at += end.unwrap_or(rest.len());
}
