//! Reads the names of a text sentence by sentence.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use gazetteer::{
    Around, CharSet, FeatureClass, Gazetteer, MOVEMENT, NameScanner, PartialDate, Sense,
};

use super::Mention;
use super::generic;
use super::known::Known;
use super::lexicon::Lexicon;
use super::lists::lists;
use super::nested::{Inner, inner_names};
use super::patterns::{Unknown, is_han, unknown_names};
use super::scan::{Candidate, longest_names};
use super::sentences::sentence_at;
use super::survey::Survey;
use super::vocabulary::Vocabulary;
use super::whole::{is_several, shared_head};
use crate::text::CleanText;

/// How often what was let go is read again.
const ROUNDS: usize = 4;
/// Items of a list on each side of a name that are its company.
const COMPANY: usize = 6;
/// Bytes of the text around a name that are looked at: 24 characters.
const REACH: usize = 72;

/// Reads the names of places in a text, a sentence at a time: an iterator over the names of the sentences that have any, in
/// their order, a name inside another after it.
#[derive(Debug)]
pub struct MentionReader<'g, 't> {
    names: Names<'g, 't>,
    clean: &'t CleanText,
    at: usize,
    /// Runs of the clean text that begin before the sentence.
    runs: usize,
}

/// The names of a text: what each is known to be.
#[derive(Debug)]
pub(super) struct Names<'g, 't> {
    pub(super) gazetteer: &'g Gazetteer,
    pub(super) scanner: NameScanner<'g>,
    lexicon: &'static Lexicon,
    /// First characters of words that are no places and of names that the text gives.
    firsts: CharSet,
    pub(super) text: &'t str,
    pub(super) survey: Survey<'t>,
    pub(super) as_of: Option<PartialDate>,
    known: HashMap<String, Rc<Known<'g>>>,
    /// Numbers of the definitions by the first character of the short name.
    given: HashMap<char, Vec<usize>>,
}

/// A name that was accepted.
pub(super) struct Accepted<'g> {
    pub(super) range: Range<usize>,
    pub(super) known: Rc<Known<'g>>,
    pub(super) senses: Vec<Sense<'g>>,
    /// Where a longer name ends that was read as several, of which this is one.
    pub(super) cut_from: Option<usize>,
}

/// What is not read as the name that it looks like, and whether because it is read as several.
pub(super) type Refused = BTreeMap<(usize, usize), bool>;

impl<'g, 't> MentionReader<'g, 't> {
    /// Learns what a text of a date speaks of, and is ready to read it.
    #[must_use]
    pub fn new(gazetteer: &'g Gazetteer, text: &'t CleanText, as_of: Option<PartialDate>) -> Self {
        let scanner = gazetteer.name_scanner();
        let survey = Survey::of(gazetteer, &scanner, text.as_str());
        let mut given: HashMap<char, Vec<usize>> = HashMap::new();
        for (number, definition) in survey.definitions.iter().enumerate() {
            let first = definition.short.chars().next().unwrap_or(' ');
            given.entry(first).or_default().push(number);
        }
        let lexicon = Lexicon::embedded();
        let mut firsts = lexicon.first_characters.clone();
        firsts.extend(given.keys().copied());
        Self {
            names: Names {
                gazetteer,
                scanner,
                lexicon,
                firsts,
                text: text.as_str(),
                survey,
                as_of,
                known: HashMap::new(),
                given,
            },
            clean: text,
            at: 0,
            runs: 0,
        }
    }

    /// Codes of the provinces that the text speaks of most.
    #[must_use]
    pub fn provinces(&self) -> &[u32] {
        &self.names.survey.provinces
    }

