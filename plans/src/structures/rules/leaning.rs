//! What a plan leans on, and what it builds of it.

use std::ops::Range;

use gazetteer::FeatureClass;

use super::{Place, Rules, Subject};
use crate::structures::items;
use crate::structures::names::{Name, Sort};
use crate::structures::status::{Frame, opened, without_tail};

impl Rules<'_> {
    /// 依托甲线、乙线等通道: what a plan leans on exists.
    pub(super) fn based_on(&mut self, frame: &Frame, place: &Place, subject: &mut Subject) -> bool {
        let mut frame = frame.clone();
        if frame.verbs.is_empty()
            && self.words(&frame.object).starts_with('沿')
            && self.view.name_at(frame.object.start).is_none()
        {
            frame.object.start += "沿".len();
            "沿".clone_into(&mut frame.printed);
            if let Some(name) = self.view.name_at(frame.object.start) {
                let then = opened(&self.view, &(name.range.end..frame.object.end));
                if !then.verbs.is_empty() {
                    // 沿某江建设生态廊道
                    let members = name.members(self.words(&name.range));
                    self.things(&then, place, &Subject::at(members), "Rin");
                    return true;
                }
            }
        } else if !frame
            .verbs
            .first()
            .is_some_and(|verb| matches!(verb.word, "依托" | "利用" | "用好"))
        {
            return false;
        }
        if self.industry_of(&frame, place) {
            return true;
        }
        // 依托某机构等资源建设某物
        let made = self
            .view
            .find_all(&frame.object, &["建设", "打造", "发展", "构建", "衔接"]);
        let made = made.last().map(|(at, word)| (at, at + word.len()));
        if let Some((at, from)) = made
            && self
                .view
                .words
                .head_at_end(self.words(&(from..frame.object.end)))
                .is_some()
        {
            let members = items::members(&self.view, &(frame.object.start..at));
            frame.object.start = from;
            self.things(&frame, place, &Subject::at(members), "R1");
            return true;
        }
        subject.leaning = self.sites(&frame.object);
        subject.body = self.waters_and_hills(&frame.object);
        // 依托甲线、乙线等构成的通道: the lines are what the plan leans on.
        let made_up = ["等构成的", "等组成的", "构成的", "组成的"];
        let lines = self.view.find_all(&frame.object, &made_up).next();
        if let Some((at, _)) = lines {
            frame.object.end = at;
        }
        let (object, _) = without_tail(&self.view, &frame.object);
        for item in items::items(&self.view, &object) {
            let line = matches!(
                item.kind,
                Some(
                    "railway"
                        | "expressway"
                        | "road"
                        | "waterway"
                        | "opening_channel"
                        | "transport_corridor"
                        | "port"
                        | "airport"
                        | "logistics_hub"
                        | "tourism_site"
                        | "trade_zone"
                )
            );
            // 甲乙、丙丁等铁路, but not 甲乙铁路等构成的通道.
            let shares = item.members.len() > 1 && !self.words(&object).contains("构成");
            if line && (item.own_head || shares) && !item.members.is_empty() {
                let members = item.members.clone();
                self.push(place, "R1", &frame, item, members);
            }
        }
        true
    }

    /// The sites and zones that a range names, if it names nothing else.
    fn sites(&self, range: &Range<usize>) -> Vec<String> {
        let names = self.view.names_in(range);
        let site = |name: &Name| {
            name.sort == Sort::Site
                || matches!(
                    name.class,
                    FeatureClass::NewArea | FeatureClass::EconomicZone
                )
        };
        let names = names.iter().filter(|_| names.iter().all(site));
        names
            .map(|name| self.words(&name.range).to_owned())
            .collect()
    }
}
