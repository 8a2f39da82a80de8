//! Looks as TOML, to be copied and changed.

use std::fmt::Write as _;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{ClassLook, Look};
use crate::map::MapPage;
use crate::style::Colour;
use crate::theme::{Theme, Tone};

/// Sizes of names that can be read and put on a page, in points.
const SIZES: Range<f64> = 2.0..80.0;
/// Widths of lines, in mm.
const WIDTHS: Range<f64> = 0.02..10.0;
/// Lengths of dashes and gaps, in mm, and how many there may be.
const DASHES: Range<f64> = 0.0..100.0;
const MOST_DASHES: usize = 12;
/// Classes that a file may change.
const MOST_CLASSES: usize = 1000;

/// Why a style cannot be used, and where in the file that is said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct LookError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was found and what was expected.
    pub problem: String,
}

type Entry<'i> = (Range<usize>, &'i str, &'i toml::Spanned<DeValue<'i>>);

impl Look {
    /// Reads a look. What the file does not say stays as it is in the file's theme.
    ///
    /// # Errors
    /// For text that is not TOML, an unknown key, or a value that a page cannot have; with line and column.
    pub fn parse(text: &str) -> Result<Self, LookError> {
        let fault = |span: Range<usize>, problem: String| {
            let (line, column) = place(text, span.start);
            LookError {
                line,
                column,
                problem,
            }
        };
        let table = DeTable::parse(text).map_err(|error| {
            let message = error.message().to_owned();
            fault(error.span().unwrap_or_default(), message)
        })?;
        let reader = Reader { fault: &fault };
        reader.look(table.get_ref())
    }

    /// The look as a file that [`Self::parse`] reads, with the classes of a page.
    #[must_use]
    pub fn to_toml(&self, page: Option<&MapPage>) -> String {
        let mut text = String::from(
            "# The look of a map page: copy, change, and give back with --style. Lines that are left out keep their usual \
             values.\n\n# light, dark or print.\n",
        );
        let _ = writeln!(
            text,
            "theme = \"{}\"\n\n[colours]",
            tone_name(self.theme.tone)
        );
        for (name, colour) in self.theme.colours() {
            let _ = writeln!(text, "{name} = \"{colour}\"");
        }
        text.push_str("\n# Sizes of names on an A4 page, in points.\n[names]\n");
        for (name, size) in self.names.sizes() {
            let _ = writeln!(text, "{name} = {size:?}");
        }
        text.push_str("\n# Widths of the lines of the ground on an A4 page, in mm.\n[lines]\n");
        for (name, size) in self.lines.sizes() {
            let _ = writeln!(text, "{name} = {size:?}");
        }
        let Some(page) = page else { return text };
        let Ok(dressed) = self.dress(page) else {
            return text;
        };
        let rows = dressed.legend.iter().flat_map(|group| &group.items);
        let mut heading = "\n# Classes of the legend. hidden = true leaves one out.\n";
        for row in rows {
            let Some(class) = ClassLook::of(&row.symbol) else {
                continue;
            };
            let class = ClassLook {
                name: row.name.clone(),
                ..class
            };
            text.push_str(std::mem::take(&mut heading));
            write_class(&mut text, &class);
        }
        text
    }
}

fn write_class(text: &mut String, class: &ClassLook) {
    let name = class.name.replace('\\', "\\\\").replace('"', "\\\"");
    let _ = writeln!(text, "\n[[class]]\nname = \"{name}\"");
    let colour = |text: &mut String, key: &str, colour: Option<Colour>| {
        if let Some(colour) = colour {
            let _ = writeln!(text, "{key} = \"{colour}\"");
        }
    };
    colour(text, "colour", class.colour);
    if let Some(opacity) = class.opacity {
        let _ = writeln!(text, "opacity = {opacity:?}");
    }
    colour(text, "outline", class.outline);
    if let Some(width) = class.width_mm {
        let _ = writeln!(text, "width_mm = {width:?}");
    }
    if let Some(dashes) = &class.dash_mm {
        let dashes: Vec<String> = dashes.iter().map(|mm| format!("{mm:?}")).collect();
        let _ = writeln!(text, "dash_mm = [{}]", dashes.join(", "));
    }
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Light => "light",
        Tone::Dark => "dark",
        Tone::Print => "print",
    }
}

