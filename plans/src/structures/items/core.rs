//! One item of a list: what its own words say.

use std::ops::Range;

use gazetteer::FeatureClass;

use super::Item;
use super::members::members;
use super::shared::{after_label, before_work, head_within};
use super::words::{
    bracketed, is_han, is_joined, is_numbered, names_only, plain, section_of, transfer,
    without_long_aside, without_phase,
};
use crate::structures::lexicon::{Head, Shape, Use};
use crate::structures::names::{Name, Sort};
use crate::structures::route::{self, Route};
use crate::structures::status::without_tail;
use crate::structures::view::{View, aside};

/// Of 甲、乙两大枢纽, how many they are: no part of a name.
const COUNTS: [&str; 7] = ["两大", "三大", "四大", "两个", "三个", "2个", "3个"];

/// Ends of the names of waters, and of other land.
const WATERS: [char; 13] = [
    '河', '江', '湖', '塘', '浦', '溪', '港', '湾', '渠', '洋', '泊', '淀', '沟',
];
const LANDS: [char; 8] = ['山', '岭', '口', '海', '湖', '湾', '岛', '林'];

/// An item before its head is known to be its own.
pub(super) struct Core<'a> {
    /// What only the first item of its list says, and is said of all.
    pub(super) prefix: Range<usize>,
    pub(super) range: Range<usize>,
    pub(super) head: Option<&'a Head>,
    /// One past the head.
    pub(super) end: usize,
    /// Nothing but the name of a unit or region.
    pub(super) bare: bool,
    pub(super) route: Option<Route>,
    /// What stands in a bracket at its end.
    pub(super) aside: Option<Range<usize>>,
}

impl<'a> Core<'a> {
    pub(super) fn of(view: &View<'a>, piece: &Range<usize>) -> Self {
        let mut range = trimmed(view, piece);
        range.end = before_work(view, &range);
        range.start = after_label(view, &range);
        let prefix = piece.start..piece.start;
        range = without_tail(view, &range).0;
        let route = route::of(view, &range);
        let mut aside = None;
        if let (Some(open), true) = (view.at(&range).rfind('（'), view.at(&range).ends_with('）'))
        {
            let open = range.start + open;
            if !view.is_inside_name(open) && open > range.start {
                aside = Some(open + "（".len()..range.end - "）".len());
            }
        }
        let whole = range.clone();
        if let Some(inner) = &aside {
            range.end = inner.start - "（".len();
        }
        let words = view.at(&range);
        let area = ["新区", "临空经济区", "空港经济区"];
        let area = area.iter().any(|end| words.ends_with(end));
        let bare = !area
            && (view.is_name(&range).is_some_and(|name| {
                let place = matches!(name.sort, Sort::Place | Sort::Short);
                place && name.class != FeatureClass::NewArea
            }) || names_only(view, &range));
        let quoted = view.at(&range).ends_with('”');
        // 甲乙—丙丁铁路: two lines, of which the last says the kind.
        let line = view
            .name_before(range.end)
            .is_some_and(|name| name.sort == Sort::Line);
        let beyond = |end: usize| {
            line && end == range.end || route.as_ref().is_none_or(|route| route.range.end < end)
        };
        let headed = head_within(view, &range, true)
            .filter(|(end, _)| !quoted && beyond(*end))
            .or_else(|| {
                let head = super::shared::head_before(view, view.at(&range), range.end);
                head.map(|head| (range.end, head))
            })
            .filter(|(end, _)| beyond(*end))
            .or_else(|| bracketed(view, &range))
            .or_else(|| section_of(view, &range));
        let (end, head) = match headed {
            Some((end, head)) => (end, Some(head)),
            None => (range.end, None),
        };
        Self {
            prefix,
            range: whole,
            head,
            end,
            bare,
            route,
            aside,
        }
    }

