//! Administrative changes: which name a unit had when.

use crate::PartialDate;

/// One end of a change: a unit's code at the time and its full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedUnit {
    /// GB/T 2260 code then, where known.
    pub code: Option<u32>,
    /// Full name then.
    pub name: String,
}

/// A change of the administrative division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Date of approval.
    pub date: PartialDate,
    /// `rename`, `upgrade`, `merge`, `split`, `transfer`, `abolish` or `create`.
    pub kind: String,
    /// Units before.
    pub from: Vec<NamedUnit>,
    /// Units after.
    pub to: Vec<NamedUnit>,
    /// Where this is known from.
    pub source: String,
}

impl Change {
    /// Whether the units after it are those before it under another name or rank: then the old name is a
    /// former name of the new unit. A split or a creation leaves the old name where it was.
    #[must_use]
    pub fn carries_names(&self) -> bool {
        matches!(self.kind.as_str(), "rename" | "upgrade" | "merge")
    }
}

/// A row of a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}:{line}: {problem}")]
pub struct TableError {
    /// Name of the table.
    pub table: &'static str,
    /// Line, counted from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub problem: String,
}

/// The rows of a table: `#` starts a comment line, the first other line is the header, no quoting.
pub(crate) fn rows<'a, const N: usize>(
    table: &'static str,
    text: &'a str,
    header: [&'static str; N],
) -> impl Iterator<Item = Result<(usize, [&'a str; N]), TableError>> {
    let mut seen_header = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let error = |problem: String| {
            Some(Err(TableError {
                table,
                line: index + 1,
                problem,
            }))
        };
        if line.starts_with('#') || line.trim().is_empty() {
            return None;
        }
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let found = cells.len();
        let Ok(cells) = <[&str; N]>::try_from(cells) else {
            return error(format!(
                "{found} columns, expected {N}: {}",
                header.join(",")
            ));
        };
        if !seen_header {
            seen_header = true;
            return if cells == header {
                None
            } else {
                error(format!(
                    "the header is {}, expected {}",
                    cells.join(","),
                    header.join(",")
                ))
            };
        }
        Some(Ok((index + 1, cells)))
    })
}

fn units(cell: &str) -> Result<Vec<NamedUnit>, String> {
    cell.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| match part.split_once(' ') {
            Some((code, name)) => {
                let code = code
                    .parse()
                    .map_err(|_| format!("`{code}` is not a code"))?;
                Ok(NamedUnit {
                    code: Some(code),
                    name: name.trim().to_owned(),
                })
            }
            None => Ok(NamedUnit {
                code: None,
                name: part.to_owned(),
            }),
        })
        .collect()
}

/// Reads the table of changes.
pub(crate) fn read(text: &str) -> Result<Vec<Change>, TableError> {
    const TABLE: &str = "history.csv";
    rows(TABLE, text, ["date", "kind", "from", "to", "source"])
        .map(|row| {
            let (line, [date, kind, from, to, source]) = row?;
            let error = |problem: String| TableError {
                table: TABLE,
                line,
                problem,
            };
            Ok(Change {
                date: date
                    .parse()
                    .map_err(|e: crate::DateError| error(e.to_string()))?,
                kind: kind.to_owned(),
                from: units(from).map_err(error)?,
                to: units(to).map_err(error)?,
                source: source.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_a_wrong_date_is_named_by_its_line() {
        let text = "# note\ndate,kind,from,to,source\n2016-06-08,upgrade,500234 开县,500154 开州区,x\n2016-6,a,b,c,d\n";
        let error = read(text).expect_err("the last row is wrong");
        assert_eq!(error.line, 4);
        assert!(error.to_string().contains("2016-6"));
    }

    #[test]
    fn units_have_a_code_where_it_is_known() {
        let read = units("500222 綦江县;500110 万盛区;两江新区").expect("three units");
        assert_eq!(
            read.iter().map(|u| u.code).collect::<Vec<_>>(),
            [Some(500_222), Some(500_110), None]
        );
    }
}