    fn mentions_of(&mut self, sentence: Range<usize>) -> Vec<Mention<'g>> {
        self.runs = self.clean.runs_until(sentence.start, self.runs);
        let accepted = self.names.read(sentence.clone());
        let unknown = unknown_names(&self.names, &sentence, &accepted);
        let mut unknown = unknown.into_iter().peekable();
        let mut mentions = Vec::with_capacity(accepted.len() * 2);
        // The unknown name that the known ones may stand inside of.
        let mut around: Option<(usize, Arc<str>)> = None;
        for name in accepted {
            while let Some(other) = unknown.next_if(|other| other.range.start <= name.range.start) {
                around = Some((other.range.end, self.push_unknown(other, &mut mentions)));
            }
            let outer = around.as_ref().filter(|(end, _)| name.range.end <= *end);
            let outer = outer.map(|(_, surface)| Arc::clone(surface));
            self.push_known(name, outer, &mut mentions);
        }
        for other in unknown {
            self.push_unknown(other, &mut mentions);
        }
        mentions
    }

    fn push_unknown(&self, name: Unknown<'g>, mentions: &mut Vec<Mention<'g>>) -> Arc<str> {
        let surface = Arc::from(&self.names.text[name.range.clone()]);
        mentions.push(self.mention(name.range, Vec::new(), name.class, name.parts, None));
        surface
    }

    fn push_known(
        &mut self,
        name: Accepted<'g>,
        outer: Option<Arc<str>>,
        mentions: &mut Vec<Mention<'g>>,
    ) {
        let Accepted {
            range,
            known,
            senses,
            ..
        } = name;
        let surface = &self.names.text[range.clone()];
        let inner = self.names.inner_of(&known, surface, &senses);
        let inside: Option<Arc<str>> = (!inner.is_empty()).then(|| Arc::from(surface));
        let class = class_of(&senses);
        let parts = self.names.parts_of(&known, &senses);
        mentions.push(self.mention(range.clone(), senses, class, parts, outer));
        for name in inner.iter() {
            let place = range.start + name.range.start..range.start + name.range.end;
            let senses = name.senses.clone();
            let class = class_of(&senses);
            mentions.push(self.mention(place, senses, class, Vec::new(), inside.clone()));
        }
    }

    fn mention(
        &self,
        range: Range<usize>,
        senses: Vec<Sense<'g>>,
        class: FeatureClass,
        parts: Vec<Sense<'g>>,
        inside: Option<Arc<str>>,
    ) -> Mention<'g> {
        Mention {
            surface: self.names.text[range.clone()].to_owned(),
            source: self.clean.source_range_after(range.clone(), self.runs),
            range,
            senses,
            class,
            parts,
            inside,
        }
    }
}

impl Accepted<'_> {
    /// Whether it is printed with the word for its class: 鄱阳县, not 鄱阳. A province or a region is always whole.
    pub(super) fn is_in_full(&self, text: &str) -> bool {
        let is_unit = matches!(
            self.class(),
            FeatureClass::Prefecture | FeatureClass::County
        );
        !is_unit || text[self.range.clone()].ends_with(['市', '区', '县', '州', '盟', '旗'])
    }

    /// What kind of place it is.
    pub(super) fn class(&self) -> FeatureClass {
        class_of(&self.senses)
    }

    /// Whether it may be a short name made of names, or one of a line: 渝遂.
    pub(super) fn is_short_name(&self) -> bool {
        use FeatureClass as C;
        matches!(self.class(), C::Compound | C::Railway | C::Expressway)
    }
}

impl<'g> Iterator for MentionReader<'g, '_> {
    type Item = Vec<Mention<'g>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.names.text.len() {
            let sentence = sentence_at(self.names.text, self.at);
            self.at = sentence.end;
            let mentions = self.mentions_of(sentence);
            if !mentions.is_empty() {
                return Some(mentions);
            }
        }
        None
    }
}

