//! Clauses that say who or what makes a thing before they name it.

use std::ops::Range;

use super::{Place, Rules, Subject};
use crate::structures::items::{self, Item};
use crate::structures::names::Sort;
use crate::structures::status::Frame;
use crate::structures::view::aside;

/// Ends of a clause that says what work begins from.
const FROM: [&str; 4] = ["为中心", "为引领", "为核心", "为龙头"];

impl Rules<'_> {
    /// 构建以甲、乙为主体的某廊道: one thing through all of them.
    pub(super) fn built_of(&mut self, frame: &Frame, place: &Place) {
        let object = &frame.object;
        let list = object.start + "以".len()..object.end;
        let Some(as_what) = self.view.find(&list, "为") else {
            return;
        };
        let role = as_what + "为".len()..object.end;
        let Some(of) = self
            .view
            .find(&role, "的")
            .filter(|at| at - role.start <= 6 * "的".len())
        else {
            return;
        };
        let members = items::members(&self.view, &(list.start..as_what));
        if frame.verbs.is_empty() || members.len() < 2 {
            return;
        }
        let made = Frame {
            object: of + "的".len()..object.end,
            ..frame.clone()
        };
        self.things(&made, place, &Subject::at(members), "R1");
    }

    /// 以甲、乙某产业基地为中心: what the work begins from is there.
    pub(super) fn begun_from(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let Some(words) = FROM
            .iter()
            .find_map(|end| self.words(object).strip_suffix(end))
        else {
            return false;
        };
        let range = object.start + "以".len()..object.start + words.len();
        let things = items::items(&self.view, &range);
        let named = |item: &Item| {
            let own = self.view.name_at(item.range.start);
            item.kind.is_some()
                && !item.members.is_empty()
                && own.is_some_and(|name| name.range.end < item.range.end || !item.own_head)
        };
        let bases = things
            .iter()
            .any(|item| item.own_head && item.kind == Some("industrial_park"));
        if !bases || !things.iter().all(named) {
            return false;
        }
        for item in things {
            let members = item.members.clone();
            self.push(place, "R1", frame, item, members);
        }
        true
    }

    /// 甲基地（包括某、某等气田）: what a bracket lists.
    pub(super) fn in_brackets(
        &mut self,
        frame: &Frame,
        object: &Range<usize>,
        place: &Place,
    ) -> Vec<String> {
        let mut listed = Vec::new();
        for (at, _) in self.words(object).match_indices('（') {
            let from = object.start + at;
            let Some(length) = aside(self.words(&(from..object.end))) else {
                continue;
            };
            let inner = from + "（".len()..from + length - "）".len();
            let inner = self.view.without_start(&inner, &["包括", "含"]);
            let words = self.words(&inner);
            let head = self.view.words.head_at_end(words).copied();
            let Some(head) = head.filter(|head| head.kind == "oil_gas") else {
                continue;
            };
            for mut item in items::items(&self.view, &inner) {
                let members = item.members.clone();
                if members.is_empty() {
                    continue;
                }
                if self.view.words.head_at_end(&item.name).is_none() {
                    item.name.push_str(head.word);
                }
                listed.extend(members.iter().cloned());
                self.push(place, "R1", frame, item, members);
            }
        }
        listed
    }

    /// The sites or waters that a list begins with, and the byte after them: 甲江、乙江干流|开展.
    pub(super) fn sites_at(&self, start: usize, until: usize) -> (Vec<String>, usize) {
        let mut sites = Vec::new();
        let (mut at, mut end) = (start, start);
        while let Some(name) = self.view.name_at(at).filter(|name| name.range.end <= until) {
            sites.push(self.words(&name.range).to_owned());
            end = name.range.end;
            let rest = self.words(&(end..until));
            let joint = ["、", "和", "及"]
                .iter()
                .find(|joint| rest.starts_with(**joint));
            let Some(joint) = joint else { break };
            at = end + joint.len();
        }
        let reaches = ["等", "一级支流", "主要支流", "支流", "干流", "流域", "沿岸"];
        for word in reaches.iter().filter(|_| !sites.is_empty()) {
            let rest = self.words(&(end..until));
            end += rest.strip_prefix(*word).map_or(0, |_| word.len());
        }
        (sites, end)
    }

    /// 以甲、乙高技术产业基地为引领: the things that lead are there.
    pub(super) fn led_on(&mut self, frame: &Frame, place: &Place, subject: &Subject) {
        let object = &frame.object;
        let ends = ["为引领", "为中心", "为龙头", "为核心", "为支撑", "为依托"];
        let text = self.words(object);
        let Some(end) = ends.iter().find(|end| text.ends_with(**end)) else {
            return;
        };
        let things = object.start + "以".len()..object.end - end.len();
        let listed = self.view.split(&things, &['、']).len() > 1;
        let named = self.view.name_at(things.start).is_some();
        if listed && named {
            let led = Frame {
                object: things,
                ..frame.clone()
            };
            self.things(&led, place, subject, "R1");
        }
    }

    /// 支持甲湖、乙古镇创建国家级度假区: sites seek a title, each for itself.
    pub(super) fn sought(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let seeks = ["创建", "争创", "申报", "申建", "建设国家"];
        let Some((at, word)) = self.view.find_all(object, &seeks).next() else {
            return false;
        };
        let word = word.trim_end_matches("国家");
        let title = self.words(&(at + word.len()..object.end));
        let Some(head) = self.view.words.head_at_end(title).copied() else {
            return false;
        };
        let sites = items::items(&self.view, &(object.start..at));
        let named = |item: &Item| {
            let name = self.view.name_at(item.range.start);
            let short = self.words(&item.range).chars().count() <= 8;
            let whole = short || self.view.name_before(item.range.end).is_some();
            whole && name.is_some_and(|name| name.sort != Sort::Line)
        };
        if at == object.start || sites.is_empty() || !sites.iter().all(named) {
            return false;
        }
        for site in sites {
            let members = site.members.clone();
            let one = Item {
                name: format!("{}{title}", self.words(&site.range)),
                kind: Some(head.kind),
                own_head: true,
                ..site
            };
            self.push(place, "R1", frame, one, members);
        }
        true
    }

    /// A node of a line that the sentence named before: its name says which.
    pub(super) fn on_a_line(&self, item: &mut Item, place: &Place) {
        let before = place.sentence.start..item.range.start;
        let line = self
            .view
            .names_in(&before)
            .iter()
            .rfind(|name| name.sort == Sort::Line);
        let placed = self
            .view
            .names_in(&item.range)
            .iter()
            .any(|name| name.sort == Sort::Line);
        let line = line.filter(|line| !item.name.contains(self.words(&line.range)));
        if let (Some(line), false, Some(node)) = (line, placed, item.name.strip_suffix("枢纽节点"))
        {
            item.name = format!("{node}{}枢纽节点", self.words(&line.range));
        }
    }
}
