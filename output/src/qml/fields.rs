//! What a user of QGIS reads of a feature: Chinese titles of its fields, the words behind their values, the form, the
//! tip on the map.

use std::collections::BTreeSet;
use std::io;

use layers::kind_title;
use layers::model::{FIELDS, FieldKind, Quality, Table, Value};

use crate::xml::Xml;

/// A field of the data file that the table uses.
struct UsedField {
    name: &'static str,
    title: &'static str,
    kind: FieldKind,
    /// What its values are called, in the order of the values; empty where a value is its own word.
    words: Vec<(String, String)>,
}

/// The fields of a table's data file, in its order.
pub(super) struct Fields(Vec<UsedField>);

/// The pages of the form, and what stands on each.
const PAGES: [(&str, &[&str]); 3] = [
    (
        "内容",
        &[
            "name",
            "kind",
            "status",
            "line_class",
            "roles",
            "members",
            "theme",
            "figures",
            "population_10k",
            "horizon",
            "change",
        ],
    ),
    (
        "出处",
        &[
            "plan_title",
            "plan",
            "date",
            "article",
            "sentence",
            "also",
            "id",
        ],
    ),
    (
        "几何",
        &[
            "quality",
            "quality_note",
            "area_km2",
            "length_km",
            "adcode",
            "sources",
        ],
    ),
];

/// Fields that may hold more than a line.
const LONG: [&str; 6] = [
    "members",
    "figures",
    "sentence",
    "also",
    "quality_note",
    "sources",
];

impl Fields {
    pub(super) fn of(table: &Table) -> Self {
        let id = UsedField {
            name: "id",
            title: "编号",
            kind: FieldKind::Text,
            words: Vec::new(),
        };
        let used = FIELDS.iter().enumerate().filter_map(|(column, field)| {
            let values = || {
                table
                    .features
                    .iter()
                    .filter_map(move |one| one.properties.values()[column])
            };
            values().next()?;
            let texts: BTreeSet<String> = values()
                .filter_map(|value| match value {
                    Value::Text(text) => Some(text.to_owned()),
                    Value::Number(_) => None,
                })
                .collect();
            let words = match field.name {
                "kind" => named(texts, kind_title),
                "quality" => named(texts, |value| Some(Quality::title_of(value)?.to_owned())),
                // The plans' own verbs: a list to choose from.
                "status" => named(texts, |value| Some(value.to_owned())),
                _ => Vec::new(),
            };
            Some(UsedField {
                name: field.name,
                title: field.title,
                kind: field.kind,
                words,
            })
        });
        Self([id].into_iter().chain(used).collect())
    }

    pub(super) fn write(&self, xml: &mut Xml) -> io::Result<()> {
        xml.element("fieldConfiguration", &[], |xml| {
            self.0.iter().try_for_each(|field| field.write(xml))
        })?;
        xml.element("aliases", &[], |xml| {
            self.0.iter().enumerate().try_for_each(|(index, field)| {
                xml.empty(
                    "alias",
                    &[
                        ("index", &index.to_string()),
                        ("field", field.name),
                        ("name", field.title),
                    ],
                )
            })
        })?;
        xml.text("editorlayout", "tablayout")?;
        xml.element("attributeEditorForm", &[], |xml| self.form(xml))?;
        xml.text("previewExpression", "\"name\"")?;
        xml.text("mapTip", &self.map_tip())
    }

    fn has(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|field| field.name == name)
    }

    /// Pages of fields; a page without any is left out.
    fn form(&self, xml: &mut Xml) -> io::Result<()> {
        for (title, names) in PAGES {
            let here: Vec<(usize, &str)> = names
                .iter()
                .filter_map(|name| Some((self.has(name)?, *name)))
                .collect();
            if here.is_empty() {
                continue;
            }
            let attributes = [
                ("name", title),
                ("groupBox", "0"),
                ("showLabel", "1"),
                ("columnCount", "1"),
                ("visibilityExpressionEnabled", "0"),
                ("visibilityExpression", ""),
            ];
            xml.element("attributeEditorContainer", &attributes, |xml| {
                here.iter().try_for_each(|(index, name)| {
                    xml.empty(
                        "attributeEditorField",
                        &[
                            ("index", &index.to_string()),
                            ("name", name),
                            ("showLabel", "1"),
                        ],
                    )
                })
            })?;
        }
        Ok(())
    }

    /// HTML with the values that a feature has.
    fn map_tip(&self) -> String {
        let mut html = String::from("<b>[% \"name\" %]</b>");
        for field in ["roles", "plan_title", "article"] {
            if self.has(field).is_some() {
                html += "[% coalesce('<br/>' || \"";
                html += field;
                html += "\", '') %]";
            }
        }
        html
    }
}

/// Values with their words, where every value has one.
fn named(values: BTreeSet<String>, word: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let with_words = values.into_iter().map(|value| {
        let word = word(&value)?;
        Some((value, word))
    });
    with_words.collect::<Option<_>>().unwrap_or_default()
}

impl UsedField {
    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let attributes = [("name", self.name), ("configurationFlags", "None")];
        xml.element("field", &attributes, |xml| {
            let widget = match (&self.words[..], self.kind) {
                ([], FieldKind::Text) => "TextEdit",
                ([], FieldKind::Number) => "Range",
                _ => "ValueMap",
            };
            xml.element("editWidget", &[("type", widget)], |xml| {
                xml.element("config", &[], |xml| {
                    xml.element("Option", &[("type", "Map")], |xml| self.options(xml))
                })
            })
        })
    }

    fn options(&self, xml: &mut Xml) -> io::Result<()> {
        if self.words.is_empty() {
            if self.kind == FieldKind::Number {
                return Ok(());
            }
            let multiline = LONG.contains(&self.name).to_string();
            return xml.empty(
                "Option",
                &[
                    ("name", "IsMultiline"),
                    ("type", "bool"),
                    ("value", &multiline),
                ],
            );
        }
        xml.element("Option", &[("name", "map"), ("type", "List")], |xml| {
            self.words.iter().try_for_each(|(value, word)| {
                xml.element("Option", &[("type", "Map")], |xml| {
                    xml.empty(
                        "Option",
                        &[("name", word), ("type", "QString"), ("value", value)],
                    )
                })
            })
        })
    }
}
