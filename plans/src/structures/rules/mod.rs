//! The rules: from a clause to the structures that it speaks of. They are tried in a fixed order, and the first
//! that fires wins. Each has a short name that its structures carry.
//!
//! `relations` read who works with whom, `channels` where channels lead, `called` what is said of places that are listed,
//! `subjects` what places are or do, `sides` parts by the side they lie on, `projects` the things that are built, `makers` who or what they are made of, `titles`
//! what headings, run-in titles and scopes name. `wording` tells how a clause is worded, `subject` who it speaks of, `things` emits the
//! things of a list and `judged` says where each is and whether it is one; `leaning` reads what a plan leans on.

mod called;
mod channels;
mod judged;
mod leaning;
mod makers;
mod projects;
mod relations;
mod sides;
mod subject;
mod subjects;
mod things;
mod titles;
mod wording;

use std::ops::Range;

use super::found::FoundStructure;
use super::items::Item;
use super::lexicon::{Shape, Use, Verb};
use super::places::{self, Places};
use super::status::{BY_A_YEAR, Frame, is_date, opened, stage, without_tail};
use super::view::View;
pub(super) use subject::Subject;
use subjects::role_at_start;
use wording::{coordinated, inner_verb, is_side};

/// How often what a rule emits was right on two plans read by hand: the prior of its confidence.
const PRIORS: [(&str, f64); 14] = [
    ("R2", 0.98),
    ("R3", 0.9),
    ("R3d", 0.98),
    ("R5", 0.86),
    ("R7", 0.9),
    ("R7b", 0.85),
    ("R1", 0.85),
    ("Ri", 0.9),
    ("Rin", 0.85),
    ("Rl", 0.8),
    ("Rp", 0.8),
    ("Rs", 0.95),
    ("Rb", 0.9),
    ("Rn", 0.6),
];

/// Where a clause stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) block: usize,
    pub(super) sentence: Range<usize>,
    /// Inside a box, a list needs no verb.
    pub(super) boxed: bool,
    /// The kind that the label of a list in a box tells: 机场. 甲、乙。
    pub(super) labelled: Option<&'static str>,
}

/// The clauses of one document being read.
pub(super) struct Rules<'a> {
    pub(super) view: View<'a>,
    /// The region that the plan's title names.
    pub(super) region: String,
    /// The region whose units the plan lists as its own.
    pub(super) own: Option<String>,
    /// The place that the title above names.
    pub(super) topic: Vec<String>,
    /// The places that a block of a box says work together, which its next sentences speak of.
    pub(super) partners: Option<(usize, Subject)>,
    pub(super) found: Vec<FoundStructure>,
}

