//! `yutu check`.

use std::fmt::Write;

use anyhow::bail;
use formats::check::{Checked, Finding, Severity};
use formats::{Layer, Shaping, Target, TargetFormat};
use input::features::FeatureSource;

use super::convert::{reading, threads};
use super::reading::source_of;
use crate::Outcome;
use crate::args::CheckArgs;
use crate::report::{self, note};

pub fn run(args: &CheckArgs, quiet: bool) -> anyhow::Result<Outcome> {
    if args.file.as_os_str() == "-" && args.fix {
        bail!("the standard input can be checked and not mended: --fix reads a file again");
    }
    let target = match &args.out {
        None => None,
        Some(out) => {
            if out.exists() && !args.force {
                bail!("{} exists; pass --force to overwrite it", out.display());
            }
            let Some(format) = TargetFormat::of(out) else {
                bail!("the ending of {} says no format", out.display());
            };
            Some(Target::new(out, format, threads(args.threads)))
        }
    };
    let mut options = reading(&args.read);
    let source = source_of(
        args.from_crs,
        std::slice::from_ref(&args.file),
        &mut options,
        quiet,
    )?;
    let mut shaping = Shaping {
        source,
        ..Shaping::default()
    };
    let source = FeatureSource::open(&args.file, &options)?;
    let checked = formats::check::check(source, threads(args.threads), &shaping)?;
    if args.json {
        report::json(&checked)?;
    } else {
        tell(&checked)?;
    }
    if let Some(target) = target {
        let name = args.file.file_stem().unwrap_or_default().to_string_lossy();
        let path = args.file.clone();
        let layer = Layer {
            name: checked.layer.clone().unwrap_or(name.into_owned()),
            open: Box::new(move || FeatureSource::open(&path, &options)),
        };
        shaping.mend = true;
        let written = formats::convert(&[layer], &shaping, &target)?;
        let fixed = checked.findings.iter().filter(|finding| finding.fixable);
        let fixed: u64 = fixed.map(|finding| finding.count).sum();
        note(
            format_args!(
                "{}: {} features, {fixed} faults mended",
                target.path.display(),
                written.features
            ),
            quiet,
        );
    }
    if checked.is_in_order() {
        note(
            format_args!("{}: {} features, in order", checked.file, checked.features),
            quiet,
        );
        return Ok(Outcome::Done);
    }
    Ok(Outcome::No)
}

/// The findings as a table, each with its first example.
fn tell(checked: &Checked) -> std::io::Result<()> {
    if checked.findings.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; 4]> = checked
        .findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let column = finding.column.as_ref();
            let text = column.map_or(finding.text.clone(), |name| {
                format!("{name} {}", finding.text)
            });
            let fix = if finding.fixable { " (--fix)" } else { "" };
            [
                severity.to_owned(),
                finding.count.to_string(),
                format!("{text}{fix}"),
                first(finding),
            ]
        })
        .collect();
    report::table(["", "count", "what", "first"], &rows)
}

fn first(finding: &Finding) -> String {
    let Some(example) = finding.examples.first() else {
        return String::new();
    };
    let mut text = example.place.clone();
    if let Some([lon, lat]) = example.position {
        // Writing into a string cannot fail.
        let _ = write!(text, " at {lon},{lat}");
    }
    if let Some(value) = &example.value {
        let _ = write!(text, ": {}", report::shortened(value, 60));
    }
    text
}
