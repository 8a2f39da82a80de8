//! Names as the rules see them: what sort of thing each is, and the places that it stands for.

use std::ops::Range;

use gazetteer::{FeatureClass, Gazetteer, Place, short_form};

use crate::mentions::{Mention, is_generic};

/// Ends of the names of places of science, which seldom say where they are.
const SCIENCE: [&str; 6] = ["科技城", "生物城", "谷", "创新中心", "创新基地", "基因库"];

/// What a name is to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A unit, town, zone or region: something that acts and that things stand in.
    Place,
    /// A short name made of several: 成德眉资.
    Short,
    /// A thing that stands in a place: an airport, a park, a sight.
    Site,
    /// A railway, road, pipeline or channel.
    Line,
    /// A river, lake or mountain.
    Nature,
    /// A name of something that is nowhere: a strategy, a brand.
    Idea,
}

impl Sort {
    pub(super) fn is_line(self) -> bool {
        self == Self::Line
    }
}

/// A name in the text.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Bytes of the clean text.
    pub(super) range: Range<usize>,
    pub(super) sort: Sort,
    pub(super) class: FeatureClass,
    /// Of a short name or a line: the places that it is made of, in printed order.
    pub(super) parts: Vec<String>,
    /// The names inside it.
    pub(super) inner: Vec<Name>,
    /// The unit that its words begin with.
    lead: Option<String>,
    /// Of a word that is a name only where the text has said of which, the full name: 中心城区.
    full: Option<String>,
    /// Of a place of science: the city that it stands in, or the county of a city that is a province.
    above: Option<String>,
    /// Whether the gazetteer knows where it is.
    placed: bool,
    /// Two countries, the own one first: partners, and no place of what they build together.
    pub(super) pair: bool,
    /// Of a short name, whether all that it is made of are provinces.
    pub(super) of_provinces: bool,
    /// Codes of the provinces that it lies in, as far as known.
    pub(super) provinces: Vec<u32>,
}

