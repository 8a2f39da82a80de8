//! How a file lays out its text: in columns, with blank lines, or a paragraph a line.

use super::fold::{Folded, Line};

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// 。！？ and closing marks after them.
    Sentence,
    /// ； and ：
    Clause,
    /// ， and 、
    Comma,
    None,
}

/// How a text ends.
pub(super) fn stop(text: &str) -> Stop {
    let mut closed = false;
    for character in text.chars().rev().take(4) {
        match character {
            '。' | '！' | '？' | '…' => return Stop::Sentence,
            '；' | '：' if !closed => return Stop::Clause,
            '，' | '、' if !closed => return Stop::Comma,
            '”' | '’' | '）' | '》' | '】' => closed = true,
            _ => return Stop::None,
        }
    }
    Stop::None
}

/// The layout of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The width of most lines (a character counts two). 0 when there is none.
    pub column: u16,
    /// How much narrower a full line may be: nothing where the paper is filled to its edge.
    play: u16,
    /// Blank lines stand everywhere and mean nothing.
    pub double_spaced: bool,
    /// How a paragraph is told from the next.
    pub apart: Apart,
}

/// How a paragraph is told from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// It stands on one line.
    OneLine,
    /// Its first line begins with white space.
    Indented,
    /// A blank line stands between.
    Blank,
    /// Its last line is short, mostly.
    Short,
}

/// Lines narrower than this tell nothing of the column.
const NARROWEST: u16 = 16;
/// No column is wider.
const WIDEST: usize = 160;
/// White space that begins a paragraph; a single blank is left over from a page break.
pub(super) const INDENT: u8 = 3;
/// How far the lines of one column differ: an indent of two characters, a mark that may not begin a line.
const PLAY: u16 = 6;
/// Lines on each side whose width is that of the column here.
const AROUND: usize = 2;

impl Shape {
    /// Measures a file.
    pub(super) fn measure(folded: &Folded) -> Self {
        let lines = &folded.lines;
        let mut widths = [0_usize; WIDEST];
        for line in lines.iter().filter(|line| line.width >= NARROWEST) {
            if let Some(count) = widths.get_mut(usize::from(line.width)) {
                *count += 1;
            }
        }
        let near = |width: usize| -> usize {
            widths[width.saturating_sub(1)..(width + 2).min(WIDEST)]
                .iter()
                .sum()
        };
        let most = (0..WIDEST)
            .max_by_key(|width| (near(*width), *width))
            .unwrap_or(0);
        let column = if near(most) == 0 {
            0
        } else {
            u16::try_from(most).unwrap_or(0)
        };
        let long = lines.iter().filter(|line| line.width >= NARROWEST).count();
        let in_column = |line: &&Line| line.width + PLAY >= column && line.width <= column + PLAY;
        let full = lines
            .iter()
            .filter(|line| line.width >= NARROWEST)
            .filter(in_column)
            .count();
        let unended = lines
            .iter()
            .filter(|line| matches!(stop(folded.line(line)), Stop::None | Stop::Comma))
            .count();
        // Lines that end a paragraph beyond doubt, and whether a blank line follows them.
        let ends = lines.windows(2).filter(|pair| {
            pair[0].width * 4 < column * 3 && stop(folded.line(&pair[0])) == Stop::Sentence
        });
        let (ends, apart) = ends.fold((0, 0), |(ends, apart), pair| {
            (ends + 1, apart + usize::from(pair[1].after_blank))
        });
        let blanks = lines.iter().skip(1).filter(|line| line.after_blank).count();
        let indented = lines.iter().filter(|line| line.indent >= INDENT).count();
        // Lines that break a sentence are full; an indent takes two characters.
        let broken = lines.iter().filter(|line| line.width * 4 > column * 3);
        let broken = broken.filter(|line| stop(folded.line(line)) == Stop::None);
        let (broken, exact) = broken.fold((0, 0), |(broken, exact), line| {
            let width = line.width + u16::from(line.indent);
            (broken + 1, exact + usize::from(width + 1 >= column))
        });
        let play = if exact * 10 >= broken * 9 { 2 } else { 5 };
        let wrapped = column > 0 && full * 5 >= long * 2 && unended * 10 > lines.len() * 3;
        let apart = if !wrapped {
            Apart::OneLine
        } else if indented * 40 > lines.len() && indented * 5 < lines.len() * 4 {
            Apart::Indented
        } else if ends > 0 && apart * 5 >= ends * 4 {
            Apart::Blank
        } else {
            Apart::Short
        };
        Self {
            column,
            play,
            double_spaced: blanks * 20 > lines.len() * 7,
            apart,
        }
    }

    /// Whether a line reaches the edge of its column: that of the lines around it, which in a newspaper differ.
    pub(super) fn is_full(self, lines: &[Line], number: usize, first: bool) -> bool {
        let line = &lines[number];
        let around = &lines[number.saturating_sub(AROUND)..(number + AROUND + 1).min(lines.len())];
        let widest = around
            .iter()
            .map(|line| line.width + u16::from(line.indent))
            .max()
            .unwrap_or(0);
        let edge = widest.clamp(self.column - self.column / 4, self.column + PLAY);
        let indent = if first {
            4_u16.saturating_sub(u16::from(line.indent))
        } else {
            0
        };
        line.width + u16::from(line.indent) + indent + self.play > edge
    }

    /// Whether a line is about as long as most.
    pub(super) fn is_long(self, line: &Line) -> bool {
        u32::from(line.width) * 5 >= u32::from(self.column) * 4
    }
}
