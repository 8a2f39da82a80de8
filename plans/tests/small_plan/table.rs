//! Tables of sentences and the structures that they speak of.

use gazetteer::Gazetteer;

use crate::small_plan::{article, line};

/// A sentence, and for each structure that it speaks of, in its order: `name|kind|members|status`, members with
/// blanks between them. Fields at the end may be left out: they are not compared.
pub type Case<'t> = (&'t str, &'t [&'t str]);

/// Reads each sentence of a table and says of all of them which are read otherwise.
///
/// # Panics
/// When a sentence is read otherwise.
pub fn check(cases: &[Case<'_>]) {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let mut wrong: Vec<String> = Vec::new();
    for (sentence, expected) in cases {
        let reading = article(&gazetteer, sentence);
        let found: Vec<String> = reading.structures.iter().map(line).collect();
        let same = |(found, expected): (&String, &&str)| {
            let mut found = found.split('|');
            expected.split('|').all(|field| found.next() == Some(field))
        };
        let right = found.len() == expected.len() && found.iter().zip(*expected).all(same);
        if !right {
            let rules: Vec<&str> = reading.structures.iter().map(|found| found.rule).collect();
            wrong.push(format!(
                "{sentence}
   expected {expected:?}
   found    {found:?} by {rules:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
