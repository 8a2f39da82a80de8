//! What changed between two plans, as features.

use plans::Plan;

use super::whole_plan::Pages;
use super::{BuildError, Builder};
use crate::model::{GeometryKind, Table};
use crate::palette;
use crate::style::{Class, Colour, Paint, Stroke, Style, Symbol};

/// The colours of changes, by the first of them.
const COLOURS: [(&str, u32); 5] = [
    ("新增", 0x002E_7D4F),
    ("不再提及", 0x00B2_3A2A),
    ("更名", 0x006B_4C9A),
    ("状态变化", 0x002B_6CA3),
    ("成员变化", 0x00C0_7A14),
];

impl Builder<'_> {
    /// The features of two plans whose structures `said` gives a change (of the earlier plan or not, and the identifier): one
    /// table a geometry type, styled by change.
    ///
    /// # Errors
    /// When data that comes with the program is damaged.
    pub fn changed(
        &self,
        (before, after): (&Plan, &Plan),
        said: &dyn Fn(bool, &str) -> Option<String>,
    ) -> Result<Vec<Table>, BuildError> {
        let mut features = Vec::new();
        for (plan, of_before) in [(before, true), (after, false)] {
            for sheet in self.sheets_among_others(plan, Pages::None)? {
                for table in sheet.layer.tables {
                    let kind = table.geometry;
                    features.extend(table.features.into_iter().filter_map(|mut feature| {
                        feature.properties.change = said(of_before, feature.structure())?;
                        feature.id = format!("{}/{}", plan.id, feature.id);
                        Some((kind, feature))
                    }));
                }
            }
        }
        let kinds = [
            (GeometryKind::Polygon, "areas", "面"),
            (GeometryKind::Line, "lines", "线"),
            (GeometryKind::Point, "points", "点"),
        ];
        let tables = kinds.into_iter().map(|(geometry, part, title)| Table {
            id: format!("{}-to-{}-{part}", before.id, after.id),
            title: format!("{}至{}（{title}）", before.short_title, after.short_title),
            geometry,
            features: features
                .iter()
                .filter(|(kind, _)| *kind == geometry)
                .map(|(_, feature)| feature.clone())
                .collect(),
            style: Style::single("", Symbol::Seat),
        });
        let mut tables: Vec<Table> = tables.filter(|table| !table.features.is_empty()).collect();
        for table in &mut tables {
            table.style = style(table);
        }
        Ok(tables)
    }
}

/// One class for each combination of changes that is there.
fn style(table: &Table) -> Style {
    let mut seen: Vec<&str> = Vec::new();
    for feature in &table.features {
        let change = feature.properties.change.as_str();
        if !seen.contains(&change) {
            seen.push(change);
        }
    }
    let classes = seen.into_iter().map(|change| Class {
        value: change.to_owned(),
        title: change.to_owned(),
        symbol: symbol(change, table.geometry),
    });
    Style {
        field: Some("change"),
        classes: classes.collect(),
        label: None,
        size: None,
    }
}

fn symbol(change: &str, geometry: GeometryKind) -> Symbol {
    let known = COLOURS.iter().find(|(word, _)| change.starts_with(word));
    let colour = known.map_or(palette::INK, |(_, colour)| Colour::hex(*colour));
    let stroke = Stroke::solid(colour, 0.6);
    match geometry {
        GeometryKind::Polygon => Symbol::Fill {
            paint: Paint::Solid {
                colour,
                opacity: 0.25,
            },
            outline: Some(stroke),
        },
        GeometryKind::Line => Symbol::line(stroke),
        GeometryKind::Point => Symbol::Node { colour },
    }
}
