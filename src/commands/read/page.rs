//! `yutu read --html`: the text of a plan beside the map of what it says.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use gazetteer::Gazetteer;
use layers::{Builder, sources::ALL};
use output::reading_page::{Block, BlockKind, MentionMark, ReadingPage, StructureMark};
use plans::{Catalogue, Plan, Reading};

/// Writes the page to a file, or to standard output.
pub(super) fn write(
    gazetteer: &Gazetteer,
    reading: &Reading<'_>,
    plan: Plan,
    text: &str,
    out: Option<&Path>,
) -> anyhow::Result<()> {
    let catalogue = Catalogue::from(plan);
    let plan = &catalogue.plans()[0];
    let builder = Builder::new(gazetteer, &catalogue);
    let land = builder.land(plan)?;
    let mut geometries: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let mut unlocated = Vec::new();
    for sheet in builder.sheets(plan)? {
        for feature in sheet.layer.tables.iter().flat_map(|table| &table.features) {
            let of = geometries
                .entry(feature.structure().to_owned())
                .or_default();
            of.push(feature.geometry.clone());
        }
        unlocated.extend(sheet.layer.unlocated);
    }
    let structures = plan.structures.iter().map(|structure| StructureMark {
        name: structure.name.clone(),
        kind: structure.kind.clone(),
        article: structure.article.clone(),
        status: structure.status.clone(),
        span: structure.source.map(|[start, end]| start..end),
        geometry: geometries.remove(&structure.id).unwrap_or_default(),
    });
    let facts = [
        plan.number.clone(),
        Some(plan.issuer.clone()),
        Some(plan.date.to_string()),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let page = ReadingPage {
        title: &plan.title,
        citation: &facts.join(" · "),
        text,
        blocks: blocks(reading),
        mentions: mentions(reading),
        structures: structures.collect(),
        unlocated,
        focus: land.focus,
        ground: &land.ground,
        sources: &sources(),
    };
    match out {
        Some(path) => output::reading_page::write(&page, path)?,
        None => io::stdout()
            .lock()
            .write_all(output::reading_page::to_html(&page)?.as_bytes())?,
    }
    Ok(())
}

/// Where the ground and the places come from.
fn sources() -> String {
    let of_geometry = ALL.iter().filter(|source| source.id != "catalogue");
    let named: Vec<&str> = of_geometry.map(|source| source.origin).collect();
    named.join("；")
}

fn blocks(reading: &Reading<'_>) -> Vec<Block> {
    let outline = &reading.cleaned.outline;
    let kinds = outline.blocks.iter().map(|block| {
        let kind = match block.kind {
            plans::BlockKind::Title => BlockKind::Heading(1),
            plans::BlockKind::Heading => BlockKind::Heading(block.level.saturating_add(2)),
            plans::BlockKind::BoxHeading => BlockKind::Heading(5),
            _ => BlockKind::Paragraph,
        };
        Block {
            span: reading.cleaned.text.source_range(block.range.clone()),
            kind,
        }
    });
    kinds.collect()
}

fn mentions(reading: &Reading<'_>) -> Vec<MentionMark> {
    reading
        .names()
        .map(|mention| {
            let sense = mention.senses.first();
            MentionMark {
                span: mention.source.clone(),
                kind: mention.class.kind().to_owned(),
                label: sense.map_or_else(
                    || mention.surface.clone(),
                    |sense| sense.found.canonical.clone(),
                ),
                position: sense.and_then(|sense| sense.found.place.position),
                confidence: sense.map_or(0.0, |sense| sense.confidence),
            }
        })
        .collect()
}
