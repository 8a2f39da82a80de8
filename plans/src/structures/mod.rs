//! Structures: what a plan says of places, read from its words by rules of the language.
//!
//! `lexicon` holds words, `view` the text with its names; `status`, `places`, `route` and `items` read parts of a
//! clause, `rules` put them together, `scope` and `figures` read sentences. The order of the rules is in
//! [`rules`]; what they know of words is data in `lexicon/`.

mod areas;
mod boxes;
mod figures;
mod found;
mod items;
mod lexicon;
mod names;
mod places;
mod route;
mod rules;
mod scope;
mod status;
mod view;

use std::ops::Range;

use gazetteer::Gazetteer;

use crate::mentions::Mention;
use crate::outline::{BlockKind, Outline, PartKind};

pub(crate) use areas::mend;
pub use figures::PrintedFigure;
pub use found::FoundStructure;
pub(crate) use found::once;
use lexicon::{Lexicon, Use};
use names::Name;
use rules::{Place, Rules, Subject};
use view::View;

/// A sentence of more bytes is cut: no sentence of a plan is so long, and the cost stays linear.
const LONGEST_SENTENCE: usize = 6_000;
/// A title that runs into its paragraph has at most so many characters.
const LONGEST_TITLE: usize = 24;

/// Finds the structures of a text, in its order.
pub(crate) fn structures(
    gazetteer: &Gazetteer,
    text: &str,
    outline: &Outline,
    mentions: &[Mention<'_>],
) -> Vec<FoundStructure> {
    let mut names: Vec<Name> = Vec::new();
    for mention in mentions {
        let name = Name::of(gazetteer, mention);
        match names
            .last_mut()
            .filter(|outer| mention.range.end <= outer.range.end)
        {
            Some(outer) => outer.inner.push(name),
            None => names.push(name),
        }
    }
    let view = View {
        text,
        names: &names,
        words: Lexicon::embedded(),
    };
    let mut rules = Rules {
        view,
        region: String::new(),
        own: None,
        topic: Vec::new(),
        partners: None,
        found: Vec::new(),
    };
    let plans = outline
        .parts
        .iter()
        .filter(|part| part.kind == PartKind::Plan);
    for part in plans {
        rules.region = region_of(&part.title);
        rules.own = None;
        let mut muted: Vec<bool> = Vec::new();
        let mut opened = !outline.blocks[part.blocks.clone()]
            .iter()
            .any(|block| block.kind == BlockKind::Heading);
        for index in part.blocks.clone() {
            let Some(block) = outline.blocks.get(index) else {
                break;
            };
            let above = block
                .parent
                .and_then(|parent| parent.checked_sub(part.blocks.start));
            let above = above
                .and_then(|parent| muted.get(parent).copied())
                .unwrap_or(false);
            let own = matches!(block.kind, BlockKind::Heading) && is_mute(&view, &block.title);
            muted.push(above || own);
            opened |= block.kind == BlockKind::Heading;
            // What stands before the first heading is why the plan was made.
            let muted = above || own || !opened;
            let above_box = box_of(outline, index);
            let labelled = above_box.and_then(|above| {
                let heading = outline.blocks.get(above)?;
                [&block.title, &heading.title]
                    .iter()
                    .find_map(|label| boxes::kind_of_label(&view, label))
            });
            let place = Place {
                block: index,
                sentence: block.range.clone(),
                boxed: above_box.is_some(),
                labelled,
            };
            match block.kind {
                BlockKind::Heading if !muted => {
                    let before = rules.found.len();
                    let at =
                        view.at(&block.range).rfind(&block.title).unwrap_or(0) + block.range.start;
                    let title = at..(at + block.title.len()).min(block.range.end);
                    let next = outline.blocks.get(index + 1);
                    let body = next.filter(|next| next.kind == BlockKind::Paragraph);
                    if block.title.contains('，') {
                        // The first sentence of an article that has no title.
                        paragraph(&mut rules, &title, &place, muted);
                        continue;
                    }
                    rules.titled_by(&title);
                    let said = body.map(|body| sentences(&view, &body.range));
                    let titled = said.is_some_and(|said| rules.titled(&title, &said, &place));
                    if !titled {
                        rules.clause(&title, &place, &mut Subject::default());
                    }
                    if let Some(body) = body {
                        rules.members_below(before, &sentences(&view, &body.range));
                    }
                }
                BlockKind::Paragraph => paragraph(&mut rules, &block.range, &place, muted),
                BlockKind::BoxItem => {
                    let heading =
                        box_of(outline, index).and_then(|above| outline.blocks.get(above));
                    let label = heading.map_or("", |heading| heading.title.as_str());
                    if !rules.placed_item(&block.range, &block.title, label, &place) {
                        paragraph(&mut rules, &block.range, &place, muted);
                    }
                }
                _ => {}
            }
        }
    }
    found::without_repeats(rules.found)
}

/// The heading of the box that a block stands in.
fn box_of(outline: &Outline, block: usize) -> Option<usize> {
    let mut above = outline.blocks.get(block)?.parent;
    // Blocks stand a few levels deep; a malformed outline does not hold the reader.
    for _ in 0..8 {
        let at = above?;
        let found = outline.blocks.get(at)?;
        if found.kind == BlockKind::BoxHeading {
            return Some(at);
        }
        above = found.parent;
    }
    None
}

/// The region that a title names: 某都市圈 of 某都市圈发展规划.
fn region_of(title: &str) -> String {
    let title = title.trim_matches(['《', '》']);
    let ends = [
        "发展规划",
        "建设规划",
        "总体规划",
        "协同规划",
        "规划纲要",
        "规划",
        "总体方案",
        "实施方案",
        "行动计划",
        "方案",
    ];
    let at = ends.iter().filter_map(|word| title.find(word)).min();
    title[..at.unwrap_or(0)].to_owned()
}

fn is_mute(view: &View<'_>, title: &str) -> bool {
    title.chars().count() <= 20 && view.words.within(Use::Mute, title)
}

fn paragraph(rules: &mut Rules<'_>, range: &Range<usize>, place: &Place, muted: bool) {
    let sentences = sentences(&rules.view, range);
    // The place that a run-in title is: 甲市。某中心，建设某基地。
    let mut position = None;
    for (index, sentence) in sentences.iter().enumerate() {
        let place = Place {
            sentence: sentence.clone(),
            ..place.clone()
        };
        let before = rules.found.len();
        if let Some(scope) = scope::scope(&rules.view, sentence) {
            rules.scope(scope, &place);
        }
        if !muted {
            let title = index + 1 < sentences.len()
                && rules.view.at(sentence).chars().count() <= LONGEST_TITLE
                && !rules.view.at(sentence).contains('，');
            if title {
                rules.titled_by(sentence);
                position = rules.is_place(sentence);
            }
            // 古镇。甲古镇、乙古镇: the label of a list is no thing.
            let label = title && place.labelled.is_some();
            let label = label && rules.view.names_in(sentence).is_empty();
            if label {
                continue;
            }
            if !(title && rules.titled(sentence, &sentences[index + 1..], &place)) {
                let mut subject = Subject::of_block(rules.partners.as_ref(), &place);
                if let Some(list) = position.as_ref().filter(|_| !title) {
                    subject = Subject::titled(list);
                }
                for frame in rules.view.split(sentence, &['；']) {
                    for clause in rules.view.split(&frame, &['，', '：']) {
                        let runs = if place.boxed {
                            boxes::runs(&rules.view, &clause)
                        } else {
                            vec![clause]
                        };
                        for run in runs {
                            rules.clause(&run, &place, &mut subject);
                        }
                    }
                }
            }
            rules.groups_of_sites(before, sentence);
            let view = rules.view;
            for name in view.names_in(sentence) {
                rules.spoken_of(name, &place, before);
            }
        }
        let figures = figures::figures(&rules.view, sentence);
        if let Some(found) = rules.found.get_mut(before) {
            found.figures.extend(figures);
        }
    }
}

/// The sentences of a paragraph, without their stops.
fn sentences(view: &View<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for sentence in view.split(range, &['。', '！', '？']) {
        let mut rest = sentence;
        while rest.len() > LONGEST_SENTENCE {
            let mut cut = rest.start + LONGEST_SENTENCE;
            while !view.text.is_char_boundary(cut) || view.is_inside_name(cut) {
                cut += 1;
            }
            sentences.push(rest.start..cut);
            rest.start = cut;
        }
        if !rest.is_empty() {
            sentences.push(rest);
        }
    }
    sentences
}
