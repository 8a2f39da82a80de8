//! What places are called, and what they build together.

use std::ops::Range;

use super::things::without_attribute;
use super::{Place, Rules, plain_item};
use crate::structures::figures;
use crate::structures::items::{self, Item};
use crate::structures::lexicon::{Shape, Use};
use crate::structures::names::Name;
use crate::structures::places::{self, Places};
use crate::structures::status::{Frame, opened, without_tail};
use crate::structures::view::View;

impl Rules<'_> {
    /// R7b, Rl: 甲乙产业协同发展; 甲、乙同城化; 甲地区一体化发展.
    pub(super) fn one_group(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self
            .words(after)
            .trim_start_matches("产业")
            .trim_start_matches("加快")
            .trim_start_matches("率先")
            .trim_start_matches("沿江")
            .trim_start_matches("沿线");
        let word = [
            "协同发展",
            "融合发展",
            "联动发展",
            "一体化发展",
            "同城化发展",
            "同城化",
            "一体化",
            "联合发展",
            "一体化融合发展",
            "协调发展",
            "互动发展",
            "合作发展",
        ]
        .iter()
        .filter(|word| {
            text == **word
                || text
                    .strip_prefix(**word)
                    .is_some_and(|rest| rest.starts_with('和'))
        })
        .max_by_key(|word| word.len());
        let Some(word) = word else { return false };
        let start = list.items.first().map_or(after.start, |item| item.start);
        let name = self.view.at(&(start..after.end));
        let first = self.view.name_at(start);
        let region = list.items.len() == 1
            && first.is_some_and(|name| matches!(name.class, gazetteer::FeatureClass::Region));
        let etc = self.words(&(start..after.start)).contains('等');
        if list.items.len() == 1 && list.members.len() < 2 && !region {
            return false;
        }
        if etc && list.items.len() > 2 {
            // 带动甲、乙、丙等一体化发展 says of each that it is to grow.
            self.roles(frame, list, ("node_city", word), place);
            return true;
        }
        let paired = list.items.len() == 1 && self.words(&list.items[0]).contains('—');
        let kind = if region {
            "zone"
        } else if paired
            || word.starts_with("同城化")
            || word.starts_with("一体化")
            || (!list.local && list.provinces.len() > 1)
        {
            "regional_link"
        } else {
            platform_or("zone", &list.provinces, list.local)
        };
        let name = if region {
            self.words(&(start..list.end)).to_owned()
        } else {
            name.to_owned()
        };
        let item = plain_item(name, start..after.end, kind, list.members.clone());
        let rule = if region { "R7b" } else { "Rl" };
        self.push(place, rule, frame, item, list.members.clone());
        true
    }

    /// Rl: 参与甲乙同城化: a name that says what its two places do.
    pub(super) fn one_name(&mut self, frame: &Frame, list: &Places, place: &Place) -> bool {
        let [range] = &list.items[..] else {
            return false;
        };
        let words = self.words(range);
        let grows = words.ends_with("同城化") || words.ends_with("一体化");
        if !grows || frame.verbs.is_empty() || list.members.len() < 2 {
            return false;
        }
        let item = plain_item(
            words.to_owned(),
            range.clone(),
            "regional_link",
            list.members.clone(),
        );
        self.push(place, "Rl", frame, item, list.members.clone());
        true
    }

    /// R2: what a plan calls each of some places: the places name the structures.
    pub(super) fn roles(
        &mut self,
        frame: &Frame,
        list: &Places,
        role: (&'static str, &str),
        place: &Place,
    ) {
        for range in &list.items {
            let name = self.words(range).to_owned();
            let members = self.members_of(list, range);
            let item = plain_item(name, range.clone(), role.0, members.clone());
            self.push(place, "R2", frame, item, members.clone());
            if let Some(found) = self.found.last_mut() {
                found.roles.extend(
                    members
                        .into_iter()
                        .map(|member| (member, role.1.to_owned())),
                );
            }
        }
    }

    /// The places of one item of a list. Among single ones 甲—乙 is one place of two units, which the list names together.
    pub(super) fn members_of(&self, list: &Places, range: &Range<usize>) -> Vec<String> {
        if self.is_joined(range) && !list.items.iter().all(|item| self.is_joined(item)) {
            return vec![self.words(range).to_owned()];
        }
        items::members(&self.view, range)
    }

    fn is_joined(&self, item: &Range<usize>) -> bool {
        self.words(item).contains('—')
    }

    /// 提升甲、乙等城市发展能级, 甲、乙率先与丙同城化发展: each of the places by itself.
    pub(super) fn by_places(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let text = self.words(after);
        let level = [
            "发展能级",
            "能级",
            "综合承载能力",
            "辐射带动能力",
            "区域带动力",
        ]
        .iter()
        .any(|word| text.starts_with(word));
        if text.contains("同城化发展")
            && list.local
            && let Some(at) = text.find(['与', '和'])
        {
            return self.same_city(frame, list, &(after.start + at..after.end), place);
        }
        if text == "消费能级" && list.units && !frame.verbs.is_empty() {
            for range in &list.items {
                let members = self.members_of(list, range);
                let name = format!("{}{text}", self.words(range));
                let item = plain_item(name, range.clone(), "consumer_district", members.clone());
                self.push(place, "R2", frame, item, members);
            }
            return true;
        }
        if list.items.len() < 2 || !level || !list.local {
            return false;
        }
        self.roles(frame, list, ("node_city", "提升能级"), place);
        true
    }

    /// Rb: 把甲、乙打造为某中心: what the plan wants a place to be.
    pub(super) fn made_into(&mut self, frame: &Frame, place: &Place) -> bool {
        let text = self.words(&frame.object);
        let Some(word) = ["把", "将"].iter().find(|word| text.starts_with(**word)) else {
            return false;
        };
        let from = frame.object.start + word.len();
        let Some(list) =
            places::at_start(&self.view, &(from..frame.object.end)).filter(|list| list.units)
        else {
            return false;
        };
        let after = self.words(&(list.end..frame.object.end));
        let into = ["为", "成"]
            .iter()
            .find_map(|word| after.find(word).map(|at| at + word.len()));
        let Some(role) = into.and_then(|at| after.get(at..)) else {
            return false;
        };
        let start = frame.object.end - role.len();
        if !self.called(frame, &list, role, None, place) {
            // 把甲、乙打造为国家物流枢纽
            let made = Frame {
                object: start..frame.object.end,
                ..frame.clone()
            };
            self.made_by(&list, &made, place);
        }
        true
    }

    /// Emits places by what they are called, if that is a role.
    fn called(
        &mut self,
        frame: &Frame,
        list: &Places,
        role: &str,
        default: Option<&'static str>,
        place: &Place,
    ) -> bool {
        let first = role.split(['，', '。']).next().unwrap_or(role);
        let starts = first.char_indices().map(|(at, _)| at);
        let words = starts.filter_map(|at| self.view.words.at_start(Use::Role, &first[at..]));
        let kind = words
            .filter_map(|word| self.view.words.head_at_end(word))
            .map(|head| head.kind)
            .next();
        let Some(kind) = kind.or(default) else {
            return false;
        };
        self.roles(frame, list, (kind, first), place);
        for found in self.found.iter_mut().rev().take(list.items.len()) {
            found.rule = "Rb";
        }
        true
    }

    /// Rb in a box: 甲。某中心，某基地。 The title of the item is the place.
    pub(in crate::structures) fn placed_item(
        &mut self,
        item: &Range<usize>,
        title: &str,
        label: &str,
        place: &Place,
    ) -> bool {
        let Some(list) =
            places::at_start(&self.view, item).filter(|list| list.units && list.items.len() == 1)
        else {
            return false;
        };
        let rest = self.words(&(list.end..item.end));
        let Some(role) = rest.strip_prefix(['。', '：']) else {
            return false;
        };
        if !self.words(item).starts_with(title) || role.is_empty() {
            return false;
        }
        let starts = label.char_indices().map(|(at, _)| at);
        let words = starts.filter_map(|at| self.view.words.at_start(Use::Role, &label[at..]));
        let default = words
            .filter_map(|word| self.view.words.head_at_end(word))
            .map(|head| head.kind)
            .next();
        let before = self.found.len();
        if !self.called(&Frame::default(), &list, role, default, place) {
            return false;
        }
        let figures = figures::figures(&self.view, item);
        if let Some(found) = self.found.get_mut(before) {
            found.figures = figures;
        }
        true
    }

    /// R3: 甲、乙共建某物. The frame holds the verbs before the places and those after them.
    pub(super) fn made_by(&mut self, list: &Places, frame: &Frame, place: &Place) {
        let (object, tails) = without_tail(&self.view, &frame.object);
        let mut frame = frame.clone();
        frame.verbs.extend(tails);
        let seeks = frame
            .verbs
            .iter()
            .any(|verb| self.view.words.is(Use::Designation, verb.word));
        for item in items::items(&self.view, &without_attribute(&self.view, &object)) {
            let Some(kind) = item.kind else { continue };
            if item.shape == Shape::Role {
                let role = self.words(&item.range).to_owned();
                self.roles(&frame, list, (kind, &role), place);
            } else if list.items.len() > 1
                && (seeks
                    || item.shape == Shape::Each && !is_together(&frame.printed)
                    || self.is_each(list, &frame, &item))
            {
                for range in &list.items {
                    let members = items::members(&self.view, range);
                    let one = Item {
                        name: format!("{}{}", self.words(range), item.name),
                        members: members.clone(),
                        ..item.clone()
                    };
                    self.push(place, "R3d", &frame, one, members);
                }
            } else {
                let zone = matches!(
                    kind,
                    "zone" | "new_area" | "development_belt" | "industrial_park"
                );
                let platform = zone
                    && ["区", "带", "园"]
                        .iter()
                        .any(|end| item.name.ends_with(end));
                let kind = if platform {
                    platform_or(kind, &list.provinces, list.local)
                } else {
                    kind
                };
                let item = Item {
                    kind: Some(kind),
                    ..item
                };
                self.push(place, "R3", &frame, item, list.members.clone());
            }
        }
    }

    /// 支持甲、乙等建设某合作示范区: where nobody says together, and the zone is of two provinces, each has one.
    fn is_each(&self, list: &Places, frame: &Frame, item: &Item) -> bool {
        let together = is_together(&frame.printed);
        let of_provinces = |name: &Name| name.of_provinces;
        let names = self.view.names_in(&item.range);
        let etc = self.words(&(list.items[0].start..list.end)).contains('等');
        etc && !together
            && item.kind == Some("zone")
            && !names.is_empty()
            && names
                .iter()
                .all(|name| of_provinces(name) || name.inner.iter().any(of_provinces))
    }

    /// Ri: 甲、乙等地发展某产业.
    pub(super) fn cluster(
        &mut self,
        frame: &Frame,
        list: &Places,
        after: &Range<usize>,
        place: &Place,
    ) -> bool {
        let made = opened(&self.view, after);
        let (object, _) = without_tail(&self.view, &made.object);
        let text = self.words(&object);
        // What moves to them is no cluster.
        if text.starts_with("承接") || made.printed.ends_with("承接") {
            return false;
        }
        let etc =
            self.words(&(list.items.last().map_or(after.start, |item| item.end)..after.start));
        let industry = self.view.words.within(Use::Industry, text);
        let known = self
            .view
            .words
            .head_at_end(text)
            .is_some_and(|head| head.kind != "industrial_park" || head.shape == Shape::Each);
        let several = list.items.len() > 1 && (etc.starts_with('等') || !made.verbs.is_empty());
        if !industry
            || known
            || text == "产业"
            || !several
            || frame.verbs.is_empty()
            || text.chars().count() > 60
        {
            return false;
        }
        let driven = frame.verbs.iter().any(|verb| verb.word == "带动");
        if let Some(leading) = self
            .found
            .last_mut()
            .filter(|last| driven && last.rule == "Ri" && last.sentence == place.sentence)
        {
            if leading.members.len() < 2 {
                return true;
            }
            leading.roles.extend(
                list.members
                    .iter()
                    .map(|member| (member.clone(), "带动".to_owned())),
            );
            leading.members.extend(list.members.iter().cloned());
            return true;
        }
        // 某产业园区|相互协作配套: what the parks do is no part of the name.
        let ends = ["产业园区", "产业园", "基地"];
        let ends = ends
            .iter()
            .filter_map(|word| text.find(word).map(|at| at + word.len()));
        let name = text[..ends.max().unwrap_or(text.len())]
            .trim_start_matches("以")
            .to_owned();
        let farmed = self.view.words.within(Use::Farm, &name);
        let kind = if farmed && name.ends_with("基地") {
            "agriculture_belt"
        } else {
            "industrial_park"
        };
        // 甲、乙等地某产业园区, 甲、乙等蔬菜基地: each has its own.
        let each = made.verbs.is_empty() && text == name;
        if each && (kind == "agriculture_belt" || name.ends_with("园区") && etc.contains('地')) {
            for range in &list.items {
                let members = self.members_of(list, range);
                let one = format!("{}{name}", self.words(range));
                let item = plain_item(one, range.clone(), kind, members.clone());
                self.push(place, "Ri", frame, item, members);
            }
            return true;
        }
        let members: Vec<String> = if list.items.iter().any(|item| self.is_joined(item)) {
            let each = list.items.iter();
            each.flat_map(|item| self.members_of(list, item)).collect()
        } else {
            list.members.clone()
        };
        let item = plain_item(name, object, kind, members.clone());
        self.push(place, "Ri", frame, item, members);
        true
    }
}

