//! The rules: from a clause to the structures that it speaks of. They are tried in a fixed order, and the first
//! that fires wins. Each has a short name that its structures carry.
//!
//! `relations` read who works with whom, `channels` where channels lead, `called` what is said of places that are listed,
//! `subjects` what places are or do, `sides` parts by the side they lie on, `projects` the things that are built, `makers` who or what they are made of, `titles`
//! what headings, run-in titles and scopes name.

mod called;
mod channels;
mod judged;
mod leaning;
mod makers;
mod projects;
mod relations;
mod sides;
mod subjects;
mod things;
mod titles;

use std::ops::Range;

use super::found::FoundStructure;
use super::items::Item;
use super::lexicon::{Shape, Use, Verb};
use super::places::{self, Places};
use super::route;
use super::status::{BY_A_YEAR, Frame, is_date, opened, stage, without_tail};
use super::view::View;
use subjects::role_at_start;

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

/// How the words for who acts end, where that is no place that is named.
const ACTORS: [&str; 12] = [
    "各地", "各市", "全省", "我省", "全区", "政府", "双方", "三省", "两省", "部门", "要", "将",
];

/// What a plan does for places that are to act themselves.
const HELPS: [&str; 6] = ["支持", "推动", "引导", "鼓励", "推进", "促进"];
/// Between what a slogan counts and what it means: “两轴”即甲轴、乙轴.
const MEANS: [&str; 6] = ["即为", "分别是", "分别为", "即", "是指", "为"];
/// A thing that a clause names without a verb has at most so many characters after its place.
const LONGEST_REST: usize = 12;

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

/// Who the clauses of a sentence speak of.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    pub(super) members: Vec<String>,
    /// The list of those members, where a clause has one.
    places: Places,
    /// 西北向，联动甲: the side that the next clause looks to.
    toward: String,
    /// The rivers and hills that a corridor of the next clause is made of, and what is done to it.
    body: Vec<String>,
    body_verbs: Vec<Verb>,
    /// The sites that what follows leans on: 依托甲高新区，……建设某科学城.
    leaning: Vec<String>,
    /// The places that the clauses before began with: 提升甲、乙枢纽功能，共建国际货运中心.
    near: Vec<String>,
    near_places: Places,
    /// Whether the plan has those places do something: 支持甲、乙发挥优势，建设某中心 is built there.
    acts: bool,
    /// Whether a run-in title names those places, and what follows says what they are.
    is_title: bool,
    /// The verbs of the clause before, for the rest of its list: 开通甲至乙公交，甲至丙大巴.
    verbs: Vec<Verb>,
    printed: String,
    /// What is said to be done by a year is planned.
    pub(super) by_a_year: bool,
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

impl Subject {
    fn at(members: Vec<String>) -> Self {
        Self {
            members,
            ..Self::default()
        }
    }

    /// Who the sentence after speaks of, in a box that says who works together.
    pub(super) fn of_block(partners: Option<&(usize, Self)>, place: &Place) -> Self {
        let partners = partners.filter(|(block, _)| place.boxed && *block == place.block);
        partners.map_or_else(Self::default, |(_, subject)| subject.clone())
    }

    /// Who a paragraph speaks of whose run-in title is a place.
    pub(super) fn titled(list: &Places) -> Self {
        Self {
            acts: true,
            near: list.members.clone(),
            near_places: list.clone(),
            is_title: true,
            ..Self::default()
        }
    }

