//! Breaking paragraphs into lines, as Chinese is set.

/// Marks that may not begin a line.
pub(super) fn closes(c: char) -> bool {
    matches!(
        c,
        '。' | '，'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '》'
            | '」'
            | '』'
            | '”'
            | '’'
            | '〕'
            | '】'
            | '〉'
    )
}

/// Marks that may not end a line.
pub(super) fn opens(c: char) -> bool {
    matches!(
        c,
        '（' | '《' | '「' | '『' | '“' | '‘' | '〔' | '【' | '〈'
    )
}

/// Letters, digits and what belongs to them: a run of these is not broken.
fn is_word(c: char) -> bool {
    let letter = u32::from(c) < 0x2E80 && c.is_alphabetic();
    letter || c.is_ascii_graphic() || matches!(c, '°' | '′' | '″' | '–' | '\u{a0}')
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    let marks = closes(after) || opens(before);
    let inside_word = is_word(before) && is_word(after);
    // A dash of two characters is one mark.
    let dash = before == '—' && after == '—';
    !marks && !inside_word && !dash && after != ' '
}

/// Breaks a paragraph into lines of at most `room`, as `width` measures them. `\n` always breaks. A word longer than
/// the room stands alone.
pub(super) fn lines(text: &str, room: f64, width: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            let longer = format!("{line}{piece}");
            if !line.is_empty() && width(longer.trim_end()) > room {
                lines.push(line.trim_end().to_owned());
                piece.trim_start().clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The smallest pieces that are never broken.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(|b| !may_break(b, c)) => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, room: u32) -> Vec<String> {
        // Han characters are 2 wide, others 1.
        lines(text, f64::from(room), |s| {
            s.chars()
                .map(|c| if c.is_ascii() { 1.0 } else { 2.0 })
                .sum()
        })
    }

    #[test]
    fn no_mark_begins_or_ends_a_line_that_must_not() {
        let text = "《一二三》（二〇二二年，第三七号）第三章；《四五》第六、七条";
        for room in 6..40 {
            let lines = broken(text, room);
            assert_eq!(lines.concat(), text, "nothing is lost at {room}");
            assert!(
                lines
                    .iter()
                    .all(|l| !l.starts_with(closes) && !l.ends_with(opens)),
                "{room}: {lines:?}"
            );
        }
    }

    #[test]
    fn lines_fill_their_room_and_words_stay_whole() {
        assert_eq!(broken("甲乙丙丁戊", 4), ["甲乙", "丙丁", "戊"]);
        assert_eq!(broken("甲乙2022丙", 6), ["甲乙", "2022丙"]);
        assert_eq!(broken("甲乙 2022 丙", 8), ["甲乙", "2022 丙"]);
        assert_eq!(broken("甲乙\n丙", 20), ["甲乙", "丙"]);
        assert_eq!(broken("甲GSHHG乙", 3), ["甲", "GSHHG", "乙"]);
    }
}
