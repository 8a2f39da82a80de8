//! The figures that a plan prints, held against its lists, the areas of its units, and one another.
//!
//! A scanned plan loses decimal points, and a list loses items. What is checked is the printed digits, never the value that
//! the catalogue gives for them.

use gazetteer::{Gazetteer, Unit, area_m2};

use crate::catalogue::{ExtentKind, Figure, Member, Plan, Structure};

/// Areas of the same units in two sources differ by less: borders are simplified, and plans round.
const AREA_TOLERANCE: f64 = 0.05;
/// Sums of printed parts: the plan rounds each.
const SUM_TOLERANCE: f64 = 0.01;
/// Persons a square kilometre of built-up land, least and most: about twice what the code for urban land (GB 50137-2011: 65 to
/// 115 m² a person) allows either way.
const DENSITY: (f64, f64) = (5_000.0, 25_000.0);
/// Product a head in yuan, least and most, of any large region of China since 2000.
const A_HEAD: (f64, f64) = (5_000.0, 400_000.0);
/// The land of China in km², as the government states it.
const CHINA_KM2: f64 = 9.6e6;
/// Decimal points are lost by at most so many places.
const MOST_PLACES: i32 = 3;

/// A figure that was checked.
#[derive(Debug, Clone)]
pub struct Audited<'p> {
    /// The structure that it is of.
    pub structure: &'p Structure,
    /// The figure.
    pub figure: &'p Figure,
    /// What the printed digits say, in `unit`.
    pub printed: f64,
    /// What it was held against, in `unit`: least and most.
    pub measured: (f64, f64),
    /// km², 个, 条, 亿元 or %.
    pub unit: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// How it was checked, and the likely cause of a difference, in Chinese.
    pub note: String,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It agrees within the tolerance.
    Agrees,
    /// It agrees once its decimal point is put back so many places.
    LostPoint {
        /// Digits after the point.
        places: i32,
    },
    /// It differs.
    Differs,
}

impl Verdict {
    /// The word for tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::LostPoint { .. } => "lost_point",
            Self::Differs => "differs",
        }
    }
}

impl Audited<'_> {
    /// The printed value by the measured one, less one: 0.02 is two percent too much. Of a range its nearer end.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let (low, high) = self.measured;
        let nearest = self.printed.clamp(low.min(high), high);
        if nearest == 0.0 {
            return 0.0;
        }
        self.printed / nearest - 1.0
    }
}

/// Checks every printed figure of a plan that can be checked: areas of whole units, sums of parts, counts of units and
/// channels, land a head, product a head, shares and rates.
#[must_use]
pub fn audit<'p>(gazetteer: &Gazetteer, plan: &'p Plan) -> Vec<Audited<'p>> {
    let mut audited = Vec::new();
    for structure in &plan.structures {
        for figure in &structure.figures {
            let Some(printed) = Printed::of(&figure.printed) else {
                continue;
            };
            let checks = [
                area(gazetteer, plan, structure, figure, &printed),
                sum(structure, figure, &printed),
                count(gazetteer, plan, structure, figure, &printed),
                listed(plan, structure, figure, &printed),
                built_up(structure, figure, &printed),
                product(structure, figure, &printed),
                share(gazetteer, plan, structure, figure, &printed),
            ];
            audited.extend(checks.into_iter().flatten());
        }
    }
    audited
}

/// 通道数 and the like against the members, without the region that all of them leave from.
fn listed<'p>(
    plan: &Plan,
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    if figure.unit != "条" || !figure.name.ends_with("通道数") {
        return None;
    }
    let is_region = |member: &&Member| {
        let mut regions = plan.structures.iter();
        regions.any(|one| {
            one.name == member.name && one.extent == ExtentKind::Whole && one.kind == "city_cluster"
        })
    };
    let members = structure.all_members().filter(|member| !is_region(member));
    let count = f64::from(u32::try_from(members.count()).ok()?);
    let verdict = verdict(printed.value(), (count, count), 0.0);
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: (count, count),
        unit: "条",
        verdict,
        note: with_cause(
            "所列成员的个数，不计各条共同的起点".to_owned(),
            verdict,
            "名单可能缺项，或合并计数",
        ),
    })
}

/// Printed digits: 约2440万人 is 2440 and 10⁴. Without digits, a first character that is a number: 五大 is 5.
struct Printed {
    digits: f64,
    scale: f64,
}

impl Printed {
    fn of(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
            let first = text.chars().next()?;
            let digits = "一二三四五六七八九十".chars().zip(1_u8..);
            let (_, digits) = digits.into_iter().find(|(c, _)| *c == first)?;
            return Some(Self {
                digits: f64::from(digits),
                scale: 1.0,
            });
        };
        let rest = &text[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let unit = &rest[end..];
        let scale = [("万亿", 1e12), ("亿", 1e8), ("万", 1e4)]
            .iter()
            .find(|(word, _)| unit.starts_with(word))
            .map_or(1.0, |(_, scale)| *scale);
        Some(Self {
            digits: rest[..end].parse().ok()?,
            scale,
        })
    }

