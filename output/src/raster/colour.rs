//! Colours of the light theme, and arithmetic on them.

use layers::style::Colour;

pub(super) const PAGE: Colour = Colour::hex(0x00FF_FFFF);
/// Ground of other provinces.
pub(super) const GROUND: Colour = Colour::hex(0x00EF_ECE6);
/// Ground of the two provinces of the plans.
pub(super) const HOME: Colour = Colour::hex(0x00F8_F6F2);
pub(super) const INK: Colour = Colour::hex(0x001E_2227);
pub(super) const INK2: Colour = Colour::hex(0x004B_5157);
pub(super) const INK3: Colour = Colour::hex(0x0066_6C73);
/// Names of the neighbours.
pub(super) const GRAY_NAME: Colour = Colour::hex(0x006E_6A63);
pub(super) const RULE: Colour = Colour::hex(0x00C9_CCD0);
pub(super) const FRAME: Colour = Colour::hex(0x003A_3F45);
pub(super) const ACCENT: Colour = Colour::hex(0x00B2_3A2A);
pub(super) const WATER: Colour = Colour::hex(0x007F_AFCB);
pub(super) const WATER_NAME: Colour = Colour::hex(0x002A_6890);
/// The name of a river on a light fill where the usual blue is too weak.
pub(super) const WATER_NAME_DARK: Colour = Colour::hex(0x0012_3A54);
pub(super) const REGION_EDGE: Colour = Colour::hex(0x003C_2F2A);
pub(super) const PROVINCE: Colour = Colour::hex(0x008C_857C);
pub(super) const PROVINCE_BAND: Colour = Colour::hex(0x00B9_AFA2);
pub(super) const PREFECTURE: Colour = Colour::hex(0x00AD_A69D);
pub(super) const COUNTY: Colour = Colour::hex(0x00D3_CDC4);
/// What platform inks are mixed with for their names.
const NAME_DARK: Colour = Colour::hex(0x0015_181C);

/// The least contrast of small text (WCAG 2.1, success criterion 1.4.3).
const READABLE: f64 = 4.5;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of two bytes is a byte"
)]
fn mix_channel(a: u8, b: u8, share: f64) -> u8 {
    (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8
}

/// `share` 0 is `a`, 1 is `b`.
pub(super) fn mix(a: Colour, b: Colour, share: f64) -> Colour {
    Colour {
        red: mix_channel(a.red, b.red, share),
        green: mix_channel(a.green, b.green, share),
        blue: mix_channel(a.blue, b.blue, share),
    }
}

/// Relative luminance as WCAG 2.1 defines it, 0 (black) to 1 (white).
fn luminance(c: Colour) -> f64 {
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue)
}

/// Contrast as WCAG 2.1 defines it, 1 to 21.
pub(super) fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Ink or white, whichever stands out more on `below`.
pub(super) fn ink_on(below: Colour) -> Colour {
    if contrast(INK, below) >= contrast(PAGE, below) {
        INK
    } else {
        PAGE
    }
}

/// `wanted` where it can be read on `below`; darker when it cannot, ink or white when that does not help.
pub(super) fn readable(wanted: Colour, below: Colour) -> Colour {
    let dark = mix(wanted, NAME_DARK, 0.45);
    [wanted, dark]
        .into_iter()
        .find(|c| contrast(*c, below) >= READABLE)
        .unwrap_or_else(|| ink_on(below))
}

/// The name of a platform on its own fill: its ink, darkened.
pub(super) fn name_on_fill(ink: Colour, below: Colour) -> Colour {
    readable(mix(ink, NAME_DARK, 0.45), below)
}

/// The name of a river: blue, or what can be read.
pub(super) fn water_name_on(below: Colour) -> Colour {
    let best = [WATER_NAME_DARK, PAGE]
        .into_iter()
        .max_by(|a, b| contrast(*a, below).total_cmp(&contrast(*b, below)));
    if contrast(WATER_NAME, below) >= 4.0 {
        WATER_NAME
    } else {
        best.unwrap_or(WATER_NAME)
    }
}

/// Whether a colour is that of a ground, or of the line where the two grounds meet.
pub(super) fn is_ground(c: Colour) -> bool {
    let between = |value: u8, low: u8, high: u8| (low - 2..=high + 2).contains(&value);
    between(c.red, GROUND.red, HOME.red)
        && between(c.green, GROUND.green, HOME.green)
        && between(c.blue, GROUND.blue, HOME.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_the_style_sheet() {
        for (colour, on, expected) in [
            (INK, PAGE, 16.0),
            (INK3, PAGE, 5.3),
            (GRAY_NAME, HOME, 5.0),
            (WATER_NAME, HOME, 5.6),
        ] {
            assert!(
                (contrast(colour, on) - expected).abs() < 0.1,
                "{colour:?} on {on:?}: {}",
                contrast(colour, on)
            );
        }
    }

    #[test]
    fn names_can_be_read_on_every_role() {
        for fill in [
            0x00A9_3D2B,
            0x00F0_A173,
            0x004B_77A4,
            0x00F5_E4A3,
            0x00A3_CBBF,
            0x007F_AE78,
            0x006F_B5B0,
        ] {
            let fill = Colour::hex(fill);
            assert!(contrast(ink_on(fill), fill) > 4.5);
            assert!(contrast(name_on_fill(Colour::hex(0x002E_5A2B), fill), fill) >= 4.5);
        }
    }
}
