//! Letters with places as lines of text.
//!
//! Lines come in the order in which the file writes them: it keeps the cells of a table and the columns of a
//! page apart, which places alone do not. What stands beside a piece of text on one line belongs to it, wherever the
//! file writes it: some programs write all digits of a page after its characters.

use std::collections::HashMap;

use super::content::Letter;

/// A wider gap between two words is a blank, in sizes of the letters.
const WORD_GAP: f64 = 0.15;
/// The same where one of the letters is a Han character, which justified lines part.
const BLANK_GAP: f64 = 0.35;
/// A wider gap parts the cells of a table.
const CELL_GAP: f64 = 1.5;
/// Pieces of one line that are closer are one, in whatever order they are written.
const JOIN_GAP: f64 = 0.6;
/// How far letters may overlap, and how far from a line they may stand.
const SLACK: f64 = 0.5;
/// A letter that is written twice so near is made bold.
const SHADOW: f64 = 0.2;
/// A line that is so much further from the others than they are from each other is no part of their text.
const APART: f64 = 1.4;

/// Letters that stand beside one another.
struct Piece {
    text: String,
    start: f64,
    end: f64,
    height: f64,
    size: f64,
    turn: u8,
}

/// The text of a page, each line with its end.
pub(super) fn text(letters: Vec<Letter>) -> String {
    let all = letters.len();
    let own: Vec<Letter> = letters
        .iter()
        .filter(|letter| !letter.is_furniture)
        .copied()
        .collect();
    // A file that calls most of a page its margin is not believed.
    let letters = if own.len() * 2 >= all { own } else { letters };
    let mut lines = lines(joined(pieces(without_shadows(letters))));
    put_margins_last(&mut lines);
    let mut text = String::new();
    for line in &lines {
        text.push_str(line.text.trim_end());
        text.push('\n');
    }
    text
}

/// The letters without those that are written over themselves.
fn without_shadows(letters: Vec<Letter>) -> Vec<Letter> {
    let mut seen: HashMap<(char, i64, i64), (f64, f64)> = HashMap::new();
    let mut kept = letters;
    kept.retain(|letter| {
        if letter.character.is_whitespace() {
            return true;
        }
        let near = SHADOW * letter.size;
        let [column, row] = [letter.start, letter.height].map(|at| cell(at / near));
        let around = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y)));
        let mut around =
            around.filter_map(|(x, y)| seen.get(&(letter.character, column + x, row + y)));
        let is_shadow = around.any(|(start, height)| {
            (start - letter.start).abs() < near && (height - letter.height).abs() < near
        });
        seen.insert(
            (letter.character, column, row),
            (letter.start, letter.height),
        );
        !is_shadow
    });
    kept
}

/// The cell of a grid that a place is in. Places are below a million and cells no smaller than letters that can
/// be told apart; what is out of range is in the last cell.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn cell(at: f64) -> i64 {
    at.floor().clamp(-1e15, 1e15) as i64
}

/// The letters as pieces, in the order in which they are written.
fn pieces(letters: Vec<Letter>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in letters {
        if let Some(last) = pieces.last_mut()
            && last.takes(&letter)
        {
            let gap = letter.start - last.end;
            last.part(gap, letter.character);
            last.text.push(letter.character);
            last.end = last.end.max(letter.end);
            last.size = last.size.max(letter.size);
        } else if !letter.character.is_whitespace() {
            pieces.push(Piece {
                text: letter.character.to_string(),
                start: letter.start,
                end: letter.end,
                height: letter.height,
                size: letter.size,
                turn: letter.turn,
            });
        }
    }
    pieces
}

impl Piece {
    /// Whether a letter goes on with this piece.
    fn takes(&self, letter: &Letter) -> bool {
        let size = self.size.max(letter.size);
        let gap = letter.start - self.end;
        self.turn == letter.turn
            && (self.height - letter.height).abs() < SLACK * size
            && gap > -SLACK * size
            && gap < BLANK_GAP * size
    }

    /// Writes a blank behind this piece when a gap before a character asks for one.
    fn part(&mut self, gap: f64, next: char) {
        let Some(last) = self.text.chars().next_back() else {
            return;
        };
        let wide = if last.is_ascii_graphic() && next.is_ascii_graphic() {
            WORD_GAP
        } else {
            BLANK_GAP
        };
        if gap > wide * self.size && !last.is_whitespace() && !next.is_whitespace() {
            self.text.push(' ');
        }
    }

    /// Whether another piece is on the same line.
    fn is_level_with(&self, other: &Self) -> bool {
        self.turn == other.turn
            && (self.height - other.height).abs() < SLACK * self.size.min(other.size)
    }

    /// Goes on with another piece.
    fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.size = self.size.max(other.size);
    }
}

