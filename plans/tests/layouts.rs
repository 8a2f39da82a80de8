//! The same plan in other layouts is the same clean text: on the five plans, which are not in the repository.
#![expect(
    clippy::print_stdout,
    reason = "measured figures and skipped checks are part of the test log"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gazetteer::Gazetteer;
use plans::{BlockKind, Cleaned, Document, clean};

/// The folder of the plans, which a checkout of the project has beside it.
fn plans() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/plans");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("SKIPPED: no plans beside the checkout");
        return None;
    };
    let mut files: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.sort();
    Some(files)
}

/// The blocks as lines of their own, but for a title that runs into its article.
fn paragraphs(cleaned: &Cleaned) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut runs_on = false;
    for block in &cleaned.outline.blocks {
        let text = &cleaned.text.as_str()[block.range.clone()];
        match paragraphs.last_mut() {
            Some(last) if runs_on && block.kind == BlockKind::Paragraph => last.push_str(text),
            _ => paragraphs.push(text.to_owned()),
        }
        runs_on = block.kind == BlockKind::Heading && text.ends_with('。');
    }
    paragraphs
}

fn blocks(cleaned: &Cleaned) -> Vec<&str> {
    cleaned.text.as_str().lines().collect()
}

/// Lines as wide as so many Han characters.
fn wrapped(paragraphs: &[String], width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        let sentence = paragraph.contains('。');
        let mut line = if sentence {
            indent.to_owned()
        } else {
            String::new()
        };
        let wide = |text: &str| {
            text.chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum::<usize>()
        };
        for character in paragraph.chars() {
            if wide(&line) + 2 > 2 * width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
        lines.push(line);
    }
    lines
}

/// With what stands on every page after 25 lines.
fn paged(lines: &[String], page: impl Fn(usize) -> Vec<String>) -> Vec<String> {
    let mut paged = Vec::new();
    for (number, lines) in lines.chunks(25).enumerate() {
        paged.extend_from_slice(lines);
        paged.extend(page(number + 1));
    }
    paged
}

/// Compares the blocks of a layout with those of the plan, and says how many of these it has not.
fn lost(gazetteer: &Gazetteer, plan: &Cleaned, layout: &str) -> usize {
    let other = clean(gazetteer, layout).expect("short");
    let here: BTreeSet<&str> = blocks(&other).into_iter().collect();
    blocks(plan)
        .iter()
        .filter(|line| !here.contains(*line))
        .count()
}

#[test]
fn other_layouts_give_the_same_blocks() {
    let Some(files) = plans() else { return };
    let gazetteer = Gazetteer::embedded().expect("whole");
    for file in files {
        let document = Document::open(&file).expect("a text");
        let plan = clean(&gazetteer, document.text()).expect("short");
        let paragraphs = paragraphs(&plan);
        let narrow = |text: String| text.replace('（', "(").replace('）', ")");
        let lines = wrapped(&paragraphs, 28, "　　");
        let exact = ["paragraphs", "paragraphs apart", "narrow brackets"];
        let layouts = [
            ("17", wrapped(&paragraphs, 17, "").join("\n")),
            ("28", wrapped(&paragraphs, 28, "").join("\n")),
            ("31", wrapped(&paragraphs, 31, "").join("\n")),
            ("17 indented", wrapped(&paragraphs, 17, "　　").join("\n")),
            ("28 indented", lines.join("\n")),
            ("31 indented", wrapped(&paragraphs, 31, "　　").join("\n")),
            ("double-spaced", lines.join("\n\n")),
            ("paragraphs", paragraphs.join("\n")),
            ("paragraphs apart", paragraphs.join("\n\n")),
            ("narrow brackets", narrow(paragraphs.join("\n"))),
            (
                "page numbers",
                paged(&lines, |page| vec![format!("- {page} -")]).join("\n"),
            ),
            (
                "bare page numbers",
                paged(&lines, |page| {
                    vec![String::new(), page.to_string(), String::new()]
                })
                .join("\n"),
            ),
            (
                "mastheads",
                paged(&lines, |page| {
                    vec!["某某规划文本汇编".to_owned(), page.to_string()]
                })
                .join("\n"),
            ),
        ];
        let all = plan.outline.blocks.len();
        for (name, layout) in layouts {
            let gone = lost(&gazetteer, &plan, &layout);
            println!("{gone} of {all} blocks lost: {name}, {}", file.display());
            // A paragraph that ends at the edge of the paper, or an item without a mark, has no visible end.
            let most = if exact.contains(&name) { 0 } else { all / 8 };
            assert!(
                gone <= most,
                "{}: {gone} of {all} blocks lost: {name}",
                file.display()
            );
        }
    }
}

#[test]
fn traditional_script_and_captions_change_nothing_and_keep_their_places() {
    let Some(files) = plans() else { return };
    let gazetteer = Gazetteer::embedded().expect("whole");
    let pairs = include_str!("../lexicon/traditional.txt").lines();
    let pairs = pairs
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    let mut traditional: BTreeMap<char, char> = BTreeMap::new();
    for pair in pairs {
        let mut characters = pair.chars();
        if let (Some(from), Some(to)) = (characters.next(), characters.next()) {
            traditional.insert(to, from);
        }
    }
    let shown = |c: char| *traditional.get(&c).unwrap_or(&c);
    for file in files {
        let document = Document::open(&file).expect("a text");
        let text = document.text();
        let plan = clean(&gazetteer, text).expect("short");
        let other: String = text.chars().map(shown).collect();
        let same = clean(&gazetteer, &other).expect("short");
        assert!(
            other != text && same.text.as_str() == plan.text.as_str(),
            "{}",
            file.display()
        );
        for (at, character) in plan.text.as_str().char_indices().step_by(97) {
            let range = at..at + character.len_utf8();
            let here = &text[plan.text.source_range(range.clone())];
            let there = &other[same.text.source_range(range)];
            assert_eq!(
                here.chars().map(shown).collect::<String>(),
                there,
                "{}",
                file.display()
            );
        }

        let paragraphs = paragraphs(&plan).join("\n");
        let comma = paragraphs.match_indices('，').nth(20).expect("commas").0;
        let (before, after) = paragraphs.split_at(comma + '，'.len_utf8());
        let captioned = format!("{before}图8甲乙地区水系廊道示意图{after}");
        assert_eq!(lost(&gazetteer, &plan, &captioned), 0, "{}", file.display());
    }
}