    fn value(&self) -> f64 {
        self.digits * self.scale
    }
}

/// Holds a value against a range, with its decimal point put back if that is what lacks.
fn verdict(printed: f64, (low, high): (f64, f64), tolerance: f64) -> Verdict {
    let near = |value: f64| value >= low * (1.0 - tolerance) && value <= high * (1.0 + tolerance);
    if near(printed) {
        return Verdict::Agrees;
    }
    let places = (1..=MOST_PLACES).find(|places| near(printed / 10_f64.powi(*places)));
    places.map_or(Verdict::Differs, |places| Verdict::LostPoint { places })
}

/// 总面积 against the area of the members.
fn area<'p>(
    gazetteer: &Gazetteer,
    plan: &Plan,
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    let whole = structure.extent == ExtentKind::Whole;
    let total = figure.unit == "km²" && figure.name == "总面积";
    if !(whole && total) {
        return None;
    }
    let surely = structure.all_members().filter(|member| !member.partial);
    let low = area_of(gazetteer, plan, structure, surely)?;
    let high = area_of(gazetteer, plan, structure, structure.all_members())?;
    let partial: Vec<&str> = structure
        .all_members()
        .filter(|member| member.partial)
        .map(|member| member.name.as_str())
        .collect();
    let verdict = verdict(printed.value(), (low, high), AREA_TOLERANCE);
    let mut note = if partial.is_empty() {
        "各成员行政区划面积之和".to_owned()
    } else {
        format!(
            "不计{}为 {low:.0} km²，全部计入为 {high:.0} km²；原文只写其部分地区，没有写明是哪些",
            partial.join("、")
        )
    };
    if !structure.excludes.is_empty() {
        note += "；已扣除有边界的不含部分";
    }
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: (low, high),
        unit: "km²",
        verdict,
        note: with_cause(note, verdict, "平方公里前的小数点可能在录入时丢失"),
    })
}

/// The area of members in km², less what is excluded; none when one of them is no whole unit.
fn area_of<'m>(
    gazetteer: &Gazetteer,
    plan: &Plan,
    structure: &Structure,
    members: impl Iterator<Item = &'m Member>,
) -> Option<f64> {
    let units_of = |member: &Member| -> Option<Vec<Unit<'_>>> {
        let places = plan.resolve(gazetteer, structure, member).ok()?;
        let units: Vec<_> = places
            .iter()
            .flat_map(|found| gazetteer.units_of(&found.place))
            .collect();
        Some(units)
    };
    let mut units = Vec::new();
    for member in members {
        let of_member = units_of(member)?;
        // A zone inside a district that is a member too has no area of its own.
        units.extend(of_member);
    }
    for excluded in &structure.excludes {
        let without: Vec<u32> = units_of(excluded)?.iter().map(|unit| unit.code).collect();
        units.retain(|unit| !without.contains(&unit.code));
    }
    units.sort_by_key(|unit| unit.code);
    units.dedup_by_key(|unit| unit.code);
    if units.is_empty() {
        return None;
    }
    let union = gazetteer.boundaries().union(&units).ok()?;
    Some(area_m2(&union) / 1e6)
}

/// 总面积 against the parts that the plan prints for it: 其中平坝面积 and so on.
fn sum<'p>(structure: &'p Structure, figure: &'p Figure, printed: &Printed) -> Option<Audited<'p>> {
    if figure.name != "总面积" {
        return None;
    }
    let parts: Vec<&Figure> = structure
        .figures
        .iter()
        .filter(|part| part.name.starts_with("其中") && part.unit == figure.unit)
        .collect();
    let values: Option<Vec<f64>> = parts
        .iter()
        .map(|part| Some(Printed::of(&part.printed)?.value()))
        .collect();
    let total: f64 = values.filter(|values| values.len() > 1)?.iter().sum();
    let verdict = verdict(printed.value(), (total, total), SUM_TOLERANCE);
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: (total, total),
        unit: "km²",
        verdict,
        note: format!("原文所列{}之和", names.join("、")),
    })
}

/// 区的个数 against the members: of one province where the figure names it.
fn count<'p>(
    gazetteer: &Gazetteer,
    plan: &Plan,
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    let units = ["区", "市", "县"]
        .iter()
        .any(|unit| figure.name.contains(unit));
    if figure.unit != "个" || !units || figure.name.contains('每') {
        return None;
    }
    let mut province = None;
    for (name, code) in [("重庆", 500_000), ("四川", 510_000)] {
        if figure.name.starts_with(name) {
            province = Some((name, code));
        }
    }
    let of_province = |member: &&Member| {
        let Some((_, code)) = province else {
            return true;
        };
        let places = plan
            .resolve(gazetteer, structure, member)
            .unwrap_or_default();
        let mut units = places
            .iter()
            .flat_map(|found| gazetteer.units_of(&found.place));
        units.any(|unit| unit.province_code == code)
    };
    // 21个区 counts districts: a city among the members is told apart by its name.
    let districts = figure.printed.ends_with("个区");
    let counted = structure
        .all_members()
        .filter(of_province)
        .filter(|member| !districts || !member.name.ends_with(['市', '县']));
    let (mut surely, mut all) = (0_u32, 0_u32);
    for member in counted {
        surely += u32::from(!member.partial);
        all += 1;
    }
    let range = (f64::from(surely), f64::from(all));
    let verdict = verdict(printed.value(), range, 0.0);
    let whose = province.map_or("", |(name, _)| name);
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: range,
        unit: "个",
        verdict,
        note: with_cause(
            format!("所列{whose}成员的个数"),
            verdict,
            "名单可能缺项，或合并计数",
        ),
    })
}

