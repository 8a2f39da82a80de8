//! The colours of a page: light, dark and print. No other place names a colour of the page.

use crate::style::Colour;

/// The three themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// Dark ink on white paper.
    #[default]
    Light,
    /// Light ink on a dark page, for screens.
    Dark,
    /// Greys that a copier keeps apart.
    Print,
}

macro_rules! theme {
    ($($(#[doc = $doc:literal])+ $name:ident: $light:literal $dark:literal $print:literal,)+) => {
        /// Every colour of the page that is not the theme's own.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Theme {
            /// Which of the three it began as: colours of features are fitted to it.
            pub tone: Tone,
            $($(#[doc = $doc])+ pub $name: Colour,)+
        }

        impl Theme {
            /// Dark ink on white paper.
            pub const LIGHT: Self = Self { tone: Tone::Light, $($name: Colour::hex($light),)+ };
            /// Light ink on a dark page.
            pub const DARK: Self = Self { tone: Tone::Dark, $($name: Colour::hex($dark),)+ };
            /// Greys only.
            pub const PRINT: Self = Self { tone: Tone::Print, $($name: Colour::hex($print),)+ };

            /// All colours with their names, in a fixed order.
            #[must_use]
            pub fn colours(&self) -> Vec<(&'static str, Colour)> {
                vec![$((stringify!($name), self.$name),)+]
            }

            /// The colour of a name; `None` when there is none of that name.
            pub fn colour_mut(&mut self, name: &str) -> Option<&mut Colour> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

theme! {
    /// The paper.
    page: 0x00FF_FFFF 0x0014_181D 0x00FF_FFFF,
    /// Ground of other provinces.
    ground: 0x00EF_ECE6 0x001B_2026 0x00F1_F1F1,
    /// Ground of the provinces of the plans.
    home: 0x00F8_F6F2 0x0023_2930 0x00FA_FAFA,
    /// Titles and names.
    ink: 0x001E_2227 0x00F2_F3F4 0x0011_1111,
    /// Text below titles.
    ink2: 0x004B_5157 0x00C3_C8CD 0x003C_3C3C,
    /// The smallest text.
    ink3: 0x0066_6C73 0x009A_A1A8 0x005A_5A5A,
    /// Names of the neighbours.
    gray_name: 0x006E_6A63 0x0099_A1A8 0x0062_6262,
    /// Thin rules.
    rule: 0x00C9_CCD0 0x003A_424B 0x00BB_BBBB,
    /// Frames.
    frame: 0x003A_3F45 0x008B_939B 0x0022_2222,
    /// The bar above the title, and the map's outline in the locator.
    accent: 0x00B2_3A2A 0x00F0_8A6E 0x0011_1111,
    /// Rivers.
    water: 0x007F_AFCB 0x003F_6F8F 0x008E_8E8E,
    /// Names of rivers.
    water_name: 0x002A_6890 0x008C_BFDD 0x004A_4A4A,
    /// The name of a river on a fill where the usual colour is too weak.
    water_name_strong: 0x0012_3A54 0x000C_2A3D 0x0011_1111,
    /// The edge of a region.
    region_edge: 0x003C_2F2A 0x00F4_E9DF 0x0011_1111,
    /// Borders of provinces.
    province: 0x008C_857C 0x007D_858D 0x0070_7070,
    /// The band below them.
    province_band: 0x00B9_AFA2 0x004A_535C 0x00B5_B5B5,
    /// Borders of prefectures.
    prefecture: 0x00AD_A69D 0x0059_626B 0x009A_9A9A,
    /// Borders of counties.
    county: 0x00D3_CDC4 0x0036_3E46 0x00CF_CFCF,
    /// What the ink of a platform is mixed with for its name.
    name_depth: 0x0015_181C 0x00FF_FFFF 0x0000_0000,
}

impl Theme {
    /// The theme of a tone.
    #[must_use]
    pub fn of(tone: Tone) -> Self {
        match tone {
            Tone::Light => Self::LIGHT,
            Tone::Dark => Self::DARK,
            Tone::Print => Self::PRINT,
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::LIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_theme_can_be_read() {
        for tone in [Tone::Light, Tone::Dark, Tone::Print] {
            let theme = Theme::of(tone);
            for (name, text, below) in [
                ("ink", theme.ink, theme.page),
                ("ink2", theme.ink2, theme.page),
                ("ink3", theme.ink3, theme.page),
                ("gray_name at home", theme.gray_name, theme.home),
                ("gray_name", theme.gray_name, theme.ground),
                ("water_name", theme.water_name, theme.home),
            ] {
                let contrast = text.contrast(below);
                assert!(contrast >= 4.5, "{tone:?}: {name} has {contrast:.2}");
            }
        }
    }

    #[test]
    fn colours_are_found_by_their_names() {
        let mut theme = Theme::default();
        for (name, colour) in Theme::LIGHT.colours() {
            assert_eq!(theme.colour_mut(name).copied(), Some(colour));
        }
        assert_eq!(theme.colour_mut("tone"), None);
    }
}
