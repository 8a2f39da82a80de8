//! The atlas: the layers that have a builder of their own, then each plan by theme.

use super::whole_plan::{Pages, theme_named};
use super::{BuildError, Builder, DEFINITIONS, LayerDefinition, Sheet};
use plans::Plan;

impl LayerDefinition {
    fn sheet(&self, builder: &Builder<'_>, pages: Pages) -> Result<Sheet, BuildError> {
        Ok(Sheet {
            layer: self.build(builder)?,
            page: match pages {
                Pages::Drawn => Some(self.map(builder)?),
                Pages::None => None,
            },
        })
    }
}

impl Builder<'_> {
    /// Every layer of the catalogue, in the order of the atlas: those with a builder of their own, then the themes of each
    /// plan, oldest plan first.
    ///
    /// # Errors
    /// When the catalogue names what a layer needs and the gazetteer does not have, or data that comes with the program is
    /// damaged.
    pub fn atlas(&self, pages: Pages) -> Result<Vec<Sheet>, BuildError> {
        let mut sheets = Vec::new();
        for definition in &DEFINITIONS {
            sheets.push(definition.sheet(self, pages)?);
        }
        for plan in self.catalogue.plans() {
            sheets.extend(self.sheets_among_others(plan, pages)?);
        }
        self.quote(&mut sheets);
        Ok(sheets)
    }

    /// Gives each feature the words that made it, where the texts are at hand.
    fn quote(&self, sheets: &mut [Sheet]) {
        let Some(texts) = self.texts else { return };
        let tables = sheets.iter_mut().flat_map(|sheet| &mut sheet.layer.tables);
        for feature in tables.flat_map(|table| &mut table.features) {
            let plan = self.catalogue.plan(&feature.properties.plan);
            let said = plan.and_then(|plan| Some((plan, plan.structure(feature.structure())?)));
            let sentence = said.and_then(|(plan, structure)| texts.sentence(plan, structure));
            feature.properties.sentence = sentence.unwrap_or_default();
        }
    }

    /// The layers of some names, in the order of the atlas: a layer by its identifier or title, all layers of a plan by the
    /// plan's identifier, a theme of every plan by the theme's identifier or title.
    ///
    /// # Errors
    /// When a name is none of these; the error says what there is. Else as [`Self::atlas`].
    pub fn chosen(&self, names: &[String], pages: Pages) -> Result<Vec<Sheet>, BuildError> {
        let mut used = vec![false; names.len()];
        let mut take = |matches: &dyn Fn(&str) -> bool| {
            let mut taken = false;
            for (used, name) in used.iter_mut().zip(names) {
                let here = matches(name);
                *used |= here;
                taken |= here;
            }
            taken
        };
        let mut sheets = Vec::new();
        for definition in &DEFINITIONS {
            if take(&|name| name == definition.id || name == definition.title) {
                sheets.push(definition.sheet(self, pages)?);
            }
        }
        for plan in self.catalogue.plans() {
            let of_plan = |name: &str| theme_of(plan, name).is_some();
            if !take(&of_plan) {
                continue;
            }
            let wanted = |sheet: &Sheet| {
                names
                    .iter()
                    .filter_map(|name| theme_of(plan, name))
                    .any(|theme| theme.is_empty() || sheet.layer.id.ends_with(theme))
            };
            sheets.extend(
                self.sheets_among_others(plan, pages)?
                    .into_iter()
                    .filter(wanted),
            );
        }
        if let Some(unknown) = used.iter().position(|used| !used) {
            return Err(BuildError::UnknownLayer {
                name: names[unknown].clone(),
                known: DEFINITIONS.map(|definition| definition.id).join(", "),
            });
        }
        self.quote(&mut sheets);
        Ok(sheets)
    }
}

/// What a name means of a plan: one of its themes, by its identifier; all of them, the empty one.
fn theme_of(plan: &Plan, name: &str) -> Option<&'static str> {
    if name == plan.id || name == plan.short_title {
        return Some("");
    }
    let rest = name
        .strip_prefix(plan.id.as_str())
        .and_then(|rest| rest.strip_prefix('-'))
        .or_else(|| {
            name.strip_prefix(plan.short_title.as_str())?
                .strip_prefix('·')
        });
    theme_named(rest.unwrap_or(name))
}
