//! Who works with whom: relations between places.

use std::ops::Range;

use super::{Place, Rules, Subject, plain_item};
use crate::structures::items;
use crate::structures::lexicon::Use;
use crate::structures::names::Sort;
use crate::structures::places::{self, Places};
use crate::structures::status::Frame;
use crate::structures::view::View;

/// What partners are and share, the longer word first.
const SHARED: [&str; 9] = [
    "沿线城市群",
    "沿海地区",
    "地区",
    "沿线城市",
    "沿线国家",
    "国家",
    "城市群",
    "经济区",
    "都市圈",
];
/// Reaches of a river.
const REACHES: [&str; 3] = ["上游", "中游", "下游"];
/// Ends of regions that say by themselves what they are.
const REGIONS: [&str; 8] = [
    "地区",
    "城市群",
    "经济区",
    "都市圈",
    "经济圈",
    "大湾区",
    "三角洲",
    "经济走廊",
];

impl Rules<'_> {
    /// R5: 与甲、乙在某领域合作; 对接甲; 融入甲.
    pub(super) fn relation(&mut self, frame: &Frame, place: &Place, subject: &mut Subject) -> bool {
        let rest = &frame.object;
        let text = self.words(rest);
        let with = ["与", "同", "融入"]
            .iter()
            .find(|word| text.starts_with(**word));
        let verb = frame
            .verbs
            .last()
            .filter(|verb| matches!(verb.word, "对接" | "融入" | "面向"));
        let (from, named) = match (with, verb) {
            (Some(word), _) => (rest.start + word.len(), *word),
            (None, Some(verb)) if verb.word == "对接" => (rest.start, verb.word),
            _ => return false,
        };
        // 融入甲等国际经济走廊 speaks of the corridors.
        if named == "融入" && self.view.words.head_at_end(text).is_some() && text.contains('等')
        {
            return false;
        }
        // 对接甲的某通道 is a thing, not a relation.
        if named == "对接" && text.contains('的') && self.view.words.head_at_end(text).is_some()
        {
            return false;
        }
        let body = from..rest.end;
        let Some(list) = partners(&self.view, &body) else {
            return false;
        };
        let after = self.words(&(list.end..rest.end));
        // 与甲合作共建某园区: what they build is said with the relation.
        let made = after
            .strip_prefix("合作")
            .and_then(|rest| self.view.words.at_start(Use::Inner, rest));
        let made = made.filter(|_| after.chars().count() <= 10).map(|_| after);
        let relation = relation_word(&self.view, after).or(made);
        if relation.is_none() && matches!(named, "与" | "同") && after.contains("同城化") {
            let who = if subject.places.items.is_empty() {
                &subject.near_places
            } else {
                &subject.places
            };
            let who = who.clone();
            return !who.items.is_empty() && self.same_city(frame, &who, rest, place);
        }
        let relation = match (relation, named) {
            (Some(word), "与" | "同") => word,
            (None, "与" | "同") => return false,
            _ => "",
        };
        *subject = Subject::default();
        for (name, range) in list.items {
            let mut members = partner_members(&self.view, &range);
            if REACHES.contains(&self.words(&range)) {
                members = vec![name.clone()];
            }
            if members.is_empty() {
                continue;
            }
            let named = format!("{named}{name}{relation}");
            let item = plain_item(named, range, "regional_link", members.clone());
            subject.members.extend(members.iter().cloned());
            // 加强与甲合作, of a plan that says what it is of: its own region is the other end.
            let own = self.own.iter().filter(|own| !members.contains(own));
            let ends = own.chain(&members).cloned().collect();
            self.push(place, "R5", frame, item, ends);
        }
        true
    }

    /// R5b: 甲与乙协同; 甲融入乙.
    pub(super) fn linked(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        let into = text
            .trim_start_matches("全面")
            .trim_start_matches("深度")
            .trim_start_matches("加快")
            .trim_start_matches("积极");
        if let Some(target) = into.strip_prefix("融入") {
            let from = after.end - target.len();
            let Some(goal) = places::at_start(&self.view, &(from..after.end)) else {
                return false;
            };
            let range = list.items.first().map_or(after.start, |item| item.start)..goal.end;
            let mut members = list.members.clone();
            members.extend(goal.members);
            let item = plain_item(
                self.words(&range).to_owned(),
                range,
                "regional_link",
                members.clone(),
            );
            self.push(place, "R5", frame, item, members);
            return true;
        }
        if self.joined_by(frame, list, after, place) || self.taking_part(frame, list, after, place)
        {
            return true;
        }
        let start = list.items.first().map_or(after.start, |item| item.start);
        // 甲与乙|的合作
        let text = text.trim_start_matches('的');
        let text = without_quotation(text.strip_prefix("国家").unwrap_or(text));
        let text = text.strip_prefix("开展").unwrap_or(text);
        let from = after.end - text.len();
        let joined =
            self.words(&(start..list.end)).contains(['与', '和', '同']) && list.items.len() >= 2;
        let closing = || {
            let word = self.view.words.at_end(Use::Relation, text)?;
            let adverb = text.strip_suffix(word)?;
            let short = adverb.chars().count() == 2 && !adverb.contains(['、', '等', '在']);
            let thing = self.view.words.head_at_end(text).is_some();
            let name = self.view.name_at(after.start).is_some();
            (short && !thing && !name).then_some(text)
        };
        let relation = self
            .view
            .words
            .at_start(Use::Relation, text)
            .or_else(closing);
        let Some(relation) = relation else {
            return false;
        };
        // 深化甲乙合作: the two of a short name.
        let short = list.items.len() == 1
            && list.members.len() == 2
            && self.words(&list.items[0]).chars().count() == 2
            && text == relation
            && matches!(relation, "合作" | "协作" | "协同联动" | "协同发展");
        // 甲—乙合作
        let pair = list.items.len() == 1
            && list.members.len() == 2
            && self.words(&list.items[0]).contains('—');
        let joined = joined || short || pair;
        let whole = text.len() == relation.len()
            || self
                .view
                .words
                .at_start(Use::Tail, text)
                .is_some_and(|t| t.len() == text.len());
        if !(joined && whole) || frame.verbs.is_empty() {
            return false;
        }
        let name = self.words(&(start..from + relation.len())).to_owned();
        let item = plain_item(
            name,
            start..after.end,
            "regional_link",
            list.members.clone(),
        );
        self.push(place, "R5", frame, item, list.members.clone());
        true
    }

    /// R5b: 参与甲合作: the region that is planned is the other end.
    fn taking_part(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let takes = frame.verbs.last().is_some_and(|verb| verb.word == "参与");
        if !takes || list.items.len() != 1 || !self.view.words.is(Use::Relation, self.words(after))
        {
            return false;
        }
        let range = list.items[0].start..after.end;
        let members: Vec<String> = self.own.iter().chain(&list.members).cloned().collect();
        let item = plain_item(
            self.words(&range).to_owned(),
            range,
            "regional_link",
            members.clone(),
        );
        self.push(place, "R5", frame, item, members);
        true
    }

    /// R5b: 甲、乙等地与丙联动发展: the places before 与 are on one side.
    fn joined_by(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let Some(rest) = self.words(after).strip_prefix('与') else {
            return false;
        };
        let from = after.end - rest.len();
        let Some(other) = places::at_start(&self.view, &(from..after.end)) else {
            return false;
        };
        let relation = self.words(&(other.end..after.end));
        let relation = relation.strip_prefix("国家").unwrap_or(relation);
        let relation = without_quotation(relation);
        let done = relation.strip_prefix("开展").unwrap_or(relation);
        let related = self.view.words.is(Use::Relation, done)
            || done.len() < relation.len() && relation_word(&self.view, done) == Some(done);
        let regions = list.units || relation == "互联互通";
        if !related || frame.verbs.is_empty() || !regions {
            return false;
        }
        let start = list.items.first().map_or(after.start, |item| item.start);
        let range = start..after.end;
        let members: Vec<String> = list.members.iter().chain(&other.members).cloned().collect();
        let item = plain_item(
            self.words(&range).to_owned(),
            range,
            "regional_link",
            members.clone(),
        );
        self.push(place, "R5", frame, item, members);
        true
    }

    /// Rp: 甲—乙、丙—丁等做某事: each pair is a relation.
    pub(super) fn pairs(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        let pair = |range: &Range<usize>| self.words(range).contains('—');
        let acts = self.view.words.verb_at_start(text).is_some()
            && self.view.words.head_at_end(text).is_none();
        if !(list.items.iter().all(pair) && acts && !frame.verbs.is_empty()) {
            return false;
        }
        for range in &list.items {
            let members = items::members(&self.view, range);
            let item = plain_item(
                self.words(range).to_owned(),
                range.clone(),
                "regional_link",
                members.clone(),
            );
            self.push(place, "Rp", frame, item, members);
        }
        true
    }
}

