//! From the names of a plan to places, as of the plan's date.

use gazetteer::{Gazetteer, Match, Place};

use crate::catalogue::{Member, Plan, Structure};

/// A name of a plan that no place has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plan `{plan}`, structure `{structure}`: no place named `{name}` as of {date}{}", suggestion(.near))]
pub struct UnknownPlace {
    /// The plan's identifier.
    pub plan: String,
    /// The structure's identifier.
    pub structure: String,
    /// The name.
    pub name: String,
    /// The plan's date.
    pub date: String,
    /// Names close to it.
    pub near: Vec<String>,
}

fn suggestion(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", near.join(", "))
    }
}

impl Plan {
    /// The places that a member stands for, as of the plan's date: the likeliest of each name.
    ///
    /// # Errors
    /// When no place has one of the names.
    pub fn resolve<'g>(
        &self,
        gazetteer: &'g Gazetteer,
        structure: &Structure,
        member: &Member,
    ) -> Result<Vec<Match<'g>>, UnknownPlace> {
        let names = member.place_names().iter();
        names
            .map(|name| {
                gazetteer
                    .find_one(name, Some(self.date))
                    .ok_or_else(|| UnknownPlace {
                        plan: self.id.clone(),
                        structure: structure.id.clone(),
                        name: name.clone(),
                        date: self.date.to_string(),
                        near: gazetteer.near_names(name, 3),
                    })
            })
            .collect()
    }
}

impl Plan {
    /// Whether a structure names a place: as a member, an end or what it leans on, as of the plan's date.
    #[must_use]
    pub fn names(&self, gazetteer: &Gazetteer, structure: &Structure, place: &Place<'_>) -> bool {
        let members = structure.all_members();
        let mut said = members
            .chain(&structure.ends)
            .chain(&structure.via)
            .flat_map(Member::place_names);
        said.any(|name| {
            let found = gazetteer.find_one(name, Some(self.date));
            found.is_some_and(|found| found.place.id == place.id)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn every_member_of_the_catalogue_is_a_place() {
        let gazetteer = Gazetteer::embedded().expect("opens");
        let catalogue = Catalogue::embedded().expect("reads");
        let mut resolved = 0;
        let mut unknown = Vec::new();
        for plan in catalogue.plans() {
            for structure in plan.structures.iter().filter(|s| s.unlocated.is_none()) {
                for member in structure.all_members().chain(&structure.ends) {
                    let places = match plan.resolve(&gazetteer, structure, member) {
                        Ok(places) => places,
                        Err(error) => {
                            unknown.push(error.to_string());
                            continue;
                        }
                    };
                    // What lies around a city of the two provinces is in them.
                    let near = matches!(
                        structure.kind.as_str(),
                        "metropolitan_area" | "dense_town_area"
                    );
                    for found in places.iter().filter(|_| near) {
                        let units = gazetteer.units_of(&found.place);
                        let parent = gazetteer.parent(&found.place);
                        let codes = units.iter().map(|unit| unit.province_code);
                        let mut codes =
                            codes.chain(parent.and_then(|p| Some(p.adcode? / 10_000 * 10_000)));
                        assert!(
                            codes.all(|code| [500_000, 510_000].contains(&code)),
                            "{}",
                            found.canonical
                        );
                    }
                    resolved += places.len();
                }
            }
        }
        assert!(unknown.is_empty(), "{}", unknown.join("\n"));
        assert!(resolved > 2_000, "{resolved}");
    }

    #[test]
    fn an_unknown_name_is_an_error_with_names_close_to_it() {
        let gazetteer = Gazetteer::embedded().expect("opens");
        let catalogue = Catalogue::embedded().expect("reads");
        let plan = catalogue.plan("cqmetro-2022").expect("known");
        let member = Member::new("永州区");
        let error = plan
            .resolve(&gazetteer, &plan.structures[0], &member)
            .expect_err("no such district");
        assert!(error.to_string().contains("永川区"), "{error}");
    }
}
