//! The things of a list, each emitted where it is.

use std::ops::Range;

use super::judged::is_mere_slogan;
use super::{Place, Rules, Subject};
use crate::structures::items::{self, Item};
use crate::structures::lexicon::Shape;
use crate::structures::names::Sort;
use crate::structures::places;
use crate::structures::status::{Frame, stage, without_tail};
use crate::structures::view::{View, attribute};

impl Rules<'_> {
    /// Emits the things of a list. Those that name no place are at the places of the subject.
    pub(super) fn things(
        &mut self,
        frame: &Frame,
        place: &Place,
        subject: &Subject,
        rule: &'static str,
    ) {
        let (object, tails) = without_tail(&self.view, &frame.object);
        let mut frame = frame.clone();
        frame.verbs.extend(tails);
        let text = self.words(&object);
        if text.starts_with("承接") && self.view.words.head_at_end(text).is_none() {
            return;
        }
        if self.of_body(&frame, &object, place, subject) {
            return;
        }
        let within = self.in_brackets(&frame, &object, place);
        let listed = items::items(&self.view, &without_attribute(&self.view, &object));
        let usual = self.usual_kind(&frame, &object, &listed, place);
        // 提升“甲”“乙”等|品牌影响力
        let branded = self
            .words(&(object.end..frame.object.end))
            .starts_with("品牌");
        for mut item in listed {
            if branded && item.name.ends_with('”') {
                item.name.push_str("品牌");
            }
            // A sight that nobody knows is at itself: 某谷、某乐园.
            let sights = usual == Some("tourism_site") && place.labelled.is_some();
            if sights && item.members.is_empty() && is_plain_name(&item.name) {
                item.members = vec![item.name.clone()];
            }
            let short = item.name.chars().count() <= 12 && !item.members.is_empty();
            // 甲艺术湾区 in a list of sights is no region of cities.
            let region = matches!(item.kind, Some("city_cluster" | "zone"));
            let sight = usual.filter(|usual| region && *usual == "tourism_site");
            item.kind = sight.or(item.kind).or(usual.filter(|_| short));
            if item.shape == Shape::Role
                && let Some(kind) = item.kind
                && self.role_of_subject(&frame, (kind, &item.range), subject, place)
            {
                continue;
            }
            if item.shape == Shape::Role
                && let Some(list) = places::at_start(&self.view, &item.range)
                && let Some(kind) = item.kind
            {
                self.roles(&frame, &list, (kind, ""), place);
                continue;
            }
            if item.kind == Some("river_corridor") && item.members.is_empty() {
                // “两河四岸” are those of the rivers that the clauses before name.
                item.members.clone_from(&subject.body);
            }
            let mut members = self.where_it_is(&item, subject, &frame, rule);
            members.retain(|member| !within.contains(member));
            let head = self.view.words.head_at_end(&item.name);
            let head = head.map_or("", |head| head.word);
            if self.is_predicate(&item) || is_mere_slogan(&item, &frame) {
                continue;
            }
            let unplaced = self.view.names_in(&item.range).is_empty();
            let each = head == item.name && item.shape == Shape::Each
                || unplaced && matches!(item.kind, Some("power_line"));
            if each && rule == "Rin" && members.len() > 1 {
                // 在甲、乙设立综合保税区
                for member in &members {
                    let one = Item {
                        name: format!("{member}{}", item.name),
                        ..item.clone()
                    };
                    self.push(place, rule, &frame, one, vec![member.clone()]);
                }
                continue;
            }
            if head == item.name && rule == "Rin" && members.len() == 1 {
                let at = &subject.places;
                let printed = at
                    .items
                    .first()
                    .map(|item| self.words(&(item.start..at.end)));
                item.name = format!("{head}（{}）", printed.unwrap_or(&members[0]));
            } else if self.is_vague(&item, head, &members) {
                continue;
            }
            item.kind = item.kind.map(|kind| self.refined(kind, &item, head));
            if members.is_empty() {
                // What is of no place that is named is of the region that is planned.
                members.extend(self.own.clone());
            }
            if head == "枢纽节点" {
                self.on_a_line(&mut item, place);
            }
            // 甲高速公路|扩容: the work is a part of the name.
            if stage(&frame.verbs).is_empty() && item.name.ends_with("扩容") {
                item.status = item.status.or(Some("expand"));
            }
            self.push(place, rule, &frame, item, members);
        }
    }

    /// What things are whose names do not say it: by the label of their box, or by what is done to them.
    fn usual_kind(
        &self,
        frame: &Frame,
        object: &Range<usize>,
        listed: &[Item],
        place: &Place,
    ) -> Option<&'static str> {
        // 支持甲古城、乙石梁申遗
        let after = self.words(&(object.end..frame.object.end));
        if after.starts_with("申遗") || after.starts_with("申报世界") {
            return Some("tourism_site");
        }
        place
            .labelled
            .filter(|_| frame.printed.is_empty() && listed.len() > 2)
    }
}

/// A list that says what another thing is like is not a list of things: only what stands after 的 is left. One place
/// before it belongs to the name.
pub(super) fn without_attribute(view: &View<'_>, object: &Range<usize>) -> Range<usize> {
    let text = view.at(object);
    let Some(at) = attribute(text) else {
        return object.clone();
    };
    let before = object.start..object.start + at;
    // 甲江等未达标的航道: what stands between says of which sort all of them are.
    let etc = view.find(object, "等").filter(|etc| *etc < before.end);
    let start = view.name_at(object.start).is_some();
    if let Some(etc) = etc.filter(|etc| start && view.name_before(*etc).is_some())
        && !view.at(&(etc..before.end)).contains("构成")
        && view.words.head_at_end(text).is_some()
    {
        return object.clone();
    }
    // 甲、乙等核电项目的厂址保护: what is done to them is no thing.
    let things = view.at(&before).trim_end_matches("项目");
    let done = &text[at + "的".len()..];
    if view.words.head_at_end(done).is_none()
        && view.words.head_at_end(things).is_some()
        && things.contains('等')
    {
        return before;
    }
    let listed = view.split(&before, &['、']).len() > 1;
    // 辐射甲的某高地, but not 引领甲开发开放的某区.
    let words = view.at(&before);
    let named = !view.names_in(&before).is_empty()
        && (view.words.head_at_end(words).is_some() || words.starts_with("富有"));
    // 甲枢纽货运分流的油气管道 is of the site that it begins with.
    let site = view.name_at(before.start).is_some_and(|name| {
        name.sort == Sort::Site && view.at(&(name.range.end..before.end)).chars().count() <= 6
    });
    let placed = named || site || view.name_before(before.end).is_some();
    if placed && !listed {
        return object.clone();
    }
    before.end + "的".len()..object.end
}

/// Whether a text is short and of letters of a name only.
fn is_plain_name(text: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    (2..=8).contains(&text.chars().count())
        && text.chars().all(han)
        && !text.contains(['的', '等', '和', '与'])
}