/// The line and the column of a byte, from 1.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

struct Reader<'f> {
    fault: &'f dyn Fn(Range<usize>, String) -> LookError,
}

fn entries<'i>(table: &'i DeTable<'i>) -> impl Iterator<Item = Entry<'i>> {
    let entries = table.iter();
    entries.map(|(key, value)| (key.span(), key.get_ref().as_ref(), value))
}

impl Reader<'_> {
    fn look(&self, table: &DeTable<'_>) -> Result<Look, LookError> {
        let mut look = Look::default();
        // The theme first: what else the file says changes it.
        if let Some((_, _, value)) = entries(table).find(|(_, key, _)| *key == "theme") {
            look = Look::from(self.tone(value)?);
        }
        for (span, key, value) in entries(table) {
            match key {
                "theme" => {}
                "colours" => {
                    for (span, key, value) in entries(self.table(value)?) {
                        let colour = self.colour(value)?;
                        let known = Theme::LIGHT.colours();
                        let place = look.theme.colour_mut(key);
                        *place.ok_or_else(|| self.unknown(span, key, &names(&known)))? = colour;
                    }
                }
                "names" => {
                    for (span, key, value) in entries(self.table(value)?) {
                        let size = self.number(value, &SIZES, "points")?;
                        let known = look.names.sizes();
                        let place = look.names.size_mut(key);
                        *place.ok_or_else(|| self.unknown(span, key, &names(&known)))? = size;
                    }
                }
                "lines" => {
                    for (span, key, value) in entries(self.table(value)?) {
                        let size = self.number(value, &WIDTHS, "mm")?;
                        let known = look.lines.sizes();
                        let place = look.lines.size_mut(key);
                        *place.ok_or_else(|| self.unknown(span, key, &names(&known)))? = size;
                    }
                }
                "class" => look.classes = self.classes(value)?,
                _ => {
                    let known = ["theme", "colours", "names", "lines", "class"];
                    return Err(self.unknown(span, key, &known));
                }
            }
        }
        Ok(look)
    }

    fn classes(&self, value: &toml::Spanned<DeValue<'_>>) -> Result<Vec<ClassLook>, LookError> {
        let DeValue::Array(classes) = value.get_ref() else {
            return Err(self.expected(value, "[[class]]"));
        };
        if classes.len() > MOST_CLASSES {
            return Err(self.expected(value, "at most 1000 classes"));
        }
        classes.iter().map(|class| self.class(class)).collect()
    }

    fn class(&self, value: &toml::Spanned<DeValue<'_>>) -> Result<ClassLook, LookError> {
        let mut class = ClassLook::default();
        for (span, key, value) in entries(self.table(value)?) {
            match key {
                "name" => self.text(value)?.clone_into(&mut class.name),
                "colour" => class.colour = Some(self.colour(value)?),
                "opacity" => class.opacity = Some(self.number(value, &(0.0..1.0), "")?),
                "outline" => class.outline = Some(self.colour(value)?),
                "width_mm" => class.width_mm = Some(self.number(value, &WIDTHS, "mm")?),
                "dash_mm" => class.dash_mm = Some(self.dashes(value)?),
                "hidden" => match value.get_ref() {
                    DeValue::Boolean(hidden) => class.hidden = *hidden,
                    _ => return Err(self.expected(value, "true or false")),
                },
                _ => {
                    let known = [
                        "name", "colour", "opacity", "outline", "width_mm", "dash_mm", "hidden",
                    ];
                    return Err(self.unknown(span, key, &known));
                }
            }
        }
        if class.name.is_empty() {
            return Err(self.expected(value, "a class with its name in the legend"));
        }
        Ok(class)
    }

    fn table<'i>(
        &self,
        value: &'i toml::Spanned<DeValue<'i>>,
    ) -> Result<&'i DeTable<'i>, LookError> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.expected(value, "a table")),
        }
    }

    fn text<'i>(&self, value: &'i toml::Spanned<DeValue<'i>>) -> Result<&'i str, LookError> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.expected(value, "text")),
        }
    }

    fn tone(&self, value: &toml::Spanned<DeValue<'_>>) -> Result<Tone, LookError> {
        let tones = [Tone::Light, Tone::Dark, Tone::Print];
        let name = self.text(value)?;
        let found = tones.into_iter().find(|tone| tone_name(*tone) == name);
        found.ok_or_else(|| self.expected(value, "\"light\", \"dark\" or \"print\""))
    }

    fn colour(&self, value: &toml::Spanned<DeValue<'_>>) -> Result<Colour, LookError> {
        let colour = Colour::parse(self.text(value)?);
        colour.ok_or_else(|| self.expected(value, "a colour as \"#RRGGBB\""))
    }

    fn number(
        &self,
        value: &toml::Spanned<DeValue<'_>>,
        within: &Range<f64>,
        unit: &str,
    ) -> Result<f64, LookError> {
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let fits = |number: &f64| *number >= within.start && *number <= within.end;
        number.filter(fits).ok_or_else(|| {
            let what = format!("a number from {} to {} {unit}", within.start, within.end);
            self.expected(value, what.trim_end())
        })
    }

    fn dashes(&self, value: &toml::Spanned<DeValue<'_>>) -> Result<Vec<f64>, LookError> {
        let what = "up to 12 lengths of dash and gap in mm, an even number of them, not all 0";
        let DeValue::Array(lengths) = value.get_ref() else {
            return Err(self.expected(value, what));
        };
        let lengths: Result<Vec<f64>, LookError> = lengths
            .iter()
            .map(|length| self.number(length, &DASHES, "mm"))
            .collect();
        let lengths = lengths?;
        let some = lengths.is_empty() || lengths.iter().sum::<f64>() > 0.0;
        if lengths.len() > MOST_DASHES || lengths.len() % 2 == 1 || !some {
            return Err(self.expected(value, what));
        }
        Ok(lengths)
    }

    fn expected(&self, value: &toml::Spanned<DeValue<'_>>, what: &str) -> LookError {
        (self.fault)(value.span(), format!("expected {what}"))
    }

    fn unknown(&self, span: Range<usize>, key: &str, known: &[&str]) -> LookError {
        let known = known.join(", ");
        (self.fault)(
            span,
            format!("unknown key `{key}`; expected one of {known}"),
        )
    }
}

