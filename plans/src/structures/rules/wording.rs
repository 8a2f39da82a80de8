//! How clauses are worded: what begins, ends and joins them.

use std::ops::Range;

use super::Rules;
use crate::structures::lexicon::{Shape, Use};
use crate::structures::places;
use crate::structures::route;
use crate::structures::status::opened;
use crate::structures::view::View;

/// How the words for who acts end, where that is no place that is named.
const ACTORS: [&str; 12] = [
    "各地", "各市", "全省", "我省", "全区", "政府", "双方", "三省", "两省", "部门", "要", "将",
];
/// What a plan does for places that are to act themselves.
pub(super) const HELPS: [&str; 6] = ["支持", "推动", "引导", "鼓励", "推进", "促进"];
/// Between what a slogan counts and what it means: “两轴”即甲轴、乙轴.
const MEANS: [&str; 6] = ["即为", "分别是", "分别为", "即", "是指", "为"];
/// A thing that a clause names without a verb has at most so many characters after its place.
const LONGEST_REST: usize = 12;

impl Rules<'_> {
    /// “两轴”即甲轴、乙轴: where what a slogan means begins.
    pub(super) fn explained(&self, clause: &Range<usize>) -> Option<Range<usize>> {
        let text = self.words(clause);
        let close = text.starts_with('“').then(|| text.find('”')).flatten()?;
        let after = &text[close + "”".len()..];
        let rest = MEANS.iter().find_map(|word| after.strip_prefix(word))?;
        (!rest.is_empty()).then(|| clause.end - rest.len()..clause.end)
    }

    /// 开通甲至乙公交，|甲至丙大巴: a clause without a verb that names a thing is of the list before it.
    pub(super) fn goes_on(&self, clause: &Range<usize>) -> bool {
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
    pub(super) fn without_subject(&self, clause: &Range<usize>) -> Range<usize> {
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
}

/// 西北向: the side that the clause after it looks to.
pub(super) fn is_side(text: &str) -> bool {
    let side = text.strip_suffix('向').unwrap_or("");
    !side.is_empty() && side.chars().all(|c| "东西南北".contains(c)) && side.chars().count() < 3
}

/// Frames that share their verbs: 推动甲建设某区、乙打造某基地.
pub(super) fn coordinated(view: &View<'_>, object: &Range<usize>) -> Vec<Range<usize>> {
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
pub(super) fn inner_verb(view: &View<'_>, after: &Range<usize>) -> Option<usize> {
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