impl Name {
    /// What the rules need to know of a mention.
    pub(super) fn of(gazetteer: &Gazetteer, mention: &Mention<'_>) -> Self {
        let class = mention.class;
        let best = mention.senses.first().map(|sense| sense.found.place);
        let mut parts = Vec::new();
        let mut provinces = Vec::new();
        let mut pair = false;
        let mut of_provinces = false;
        if let Some(place) = best {
            let members = gazetteer.members(&place);
            for member in &members {
                provinces.extend(member.adcode.map(|code| code / 10_000));
            }
            let named: Vec<String> = members
                .iter()
                .map(|member| short_form(member.name).to_owned())
                .collect();
            match class {
                FeatureClass::Compound | FeatureClass::Region | FeatureClass::WaterProject => {
                    parts = named;
                }
                FeatureClass::Railway | FeatureClass::Expressway | FeatureClass::Road => {
                    parts = spelled(gazetteer, &mention.surface, &members);
                }
                FeatureClass::Channel if mention.surface.ends_with('线') => {
                    parts = spelled(gazetteer, &mention.surface, &members);
                }
                FeatureClass::Pipeline if mention.surface.contains("电入") => {
                    parts = letters(gazetteer, &mention.surface);
                }
                // 渝, 川: a letter is read as its province.
                FeatureClass::Province if mention.surface.chars().nth(1).is_none() => {
                    parts.push(short_form(place.name).to_owned());
                }
                _ => {}
            }
            let abroad = |place: &Place<'_>| {
                matches!(place.class, FeatureClass::Country | FeatureClass::Foreign)
            };
            of_provinces = !members.is_empty()
                && members
                    .iter()
                    .all(|member| member.class == FeatureClass::Province);
            pair = class == FeatureClass::Compound
                && members.len() == 2
                && members.iter().all(abroad)
                && members[0].class == FeatureClass::Country;
            provinces.extend(place.adcode.map(|code| code / 10_000));
            if provinces.is_empty() {
                let parent = gazetteer.parent(&place);
                provinces.extend(
                    parent
                        .and_then(|parent| parent.adcode)
                        .map(|code| code / 10_000),
                );
            }
        }
        // A short name that no table has is made of what the reader found in it.
        if best.is_none_or(|_| class == FeatureClass::Compound)
            && parts.len() < 2
            && mention.parts.len() > 1
        {
            let found = mention.parts.iter().map(|part| &part.found.place);
            parts = found
                .clone()
                .map(|place| short_form(place.name).to_owned())
                .collect();
            provinces.extend(
                found
                    .filter_map(|place| place.adcode)
                    .map(|code| code / 10_000),
            );
        }
        if parts.len() < 2 && matches!(class, FeatureClass::Region | FeatureClass::Compound) {
            parts = bracketed(gazetteer, &mention.surface).unwrap_or(parts);
        }
        provinces.sort_unstable();
        provinces.dedup();
        let idea = best.is_some_and(|place| is_slogan(&place, class));
        Self {
            range: mention.range.clone(),
            sort: if idea { Sort::Idea } else { sort_of(class) },
            class,
            parts,
            inner: Vec::new(),
            lead: lead(gazetteer, &mention.surface, &provinces).map(|found| {
                // A park of a province is where the city after it is.
                let park = class == FeatureClass::Park;
                let after = park.then(|| &mention.surface[found.len()..]);
                let finer = after.and_then(|after| finer(gazetteer, after, &found));
                finer.map_or(found.clone(), str::to_owned)
            }),
            full: best
                .filter(|_| is_generic(&mention.surface))
                .map(|place| place.name.to_owned()),
            above: best
                .filter(|_| matches!(class, FeatureClass::Park | FeatureClass::Facility))
                .filter(|_| SCIENCE.iter().any(|end| mention.surface.ends_with(end)))
                .and_then(|place| city_of(gazetteer, &place)),
            placed: best.is_some_and(|place| place.unlocated.is_empty()),
            pair,
            of_provinces,
            provinces,
        }
    }

    /// The places that make a structure of this name, and of `words` as it is printed.
    pub(super) fn members(&self, words: &str) -> Vec<String> {
        use FeatureClass as C;
        let itself = || vec![self.full.clone().unwrap_or_else(|| words.to_owned())];
        let short = self.inner.iter().find(|inner| inner.sort == Sort::Short);
        let seat = || {
            short
                .filter(|short| !short.pair && !short.parts.is_empty())
                .map(|short| short.parts.clone())
                .or_else(|| self.neighbours(words))
                .or_else(|| self.seat(words).map(|seat| vec![seat]))
                .unwrap_or_else(itself)
        };
        match self.sort {
            Sort::Short if self.pair => itself(),
            Sort::Short => self.parts.clone(),
            // 轨道交通某市线 names its place in full: its stations are not in the words.
            Sort::Line if self.units(words).next().is_some() => self.units(words).collect(),
            Sort::Line if self.parts.len() > 1 => self.parts.clone(),
            Sort::Idea => Vec::new(),
            Sort::Nature => itself(),
            // 甲岛片区 is where 甲岛 is, 甲某旅游走廊 where 甲.
            Sort::Place if ["片区", "走廊"].iter().any(|end| words.ends_with(end)) => {
                let first = self.inner.first().filter(|inner| inner.sort != Sort::Short);
                first
                    .and_then(|inner| self.text_of(inner, words))
                    .map_or_else(itself, |name| vec![name])
            }
            // 成渝|地区 is the places of its short name.
            Sort::Place if self.class != C::NewArea => {
                let spelled = self.class == C::Province || words.ends_with('）');
                let letter = (spelled && !self.parts.is_empty()).then_some(self);
                letter
                    .or(short)
                    .map_or_else(itself, |short| short.parts.clone())
            }
            // What is known by more than its city is a place of its own.
            Sort::Site if self.class == C::WaterProject && self.parts.len() > 1 => {
                self.parts.clone()
            }
            Sort::Site
                if words.ends_with("国际机场") || matches!(self.class, C::Port | C::Station) =>
            {
                itself()
            }
            _ => seat(),
        }
    }

    /// The words of a name inside this one.
    fn text_of(&self, inner: &Name, words: &str) -> Option<String> {
        let start = inner.range.start.checked_sub(self.range.start)?;
        let text = words.get(start..start + inner.range.len());
        text.map(str::to_owned)
    }

    /// The units that it names by more than a letter.
    fn units(&self, words: &str) -> impl Iterator<Item = String> {
        use FeatureClass as C;
        let units = self.inner.iter();
        let units = units.filter(|inner| matches!(inner.class, C::Prefecture | C::County));
        units
            .filter_map(|inner| self.text_of(inner, words))
            .filter(|text| text.chars().nth(1).is_some())
    }

    /// The two units of one level that build a park together: 甲市乙市合作园.
    fn neighbours(&self, words: &str) -> Option<Vec<String>> {
        use FeatureClass as C;
        let units = self.inner.iter();
        let mut units = units.filter(|inner| matches!(inner.class, C::Prefecture | C::County));
        let (first, second) = (units.next()?, units.next()?);
        let joined = first.range.end == second.range.start && first.class == second.class;
        if self.class != C::Park || !joined || first.range.start != self.range.start {
            return None;
        }
        let both = [first, second].map(|inner| self.text_of(inner, words));
        both.into_iter().collect()
    }

    /// The unit that a site or line names itself by, else the river.
    fn seat(&self, words: &str) -> Option<String> {
        use FeatureClass as C;
        let of = |classes: &[C]| {
            let mut inner = self.inner.iter();
            inner
                .find(|inner| classes.contains(&inner.class))
                .and_then(|inner| self.text_of(inner, words))
        };
        let sight = self.class == C::Scenic;
        let named = sight || self.class == C::NewArea;
        let along = self.sort == Sort::Line || sight && !self.placed;
        let lead = || self.lead.clone();
        lead()
            .filter(|_| !named)
            .or_else(|| of(&[C::Prefecture, C::County, C::EconomicZone]))
            .or_else(|| of(&[C::Province]).filter(|_| !named))
            .or_else(|| of(&[C::River, C::Lake]).filter(|_| along))
            .or_else(|| self.above.clone())
    }
}

