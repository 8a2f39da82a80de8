//! Writing a catalogue file: the layout of the files that are written by hand.

use std::fmt::Write;

use super::{ExtentKind, Figure, Member, Plan, RoleGroup, Structure};

/// What a person who opens the file should know.
const HEAD: &str = "\
# What a plan says about places, read by `yutu read`. Mend it and give it to `yutu build --plan`.
#
# Each [[structure]] is one thing that the plan names. A member is a name as the plan writes it, or
#   { name = \"as written\", places = [\"what it stands for\"], partial = true }
# `places` tells apart what shares a name (put the unit above it first); `partial` says that only a part of it belongs.
# `excludes` are parts that do not belong, `ends` the ends of a line, `via` what a line leans on.
# `confidence` (0 to 1) is the reader's own; delete it, and `source` (bytes of the plan's file), once you checked a block.
# `unlocated` says why something is not on the map; delete it when you add its members.
";

/// Why a structure without members is not on the map, when nothing else is said.
const NO_MEMBERS: &str = "原文没有写明位置";

impl Plan {
    /// This plan as a catalogue file, which [`Catalogue::read`](super::Catalogue::read) reads back to the same value.
    /// It holds no sentence of the plan.
    ///
    /// A structure without members, ends and lines to follow gets a reason why it is not on the map if it has none.
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.to_toml_with(|_| None)
    }

    /// As [`Self::to_toml`], each structure below a comment with the sentence that `sentence` gives for it: for the eyes
    /// of who checks the file.
    #[must_use]
    pub fn to_toml_with<'t>(&self, sentence: impl Fn(&Structure) -> Option<&'t str>) -> String {
        let mut file = File(HEAD.to_owned());
        file.head(self);
        for structure in &self.structures {
            file.0.push('\n');
            if let Some(sentence) = sentence(structure) {
                file.comment(sentence);
            }
            file.structure(structure);
        }
        file.0
    }
}

/// A file in the making.
struct File(String);

impl File {
    fn head(&mut self, plan: &Plan) {
        self.0.push_str("\n[plan]\n");
        self.text("id", &plan.id);
        self.text("title", &plan.title);
        self.text("short_title", &plan.short_title);
        self.optional("number", plan.number.as_deref());
        self.text("issuer", &plan.issuer);
        self.text("date", &plan.date.to_string());
        self.optional("horizon", plan.horizon.as_deref());
    }

    fn structure(&mut self, structure: &Structure) {
        self.0.push_str("[[structure]]\n");
        self.text("id", &structure.id);
        self.text("name", &structure.name);
        self.optional("alias", structure.alias.as_deref());
        self.text("kind", &structure.kind);
        self.text("article", &structure.article);
        self.said("status", &structure.status);
        self.said("theme", &structure.theme);
        self.members("ends", &structure.ends);
        self.members("members", &structure.members);
        self.members("excludes", &structure.excludes);
        self.members("via", &structure.via);
        if structure.extent == ExtentKind::Partial {
            self.text("extent", "partial");
        }
        self.optional("inferred", structure.inferred.as_deref());
        self.figures(&structure.figures);
        if let Some(confidence) = structure.confidence {
            self.line("confidence", &number(confidence));
        }
        if let Some([start, end]) = structure.source {
            self.line("source", &format!("[{start}, {end}]"));
        }
        let reason = structure.unlocated.as_deref();
        self.optional(
            "unlocated",
            reason.or((!structure.has_places()).then_some(NO_MEMBERS)),
        );
        self.optional("note", structure.note.as_deref());
        for group in &structure.group {
            self.group(group);
        }
    }

    fn group(&mut self, group: &RoleGroup) {
        self.0.push_str("\n[[structure.group]]\n");
        self.text("role", &group.role);
        self.text("article", &group.article);
        self.said("status", &group.status);
        self.line("members", &list(&group.members));
    }

    fn figures(&mut self, figures: &[Figure]) {
        if figures.is_empty() {
            return;
        }
        self.0.push_str("figures = [\n");
        for figure in figures {
            let (name, unit, printed) = (
                quoted(&figure.name),
                quoted(&figure.unit),
                quoted(&figure.printed),
            );
            let value = number(figure.value);
            let row = format!(
                "    {{ name = {name}, value = {value}, unit = {unit}, printed = {printed} }},\n"
            );
            self.0.push_str(&row);
        }
        self.0.push_str("]\n");
    }

    fn members(&mut self, key: &str, members: &[Member]) {
        if !members.is_empty() {
            self.line(key, &list(members));
        }
    }

    fn text(&mut self, key: &str, value: &str) {
        self.line(key, &quoted(value));
    }

