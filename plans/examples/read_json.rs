//! Prints what a plan says as JSON lines, for scoring: `read_json (--mentions|--structures) FILE [DATE]`.
//!
//! The same lines as `yutu read`, of the fields that a score looks at, from this crate alone.
#![expect(clippy::print_stdout, reason = "a program")]

use std::error::Error;
use std::path::Path;

use gazetteer::{Gazetteer, LonLat, PartialDate};
use plans::{Document, Reading};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: read_json (--mentions|--structures) FILE [DATE]";
    let (form, path) = args.next().zip(args.next()).ok_or(usage)?;
    let as_of = args.next().map(|date| date.parse::<PartialDate>());
    let document = Document::open(Path::new(&path))?;
    let gazetteer = Gazetteer::embedded()?;
    let reading = Reading::new(&gazetteer, document.text(), as_of.transpose()?)?;
    if form == "--mentions" {
        for mention in reading.names() {
            let best = mention.senses.first().map(|sense| sense.found.place);
            let position = best.and_then(|place| place.position);
            println!(
                "{}",
                json!({
                    "surface": mention.surface, "start": mention.source.start,
                    "lon": position.map(LonLat::lon), "lat": position.map(LonLat::lat),
                })
            );
        }
        return Ok(());
    }
    for found in &reading.structures {
        let source = reading.cleaned.text.source_range(found.sentence.clone());
        println!(
            "{}",
            json!({
                "name": found.name, "kind": found.kind, "members": found.members, "rule": found.rule,
                "verbs": found.verbs, "article": reading.cleaned.outline.citation(found.block),
                "start": source.start, "end": source.end, "sentence": reading.sentence(found),
            })
        );
    }
    Ok(())
}
