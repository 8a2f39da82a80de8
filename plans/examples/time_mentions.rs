//! Times reading the names of a text, as `benches/mentions/run` calls it: `time_mentions FILE`.
//!
//! `time_mentions --names` prints the names themselves, for a scan by others.
//!
//! Prints, with tabs between: bytes, names that stand for themselves, seconds for opening and the first pass, seconds in all.
#![expect(clippy::print_stdout, reason = "a program")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use gazetteer::Gazetteer;
use plans::{CleanText, Document, MentionReader};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: time_mentions FILE")?;
    if path == "--names" {
        print_names(&Gazetteer::embedded()?);
        return Ok(());
    }
    let document = Document::open(Path::new(&path))?;
    let text = CleanText::new(document.text())?;
    let start = Instant::now();
    let gazetteer = Gazetteer::embedded()?;
    let reader = MentionReader::new(&gazetteer, &text, None);
    let ready = start.elapsed();
    let mut names = 0;
    for sentence in reader {
        names += sentence.iter().filter(|m| m.inside.is_none()).count();
    }
    println!(
        "{}\t{names}\t{:.3}\t{:.3}",
        text.as_str().len(),
        ready.as_secs_f64(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Every name of two characters or more, each once.
fn print_names(gazetteer: &Gazetteer) {
    let mut names = BTreeSet::new();
    for place in gazetteer.places() {
        names.extend([place.name, gazetteer::short_form(place.name)]);
        names.extend(place.aliases().chain(place.in_context()));
    }
    for name in names.iter().filter(|name| name.chars().count() > 1) {
        println!("{name}");
    }
}
