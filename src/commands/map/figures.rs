//! Features coloured by a figure or a kind, and points as large as a figure.

use layers::map::LegendItem;
use layers::style::{Colour, Paint, Stroke, Symbol};

use super::classes::{Classes, Palette, printed};
use super::data::{Datum, Item};
use super::page::Kind;

/// Colours of kinds, in the order in which they come.
const KINDS: [u32; 8] = [
    0x004B_77A4,
    0x00F0_A173,
    0x007F_AE78,
    0x00A9_3D2B,
    0x00CD_BCDD,
    0x00F5_E4A3,
    0x006F_B5B0,
    0x00CF_BE94,
];
/// What has no value, or a kind beyond those.
const OTHER: Colour = Colour::hex(0x00D5_D1CB);
/// The radius of the greatest point, and the least that can be seen.
const RADIUS_MM: (f64, f64) = (4.1, 0.9);

/// What features are coloured by.
pub enum Colours {
    /// Upper ends of classes, rising, with their colours.
    Figures(Vec<(f64, Colour)>),
    /// Kinds with their colours.
    Kinds(Vec<(String, Colour)>),
}

impl Colours {
    /// Classes of what features have: of figures when most values are some.
    pub fn of<'i>(
        items: impl Iterator<Item = &'i Item> + Clone,
        classes: Classes,
        palette: Palette,
    ) -> Self {
        let values = items.filter_map(|item| item.by.as_ref());
        let figures: Vec<f64> = values
            .clone()
            .filter_map(|value| match value {
                Datum::Figure(figure) => Some(*figure),
                Datum::Kind(_) => None,
            })
            .collect();
        if figures.len() * 2 > values.clone().count() {
            let breaks = classes.breaks(&figures);
            let colours = palette.colours(breaks.len());
            return Self::Figures(breaks.into_iter().zip(colours).collect());
        }
        let mut counts: Vec<(String, usize)> = Vec::new();
        for value in values {
            let name = match value {
                Datum::Kind(name) => name.clone(),
                Datum::Figure(figure) => printed(*figure),
            };
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        // The most frequent get colours; the order stays that of the file.
        let mut by_count: Vec<usize> = counts.iter().map(|(_, count)| *count).collect();
        by_count.sort_unstable_by(|a, b| b.cmp(a));
        let least = by_count.get(KINDS.len() - 1).copied().unwrap_or(0);
        let kept = counts.into_iter().filter(|(_, count)| *count >= least);
        let colours = KINDS.map(Colour::hex);
        Self::Kinds(kept.map(|(name, _)| name).zip(colours).collect())
    }

    /// The number of a feature's class; `None` for one without.
    pub fn class(&self, item: &Item) -> Option<usize> {
        match (self, item.by.as_ref()?) {
            (Self::Figures(classes), Datum::Figure(figure)) => {
                classes.iter().position(|(end, _)| figure <= end)
            }
            (Self::Kinds(kinds), Datum::Kind(name)) => {
                kinds.iter().position(|(known, _)| known == name)
            }
            (Self::Kinds(kinds), Datum::Figure(figure)) => {
                let name = printed(*figure);
                kinds.iter().position(|(known, _)| *known == name)
            }
            (Self::Figures(_), Datum::Kind(_)) => None,
        }
    }

    /// How a feature of a class looks.
    pub fn symbol(&self, class: Option<usize>, kind: Kind) -> Symbol {
        let of = |at: usize| match self {
            Self::Figures(classes) => classes.get(at).map(|(_, colour)| *colour),
            Self::Kinds(kinds) => kinds.get(at).map(|(_, colour)| *colour),
        };
        let colour = class.and_then(of).unwrap_or(OTHER);
        match kind {
            Kind::Area => Symbol::Fill {
                paint: Paint::Solid {
                    colour,
                    opacity: 1.0,
                },
                outline: Some(Stroke::solid(Colour::hex(0x00FF_FFFF), 0.2)),
            },
            Kind::Line => Symbol::line(Stroke::solid(colour, 0.8)),
            Kind::Point => Symbol::Node { colour },
        }
    }

    /// The rows of a legend: the classes that features of a kind of shape have, with how many.
    pub fn legend(&self, items: &[&Item], kind: Kind) -> Vec<LegendItem> {
        let count = |class: Option<usize>| {
            items
                .iter()
                .filter(|item| self.class(item) == class)
                .count()
        };
        let names: Vec<String> = match self {
            Self::Figures(classes) => {
                let figures = items.iter().filter_map(|item| match item.by {
                    Some(Datum::Figure(figure)) => Some(figure),
                    _ => None,
                });
                let least = figures.fold(f64::INFINITY, f64::min);
                let starts = std::iter::once(least).chain(classes.iter().map(|(end, _)| *end));
                let names = starts.zip(classes);
                names
                    .map(|(start, (end, _))| {
                        if start >= *end {
                            printed(*end)
                        } else {
                            format!("{}–{}", printed(start), printed(*end))
                        }
                    })
                    .collect()
            }
            Self::Kinds(kinds) => kinds.iter().map(|(name, _)| name.clone()).collect(),
        };
        let mut rows: Vec<LegendItem> = names
            .iter()
            .enumerate()
            .map(|(class, name)| (Some(class), name.as_str()))
            .chain([(None, "其他或无数据")])
            .map(|(class, name)| LegendItem {
                count: Some(count(class))
                    .filter(|count| *count > 0)
                    .map(|count| format!("{count} 个")),
                ..LegendItem::new(self.symbol(class, kind), name)
            })
            .filter(|row| row.count.is_some())
            .collect();
        if matches!(self, Self::Figures(_)) {
            // The greatest first, as readers look for it.
            let last = rows.len().saturating_sub(usize::from(count(None) > 0));
            rows[..last].reverse();
        }
        rows
    }
}

