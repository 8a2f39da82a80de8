//! Points: a site by its own name, or at each of its members.

use std::collections::BTreeSet;

use gazetteer::{FeatureClass, short_form};
use plans::Structure;

use super::super::{BuildError, point_feature};
use super::features::{Maker, Shape, groups_by_member};
use super::lines::is_river;
use super::places::Found;
use super::themes::{Form, Kind};
use crate::model::{Properties, Quality};
use crate::sources;

/// Municipalities: provinces that are also cities.
const MUNICIPALITIES: [u32; 4] = [110_000, 120_000, 310_000, 500_000];
/// A point known to this is the place itself.
const EXACT_M: u32 = 5000;

impl<'a> Maker<'_, 'a> {
    /// A point at the structure's own place, else at each member; rivers as lines.
    pub(super) fn sites(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        members: &[Found<'a>],
    ) -> Result<(), BuildError> {
        let itself = (kind.form != Form::City || members.is_empty())
            .then(|| self.finder.itself(structure, members))
            .flatten();
        if let Some(itself) = itself
            && let Some(at) = itself.place.position
        {
            let place = &itself.place;
            let quality = if place.accuracy_m <= EXACT_M {
                Quality::Point
            } else {
                Quality::Approximate
            };
            let properties = Properties {
                sources: place.position_source.to_owned(),
                adcode: place.adcode.map(|code| code.to_string()),
                ..self.properties(structure, quality, &off_by(place.accuracy_m))
            };
            let feature = point_feature(structure.id.clone(), at.to_point(), properties);
            self.push(kind, feature, structure.map_name(), Shape::Point);
            return Ok(());
        }
        let members = self.expanded(members);
        if matches!(kind.form, Form::Site | Form::Area) {
            let rivers = self.river_names(&members);
            self.rivers(kind, structure, &rivers, &members, &[])?;
        }
        let sites: Vec<&Found<'a>> = members
            .iter()
            .filter(|found| {
                // The middle of the parts of a place is not where it is.
                let own = found.place.place.position.is_some();
                own && !is_wide(found) && !is_river(found)
            })
            .collect();
        let mut taken = BTreeSet::new();
        let groups = groups_by_member(structure);
        for found in &sites {
            let place = &found.place.place;
            let Some(at) = place.position else { continue };
            let id = if sites.len() > 1 {
                format!("{}/{}", structure.id, place.id)
            } else {
                structure.id.clone()
            };
            if !taken.insert(id.clone()) {
                continue;
            }
            let seat = place.class.is_administrative();
            let name = shown(&found.place.name, place.class);
            let (quality, note) = match (kind.form, seat) {
                (Form::City, _) => (
                    Quality::Point,
                    format!("政府驻地，{}", off_by(place.accuracy_m)),
                ),
                (_, true) => (
                    Quality::Approximate,
                    format!("以{name}政府驻地代表，原文没有写明具体位置"),
                ),
                (_, false) => (
                    Quality::Approximate,
                    format!("以{name}代表，{}", off_by(place.accuracy_m)),
                ),
            };
            let mut properties = Properties {
                sources: if seat {
                    sources::SEATS.origin.to_owned()
                } else {
                    place.position_source.to_owned()
                },
                adcode: place.adcode.map(|code| code.to_string()),
                members: found.member.name.clone(),
                ..self.properties_of_one(structure, quality, &note)
            };
            if let Some(group) = groups.get(&std::ptr::from_ref(found.member)) {
                (properties.roles, properties.article) =
                    (group.role.clone(), group.article.clone());
            }
            let label = match kind.form {
                Form::City => name,
                _ => structure.map_name(),
            };
            let feature = point_feature(id, at.to_point(), properties);
            self.push(kind, feature, label, Shape::Point);
        }
        Ok(())
    }
}

/// Whether a place is too wide for a point to stand for a site in it.
pub(super) fn is_wide(found: &Found<'_>) -> bool {
    let place = &found.place.place;
    match place.class {
        FeatureClass::Province => !place
            .adcode
            .is_some_and(|code| MUNICIPALITIES.contains(&code)),
        FeatureClass::Region
        | FeatureClass::Country
        | FeatureClass::Foreign
        | FeatureClass::Channel => true,
        _ => false,
    }
}

fn off_by(accuracy_m: u32) -> String {
    format!("位置误差约{accuracy_m}米")
}

/// A name as a map prints it: units without the word for their rank.
pub(super) fn shown(name: &str, class: FeatureClass) -> &str {
    if class.is_administrative() {
        short_form(name)
    } else {
        name
    }
}
