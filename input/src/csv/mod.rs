//! Tables of text with a header: comma, semicolon or tab; UTF-8, UTF-16 with a byte order mark, or what the
//! caller names. Positions are two columns of WGS 84 decimal degrees, or well-known text.

mod sniff;

pub(crate) use sniff::delimiter;

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::columns::{Columns, listed};
use crate::intake::{Intake, Stop, Unfit};
use crate::record::Record;
use crate::source::{self, decode};
use crate::{At, Column, InputError, Origin, Problem, SkipReason};

/// The longest record: an area as well-known text is long.
const MOST_RECORD_BYTES: u64 = 64 << 20;

/// Reads a table, plain, gzipped or in a zip archive.
pub(crate) fn read(path: &Path, intake: &mut Intake) -> Result<(), Stop> {
    let bytes = intake.bytes.clone();
    let layer = intake.options.layer.clone();
    let result = source::with_stream(path, layer.as_deref(), &bytes, &mut |stream| {
        decoded(stream, intake)
    });
    result.map_err(|stop| match stop {
        Stop::Failed(mut error) => {
            if let Problem::Encoding {
                gb18030, expected, ..
            } = &mut *error.problem
            {
                let asked = source::with_stream(path, layer.as_deref(), &bytes, &mut |stream| {
                    Ok(decode::is_gb18030(stream))
                });
                *gb18030 = *expected == "UTF-8" && matches!(asked, Ok(true));
            }
            Stop::Failed(error)
        }
        stop @ Stop::Refused => stop,
    })
}