/// The radius of a point for a figure; the area of a point is proportional to it.
pub fn radius_mm(figure: f64, most: f64) -> f64 {
    let (full, least) = RADIUS_MM;
    (full * (figure / most).max(0.0).sqrt()).max(least)
}

/// The rows that explain sizes: the greatest figure and round parts of it.
pub fn sizes(most: f64, colour: Colour) -> Vec<LegendItem> {
    let row = |figure: f64| {
        let symbol = Symbol::Graduated {
            colour,
            radius_mm: radius_mm(figure, most),
            dotted: false,
        };
        LegendItem::new(symbol, &printed(figure))
    };
    [most, round(most * 0.4), round(most * 0.1)].map(row).into()
}

/// A round number near a figure: 1, 2 or 5 times a power of ten.
fn round(figure: f64) -> f64 {
    let power = 10_f64.powf(figure.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps
        .into_iter()
        .rfind(|step| *step <= figure * 1.001)
        .unwrap_or(figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Geometry;

    fn item(by: Option<Datum>) -> Item {
        Item {
            geometry: Geometry::Point((0.0, 0.0).into()),
            name: String::new(),
            by,
            size: None,
        }
    }

    #[test]
    fn every_feature_is_in_the_class_that_the_legend_counts() {
        let values = [1.0, 2.0, 3.0, 50.0, 60.0, 900.0];
        let mut items: Vec<Item> = values.map(|v| item(Some(Datum::Figure(v)))).into();
        items.push(item(None));
        let classes = Classes {
            count: 3,
            ..Classes::default()
        };
        let colours = Colours::of(items.iter(), classes, Palette::Warm);
        let all: Vec<&Item> = items.iter().collect();
        let rows = colours.legend(&all, Kind::Area);
        let said: Vec<(String, Option<String>)> =
            rows.into_iter().map(|row| (row.name, row.count)).collect();
        let row = |name: &str, count: &str| (name.to_owned(), Some(count.to_owned()));
        assert_eq!(
            said,
            [
                row("60–900", "1 个"),
                row("3–60", "2 个"),
                row("1–3", "3 个"),
                row("其他或无数据", "1 个")
            ]
        );
    }

    #[test]
    fn kinds_keep_the_order_of_the_file() {
        let names = ["乙", "甲", "乙", "丙"];
        let items: Vec<Item> = names.map(|n| item(Some(Datum::Kind(n.to_owned())))).into();
        let colours = Colours::of(items.iter(), Classes::default(), Palette::Warm);
        assert_eq!(colours.class(&items[0]), Some(0));
        assert_eq!(colours.class(&items[3]), Some(2));
    }

    #[test]
    fn the_area_of_a_point_is_proportional_to_its_figure() {
        assert!((radius_mm(100.0, 100.0) - 4.1).abs() < 1e-9);
        assert!((radius_mm(50.0, 100.0).powi(2) * 2.0 - 4.1_f64.powi(2)).abs() < 1e-9);
        assert!((round(36.0) - 20.0).abs() < 1e-9 && (round(0.6) - 0.5).abs() < 1e-9);
    }
}
