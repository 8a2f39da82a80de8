//! `yutu places --coverage`: every name of a text and what it stands for.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use gazetteer::{FeatureClass, Gazetteer, PartialDate};
use plans::{
    Catalogue, Cleaned, Document, DocumentFormat, Encoding, Mention, Plan, RemovedKind, clean,
    mentions,
};
use serde::Serialize;

use super::{PlaceJson, where_it_is};
use crate::args::PlacesArgs;
use crate::{Outcome, report};

/// Senses of less confidence are not told.
const LEAST_CONFIDENCE: f64 = 0.02;
/// How sure the likeliest sense is when no other is told.
const SURE: f64 = 0.9;

/// The names of one text.
#[derive(Serialize)]
struct CoverageJson<'a> {
    file: String,
    plan: Option<&'a str>,
    as_of: Option<String>,
    provinces: Vec<String>,
    names: usize,
    located: usize,
    unlocated: usize,
    page_numbers: usize,
    toponyms: Vec<ToponymJson<'a>>,
}

/// A name and one thing that it stands for in the text.
#[derive(Serialize)]
struct ToponymJson<'a> {
    surface: String,
    /// How often it stands alone with this sense.
    count: usize,
    /// How often it stands inside a longer name.
    inside: usize,
    kind: &'static str,
    confidence: f64,
    #[serde(flatten)]
    place: PlaceJson<'a>,
    /// What else it may mean, where that is likelier than a fiftieth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<OtherJson>,
}

#[derive(Serialize)]
struct OtherJson {
    id: String,
    canonical: String,
    confidence: f64,
}

pub fn run(args: &PlacesArgs, gazetteer: &Gazetteer, quiet: bool) -> anyhow::Result<Outcome> {
    let catalogue = Catalogue::embedded()?;
    let mut texts = Vec::new();
    for path in &args.coverage {
        let text = read(gazetteer, path, quiet)?;
        let plan = plan_of(&catalogue, text.text.as_str());
        let as_of = args.as_of.or(plan.map(|plan| plan.date));
        texts.push((path, text, plan, as_of));
    }
    let mut answers = Vec::new();
    for (path, text, plan, as_of) in &texts {
        let plan = plan.map(|plan| plan.id.as_str());
        answers.push(coverage(gazetteer, path, text, plan, *as_of, args));
    }
    if args.json {
        report::json(&answers)?;
    } else {
        for answer in &answers {
            print(gazetteer, answer)?;
        }
    }
    Ok(if answers.iter().all(|answer| answer.names == 0) {
        Outcome::No
    } else {
        Outcome::Done
    })
}

/// The text of a file, or of the standard input for `-`.
fn read(gazetteer: &Gazetteer, path: &Path, quiet: bool) -> anyhow::Result<Cleaned> {
    let name = path.display();
    let document = if path == Path::new("-") {
        Document::from_reader("-", std::io::stdin().lock())
    } else {
        Document::open(path)
    };
    let document = document.with_context(|| name.to_string())?;
    // The one encoding that is guessed.
    if document.format() == DocumentFormat::Text(Encoding::Gb18030) {
        report::note(format_args!("{name}: read as {}", document.format()), quiet);
    }
    clean(gazetteer, document.text()).with_context(|| name.to_string())
}

/// The plan of the catalogue whose title stands first in a text; of titles inside titles the longest.
fn plan_of<'a>(catalogue: &'a Catalogue, text: &str) -> Option<&'a Plan> {
    const TITLE_WITHIN: usize = 300;
    let letters = |text: &str| -> String {
        let mark = |c: char| c.is_ascii_punctuation() || "《》〈〉“”‘’、，。：（）—".contains(c);
        text.chars()
            .filter(|c| !mark(*c) && !c.is_whitespace())
            .collect()
    };
    let start: String = letters(text).chars().take(TITLE_WITHIN).collect();
    let titled = catalogue.plans().iter().filter_map(|plan| {
        let title = letters(&plan.title);
        let at = start.find(&title)?;
        Some(((at, std::cmp::Reverse(title.len())), plan))
    });
    titled.min_by_key(|(first, _)| *first).map(|(_, plan)| plan)
}