/// Finds the encoding and reads the table as UTF-8.
fn decoded(stream: &mut dyn BufRead, intake: &mut Intake) -> Result<(), Stop> {
    let mark = source::head(&mut *stream, 3)?;
    let asked = intake.options.encoding;
    let by_mark = match mark.as_slice() {
        [0xEF, 0xBB, 0xBF] => Some(UTF_8),
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    let utf_8 = by_mark == Some(UTF_8);
    let mut whole =
        BufReader::new(Cursor::new(if utf_8 { Vec::new() } else { mark }).chain(stream));
    match by_mark.or(asked.map(decode::table)) {
        None => table(&mut whole, intake),
        Some(encoding) if encoding == UTF_8 => table(&mut whole, intake),
        Some(encoding) => table(&mut decode::Decoded::new(&mut whole, encoding), intake),
    }
}

fn table(stream: &mut dyn Read, intake: &mut Intake) -> Result<(), Stop> {
    let first = source::head(&mut *stream, 1 << 16)?;
    if first.is_empty() {
        return Err(Problem::Empty.into());
    }
    let delimiter = sniff::delimiter(&first);
    let watch = Rc::new(sniff::Watch::default());
    let stream = sniff::Watched::new(Cursor::new(first).chain(stream), watch.clone());
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(stream);
    let mut rows = Rows {
        row: ByteRecord::new(),
        line: 0,
        watch,
    };
    if !rows.next(&mut reader)? {
        return Err(Problem::Empty.into());
    }
    let headers: Vec<String> = rows
        .texts(&[])?
        .iter()
        .map(|h| h.trim().to_owned())
        .collect();
    let columns = find(intake, &headers)
        .map_err(|problem| problem.at(At::Record(Origin::Line(rows.line))))?;
    let mut number = 0;
    while rows.next(&mut reader)? {
        number += 1;
        let origin = Origin::Line(rows.line);
        let values = match rows.texts(&headers) {
            Ok(values) => values,
            Err(_) if intake.options.skip_bad => {
                intake.skip(SkipReason::BadValue);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let record = if values.len() == headers.len() {
            let record = Record {
                columns: &columns,
                values: &values,
                shape: None,
                id: format!("{}-{number}", intake.file_name),
            };
            record.entry(intake)
        } else {
            let (found, expected) = (values.len(), headers.len());
            Err(Problem::ColumnCount { found, expected }.into())
        };
        if let (Err(Unfit::Bad(Problem::Swapped { lon, lat, .. })), false) =
            (&record, intake.options.skip_bad)
        {
            let (lon, lat) = (*lon, *lat);
            let rows = count_swapped(&mut rows, &mut reader, &columns)?;
            let problem = Problem::Swapped { lon, lat, rows };
            return Err(problem.at(At::Record(origin)).into());
        }
        intake.take(record, origin)?;
    }
    Ok(())
}

/// Finds the columns; a name and some kind of position must be there.
fn find(intake: &Intake, headers: &[String]) -> Result<Columns, Problem> {
    let mapping = &intake.options.columns;
    mapping.check(headers)?;
    let columns = mapping.resolve(headers);
    columns.need(Column::Name, headers)?;
    if columns.index(Column::Wkt).is_none() {
        columns.need(Column::Lon, headers)?;
        columns.need(Column::Lat, headers)?;
    }
    Ok(columns)
}

/// Of the row at fault and up to a thousand after it: how many have a latitude that can only be a longitude.
/// `None` if they are fewer than half.
fn count_swapped<R: Read>(
    rows: &mut Rows,
    reader: &mut csv::Reader<R>,
    columns: &Columns,
) -> Result<Option<(u64, u64)>, Stop> {
    let (Some(lon), Some(lat)) = (columns.index(Column::Lon), columns.index(Column::Lat)) else {
        return Ok(None);
    };
    let (mut wrong, mut of) = (0, 0);
    loop {
        let number = |index: usize| {
            let text = std::str::from_utf8(rows.row.get(index)?).ok()?;
            text.trim().parse::<f64>().ok().map(f64::abs)
        };
        if let (Some(lon), Some(lat)) = (number(lon), number(lat)) {
            of += 1;
            wrong += u64::from(lat > 90.0 && lat <= 180.0 && lon <= 90.0);
        }
        if of > 1000 || !rows.next(reader)? {
            return Ok((wrong * 2 > of).then_some((wrong, of)));
        }
    }
}

/// The row at hand.
struct Rows {
    row: ByteRecord,
    /// The line on which it begins.
    line: u64,
    watch: Rc<sniff::Watch>,
}

impl Rows {
    /// Goes to the next row; `false` after the last.
    fn next<R: Read>(&mut self, reader: &mut csv::Reader<R>) -> Result<bool, InputError> {
        self.watch.begin(MOST_RECORD_BYTES);
        let line = reader.position().line();
        let there = reader.read_byte_record(&mut self.row).map_err(|error| {
            let at = At::Record(Origin::Line(line));
            match error.into_kind() {
                csv::ErrorKind::Io(error) => match Problem::from(error) {
                    problem @ (Problem::TooLong { .. } | Problem::Truncated { .. }) => {
                        problem.at(at)
                    }
                    problem => problem.into(),
                },
                kind => Problem::damaged("the table", format!("{kind:?}"), "rows").at(at),
            }
        })?;
        self.line = self.row.position().map_or(line, csv::Position::line);
        let last_breaks = self
            .row
            .iter()
            .next_back()
            .is_some_and(|f| f.contains(&b'\n'));
        if there && last_breaks && self.watch.open_quote() {
            return Err(
                Problem::truncated("a quoted value").at(At::Record(Origin::Line(self.line)))
            );
        }
        Ok(there)
    }

    /// The values as text.
    fn texts(&self, headers: &[String]) -> Result<Vec<&str>, InputError> {
        let fields = self.row.iter().enumerate();
        fields
            .map(|(index, field)| {
                std::str::from_utf8(field).map_err(|error| {
                    let name = headers
                        .get(index)
                        .map_or(String::new(), |h| format!(" ({})", listed(&[h])));
                    let problem = Problem::Encoding {
                        place: format!(
                            "column {}{name}, byte {}",
                            index + 1,
                            error.valid_up_to() + 1
                        ),
                        expected: "UTF-8",
                        gb18030: false,
                    };
                    problem.at(At::Record(Origin::Line(self.line)))
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