/// The city that a site stands in: its prefecture, or its county where no prefecture is above it.
fn city_of(gazetteer: &Gazetteer, place: &Place<'_>) -> Option<String> {
    let parent = gazetteer.parent(place)?;
    let city = match parent.class {
        FeatureClass::Prefecture => parent,
        FeatureClass::County => {
            let prefecture = parent.adcode.map(|code| code / 100 * 100);
            let prefecture = prefecture.and_then(|code| gazetteer.unit(code));
            prefecture
                .filter(|unit| unit.class == FeatureClass::Prefecture)
                .unwrap_or(parent)
        }
        _ => return None,
    };
    Some(short_form(city.name).to_owned())
}

/// A slogan has a name and is nowhere.
fn is_slogan(place: &Place<'_>, class: FeatureClass) -> bool {
    place.unlocated.contains("slogan")
        && matches!(class, FeatureClass::Channel | FeatureClass::Region)
}

/// 甲（乙）丙（丁）: a letter and the rest of its name in a bracket, two or more of them.
fn bracketed(gazetteer: &Gazetteer, surface: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = surface;
    while !rest.is_empty() {
        let (first, after) = rest.split_once('（')?;
        let (inner, after) = after.split_once('）')?;
        let name = format!("{first}{inner}");
        gazetteer.find_one(&name, None)?;
        parts.push(name);
        rest = after;
    }
    (parts.len() > 1).then_some(parts)
}

/// The provinces of the letters of a short name: 甲电入乙.
fn letters(gazetteer: &Gazetteer, surface: &str) -> Vec<String> {
    let provinces = surface
        .chars()
        .filter_map(|letter| province_of_letter(gazetteer, letter));
    provinces
        .map(|place| short_form(place.name).to_owned())
        .collect()
}

fn province_of_letter(gazetteer: &Gazetteer, letter: char) -> Option<Place<'_>> {
    let found = gazetteer.find_one(&letter.to_string(), None)?;
    (found.place.class == FeatureClass::Province).then_some(found.place)
}

