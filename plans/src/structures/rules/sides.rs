//! Parts by the side that they lie on, and links that a list spells out one by one.

use std::ops::Range;

use super::{Place, Rules, plain_item};
use crate::structures::items;
use crate::structures::lexicon::Use;
use crate::structures::places::{self, Places};
use crate::structures::status::{Frame, opened, without_tail};

/// Sides of a city or a region.
const SIDES: [char; 5] = ['东', '西', '南', '北', '中'];
/// Numerals between the sides and what they are sides of: 东、中、西|三大|片区.
const NUMERALS: [char; 5] = ['两', '三', '四', '五', '大'];
/// The name of a part has at most so many characters.
const LONGEST_PART: usize = 8;
/// How a place is reached within hours.
const REACHED: [&str; 6] = ["直连", "互通", "通达", "直达", "可达", "到达"];
/// What grids do with each other.
const EXCHANGED: [&str; 4] = ["交换", "互济", "互供", "互保"];
/// What the places of a cluster are for it.
const LEADING: [&str; 8] = [
    "引领",
    "核心",
    "重点",
    "支点",
    "支撑",
    "中心",
    "龙头",
    "发展支撑",
];
/// Help that one place gives to another.
const ASSISTED: [&str; 4] = ["对口支援", "对口协作", "对口帮扶", "东西部协作"];

