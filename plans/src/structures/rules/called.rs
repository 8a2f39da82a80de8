//! What is said of places that are listed: what they do for others, how they grow, with whom they are one city.

use std::ops::Range;

use super::{Place, Rules, Subject, plain_item};
use crate::structures::found::is_role;
use crate::structures::lexicon::Shape;
use crate::structures::places::{self, Places};
use crate::structures::status::Frame;

/// What a city does for others: 发挥甲、乙的支点作用.
const DUTIES: [&str; 11] = [
    "支撑",
    "支点",
    "节点",
    "纽带",
    "桥梁",
    "门户",
    "配套",
    "带动",
    "引领",
    "辐射",
    "桥头堡",
];
/// Ends of what makes a city a centre: 增强甲的经济中心、科技中心功能.
const CENTRES: [&str; 5] = ["中心", "枢纽", "高地", "门户", "基地"];
/// Work that a city does for its region, and the kind of place that this makes of it.
const SERVICES: [(&str, &str); 4] = [
    ("金融服务", "financial_center"),
    ("物流枢纽", "logistics_hub"),
    ("商贸物流", "logistics_hub"),
    ("消费中心", "consumer_district"),
];
/// What places that are listed are to do by themselves.
const GROWTH: [&str; 4] = ["加快发展", "率先发展", "特色发展", "错位发展"];
/// What makes a place of a rank.
const RAISES: [&str; 4] = ["培育", "培育建设", "培育发展", "培育壮大"];
/// More places than this are one core and not one each.
const MOST_CORES: usize = 4;
/// A role that later clauses tell is given to at most so many places: clauses that repeat it stay cheap.
const MOST_CALLED: usize = 60;
const SAME_CITY: &str = "同城化";

