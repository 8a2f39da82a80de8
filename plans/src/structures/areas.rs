//! Lost decimal points: an area that only one shift of its point makes that of its members.

use gazetteer::{Gazetteer, PartialDate};

use super::figures::PrintedFigure;
use super::found::FoundStructure;

/// A printed figure is wrong when it is so many times too large or too small.
const WRONG: f64 = 5.0;
/// A shifted one is right within this factor: a plan may leave parts of its members out.
const RIGHT: f64 = 1.6;
/// More members than this are not added up.
const MOST_MEMBERS: usize = 100;

/// A figure that was mended.
pub(crate) struct Mended {
    /// The structure.
    pub(crate) index: usize,
    /// The digits and unit as printed.
    pub(crate) printed: String,
    /// The same with its point where it belongs.
    pub(crate) repaired: String,
    /// What the members measure.
    pub(crate) km2: f64,
}

/// Mends the areas of scopes whose members are all known.
pub(crate) fn mend(
    gazetteer: &Gazetteer,
    as_of: Option<PartialDate>,
    found: &mut [FoundStructure],
) -> Vec<Mended> {
    let mut mended = Vec::new();
    for (index, scope) in found.iter_mut().enumerate() {
        let areas = scope
            .figures
            .iter()
            .any(|figure| square_km(figure).is_some());
        if scope.rule != "Rs" || !areas || scope.members.len() > MOST_MEMBERS {
            continue;
        }
        let Some(km2) = sum(gazetteer, as_of, &scope.members) else {
            continue;
        };
        for figure in &mut scope.figures {
            let Some(unit) = square_km(figure) else {
                continue;
            };
            let off = figure.value * unit / km2;
            if off < WRONG && off > 1.0 / WRONG {
                continue;
            }
            let mut right = (1..=4).map(|places| figure.value / 10_f64.powi(places));
            let near = |value: &f64| (1.0 / RIGHT..RIGHT).contains(&(value * unit / km2));
            if let Some(value) = right.find(near) {
                figure.value = value;
                mended.push(Mended {
                    index,
                    printed: figure.printed.clone(),
                    repaired: format!("{value}{}", figure.unit),
                    km2,
                });
            }
        }
    }
    mended
}

/// How many km² the unit of an area is.
fn square_km(figure: &PrintedFigure) -> Option<f64> {
    let area = figure.name.contains("面积");
    match figure.unit {
        "万平方公里" if area => Some(10_000.0),
        "平方公里" | "平方千米" if area => Some(1.0),
        _ => None,
    }
}

fn sum(gazetteer: &Gazetteer, as_of: Option<PartialDate>, members: &[String]) -> Option<f64> {
    let areas = members.iter().map(|member| {
        let found = gazetteer.find_one(member, as_of)?;
        gazetteer.area_km2(&found.place)
    });
    areas.sum::<Option<f64>>().filter(|sum| *sum > 0.0)
}
