//! Text of others in HTML.

/// Appends text so that it can stand between tags and inside quoted attributes.
///
/// Control characters and those that turn the direction of what follows are left out: they have no business in a plan
/// and would let one line hide another.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        push(out, c);
    }
}

/// Appends one character.
fn push(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        '\t' | '\n' => out.push(' '),
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
        c if c.is_control() => {}
        c => out.push(c),
    }
}

/// Escaped text.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// Appends running text piece by piece; white space stays only between two words in ASCII, where it is one blank.
#[derive(Debug, Default)]
pub(crate) struct Running {
    before: Option<char>,
    blank: bool,
}

impl Running {
    pub(crate) fn push(&mut self, out: &mut String, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.blank = true;
                continue;
            }
            let words = self.before.is_some_and(|b| b.is_ascii_graphic()) && c.is_ascii_graphic();
            if self.blank && words {
                out.push(' ');
            }
            self.blank = false;
            self.before = Some(c);
            push(out, c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_text_becomes_markup() {
        let hostile = "<script>alert('x')</script> \" & \u{0}\u{202E}\u{85}]]>";
        let text = escaped(hostile);
        assert!(!text.contains(['<', '>', '"', '\'', '\u{0}', '\u{202E}', '\u{85}']));
        assert!(
            text.starts_with("&lt;script&gt;alert(&#39;x&#39;)"),
            "{text}"
        );
    }

    #[test]
    fn breaks_inside_sentences_are_not_seen() {
        let mut out = String::new();
        let mut running = Running::default();
        for piece in ["推动甲", "市\n  乙县", "建设 G", "85 \n", "Km 2", " 号线"] {
            running.push(&mut out, piece);
        }
        assert_eq!(out, "推动甲市乙县建设G85 Km 2号线");
    }
}