fn coverage<'a>(
    gazetteer: &'a Gazetteer,
    path: &Path,
    cleaned: &Cleaned,
    plan: Option<&'a str>,
    as_of: Option<PartialDate>,
    args: &PlacesArgs,
) -> CoverageJson<'a> {
    let found = mentions(gazetteer, &cleaned.text, as_of);
    let page_numbers = cleaned
        .removed
        .iter()
        .filter(|removed| removed.why == RemovedKind::PageNumber);
    // By name and what it stands for, in the order of first standing alone.
    let mut grouped: BTreeMap<(String, String), (usize, usize, usize, Mention<'a>)> =
        BTreeMap::new();
    for (number, mention) in found.mentions.into_iter().enumerate() {
        let Some(best) = mention.senses.first() else {
            continue;
        };
        let key = (mention.surface.clone(), best.found.place.id.to_owned());
        let entry = grouped
            .entry(key)
            .or_insert_with(|| (0, 0, number, mention.clone()));
        if mention.inside.is_some() {
            entry.1 += 1;
        } else {
            entry.0 += 1;
            let sure = |mention: &Mention<'_>| mention.senses.first().map_or(0.0, |s| s.confidence);
            if entry.3.inside.is_some() || sure(&mention) > sure(&entry.3) {
                entry.3 = mention;
            }
        }
    }
    let mut rows: Vec<_> = grouped.into_iter().collect();
    rows.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.1.2.cmp(&b.1.2)));
    let toponyms: Vec<ToponymJson<'a>> = rows
        .into_iter()
        .filter_map(|((surface, _), (count, inside, _, mention))| {
            let mut senses = mention.senses.into_iter();
            let best = senses.next()?;
            let class = best.found.place.class;
            if !args.classes.is_empty() && !args.classes.contains(&class) {
                return None;
            }
            let others = senses.filter(|sense| sense.confidence >= LEAST_CONFIDENCE);
            let others = others.map(|sense| OtherJson {
                id: sense.found.place.id.to_owned(),
                canonical: sense.found.canonical.clone(),
                confidence: round(sense.confidence),
            });
            Some(ToponymJson {
                kind: kind(&surface, class),
                surface,
                count,
                inside,
                confidence: round(best.confidence),
                others: others.collect(),
                place: PlaceJson::of(gazetteer, &best.found, as_of),
            })
        })
        .collect();
    let alone = || toponyms.iter().filter(|toponym| toponym.count > 0);
    let names = alone().count();
    let unlocated = alone().filter(|t| !t.place.unlocated.is_empty()).count();
    CoverageJson {
        file: path.display().to_string(),
        plan,
        as_of: as_of.map(|date| date.to_string()),
        provinces: found
            .provinces
            .iter()
            .map(|code| format!("{code}0000"))
            .collect(),
        names,
        located: names - unlocated,
        unlocated,
        page_numbers: page_numbers.count(),
        toponyms,
    }
}

/// The kind of a mention: 渝 for 重庆市 is an abbreviation, whatever it stands for.
fn kind(surface: &str, class: FeatureClass) -> &'static str {
    let one = surface.chars().nth(1).is_none();
    if one {
        FeatureClass::Compound.kind()
    } else {
        class.kind()
    }
}

fn round(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}

fn print(gazetteer: &Gazetteer, answer: &CoverageJson<'_>) -> anyhow::Result<()> {
    let dated = answer
        .as_of
        .as_deref()
        .map_or_else(String::new, |date| format!(", as of {date}"));
    report::line(format_args!(
        "{}: {} names, {} located, {} not{dated}",
        answer.file, answer.names, answer.located, answer.unlocated
    ))?;
    let rows: Vec<[String; 6]> = answer
        .toponyms
        .iter()
        .filter(|toponym| toponym.count > 0)
        .map(|toponym| {
            let place = gazetteer.with_id(toponym.place.id);
            [
                toponym.surface.clone(),
                toponym.count.to_string(),
                toponym.place.class.as_str().to_owned(),
                toponym.place.canonical.clone(),
                place.map_or_else(String::new, |place| where_it_is(&place)),
                if toponym.confidence < SURE {
                    format!("{:.0} %", toponym.confidence * 100.0)
                } else {
                    String::new()
                },
            ]
        })
        .collect();
    report::table(
        [
            "name",
            "count",
            "class",
            "stands for",
            "lon,lat",
            "unless sure",
        ],
        &rows,
    )?;
    Ok(())
}
