//! From a structure of any kind to features: the area of its members, a line through them, or a point at each.

use std::collections::{BTreeSet, HashMap};

use gazetteer::{FeatureClass, Unit};
use geo::{LineString, MultiPolygon};
use plans::{ExtentKind, Member, RoleGroup, Structure};

use super::super::{BuildError, Builder, area_feature, join, said};
use super::lines::{Node, Reach};
use super::places::{Finder, Finding, Found};
use super::sites::is_wide;
use super::themes::{Form, Kind};
use crate::model::{Feature, Properties, Quality, Unlocated};

/// A feature with what its map needs to know of it.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) kind: &'static Kind,
    pub(super) feature: Feature,
    /// Its name on a map.
    pub(super) label: String,
    pub(super) shape: Shape,
}

/// The table that a feature belongs to, and what stands behind its geometry.
#[derive(Debug)]
pub(super) enum Shape {
    /// Whole units, by their codes, and the area of those that it takes only a part of.
    Area {
        codes: Vec<u32>,
        partial: Option<Part>,
    },
    /// A member with a role: whole units, by their codes.
    Member {
        codes: Vec<u32>,
    },
    /// A way through named places; its course is known or schematic.
    Line {
        nodes: Vec<Node>,
    },
    Point,
}

/// The members that a structure takes only a part of.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) area: MultiPolygon<f64>,
    /// Their names; empty when these are all members.
    pub(super) names: String,
}

/// Everything of a plan that is drawn, and everything that is not.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) drawn: Vec<Drawn>,
    pub(super) unlocated: Vec<Unlocated>,
}

/// The features that one structure makes.
pub(super) struct Maker<'f, 'a> {
    builder: Builder<'a>,
    pub(super) finder: &'f Finder<'a>,
    unions: HashMap<Vec<u32>, MultiPolygon<f64>>,
    /// The names of the rivers that have a line.
    pub(super) rivers: Vec<String>,
    /// Reaches that were cut before.
    pub(super) reaches: HashMap<Reach, Option<LineString<f64>>>,
    pub(super) made: Drawing,
}

impl<'f, 'a> Maker<'f, 'a> {
    pub(super) fn new(builder: &Builder<'a>, finder: &'f Finder<'a>) -> Result<Self, BuildError> {
        let rivers = gazetteer::rivers()?.into_iter();
        let named = rivers.filter(|river| !river.name.is_empty());
        Ok(Self {
            builder: *builder,
            finder,
            unions: HashMap::new(),
            rivers: named.map(|river| river.name.to_owned()).collect(),
            reaches: HashMap::new(),
            made: Drawing::default(),
        })
    }

    /// Makes the features of a structure; what of it has no place is listed instead.
    pub(super) fn add(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
    ) -> Result<(), BuildError> {
        if let Some(reason) = &structure.unlocated {
            self.miss(structure, &structure.name, reason.clone());
            return Ok(());
        }
        let members = self.places(structure, structure.all_members());
        let before = self.made.drawn.len();
        match kind.form {
            Form::Area => self.area(kind, structure, &members)?,
            Form::Route | Form::Axis | Form::Link => self.line(kind, structure, &members)?,
            Form::Site if is_pipeline(structure) => self.line(kind, structure, &members)?,
            Form::City | Form::Site => self.sites(kind, structure, &members)?,
        }
        if self.made.drawn.len() == before {
            let reason = match &members[..] {
                [] => "没有一个成员有位置".to_owned(),
                found => match spread(found, structure) {
                    Some(spread) => format!("{spread}没有单一的位置，由几处组成"),
                    None => format!("只写明在{}，没有写明具体位置或走向", names(found)),
                },
            };
            self.miss(structure, &structure.name, reason);
        }
        Ok(())
    }

