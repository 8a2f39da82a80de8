//! The map of where a place is.

use gazetteer::Place;
use plans::{ExtentKind, Member, Plan, Structure};

use super::{BuildError, Builder};
use crate::map::MapPage;

impl Builder<'_> {
    /// The page of one place: its area where it has one, else its point, in the land around it. None when nothing says where
    /// it is.
    ///
    /// # Errors
    /// When data that comes with the program is damaged.
    pub fn locator(&self, place: &Place<'_>) -> Result<Option<MapPage>, BuildError> {
        let Some(latest) = self.catalogue.plans().last() else {
            return Ok(None);
        };
        let canonical = self.gazetteer.canonical(place);
        let member = Member {
            name: place.name.to_owned(),
            places: vec![place.id.to_owned()],
            partial: false,
        };
        // Drawn as the plans draw it: an area, else a line, else a site.
        let plan = |kind: &str| Plan {
            id: "locator".to_owned(),
            title: canonical.clone(),
            short_title: canonical.clone(),
            number: None,
            issuer: String::new(),
            date: latest.date,
            horizon: None,
            structures: vec![Structure {
                id: "place".to_owned(),
                name: place.name.to_owned(),
                kind: kind.to_owned(),
                extent: ExtentKind::Whole,
                members: vec![member.clone()],
                ..Structure::default()
            }],
        };
        for kind in ["zone", "river_corridor", "other"] {
            let sheets = self.sheets(&plan(kind))?;
            if let Some(mut page) = sheets.into_iter().find_map(|sheet| sheet.page) {
                place.name.clone_into(&mut page.title);
                page.subtitle = canonical;
                page.citation = String::new();
                page.legend.clear();
                let plan = format!("《{}》", page.subtitle);
                if let Some(rest) = page.sources.strip_prefix(plan.as_str()) {
                    let rest = rest.trim_start_matches(['；', '。']).to_owned();
                    page.sources = rest;
                }
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}
