//! What every target does with a text, and what must hold whatever the bytes were.

pub mod archives;
pub mod features;
pub mod index;

use std::sync::LazyLock;

use gazetteer::Gazetteer;
use plans::{Catalogue, Document, KINDS, Reading};

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::embedded().expect("the embedded data reads"));

/// Reads a file, and what it says. An error says something.
pub fn read_document(name: &str, bytes: &[u8]) {
    if let Some(document) = open(name, bytes) {
        read_text(document.text());
    }
}

/// Reads a file as text only.
pub fn open(name: &str, bytes: &[u8]) -> Option<Document> {
    let document = Document::from_bytes(name, bytes.to_vec());
    if let Err(error) = &document {
        assert!(!error.to_string().is_empty());
    }
    document.ok()
}

/// Reads what a text says. What is found stands in the text, is of a kind that is known, and goes into a catalogue and back.
pub fn read_text(text: &str) {
    for (_, piece) in plans::pieces(text) {
        let as_of = "2021".parse().ok();
        let reading = Reading::new(&GAZETTEER, piece, as_of).expect("shorter than 4 GiB");
        for mention in &reading.mentions {
            assert!(!mention.surface.is_empty());
            assert!(piece.get(mention.source.clone()).is_some());
        }
        for structure in &reading.structures {
            assert!(KINDS.contains(&structure.kind));
            assert!((0.0..=1.0).contains(&structure.confidence));
            assert!(!reading.sentence(structure).is_empty());
        }
        let plan = reading.to_plan("plan").expect("a date was given");
        let again = Catalogue::read(&[("plan.toml", &plan.to_toml())]).expect("reads back");
        assert_eq!(again.plans()[0].structures, plan.structures);
    }
}