/// 甲与乙|“点对点”合作: without how it is called.
fn without_quotation(relation: &str) -> &str {
    let close = relation.starts_with('“').then(|| relation.find('”'));
    close
        .flatten()
        .map_or(relation, |close| &relation[close + "”".len()..])
}

/// The partners of a relation: (as named, where), and the byte after them.
struct Partners {
    items: Vec<(String, Range<usize>)>,
    end: usize,
}

fn partners(view: &View<'_>, body: &Range<usize>) -> Option<Partners> {
    let mut items: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = body.start;
    let mut end = at;
    loop {
        let first = view.name_at(at).filter(|name| name.range.end <= body.end);
        let Some(first) = first else { break };
        let mut until = first.range.end;
        while view.at(&(until..body.end)).starts_with('—')
            && let Some(next) = view.name_at(until + "—".len())
        {
            until = next.range.end;
        }
        until += foreign_part(view, view.at(&(until..body.end)));
        // 甲城市群、乙: a noun that only the first has.
        let rest = view.at(&(until..body.end));
        let noun = SHARED.iter().find(|word| rest.starts_with(**word));
        until += noun
            .filter(|word| rest[word.len()..].starts_with(['、', '和', '与', '及']))
            .map_or(0, |word| word.len());
        items.push((view.at(&(at..until)).to_owned(), at..until));
        end = until;
        // 甲协同发展、乙建设: what is done there is not part of the name.
        let rest = view.at(&(end..body.end));
        let joint = rest
            .char_indices()
            .find(|(_, c)| matches!(c, '、' | '和' | '与' | '及' | '等' | '在' | '的'));
        let Some((gap, _)) = joint else { break };
        let between = &rest[..gap];
        let done = between.is_empty()
            || view
                .words
                .at_end(Use::Tail, between)
                .is_some_and(|tail| tail.len() == between.len());
        let next = end + gap;
        let joint = ["、", "和", "与", "及"]
            .iter()
            .find(|joint| view.at(&(next..body.end)).starts_with(**joint));
        match joint.filter(|_| done) {
            Some(joint) if view.name_at(next + joint.len()).is_some() => at = next + joint.len(),
            Some(joint) if between.is_empty() => {
                // 某江中游和|下游: the other reach of the same river.
                let from = next + joint.len();
                let reach = |text: &str| {
                    REACHES
                        .iter()
                        .copied()
                        .find(|reach| text.starts_with(reach))
                };
                let other = reach(view.at(&(from..body.end)));
                let river = items.last().and_then(|(name, _)| {
                    REACHES.iter().find_map(|reach| name.strip_suffix(reach))
                });
                let (Some(other), Some(river)) = (other, river.map(str::to_owned)) else {
                    break;
                };
                end = from + other.len();
                items.push((format!("{river}{other}"), from..end));
                break;
            }
            _ => break,
        }
    }
    if items.is_empty() {
        return None;
    }
    // A noun after the last, or at its end, is of all that have none of their own: 甲、乙和丙|城市群.
    let rest = view.at(&(end..body.end));
    let after = SHARED.iter().find(|word| rest.starts_with(**word));
    let last = items.last().map_or("", |(name, _)| name.as_str());
    let within = SHARED.iter().find(|word| last.ends_with(**word));
    // 甲自由贸易港、乙城市群、丙城市群: each says by itself what it is.
    let own = |word: &str| {
        let mut before = items.iter().rev().skip(1);
        before.all(|(name, _)| !name.ends_with(word))
    };
    let shared = after.or(within).filter(|word| own(word));
    if let (Some(word), None, Some((name, _))) = (after, shared, items.last_mut()) {
        name.push_str(word);
    }
    if let Some(word) = shared {
        for (name, _) in &mut items {
            // A belt is a region by its own name, and has cities along it; a league of states needs no noun.
            let whole = *word == "地区" && name.ends_with("经济带")
                || *word == "国家" && name.ends_with('盟');
            if !whole && !REGIONS.iter().any(|end| name.ends_with(end)) {
                name.push_str(word);
            }
        }
    }
    end += after.map_or(0, |word| word.len());
    Some(Partners { items, end })
}

