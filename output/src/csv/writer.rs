//! The table of what is not on the map.

use std::path::Path;

use layers::model::Unlocated;

use super::CsvError;
use crate::atomic;

/// The columns, in order.
const HEADER: [&str; 5] = ["name", "kind", "plan", "article", "reason"];

/// Writes the names that nothing locates, one row each in the given order, with why.
///
/// The first row is always `name,kind,plan,article,reason`, also when nothing follows.
///
/// # Errors
///
/// [`CsvError`] when a row cannot be made or the file cannot be written; no half file is left.
pub fn write(unlocated: &[Unlocated], path: &Path) -> Result<(), CsvError> {
    Ok(atomic::write(path, &encode(unlocated)?)?)
}

fn encode(unlocated: &[Unlocated]) -> Result<Vec<u8>, CsvError> {
    let mut bytes = Vec::new();
    let mut rows = csv::Writer::from_writer(&mut bytes);
    rows.write_record(HEADER).map_err(|source| CsvError::Row {
        name: "header".to_owned(),
        source,
    })?;
    for Unlocated {
        name,
        kind,
        plan,
        article,
        reason,
    } in unlocated
    {
        rows.write_record([name, kind, plan, article, reason])
            .map_err(|source| CsvError::Row {
                name: name.clone(),
                source,
            })?;
    }
    rows.flush().map_err(|source| CsvError::Row {
        name: "end".to_owned(),
        source: source.into(),
    })?;
    drop(rows);
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_and_line_ends_are_quoted() {
        let rows = [Unlocated {
            name: "“小”, \"大\"".to_owned(),
            kind: "tourism_site".to_owned(),
            plan: "cqmetro-2022".to_owned(),
            article: "第一节\n三".to_owned(),
            reason: "无坐标".to_owned(),
        }];
        let text = String::from_utf8(encode(&rows).unwrap()).unwrap();
        assert_eq!(
            text,
            "name,kind,plan,article,reason\n\"“小”, \"\"大\"\"\",tourism_site,cqmetro-2022,\"第一节\n三\",无坐标\n"
        );
    }

    #[test]
    fn an_empty_table_still_has_its_header() {
        assert_eq!(encode(&[]).unwrap(), b"name,kind,plan,article,reason\n");
    }
}
