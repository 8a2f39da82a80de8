//! Which colour can be read on which, in the colours of a theme.

use layers::style::Colour;
use layers::theme::{Theme, Tone};

/// The least contrast of small text (WCAG 2.1, success criterion 1.4.3).
const READABLE: f64 = 4.5;

/// `share` 0 is `a`, 1 is `b`.
pub(super) fn mix(a: Colour, b: Colour, share: f64) -> Colour {
    a.mix(b, share)
}

/// Contrast as WCAG 2.1 defines it, 1 to 21.
pub(super) fn contrast(a: Colour, b: Colour) -> f64 {
    a.contrast(b)
}

/// Ink or paper, whichever stands out more on `below`; in print black or white.
pub(super) fn ink_on(theme: &Theme, below: Colour) -> Colour {
    if contrast(theme.ink, below) >= contrast(theme.page, below) {
        theme.ink
    } else {
        theme.page
    }
}

/// `wanted` where it can be read on `below`; darker when it cannot, ink or white when that does not help.
pub(super) fn readable(theme: &Theme, wanted: Colour, below: Colour) -> Colour {
    readable_on_all(theme, wanted, &[below])
}

/// As [`readable`], where one colour has to be read on all of these.
pub(super) fn readable_on_all(theme: &Theme, wanted: Colour, below: &[Colour]) -> Colour {
    let least = |colour: Colour| {
        let on_each = below.iter().map(|below| contrast(colour, *below));
        on_each.fold(f64::INFINITY, f64::min)
    };
    let deep = mix(wanted, theme.name_depth, 0.45);
    let found = [wanted, deep].into_iter().find(|c| least(*c) >= READABLE);
    found.unwrap_or_else(|| {
        if least(theme.ink) >= least(theme.page) {
            theme.ink
        } else {
            theme.page
        }
    })
}

/// The name of a platform on its own fill: its ink, darkened.
pub(super) fn name_on_fill(theme: &Theme, ink: Colour, below: Colour) -> Colour {
    readable(theme, mix(ink, theme.name_depth, 0.45), below)
}

/// The name of a river: blue, or what can be read.
pub(super) fn water_name_on(theme: &Theme, below: Colour) -> Colour {
    // On the dark page names are light, and on what is light there dark.
    let other = match theme.tone {
        Tone::Dark => theme.ink,
        Tone::Light | Tone::Print => theme.page,
    };
    let best = [theme.water_name_strong, other]
        .into_iter()
        .max_by(|a, b| contrast(*a, below).total_cmp(&contrast(*b, below)));
    if contrast(theme.water_name, below) >= 4.0 {
        theme.water_name
    } else {
        best.unwrap_or(theme.water_name)
    }
}

/// Whether a colour is that of a ground, or of the line where the two grounds meet.
pub(super) fn is_ground(theme: &Theme, c: Colour) -> bool {
    let between = |value: u8, a: u8, b: u8| {
        (a.min(b).saturating_sub(2)..=a.max(b).saturating_add(2)).contains(&value)
    };
    let (ground, home) = (theme.ground, theme.home);
    between(c.red, ground.red, home.red)
        && between(c.green, ground.green, home.green)
        && between(c.blue, ground.blue, home.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_read_on_every_role() {
        let light = [
            0x00A9_3D2B,
            0x00F0_A173,
            0x004B_77A4,
            0x00F5_E4A3,
            0x00A3_CBBF,
            0x007F_AE78,
            0x006F_B5B0,
        ];
        let dark = [
            0x00E0_664B,
            0x007A_4E2E,
            0x003C_6FA3,
            0x00DC_CB7A,
            0x007F_B8A8,
        ];
        let print = [
            0x0033_3333,
            0x00B4_B4B4,
            0x006E_6E6E,
            0x00ED_EDED,
            0x00D2_D2D2,
        ];
        for (theme, fills) in [
            (Theme::LIGHT, &light[..]),
            (Theme::DARK, &dark[..]),
            (Theme::PRINT, &print[..]),
        ] {
            for fill in fills.iter().copied().map(Colour::hex) {
                let ink = ink_on(&theme, fill);
                assert!(contrast(ink, fill) >= 4.5, "{ink} on {fill}");
                let name = name_on_fill(&theme, Colour::hex(0x002E_5A2B), fill);
                assert!(contrast(name, fill) >= 4.5, "{name} on {fill}");
            }
        }
    }

    #[test]
    fn a_name_over_several_colours_is_read_on_all() {
        let theme = Theme::DARK;
        // Where the name is hardest to read the page's colour is read best, which all else on a dark page hides.
        let light = Colour::hex(0x0095_A0A0);
        let wanted = Colour::hex(0x0090_9898);
        assert_eq!(ink_on(&theme, light), theme.page);
        assert_eq!(
            readable_on_all(&theme, wanted, &[theme.home, light]),
            theme.ink
        );
        assert_eq!(readable_on_all(&theme, wanted, &[]), wanted);
    }

    #[test]
    fn the_two_grounds_are_ground_and_roles_are_not() {
        for theme in [Theme::LIGHT, Theme::DARK, Theme::PRINT] {
            assert!(is_ground(&theme, theme.ground) && is_ground(&theme, theme.home));
            assert!(!is_ground(&theme, Colour::hex(0x004B_77A4)));
        }
    }
}
