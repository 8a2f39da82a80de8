//! The texts of the plans of a catalogue, found in a folder: what gives a structure its sentence.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::catalogue::{Catalogue, Plan, Structure};
use crate::document::{Document, DocumentError};

/// A file is the text of a plan when it says so much of what the plan's structures cite of it.
const SAID: f64 = 0.6;
/// Structures that are looked up in a file.
const PROBES: usize = 200;

/// The texts of plans.
#[derive(Debug, Default)]
pub struct PlanTexts {
    /// By the identifier of the plan.
    texts: HashMap<String, String>,
}

/// Why the texts of plans cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextsError {
    /// The folder cannot be listed.
    #[error("{folder} cannot be listed: expected a folder with the texts of the plans")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file of the folder cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No file there is the text of any plan of the catalogue.
    #[error(
        "{folder}: no file there is the text of a plan of the catalogue; expected one of {plans}"
    )]
    NonePlan {
        /// The folder.
        folder: PathBuf,
        /// Titles of the plans.
        plans: String,
    },
}

impl PlanTexts {
    /// Finds the texts (`.txt`) of the plans of a catalogue in a folder: the file of a plan is told by what it says where the
    /// catalogue cites it, whatever its name.
    ///
    /// # Errors
    /// When the folder or a file of it cannot be read, or holds the text of no plan.
    pub fn open(folder: &Path, catalogue: &Catalogue) -> Result<Self, TextsError> {
        let listing = |source| TextsError::Folder {
            folder: folder.to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(listing)? {
            let path = entry.map_err(listing)?.path();
            if path.extension().is_some_and(|ending| ending == "txt") {
                files.push(path);
            }
        }
        files.sort();
        let mut texts = HashMap::new();
        for file in files {
            let document = Document::open(&file)?;
            let plan = catalogue
                .plans()
                .iter()
                .find(|plan| says(document.text(), plan) >= SAID);
            if let Some(plan) = plan {
                texts.insert(plan.id.clone(), document.text().to_owned());
            }
        }
        if texts.is_empty() {
            let titles = catalogue
                .plans()
                .iter()
                .map(|plan| plan.short_title.as_str());
            return Err(TextsError::NonePlan {
                folder: folder.to_owned(),
                plans: titles.collect::<Vec<_>>().join(", "),
            });
        }
        Ok(Self { texts })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The whole text of a plan, as its file has it.
    #[must_use]
    pub fn text(&self, plan: &Plan) -> Option<&str> {
        self.texts.get(&plan.id).map(String::as_str)
    }

    /// The words of a plan that made a structure, without the breaks of lines in them.
    #[must_use]
    pub fn sentence(&self, plan: &Plan, structure: &Structure) -> Option<String> {
        let [start, end] = structure.source?;
        let words = self.text(plan)?.get(start..end)?;
        Some(unbroken(words))
    }
}

/// How much of what the structures of a plan cite stands there in a text.
fn says(text: &str, plan: &Plan) -> f64 {
    let cited = plan.structures.iter().filter_map(|structure| {
        let member = structure.all_members().next()?;
        let [start, end] = structure.source?;
        Some((member, start, end))
    });
    let (mut asked, mut said) = (0_u32, 0_u32);
    for (member, start, end) in cited.take(PROBES) {
        asked += 1;
        let words = text.get(start..end).map(unbroken);
        said += u32::from(words.is_some_and(|words| words.contains(&member.name)));
    }
    if asked == 0 {
        return 0.0;
    }
    f64::from(said) / f64::from(asked)
}

fn unbroken(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}