    fn of(list: &Places) -> Self {
        Self {
            members: list.members.clone(),
            places: list.clone(),
            ..Self::default()
        }
    }
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
                let helped = |verb: &Verb| HELPS.contains(&verb.word);
                let asked = self.words(&(subject.near_places.end..frame.object.end));
                subject.acts = frame.verbs.iter().any(helped) || asked.starts_with('要');
            }
        }
    }

    /// “两轴”即甲轴、乙轴: where what a slogan means begins.
    pub(super) fn explained(&self, clause: &Range<usize>) -> Option<Range<usize>> {
        let text = self.words(clause);
        let close = text.starts_with('“').then(|| text.find('”')).flatten()?;
        let after = &text[close + "”".len()..];
        let rest = MEANS.iter().find_map(|word| after.strip_prefix(word))?;
        (!rest.is_empty()).then(|| clause.end - rest.len()..clause.end)
    }

    /// 开通甲至乙公交，|甲至丙大巴: a clause without a verb that names a thing is of the list before it.
    fn goes_on(&self, clause: &Range<usize>) -> bool {
        let text = self.words(clause);
        let Some(first) = self.view.name_at(clause.start) else {
            return false;
        };
        let Some(head) = self.view.words.head_at_end(text) else {
            return false;
        };
        let end = route::of(&self.view, clause).map_or(first.range.end, |route| route.range.end);
        let rest = self.words(&(end..clause.end));
        let own = !rest.is_empty() && rest.ends_with(head.word);
        own && rest.chars().count() <= LONGEST_REST
            && !matches!(head.shape, Shape::Role)
            && !rest.contains(['的', '，'])
            && self.view.words.verb_at_start(rest).is_none()
    }

    /// Without the dash of a bullet and who acts, when that is no place: 各地要|加快建设, 省政府|支持.
    fn without_subject(&self, clause: &Range<usize>) -> Range<usize> {
        let bare = self.words(clause).trim_start_matches(['—', '-', '·', ' ']);
        let from = clause.end - bare.len()..clause.end;
        if self.view.name_at(from.start).is_some() || !opened(&self.view, &from).verbs.is_empty() {
            return from;
        }
        let starts = bare.char_indices().map(|(at, _)| at).skip(1).take(6);
        for at in starts {
            let (who, rest) = bare.split_at(at);
            let at = from.start + at;
            if self.view.is_inside_name(at) || !self.view.names_in(&(from.start..at)).is_empty() {
                break;
            }
            if ACTORS.iter().any(|word| who.ends_with(word))
                && self.view.words.verb_at_start(rest).is_some()
            {
                return at..from.end;
            }
        }
        from
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

/// 西北向: the side that the clause after it looks to.
fn is_side(text: &str) -> bool {
    let side = text.strip_suffix('向').unwrap_or("");
    !side.is_empty() && side.chars().all(|c| "东西南北".contains(c)) && side.chars().count() < 3
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

/// Frames that share their verbs: 推动甲建设某区、乙打造某基地.
fn coordinated(view: &View<'_>, object: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for piece in view.split(object, &['、']) {
        let acts = places::at_start(view, &piece)
            .is_some_and(|list| inner_verb(view, &(list.end..piece.end)).is_some());
        let done = |last: &Range<usize>| {
            let words = view.at(last);
            let growth = ["发展", "一体化", "同城化", "合作"];
            growth.iter().any(|end| words.ends_with(end)) && view.name_at(last.start).is_some()
        };
        // 甲—乙联合发展、丙—丁协调发展
        let acts = acts
            || view.name_at(piece.start).is_some()
                && parts.last().is_some_and(done)
                && done(&piece);
        match parts.last_mut() {
            // The places before the first verb are one list.
            Some(last)
                if !acts
                    || !done(last)
                        && !view.at(last).contains(['建', '打', '创', '设', '构', '申']) =>
            {
                last.end = piece.end;
            }
            _ => parts.push(piece),
        }
    }
    parts
}

/// Where the verb between a list of places and what they build begins.
fn inner_verb(view: &View<'_>, after: &Range<usize>) -> Option<usize> {
    let text = view.at(after);
    let mut at = 0;
    if text.starts_with('在') {
        // 在规划统筹、政策协同等方面: the field of the work.
        let field = text.find("方面").or_else(|| text.find("领域"))?;
        at = field + "方面".len();
    } else if text.starts_with("整合") {
        // 整合有关资源|建设某中心: what is drawn on.
        let drawn = text.find("资源").filter(|at| *at <= 8 * "整".len())?;
        at = drawn + "资源".len();
    }
    loop {
        let rest = &text[at..];
        let inner = view.words.at_start(Use::Inner, rest);
        let verb = view.words.verb_at_start(rest)?;
        if let Some(inner) = inner.filter(|inner| inner.len() >= verb.word.len()) {
            // 甲、乙建设|工程: a noun and no verb.
            let object = &rest[inner.len()..];
            return (!object.is_empty()).then_some(after.start + at);
        }
        if !view.words.is(Use::Pace, verb.word) {
            return None;
        }
        at += verb.word.len();
    }
}
