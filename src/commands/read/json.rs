//! Names and structures of a plan, one JSON object a line: `docs/json.md` describes them.

use std::collections::BTreeMap;
use std::io::Write;

use gazetteer::LonLat;
use plans::{Reading, geometry_of};
use serde::Serialize;

/// A mention in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct MentionJson<'a> {
    surface: &'a str,
    start: usize,
    end: usize,
    kind: &'static str,
    place: Option<&'a str>,
    canonical: Option<&'a str>,
    lon: Option<f64>,
    lat: Option<f64>,
    confidence: f64,
    article: &'a str,
}

/// A structure in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct StructureJson<'a> {
    name: &'a str,
    kind: &'a str,
    geometry: &'static str,
    members: &'a [String],
    roles: BTreeMap<&'a str, Vec<&'a str>>,
    excludes: &'a [String],
    via: &'a [String],
    figures: Vec<FigureJson<'a>>,
    status: &'a str,
    verbs: &'a str,
    article: String,
    start: usize,
    end: usize,
    sentence: &'a str,
    rule: &'a str,
    confidence: f64,
}

/// A figure that a plan prints.
#[derive(Serialize)]
pub(in crate::commands) struct FigureJson<'a> {
    pub(in crate::commands) name: &'a str,
    pub(in crate::commands) value: f64,
    pub(in crate::commands) unit: &'a str,
    pub(in crate::commands) printed: &'a str,
}

/// Writes every name that stands for itself. `start` is where the piece that was read begins in its file.
pub(super) fn mentions(
    reading: &Reading<'_>,
    start: usize,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let outline = &reading.cleaned.outline;
    let mut cited = (usize::MAX, String::new());
    for mention in reading.names() {
        let block = outline.block_at(mention.range.start).unwrap_or(usize::MAX);
        if cited.0 != block {
            cited = (block, outline.citation(block));
        }
        let sense = mention.senses.first();
        let place = sense.map(|sense| &sense.found.place);
        let position = place.and_then(|place| place.position);
        let line = MentionJson {
            surface: &mention.surface,
            start: start + mention.source.start,
            end: start + mention.source.end,
            kind: mention.class.kind(),
            place: place.map(|place| place.id),
            canonical: sense.map(|sense| sense.found.canonical.as_str()),
            lon: position.map(LonLat::lon),
            lat: position.map(LonLat::lat),
            confidence: sense.map_or(0.0, |sense| rounded(sense.confidence)),
            article: &cited.1,
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes every structure.
pub(super) fn structures(
    reading: &Reading<'_>,
    start: usize,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    for found in &reading.structures {
        let source = reading.cleaned.text.source_range(found.sentence.clone());
        let mut roles: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (member, role) in &found.roles {
            roles.entry(role).or_default().push(member);
        }
        let line = StructureJson {
            name: &found.name,
            kind: found.kind,
            geometry: geometry_of(found.kind),
            members: &found.members,
            roles,
            excludes: &found.excludes,
            via: &found.via,
            figures: found
                .figures
                .iter()
                .map(|figure| FigureJson {
                    name: &figure.name,
                    value: figure.value,
                    unit: figure.unit,
                    printed: &figure.printed,
                })
                .collect(),
            status: found.status,
            verbs: &found.verbs,
            article: reading.cleaned.outline.citation(found.block),
            start: start + source.start,
            end: start + source.end,
            sentence: reading.sentence(found),
            rule: found.rule,
            confidence: rounded(found.confidence),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn rounded(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}