/// The longest name of a prefecture, county or municipality that a longer name begins with: of the provinces that it lies
/// in, where those are known, and no piece of another word (宝鸡 of 宝鸡峡).
fn lead(gazetteer: &Gazetteer, surface: &str, provinces: &[u32]) -> Option<String> {
    let lengths = gazetteer.names_at_start(surface);
    let names = lengths.into_iter().rev().map(|length| &surface[..length]);
    let mut names = names.filter(|name| {
        let longer = surface[name.len()..].starts_with(['峡', '口', '河', '山', '湖']);
        !longer && name.len() < surface.len() && name.chars().nth(1).is_some()
    });
    let found = names.find(|name| {
        let found = gazetteer.find_one(name, None);
        found.is_some_and(|found| {
            let code = found.place.adcode.map(|code| code / 10_000);
            let near = provinces.is_empty() || code.is_some_and(|code| provinces.contains(&code));
            let unit =
                found.place.class.is_administrative() && found.place.class != FeatureClass::Country;
            unit && near
        })
    });
    let found = found?;
    Some(
        finer(gazetteer, &surface[found.len()..], found)
            .unwrap_or(found)
            .to_owned(),
    )
}

/// The unit of a province whose name follows the province's: of 甲省乙市某园区 the second says more.
fn finer<'s>(gazetteer: &Gazetteer, after: &'s str, province: &str) -> Option<&'s str> {
    let above = gazetteer.find_one(province, None)?.place;
    let code = above
        .adcode
        .filter(|_| above.class == FeatureClass::Province)?
        / 10_000;
    let lengths = gazetteer.names_at_start(after);
    let mut names = lengths.into_iter().rev().map(|length| &after[..length]);
    names.find(|name| {
        let found = gazetteer.find_one(name, None);
        let longer = after[name.len()..].starts_with(['峡', '口', '河', '山', '湖']);
        !longer
            && name.chars().nth(1).is_some()
            && name.len() < after.len()
            && found.is_some_and(|found| {
                matches!(
                    found.place.class,
                    FeatureClass::Prefecture | FeatureClass::County
                ) && found.place.adcode.map(|code| code / 10_000) == Some(code)
            })
    })
}

/// The places that the short name of a line spells, of its nodes and the provinces: 渝遂 of all that lie between.
fn spelled(gazetteer: &Gazetteer, surface: &str, places: &[Place<'_>]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let nodes: Vec<String> = places
        .iter()
        .map(|place| short_form(place.name).to_owned())
        .collect();
    let letters = surface.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    for found in letters.chars().take(5) {
        let province = province_of_letter(gazetteer, found);
        // A letter is the province that the line runs in before it is a town of the same first letter.
        let runs = province.filter(|province| {
            let code = province.adcode.map(|code| code / 10_000);
            places
                .iter()
                .any(|place| place.adcode.map(|code| code / 10_000) == code)
        });
        let named =
            |province: Option<Place<'_>>| province.map(|place| short_form(place.name).to_owned());
        let node = || nodes.iter().find(|node| node.starts_with(found));
        let node = || {
            node()
                .or_else(|| nodes.iter().find(|node| node.contains(found)))
                .cloned()
        };
        match named(runs).or_else(node).or_else(|| named(province)) {
            Some(part) if !parts.contains(&part) => parts.push(part),
            _ => break,
        }
    }
    if parts.len() < 2 && lead(gazetteer, surface, &[]).is_none() {
        parts = nodes
            .first()
            .into_iter()
            .chain(nodes.last())
            .cloned()
            .collect();
        parts.dedup();
    }
    parts
}

fn sort_of(class: FeatureClass) -> Sort {
    use FeatureClass as C;
    match class {
        C::Country
        | C::Province
        | C::Prefecture
        | C::County
        | C::Town
        | C::Settlement
        | C::NewArea
        | C::EconomicZone
        | C::District
        | C::Region
        | C::Foreign => Sort::Place,
        C::Other => Sort::Idea,
        C::Compound => Sort::Short,
        C::Railway | C::Expressway | C::Road | C::Waterway | C::Pipeline | C::Channel => Sort::Line,
        C::River | C::Lake | C::Mountain => Sort::Nature,
        _ => Sort::Site,
    }
}
