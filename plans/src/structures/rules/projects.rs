//! Things that are built: lists of them, at a place or leaning on one.

use std::ops::Range;

use gazetteer::FeatureClass;

use super::{Place, Rules, Subject};
use crate::structures::items::{self, Item};
use crate::structures::lexicon::{Shape, Use, Verb};
use crate::structures::names::{Name, Sort};
use crate::structures::places;
use crate::structures::status::{Frame, opened, without_tail};
use crate::structures::view::View;

/// Ends of the names of regions that a plan only speaks of.
const WIDE: [&str; 6] = ["地区", "山区", "经济带", "片区", "流域", "经济圈"];
/// A name has at most so many characters.
const LONGEST_NAME: usize = 34;
/// Words before a noun that make it many or any.
const MANY: [&str; 5] = ["国家级和", "国家和", "省级", "国际知名", "国际一流"];
/// What a verb that makes something holds.
const BUILDS: [&str; 8] = [
    "打造", "建设", "共建", "构建", "提升", "保护", "治理", "推进",
];

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
        // 在某港建设: a site holds things as a unit does.
        let (members, end) = match &list {
            Some(list) => (list.members.clone(), list.end),
            None => self.sites_at(at, rest.end),
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
            let mut members = self.where_it_is(&item, subject, rule);
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

    /// Where a thing is: by its own name, or by what the clauses before say.
    fn where_it_is(&self, item: &Item, subject: &Subject, rule: &'static str) -> Vec<String> {
        // What stands at a place that is named stands there, whatever its own name says.
        if rule == "Rin" {
            return subject.members.clone();
        }
        // 长江上游某枢纽: the region that it serves is not where it is, if the places that build it are named.
        let region = |name: &Name| name.class == FeatureClass::Region;
        let wide = self.view.names_in(&item.range).iter().all(region);
        if !subject.leaning.is_empty() && (wide || item.members.len() == 1) {
            return subject.leaning.clone();
        }
        // 创建一批某基地 says neither which nor where.
        let some = self.words(&item.range).starts_with("一批");
        if !subject.members.is_empty() && wide && !some {
            return subject.members.clone();
        }
        let ranked = item.name.contains("国家") || item.name.contains("国际");
        if item.members.is_empty() && ranked {
            return subject.near.clone();
        }
        // 宽带中国 is nowhere in particular.
        if item.members == ["中国"] {
            return Vec::new();
        }
        item.members.clone()
    }

    /// Whether a thing is only spoken of: by its class alone, as a region that is nothing new, or with no place and no
    /// rank in the country.
    fn is_vague(&self, item: &Item, head: &str, members: &[String]) -> bool {
        let region = self.view.name_at(item.range.start).is_some_and(|name| {
            name.class == FeatureClass::Region && self.words(&name.range) == item.name
        });
        let wide = WIDE.iter().any(|end| item.name.ends_with(end));
        // 推动某地区 says nothing of the region: it is a thing where a rule says what becomes of it.
        let kind = item.kind.unwrap_or("");
        let nothing_new =
            region && wide && matches!(kind, "zone" | "development_belt" | "core_city");
        let bare = head == item.name || matches!(head, "地区" | "中心城区" | "双核");
        // 引领发展的国家级城市群 is what a region is to be.
        let goal = members.is_empty() && matches!(kind, "city_cluster" | "metropolitan_area");
        // Clusters are things only where places are named with them.
        let cluster = matches!(head, "集群" | "产业集群") && item.members.is_empty();
        // A rank makes a zone or a base one of a kind, but no port or line.
        let facility = matches!(
            kind,
            "airport" | "port" | "station" | "railway" | "expressway" | "road"
        );
        let ranked = !facility && is_ranked(&item.name);
        bare || nothing_new || goal || cluster || (members.is_empty() && !ranked)
    }

    /// What its name and its members make of the kind of its head: a belt of farms, a park across a border.
    fn refined(&self, kind: &'static str, item: &Item, head: &str) -> &'static str {
        let name = item.name.as_str();
        let pair = item.provinces.len() > 1 && item.members.len() == 2;
        let joined = pair && self.words(&item.range).contains('—');
        match kind {
            "industrial_park" if joined && head.ends_with("园区") => "cross_border_platform",
            "development_belt" | "zone" | "industrial_park"
                if self.view.words.within(Use::Farm, name) && !name.contains("加工") =>
            {
                "agriculture_belt"
            }
            "development_belt" if self.view.words.within(Use::Travel, name) => "tourism_corridor",
            "zone" if name.ends_with("高地") && name.contains("产业") => "industrial_park",
            "zone" if name.contains("物流枢纽") => "logistics_hub",
            other => other,
        }
    }

    /// Whether the head noun of an item is that of a region whose name closes it: then what stands before the name
    /// is what is done there, and no part of a name.
    fn is_predicate(&self, item: &Item) -> bool {
        let end = item.range.start + item.name.len();
        // 某企业与某机场开展联运: what they do is no name, nor is a sentence.
        let acts = self.view.find_all(&item.range, &["开展", "取得"]);
        if acts.into_iter().any(|(at, _)| at > item.range.start)
            || item.name.chars().count() > LONGEST_NAME
        {
            return true;
        }
        let Some(last) = self
            .view
            .name_before(end)
            .filter(|last| last.range.start > item.range.start)
        else {
            return false;
        };
        let before = item.range.start..last.range.start;
        let place = matches!(last.sort, Sort::Place | Sort::Line | Sort::Idea);
        place && self.view.names_in(&before).is_empty() && !self.words(&before).ends_with('的')
    }
}

/// Whether a name says that there is one of its kind in the country.
fn is_ranked(name: &str) -> bool {
    let many = MANY.iter().any(|word| name.contains(word));
    !many && (name.contains("国家") || name.contains("国际"))
}

/// A slogan in quotation marks is a thing where it is built at a place.
fn is_mere_slogan(item: &Item, frame: &Frame) -> bool {
    let slogan = item.kind == Some("other") && item.name.ends_with('”') && !item.own_head;
    let builds = |verb: &Verb| BUILDS.iter().any(|word| verb.word.contains(word));
    slogan && (item.members.is_empty() || !frame.verbs.iter().any(builds))
}

/// A list that says what another thing is like is not a list of things: only what stands after 的 is left. One place
/// before it belongs to the name.
pub(super) fn without_attribute(view: &View<'_>, object: &Range<usize>) -> Range<usize> {
    let text = view.at(object);
    let Some(at) = text.rfind('的') else {
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
