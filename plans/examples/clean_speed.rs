//! How fast texts are cleaned: a file repeated, and texts made to be slow. Run it in a release build.
#![expect(clippy::print_stdout, reason = "it is what the example is for")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use gazetteer::Gazetteer;
use plans::{Document, clean};

/// Bytes of each text.
const SIZE: usize = 50 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let gazetteer = Gazetteer::embedded()?;
    let mut texts: Vec<(String, String)> = Vec::new();
    for file in std::env::args().skip(1) {
        let document = Document::open(Path::new(&file))?;
        let times = SIZE / document.text().len().max(1);
        let lines = document.text().to_owned() + "\n";
        texts.push((format!("{file}, {times} times"), lines.repeat(times)));
    }
    for (name, unit) in [
        ("one line", "推动甲乙地区协同发展，建设一批园区。"),
        ("one line without a mark", "推动甲乙地区协同发展"),
        ("open brackets", "（"),
        ("brackets", "（一）"),
        ("page numbers", "- 8 -\n"),
        ("numbers in names", "长江经济9带"),
        ("numbers", "甲9"),
        ("blank lines", "\n"),
        ("commas and blanks", "甲,   "),
        ("captions", "图1"),
        ("headings", "第一章甲"),
        ("boxes", "专栏1甲区。"),
        ("open titles", "《甲\n"),
        ("short lines", "甲\n"),
        ("places", "成都。重庆、成都重庆、"),
    ] {
        texts.push((name.to_owned(), unit.repeat(SIZE / unit.len())));
    }
    for (name, text) in &texts {
        let start = Instant::now();
        let cleaned = clean(&gazetteer, text)?;
        let taken = start.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let speed = text.len() as f64 / 1e6 / taken;
        println!(
            "{speed:7.1} MB/s {taken:6.2} s {} blocks: {name}",
            cleaned.outline.blocks.len()
        );
    }
    Ok(())
}
