//! Clauses that say who or what makes a thing before they name it.

use super::{Place, Rules, Subject};
use crate::structures::items::{self, Item};
use crate::structures::names::Sort;
use crate::structures::status::Frame;

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

    /// 支持甲湖、乙古镇创建国家级度假区: sites seek a title, each for itself.
    pub(super) fn sought(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let seeks = ["创建", "争创", "申报", "申建"];
        let Some((at, word)) = self.view.find_all(object, &seeks).next() else {
            return false;
        };
        let title = self.words(&(at + word.len()..object.end));
        let Some(head) = self.view.words.head_at_end(title).copied() else {
            return false;
        };
        let sites = items::items(&self.view, &(object.start..at));
        let named = |item: &Item| {
            let name = self.view.name_at(item.range.start);
            let short = self.words(&item.range).chars().count() <= 6;
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
}
