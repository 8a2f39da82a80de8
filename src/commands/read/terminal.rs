//! A plan on the terminal: outline with counts, structures by kind, names without a place.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use gazetteer::Gazetteer;
use plans::{BlockKind, FoundStructure, Mention, Reading};

/// The terminal view: outline with counts, structures by kind, names without a place.
pub(super) fn print(
    reading: &Reading<'_>,
    path: &Path,
    gazetteer: &Gazetteer,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let outline = &reading.cleaned.outline;
    let title = reading.plan().map_or("", |plan| plan.title.as_str());
    let title = if title.is_empty() {
        path.to_string_lossy().into_owned()
    } else {
        title.to_owned()
    };
    writeln!(out, "{title}")?;
    if let Some(plan) = reading.plan() {
        let date = plan.date.map(|date| date.to_string());
        let facts = [
            plan.number.clone(),
            plan.issuer.clone(),
            date,
            plan.horizon.clone(),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        if !facts.is_empty() {
            writeln!(out, "{}", facts.join(" · "))?;
        }
    }
    writeln!(out)?;
    outline_with_counts(reading, out)?;
    let mut kinds: BTreeMap<usize, Vec<&FoundStructure>> = BTreeMap::new();
    for found in &reading.structures {
        let order = plans::KINDS.iter().position(|kind| *kind == found.kind);
        kinds
            .entry(order.unwrap_or(usize::MAX))
            .or_default()
            .push(found);
    }
    for structures in kinds.values() {
        writeln!(out, "\n{} ({})", structures[0].kind, structures.len())?;
        for found in structures {
            let members = found.members.join("、");
            let members = if members == found.name || members.is_empty() {
                String::new()
            } else {
                format!("  {members}")
            };
            let status = if found.status.is_empty() {
                String::new()
            } else {
                format!("  {}", found.status)
            };
            let article = outline.citation(found.block);
            writeln!(out, "  {}{members}{status}  {article}", found.name)?;
        }
    }
    unlocated(reading, gazetteer, out)
}

fn outline_with_counts(reading: &Reading<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let outline = &reading.cleaned.outline;
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let heading = |mut block: usize| loop {
        match outline.blocks.get(block) {
            Some(found) if found.kind == BlockKind::Heading => return Some(block),
            Some(found) => block = found.parent?,
            None => return None,
        }
    };
    for mention in reading.names() {
        if let Some(at) = outline.block_at(mention.range.start).and_then(heading) {
            counts.entry(at).or_default().0 += 1;
        }
    }
    for found in &reading.structures {
        if let Some(at) = heading(found.block) {
            counts.entry(at).or_default().1 += 1;
        }
    }
    for (index, block) in outline.blocks.iter().enumerate() {
        if block.kind == BlockKind::Heading {
            let (names, structures) = counts.get(&index).copied().unwrap_or_default();
            let indent = "  ".repeat(usize::from(block.level));
            let counts = if names + structures == 0 {
                String::new()
            } else {
                format!("  {names} names, {structures} structures")
            };
            writeln!(out, "{indent}{}{}{counts}", block.label, block.title)?;
        }
    }
    Ok(())
}

/// Names that nothing locates, each with how often it stands and why it has no place.
fn unlocated(
    reading: &Reading<'_>,
    gazetteer: &Gazetteer,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let mut names: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for mention in reading.names() {
        if let Some(reason) = why_nowhere(mention, gazetteer) {
            names.entry(&mention.surface).or_insert((0, reason)).0 += 1;
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nnot located ({})", names.len())?;
    for (name, (count, reason)) in names {
        writeln!(out, "  {name}  ×{count}  {reason}")?;
    }
    Ok(())
}

fn why_nowhere(mention: &Mention<'_>, gazetteer: &Gazetteer) -> Option<String> {
    let Some(sense) = mention.senses.first() else {
        return Some("no place of this name is known".to_owned());
    };
    let place = &sense.found.place;
    let nowhere = place.position.is_none()
        && !place.unlocated.is_empty()
        && gazetteer.members(place).is_empty();
    nowhere.then(|| place.unlocated.to_owned())
}
