//! `GeoNames` dump tables (<https://download.geonames.org/export/dump/readme.txt>): 19 columns divided by
//! tabs, UTF-8, no header, WGS 84. Read line by line: memory does not grow with the table.

mod codes;

use std::path::Path;

use gazetteer::Entry;

use crate::geometry;
use crate::intake::{Intake, Stop, Unfit};
use crate::names;
use crate::record::degrees;
use crate::source::{self, Lines};
use crate::{At, Origin, Problem, SkipReason, Warning};

const COLUMNS: usize = 19;

/// Whether a line looks like one of such a table.
pub(crate) fn is_line(line: &[u8]) -> bool {
    let mut fields = line.split(|b| *b == b'\t');
    let number = fields.next().unwrap_or_default();
    !number.is_empty() && number.iter().all(u8::is_ascii_digit) && fields.count() == COLUMNS - 1
}

/// Reads a table, plain, gzipped or in a zip archive.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let bytes = intake.bytes.clone();
    let layer = intake.options.layer.clone();
    source::with_stream(path, layer.as_deref(), &bytes, &mut |stream| {
        let mut lines = Lines::new(stream);
        loop {
            let number = lines.number() + 1;
            let at = At::Record(Origin::Line(number));
            let Some(line) = lines.next().map_err(|problem| problem.at(at))? else {
                return Ok(());
            };
            if line.is_empty() {
                continue;
            }
            let line = std::str::from_utf8(line).map_err(|error| {
                let byte = error.valid_up_to() as u64 + 1;
                let problem = Problem::Encoding {
                    place: "text".to_owned(),
                    expected: "UTF-8",
                    gb18030: false,
                };
                problem.at(At::Column { line: number, byte })
            })?;
            let record = entry(line, intake);
            intake.take(record, Origin::Line(number))?;
        }
    })
}

fn entry(line: &str, intake: &mut Intake) -> Result<Entry, Unfit> {
    let mut fields = [""; COLUMNS];
    let mut found = 0;
    for field in line.split('\t') {
        if let Some(slot) = fields.get_mut(found) {
            *slot = field;
        }
        found += 1;
    }
    if found != COLUMNS {
        return Err(Problem::ColumnCount {
            found,
            expected: COLUMNS,
        }
        .into());
    }
    let [
        id,
        name,
        ascii,
        alternates,
        lat,
        lon,
        class,
        code,
        country,
        ..,
    ] = fields;
    let population = fields[14];
    if codes::is_gone(code) {
        return Err(SkipReason::Gone.into());
    }
    if id.is_empty() || id.len() > 12 || !id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::value("geonameid (column 1)", id, "a number").into());
    }
    let position = geometry::position(
        degrees("longitude (column 6)", lon)?,
        degrees("latitude (column 5)", lat)?,
    )?;
    let all = alternates.split(',');
    let han = all.clone().find(|other| names::is_han(other.trim()));
    let chosen = if names::is_han(name) { None } else { han };
    let name_chosen = chosen.unwrap_or(name).trim();
    if name_chosen.is_empty() {
        return Err(SkipReason::NoName.into());
    }
    let (aliases, cut) = names::others(name_chosen, [name, ascii].into_iter().chain(all));
    if cut {
        intake.warn(Warning::ManyNames);
    }
    let mut entry = Entry::new(
        format!("geonames-{id}"),
        name_chosen,
        codes::class_of(class, code, country),
    );
    entry.aliases = aliases;
    entry.position = Some(position);
    "GeoNames".clone_into(&mut entry.position_source);
    let population: u64 = match population {
        "" => 0,
        text => text
            .parse()
            .map_err(|_| Problem::value("population (column 15)", text, "a number"))?,
    };
    entry.weight = u32::try_from(population).unwrap_or(u32::MAX);
    Ok(entry)
}

#[cfg(test)]
mod tests;