impl<'a> Rules<'a> {
    fn words(&self, range: &Range<usize>) -> &'a str {
        self.view.at(range)
    }

    fn push(
        &mut self,
        place: &Place,
        rule: &'static str,
        frame: &Frame,
        item: Item,
        members: Vec<String>,
    ) {
        let Some(kind) = item.kind else { return };
        let prior = PRIORS
            .iter()
            .find(|(name, _)| *name == rule)
            .map_or(0.7, |(_, prior)| *prior);
        let kind_sure = if item.own_head { 1.0 } else { 0.9 };
        let members_sure = if item.members == members { 1.0 } else { 0.9 };
        let status = item.status.unwrap_or_else(|| stage(&frame.verbs));
        self.found.push(FoundStructure {
            name: item.name,
            kind,
            members,
            excludes: Vec::new(),
            via: Vec::new(),
            roles: Vec::new(),
            figures: Vec::new(),
            verbs: frame.printed.clone(),
            status,
            sentence: place.sentence.clone(),
            words: item.range,
            block: place.block,
            confidence: prior * kind_sure * members_sure,
            rule,
        });
    }

    /// Reads a clause. What it says of who acts is kept in `subject` for the clauses after it.
    pub(super) fn clause(&mut self, clause: &Range<usize>, place: &Place, subject: &mut Subject) {
        if is_date(self.words(clause)) {
            subject.by_a_year = true;
            return;
        }
        let mut clause = clause.clone();
        if let Some(next) = self.spoken_to(&clause, place, subject) {
            clause.start = next;
        }
        let clause = &clause;
        if is_side(self.words(clause)) {
            self.words(clause).clone_into(&mut subject.toward);
            return;
        }
        // 以甲与乙合作|带动丙与丁互联互通: two relations.
        let means = clause.start + "以".len()..clause.end;
        if self.words(clause).starts_with('以')
            && let Some(at) = self.view.find(&means, "带动")
            && self.view.find(&(means.start..at), "与").is_some()
        {
            let mut led = opened(&self.view, &(at..clause.end));
            let rest = std::mem::replace(&mut led.object, means.start..at);
            self.part(&led, place, subject);
            led.object = rest;
            self.part(&led, place, subject);
            return;
        }
        let mut frame = opened(&self.view, &self.without_subject(clause));
        if let Some(parts) = self.explained(&frame.object) {
            frame.object = parts;
            frame.verbs.extend(self.view.words.verb_of("构建"));
        }
        if self.is_position(&frame, place, subject) {
            return;
        }
        if frame.verbs.is_empty() {
            if self.goes_on(&frame.object) {
                frame.verbs.clone_from(&subject.verbs);
                frame.printed.clone_from(&subject.printed);
            }
        } else {
            subject.verbs.clone_from(&frame.verbs);
            subject.printed.clone_from(&frame.printed);
        }
        if subject.by_a_year && !frame.verbs.is_empty() {
            frame.verbs.push(BY_A_YEAR);
        }
        for part in coordinated(&self.view, &frame.object) {
            frame.object = part;
            self.part(&frame, place, subject);
            let list = places::at_start(&self.view, &frame.object);
            if let Some(list) = list.filter(|list| list.units) {
                subject.near.clone_from(&list.members);
                subject.near_places = list;
                let helped = |verb: &Verb| wording::HELPS.contains(&verb.word);
                let asked = self.words(&(subject.near_places.end..frame.object.end));
                subject.acts = frame.verbs.iter().any(helped) || asked.starts_with('要');
            }
        }
    }

    fn part(&mut self, frame: &Frame, place: &Place, subject: &mut Subject) {
        let rest = frame.object.clone();
        if rest.is_empty()
            || self.cluster_led_by(frame, place)
            || self.centred(frame, place, subject)
            || self.made_into(frame, place)
        {
            return;
        }
        // 轨道上的某都市圈 is a figure of speech.
        if self.words(&rest).contains("上的") {
            return;
        }
        if self.centres(frame, place)
            || self.quarters(frame, place)
            || self.by_side(frame, place)
            || self.within_hours(frame, place)
            || self.exchanged(frame, place)
            || self.along(frame, place)
            || self.channels(frame, place)
            || self.made_of(frame, place, subject)
            || self.taken_from(frame, place, subject)
        {
            return;
        }
        if self.relation(frame, place, subject)
            || self.at_a_place(frame, place, subject)
            || self.based_on(frame, place, subject)
        {
            return;
        }
        if let Some(list) = places::at_start(&self.view, &rest)
            && self.listed(frame, &list, place, subject)
        {
            return;
        }
        self.project(frame, place, subject);
    }

    /// 甲|承接产业转移示范区、乙|统筹改革试验区: the first of a list is a zone by the work that it is for.
    fn names_zone(&self, after: &Range<usize>) -> bool {
        let first = self.view.split(after, &['、', '和']).swap_remove(0);
        let words = self.words(&first);
        let work = ["统筹", "承接", "合作", "协同", "融合"];
        let head = self.view.words.head_at_end(words);
        head.is_some_and(|head| head.kind == "zone" && head.word.len() < words.len())
            && work.iter().any(|word| words.starts_with(word))
            && words.chars().count() <= 16
    }

    /// 以甲、乙为重点: the clauses after it speak of them. 以甲、乙为核心布局某中心: what is built there.
    fn centred(&mut self, frame: &Frame, place: &Place, subject: &mut Subject) -> bool {
        let text = self.words(&frame.object);
        if !text.starts_with('以') {
            return false;
        }
        let from = frame.object.start + "以".len();
        let Some(list) = places::at_start(&self.view, &(from..frame.object.end)) else {
            return false;
        };
        let after = self.words(&(list.end..frame.object.end));
        let centre = after
            .strip_prefix('为')
            .is_some_and(|rest| rest.chars().count() <= 6);
        if centre {
            *subject = Subject::of(&list);
            return true;
        }
        let core = ["为核心", "为重点", "为中心"]
            .iter()
            .find_map(|word| after.strip_prefix(word));
        let Some(rest) = core.filter(|_| list.units) else {
            return false;
        };
        let made = opened(
            &self.view,
            &(frame.object.end - rest.len()..frame.object.end),
        );
        if made.verbs.is_empty() {
            return false;
        }
        *subject = Subject::of(&list);
        self.things(&made, place, subject, "Rin");
        true
    }

    /// The rules of a clause whose object begins with a list of places.
    fn listed(
        &mut self,
        frame: &Frame,
        list: &Places,
        place: &Place,
        subject: &mut Subject,
    ) -> bool {
        let rest = &frame.object;
        let after = list.end..rest.end;
        let text = self.words(&after);
        if text.is_empty() {
            return self.one_name(frame, list, place);
        }
        if self.outward(frame, list, &after, place, subject)
            || self.leading_on(frame, list, &after, place)
            || self.linked(frame, list, &after, place)
            || self.one_group(frame, list, &after, place)
            || self.together(frame, list, &after, place, subject)
            || self.cores(frame, list, &after, place)
            || self.assisted(frame, list, &after, place)
        {
            return true;
        }
        let short = list.items.len() == 1 && list.members.len() > 1;
        if let Some(role) = role_at_start(&self.view, text).filter(|_| !short && list.units) {
            self.roles(frame, list, role, place);
            return true;
        }
        if let Some(inner) = inner_verb(&self.view, &after) {
            *subject = Subject::of(list);
            let made = opened(&self.view, &(inner..after.end));
            let made = Frame {
                verbs: [&frame.verbs[..], &made.verbs].concat(),
                printed: format!("{}{}", frame.printed, made.printed),
                object: made.object,
            };
            self.made_by(list, &made, place);
            return true;
        }
        if self.by_places(frame, list, &after, place) || self.serving(frame, list, &after, place) {
            return true;
        }
        if self.cluster(frame, list, &after, place) || self.pairs(frame, list, &after, place) {
            return true;
        }
        let (left, _) = without_tail(&self.view, &after);
        let words = self.words(&left);
        // 重点港（港区）: a bracket after the head noun.
        let open = words.find('（').filter(|_| words.ends_with('）'));
        let head = self
            .view
            .words
            .head_at_end(&words[..open.unwrap_or(words.len())]);
        // 统筹发展示范区 begins with a verb and is a noun.
        let noun = head.is_some() && words.chars().count() <= 12 && !words.contains(['、', '和']);
        let noun = noun || self.names_zone(&after);
        // 某合作示范区|建设: what is done to it closes the clause.
        let zone = |item: &Range<usize>| {
            let head = self.view.words.head_at_end(self.words(item));
            head.is_some_and(|head| head.kind == "zone")
        };
        let closed = self.view.words.is(Use::Tail, text) && list.items.iter().all(zone);
        let acts = self.view.words.verb_at_start(text).is_some() && !noun && !closed;
        let predicate = acts || text.starts_with(['在', '由', '以']);
        let etc = self.words(&(list.items.last().map_or(list.end, |item| item.end)..list.end));
        if predicate || (head.is_none() && etc.starts_with('等')) {
            *subject = Subject::of(list);
        } else if let Some(side) = self.first_side(list).filter(|_| head.is_none()) {
            *subject = Subject::of(&side);
        }
        // 支持甲深度参与乙丙同城化
        let inner = opened(&self.view, &after);
        if predicate
            && inner.verbs.last().is_some_and(|verb| verb.word == "参与")
            && let Some(list) = places::at_start(&self.view, &inner.object)
        {
            let after = list.end..inner.object.end;
            let _ = self.one_group(&inner, &list, &after, place)
                || after.is_empty() && self.one_name(&inner, &list, place)
                || self.linked(&inner, &list, &after, place);
        }
        // 甲、乙等地联动实施某事: what they do is no thing.
        predicate
    }
}

fn plain_item(name: String, range: Range<usize>, kind: &'static str, members: Vec<String>) -> Item {
    Item {
        range,
        name,
        kind: Some(kind),
        shape: Shape::Own,
        members,
        provinces: Vec::new(),
        own_head: false,
        status: None,
    }
}