    /// A text that is left out when there is nothing to say.
    fn said(&mut self, key: &str, value: &str) {
        self.optional(key, Some(value).filter(|value| !value.is_empty()));
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn line(&mut self, key: &str, value: &str) {
        for part in [key, " = ", value, "\n"] {
            self.0.push_str(part);
        }
    }

    /// One line, whatever the text holds: a comment must not end before its text does.
    fn comment(&mut self, text: &str) {
        self.0.push_str("# ");
        let spaced = |c: char| if c.is_control() { ' ' } else { c };
        self.0.extend(text.chars().map(spaced));
        self.0.push('\n');
    }
}

fn list(members: &[Member]) -> String {
    let items: Vec<String> = members.iter().map(member).collect();
    format!("[{}]", items.join(", "))
}

fn member(member: &Member) -> String {
    let name = quoted(&member.name);
    if member.places.is_empty() && !member.partial {
        return name;
    }
    let mut text = format!("{{ name = {name}");
    if !member.places.is_empty() {
        let places: Vec<String> = member.places.iter().map(|place| quoted(place)).collect();
        text.push_str(", places = [");
        text.push_str(&places.join(", "));
        text.push(']');
    }
    if member.partial {
        text.push_str(", partial = true");
    }
    text.push_str(" }");
    text
}

/// Beyond this a float has no digits after the point.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number as TOML writes it, whole ones without a point.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.fract() == 0.0 && value.abs() <= WHOLE && !(value == 0.0 && value.is_sign_negative()) {
        format!("{value:.0}")
    } else {
        format!("{value:?}")
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Catalogue;

    fn words() -> impl Strategy<Value = String> {
        prop_oneof![
            "[一-龥]{1,6}",
            "[ -~]{0,12}",
            any::<String>(),
            Just("\"]\n[plan]\nid = 'x' # \\u{0} \u{7f}\u{85}\u{2028}".to_owned()),
        ]
    }

    fn members() -> impl Strategy<Value = Vec<Member>> {
        let member = (words(), prop::collection::vec(words(), 0..3), any::<bool>());
        let member = member.prop_map(|(name, places, partial)| Member {
            name,
            places,
            partial,
        });
        prop::collection::vec(member, 0..4)
    }

    fn group() -> impl Strategy<Value = RoleGroup> {
        (words(), words(), members(), words()).prop_map(|(role, article, members, status)| {
            RoleGroup {
                role,
                article,
                members,
                status,
            }
        })
    }

    fn figure() -> impl Strategy<Value = Figure> {
        (words(), -1e20..1e20_f64, words(), words()).prop_map(|(name, value, unit, printed)| {
            Figure {
                name,
                value,
                unit,
                printed,
            }
        })
    }

    fn structure() -> impl Strategy<Value = Structure> {
        let said = (
            words(),
            prop::option::of(words()),
            0..crate::KINDS.len(),
            (words(), words(), words()),
        );
        let places = (members(), members(), members(), members());
        let more = (
            prop::collection::vec(group(), 0..3),
            prop::collection::vec(figure(), 0..3),
            any::<bool>(),
            prop::option::of(0.0..=1.0_f64),
            prop::option::of((0..1_000_000_usize, 0..1000_usize)),
            prop::option::of(words()),
            words(),
        );
        (said, places, more).prop_map(
            |(
                (name, alias, kind, (article, status, theme)),
                (members, ends, via, excludes),
                (group, figures, partial, confidence, source, note, reason),
            )| Structure {
                name,
                alias: alias.clone(),
                kind: crate::KINDS[kind].to_owned(),
                article: format!("一{article}"),
                status,
                theme,
                members,
                group,
                excludes,
                extent: if partial {
                    ExtentKind::Partial
                } else {
                    ExtentKind::Whole
                },
                ends,
                via,
                inferred: alias,
                figures,
                confidence,
                source: source.map(|(start, length)| [start, start + length]),
                // A structure without members needs one.
                unlocated: Some(reason),
                note,
                ..Structure::default()
            },
        )
    }

    fn plan() -> impl Strategy<Value = Plan> {
        let dates = prop::sample::select(vec!["1999", "2021-12", "2022-08-11"]);
        let structures = prop::collection::vec(structure(), 0..5);
        (
            words(),
            words(),
            prop::option::of(words()),
            dates,
            structures,
        )
            .prop_map(|(id, title, number, date, mut structures)| {
                for (index, structure) in structures.iter_mut().enumerate() {
                    structure.id = format!("s{index}");
                }
                Plan {
                    id,
                    short_title: title.clone(),
                    issuer: title.clone(),
                    title,
                    horizon: number.clone(),
                    number,
                    date: date.parse().expect("a date"),
                    structures,
                }
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn a_plan_reads_back_as_it_was_written(plan in plan(), sentence in words()) {
            for text in [plan.to_toml(), plan.to_toml_with(|_| Some(&sentence))] {
                let read = Catalogue::read(&[("p.toml", &text)]).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
                prop_assert_eq!(&read.plans()[0], &plan);
            }
        }
    }

    #[test]
    fn the_checked_catalogue_reads_back_and_a_structure_without_members_says_why() {
        let catalogue = Catalogue::embedded().expect("reads");
        for plan in catalogue.plans() {
            let text = plan.to_toml();
            let read = Catalogue::read(&[("p.toml", &text)]).expect("reads");
            assert_eq!(read.plans(), std::slice::from_ref(plan));
        }
        let mut plan = catalogue.plans()[0].clone();
        let structure = &mut plan.structures[0];
        (structure.members, structure.ends) = Default::default();
        let text = plan.to_toml();
        assert!(text.contains("unlocated = \"原文没有写明位置\""), "{text}");
        assert!(Catalogue::read(&[("p.toml", &text)]).is_ok());
    }
}