/// The rest of the name of a partner that the name of a country or river begins: 甲国乙州经贸合作.
fn foreign_part(view: &View<'_>, rest: &str) -> usize {
    let stop = rest
        .find(['、', '和', '与', '及', '等', '在', '的', '—'])
        .unwrap_or(rest.len());
    let rest = &rest[..stop];
    if SHARED.iter().any(|word| rest.starts_with(word)) {
        return 0;
    }
    let ends = [
        "金三角地区",
        "三角区",
        "联邦区",
        "区域",
        "自治区",
        "州",
        "省",
        "城市群",
    ];
    let ends = ends
        .iter()
        .filter_map(|end| rest.find(end).map(|at| at + end.len()));
    let end = ends.max().unwrap_or(0);
    let short = rest[..end].chars().count() <= 10 && view.words.verb_at_start(rest).is_none();
    // 甲区域经济布局 is no partner.
    let after = &rest[end..];
    let closed = after.is_empty() || view.words.at_start(Use::Relation, after).is_some();
    if short && closed { end } else { 0 }
}

/// A partner is a member by its own name, 甲—乙城市群 by its two.
fn partner_members(view: &View<'_>, range: &Range<usize>) -> Vec<String> {
    let text = view.at(range);
    let idea = view
        .names_in(range)
        .iter()
        .any(|name| name.sort == Sort::Idea);
    let bare = text.trim_end_matches("城市群").trim_end_matches("经济区");
    let parts = bare.split('—').filter(|part| !part.is_empty() && !idea);
    parts.map(str::to_owned).collect()
}

/// The word of relation that closes what follows the partners, with the one or two words that stand before it.
fn relation_word<'t>(view: &View<'_>, after: &'t str) -> Option<&'t str> {
    let end = after.trim_end_matches("建设");
    let end = end.trim_end_matches("机制").trim_end_matches("平台");
    let end = end.trim_end_matches('新');
    let word = view.words.at_end(Use::Relation, end)?;
    let whole = end
        .strip_prefix("等")
        .unwrap_or(end)
        .trim_start_matches('的');
    let adverb = &whole[..whole.len() - word.len()];
    let plain = adverb.chars().count() <= 2 && view.words.verb_at_start(adverb).is_none();
    let joined = adverb.contains(['在', '的', '等', '、', '和']);
    Some(if plain && !joined { whole } else { word })
}