    /// The places of members; names that no place has are listed.
    pub(super) fn places(
        &mut self,
        structure: &'a Structure,
        members: impl Iterator<Item = &'a Member>,
    ) -> Vec<Found<'a>> {
        let Finding { found, missing } = self.finder.find(structure, members);
        for name in missing {
            let reason = format!(
                "“{}”的成员：截至{}没有叫这个名称的地名",
                structure.map_name(),
                self.finder.plan.date
            );
            self.miss(structure, &name, reason);
        }
        found
    }

    fn miss(&mut self, structure: &Structure, name: &str, reason: String) {
        let row = Unlocated {
            name: name.to_owned(),
            kind: structure.kind.clone(),
            plan: self.finder.plan.id.clone(),
            article: structure.article.clone(),
            reason,
        };
        self.made.unlocated.push(row);
    }

    pub(super) fn push(
        &mut self,
        kind: &'static Kind,
        feature: Feature,
        label: &str,
        shape: Shape,
    ) {
        self.made.drawn.push(Drawn {
            kind,
            feature,
            label: label.to_owned(),
            shape,
        });
    }

    /// The properties of the one feature of a structure.
    pub(super) fn properties(
        &self,
        structure: &Structure,
        quality: Quality,
        note: &str,
    ) -> Properties {
        Properties {
            roles: roles(structure),
            members: join(structure.all_members()),
            ..self.properties_of_one(structure, quality, note)
        }
    }

    /// The properties of one of several features of a structure: without its members and their roles.
    pub(super) fn properties_of_one(
        &self,
        structure: &Structure,
        quality: Quality,
        note: &str,
    ) -> Properties {
        let said_too = [structure.inferred.as_deref(), structure.note.as_deref()];
        let mut notes: Vec<&str> = vec![note];
        notes.extend(said_too.into_iter().flatten());
        notes.retain(|note| !note.is_empty());
        let sure = structure
            .confidence
            .map(|confidence| format!("识读置信度{confidence:.2}"));
        notes.extend(sure.as_deref());
        let plan = self.finder.plan;
        Properties {
            also: self.builder.also(plan, structure),
            ..said(plan, structure, quality, &notes.join("；"))
        }
    }

    /// The area of the members' units less those that are excluded, as one feature, and each member with a role as one.
    pub(super) fn area(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        members: &[Found<'a>],
    ) -> Result<(), BuildError> {
        let excluded = self.places(structure, structure.excludes.iter());
        let mut without = BTreeSet::new();
        let mut notes = Vec::new();
        for found in &excluded {
            let units = self.finder.gazetteer.units_of(&found.place.place);
            if units.is_empty() {
                notes.push(format!("不含{}，其范围未公布，没有扣除", found.member.name));
            }
            without.extend(units.iter().map(|unit| unit.code));
        }
        let mut units: Vec<Unit<'static>> = Vec::new();
        for found in members {
            units.extend(self.units(found, &without));
        }
        if units.is_empty()
            && let Some(itself) = self.finder.itself(structure, members)
        {
            units = self.finder.gazetteer.units_of(&itself.place);
        }
        units.retain(|unit| !without.contains(&unit.code));
        units.sort_by_key(|unit| unit.code);
        units.dedup_by_key(|unit| unit.code);
        if units.is_empty() {
            // Rivers, towns and parks have no area of whole units.
            return self.sites(kind, structure, members);
        }
        let parts: Vec<&str> = members
            .iter()
            .filter(|found| found.member.partial)
            .map(|found| found.member.name.as_str())
            .collect();
        let partial = structure.extent == ExtentKind::Partial || !parts.is_empty();
        if !without.is_empty() {
            notes.push(format!("已扣除{}", join(structure.excludes.iter())));
        }
        if !parts.is_empty() {
            notes.push(format!(
                "{}只有一部分，范围未公布，画出全域",
                parts.join("、")
            ));
        } else if partial {
            notes.push("只含成员的一部分，范围未公布，画出全域".to_owned());
        } else if units.len() > 1 {
            notes.push("由所含各区县合并".to_owned());
        }
        let quality = match (partial, units.len()) {
            (true, _) => Quality::Partial,
            (false, 1) => Quality::Surveyed,
            (false, _) => Quality::Dissolved,
        };
        let properties = self.properties(structure, quality, &notes.join("；"));
        let area = self.union(&units)?;
        let codes = units.iter().map(|unit| unit.code).collect();
        let feature = area_feature(structure.id.clone(), area, properties);
        let partial = if structure.extent == ExtentKind::Partial {
            Some(Part {
                area: self.union(&units)?,
                names: String::new(),
            })
        } else {
            let of_parts = members.iter().filter(|found| found.member.partial);
            let of_parts: Vec<Unit<'static>> = of_parts
                .flat_map(|found| self.units(found, &without))
                .collect();
            if of_parts.is_empty() {
                None
            } else {
                Some(Part {
                    area: self.union(&of_parts)?,
                    names: parts.join("、"),
                })
            }
        };
        let shape = Shape::Area { codes, partial };
        self.push(kind, feature, structure.map_name(), shape);
        // Of units and rivers together, the rivers are lines beside the area.
        let rivers = self.river_names(members);
        self.rivers(kind, structure, &rivers, &[], &[])?;
        self.role_members(kind, structure, members, &without)
    }

    /// The units of a member, in order, less those with the codes `without`.
    fn units(&self, found: &Found<'a>, without: &BTreeSet<u32>) -> Vec<Unit<'static>> {
        let mut units = self.finder.gazetteer.units_of(&found.place.place);
        units.retain(|unit| !without.contains(&unit.code));
        units
    }

    fn role_members(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        members: &[Found<'a>],
        without: &BTreeSet<u32>,
    ) -> Result<(), BuildError> {
        let mut taken = BTreeSet::new();
        let groups = groups_by_member(structure);
        for found in members {
            let Some(group) = groups.get(&std::ptr::from_ref(found.member)) else {
                continue;
            };
            let units = self.units(found, without);
            let id = format!("{}/{}", structure.id, found.place.place.id);
            if units.is_empty() || !taken.insert(id.clone()) {
                continue;
            }
            let quality = match (found.member.partial, units.len()) {
                (true, _) => Quality::Partial,
                (false, 1) => Quality::Surveyed,
                (false, _) => Quality::Dissolved,
            };
            let properties = Properties {
                name: found.place.name.clone(),
                kind: format!("{}_member", structure.kind),
                article: group.article.clone(),
                status: group.status.clone(),
                roles: group.role.clone(),
                adcode: found.place.place.adcode.map(|code| code.to_string()),
                ..self.properties_of_one(structure, quality, structure.map_name())
            };
            let area = self.union(&units)?;
            let label = found.place.name.clone();
            self.push(
                kind,
                area_feature(id, area, properties),
                &label,
                Shape::Member {
                    codes: units.iter().map(|unit| unit.code).collect(),
                },
            );
        }
        Ok(())
    }

    fn union(&mut self, units: &[Unit<'static>]) -> Result<MultiPolygon<f64>, BuildError> {
        let codes: Vec<u32> = units.iter().map(|unit| unit.code).collect();
        if let Some(known) = self.unions.get(&codes) {
            return Ok(known.clone());
        }
        let area = self.finder.gazetteer.boundaries().union(units)?;
        self.unions.insert(codes, area.clone());
        Ok(area)
    }

    /// The members, a short name made of parts as its parts.
    pub(super) fn expanded(&self, members: &[Found<'a>]) -> Vec<Found<'a>> {
        let mut expanded = Vec::new();
        for found in members {
            let parts = match found.place.place.class {
                FeatureClass::Compound => self.finder.gazetteer.members(&found.place.place),
                _ => Vec::new(),
            };
            if parts.is_empty() {
                expanded.push(found.clone());
            }
            expanded.extend(parts.into_iter().map(|part| Found {
                member: found.member,
                at: self.finder.point_of(&part, 2),
                place: gazetteer::Match {
                    name: part.name.to_owned(),
                    canonical: self.finder.gazetteer.canonical(&part),
                    place: part,
                    ..found.place.clone()
                },
            }));
        }
        expanded
    }
}

/// Whether a site is a pipe from the first of its members to the last.
fn is_pipeline(structure: &Structure) -> bool {
    let through = structure.members.len() > 1 || structure.ends.len() > 1;
    through
        && ["管道", "管线"]
            .iter()
            .any(|word| structure.name.contains(word))
}

/// The members, where these are the thing itself or things like it, and all of them known by their parts only.
fn spread(found: &[Found<'_>], structure: &Structure) -> Option<String> {
    let by_parts = |found: &&Found<'_>| {
        let place = &found.place.place;
        place.position.is_none() && !is_wide(found) && found.at.is_some()
    };
    let itself = |found: &Found<'_>| structure.name.contains(found.member.name.as_str());
    let all = found.iter().all(|found| by_parts(&found)) && found.iter().any(itself);
    all.then(|| names(found))
}

fn names(found: &[Found<'_>]) -> String {
    join(found.iter().map(|found| found.member))
}

/// The roles of a structure's members in words.
pub(super) fn roles(structure: &Structure) -> String {
    let groups = structure
        .group
        .iter()
        .map(|group| format!("{}：{}", group.role, join(group.members.iter())));
    groups.collect::<Vec<_>>().join("；")
}

/// The groups by their members: by each very one, since two may share a name.
pub(super) fn groups_by_member(structure: &Structure) -> HashMap<*const Member, &RoleGroup> {
    let groups = structure.group.iter();
    let members = groups.flat_map(|group| group.members.iter().map(move |member| (member, group)));
    members
        .map(|(member, group)| (std::ptr::from_ref(member), group))
        .collect()
}
