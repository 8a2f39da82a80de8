//! `yutu tile verify`.

use serde::Serialize;
use tiles::archive::{Check, Found, Severity, VerifyOptions};

use crate::args::VerifyArgs;
use crate::{Outcome, report};

/// A verification in JSON: `docs/tiles-archives.md` describes it.
#[derive(Serialize)]
struct VerificationJson<'a> {
    tiles: u64,
    entries: u64,
    features: u64,
    errors: u64,
    warnings: u64,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    severity: Severity,
    check: Check,
    #[serde(flatten)]
    found: &'a Found,
}

pub fn run(args: &VerifyArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let defaults = VerifyOptions::default();
    let options = VerifyOptions {
        most_bytes: args.max_bytes,
        most_features: args.max_features,
        threads: args.threads.map_or(defaults.threads, usize::from),
    };
    let verification = tiles::archive::verify(&args.archive, &options)?;
    let findings = &verification.findings;
    let (errors, warnings) = (findings.errors(), findings.warnings());
    if args.json {
        let rows = findings.iter().map(|(severity, check, found)| FindingJson {
            severity,
            check,
            found,
        });
        report::json(&VerificationJson {
            tiles: verification.tiles,
            entries: verification.entries,
            features: verification.features,
            errors,
            warnings,
            findings: rows.collect(),
        })?;
    } else if errors + warnings > 0 {
        let mut rows = Vec::new();
        for (severity, check, found) in findings.iter() {
            for example in &found.examples {
                let tile = example.tile.map_or_else(String::new, |tile| {
                    format!("{}/{}/{}", tile.z(), tile.x(), tile.y())
                });
                rows.push([
                    name(&severity)?,
                    name(&check)?,
                    found.count.to_string(),
                    tile,
                    example.found.clone(),
                ]);
            }
        }
        report::table(["", "check", "times", "first in", "found"], &rows)?;
    }
    report::note(
        format_args!(
            "{}: {} tiles, {} entries, {} features, {errors} errors, {warnings} warnings",
            args.archive.display(),
            verification.tiles,
            verification.entries,
            verification.features
        ),
        quiet,
    );
    let is_right = errors == 0 && !(args.strict && warnings > 0);
    Ok(if is_right { Outcome::Done } else { Outcome::No })
}

/// The name that JSON has for it too.
fn name(of: &impl Serialize) -> anyhow::Result<String> {
    let json = serde_json::to_value(of)?;
    Ok(json.as_str().unwrap_or_default().to_owned())
}