impl Rules<'_> {
    /// 引领中部老城、东部新城、西部科教城: the parts of the place that is spoken of, each by its side.
    pub(super) fn quarters(&mut self, frame: &Frame, place: &Place) -> bool {
        let (object, _) = without_tail(&self.view, &frame.object);
        let parts = self.view.split(&object, &['、']);
        let part = |range: &Range<usize>| {
            let text = self.words(range);
            let mut letters = text.chars();
            let sided = letters.next().is_some_and(|side| SIDES.contains(&side));
            sided
                && letters.next() == Some('部')
                && (4..=LONGEST_PART).contains(&text.chars().count())
        };
        if parts.len() < 3 || !parts.iter().all(part) {
            return false;
        }
        let members = self.spoken_of_here();
        for range in parts {
            let name = self.words(&range).to_owned();
            self.side(frame, name, range, &members, place);
        }
        true
    }

    /// 东、中、西三大片区: one for each side.
    pub(super) fn by_side(&mut self, frame: &Frame, place: &Place) -> bool {
        let (object, _) = without_tail(&self.view, &frame.object);
        let text = self.words(&object);
        let noun = text.trim_start_matches(|c| SIDES.contains(&c) || c == '、');
        let sides: Vec<&str> = text[..text.len() - noun.len()].split('、').collect();
        let single = |side: &&str| side.chars().count() == 1;
        let numbered = noun.starts_with(NUMERALS);
        let noun = noun.trim_start_matches(NUMERALS);
        let short = (2..=4).contains(&noun.chars().count());
        if sides.len() < 2 || !sides.iter().all(single) || !numbered || !short {
            return false;
        }
        let members = self.spoken_of_here();
        for side in sides {
            self.side(
                frame,
                format!("{side}{noun}"),
                object.clone(),
                &members,
                place,
            );
        }
        true
    }

    fn side(
        &mut self,
        frame: &Frame,
        name: String,
        range: Range<usize>,
        members: &[String],
        place: &Place,
    ) {
        if members.is_empty() {
            return;
        }
        let head = self.view.words.head_at_end(&name);
        let kind = head.map_or("zone", |head| head.kind);
        let item = plain_item(name, range, kind, members.to_vec());
        self.push(place, "R7", frame, item, members.to_vec());
    }

    /// The place that the title names, else the region that is planned.
    fn spoken_of_here(&self) -> Vec<String> {
        if self.topic.is_empty() {
            self.own.iter().cloned().collect()
        } else {
            self.topic.clone()
        }
    }

    /// 实现1小时甲乙直连、3小时丙丁通达: who is linked.
    pub(super) fn within_hours(&mut self, frame: &Frame, place: &Place) -> bool {
        let parts = self.view.split(&frame.object, &['、']);
        let mut found = false;
        for range in parts {
            let text = self.words(&range);
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let rest = rest.trim_start();
            let hours = rest.len() < text.len()
                && rest.starts_with("小时")
                && REACHED.iter().any(|end| text.ends_with(end));
            let members = items::members(&self.view, &range);
            if !hours {
                return found;
            }
            found = true;
            if members.len() > 1 {
                let item = plain_item(
                    text.replace(' ', ""),
                    range,
                    "regional_link",
                    members.clone(),
                );
                self.push(place, "R5", frame, item, members);
            }
        }
        found
    }

    /// 提高甲乙电网和丙、丁电网电力交换能力: one link with each.
    pub(super) fn exchanged(&mut self, frame: &Frame, place: &Place) -> bool {
        let text = self.words(&frame.object);
        let words = text.trim_end_matches("能力").trim_end_matches("规模");
        if !EXCHANGED.iter().any(|end| words.ends_with(end)) {
            return false;
        }
        let joint = self.view.find_all(&frame.object, &["和", "与"]).next();
        let Some((at, word)) = joint else {
            return false;
        };
        let near = frame.object.start..at;
        let from = at + word.len();
        let Some(list) = places::at_start(&self.view, &(from..frame.object.end)) else {
            return false;
        };
        let done = self.words(&(list.end..frame.object.start + words.len()));
        let Some(done) = done.strip_prefix("电网") else {
            return false;
        };
        let here = items::members(&self.view, &near);
        if !self.words(&near).ends_with("电网") || here.is_empty() {
            return false;
        }
        for range in &list.items {
            let one = self.words(range);
            let name = format!("{}{word}{one}电网{done}", self.words(&near));
            let mut members = here.clone();
            members.extend(items::members(&self.view, range));
            let item = plain_item(name, range.clone(), "power_line", members.clone());
            self.push(place, "R5", frame, item, members);
        }
        true
    }

    /// 在甲乙丙、甲丁丙沿线重点发展某产业: each line of cities by itself.
    pub(super) fn along(&mut self, frame: &Frame, place: &Place) -> bool {
        let Some(rest) = self.words(&frame.object).strip_prefix('在') else {
            return false;
        };
        let from = frame.object.end - rest.len();
        let Some(list) = places::at_start(&self.view, &(from..frame.object.end)) else {
            return false;
        };
        let after = self.words(&(list.end..frame.object.end));
        let Some(rest) = after.strip_prefix("沿线") else {
            return false;
        };
        let then = opened(
            &self.view,
            &(frame.object.end - rest.len()..frame.object.end),
        );
        let line = |range: &Range<usize>| items::members(&self.view, range).len() > 1;
        let grows = then.printed.ends_with("发展") && self.view.words.within(Use::Industry, rest);
        if !grows || !list.items.iter().all(line) {
            return false;
        }
        for range in list.items {
            let members = items::members(&self.view, &range);
            let name = format!("{}沿线", self.words(&range));
            let item = plain_item(name, range, "development_axis", members.clone());
            self.push(place, "Ri", &then, item, members);
        }
        true
    }

    /// 某产业集群以甲为引领，以乙、丙为支点: a cluster and all its places.
    pub(super) fn cluster_led_by(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let Some(at) = self.view.find(object, "以") else {
            return false;
        };
        let from = at + "以".len();
        let Some(places) = places::at_start(&self.view, &(from..object.end)) else {
            return false;
        };
        let role = self.words(&(places.end..object.end));
        let role = role.strip_prefix('为').or_else(|| {
            ["沿线为", "城市为"]
                .iter()
                .find_map(|word| role.strip_prefix(word))
        });
        if !role.is_some_and(|role| LEADING.iter().any(|word| role.starts_with(word))) {
            return false;
        }
        let before = self.words(&(object.start..at));
        if before.is_empty() {
            // The clause after it goes on.
            let last = self.found.last_mut();
            let last = last.filter(|last| {
                last.rule == "Ri" && last.sentence == place.sentence && last.name.ends_with("集群")
            });
            let Some(last) = last else { return false };
            last.members.extend(places.members);
            let mut seen = std::collections::HashSet::new();
            last.members.retain(|member| seen.insert(member.clone()));
            return true;
        }
        let Some(name) = before.strip_suffix("集群") else {
            return false;
        };
        // Where the breaks of a box are lost, the label stands after the cluster before.
        let name = &before[name.rfind("集群").map_or(0, |at| at + "集群".len())..];
        let short = (4..=14).contains(&name.chars().count());
        if !short || !self.view.words.within(Use::Industry, name) || name.contains(['、', '的']) {
            return false;
        }
        let range = at - name.len()..at;
        let item = plain_item(
            name.to_owned(),
            range,
            "industrial_park",
            places.members.clone(),
        );
        self.push(place, "Ri", frame, item, places.members);
        true
    }

    /// 利用甲、乙沿线某产业基础: what is there, of each.
    pub(super) fn industry_of(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let Some(list) = places::at_start(&self.view, object) else {
            return false;
        };
        let after = self.words(&(list.end..object.end));
        let along = if after.starts_with("沿线") {
            "沿线"
        } else {
            ""
        };
        let what = ["基础", "优势"]
            .iter()
            .find_map(|end| after[along.len()..].strip_suffix(end));
        let what = what.filter(|what| {
            what.ends_with("产业")
                && what.chars().count() <= 10
                && self.view.words.within(Use::Industry, what)
        });
        let Some(what) = what.filter(|what| *what != "产业" && !what.contains(['、', '的', '和']))
        else {
            return false;
        };
        let end = list.items.len() - 1;
        for (index, range) in list.items.iter().enumerate() {
            let members = items::members(&self.view, range);
            let along = if index == end { along } else { "" };
            let name = format!("{}{along}{what}", self.words(range));
            let item = plain_item(name, range.clone(), "industrial_park", members.clone());
            self.push(place, "Ri", frame, item, members);
        }
        true
    }

    /// 深化甲地区对口支援: who is helped.
    pub(super) fn assisted(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        let Some(help) = ASSISTED.iter().find(|help| text.starts_with(**help)) else {
            return false;
        };
        if frame.verbs.is_empty() || list.items.len() != 1 {
            return false;
        }
        let range = list.items[0].start..after.start + help.len();
        let name = self.words(&range).to_owned();
        let item = plain_item(name, range, "regional_link", list.members.clone());
        self.push(place, "R5", frame, item, list.members.clone());
        true
    }
}
