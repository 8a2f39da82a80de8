//! The verbs around a thing, and the stage of work that they tell.

use std::ops::Range;

use super::lexicon::{Lexicon, Use, Verb};
use super::view::View;

/// What stands before and after the object of a clause.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    /// The verbs at the start, in order.
    pub(super) verbs: Vec<Verb>,
    /// The text of those verbs.
    pub(super) printed: String,
    /// What is left between them and the end of the clause.
    pub(super) object: Range<usize>,
}

impl Frame {
    /// Whether one of its verbs makes something.
    pub(super) fn builds(&self, words: &Lexicon) -> bool {
        let mut verbs = self.verbs.iter();
        verbs.any(|verb| words.is(Use::Inner, verb.word))
    }
}

/// 到2025年: what is built by then is planned, whatever its verb says.
pub(super) const BY_A_YEAR: Verb = Verb {
    word: "到",
    status: "planned",
    weight: 4,
};

/// The length of the year that a text begins with: 到2025年底, 2030年前.
fn year(text: &str) -> Option<usize> {
    let mut rest = text;
    for word in ["力争到", "力争", "到", "至"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest = rest
        .get(digits..)?
        .strip_prefix('年')
        .filter(|_| digits == 4)?;
    for word in ["底", "末", "前"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    Some(text.len() - rest.len())
}

/// Whether a clause says a year and no more.
pub(super) fn is_date(text: &str) -> bool {
    year(text).is_some_and(|length| length == text.len())
}

/// Takes the verbs and words of pace off the start of a clause; a name is never part of one.
pub(super) fn opened(view: &View<'_>, clause: &Range<usize>) -> Frame {
    let mut verbs = Vec::new();
    let mut at = clause.start;
    if let Some(length) = year(view.at(clause)) {
        at += length;
        verbs.push(BY_A_YEAR);
    }
    while at < clause.end {
        let rest = view.at(&(at..clause.end));
        let name = view.name_at(at).map_or(0, |name| name.range.len());
        let Some(verb) = view.words.verb_at_start(rest) else {
            break;
        };
        let end = at + verb.word.len();
        // 发展|轴 and 规划|范围: a head noun that begins with a verb is a noun.
        let noun = view
            .words
            .head_at_end(rest)
            .is_some_and(|head| head.word == rest);
        if name >= verb.word.len() || view.is_inside_name(end) || noun {
            break;
        }
        verbs.push(*verb);
        at = end;
    }
    Frame {
        verbs,
        printed: view.at(&(clause.start..at)).to_owned(),
        object: at..clause.end,
    }
}

/// Takes words that say what is done to a thing off the end of its name: (what is left, those words). A head
/// noun is never cut.
pub(super) fn without_tail(view: &View<'_>, range: &Range<usize>) -> (Range<usize>, Vec<Verb>) {
    let mut end = range.end;
    let mut verbs = Vec::new();
    loop {
        let text = view.at(&(range.start..end));
        if view.name_before(end).is_some() || view.words.head_at_end(text).is_some() {
            break;
        }
        let Some(tail) = view.words.at_end(Use::Tail, text) else {
            break;
        };
        // 等某某重大工程: what a list is closed with stays whole.
        let closing = view.words.at_end(Use::Class, text);
        let closed = closing.is_some_and(|word| {
            word.len() > tail.len() && text[..text.len() - word.len()].ends_with('等')
        });
        let works = |after: &str| after.ends_with("重大工程") && after.chars().count() <= 10;
        let closed = closed
            || text
                .rsplit_once('等')
                .is_some_and(|(_, after)| works(after));
        if tail.len() == text.len() || closed {
            break;
        }
        end -= tail.len();
        verbs.extend(view.words.verb_of(tail).copied());
        let left = view.at(&(range.start..end));
        for joint in ["的", "和", "及", "与", "、"] {
            if left.ends_with(joint) {
                end -= joint.len();
                break;
            }
        }
    }
    (range.start..end, verbs)
}

/// The stage that the verbs of a clause tell: the heaviest one's, the last of equals.
pub(super) fn stage(verbs: &[Verb]) -> &'static str {
    let heaviest = verbs.iter().filter(|verb| verb.weight > 0);
    heaviest
        .max_by_key(|verb| verb.weight)
        .map_or("", |verb| verb.status)
}
