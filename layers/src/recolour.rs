//! Fitting the colours of features to a theme: builders name those of the light one.

use std::borrow::Cow;

use crate::look::{Look, NotOfClass};
use crate::map::{Drawing, LegendGroup, MapPage};
use crate::style::{Colour, Paint, Stroke, Symbol, Texture};
use crate::theme::{Theme, Tone};

/// Colours that were chosen by hand: light, dark, print.
const CHOSEN: [(u32, u32, u32); 35] = [
    // Cores and the middle corridor; text.
    (0x00B2_3A2A, 0x00F0_8A6E, 0x0011_1111),
    (0x001E_2227, 0x00F2_F3F4, 0x0011_1111),
    (0x0020_262C, 0x00F2_F3F4, 0x0011_1111),
    // Roles.
    (0x00A9_3D2B, 0x00E0_664B, 0x0033_3333),
    (0x00F0_A173, 0x007A_4E2E, 0x00B4_B4B4),
    (0x004B_77A4, 0x003C_6FA3, 0x006E_6E6E),
    (0x00F5_E4A3, 0x00DC_CB7A, 0x00ED_EDED),
    (0x00A3_CBBF, 0x007F_B8A8, 0x00D2_D2D2),
    // Platforms: fills, then inks, then the two bands.
    (0x007F_AE78, 0x002F_5A2C, 0x0094_9494),
    (0x00F0_BFB2, 0x00A8_5F4A, 0x00DC_DCDC),
    (0x009D_BFDD, 0x003F_73A8, 0x00BE_BEBE),
    (0x00F2_DC8F, 0x008C_7018, 0x00E6_E6E6),
    (0x00CD_BCDD, 0x005F_4280, 0x00AA_AAAA),
    (0x00CF_BE94, 0x0084_703C, 0x00D8_D8D8),
    (0x006F_B5B0, 0x002A_807A, 0x008C_8C8C),
    (0x002E_5A2B, 0x0086_BE80, 0x0026_2626),
    (0x0097_412F, 0x00F0_B3A2, 0x0044_4444),
    (0x002A_5B8C, 0x008F_BDE6, 0x0033_3333),
    (0x007A_5C00, 0x00E0_C45A, 0x0050_5050),
    (0x0063_437F, 0x00C3_A6DE, 0x002C_2C2C),
    (0x0063_502A, 0x00CF_BA84, 0x0048_4848),
    (0x000F_504E, 0x0078_C8C2, 0x001E_1E1E),
    (0x003E_5C8A, 0x008F_B0E0, 0x0050_5050),
    (0x008A_5A2B, 0x00D6_A06A, 0x0028_2828),
    // The axis and its name; the other corridors; tints below the axis.
    (0x00E2_A04A, 0x00E2_A04A, 0x007A_7A7A),
    (0x008A_4B08, 0x00FF_D9A0, 0x0022_2222),
    (0x002B_6CA3, 0x006F_B3E0, 0x0058_5858),
    (0x0043_265A, 0x00E6_D9F2, 0x008A_8A8A),
    (0x00F3_DCC4, 0x003A_332D, 0x00DE_DEDE),
    (0x00F7_E9D3, 0x002F_2E2D, 0x00EA_EAEA),
    // Belts and their names.
    (0x006F_A8C9, 0x006F_A8C9, 0x009C_9C9C),
    (0x001F_5C84, 0x009C_CBE8, 0x0022_2222),
    // Regional centres.
    (0x002F_6690, 0x007D_B7E0, 0x004A_4A4A),
    // High-speed lines and roads.
    (0x008E_2C6B, 0x00E5_8CC6, 0x0011_1111),
    (0x00C7_7A1A, 0x00F2_B25A, 0x006A_6A6A),
];

/// The least contrast of a line that means something with its ground.
const SEEN: f64 = 3.2;
/// Greys of lines and outlines in print: the darkest and the lightest.
const PRINTED_LINES: (f64, f64) = (0.07, 0.52);
/// Greys of fills.
const PRINTED_FILLS: (f64, f64) = (0.34, 0.91);
/// Printed fills nearer than this, as levels of grey, are told apart by textures.
const APART: f64 = 0.12;
/// From this opacity on a fill is no tint.
const FULL: f64 = 0.5;
/// How much of the dark page is mixed into a full fill.
const DARKENED: f64 = 0.28;

/// What a page draws and its legend, in the colours of a theme.
#[derive(Debug, Clone)]
pub struct Dressed<'p> {
    /// The theme of the page, in painting order.
    pub drawings: Cow<'p, [Drawing]>,
    /// The legend.
    pub legend: Cow<'p, [LegendGroup]>,
}