fn names<T>(known: &[(&'static str, T)]) -> Vec<&'static str> {
    known.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_read_as_it_is_written() {
        for tone in [Tone::Light, Tone::Dark, Tone::Print] {
            let look = Look::from(tone);
            assert_eq!(Look::parse(&look.to_toml(None)), Ok(look));
        }
    }

    #[test]
    fn a_file_changes_what_it_names() {
        let text = "theme = \"dark\"\ncolours.page = \"#000000\"\n[names]\nmember = 8\n[[class]]\nname = \"铁路\"\nwidth_mm = 1.2\n";
        let look = Look::parse(text).expect("reads");
        assert_eq!(look.theme.page, Colour::hex(0));
        assert_eq!(look.theme.ink, Theme::DARK.ink);
        assert!((look.names.member - 8.0).abs() < 1e-9);
        assert_eq!(look.classes[0].width_mm, Some(1.2));
    }

    #[test]
    fn a_fault_is_told_with_its_place() {
        for (text, line, column, word) in [
            (
                "theme = \"light\"\n[colours]\npaeg = \"#FFFFFF\"\n",
                3,
                1,
                "unknown key `paeg`",
            ),
            ("[colours]\npage = \"white\"\n", 2, 8, "#RRGGBB"),
            (
                "[names]\n# 名\nmember = nan\n",
                3,
                10,
                "from 2 to 80 points",
            ),
            ("theme = \"blue\"\n", 1, 9, "\"light\""),
            (
                "[[class]]\nname = \"a\"\ncolor = \"#FFFFFF\"\n",
                3,
                1,
                "unknown key `color`",
            ),
            (
                "[[class]]\nname = \"a\"\ndash_mm = [1]\n",
                3,
                11,
                "even number",
            ),
            ("[lines]\nprovince = -1\n", 2, 12, "a number"),
            ("theme = \n", 1, 9, ""),
        ] {
            let error = Look::parse(text).expect_err(text);
            assert!(error.problem.contains(word), "{text}: {error}");
            assert_eq!(
                (error.line, error.column),
                (line, column),
                "{text}: {error}"
            );
        }
    }
}