    /// The words after the first place, or after the route: what the items before may share.
    pub(super) fn after_place(&self, view: &View<'a>) -> &'a str {
        let from = match (
            &self.route,
            view.names_in(&(self.range.start..self.end)).first(),
        ) {
            (Some(route), _) => route.range.end,
            (None, Some(name)) if name.range.end < self.end => name.range.end,
            // 甲500千伏输变电工程 is a name, and says of which level the others are too.
            (None, Some(name)) => match view.at(&name.range).find(|c: char| c.is_ascii_digit()) {
                Some(at) if at > 0 => name.range.start + at,
                _ => return self.head.map_or("", |head| head.word),
            },
            _ => return self.head.map_or("", |head| head.word),
        };
        // 甲山乙山|生态屏障: the places of one item.
        let inside = view.names_in(&(from..self.end)).iter();
        let from = inside.fold(from, |from, name| {
            let gap = from..name.range.start.max(from);
            let joined = matches!(view.at(&gap), "" | "山") && name.range.end < self.end;
            if joined && self.route.is_none() {
                name.range.end
            } else {
                from
            }
        });
        // 乙（迁建）|机场
        let from = from + aside(view.at(&(from..self.end))).unwrap_or(0);
        // 重点港（港区）: a bracket that holds a head noun is shared with it.
        let aside = self.aside.as_ref().filter(|aside| {
            let headed = view.words.head_at_end(view.at(aside)).is_some();
            headed && aside.start - "（".len() == self.end
        });
        let end = aside.map_or(self.end, |aside| aside.end + "）".len());
        let mut words = view.at(&(from..end));
        for count in COUNTS {
            words = words.strip_prefix(count).unwrap_or(words);
        }
        if words.is_empty() {
            self.head.map_or("", |head| head.word)
        } else {
            words
        }
    }

    /// Whether it has words that the items before it may share.
    pub(super) fn lends(&self, view: &View<'a>) -> bool {
        let alone = self
            .head
            .is_some_and(|head| head.word == view.at(&self.range));
        let town = self.head.is_some_and(|head| head.kind == "science_city");
        !(alone && town || self.after_place(view).starts_with('·'))
    }

    /// Whether a name stands in its words.
    pub(super) fn is_placed(&self, view: &View<'a>) -> bool {
        !view.names_in(&self.range).is_empty() || self.route.is_some()
    }

    /// Whether its words end with a name, and so lack a head noun.
    pub(super) fn ends_placed(&self, view: &View<'a>) -> bool {
        let end = view.at(&self.range);
        let phase = without_phase(end);
        let before_phase = self.range.start + phase.len();
        view.name_before(before_phase).is_some() && phase.len() < end.len()
            || self.bare
            || self.route.is_some()
            || view.name_before(self.range.end).is_some()
            || end.ends_with(['段', '线'])
    }

    /// Whether it lacks a head noun that a later item of its list has.
    pub(super) fn may_take(&self, view: &View<'a>) -> bool {
        let text = view.at(&self.range);
        // 引甲济乙 lacks nothing; 甲石—乙溪 and 甲港口型 are no names that are known.
        let stands = view.is_name(&self.range).is_some_and(|name| {
            matches!(name.class, FeatureClass::Station | FeatureClass::Airport)
        }) && text.ends_with(['站', '场']);
        transfer(text).is_none()
            && !stands
            && (self.ends_placed(view)
                || is_joined(text)
                || text.ends_with('型')
                || text.ends_with("LNG"))
    }

    /// Whether it reads like the name of a thing of the kind of the head that closes its list, though nobody knows it: 某塘、
    /// 某线高等级航道, 甲红树林、乙自然保护区.
    pub(super) fn is_like(&self, view: &View<'a>, head: Option<&Head>) -> bool {
        let text = view.at(&self.range);
        let short = (2..=6).contains(&text.chars().count()) && text.chars().all(is_han);
        let begins = view
            .name_at(self.range.start)
            .is_some_and(|name| name.range.end < self.range.end);
        match head.map(|head| head.kind) {
            _ if !short || self.head.is_some() => false,
            Some("nature_park") => begins || text.ends_with(LANDS),
            Some("energy_project" | "reservoir") => {
                text.chars().count() <= 4 && head.is_some_and(|head| head.shape == Shape::Each)
            }
            Some("agriculture_belt" | "industrial_park") => {
                begins && view.words.within(Use::Farm, text)
            }
            Some("waterway" | "river_corridor" | "ecological_corridor") => text.ends_with(WATERS),
            _ => false,
        }
    }

    /// Whether it may take a head noun from its list: it is placed, or short enough for a name that nobody knows.
    pub(super) fn may_share(&self, view: &View<'a>) -> bool {
        let text = view.at(&self.range);
        self.is_placed(view)
            || is_numbered(text)
            || ((2..=6).contains(&text.chars().count()) && text.chars().all(is_han))
    }

    /// Whether it is a name whose class tells its kind.
    pub(super) fn is_itself(&self, view: &View<'a>) -> bool {
        let own = view.at(&self.range);
        view.is_name(&self.range)
            .filter(|name| {
                name.class != FeatureClass::Park || own.ends_with(['区', '园', '城', '地', '谷'])
            })
            .and_then(kind_of)
            .is_some()
    }

    /// Of 甲、乙至丙|班列, for the items before the last: the words from 至 on, and the places after it.
    pub(super) fn star(&self, view: &View<'a>) -> Option<(&'a str, &[String])> {
        let route = self.route.as_ref()?;
        let (first, to) = route.nodes.split_first()?;
        let from = route.range.start + first.len();
        let words = view.at(&(from..self.end));
        let lines = ["班列", "铁路", "高铁", "高速公路", "高速", "城际", "航线"];
        (words.starts_with('至') && lines.iter().any(|line| words.ends_with(line)))
            .then_some((words, to))
    }

    /// From the place that the lines of its list start from.
    pub(super) fn from(&self, view: &View<'a>, head: Option<&Head>, from: &str) -> Item {
        let mut item = self.sharing(view, head, "");
        item.name = format!("{from}至{}", item.name);
        let units = |text: &str| {
            let mut parts = text.split('—');
            parts.all(|part| part.ends_with(['区', '市', '县']))
        };
        if self.bare && self.route.is_some() && units(view.at(&self.range)) {
            // 甲县—乙区 at the end of a line is one place.
            item.members = vec![view.at(&self.range).to_owned()];
        }
        item.members.insert(0, from.to_owned());
        item
    }

    /// From its place to those of the last item.
    pub(super) fn to(
        &self,
        view: &View<'a>,
        head: Option<&Head>,
        words: &str,
        to: &[String],
    ) -> Item {
        let mut item = self.sharing(view, head, words);
        item.members.extend(to.iter().cloned());
        item
    }

    pub(super) fn item(&self, view: &View<'a>, name: &str) -> Item {
        let name = format!("{}{name}", view.at(&self.prefix));
        let inside: &[Name] = view.names_in(&self.range);
        let mut members = match &self.route {
            // 甲至乙至丙铁路乙丙段
            Some(route)
                if inside.iter().any(|name| {
                    name.sort == Sort::Short && name.range.start >= route.range.end
                }) =>
            {
                members(view, &(route.range.end..self.range.end))
            }
            Some(route) => route
                .section(view.at(&(route.range.end..self.range.end)))
                .unwrap_or_else(|| route.nodes.clone()),
            None => members(view, &self.range),
        };
        if members.is_empty() {
            members = self::members(view, &self.prefix);
        }
        let own = view.at(&self.range);
        let number = own.trim_start_matches("国道").trim_start_matches("省道");
        if members.is_empty() && is_numbered(number) {
            members = vec![number.to_owned()];
        }
        members.dedup();
        let mut provinces: Vec<u32> = inside
            .iter()
            .flat_map(|name| name.provinces.clone())
            .collect();
        provinces.sort_unstable();
        provinces.dedup();
        let status = self.aside.as_ref().and_then(|aside| {
            let verb = view.words.verb_of(view.at(aside));
            verb.filter(|verb| verb.weight > 0).map(|verb| verb.status)
        });
        Item {
            range: self.range.clone(),
            name,
            kind: None,
            shape: Shape::Own,
            members,
            provinces,
            own_head: false,
            status,
        }
    }

    /// 某国家公园（甲段、乙段）: one for each section.
    pub(super) fn sections(&self, view: &View<'a>, item: Item) -> Vec<Item> {
        let Some(aside) = &self.aside else {
            return vec![item];
        };
        let parts = view.split(aside, &['、']);
        if parts.len() < 2 || !parts.iter().all(|part| view.at(part).ends_with('段')) {
            return vec![item];
        }
        let base = view.at(&(self.range.start..aside.start - "（".len()));
        let section = |part: Range<usize>| Item {
            name: format!("{base}（{}）", view.at(&part)),
            members: members(view, &part),
            ..item.clone()
        };
        parts.into_iter().map(section).collect()
    }

    /// With a head noun of its own.
    pub(super) fn named(&self, view: &View<'a>, head: &Head) -> Item {
        let mut end = self.end;
        for word in ["工程", "二期", "一期", "三期"] {
            if view.at(&(end..self.range.end)).starts_with(word) {
                end += word.len();
            }
        }
        let name = match &self.aside {
            Some(aside) if aside.start - "（".len() == end => self.range.end,
            _ => end,
        };
        let words = without_long_aside(view.at(&(self.range.start..name)));
        let mut name = plain(view, &words);
        for count in COUNTS {
            let part = |at: &usize| {
                let before = name[..*at].chars().last();
                before.is_some_and(|c| !c.is_ascii_digit() && c != '第')
            };
            if let Some(at) = name.find(count).filter(part) {
                name.replace_range(at..at + count.len(), "");
            }
        }
        let item = self.item(view, &name);
        let before_head = words.split(head.word).next().unwrap_or("");
        let site = self
            .site(view, before_head)
            .filter(|_| head.kind == "power_line");
        // 甲乙管道|复线: of what the line is a double.
        let before = words
            .strip_suffix(head.word)
            .filter(|_| head.word == "复线");
        let carried = before.and_then(|before| view.words.head_at_end(before));
        Item {
            kind: Some(carried.map_or(head.kind, |head| head.kind)),
            shape: head.shape,
            own_head: true,
            members: site.map_or_else(|| item.members.clone(), |site| vec![site]),
            ..item
        }
    }

    /// With the head noun that its list shares.
    pub(super) fn sharing(&self, view: &View<'a>, head: Option<&Head>, words: &str) -> Item {
        let own = without_long_aside(view.at(&self.range));
        let own = own.as_ref();
        // 甲LNG、乙LNG接收站
        let words = match words.strip_prefix("LNG") {
            Some(rest) if own.ends_with("LNG") => rest,
            _ => words,
        };
        let kind = head.map(|head| head.kind);
        let section = own.ends_with(['段', '线']) || own.contains('“');
        let line =
            kind.is_some_and(|kind| matches!(kind, "railway" | "expressway" | "road" | "waterway"));
        let short = view
            .is_name(&self.range)
            .is_some_and(|name| name.sort == Sort::Short);
        let bare = section || (line && (self.route.is_some() || short));
        // 某国际新城 is a name that lacks nothing.
        let whole = self.is_itself(view) && own.ends_with(['城', '区', '园', '谷'])
            || kind == Some("station") && own.ends_with('站')
            || line && head.is_some_and(|head| own.contains(head.word));
        let name = if bare || whole || words.is_empty() || own.ends_with(words) {
            own.to_owned()
        } else {
            format!("{own}{words}")
        };
        let item = self.item(view, &name);
        let members = match kind {
            Some("station" | "power_line") => self.site(view, own).map(|site| vec![site]),
            _ => None,
        };
        Item {
            kind,
            shape: head.map_or(Shape::Own, |head| head.shape),
            members: members.unwrap_or_else(|| item.members.clone()),
            ..item
        }
    }

    /// 甲东 and 甲北乙山 are sites by their whole name: stations and substations are not where their town is.
    fn site(&self, view: &View<'a>, own: &str) -> Option<String> {
        let own = own.split(|c: char| c.is_ascii_digit()).next()?;
        let name = view.name_at(self.range.start)?;
        let rest = own.get(name.range.len()..)?;
        let quarter = matches!(rest.trim_end_matches('站'), "东" | "南" | "西" | "北");
        let next = view.name_at(name.range.end);
        let site = next.is_some_and(|next| next.range.len() == rest.len() && !next.sort.is_line())
            || rest.is_empty() && name.sort == Sort::Site;
        (self.route.is_none() && (quarter || site)).then(|| own.to_owned())
    }

    pub(super) fn unheaded(&self, view: &View<'a>) -> Item {
        let text = view.at(&self.range);
        // 江津 may be a port: without its class it says that only in a list of ports.
        let facility = |name: &&Name| {
            !matches!(
                name.class,
                FeatureClass::Port
                    | FeatureClass::Airport
                    | FeatureClass::Station
                    | FeatureClass::Park
            ) || without_phase(text).ends_with(['港', '站', '场', '区', '园', '城', '地'])
        };
        let phase = without_phase(text.trim_end_matches("工程"));
        let named = self.range.start..self.range.start + phase.len();
        let kind = view
            .is_name(&self.range)
            .or_else(|| view.is_name(&named))
            .filter(facility)
            .and_then(kind_of)
            .or_else(|| transfer(text))
            .or_else(|| {
                let number = text.trim_start_matches("国道").trim_start_matches("省道");
                is_numbered(number).then_some("road")
            });
        // A slogan in quotation marks is a thing of its own.
        let quoted = text.find('“').filter(|_| text.ends_with('”'));
        let river = text.contains('江') && text.contains('岸');
        let inside = text.trim_end_matches('”');
        let wood = inside.ends_with("林带") || inside.ends_with("廊道");
        let slogan = quoted.map(|_| match (river, wood) {
            (true, _) => "river_corridor",
            (_, true) => "ecological_corridor",
            _ => "other",
        });
        // 甲区|“两河四岸”: the place before it says where it is.
        let placed = quoted.filter(|at| {
            let before = self.range.start..self.range.start + at;
            view.is_name(&before).is_some() || names_only(view, &before)
        });
        let name = &text[placed.unwrap_or(0)..];
        // 甲电入乙|工程 is called so.
        let work = transfer(text).is_some() && view.text[self.range.end..].starts_with("工程");
        Item {
            kind: kind.or(slogan),
            ..self.item(view, &format!("{name}{}", if work { "工程" } else { "" }))
        }
    }
}

/// The kind of thing that the class of a name makes it.
fn kind_of(name: &Name) -> Option<&'static str> {
    use gazetteer::FeatureClass as C;
    Some(match name.class {
        C::Airport => "airport",
        C::Station => "station",
        C::Port => "port",
        C::Railway => "railway",
        C::Expressway => "expressway",
        C::Road | C::Bridge | C::Tunnel => "road",
        C::Waterway => "waterway",
        C::Reservoir => "reservoir",
        C::Dam | C::PowerStation => "energy_project",
        C::Irrigation => "irrigation_district",
        C::WaterProject => "water_project",
        C::Scenic => "tourism_site",
        C::Substation => "power_line",
        C::Field | C::Pipeline => "oil_gas",
        C::NewArea => "new_area",
        C::Park => "industrial_park",
        C::Channel => "opening_channel",
        _ => return None,
    })
}

/// Without joints and marks at its edges.
fn trimmed(view: &View<'_>, piece: &Range<usize>) -> Range<usize> {
    let text = view.at(piece);
    let marks = ['、', '，', '：', '—', ' ', '·'];
    let left = text.trim_start_matches(marks);
    let start = piece.end - left.len();
    let mut end = start + left.trim_end_matches(marks).len();
    let ended = view.at(&(start..end));
    end -= if ended.ends_with("等") {
        "等".len()
    } else {
        0
    };
    let mut start = start;
    for joint in ["以及", "和", "及", "与"] {
        let text = view.at(&(start..end));
        if text.starts_with(joint) && view.name_at(start).is_none() && text.len() > joint.len() {
            start += joint.len();
        }
    }
    start..end
}
