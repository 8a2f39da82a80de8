//! Features as rows of a table with fixed columns.

use std::collections::HashSet;
use std::fmt::Write;

use input::features::{FeatureBatch, FeatureId, Value};

use crate::column::{Column, ColumnKind};
use crate::feature::Feature;
use crate::report::{Loss, Report};
use crate::survey::Survey;

/// The columns of a table, and where their values come from.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    /// The column that holds identifiers, where the format has no place of its own for them. It is the first.
    pub(crate) has_id: bool,
    /// The names of columns in the file.
    pub(crate) names: Vec<String>,
}

impl Table {
    /// The columns of a survey; with `id_column`, identifiers that say something are one of them.
    pub(crate) fn new(survey: &Survey, id_column: bool, report: &mut Report) -> Self {
        let mut columns = survey.columns.clone();
        let mixed = columns.iter().filter(|column| column.mixed);
        report.mixed.extend(mixed.map(|column| column.name.clone()));
        let has_id = id_column && survey.ids.say_something(survey.features);
        if has_id {
            let taken = |name: &str| columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
            let names = ["id".to_owned(), "feature_id".to_owned()];
            let further = (2..).map(|number| format!("feature_id_{number}"));
            let name = names.into_iter().chain(further).find(|name| !taken(name));
            let kind = if survey.ids.ascending {
                ColumnKind::Int
            } else {
                ColumnKind::Text
            };
            let mut column = Column::new(&name.unwrap_or_default(), kind, None);
            // Of text nothing is known but that it is.
            column.longest = match kind {
                ColumnKind::Int => 18,
                _ => 64,
            };
            columns.insert(0, column);
            report.lose(Loss::IdAsAttribute, survey.ids.count);
        }
        let names = columns.iter().map(|column| column.name.clone()).collect();
        Self {
            columns,
            has_id,
            names,
        }
    }

    /// Makes the names in the file differ in more than case, as databases want it, and from `taken`.
    pub(crate) fn distinguish(&mut self, taken: &[&str], report: &mut Report) {
        let mut used: HashSet<String> = taken.iter().map(|name| name.to_lowercase()).collect();
        for name in &mut self.names {
            let wanted = match name.replace('\0', "_") {
                wanted if wanted.is_empty() => "column".to_owned(),
                wanted => wanted,
            };
            let others = (2..).map(|number| format!("{wanted}_{number}"));
            let mut names = std::iter::once(wanted.clone()).chain(others);
            let free = names.find(|name| used.insert(name.to_lowercase()));
            let free = free.unwrap_or(wanted);
            if *name != free {
                report.renamed.push((name.clone(), free.clone()));
                *name = free;
            }
        }
    }

    /// Which column each key of a batch is.
    pub(crate) fn map(&self, batch: &FeatureBatch) -> Vec<Option<usize>> {
        self.places(&batch.keys)
    }

    /// Which column each of some attributes is.
    pub(crate) fn places(&self, attributes: &[String]) -> Vec<Option<usize>> {
        let own = usize::from(self.has_id);
        let place = |key: &String| {
            let mut columns = self.columns[own..].iter();
            columns
                .position(|column| column.name == *key)
                .map(|at| at + own)
        };
        attributes.iter().map(place).collect()
    }

    /// Puts the values of a feature in the order of the columns.
    pub(crate) fn row<'a>(
        &self,
        feature: Feature<'a>,
        map: &[Option<usize>],
        values: &mut Vec<Value<'a>>,
    ) {
        values.clear();
        values.resize(self.columns.len(), Value::Null);
        let (batch, row) = (feature.batch, &feature.rows[0]);
        if self.has_id {
            values[0] = match row.id {
                None => Value::Null,
                Some(FeatureId::UInt(id)) => i64::try_from(id).map_or(Value::UInt(id), Value::Int),
                Some(FeatureId::Text(span)) => Value::Text(batch.text_of(span)),
            };
        }
        for cell in batch.cells.get(row.cells.range()).unwrap_or_default() {
            if let Some(Some(column)) = map.get(cell.key as usize) {
                values[*column] = batch.value(cell.value);
            }
        }
    }
}

/// Appends a value as text, as a table without types has it.
pub(crate) fn push_text(value: Value<'_>, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        // Writing into a string cannot fail.
        Value::Int(number) => drop(write!(out, "{number}")),
        Value::UInt(number) => drop(write!(out, "{number}")),
        Value::Float(number) => out.push_str(zmij::Buffer::new().format_finite(number)),
        Value::Text(text) | Value::Json(text) => out.push_str(text),
    }
}
