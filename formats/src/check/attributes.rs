//! What is wrong with the values of a column.

use std::collections::BTreeMap;

use input::features::Value;

use super::finding::{Code, Example, Finding, MOST_EXAMPLES};

/// What was seen in a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Values of each kind, with an example of each.
    kinds: BTreeMap<Kind, (u64, Example2)>,
    /// Whole numbers by their digits.
    digits: BTreeMap<u32, (u64, Example2)>,
    /// Fractions among the numbers that are none: 500101.0.
    whole_floats: u64,
    /// Texts that are numbers, and read as the same digits again.
    numeric_texts: u64,
    garbled: Examples,
    blank_ends: Examples,
}

/// Place and value.
type Example2 = (String, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bool,
    Number,
    Text,
    Json,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Bool => "truth values",
            Self::Number => "numbers",
            Self::Text => "texts",
            Self::Json => "arrays or objects",
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Examples {
    count: u64,
    first: Vec<Example>,
}

impl Examples {
    fn add(&mut self, place: impl FnOnce() -> String, value: &str) {
        self.count += 1;
        if self.first.len() < MOST_EXAMPLES {
            self.first.push(Example::of(place(), value));
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        let room = MOST_EXAMPLES - self.first.len();
        self.first.extend(other.first.into_iter().take(room));
    }
}

/// Texts in UTF-8 that were read as something else and written again, and what takes the place of lost characters.
const GARBLED: [&str; 12] = [
    "\u{FFFD}",
    "锟斤拷",
    "锘",
    "烫烫烫",
    "ï¿½",
    "ï»¿",
    "Ã©",
    "Ã¨",
    "â€",
    "ä¸",
    "å›",
    "鐨勬",
];

fn is_garbled(text: &str) -> bool {
    if text.is_ascii() {
        return text
            .bytes()
            .any(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r'));
    }
    GARBLED.iter().any(|mark| text.contains(mark))
        || text
            .chars()
            .any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{80}'..='\u{9F}'))
}

/// Whether a text is a number that could have been one: no leading zeros, no sign but minus.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than a double holds are an identifier.
    all(whole) && all(behind) && (whole == "0" || !whole.starts_with('0')) && digits.len() <= 15
}

impl Seen {
    pub(super) fn add(&mut self, value: Value<'_>, place: impl Fn() -> String) {
        let kind = match value {
            Value::Null => return,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => Kind::Number,
            Value::Text(_) => Kind::Text,
            Value::Json(_) => Kind::Json,
        };
        let told = || {
            let mut text = String::new();
            crate::table::push_text(value, &mut text);
            (place(), text)
        };
        self.kinds.entry(kind).or_insert_with(|| (0, told())).0 += 1;
        match value {
            Value::Int(number) => {
                let digits = number
                    .unsigned_abs()
                    .checked_ilog10()
                    .map_or(1, |log| log + 1);
                self.digits.entry(digits).or_insert_with(|| (0, told())).0 += 1;
            }
            Value::Float(number) if number.fract() == 0.0 && number.abs() >= 1e4 => {
                self.whole_floats += 1;
            }
            Value::Text(text) => {
                self.numeric_texts += u64::from(is_number(text));
                if text.trim() != text {
                    self.blank_ends.add(&place, text);
                }
                if is_garbled(text) {
                    self.garbled.add(&place, text);
                }
            }
            _ => {}
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (kind, (count, example)) in other.kinds {
            self.kinds.entry(kind).or_insert((0, example)).0 += count;
        }
        for (digits, (count, example)) in other.digits {
            self.digits.entry(digits).or_insert((0, example)).0 += count;
        }
        self.whole_floats += other.whole_floats;
        self.numeric_texts += other.numeric_texts;
        self.garbled.merge(other.garbled);
        self.blank_ends.merge(other.blank_ends);
    }

    fn count(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).map_or(0, |(count, _)| *count)
    }

    /// What there is to say of the column.
    pub(super) fn findings(self, name: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say = |code: Code, count: u64, text: String, examples: Vec<Example>| {
            findings.push(Finding {
                code,
                severity: code.severity(),
                column: Some(name.to_owned()),
                count,
                text,
                fixable: false,
                examples,
            });
        };
        let plain = |code: Code| code.text().to_owned();
        if self.kinds.is_empty() {
            say(Code::EmptyColumn, 1, plain(Code::EmptyColumn), Vec::new());
        }
        let most = self
            .kinds
            .values()
            .map(|(count, _)| *count)
            .max()
            .unwrap_or(0);
        let all: u64 = self.kinds.values().map(|(count, _)| *count).sum();
        if self.kinds.len() > 1 {
            let parts = self
                .kinds
                .iter()
                .map(|(kind, (count, _))| format!("{count} {}", kind.name()));
            let parts = parts.collect::<Vec<_>>().join(", ");
            let examples = self
                .kinds
                .values()
                .map(|(_, (place, value))| Example::of(place, value));
            let text = format!("{}: {parts}", Code::MixedTypes.text());
            say(Code::MixedTypes, all - most, text, examples.collect());
        }
        if is_code_name(name) {
            self.codes(&mut say);
        } else if self.count(Kind::Text) > 0 && self.numeric_texts == self.count(Kind::Text) {
            say(
                Code::NumbersAsText,
                self.numeric_texts,
                plain(Code::NumbersAsText),
                Vec::new(),
            );
        }
        for (code, of) in [
            (Code::Garbled, self.garbled),
            (Code::BlankEnds, self.blank_ends),
        ] {
            if of.count > 0 {
                say(code, of.count, plain(code), of.first);
            }
        }
        findings
    }

    fn codes(&self, say: &mut impl FnMut(Code, u64, String, Vec<Example>)) {
        let numbers: u64 = self.digits.values().map(|(count, _)| *count).sum();
        if numbers + self.whole_floats == 0 {
            return;
        }
        let text = Code::CodesAsNumbers.text().to_owned();
        let example = self
            .kinds
            .get(&Kind::Number)
            .map(|(_, (place, value))| Example::of(place, value));
        say(
            Code::CodesAsNumbers,
            numbers + self.whole_floats,
            text,
            example.into_iter().collect(),
        );
        // Codes have one length: some of one digit less began with a zero.
        let Some((usual, (most, _))) = self.digits.iter().max_by_key(|(_, (count, _))| *count)
        else {
            return;
        };
        if *usual < 4 {
            return;
        }
        let shorter = self.digits.iter().filter(|(digits, _)| *digits < usual);
        let (mut count, mut examples) = (0, Vec::new());
        for (_, (of, (place, value))) in shorter {
            count += of;
            examples.push(Example::of(place, value));
        }
        if count > 0 && count < *most {
            say(
                Code::LeadingZerosLost,
                count,
                Code::LeadingZerosLost.text().to_owned(),
                examples,
            );
        }
    }
}

/// Parts of names of columns that hold codes.
const PARTS: [&str; 12] = [
    "code",
    "代码",
    "编码",
    "编号",
    "邮编",
    "邮政",
    "身份证",
    "电话",
    "手机",
    "phone",
    "postal",
    "zip",
];
/// Whole names of such.
const WHOLE: [&str; 6] = ["adm", "pac", "tel", "dm", "xzqdm", "区号"];

/// Whether a column of this name holds codes: digits that stand for something and are not counted with.
fn is_code_name(name: &str) -> bool {
    let name = name.to_lowercase();
    PARTS.iter().any(|part| name.contains(part)) || WHOLE.contains(&name.as_str())
}