impl Rules<'_> {
    /// R2: 发挥甲、乙对丙的支撑作用, 带动甲、乙等沿线城市加快发展.
    pub(super) fn serving(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        if list.items.len() < 2 || !list.cities || frame.verbs.is_empty() {
            return false;
        }
        let text = self.words(after);
        if let Some(work) = ["作用", "功能"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
        {
            let work = work.trim_end_matches('的');
            let service = SERVICES.iter().find(|(end, _)| work.ends_with(end));
            let duty = DUTIES.iter().find_map(|duty| work.strip_suffix(duty));
            // 增强甲、乙等产业园区支撑作用: the parks of each.
            let thing = duty.filter(|thing| !thing.is_empty() && thing.chars().count() <= 8);
            let thing = thing.and_then(|thing| {
                let head = self.view.words.head_at_end(thing)?;
                (head.shape != Shape::Role).then_some((thing, head.kind))
            });
            let service = service.map(|(_, kind)| (text, *kind));
            let service = service.filter(|_| work.chars().count() <= 8);
            if let Some((noun, kind)) = thing.or(service) {
                for range in &list.items {
                    let name = format!("{}{noun}", self.words(range));
                    let members = self.members_of(list, range);
                    let item = plain_item(name, range.clone(), kind, members.clone());
                    self.push(place, "R2", frame, item, members);
                }
                return true;
            }
            if duty.is_some() {
                let at = work.rfind(['的', '中']).map_or(0, |at| at + "的".len());
                self.roles(frame, list, ("node_city", &work[at..]), place);
                return true;
            }
        }
        let etc = self
            .words(&(list.items[0].start..after.start))
            .contains('等');
        let grows = etc && list.items.len() > 2 && GROWTH.contains(&text);
        if grows {
            self.roles(frame, list, ("node_city", text), place);
        }
        grows
    }

    /// 提升甲核心功能, 发挥甲和乙双核带动作用: the cores of a region.
    pub(super) fn cores(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        if frame.verbs.is_empty() || !list.units || text.chars().count() > 8 {
            return false;
        }
        if text.starts_with("核心功能") || text.starts_with("核心引领") {
            self.roles(frame, list, ("core_city", "核心"), place);
            return true;
        }
        let pair = text.starts_with("双核") && list.items.len() == 2;
        if pair {
            let range = list.items[0].start..after.start + "双核".len();
            let item = plain_item(
                self.words(&range).to_owned(),
                range,
                "core_city",
                list.members.clone(),
            );
            self.push(place, "R2", frame, item, list.members.clone());
        }
        pair
    }

    /// 联动甲、乙等地一体化发展: the region and the places beyond it, by the side that they lie on.
    pub(super) fn outward(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
        subject: &Subject,
    ) -> bool {
        let linking = frame
            .verbs
            .last()
            .is_some_and(|verb| verb.word.ends_with("联动"));
        let text = self.words(after);
        let one = ["一体化发展", "协同发展", "融合发展"];
        let one = one.iter().any(|end| text.ends_with(end));
        let outward = one && linking && list.units && list.cities;
        if !outward || text.chars().count() > 16 {
            return false;
        }
        let name = format!(
            "{}{}{}",
            subject.toward,
            frame.printed,
            self.words(&frame.object)
        );
        let own = self.own.iter().filter(|own| !list.members.contains(own));
        let mut members: Vec<String> = own.chain(&list.members).cloned().collect();
        let more = self
            .view
            .name_at(after.start)
            .filter(|name| places::is_place(name));
        members.extend(more.map(|name| self.words(&name.range).to_owned()));
        let item = plain_item(name, frame.object.clone(), "regional_link", members.clone());
        self.push(place, "R5", frame, item, members);
        true
    }

    /// 甲、乙率先与丙同城化发展: one place and another are a link, several are each a city of it.
    pub(super) fn same_city(
        &mut self,
        frame: &Frame,
        list: &Places,
        with: &Range<usize>,
        place: &Place,
    ) -> bool {
        let words = self.words(with);
        let Some(end) = words.find(SAME_CITY).map(|at| at + SAME_CITY.len()) else {
            return false;
        };
        let end = end
            + words[end..]
                .strip_prefix("发展")
                .map_or(0, |_| "发展".len());
        let words = &words[..end];
        if list.items.len() == 1 {
            let from = with.start + words.chars().next().map_or(0, char::len_utf8);
            let Some(other) = places::at_start(&self.view, &(from..with.end)) else {
                return false;
            };
            let members: Vec<String> = list.members.iter().chain(&other.members).cloned().collect();
            let short = self.words(&(other.end..with.start + end));
            let short = short
                .trim_start_matches("周边城市")
                .trim_start_matches('的');
            let first = self.words(&list.items[0]);
            let rest = self.words(&(with.start..other.items.last().map_or(from, |item| item.end)));
            let name = format!("{first}{rest}{short}");
            let item = plain_item(name, with.clone(), "regional_link", members.clone());
            self.push(place, "R5", frame, item, members);
        } else {
            let item = plain_item(
                words.to_owned(),
                with.clone(),
                "node_city",
                list.members.clone(),
            );
            self.push(place, "R2", frame, item, list.members.clone());
            self.roles(frame, list, ("node_city", "同城化发展"), place);
        }
        true
    }

    /// R2: what a city is, of a list: 增强甲西部重要的经济中心、科技中心功能.
    pub(super) fn centres(&mut self, frame: &Frame, place: &Place) -> bool {
        if frame.verbs.is_empty() {
            return false;
        }
        let text = self.words(&frame.object);
        let Some(words) = ["的作用", "作用", "功能"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
        else {
            return false;
        };
        let mut from = frame.object.start;
        let end = from + words.len();
        let first = self
            .view
            .name_at(from)
            .filter(|name| name.class.is_administrative());
        let members = match first {
            Some(name) => {
                from = name.range.end;
                name.members(self.words(&name.range))
            }
            None => self.topic.clone(),
        };
        let mut pieces = self.view.split(&(from..end), &['、']);
        if let Some(last) = pieces.pop() {
            let joint = self.view.find(&last, "和");
            match joint.filter(|at| *at > last.start) {
                Some(at) => pieces.extend([last.start..at, at + "和".len()..last.end]),
                None => pieces.push(last),
            }
        }
        let centre = |range: &Range<usize>| {
            let words = self.words(range);
            words.chars().count() <= 16 && CENTRES.iter().any(|end| words.ends_with(end))
        };
        if members.len() != 1 || pieces.len() < 3 || !pieces.iter().all(centre) {
            return false;
        }
        let shared = self.words(&pieces[0]);
        let region = self
            .view
            .name_at(pieces[0].start)
            .map_or(0, |name| name.range.len());
        let region = region
            + if shared[region..].starts_with("地区") {
                "地区".len()
            } else {
                0
            };
        let shared = &shared[..shared.rfind('的').map_or(region, |at| at + "的".len())];
        for (index, range) in pieces.into_iter().enumerate() {
            let words = self.words(&range);
            let name = if index == 0 || self.view.name_at(range.start).is_some() {
                words.to_owned()
            } else {
                format!("{shared}{words}")
            };
            let kind = self
                .view
                .words
                .head_at_end(words)
                .map_or("other", |head| head.kind);
            let item = plain_item(name, range, kind, members.clone());
            self.push(place, "R2", frame, item, members.clone());
        }
        true
    }

    /// The place or places that a title is, and nothing else.
    pub(in crate::structures) fn is_place(&self, title: &Range<usize>) -> Option<Places> {
        let list = places::at_start(&self.view, title)?;
        let whole = list.end == title.end && list.units && list.items.len() <= MOST_CORES;
        whole.then_some(list)
    }

    /// 甲市。|某区域中心城市: what the place of a run-in title is.
    pub(super) fn is_position(&mut self, frame: &Frame, place: &Place, subject: &Subject) -> bool {
        if !subject.is_title || subject.near_places.items.is_empty() {
            return false;
        }
        if !frame.verbs.is_empty() {
            // 甲市。发挥副中心城市作用: what it is, by what it is to do.
            let words = self.words(&frame.object);
            let ends = ["作用", "功能", "地位"];
            let Some(role) = ends.iter().find_map(|end| words.strip_suffix(end)) else {
                return false;
            };
            let head = self.view.words.head_at_end(role).copied();
            let Some(head) = head.filter(|head| head.shape == Shape::Role) else {
                return false;
            };
            let places = subject.near_places.clone();
            self.roles(frame, &places, (head.kind, role), place);
            return true;
        }
        let parts = self.view.split(&frame.object, &['、']);
        let called = |part: &Range<usize>| {
            let words = self.words(part);
            let head = self.view.words.head_at_end(words);
            let role = head.filter(|head| is_role(head.kind)).map(|head| head.kind);
            role.or(words.ends_with("城市").then_some("node_city"))
        };
        let Some(kind) = parts.iter().find_map(called) else {
            // 甲市。某示范区，……: what is to be there.
            let made = Frame {
                verbs: self
                    .view
                    .words
                    .verb_of("建设")
                    .copied()
                    .into_iter()
                    .collect(),
                ..frame.clone()
            };
            let before = self.found.len();
            self.things(&made, place, subject, "R1");
            return self.found.len() > before;
        };
        let words = self.words(&frame.object);
        let places = subject.near_places.clone();
        self.roles(frame, &places, (kind, words), place);
        true
    }

    /// Keeps the one place that a title names for what its paragraph says without naming it.
    pub(in crate::structures) fn titled_by(&mut self, title: &Range<usize>) {
        let names = self.view.names_in(title);
        self.topic = match names {
            [name] if name.class.is_administrative() => name.members(self.words(&name.range)),
            _ => Vec::new(),
        };
    }

    /// 甲、乙、丙合作: what places do together.
    pub(super) fn together(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
        subject: &mut Subject,
    ) -> bool {
        let Some(rest) = self.words(after).strip_prefix("合作") else {
            return false;
        };
        // Where the breaks of a box are lost, its text runs on.
        let alone = rest.is_empty()
            || ["立足", "发挥", "以", "依托"]
                .iter()
                .any(|word| rest.starts_with(word));
        if !alone || frame.verbs.is_empty() || !list.cities || !list.units || list.items.len() < 2 {
            return false;
        }
        let range = list.items[0].start..after.start + "合作".len();
        *subject = Subject::of(list);
        self.partners = Some((place.block, subject.clone()));
        let kind = if list.provinces.len() > 1 {
            "cross_border_platform"
        } else {
            "regional_link"
        };
        let item = plain_item(
            self.words(&range).to_owned(),
            range,
            kind,
            list.members.clone(),
        );
        self.push(place, "Rl", frame, item, list.members.clone());
        true
    }

    /// The places before 与 of a list: 加强甲、乙与丙一体规划 speaks of 甲 and 乙.
    pub(super) fn first_side(&self, list: &Places) -> Option<Places> {
        let partner = list.items.last()?;
        let before = list.items.get(list.items.len().checked_sub(2)?)?;
        let joint = self.words(&(before.end..partner.start));
        (joint == "与").then(|| places::at_start(&self.view, &(list.items[0].start..before.end)))?
    }

    /// A role that the clauses before say whose it is: 支持甲、乙提升品质，打造核心引擎.
    pub(super) fn role_of_subject(
        &mut self,
        frame: &Frame,
        role: (&'static str, &Range<usize>),
        subject: &Subject,
        place: &Place,
    ) -> bool {
        let who = if subject.places.items.is_empty() && subject.acts {
            &subject.near_places
        } else {
            &subject.places
        };
        let raised = frame.verbs.iter().any(|verb| RAISES.contains(&verb.word));
        if !(raised || frame.builds(self.view.words))
            || !(1..=MOST_CALLED).contains(&who.items.len())
        {
            return false;
        }
        let places = who.clone();
        let words = self.words(role.1).to_owned();
        if role.0 == "core_city" && places.items.len() > MOST_CORES {
            // The districts of one city are its core together.
            let name = self.topic.first().unwrap_or(&words).clone();
            let item = plain_item(name, role.1.clone(), role.0, places.members.clone());
            self.push(place, "R2", frame, item, places.members);
            return true;
        }
        self.roles(frame, &places, (role.0, &words), place);
        true
    }

    /// 承接甲产业转移: what comes from there.
    pub(super) fn taken_from(&mut self, frame: &Frame, place: &Place, subject: &Subject) -> bool {
        let object = &frame.object;
        let text = self.words(object);
        let led = frame.printed.ends_with("承接");
        let from = match text.strip_prefix("承接") {
            Some(rest) => object.end - rest.len(),
            None if led => object.start,
            None => return false,
        };
        let list = places::at_start(&self.view, &(from..object.end));
        let Some(list) = list.filter(|list| list.items.len() == 1) else {
            return false;
        };
        let what = self.words(&(list.end..object.end));
        let what = what.strip_prefix("地区").unwrap_or(what);
        if !matches!(what, "产业转移" | "的产业转移" | "产业有序转移") {
            return false;
        }
        let start = if led { "承接" } else { "" };
        let name = format!("{start}{}", self.words(object));
        let who = &subject.places.members;
        let own = self.own.iter().filter(|_| who.is_empty());
        let members = own.chain(who).chain(&list.members);
        let members: Vec<String> = members.cloned().collect();
        let item = plain_item(name, object.clone(), "regional_link", members.clone());
        self.push(place, "R5", frame, item, members);
        true
    }

    /// 带动甲地区发展: what a region does for the one beside it.
    pub(super) fn leading_on(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        let led = frame
            .verbs
            .last()
            .is_some_and(|verb| verb.word.ends_with("带动"));
        let grows = text.strip_prefix("地区").unwrap_or(text);
        let beside = self
            .view
            .name_at(frame.object.start)
            .is_some_and(|name| name.class == gazetteer::FeatureClass::Region);
        if !led || !beside || list.items.len() != 1 || grows != "发展" {
            return false;
        }
        let name = format!("{}{}", frame.printed, self.words(&frame.object));
        let members: Vec<String> = self.own.iter().chain(&list.members).cloned().collect();
        let item = plain_item(name, frame.object.clone(), "regional_link", members.clone());
        self.push(place, "R5", frame, item, members);
        true
    }
}