/// Where a colour is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Fill,
    Line,
}

impl Look {
    /// A page in these colours, with the changes of classes. The light ones are what builders name.
    ///
    /// # Errors
    /// When a class that is to be changed is not on the page.
    pub fn dress<'p>(&self, page: &'p MapPage) -> Result<Dressed<'p>, NotOfClass> {
        let mut dressed = Dressed {
            drawings: Cow::Borrowed(&page.drawings),
            legend: Cow::Borrowed(&page.legend),
        };
        if self.theme.tone != Tone::Light {
            let fit = Fit::new(&self.theme, page);
            let textures = fit.textures(page);
            for drawing in dressed.drawings.to_mut() {
                fit.texture(&mut drawing.symbol, &textures);
                fit.symbol(&mut drawing.symbol);
                if let Some(label) = &mut drawing.label
                    && let Some(colour) = &mut label.colour
                {
                    *colour = fit.colour(*colour, Use::Line);
                }
            }
            let items = dressed.legend.to_mut().iter_mut();
            for item in items.flat_map(|group| &mut group.items) {
                fit.texture(&mut item.symbol, &textures);
                fit.symbol(&mut item.symbol);
            }
        }
        if !self.classes.is_empty() {
            self.apply(
                &page.legend,
                &page.drawings,
                dressed.drawings.to_mut(),
                dressed.legend.to_mut(),
            )?;
        }
        Ok(dressed)
    }
}

/// How the colours of one page are fitted.
struct Fit<'t> {
    theme: &'t Theme,
    /// Other colours of lines on the page, the darkest first: greys keep them apart.
    lines: Vec<Colour>,
}

impl<'t> Fit<'t> {
    fn new(theme: &'t Theme, page: &MapPage) -> Self {
        let mut lines: Vec<Colour> = Vec::new();
        if theme.tone == Tone::Print {
            let symbols = page.drawings.iter().map(|drawing| &drawing.symbol);
            let rows = page.legend.iter().flat_map(|group| &group.items);
            for symbol in symbols.chain(rows.map(|item| &item.symbol)) {
                let (mut copy, mut seen) = (symbol.clone(), Vec::new());
                each_colour(&mut copy, &mut |colour, used| {
                    if used == Use::Line {
                        seen.push(*colour);
                    }
                });
                for colour in seen {
                    if chosen(colour, theme.tone).is_none() && !lines.contains(&colour) {
                        lines.push(colour);
                    }
                }
            }
            lines.sort_by(|a, b| a.luminance().total_cmp(&b.luminance()));
        }
        Self { theme, lines }
    }

    /// The textures of classes whose greys are too near that of one before them, by the colours that builders name.
    fn textures(&self, page: &MapPage) -> Vec<(Colour, Texture)> {
        let mut classes: Vec<(Colour, f64, Option<Texture>)> = Vec::new();
        if self.theme.tone != Tone::Print {
            return Vec::new();
        }
        for item in page.legend.iter().flat_map(|group| &group.items) {
            let Symbol::Fill {
                paint: Paint::Solid { colour, opacity },
                ..
            } = &item.symbol
            else {
                continue;
            };
            // Where the page has its border alone there is nothing to tell apart.
            let mut fills = page.drawings.iter().map(|drawing| &drawing.symbol);
            let filled = fills.any(|symbol| {
                matches!(symbol, Symbol::Fill { paint: Paint::Solid { colour: drawn, opacity }, .. }
                    if drawn == colour && *opacity > 0.0)
            });
            if *opacity == 0.0 || !filled || classes.iter().any(|(known, ..)| known == colour) {
                continue;
            }
            let printed = self.colour(*colour, fill_use(*opacity));
            let level = self.theme.page.mix(printed, *opacity).grey_level();
            let free = |texture: Option<Texture>| {
                let mut others = classes.iter();
                others.all(|(_, other, of)| *of != texture || (other - level).abs() >= APART)
            };
            let mut textures = std::iter::once(None).chain(Texture::ALL.map(Some));
            let texture = textures.find(|texture| free(*texture)).flatten();
            classes.push((*colour, level, texture));
        }
        let textured = classes.into_iter();
        textured
            .filter_map(|(colour, _, texture)| Some((colour, texture?)))
            .collect()
    }

