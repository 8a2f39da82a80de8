//! What headings, run-in titles and scopes name, and regions that are only spoken of.

use std::ops::Range;

use gazetteer::FeatureClass;

use super::wording::inner_verb;
use super::{Place, Rules, plain_item};
use crate::structures::items::{self, Item};
use crate::structures::names::{Name, Sort};
use crate::structures::places;
use crate::structures::scope::Scope;
use crate::structures::status::{Frame, opened, without_tail};

impl Rules<'_> {
    /// R7: the run-in title of an axis or a belt, and what the paragraph says of it.
    pub(in crate::structures) fn titled(
        &mut self,
        title: &Range<usize>,
        body: &[Range<usize>],
        place: &Place,
    ) -> bool {
        let text = self.words(title);
        if self.explained(title).is_some() {
            return false;
        }
        let frame = opened(&self.view, title);
        let (object, _) = without_tail(&self.view, &frame.object);
        let name = self.words(&object);
        let Some(head) = self.view.words.head_at_end(name).copied() else {
            return false;
        };
        if frame
            .verbs
            .last()
            .is_some_and(|verb| matches!(verb.word, "支撑" | "服务" | "融入" | "对接"))
        {
            return false;
        }
        let formed = matches!(
            head.kind,
            "development_axis"
                | "development_belt"
                | "dense_town_area"
                | "metropolitan_area"
                | "tourism_corridor"
                | "ecological_corridor"
        ) && text.chars().count() <= 24;
        // 轨道上的某都市圈 is a figure of speech.
        if !formed || head.word == name || name.contains("上的") {
            return false;
        }
        let mut via = Vec::new();
        let short = self
            .view
            .names_in(&object)
            .iter()
            .find(|name| name.sort == Sort::Short && name.parts.len() > 2);
        let mut members = short.map_or_else(Vec::new, |name| name.parts.clone());
        for sentence in body.iter().take(2) {
            for clause in self.view.split(sentence, &['，', '；']) {
                let frame = opened(&self.view, &clause);
                let leans = frame.verbs.first().is_some_and(|verb| verb.word == "依托");
                if leans {
                    via = self
                        .view
                        .names_in(&frame.object)
                        .iter()
                        .map(|name| self.words(&name.range).to_owned())
                        .collect();
                } else if members.len() < 3
                    && let Some(list) = places::at_start(
                        &self.view,
                        &self.view.without_start(&frame.object, &["以", "串联"]),
                    )
                    && list.items.len() > members.len().max(1)
                    && list.local
                    && inner_verb(&self.view, &(list.end..clause.end)).is_none()
                {
                    members = list.members;
                }
            }
        }
        if members.is_empty() {
            members = items::members(&self.view, &object);
        }
        // 现代化都市圈 is no name.
        let named = !self.view.names_in(&object).is_empty();
        // 沿主要通道发展轴带 names all of them and none.
        let general = !named
            && ["主要", "重要", "重点"]
                .iter()
                .any(|word| name.contains(word));
        if general
            || !named && (head.kind == "metropolitan_area" || members.is_empty() && via.is_empty())
        {
            return false;
        }
        let item = Item {
            own_head: true,
            ..plain_item(name.to_owned(), object, head.kind, members.clone())
        };
        self.push(place, "R7", &frame, item, members);
        if let Some(found) = self.found.last_mut() {
            found.via = via;
        }
        true
    }

    /// R7: the zone that a sentence begins with: 甲生态涵养区要守住底线, 甲新区，重点发展某事. The byte after it.
    pub(in crate::structures) fn spoken_to(
        &mut self,
        clause: &Range<usize>,
        place: &Place,
        subject: &mut super::Subject,
    ) -> Option<usize> {
        let text = self.words(clause);
        if clause.start != place.sentence.start || place.boxed {
            return None;
        }
        let whole = clause.end < place.sentence.end
            && self
                .words(&(clause.end..place.sentence.end))
                .starts_with('，');
        let (end, next) = match text.find('要') {
            Some(at) => (clause.start + at, clause.start + at + "要".len()),
            None if whole => (clause.end, clause.end),
            None => return None,
        };
        let words = self.words(&(clause.start..end));
        let first = self.view.name_at(clause.start)?;
        let head = *self.view.words.head_at_end(words)?;
        let zone = matches!(head.kind, "zone" | "cross_border_platform" | "new_area")
            && !matches!(head.word, "地区" | "高地");
        let plain = words.chars().count() <= 20 && !words.contains(['、', '的', '和', '与']);
        if !zone || !plain || self.view.is_inside_name(end) || head.word == words {
            return None;
        }
        let range = clause.start..end;
        // A zone that is a name is itself.
        let members = if first.range.end >= end {
            vec![words.to_owned()]
        } else {
            items::members(&self.view, &range)
        };
        *subject = super::Subject::at(members.clone());
        let item = Item {
            own_head: true,
            ..plain_item(words.to_owned(), range, head.kind, members.clone())
        };
        self.push(place, "R7", &Frame::default(), item, members);
        Some(next)
    }

    /// What a heading only names is made of the places that its first sentence with such a list gives.
    pub(in crate::structures) fn members_below(&mut self, from: usize, body: &[Range<usize>]) {
        let named = self.found[from..].iter().any(|found| {
            matches!(
                found.kind,
                "development_axis"
                    | "development_belt"
                    | "zone"
                    | "metropolitan_area"
                    | "dense_town_area"
            ) && matches!(found.rule, "R1" | "R7b")
        });
        if !named {
            self.led_by(from, body);
            return;
        }
        let lists = |sentence: &Range<usize>| -> Vec<String> {
            let clauses = self.view.split(sentence, &['，', '；']);
            let lists = clauses.iter().filter_map(|clause| {
                let frame = opened(&self.view, clause);
                places::at_start(&self.view, &frame.object)
                    .filter(|list| list.local && list.items.len() > 2)
            });
            lists.flat_map(|list| list.members).collect()
        };
        let members = body
            .iter()
            .take(3)
            .map(lists)
            .find(|members| !members.is_empty());
        if let Some(members) = members {
            for found in &mut self.found[from..] {
                found.members.clone_from(&members);
            }
        }
    }

    /// 共建西部某枢纽。整合甲、乙的资源: a heading that names no place, or only the region that is served, speaks of the places
    /// that its text begins with.
    fn led_by(&mut self, from: usize, body: &[Range<usize>]) {
        let view = self.view;
        let wide = |words: &Range<usize>| {
            let mut names = view.names_in(words).iter();
            names.all(|name| name.class == FeatureClass::Region)
        };
        let Some(first) = body
            .first()
            .and_then(|first| view.split(first, &['，', '；']).into_iter().next())
        else {
            return;
        };
        let start = opened(&view, &first).object;
        let Some(list) = places::at_start(&view, &start).filter(|list| list.units) else {
            return;
        };
        let found = self.found[from..].iter_mut();
        for found in found.filter(|found| found.rule == "R1" && wide(&found.words)) {
            found.members.clone_from(&list.members);
        }
    }

    /// 打造某港口群，增强甲港、乙港能力: a group is made of those that its sentence goes on to name.
    pub(in crate::structures) fn groups_of_sites(&mut self, from: usize, sentence: &Range<usize>) {
        for found in &mut self.found[from..] {
            let class = match found.name.trim_end_matches('群') {
                port if port == found.name => continue,
                port if port.ends_with("港口") => FeatureClass::Port,
                airport if airport.ends_with("机场") => FeatureClass::Airport,
                _ => continue,
            };
            let rest = found.words.end..sentence.end;
            let sites = self.view.names_in(&rest).iter();
            let sites: Vec<String> = sites
                .filter(|name| name.class == class)
                .map(|name| self.view.at(&name.range).to_owned())
                .collect();
            if sites.len() > 1 {
                found.members = sites;
            }
        }
    }

    /// Rn: a region, line, airport or port that is only spoken of.
    pub(in crate::structures) fn spoken_of(&mut self, name: &Name, place: &Place, read: usize) {
        use FeatureClass as C;
        // 连云港 and 金湾区 are units.
        let unit = matches!(name.class, C::Prefecture | C::County | C::Town | C::Foreign);
        if unit {
            return;
        }
        let mut range = name.range.clone();
        let rest = self.words(&(range.end..place.sentence.end));
        let more = [
            "发展主轴",
            "主轴",
            "都市圈",
            "城市群",
            "高铁",
            "高速铁路",
            "高速公路",
        ];
        if let (Some(word), true) = (
            more.iter().find(|word| rest.starts_with(**word)),
            name.sort == Sort::Short,
        ) {
            range.end += word.len();
        }
        let read = self.found[read..]
            .iter()
            .any(|found| found.words.start <= range.start && range.end <= found.words.end);
        if read {
            return;
        }
        let words = self.words(&range);
        let Some(head) = self.view.words.head_at_end(words) else {
            return;
        };
        let named = matches!(
            head.kind,
            "metropolitan_area"
                | "city_cluster"
                | "development_axis"
                | "railway"
                | "expressway"
                | "science_city"
                | "opening_channel"
                | "new_area"
                | "airport"
                | "port"
                | "station"
        );
        if !named || words.chars().count() > 8 || head.word == words {
            return;
        }
        let members = name.members(self.words(&name.range));
        let item = Item {
            own_head: true,
            ..plain_item(words.to_owned(), range, head.kind, members.clone())
        };
        self.push(place, "Rn", &Frame::default(), item, members);
    }

    /// Rs: a plan or a region and its units.
    pub(in crate::structures) fn scope(&mut self, scope: Scope, place: &Place) {
        // After a run-in title: 培育某城镇密集区。包括甲、乙和丙。
        if scope.subject.is_empty() {
            let titled = self
                .found
                .last_mut()
                .filter(|last| last.rule == "R7" && last.block == place.block);
            if let Some(last) = titled {
                last.members = scope.members;
                last.roles.extend(
                    scope
                        .partial
                        .into_iter()
                        .map(|member| (member, "部分".to_owned())),
                );
                return;
            }
        }
        let name = self.scope_name(&scope.subject);
        let usual = self.usual(&name);
        let known = || {
            let mut names = self.view.names.iter();
            names.any(|name| self.words(&name.range) == usual)
        };
        if self.own.is_none() && self.region.contains(&name) && known() {
            self.own = Some(usual);
        }
        let kind = self
            .view
            .words
            .head_at_end(&name)
            .map_or("zone", |head| head.kind);
        let item = plain_item(name, scope.words, kind, scope.members.clone());
        self.push(place, "Rs", &Frame::default(), item, scope.members);
        if let Some(found) = self.found.last_mut() {
            found.excludes = scope.excludes;
            found.roles.extend(
                scope
                    .partial
                    .into_iter()
                    .map(|member| (member, "部分".to_owned())),
            );
        }
    }

    /// A region without 地区, if the text mostly calls it so.
    fn usual(&self, name: &str) -> String {
        let Some(short) = name.strip_suffix("地区") else {
            return name.to_owned();
        };
        let called = |words: &str| {
            let names = self.view.names.iter();
            names
                .filter(|name| self.words(&name.range) == words)
                .count()
        };
        if called(short) > called(name) {
            short.to_owned()
        } else {
            name.to_owned()
        }
    }

    /// What a scope is of: what stands before its verb, else the region of the plan's title.
    fn scope_name(&self, subject: &Range<usize>) -> String {
        let text = self.words(subject);
        let text = text.rsplit(['的', '，', '：', '（']).next().unwrap_or(text);
        let plan = text.chars().count() < 2
            || ["规划", "方案", "本区"]
                .iter()
                .any(|end| text.ends_with(end));
        if plan && !self.region.is_empty() {
            return self.region.clone();
        }
        let headed = self.view.words.head_at_end(text).is_some() && text.chars().count() <= 15;
        let last = self.view.names_in(subject).last();
        match last {
            Some(name) if !headed => self.words(&name.range).to_owned(),
            _ => text.to_owned(),
        }
    }
}