/// Whether verbs say that places do something together.
fn is_together(verbs: &str) -> bool {
    let together = ["共", "联", "合力", "携手", "协同"];
    together.iter().any(|word| verbs.contains(word))
}

/// A zone of units of two provinces is a platform across their border.
fn platform_or(kind: &'static str, provinces: &[u32], local: bool) -> &'static str {
    if local && provinces.len() > 1 {
        "cross_border_platform"
    } else {
        kind
    }
}

/// The role that a text begins with, with at most a few words before it.
pub(super) fn role_at_start<'t>(view: &View<'_>, text: &'t str) -> Option<(&'static str, &'t str)> {
    let starts = text.char_indices().map(|(at, _)| at).take(9);
    for at in starts {
        if text[..at].contains(['，', '。', '、', '的', '与']) {
            break;
        }
        if let Some(role) = view.words.at_start(Use::Role, &text[at..]) {
            let end = at + role.len();
            let after = &text[end..];
            // 国际消费中心城市 is no 中心城市.
            let longer = view.words.head_at_end(&text[..end]);
            if longer.is_some_and(|head| {
                head.word.len() > role.len()
                    && head.shape != crate::structures::lexicon::Shape::Role
            }) {
                return None;
            }
            let closed = after.is_empty()
                || view.words.at_start(Use::Tail, after).is_some()
                || view.words.verb_at_start(after).is_some();
            let kind = view
                .words
                .head_at_end(role)
                .map_or("node_city", |head| head.kind);
            return closed.then_some((kind, &text[..end]));
        }
    }
    None
}