    /// Gives the fill of a class its texture, in its own colours.
    fn texture(&self, symbol: &mut Symbol, textures: &[(Colour, Texture)]) {
        let Symbol::Fill { paint, .. } = symbol else {
            return;
        };
        let Paint::Solid { colour, opacity } = *paint else {
            return;
        };
        let known = textures.iter().find(|(known, _)| *known == colour);
        let Some((_, texture)) = known.filter(|_| opacity > 0.0) else {
            return;
        };
        let colour = self.colour(colour, fill_use(opacity));
        let lines = if opacity < FULL {
            colour
        } else {
            let ink = self.theme.ink;
            let dark = colour.contrast(ink) < colour.contrast(self.theme.page);
            let stronger = if dark { self.theme.page } else { ink };
            colour.mix(stronger, 0.45)
        };
        *paint = Paint::Textured {
            colour,
            opacity,
            lines,
            texture: *texture,
        };
    }

    fn symbol(&self, symbol: &mut Symbol) {
        each_colour(symbol, &mut |colour, used| {
            *colour = self.colour(*colour, used);
        });
    }

    fn colour(&self, colour: Colour, used: Use) -> Colour {
        if colour == Colour::hex(0x00FF_FFFF) {
            return self.theme.page;
        }
        if let Some(known) = chosen(colour, self.theme.tone) {
            return known;
        }
        match (self.theme.tone, used) {
            (Tone::Light, _) => colour,
            (Tone::Dark, Use::Fill) => colour.mix(self.theme.page, DARKENED),
            (Tone::Dark, Use::Line) => self.lightened(colour),
            (Tone::Print, Use::Fill) => {
                let (low, high) = PRINTED_FILLS;
                Colour::grey(low + colour.grey_level() * (high - low))
            }
            (Tone::Print, Use::Line) => self.printed(colour),
        }
    }

    /// As much white as the dark ground asks for.
    fn lightened(&self, colour: Colour) -> Colour {
        let steps = (0..=10).map(|step| colour.mix(self.theme.ink, f64::from(step) / 10.0));
        let mut seen = steps.skip_while(|lighter| lighter.contrast(self.theme.home) < SEEN);
        seen.next().unwrap_or(self.theme.ink)
    }

    /// The grey of a line: those of one page are spread evenly.
    fn printed(&self, colour: Colour) -> Colour {
        let (dark, light) = PRINTED_LINES;
        let level = match (
            self.lines.iter().position(|known| *known == colour),
            self.lines.len(),
        ) {
            (Some(at), count) if count > 1 => count_of(at) / count_of(count - 1),
            _ => colour.grey_level(),
        };
        Colour::grey(dark + level.min(1.0) * (light - dark))
    }
}

/// What the colour of a fill of an opacity is used for: a tint has the hue of a line.
fn fill_use(opacity: f64) -> Use {
    if opacity < FULL { Use::Line } else { Use::Fill }
}

fn count_of(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

fn chosen(colour: Colour, tone: Tone) -> Option<Colour> {
    let (_, dark, print) = CHOSEN
        .iter()
        .find(|(light, ..)| Colour::hex(*light) == colour)?;
    Some(match tone {
        Tone::Light => colour,
        Tone::Dark => Colour::hex(*dark),
        Tone::Print => Colour::hex(*print),
    })
}

/// Calls `with` for each colour of a symbol.
fn each_colour(symbol: &mut Symbol, with: &mut dyn FnMut(&mut Colour, Use)) {
    let stroke = |stroke: &mut Stroke, with: &mut dyn FnMut(&mut Colour, Use)| {
        with(&mut stroke.colour, Use::Line);
    };
    match symbol {
        Symbol::Fill { paint, outline } => {
            match paint {
                Paint::Solid { colour, opacity } => with(colour, fill_use(*opacity)),
                Paint::Hatch { colour } => with(colour, Use::Line),
                // Only a theme makes one, when the colours are already its own.
                Paint::Textured { .. } => {}
                Paint::Stripes { first, second } => {
                    with(first, Use::Fill);
                    with(second, Use::Fill);
                }
            }
            if let Some(outline) = outline {
                stroke(outline, with);
            }
        }
        Symbol::Line { stroke: line, .. } | Symbol::Arrow { stroke: line } => stroke(line, with),
        Symbol::Axis {
            colour,
            name_colour,
            ..
        } => {
            with(colour, Use::Line);
            with(name_colour, Use::Line);
        }
        Symbol::Band { colour }
        | Symbol::Belt { colour, .. }
        | Symbol::Sign { colour, .. }
        | Symbol::Corridor { colour }
        | Symbol::Core { colour }
        | Symbol::Node { colour }
        | Symbol::Graduated { colour, .. }
        | Symbol::Badge { colour, .. } => with(colour, Use::Line),
        Symbol::RegionEdge
        | Symbol::Landmark
        | Symbol::Seat
        | Symbol::River { .. }
        | Symbol::Border { .. } => {}
    }
}
