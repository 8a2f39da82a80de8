//! The checked catalogue against the texts of the five plans, which are not in the repository.
#![expect(
    clippy::print_stdout,
    reason = "a skipped check is said in the test log"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gazetteer::Gazetteer;
use plans::{Catalogue, Outline, Plan, PlanTexts, Reading, Structure};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/plans");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no texts of the plans beside the checkout");
    None
}

/// The articles that a structure cites, one by one: 第三章第一节、第二节 is two.
fn articles(structure: &Structure) -> Vec<String> {
    let mut articles = Vec::new();
    for part in structure.article.split('；') {
        let chapter = part.find('章').map_or("", |at| &part[..at + "章".len()]);
        for (number, piece) in part
            .split('、')
            .filter(|piece| !piece.is_empty())
            .enumerate()
        {
            let whole = number == 0 || piece.contains('章');
            articles.push(if whole {
                piece.to_owned()
            } else {
                format!("{chapter}{piece}")
            });
        }
    }
    articles
}

/// The text of an article: of all blocks that are cited so, or that lie below.
fn text_of(article: &str, outline: &Outline, text: &str) -> Option<String> {
    let plain = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
    };
    let mut said = String::new();
    for (number, block) in outline.blocks.iter().enumerate() {
        let citation = outline.citation(number);
        let citation = citation.trim_end_matches('、');
        // 专栏4 stands in a chapter, and a text that begins in chapter 9 does not say so.
        let same = citation.contains(article)
            || (!citation.is_empty() && article.ends_with(citation))
            || article == "前言" && citation.is_empty();
        if same {
            said += &plain(text.get(block.range.clone()).unwrap_or(""));
        }
    }
    (!said.is_empty()).then_some(said)
}

fn unbroken(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What is wrong with the structures of a plan, by its text.
fn wrong(plan: &Plan, reading: &Reading<'_>, texts: &PlanTexts) -> Vec<String> {
    let text = reading.cleaned.text.as_str();
    let outline = &reading.cleaned.outline;
    let whole = unbroken(texts.text(plan).unwrap_or(""));
    let mut wrong = Vec::new();
    for structure in &plan.structures {
        let mut said = String::new();
        for article in articles(structure) {
            match text_of(&article, outline, text) {
                Some(words) => said += &words,
                None => wrong.push(format!("{}: no {article}", structure.id)),
            }
        }
        let sentence = texts.sentence(plan, structure);
        if sentence.as_ref().is_none_or(String::is_empty) {
            wrong.push(format!("{}: no sentence", structure.id));
        }
        let members = structure
            .all_members()
            .chain(&structure.ends)
            .chain(&structure.via);
        let missing = members.filter(|member| {
            let name = unbroken(&member.name);
            !said.contains(&name) && !sentence.as_ref().is_some_and(|s| s.contains(&name))
        });
        let missing: BTreeSet<&str> = missing.map(|member| member.name.as_str()).collect();
        if !missing.is_empty() && structure.inferred.is_none() {
            wrong.push(format!(
                "{}: {missing:?} not in {}",
                structure.id, structure.article
            ));
        }
        for figure in &structure.figures {
            if !whole.contains(&unbroken(&figure.printed)) {
                wrong.push(format!("{}: no figure {}", structure.id, figure.printed));
            }
        }
    }
    wrong
}

#[test]
fn every_row_cites_an_article_that_says_it() {
    let Some(folder) = folder() else { return };
    let gazetteer = Gazetteer::embedded().expect("opens");
    let catalogue = Catalogue::embedded().expect("reads");
    let texts = PlanTexts::open(&folder, &catalogue).expect("reads");
    let mut all = Vec::new();
    for plan in catalogue.plans() {
        let text = texts
            .text(plan)
            .unwrap_or_else(|| panic!("no text of {}", plan.id));
        let reading = Reading::new(&gazetteer, text, Some(plan.date)).expect("short");
        let wrong = wrong(plan, &reading, &texts);
        all.extend(
            wrong
                .into_iter()
                .map(|wrong| format!("{} {wrong}", plan.id)),
        );
    }
    assert!(all.is_empty(), "{} rows:\n{}", all.len(), all.join("\n"));
}

#[test]
fn nothing_that_is_not_located_lacks_its_reason() {
    let catalogue = Catalogue::embedded().expect("reads");
    let mut rows = 0;
    for plan in catalogue.plans() {
        for structure in &plan.structures {
            rows += 1;
            let reason = structure.unlocated.as_deref();
            assert!(
                structure.has_places() || reason.is_some_and(|reason| !reason.is_empty()),
                "{} {}",
                plan.id,
                structure.id
            );
            assert!(
                structure.confidence.is_none(),
                "{} was checked",
                structure.id
            );
        }
    }
    assert!(rows > 2_000, "{rows}");
}
