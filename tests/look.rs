//! What a page draws lines and sites of, read from its SVG; and pages in English, read from their PDF.
#![allow(
    clippy::print_stdout,
    reason = "skipped checks are part of the test log"
)]

mod common;

use std::collections::BTreeSet;
use std::process::Command;

use common::{stdout, tool, yutu};

/// Where the column with the legend ends, in mm.
const COLUMN: f64 = 72.0;

/// A stroke of an SVG page.
#[derive(Debug)]
struct Stroke {
    colour: String,
    width: f64,
    dashes: Vec<f64>,
    /// Its lines, each as its points.
    lines: Vec<Vec<(f64, f64)>>,
}

impl Stroke {
    /// Dashes and gaps in widths of the line, to a tenth.
    fn pattern(&self) -> String {
        let parts = self
            .dashes
            .iter()
            .map(|mm| format!("{:.1}", mm / self.width));
        parts.collect::<Vec<_>>().join(" ")
    }

    fn in_legend(&self) -> bool {
        self.lines.iter().flatten().all(|(x, _)| *x < COLUMN)
    }
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The strokes of straight pieces, in the order in which they are drawn.
fn strokes(svg: &str) -> Vec<Stroke> {
    let paths = svg
        .lines()
        .filter(|line| line.starts_with("<path fill=\"none\" stroke="));
    let stroke = |tag: &str| {
        let data = attribute(tag, "d")?;
        if data.contains(['Q', 'C', 'Z']) {
            return None;
        }
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let lines = data.split('M').skip(1).map(|line| {
            let points = line.split('L').map(|point| {
                let (x, y) = point.split_once(' ').expect("two numbers");
                (number(x), number(y))
            });
            points.collect()
        });
        let dashes = attribute(tag, "stroke-dasharray").unwrap_or_default();
        Some(Stroke {
            colour: attribute(tag, "stroke")?.to_owned(),
            width: number(attribute(tag, "stroke-width")?),
            dashes: dashes.split_whitespace().map(number).collect(),
            lines: lines.collect(),
        })
    };
    paths.filter_map(stroke).collect()
}

fn svg(layer: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.svg");
    let mut arguments = vec!["map", layer, "-o", path.to_str().expect("UTF-8")];
    arguments.extend(more);
    stdout(&arguments, 0);
    std::fs::read_to_string(&path).expect("an SVG")
}

/// Railways: conventional ones in ink, fast ones in purple.
fn rails(strokes: &[Stroke]) -> impl Iterator<Item = &Stroke> {
    strokes.iter().filter(|stroke| {
        let known = [("#20262C", 0.95), ("#20262C", 0.62), ("#8E2C6B", 0.8)];
        let same = |(colour, width): &(&str, f64)| {
            stroke.colour == *colour && (stroke.width - width).abs() < 1e-6
        };
        known.iter().any(same)
    })
}

#[test]
fn dashes_say_how_far_a_railway_is_on_the_map_as_in_the_legend() {
    for layer in ["chengyu-2016-railways", "cqmetro-2022-railways"] {
        let drawn = strokes(&svg(layer, &[]));
        let patterns = |legend: bool| -> BTreeSet<String> {
            let wanted = rails(&drawn).filter(|stroke| stroke.in_legend() == legend);
            wanted.map(Stroke::pattern).collect()
        };
        let map = patterns(false);
        assert_eq!(map, patterns(true), "{layer}");
        let known = ["", "6.0 2.0", "2.7 2.0", "0.0 2.2"];
        assert!(
            map.len() > 2 && map.iter().all(|pattern| known.contains(&pattern.as_str())),
            "{layer}: {map:?}"
        );
    }
}

/// A point so far along a line.
fn along(line: &[(f64, f64)], mut left: f64) -> Option<(f64, f64)> {
    for pair in line.windows(2) {
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
        let length = (bx - ax).hypot(by - ay);
        if left <= length {
            let t = left / length;
            return Some((ax + (bx - ax) * t, ay + (by - ay) * t));
        }
        left -= length;
    }
    None
}

#[test]
fn a_railway_that_is_not_there_yet_has_ties_across_the_middle_of_its_dashes() {
    let drawn = strokes(&svg("chengyu-2016-railways", &[]));
    let mut seen = 0;
    for pair in drawn.windows(2) {
        let (line, ties) = (&pair[0], &pair[1]);
        if line.colour != "#20262C" || (line.width - 0.62).abs() > 1e-6 || line.dashes.is_empty() {
            continue;
        }
        assert!(
            (ties.width - 0.2).abs() < 1e-6 && ties.dashes.is_empty(),
            "{ties:?}"
        );
        let period: f64 = line.dashes.iter().sum();
        let mut middles = Vec::new();
        for way in &line.lines {
            let positions = (0..).map(|step| f64::from(step) * period + line.dashes[0] / 2.0);
            middles.extend(positions.map_while(|s| along(way, s)));
        }
        for tie in &ties.lines {
            let [(ax, ay), (bx, by)] = tie[..] else {
                panic!("a tie of {} points", tie.len());
            };
            assert!(((bx - ax).hypot(by - ay) - 1.5).abs() < 0.01, "{tie:?}");
            let (x, y) = (f64::midpoint(ax, bx), f64::midpoint(ay, by));
            let nearest = middles
                .iter()
                .map(|(mx, my)| (mx - x).hypot(my - y))
                .fold(f64::MAX, f64::min);
            assert!(
                nearest < 0.03,
                "a tie is {nearest} mm from the middle of a dash"
            );
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen} ties");
}

#[test]
fn an_existing_railway_is_a_ladder() {
    let drawn = strokes(&svg("chengyu-2016-railways", &[]));
    let ladders = drawn.windows(2).filter(|pair| {
        let (dark, light) = (&pair[0], &pair[1]);
        (dark.width - 0.95).abs() < 1e-6
            && dark.dashes.is_empty()
            && light.colour == "#FFFFFF"
            && light.dashes == [2.0, 2.0]
            && light.width < dark.width
            && light.lines == dark.lines
    });
    // On the map, and one in the legend.
    let (legend, map): (Vec<_>, Vec<_>) = ladders.partition(|pair| pair[0].in_legend());
    assert!(
        !map.is_empty() && !legend.is_empty(),
        "{} and {}",
        map.len(),
        legend.len()
    );
}

#[test]
fn sites_have_the_sign_of_their_kind_on_the_map_and_in_the_legend() {
    let discs = |svg: &str| -> (usize, usize) {
        // The sign of an airport is one shape of 18 corners on its disc.
        let planes = svg.lines().filter(|line| {
            line.starts_with("<path fill=\"#FFFFFF\"")
                && attribute(line, "d")
                    .is_some_and(|d| d.matches('L').count() == 17 && d.ends_with('Z'))
        });
        let x = |line: &str| {
            let data = attribute(line, "d").expect("a path");
            data[1..]
                .split(' ')
                .next()
                .and_then(|x| x.parse::<f64>().ok())
                .expect("a number")
        };
        planes.fold((0, 0), |(legend, map), line| {
            if x(line) < COLUMN {
                (legend + 1, map)
            } else {
                (legend, map + 1)
            }
        })
    };
    let (legend, map) = discs(&svg("chengyu-2016-airports-and-logistics", &[]));
    assert!(
        legend == 1 && map > 5,
        "{legend} in the legend, {map} on the map"
    );
}

/// Whether a character is Chinese.
fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x2E80..=0x9FFF | 0xF900..=0xFAFF)
}

