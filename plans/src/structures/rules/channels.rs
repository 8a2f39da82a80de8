//! Channels by where they lead, and corridors by what they are made of.

use std::ops::Range;

use super::{Place, Rules, Subject, plain_item};
use crate::structures::names::{Name, Sort};
use crate::structures::places;
use crate::structures::status::Frame;
use crate::structures::view::attribute;

/// Before the places that a channel leads to or through.
const LEADS: [&str; 4] = ["经", "连接", "联通", "通往"];
/// Between what a corridor is made of and its name: 以甲、乙为主体的某廊道.
const BODY: [&str; 10] = [
    "为主轴",
    "为轴线",
    "为发展轴",
    "为主体",
    "为骨架",
    "为核心",
    "为重点",
    "为支撑",
    "为主",
    "为基础",
];
/// A corridor is of at most so many rivers and hills: clauses that repeat it stay cheap.
const MOST_PARTS: usize = 40;

impl Rules<'_> {
    /// R1: 经甲至乙、经丙的国际大通道; 与甲、乙之间的多向通道; 连接甲、乙的国内通道.
    pub(super) fn channels(&mut self, frame: &Frame, place: &Place) -> bool {
        let object = &frame.object;
        let Some(at) = attribute(self.words(object)).map(|at| object.start + at) else {
            return false;
        };
        let name = self.words(&(at + "的".len()..object.end));
        let head = self.view.words.head_at_end(name);
        let channel = head.is_some_and(|head| {
            matches!(head.kind, "opening_channel" | "transport_corridor")
                && head.word.ends_with("通道")
        });
        if !channel || name.contains('、') {
            return false;
        }
        let name = name.trim_start_matches([
            '一', '两', '三', '四', '五', '六', '七', '八', '九', '十', '大',
        ]);
        let before = object.start..at;
        self.between(frame, &before, name, place) || self.leading(frame, &before, name, place)
    }

    /// 甲与乙、丙之间的通道
    fn between(&mut self, frame: &Frame, before: &Range<usize>, name: &str, place: &Place) -> bool {
        let Some(end) = self.words(before).strip_suffix("之间") else {
            return false;
        };
        let before = before.start..before.start + end.len();
        let Some(with) = self.view.find(&before, "与") else {
            return false;
        };
        let near = self.words(&(before.start..with));
        let Some(list) = places::at_start(&self.view, &(with + "与".len()..before.end)) else {
            return false;
        };
        let here = places::at_start(&self.view, &(before.start..with)).map(|list| list.members);
        let here = here.unwrap_or_else(|| self.own.iter().cloned().collect());
        if list.end < before.end {
            return false;
        }
        for range in &list.items {
            let words = self.words(range);
            let one = format!("{near}与{words}之间的{name}");
            let members: Vec<String> = here.iter().cloned().chain([words.to_owned()]).collect();
            let item = plain_item(one, range.clone(), "opening_channel", members.clone());
            self.push(place, "R1", frame, item, members);
        }
        true
    }

    /// 经甲至乙、经丙出海的通道; 连接甲、乙的通道
    fn leading(&mut self, frame: &Frame, before: &Range<usize>, name: &str, place: &Place) -> bool {
        let text = self.words(before);
        let (lead, from) = match LEADS.iter().find(|word| text.starts_with(**word)) {
            Some(word) => (*word, before.start + word.len()),
            // The verb before may have been taken for one of the clause.
            None => match LEADS.iter().find(|word| frame.printed.ends_with(**word)) {
                Some(word) => (*word, before.start),
                None => return false,
            },
        };
        let text = self.words(&(from..before.end));
        let text = text.strip_prefix("毗邻").unwrap_or(text);
        let from = before.end - text.len();
        let mut found = Vec::new();
        for piece in self.view.split(&(from..before.end), &['、']) {
            let words = self.words(&piece);
            let piece = piece.end - words.strip_prefix(lead).unwrap_or(words).len()..piece.end;
            let mut piece = piece;
            if let Some(etc) = self.view.find(&piece, "等") {
                piece.end = etc;
            }
            if self.view.name_at(piece.start).is_none() {
                return false;
            }
            found.push(piece);
        }
        if found.len() < 2 {
            return false;
        }
        for range in found {
            let names = self.view.names_in(&range).iter();
            let ends = names.map(|name| self.words(&name.range).to_owned());
            let members: Vec<String> = self.own.iter().cloned().chain(ends).collect();
            let one = format!("{lead}{}{name}", self.words(&range));
            let item = plain_item(one, range, "opening_channel", members.clone());
            self.push(place, "R1", frame, item, members);
        }
        true
    }

    /// 以甲江、乙江为主体的生态廊道: one for each, and the whole. What a clause says of the body only is kept for
    /// the next.
    pub(super) fn made_of(&mut self, frame: &Frame, place: &Place, subject: &mut Subject) -> bool {
        let object = &frame.object;
        let text = self.words(object);
        let Some((at, word)) = self.view.find_all(object, &BODY).last() else {
            return false;
        };
        let starts = text.starts_with('以');
        if !starts && subject.body.is_empty() {
            return false;
        }
        if let Some(axis) = self
            .words(&(at..object.end))
            .strip_prefix('为')
            .filter(|word| starts && matches!(*word, "主轴" | "轴线" | "发展轴"))
        {
            let range = object.start + "以".len()..at;
            let members = self.waters_and_hills(&range);
            if members.len() < 2 {
                return false;
            }
            for one in &members {
                let name = format!("{one}{axis}");
                let item = plain_item(name, range.clone(), "development_axis", vec![one.clone()]);
                self.push(place, "R1", frame, item, vec![one.clone()]);
            }
            subject.body = members;
            return true;
        }
        if starts {
            subject.body = self.waters_and_hills(&(object.start..at));
            subject.body_verbs.clone_from(&frame.verbs);
        }
        let rest = at + word.len()..object.end;
        let Some(name) = self.words(&rest).strip_prefix('的') else {
            return starts && !subject.body.is_empty() && rest.is_empty();
        };
        let range = rest.end - name.len()..rest.end;
        let mut frame = frame.clone();
        frame.verbs.splice(0..0, subject.body_verbs.iter().copied());
        self.of_body(&frame, &range, place, subject)
    }

    /// The rivers and hills that a range names.
    pub(super) fn waters_and_hills(&self, range: &Range<usize>) -> Vec<String> {
        let names = self.view.names_in(range).iter();
        let nature = names.filter(|name: &&Name| name.sort == Sort::Nature);
        nature
            .take(MOST_PARTS)
            .map(|name| self.words(&name.range).to_owned())
            .collect()
    }

    /// A corridor of the rivers and hills that were listed.
    pub(super) fn of_body(
        &mut self,
        frame: &Frame,
        range: &Range<usize>,
        place: &Place,
        subject: &Subject,
    ) -> bool {
        let name = self.words(range);
        let head = self.view.words.head_at_end(name).copied();
        let Some(head) = head.filter(|head| head.kind.starts_with("ecological_")) else {
            return false;
        };
        let named = self
            .view
            .names_in(range)
            .iter()
            .any(|name| name.sort == Sort::Nature);
        if subject.body.len() < 2 || named || name.contains('、') {
            return false;
        }
        if head.word != name {
            let item = plain_item(
                name.to_owned(),
                range.clone(),
                head.kind,
                subject.body.clone(),
            );
            self.push(place, "R1", frame, item, subject.body.clone());
        }
        if head.kind == "ecological_corridor" {
            for one in &subject.body {
                let name = format!("{one}{}", head.word);
                let item = plain_item(name, range.clone(), head.kind, vec![one.clone()]);
                self.push(place, "R1", frame, item, vec![one.clone()]);
            }
        }
        true
    }
}
