//! Clauses that speak of things that are built, and of things at a place.

use super::{Place, Rules, Subject};
use crate::structures::lexicon::Use;
use crate::structures::names::Sort;
use crate::structures::places;
use crate::structures::status::{Frame, opened, without_tail};

/// Ends of the names of those who build what they are asked to.
const INSTITUTIONS: [&str; 15] = [
    "合作区",
    "示范区",
    "试验区",
    "新区",
    "高新区",
    "经开区",
    "园区",
    "大学",
    "学院",
    "医院",
    "科学院",
    "研究院",
    "研究所",
    "集团",
    "公司",
];
/// So many of them are looked at in a clause.
const MOST_INSTITUTIONS: usize = 10;

impl Rules<'_> {
    /// R1: verbs and a list of things.
    pub(super) fn project(&mut self, frame: &Frame, place: &Place, subject: &Subject) {
        // 某企业在甲设立某物
        let view = self.view;
        let at = view.find_all(&frame.object, &["在"]).find_map(|(at, _)| {
            let list = places::at_start(&view, &(at + "在".len()..frame.object.end))?;
            let then = opened(&view, &(list.end..frame.object.end));
            (!then.verbs.is_empty()).then_some((list, then))
        });
        if let Some((list, then)) = at {
            self.things(&then, place, &Subject::of(&list), "Rin");
            return;
        }
        // 以某区为腹地, 发挥某市对主轴的支撑作用: what they are for another thing.
        let text = self.words(&frame.object);
        let serves = frame.verbs.iter().any(|verb| verb.word == "发挥") && text.contains('对');
        let forbids = ["禁止", "严禁"]
            .iter()
            .any(|word| frame.printed.contains(word));
        // 突出生态涵养功能 says what a place is for.
        let stressed = frame.verbs.iter().any(|verb| verb.word == "突出") && text.ends_with("功能");
        if serves || forbids || stressed {
            return;
        }
        // 推动某开发区等打造某基地: a site builds as a unit does.
        let site = view
            .name_at(frame.object.start)
            .is_some_and(|name| name.sort == Sort::Site);
        if site {
            let (members, end) = self.sites_at(frame.object.start, frame.object.end);
            let then = opened(&view, &(end..frame.object.end));
            let builds = then
                .verbs
                .iter()
                .any(|verb| view.words.is(Use::Inner, verb.word));
            if builds && view.words.head_at_end(self.words(&then.object)).is_some() {
                self.things(&then, place, &Subject::at(members), "Rin");
                return;
            }
        }
        if self.by_institution(frame, place) {
            return;
        }
        if text.starts_with('以') && text.contains('为') {
            if !self.begun_from(frame, place) {
                self.built_of(frame, place);
                self.led_on(frame, place, subject);
            }
            return;
        }
        if self.sought(frame, place) {
            return;
        }
        let mut frame = frame.clone();
        // 将其培育发展成为某通道: the thing is what it is to be.
        if (text.starts_with("将其") || frame.printed.ends_with('将') && text.starts_with('其'))
            && let Some(at) = self.view.find(&frame.object, "成为")
        {
            frame.object.start = at + "成为".len();
        }
        // 推动毗邻的甲与乙等共建某区: the thing is what they build.
        let builds = self.view.find(&frame.object, "共建");
        if let Some(at) = builds.filter(|at| {
            let before = self.words(&(frame.object.start..*at));
            let after = self.words(&(*at + "共建".len()..frame.object.end));
            let thing = self.view.words.head_at_end(after).is_some();
            thing && before.ends_with('等') && self.view.words.head_at_end(before).is_none()
        }) {
            frame.object.start = at + "共建".len();
        }
        if let Some(at) = self
            .view
            .find(&frame.object, "融入")
            .filter(|at| *at > frame.object.start)
        {
            // 某地水网融入国家水网: the first is the thing.
            frame.object.end = at;
        }
        let (object, _) = without_tail(&self.view, &frame.object);
        let acted = !frame.verbs.is_empty() || object.end < frame.object.end || place.boxed;
        if acted {
            self.things(&frame, place, subject, "R1");
        }
    }

    /// Rin: 在甲建设某物.
    pub(super) fn at_a_place(
        &mut self,
        frame: &Frame,
        place: &Place,
        subject: &mut Subject,
    ) -> bool {
        let rest = &frame.object;
        if !self.words(rest).starts_with('在') {
            return false;
        }
        let at = rest.start + "在".len();
        let list = places::at_start(&self.view, &(at..rest.end));
        // 在某港建设: a site holds things as a unit does, alone or in a list with units.
        let sites = self.sites_at(at, rest.end);
        let (members, end) = match &list {
            Some(list) if list.end >= sites.1 => (list.members.clone(), list.end),
            _ => sites,
        };
        if members.is_empty() {
            return false;
        }
        let then = opened(&self.view, &(end..rest.end));
        if then.verbs.is_empty() {
            return false;
        }
        *subject = Subject::at(members);
        let before = self.found.len();
        self.things(&then, place, subject, "Rin");
        // 在甲江、乙江一级支流开展治理: what is done there is not done on the river.
        let reach = self.words(&(at..end));
        let reach = ["一级支流", "主要支流", "支流"]
            .iter()
            .find(|reach_| reach.ends_with(**reach_));
        if let Some(reach) = reach {
            for found in &mut self.found[before..] {
                let member = found
                    .members
                    .first()
                    .filter(|one| found.name.starts_with(*one));
                if let Some(length) = member.map(String::len) {
                    found.name.insert_str(length, reach);
                }
            }
        }
        self.found.len() > before
    }

    /// 支持某大学建设某实验室: where the one who builds is.
    fn by_institution(&mut self, frame: &Frame, place: &Place) -> bool {
        let view = self.view;
        let built = view.find_all(&frame.object, &INSTITUTIONS);
        let built = built.take(MOST_INSTITUTIONS).find_map(|(at, word)| {
            let end = at + word.len();
            let etc = self.words(&(end..frame.object.end)).strip_prefix('等');
            let from = end + etc.map_or(0, |_| "等".len());
            let made = opened(&view, &(from..frame.object.end));
            (!made.verbs.is_empty() && made.builds(view.words)).then_some((end, made))
        });
        let Some((end, made)) = built else {
            return false;
        };
        let who = frame.object.start..end;
        let thing = view.words.head_at_end(self.words(&made.object)).is_some();
        if frame.verbs.is_empty() || !thing || self.words(&who).contains(['，', '的']) {
            return false;
        }
        let listed = view.split(&who, &['、']);
        let members = listed
            .iter()
            .map(|one| self.words(one).to_owned())
            .collect();
        self.things(&made, place, &Subject::at(members), "Rin");
        true
    }
}