#[test]
fn a_page_in_english_has_chinese_only_where_it_says_so() {
    let Some(text) = tool("pdftotext", &["-v"]) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let pdf = folder.path().join("a.pdf");
    let pdf = pdf.to_str().expect("UTF-8");
    for (layer, wanted) in [
        (
            "chongqing-metropolitan-area",
            &[
                "Hechuan",
                "Fuling",
                "Yangtze",
                "Guizhou",
                "Sources",
                "N",
                "Sketch",
                "Chongqing",
            ][..],
        ),
        ("cross-border-platforms", &["Gaozhu", "Sichuan", "Chengdu"]),
        (
            "chengdu-chongqing-axis",
            &["Chengdu", "Suining", "Neijiang"],
        ),
        ("chengyu-2016-railways", &["High-speed", "Chengdu", "Under"]),
        ("chengyu-2016-airports-and-logistics", &["Airport"]),
    ] {
        let output = yutu(&["map", layer, "--lang", "en", "-o", pdf]);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(output.status.success(), "{said}");
        let stays: String = said
            .lines()
            .filter(|line| line.contains("stay Chinese"))
            .collect();
        let found = Command::new(&text)
            .args(["-layout", pdf, "-"])
            .output()
            .expect("pdftotext starts");
        let found = String::from_utf8(found.stdout).expect("UTF-8");
        for word in wanted {
            assert!(
                found.contains(word),
                "{layer}: {word} is not found in {found}"
            );
        }
        for character in found.chars().filter(|character| is_chinese(*character)) {
            assert!(
                stays.contains(character),
                "{layer}: {character} is on the page and not on stderr: {said}"
            );
        }
    }
}