/// 城市建设用地 against the city's people: land a head has bounds.
fn built_up<'p>(
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    if !figure.name.starts_with("城市建设用地") {
        return None;
    }
    let people = other(structure, |name| name.contains("城市人口"))?;
    let (low, high) = DENSITY;
    let range = (people.value() / high, people.value() / low);
    let verdict = verdict(printed.value(), range, 0.0);
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: range,
        unit: "km²",
        verdict,
        note: with_cause(
            format!(
                "按所列城市人口 {:.0} 万、每平方公里 0.5 万至 2.5 万人推算",
                people.value() / 1e4
            ),
            verdict,
            "小数点可能在录入时丢失",
        ),
    })
}

/// 地区生产总值 against the people: product a head has bounds.
fn product<'p>(
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    let is_product = figure.name.starts_with("地区生产总值（") || figure.name == "经济总量";
    if !is_product || figure.unit.contains('%') {
        return None;
    }
    let people = other(structure, |name| name.starts_with("常住人口（"))?;
    let (low, high) = A_HEAD;
    let range = (people.value() * low, people.value() * high);
    // More than one place may be lost and still leave a product a head that exists: the middle of the bounds decides.
    let middle = people.value() * (low * high).sqrt();
    let inside = |value: f64| value >= range.0 && value <= range.1;
    let verdict = if inside(printed.value()) {
        Verdict::Agrees
    } else {
        let candidates =
            (1..=MOST_PLACES).filter(|places| inside(printed.value() / 10_f64.powi(*places)));
        let off = |places: &i32| (printed.value() / 10_f64.powi(*places) / middle).ln().abs();
        let best = candidates.min_by(|a, b| off(a).total_cmp(&off(b)));
        best.map_or(Verdict::Differs, |places| Verdict::LostPoint { places })
    };
    Some(Audited {
        structure,
        figure,
        printed: printed.value() / 1e8,
        measured: (range.0 / 1e8, range.1 / 1e8),
        unit: "亿元",
        verdict,
        note: with_cause(
            format!(
                "按所列常住人口 {:.0} 万、人均 0.5 万至 40 万元推算",
                people.value() / 1e4
            ),
            verdict,
            "小数点可能在录入时丢失",
        ),
    })
}

/// 占全国比重: no share is above a hundred; that of the area is known from the borders.
fn share<'p>(
    gazetteer: &Gazetteer,
    plan: &Plan,
    structure: &'p Structure,
    figure: &'p Figure,
    printed: &Printed,
) -> Option<Audited<'p>> {
    let is_share = figure.name.contains("比重")
        || figure.name.contains("比率")
        || figure.name.contains("化率");
    if figure.unit != "%" || !is_share {
        return None;
    }
    let whole = structure
        .all_members()
        .filter(|_| figure.name.starts_with("面积占全国"));
    let known = area_of(gazetteer, plan, structure, whole).map(|km2| km2 / CHINA_KM2 * 100.0);
    let (range, tolerance) = match known {
        Some(share) => ((share, share), AREA_TOLERANCE),
        None => ((0.0, 100.0), 0.0),
    };
    let verdict = verdict(printed.value(), range, tolerance);
    Some(Audited {
        structure,
        figure,
        printed: printed.value(),
        measured: range,
        unit: "%",
        verdict,
        note: with_cause(
            match known {
                Some(_) => "各成员行政区划面积之和占全国 960 万平方公里的比重".to_owned(),
                None => "比重、比率不超过 100%".to_owned(),
            },
            verdict,
            "小数点和百分号可能在录入时丢失；丢失的位数至少如此",
        ),
    })
}

/// Another figure of the same structure.
fn other(structure: &Structure, wanted: impl Fn(&str) -> bool) -> Option<Printed> {
    let mut figures = structure.figures.iter();
    let found = figures.find(|figure| wanted(&figure.name))?;
    Printed::of(&found.printed)
}

fn with_cause(note: String, verdict: Verdict, cause: &str) -> String {
    match verdict {
        Verdict::Agrees => note,
        Verdict::LostPoint { places } => format!("{note}；缩小 {places} 位后相符，{cause}"),
        Verdict::Differs => format!("{note}；{cause}"),
    }
}
