//! The page that shows what was read from a plan, parsed with another program.

mod common;

use std::path::Path;
use std::process::Command;

use common::{repository, succeeds, tool};
use gazetteer::{Gazetteer, LonLat};
use layers::map::Ground;
use layers::model::Unlocated;
use layers::{Builder, Land};
use output::reading_page::{Block, BlockKind, MentionMark, ReadingPage, StructureMark, write};
use plans::Catalogue;
use serde_json::Value;

const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & \u{202E}";

fn land() -> Land {
    let gazetteer = Gazetteer::embedded().expect("opens");
    let catalogue = Catalogue::embedded().expect("reads");
    let plan = catalogue.plan("south-west-2023").expect("known");
    let builder = Builder::new(&gazetteer, &catalogue);
    builder.land(plan).expect("a land")
}

/// The span of the `which`-th occurrence of a word.
fn span(text: &str, word: &str, which: usize) -> std::ops::Range<usize> {
    let (start, _) = text.match_indices(word).nth(which).expect("it is there");
    start..start + word.len()
}

fn mention(text: &str, word: &str, which: usize, at: Option<(f64, f64)>) -> MentionMark {
    MentionMark {
        span: span(text, word, which),
        kind: "prefecture".to_owned(),
        label: format!("四川省{word}{HOSTILE}"),
        position: at.map(|(lon, lat)| LonLat::new(lon, lat).expect("in range")),
        confidence: 0.93,
    }
}

fn structure(name: &str, span: Option<std::ops::Range<usize>>, located: bool) -> StructureMark {
    let line = geo::LineString::from(vec![(104.6, 28.8), (105.4, 28.9), (106.5, 29.5)]);
    StructureMark {
        name: name.to_owned(),
        kind: "development_axis".to_owned(),
        article: "一".to_owned(),
        status: "构建".to_owned(),
        span,
        geometry: located.then(|| line.into()).into_iter().collect(),
    }
}

fn page<'p>(text: &'p str, ground: &'p Ground, focus: gazetteer::Extent) -> ReadingPage<'p> {
    ReadingPage {
        title: "示例规划",
        citation: HOSTILE,
        text,
        blocks: Vec::new(),
        mentions: Vec::new(),
        structures: Vec::new(),
        unlocated: Vec::new(),
        focus,
        ground,
        sources: HOSTILE,
    }
}

fn check(path: &Path) -> Option<Value> {
    let python = tool("python3", &["-c", "import html.parser"])?;
    let script = repository().join("tests/readers/check_page.py");
    let output = succeeds(Command::new(python).arg(script).arg(path));
    let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(seen["problems"], serde_json::json!([]));
    Some(seen)
}

#[test]
fn names_and_sentences_are_marked_and_nothing_of_the_text_is_markup() {
    let text = format!("一、总则\n推动宜宾、泸\n州协同。\n支持宜宾建设。{HOSTILE}\n页脚");
    let land = land();
    let mut page = page(&text, &land.ground, land.focus);
    let first = span(&text, "推动宜宾、泸\n州协同。", 0);
    let second = span(&text, "支持宜宾建设。", 0);
    let end = text.find("\n页脚").expect("it is there");
    page.blocks = vec![
        Block {
            span: first.start..end,
            kind: BlockKind::Paragraph,
        },
        Block {
            span: 0..first.start,
            kind: BlockKind::Heading(1),
        },
    ];
    page.mentions = vec![
        mention(&text, "宜宾", 1, Some((104.64, 28.75))),
        mention(&text, "宜宾", 0, Some((104.64, 28.75))),
        mention(&text, "泸\n州", 0, None),
        // Inside another, outside the text, and through a character: none of these is marked.
        mention(&text, "宾", 0, None),
        MentionMark {
            span: text.len()..text.len() + 9,
            ..mention(&text, "宜宾", 0, None)
        },
        MentionMark {
            span: 1..5,
            ..mention(&text, "宜宾", 0, None)
        },
    ];
    page.structures = vec![
        structure("示例轴", Some(first.clone()), true),
        structure("同一句的带", Some(first.start + 6..second.end), true),
        structure(HOSTILE, Some(second), false),
        structure("没有句子", None, true),
    ];
    page.unlocated = vec![Unlocated {
        name: HOSTILE.to_owned(),
        kind: "port".to_owned(),
        plan: "p".to_owned(),
        article: "二".to_owned(),
        reason: "选址未定".to_owned(),
    }];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    write(&page, &path).expect("writes");
    let Some(seen) = check(&path) else { return };
    let main = seen["main"].as_str().expect("text");
    // The break inside 泸州 is not seen, and the text of the attack is text.
    assert!(
        main.contains("推动宜宾、泸州协同。支持宜宾建设。</script><script>alert(1)"),
        "{main}"
    );
    assert!(
        main.contains("一、总则") && !main.contains("页脚"),
        "{main}"
    );
    let counts = &seen["counts"];
    assert_eq!(
        (&counts[".m"], &counts[".s"], &counts["script"]),
        (&3.into(), &4.into(), &1.into())
    );
    // Two places, one with a position; three structures on the map, two of them with the same line.
    assert_eq!(
        (&counts[".c"], &counts[".f"], &counts["h2"]),
        (&1.into(), &3.into(), &1.into()),
        "{counts}"
    );
    let lists = seen["lists"].as_str().expect("text");
    assert!(
        lists.contains("选址未定") && lists.contains("不在图上") && lists.contains("2 处"),
        "{lists}"
    );
    let html = std::fs::read_to_string(&path).expect("readable");
    // The sentence of the second structure begins inside that of the first and ends with the third's.
    for sentence in [
        "data-g=1 data-h=2",
        "data-g=2 data-h=4",
        "data-g=4 data-h=4",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
    let again = folder.path().join("again.html");
    write(&page, &again).expect("writes");
    assert!(std::fs::read(&again).expect("readable") == html.as_bytes());
}

#[test]
fn a_long_plan_with_many_marks_stays_below_a_megabyte() {
    let sentence = "推动宜宾与泸州协同发展并完善沿江产业布局。";
    let text = sentence.repeat(100_000 / sentence.len());
    let land = land();
    let mut page = page(&text, &land.ground, land.focus);
    let blocks = text.char_indices().step_by(60).map(|(start, _)| start);
    let starts: Vec<usize> = blocks.chain([text.len()]).collect();
    page.blocks = starts
        .windows(2)
        .map(|pair| Block {
            span: pair[0]..pair[1],
            kind: BlockKind::Paragraph,
        })
        .collect();
    let names = text.match_indices("宜宾");
    page.mentions = names
        .map(|(start, name)| MentionMark {
            span: start..start + name.len(),
            ..mention(&text, "宜宾", 0, Some((104.64, 28.75)))
        })
        .collect();
    let sentences = text.match_indices(sentence).take(500);
    page.structures = sentences
        .map(|(start, _)| structure("示例轴", Some(start..start + sentence.len()), true))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    write(&page, &path).expect("writes");
    let Some(seen) = check(&path) else { return };
    let bytes = seen["bytes"].as_u64().expect("a number");
    assert!(bytes < 1_000_000, "{bytes}");
    assert_eq!(seen["counts"][".s"], 500);
}

#[test]
fn a_focus_without_a_size_is_an_error_and_leaves_no_file() {
    let land = land();
    let nowhere = gazetteer::Extent {
        west: 105.0,
        east: 105.0,
        ..land.focus
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    let error = write(&page("", &land.ground, nowhere), &path).expect_err("no size");
    assert!(error.to_string().contains("nothing to show"), "{error}");
    assert!(!path.exists());
}
