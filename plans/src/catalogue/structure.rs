//! A structure of a plan, as a catalogue file holds it.

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::KINDS;

/// Something that a plan says about places.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Identifier, unique in its plan; the same in two plans when they mean the same thing.
    pub id: String,
    /// Name as the plan gives it.
    pub name: String,
    /// The name that others use, where the plan describes it without one.
    #[serde(default)]
    pub alias: Option<String>,
    /// One of [`KINDS`].
    #[serde(deserialize_with = "known_kind")]
    pub kind: String,
    /// Chapter, section and article.
    pub article: String,
    /// What the plan wants done with it, in the plan's verb.
    #[serde(default)]
    pub status: String,
    /// What it is for.
    #[serde(default)]
    pub theme: String,
    /// Its members, in the plan's order.
    #[serde(default)]
    pub members: Vec<Member>,
    /// Members by role.
    #[serde(default)]
    pub group: Vec<RoleGroup>,
    /// Parts of its members that do not belong to it.
    #[serde(default)]
    pub excludes: Vec<Member>,
    /// How its extent is known: of whole units unless it says `partial`.
    #[serde(default)]
    pub extent: ExtentKind,
    /// The end points of a line, in map order.
    #[serde(default)]
    pub ends: Vec<Member>,
    /// What a line leans on: the railways, roads and rivers that the plan draws it along.
    #[serde(default)]
    pub via: Vec<Member>,
    /// What is not in the text but concluded, and from what.
    #[serde(default)]
    pub inferred: Option<String>,
    /// Figures that the plan prints.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// How sure the reader is of it, 0 to 1; none where a person checked it.
    #[serde(default, deserialize_with = "share")]
    pub confidence: Option<f64>,
    /// Where the plan's file says it: the first byte, and the one after the last.
    #[serde(default, deserialize_with = "span")]
    pub source: Option<[usize; 2]>,
    /// Why it cannot be on a map.
    #[serde(default)]
    pub unlocated: Option<String>,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// How an extent is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtentKind {
    /// Whole units.
    #[default]
    Whole,
    /// Parts of the members; which parts is not published.
    Partial,
}

/// Members that share a role.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleGroup {
    /// The role.
    pub role: String,
    /// Where the plan gives it.
    pub article: String,
    /// Who has it.
    pub members: Vec<Member>,
    /// The plan's words for what is wanted of them, in short.
    #[serde(default)]
    pub status: String,
}

/// A member: a name, and the places it stands for when those are not plain from the name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// As the plan writes it.
    pub name: String,
    /// Names of the places that it stands for; the name itself when empty.
    pub places: Vec<String>,
    /// Whether only a part of it takes part; which part is not published.
    pub partial: bool,
}

/// A member that is more than its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullMember {
    name: String,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    partial: bool,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name, or { name = \"…\", places = [\"…\"], partial = true }")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Member, E> {
        Ok(Member::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Member, A::Error> {
        let FullMember {
            name,
            places,
            partial,
        } = FullMember::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Member {
            name,
            places,
            partial,
        })
    }
}

impl Member {
    /// A whole member that stands for the place of its name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Names of the places that it stands for, at least one.
    #[must_use]
    pub fn place_names(&self) -> &[String] {
        if self.places.is_empty() {
            std::slice::from_ref(&self.name)
        } else {
            &self.places
        }
    }
}

/// A figure that a plan prints.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it measures.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The digits and unit as printed.
    pub printed: String,
}

impl Structure {
    /// The name that a map shows: the usual one where the plan only describes the thing.
    #[must_use]
    pub fn map_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }

    /// All members: those without a role, then those of each role, in order.
    pub fn all_members(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .chain(self.group.iter().flat_map(|group| &group.members))
    }

    /// The articles that speak of it, in the order of the plan.
    pub fn articles(&self) -> impl Iterator<Item = &str> {
        self.article.split('；')
    }

    /// Whether it says where it is: by members, by ends, or by what it leans on.
    #[must_use]
    pub fn has_places(&self) -> bool {
        self.all_members()
            .chain(&self.ends)
            .chain(&self.via)
            .next()
            .is_some()
    }
}

// These values are checked while the file is read, so that an error points at their line and column.

fn known_kind<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let kind = String::deserialize(from)?;
    if KINDS.contains(&kind.as_str()) {
        return Ok(kind);
    }
    let kinds = KINDS.join(", ");
    Err(serde::de::Error::custom(format_args!(
        "`{kind}` is not a kind; the kinds are {kinds}"
    )))
}

fn share<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let share = f64::deserialize(from)?;
    if (0.0..=1.0).contains(&share) {
        return Ok(Some(share));
    }
    Err(serde::de::Error::custom(format_args!(
        "`{share}` is not a confidence: expected a number from 0 to 1"
    )))
}

fn span<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[usize; 2]>, D::Error> {
    let [start, end] = <[usize; 2]>::deserialize(from)?;
    if start <= end {
        return Ok(Some([start, end]));
    }
    Err(serde::de::Error::custom(format_args!(
        "[{start}, {end}] is not a place in a file: the end comes before the start"
    )))
}
