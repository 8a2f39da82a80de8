//! `yutu audit`: the figures that the plans print, checked.

use gazetteer::Gazetteer;
use plans::{Audited, Catalogue, Plan, Verdict};
use serde::Serialize;

use super::chosen_plans;
use crate::args::AuditArgs;
use crate::{Outcome, report};

/// A checked figure in JSON: `docs/json.md` describes it.
#[derive(Serialize)]
struct AuditedJson<'a> {
    plan: &'a str,
    structure: &'a str,
    name: &'a str,
    article: &'a str,
    figure: &'a str,
    printed: &'a str,
    printed_value: f64,
    measured: [f64; 2],
    unit: &'a str,
    deviation: f64,
    verdict: &'a str,
    /// Of a lost decimal point: how many digits stand after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<i32>,
    note: &'a str,
}

pub fn run(args: &AuditArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let gazetteer = Gazetteer::embedded()?;
    let catalogue = Catalogue::embedded()?;
    let mut found: Vec<(&Plan, Audited<'_>)> = Vec::new();
    for plan in chosen_plans(&catalogue, &args.plans)? {
        let audited = plans::audit(&gazetteer, plan);
        if audited.is_empty() {
            report::note(
                format_args!("{}: prints no figure that can be checked", plan.id),
                quiet,
            );
        }
        found.extend(audited.into_iter().map(|audited| (plan, audited)));
    }
    if args.json {
        let rows: Vec<_> = found.iter().map(|(plan, row)| in_json(plan, row)).collect();
        report::json(&rows)?;
    } else if !found.is_empty() {
        print(&found)?;
    }
    let wrong = found.iter().any(|(_, row)| row.verdict != Verdict::Agrees);
    Ok(if wrong { Outcome::No } else { Outcome::Done })
}

fn in_json<'a>(plan: &'a Plan, row: &'a Audited<'_>) -> AuditedJson<'a> {
    AuditedJson {
        plan: &plan.id,
        structure: &row.structure.id,
        name: &row.structure.name,
        article: &row.structure.article,
        figure: &row.figure.name,
        printed: &row.figure.printed,
        printed_value: row.printed,
        measured: [row.measured.0, row.measured.1].map(|value| (value * 100.0).round() / 100.0),
        unit: row.unit,
        deviation: (row.deviation() * 10_000.0).round() / 10_000.0,
        verdict: row.verdict.as_str(),
        places: match row.verdict {
            Verdict::LostPoint { places } => Some(places),
            _ => None,
        },
        note: &row.note,
    }
}

fn print(found: &[(&Plan, Audited<'_>)]) -> anyhow::Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|(plan, row)| {
            let (low, high) = row.measured;
            let measured = if (high - low).abs() < f64::EPSILON {
                number(low)
            } else {
                format!("{}–{}", number(low), number(high))
            };
            let verdict = match row.verdict {
                Verdict::Agrees => "agrees".to_owned(),
                Verdict::Differs => format!("differs {:+.1} %", row.deviation() * 100.0),
                Verdict::LostPoint { places } => format!("lost point ({places})"),
            };
            [
                format!("{} {}", plan.id, row.structure.article),
                row.structure.map_name().to_owned(),
                format!("{} {}", row.figure.name, row.figure.printed),
                format!("{measured} {}", row.unit),
                verdict,
                row.note.clone(),
            ]
        })
        .collect();
    let header = [
        "said in",
        "of",
        "printed",
        "measured",
        "verdict",
        "how, and why",
    ];
    Ok(report::table(header, &rows)?)
}

fn number(value: f64) -> String {
    if value >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
