//! What is judged of a thing of a list: where it is, of what kind, and whether it is a thing at all.

use gazetteer::FeatureClass;

use super::{Rules, Subject};
use crate::structures::items::{self, Item};
use crate::structures::lexicon::{Use, Verb};
use crate::structures::names::{Name, Sort};
use crate::structures::status::Frame;

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

/// Ends of the names of waters.
const WATERS: [&str; 11] = [
    "水道", "运河", "河", "江", "湖", "溪", "塘", "浦", "湾", "淀", "泊",
];
/// Words that no name of a water or a sight holds.
const GENERIC: [&str; 36] = [
    "湖泊",
    "水库",
    "海湾",
    "港湾",
    "内湖",
    "大河",
    "小河",
    "次级",
    "山水",
    "一级",
    "重要",
    "主要",
    "重点",
    "中小",
    "城市",
    "跨",
    "干",
    "支",
    "流域",
    "各",
    "黑臭",
    "入",
    "沿",
    "水体",
    "生态",
    "农村",
    "城乡",
    "界",
    "内河",
    "骨干",
    "高等级",
    "江河",
    "河湖",
    "库",
    "文化",
    "旅游",
];

impl Rules<'_> {
    /// Where a thing is: by its own name, or by what the clauses before say.
    pub(super) fn where_it_is(
        &self,
        item: &Item,
        subject: &Subject,
        frame: &Frame,
        rule: &'static str,
    ) -> Vec<String> {
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
        // Of bases of industry that several are to build nobody says whose they are.
        let several = item.name.ends_with("基地") && subject.near.len() > 1;
        let made = subject.acts && !some && !several && frame.builds(self.view.words);
        if item.members.is_empty() && (ranked || made) || wide && made {
            return subject.near.clone();
        }
        if item.members.is_empty()
            && let Some(own) = self.at_itself(item)
        {
            return vec![own];
        }
        // 宽带中国 is nowhere in particular.
        if item.members == ["中国"] {
            return Vec::new();
        }
        item.members.clone()
    }

    /// What nobody knows and is named by itself: a water, a sight of a list, an irrigated land.
    fn at_itself(&self, item: &Item) -> Option<String> {
        let text = self.words(&item.range);
        let kind = item.kind?;
        // 引甲济乙 that nobody knows
        if let Some(own) = items::transferred(text).filter(|_| kind == "water_project") {
            return Some(own.to_owned());
        }
        let named = |words: &str| {
            let han = words
                .chars()
                .all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            let any = GENERIC.iter().any(|word| words.contains(word));
            (2..=6).contains(&words.chars().count()) && han && !any
        };
        if item.own_head {
            let water = matches!(kind, "waterway" | "river_corridor" | "ecological_corridor");
            let end = WATERS
                .iter()
                .filter_map(|end| text.find(end).map(|at| at + end.len()));
            let own = &text[..end.min().filter(|_| water)?];
            let rivers = text[own.len()..].starts_with('流');
            return (!rivers && named(own)).then(|| own.to_owned());
        }
        let listed = matches!(
            kind,
            "waterway"
                | "river_corridor"
                | "ecological_corridor"
                | "irrigation_district"
                | "energy_project"
                | "reservoir"
                | "nature_park"
                | "tourism_site"
        );
        let park = ["公园", "保护区", "保护地"];
        if kind == "nature_park" && !park.iter().any(|end| item.name.ends_with(end)) {
            return None;
        }
        let water = |kind| matches!(kind, "waterway" | "river_corridor" | "ecological_corridor");
        let ends = !water(kind) || WATERS.iter().any(|end| text.ends_with(end));
        (listed && ends && item.name.len() > text.len() && named(text)).then(|| text.to_owned())
    }

    /// Whether a thing is only spoken of: by its class alone, as a region that is nothing new, or with no place and no
    /// rank in the country.
    pub(super) fn is_vague(&self, item: &Item, head: &str, members: &[String]) -> bool {
        let region = self.view.name_at(item.range.start).is_some_and(|name| {
            name.class == FeatureClass::Region && self.words(&name.range) == item.name
        });
        let pilot = ["试验区", "示范区"];
        let pilot = pilot.iter().any(|word| item.name.contains(word));
        let wide = !pilot && WIDE.iter().any(|end| item.name.ends_with(end));
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
        // 甲文化等旅游资源 is no sight.
        let culture = kind == "tourism_site" && !item.own_head && item.name.ends_with("文化");
        // 支持甲发挥优势，建设商贸物流中心: a noun that needs no name says what is built there.
        let carried = head == item.name
            && item.members.is_empty()
            && !members.is_empty()
            && head.chars().count() >= 4
            && matches!(kind, "logistics_hub" | "financial_center" | "other");
        let bare = culture || bare && !carried || head == "航线" && members.len() < 2;
        bare || nothing_new || goal || cluster || (members.is_empty() && !ranked)
    }

    /// What its name and its members make of the kind of its head: a belt of farms, a park across a border.
    pub(super) fn refined(&self, kind: &'static str, item: &Item, head: &str) -> &'static str {
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
    pub(super) fn is_predicate(&self, item: &Item) -> bool {
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
pub(super) fn is_mere_slogan(item: &Item, frame: &Frame) -> bool {
    let slogan = item.kind == Some("other") && item.name.ends_with('”') && !item.own_head;
    let builds = |verb: &Verb| BUILDS.iter().any(|word| verb.word.contains(word));
    slogan && (item.members.is_empty() || !frame.verbs.iter().any(builds))
}