/// Joins the pieces that stand beside one another. Each stays where the first of it is written.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    // Levels from the top, and from left to right on each.
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by(|a, b| {
        let [a, b] = [&pieces[*a], &pieces[*b]];
        (a.turn.cmp(&b.turn)).then(b.height.total_cmp(&a.height))
    });
    for level in order.chunk_by_mut(|a, b| pieces[*a].is_level_with(&pieces[*b])) {
        level.sort_by(|a, b| pieces[*a].start.total_cmp(&pieces[*b].start));
    }
    // The chains by the first piece that is written of each.
    let mut chains: Vec<(usize, Piece)> = Vec::new();
    let mut pieces: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
    for at in order {
        let Some(piece) = pieces.get_mut(at).and_then(Option::take) else {
            continue;
        };
        if let Some((first, chain)) = chains.last_mut()
            && chain.is_level_with(&piece)
            && (piece.start - chain.end).abs() < JOIN_GAP * chain.size.max(piece.size)
        {
            *first = (*first).min(at);
            if let Some(next) = piece.text.chars().next() {
                chain.part(piece.start - chain.end, next);
            }
            chain.append(&piece);
        } else {
            chains.push((at, piece));
        }
    }
    chains.sort_by_key(|(first, _)| *first);
    chains.into_iter().map(|(_, piece)| piece).collect()
}

/// Pieces that follow one another on one line as the words or cells of it.
fn lines(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut lines: Vec<Piece> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.is_level_with(&piece) && piece.start >= line.end => {
                let is_cell = piece.start - line.end > CELL_GAP * line.size.max(piece.size);
                line.text.push(if is_cell { '\t' } else { ' ' });
                line.append(&piece);
            }
            _ => lines.push(piece),
        }
    }
    lines
}

/// Puts a lone line above all others first and one below all others last: programs write headers and footers
/// before the text or behind it.
fn put_margins_last(lines: &mut [Piece]) {
    if lines.len() < 3 || lines.iter().any(|line| line.turn != lines[0].turn) {
        return;
    }
    let mut heights: Vec<f64> = lines.iter().map(|line| line.height).collect();
    heights.sort_by(f64::total_cmp);
    let mut gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps[(gaps.len() - 1) / 2];
    let is_apart = |one: f64, next: f64| (one - next).abs() > APART * usual;
    let last = heights.len() - 1;
    if is_apart(heights[0], heights[1])
        && let Some(at) = lines.iter().position(|line| line.height <= heights[0])
    {
        lines[at..].rotate_left(1);
    }
    if is_apart(heights[last], heights[last - 1])
        && let Some(at) = lines.iter().position(|line| line.height >= heights[last])
    {
        lines[..=at].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a string of letters of ten points.
    fn write(text: &str, start: f64, height: f64) -> Vec<Letter> {
        let letters = text.chars().zip(0_u32..);
        letters
            .map(|(character, at)| Letter {
                character,
                start: start + 10.0 * f64::from(at),
                end: start + 10.0 * f64::from(at + 1),
                height,
                size: 10.0,
                turn: 0,
                is_furniture: false,
            })
            .collect()
    }

    #[test]
    fn lines_come_as_they_are_written_and_digits_where_they_stand() {
        let page = [
            write("第", 50.0, 700.0),
            write("条路", 70.0, 700.0),
            write("下一行", 50.0, 680.0),
            write("7", 60.0, 700.0),
        ];
        assert_eq!(text(page.concat()), "第7条路\n下一行\n");
    }

    #[test]
    fn cells_keep_their_lines_together() {
        let page = [
            write("甲乙", 50.0, 700.0),
            write("丙", 50.0, 685.0),
            write("丁戊", 150.0, 700.0),
            write("己", 150.0, 685.0),
            write("一", 50.0, 660.0),
            write("二", 150.0, 660.0),
        ];
        assert_eq!(text(page.concat()), "甲乙\n丙\n丁戊\n己\n一\t二\n");
    }

    #[test]
    fn what_is_written_twice_is_read_once() {
        let page = [write("重重庆", 50.0, 700.0), write("重重庆", 50.4, 700.2)];
        assert_eq!(text(page.concat()), "重重庆\n");
    }

    #[test]
    fn margins_are_first_and_last_and_furniture_is_left_out() {
        let mut furniture = write("天府新报", 50.0, 820.0);
        for letter in &mut furniture {
            letter.is_furniture = true;
        }
        let page = [
            write("9", 300.0, 30.0),
            write("甲", 50.0, 700.0),
            write("乙", 50.0, 680.0),
            write("丙", 50.0, 660.0),
            furniture,
            write("眉", 50.0, 790.0),
        ];
        assert_eq!(text(page.concat()), "眉\n甲\n乙\n丙\n9\n");
    }
}