impl<'g> Names<'g, '_> {
    /// The names of a sentence that mean places, in its order.
    fn read(&mut self, sentence: Range<usize>) -> Vec<Accepted<'g>> {
        let mut refused = Refused::new();
        for _ in 1..ROUNDS {
            let candidates = longest_names(self, sentence.clone(), &refused);
            let (accepted, let_go) = self.judge(&sentence, candidates);
            if let_go.is_empty() {
                return accepted;
            }
            refused.extend(let_go);
        }
        let candidates = longest_names(self, sentence.clone(), &refused);
        self.judge(&sentence, candidates).0
    }

    /// Parts the candidates into names with their senses and spans to be read again.
    fn judge(
        &mut self,
        sentence: &Range<usize>,
        candidates: Vec<Candidate<'g>>,
    ) -> (Vec<Accepted<'g>>, Refused) {
        let text = self.text;
        let ranges: Vec<Range<usize>> = candidates.iter().map(|c| c.range.clone()).collect();
        let mut let_go = Refused::new();
        let mut verdicts: Vec<Vec<Sense<'g>>> = Vec::with_capacity(candidates.len());
        let mut company = Vec::new();
        for list in lists(text, &ranges) {
            let items = &candidates[list.clone()];
            let head = &text[ranges[list.end - 1].end..sentence.end];
            for (index, item) in items.iter().enumerate() {
                let name = &text[item.range.clone()];
                // Of a long list the nearest tell enough, and the cost stays linear.
                let near =
                    &items[index.saturating_sub(COMPANY)..items.len().min(index + COMPANY + 1)];
                let others = near
                    .iter()
                    .filter(|other| text[other.range.clone()] != *name);
                company.clear();
                let (mut count, mut units) = (0, 0);
                for other in others {
                    count += 1;
                    units += usize::from(other.known.is_unit);
                    company.extend(Some(other.known.groups()).filter(|groups| *groups != 0));
                }
                let around = Around {
                    before: before(text, item.range.start),
                    after: after(&text[..sentence.end], item.range.end),
                    company: &company,
                    head,
                };
                let among_units = units > 0 && units * 2 >= count;
                let outer = item.part_of.as_ref().map(|(_, outer)| outer.as_ref());
                let senses = item.known.judge(&around, among_units, outer);
                let key = (item.range.start, item.range.end);
                let previous = index.checked_sub(1).map(|at| &items[at].range);
                let senses = if self.is_end_of_longer(&item.range, previous, &senses) {
                    Vec::new()
                } else {
                    senses
                };
                if senses.is_empty() {
                    let_go.insert(key, false);
                } else if index > 0
                    && index + 1 == items.len()
                    && self.shares_head(name, &items[index - 1], &senses)
                {
                    let_go.insert(key, true);
                }
                verdicts.push(senses);
            }
        }
        let accepted = candidates.into_iter().zip(verdicts);
        let accepted = accepted.filter(|(_, senses)| !senses.is_empty());
        let accepted = accepted.map(|(candidate, senses)| Accepted {
            range: candidate.range,
            cut_from: candidate.part_of.map(|(end, _)| end),
            known: candidate.known,
            senses,
        });
        (accepted.collect(), let_go)
    }

    /// Whether a county's short name is only the end of a longer name that is not known: 浮山 in 罗浮山.
    fn is_end_of_longer(
        &self,
        range: &Range<usize>,
        previous: Option<&Range<usize>>,
        senses: &[Sense<'g>],
    ) -> bool {
        let name = &self.text[range.clone()];
        let is_feature = name.ends_with(['山', '江', '河', '湖', '溪']);
        let touches = previous.is_some_and(|previous| previous.end == range.start);
        is_feature
            && !touches
            && class_of(senses) == FeatureClass::County
            && self.survey.uses(name) == 1
            && !Vocabulary::embedded().stops(before(self.text, range.start))
            && self.text[..range.start].ends_with(is_han)
            && !self.text[..range.start].ends_with(['地', '市', '区', '县', '省', '州'])
            && !self.text[range.end..].starts_with(['市', '区', '县'])
    }

    /// 黔中、滇中和北部湾|城市群: the head of the last item is that of all.
    fn shares_head(&mut self, name: &str, before: &Candidate<'g>, senses: &[Sense<'g>]) -> bool {
        let Some(rest) = shared_head(name) else {
            return false;
        };
        let previous = &self.text[before.range.clone()];
        if shared_head(previous).is_some() || self.known(rest).matches().next().is_none() {
            return false;
        }
        let class = senses.first().map(|sense| sense.found.place.class);
        before.known.matches().any(|found| {
            let other = found.place.class;
            matches!(other, FeatureClass::Compound | FeatureClass::Region) || Some(other) == class
        })
    }

    /// What is known of a name.
    pub(super) fn known(&mut self, name: &str) -> Rc<Known<'g>> {
        if let Some(known) = self.known.get(name) {
            return Rc::clone(known);
        }
        let definition = self.survey.definitions.iter().find(|d| d.short == name);
        let meant = definition.and_then(|d| d.full).unwrap_or(name);
        let is_name =
            !generic::is_generic(name) || definition.is_some() || self.has_full_form(name);
        let provinces = &self.survey.provinces;
        let senses = if is_name {
            self.gazetteer.name_senses(meant, self.as_of, provinces)
        } else {
            self.gazetteer.name_senses("", self.as_of, provinces)
        };
        let is_common = self.lexicon.is_common(meant);
        let known = Rc::new(Known::new(
            self.gazetteer,
            &self.survey,
            meant,
            senses,
            is_common,
        ));
        self.known.insert(name.to_owned(), Rc::clone(&known));
        known
    }

    /// Whether the text names what a generic word stands for: 某市中心城区 before 中心城区.
    fn has_full_form(&self, generic: &str) -> bool {
        let mut lengths = Vec::new();
        self.survey.names_ending(generic).any(|name| {
            self.scanner.lengths_at_start(name, &mut lengths);
            !is_several(self.gazetteer, name, &lengths)
        })
    }

    /// Whether a name, or a word that is no place, may begin with a character at a position.
    pub(super) fn may_begin(&self, at: usize, first: char) -> bool {
        self.survey.may_begin(at) || self.firsts.has(first) || self.scanner.is_name(first)
    }

    /// The length in bytes of the word that is no place and that a text begins with.
    pub(super) fn word_at_start(&self, text: &str) -> Option<usize> {
        self.lexicon.word_at_start(text)
    }

    /// The lengths in bytes of the names that begin at a position of a sentence, shortest first. A name of one character is one
    /// only after a word of movement (出渝).
    pub(super) fn lengths_at(&self, at: usize, end: usize, lengths: &mut Vec<usize>) {
        let (before, text) = (&self.text[..at], &self.text[at..end]);
        if self.survey.may_begin(at) {
            self.scanner.lengths_at_start(text, lengths);
        } else {
            lengths.clear();
        }
        let Some(first) = text.chars().next() else {
            return;
        };
        if let Some(given) = self.given.get(&first) {
            let shorts = given.iter().map(|number| &self.survey.definitions[*number]);
            let here = shorts.filter(|d| d.full.is_some() && text.starts_with(d.short));
            lengths.extend(here.map(|d| d.short.len()));
            lengths.sort_unstable();
            lengths.dedup();
        }
        // 出渝, but not the first character of 湘鄂赣.
        let mut rest = text[first.len_utf8()..].chars();
        if self.scanner.is_name(first)
            && before.ends_with(MOVEMENT)
            && !rest.next().is_some_and(|next| self.scanner.is_name(next))
        {
            lengths.insert(0, first.len_utf8());
        }
    }

    /// Whether a name is cut neither out of a word of letters nor across two words.
    pub(super) fn is_uncut(&self, before: &str, name: &str, after: &str) -> bool {
        if name.is_ascii() {
            let word = |c: char| c.is_ascii_alphanumeric();
            return name.len() > 3 && !before.ends_with(word) && !after.starts_with(word);
        }
        // 宜居|乡村 holds no township.
        let village = name.ends_with('乡') && after.starts_with('村');
        !village && !self.lexicon.is_cut(before, name, after)
    }

    fn inner_of(
        &mut self,
        known: &Known<'g>,
        name: &str,
        senses: &[Sense<'g>],
    ) -> Arc<[Inner<'g>]> {
        let Some(best) = senses.first() else {
            return Arc::from([]);
        };
        let place = best.found.place.number();
        if let Some(inner) = known.inner(place) {
            return inner;
        }
        let inner: Arc<[Inner<'g>]> = inner_names(self, name, senses).into();
        known.keep_inner(place, &inner);
        inner
    }

    /// The places that a short name or a route is made of.
    fn parts_of(&self, known: &Known<'g>, senses: &[Sense<'g>]) -> Vec<Sense<'g>> {
        use FeatureClass as C;
        let Some(best) = senses.first().map(|sense| sense.found.place) else {
            return Vec::new();
        };
        let made_of_places = matches!(
            best.class,
            C::Compound | C::Railway | C::Expressway | C::Road | C::Channel | C::Pipeline
        );
        if !made_of_places {
            return Vec::new();
        }
        if let Some(parts) = known.parts(best.number()) {
            return parts;
        }
        let parts = best.member_ids().filter_map(|id| {
            Some(Sense {
                found: Arc::new(self.gazetteer.find_one(id, self.as_of)?),
                confidence: 1.0,
            })
        });
        let parts: Vec<Sense<'g>> = parts.collect();
        known.keep_parts(best.number(), &parts);
        parts
    }
}

fn class_of(senses: &[Sense<'_>]) -> FeatureClass {
    let best = senses.first();
    best.map_or(FeatureClass::Other, |sense| sense.found.place.class)
}

/// The end of a text before a position.
fn before(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..at]
}

/// The start of a text after a position.
fn after(text: &str, at: usize) -> &str {
    let mut end = text.len().min(at + REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[at..end]
}
