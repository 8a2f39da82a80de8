//! English text from its pieces, and long names in lines.

use super::Piece;

/// Characters in a line of a name, and lines of a name.
const LINE: usize = 26;
/// Characters of a name that has one line.
const LONE: usize = 34;
pub(super) const MOST_LINES: usize = 3;

/// The pieces with the spaces that belong between them.
pub(super) fn joined(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let part = match piece {
            Piece::Word(word) => word,
            Piece::Name(name) => name.as_str(),
            Piece::Plain(plain) | Piece::Rest(plain) => plain,
        };
        if part.trim().is_empty() {
            continue;
        }
        let open = text.is_empty()
            || text.ends_with([' ', '(', '“', '–', '-', '[', '/', '.']) && !text.ends_with(". ");
        let closes = part.starts_with([
            ',', '.', ';', ':', ')', '”', '–', '-', '%', '/', '…', ']', ' ',
        ]);
        if !open && !closes {
            text.push(' ');
        }
        if text.ends_with(' ') && part.starts_with([' ', ',', '.', ';', ')', '”', '–', '…']) {
            text.truncate(text.trim_end().len());
            if part.starts_with(' ') {
                text.push(' ');
            }
            text.push_str(part.trim_start());
        } else {
            text.push_str(part);
        }
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A text that begins with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A name in short lines of about equal length; what is longer than a map has room for is cut, and says so.
pub(super) fn label(name: &str, most: usize) -> String {
    let widest = if most == 1 { LONE } else { LINE };
    let count = name.chars().count().div_ceil(widest).clamp(1, most);
    let even = name.chars().count().div_ceil(count);
    for width in even.min(widest)..=widest {
        let lines = filled(name, width);
        if lines.len() <= most {
            return lines.join("\n");
        }
    }
    let mut lines = filled(name, widest);
    lines.truncate(most);
    lines.join("\n") + "..."
}

/// Lines of at most `width` characters; a longer word has one of its own.
fn filled(name: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_has_lines_of_about_equal_length() {
        assert_eq!(label("Chongqing", 3), "Chongqing");
        assert_eq!(
            label("Chongqing–Kunming High-Speed Railway", 3),
            "Chongqing–Kunming\nHigh-Speed Railway"
        );
        let long = label(&"Integrated Development Pilot ".repeat(8), 3);
        assert!(long.ends_with("...") && long.lines().count() == 3, "{long}");
    }
}
