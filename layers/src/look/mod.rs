//! How a page looks: its colours, the sizes of its names and lines, and what is changed of single classes.

mod file;

pub use file::LookError;

use crate::map::{Drawing, LegendGroup};
use crate::style::{Colour, Paint, Stroke, Symbol};
use crate::theme::{Theme, Tone};

/// How a page looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The colours of the page.
    pub theme: Theme,
    /// Sizes of names on the map.
    pub names: NameSizes,
    /// Widths of the lines of the ground.
    pub lines: LineWidths,
    /// Changes of classes, by their names in the legend.
    pub classes: Vec<ClassLook>,
}

impl Look {
    /// The usual look in the colours of a theme.
    #[must_use]
    pub fn of(theme: Theme) -> Self {
        Self {
            theme,
            names: NameSizes::default(),
            lines: LineWidths::default(),
            classes: Vec::new(),
        }
    }
}

impl Default for Look {
    /// Light.
    fn default() -> Self {
        Self::of(Theme::LIGHT)
    }
}

impl From<Tone> for Look {
    fn from(tone: Tone) -> Self {
        Self::of(Theme::of(tone))
    }
}

macro_rules! sizes {
    ($(#[doc = $about:literal])+ $kind:ident { $($(#[doc = $doc:literal])+ $name:ident: $usual:literal,)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $kind {
            $($(#[doc = $doc])+ pub $name: f64,)+
        }

        impl Default for $kind {
            fn default() -> Self {
                Self { $($name: $usual,)+ }
            }
        }

        impl $kind {
            /// All sizes with their names, in a fixed order.
            #[must_use]
            pub fn sizes(&self) -> Vec<(&'static str, f64)> {
                vec![$((stringify!($name), self.$name),)+]
            }

            /// The size of a name; `None` when there is none of that name.
            pub fn size_mut(&mut self, name: &str) -> Option<&mut f64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

sizes! {
    /// Sizes of names on the map of an A4 page, in points.
    NameSizes {
        /// A core city of the theme.
        core: 13.0,
        /// A core city that only shows where things are.
        landmark: 9.4,
        /// A prefecture or another large part of the theme.
        region: 12.0,
        /// A development axis.
        axis: 19.0,
        /// A belt, or an axis among several, along its line.
        belt: 8.6,
        /// A corridor, in its pill.
        corridor: 7.6,
        /// A platform.
        platform: 8.2,
        /// A member district.
        member: 9.5,
        /// A node city.
        node: 9.5,
        /// The seat of a prefecture.
        city: 7.1,
        /// Another place of the theme.
        seat: 6.5,
        /// A line of a network.
        way: 6.3,
        /// A county of the theme.
        county: 6.5,
        /// A member in an inset.
        inset: 6.6,
        /// The line below a name.
        note: 5.9,
        /// A great river.
        river: 6.6,
        /// Another river.
        stream: 6.2,
        /// A neighbouring province.
        ground_province: 10.8,
        /// A neighbouring prefecture.
        ground_prefecture: 7.3,
        /// A neighbouring county.
        ground_county: 6.4,
    }
}

sizes! {
    /// Widths of lines of the ground on an A4 page, in mm.
    LineWidths {
        /// A river of the first rank.
        river_1: 0.62,
        /// Of the second.
        river_2: 0.5,
        /// Of the third.
        river_3: 0.42,
        /// Of the fourth.
        river_4: 0.36,
        /// Of the fifth.
        river_5: 0.3,
        /// A river without a name.
        river_6: 0.14,
        /// The border of a province.
        province: 0.28,
        /// The band below it.
        province_band: 1.5,
        /// The border of a prefecture.
        prefecture: 0.16,
        /// The border of a county.
        county: 0.12,
        /// The edge of a region.
        region_edge: 0.55,
    }
}

impl LineWidths {
    /// Width of a river by its rank, 1 (the greatest) to 6.
    #[must_use]
    pub fn river(&self, rank: u8) -> f64 {
        match rank {
            0 | 1 => self.river_1,
            2 => self.river_2,
            3 => self.river_3,
            4 => self.river_4,
            5 => self.river_5,
            _ => self.river_6,
        }
    }
}

/// What is changed of a class: what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassLook {
    /// Its name in the legend.
    pub name: String,
    /// Colour of its fill, line or ring.
    pub colour: Option<Colour>,
    /// Opacity of its fill, 0 to 1.
    pub opacity: Option<f64>,
    /// Colour of its border.
    pub outline: Option<Colour>,
    /// Width of its border or line, in mm.
    pub width_mm: Option<f64>,
    /// Lengths of dash and gap of its border or line, in mm; empty for a solid one.
    pub dash_mm: Option<Vec<f64>>,
    /// Whether it is left out.
    pub hidden: bool,
}

/// Something that a class does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotOfClass {
    /// The class.
    pub class: String,
    /// What was to be changed, as the style file calls it; empty when the page has no such class.
    pub field: &'static str,
    /// Classes of the page.
    pub known: Vec<String>,
}

impl Look {
    /// Changes classes in a page's drawings and legend.
    ///
    /// # Errors
    /// When the page has no such class, or the class nothing of the kind to change.
    pub fn apply(
        &self,
        original: &[LegendGroup],
        originals: &[Drawing],
        drawings: &mut Vec<Drawing>,
        legend: &mut [LegendGroup],
    ) -> Result<(), NotOfClass> {
        let mut hidden = vec![false; drawings.len()];
        for class in &self.classes {
            let rows = original.iter().enumerate();
            let row = rows
                .flat_map(|(group, rows)| {
                    rows.items
                        .iter()
                        .enumerate()
                        .map(move |(at, row)| (group, at, row))
                })
                .find(|(_, _, row)| row.name == class.name);
            let Some((group, at, row)) = row else {
                let names = original.iter().flat_map(|group| &group.items);
                return Err(NotOfClass {
                    class: class.name.clone(),
                    field: "",
                    known: names.map(|row| row.name.clone()).collect(),
                });
            };
            let not = |field| NotOfClass {
                class: class.name.clone(),
                field,
                known: Vec::new(),
            };
            if let Some(item) = legend.get_mut(group).and_then(|g| g.items.get_mut(at)) {
                let before = ClassLook::of(&item.symbol).unwrap_or_default();
                change(&mut item.symbol, class, &before).map_err(not)?;
                for (index, original) in originals.iter().enumerate() {
                    if same_class(&original.symbol, &row.symbol) {
                        change(&mut drawings[index].symbol, class, &before).map_err(not)?;
                        hidden[index] |= class.hidden;
                    }
                }
            }
        }
        let mut hidden = hidden.into_iter();
        drawings.retain(|_| !hidden.next().unwrap_or(false));
        let names: Vec<&str> = self
            .classes
            .iter()
            .filter(|class| class.hidden)
            .map(|class| class.name.as_str())
            .collect();
        for group in legend {
            group
                .items
                .retain(|item| !names.contains(&item.name.as_str()));
        }
        Ok(())
    }
}

/// Whether a thing on the map is what a row of the legend shows: the same kind in the same colour. Opacity and borders differ
/// within a class.
fn same_class(drawn: &Symbol, row: &Symbol) -> bool {
    match (drawn, row) {
        (Symbol::Fill { paint: a, .. }, Symbol::Fill { paint: b, .. }) => match (a, b) {
            (Paint::Solid { colour: a, .. }, Paint::Solid { colour: b, .. })
            | (
                Paint::Hatch { colour: a },
                Paint::Hatch { colour: b } | Paint::Solid { colour: b, .. },
            )
            | (Paint::Textured { colour: a, .. }, Paint::Textured { colour: b, .. }) => a == b,
            (a, b) => a == b,
        },
        (
            Symbol::Line { stroke: a, .. } | Symbol::Arrow { stroke: a },
            Symbol::Line { stroke: b, .. } | Symbol::Arrow { stroke: b },
        ) => a.colour == b.colour,
        (
            Symbol::Node { colour: a } | Symbol::Graduated { colour: a, .. },
            Symbol::Node { colour: b } | Symbol::Graduated { colour: b, .. },
        )
        | (Symbol::Belt { colour: a, .. }, Symbol::Belt { colour: b, .. })
        | (Symbol::Axis { colour: a, .. }, Symbol::Axis { colour: b, .. }) => a == b,
        (
            Symbol::Sign {
                colour: a, glyph, ..
            },
            Symbol::Sign {
                colour: b,
                glyph: other,
                ..
            },
        ) => a == b && glyph == other,
        (a, b) => a == b,
    }
}

/// Changes a symbol where it is as the legend was `before`: things of one class differ in other ways. The field that it does
/// not have is the error.
fn change(symbol: &mut Symbol, class: &ClassLook, before: &ClassLook) -> Result<(), &'static str> {
    let line = |stroke: &mut Stroke| {
        set(
            &mut stroke.width_mm,
            before.width_mm.as_ref(),
            class.width_mm.as_ref(),
        );
        set(
            &mut stroke.dash_mm,
            before.dash_mm.as_ref(),
            class.dash_mm.as_ref(),
        );
    };
    let (was, is) = (before.colour.as_ref(), class.colour.as_ref());
    let known = ClassLook::of(symbol).unwrap_or_default();
    for (name, asked, has) in [
        ("colour", class.colour.is_some(), known.colour.is_some()),
        (
            "opacity",
            class.opacity.is_some(),
            known.opacity.is_some() || before.opacity.is_some(),
        ),
        (
            "outline",
            class.outline.is_some(),
            known.outline.is_some() || before.outline.is_some(),
        ),
        (
            "width_mm",
            class.width_mm.is_some(),
            known.width_mm.is_some() || before.width_mm.is_some(),
        ),
        (
            "dash_mm",
            class.dash_mm.is_some(),
            known.dash_mm.is_some() || before.dash_mm.is_some(),
        ),
    ] {
        if asked && !has {
            return Err(name);
        }
    }
    match symbol {
        Symbol::Fill { paint, outline } => {
            match paint {
                Paint::Solid { colour, opacity }
                | Paint::Textured {
                    colour, opacity, ..
                } => {
                    set(colour, was, is);
                    set(opacity, before.opacity.as_ref(), class.opacity.as_ref());
                }
                Paint::Hatch { colour } => set(colour, was, is),
                Paint::Stripes { first, .. } => set(first, was, is),
            }
            if let Some(stroke) = outline {
                set(
                    &mut stroke.colour,
                    before.outline.as_ref(),
                    class.outline.as_ref(),
                );
                // A border in the colour of its fill stays so.
                set(&mut stroke.colour, was, is);
                line(stroke);
            }
        }
        Symbol::Line { stroke, .. } | Symbol::Arrow { stroke } => {
            set(&mut stroke.colour, was, is);
            line(stroke);
        }
        Symbol::Band { colour }
        | Symbol::Belt { colour, .. }
        | Symbol::Sign { colour, .. }
        | Symbol::Corridor { colour }
        | Symbol::Axis { colour, .. }
        | Symbol::Core { colour }
        | Symbol::Node { colour }
        | Symbol::Graduated { colour, .. }
        | Symbol::Badge { colour, .. } => set(colour, was, is),
        Symbol::RegionEdge
        | Symbol::Landmark
        | Symbol::Seat
        | Symbol::River { .. }
        | Symbol::Border { .. } => {}
    }
    Ok(())
}

/// Gives a value that is as it was another.
fn set<T: PartialEq + Clone>(value: &mut T, was: Option<&T>, is: Option<&T>) {
    if let Some(is) = is
        && was == Some(value)
    {
        value.clone_from(is);
    }
}

impl ClassLook {
    /// What there is to change of a symbol; `None` for one of the ground.
    pub(super) fn of(symbol: &Symbol) -> Option<Self> {
        let mut class = Self::default();
        let lines = |stroke: &Stroke, class: &mut Self| {
            class.width_mm = Some(stroke.width_mm);
            class.dash_mm = Some(stroke.dash_mm.clone());
        };
        match symbol {
            Symbol::Fill { paint, outline } => {
                match paint {
                    Paint::Solid { colour, opacity }
                    | Paint::Textured {
                        colour, opacity, ..
                    } => {
                        class.colour = Some(*colour);
                        class.opacity = Some(*opacity);
                    }
                    Paint::Hatch { colour } | Paint::Stripes { first: colour, .. } => {
                        class.colour = Some(*colour);
                    }
                }
                if let Some(stroke) = outline {
                    class.outline = Some(stroke.colour);
                    lines(stroke, &mut class);
                }
            }
            Symbol::Line { stroke, .. } | Symbol::Arrow { stroke } => {
                class.colour = Some(stroke.colour);
                lines(stroke, &mut class);
            }
            Symbol::Band { colour }
            | Symbol::Belt { colour, .. }
            | Symbol::Sign { colour, .. }
            | Symbol::Corridor { colour }
            | Symbol::Axis { colour, .. }
            | Symbol::Core { colour }
            | Symbol::Node { colour }
            | Symbol::Graduated { colour, .. }
            | Symbol::Badge { colour, .. } => class.colour = Some(*colour),
            Symbol::RegionEdge
            | Symbol::Landmark
            | Symbol::Seat
            | Symbol::River { .. }
            | Symbol::Border { .. } => return None,
        }
        Some(class)
    }
}
