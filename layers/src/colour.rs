//! Arithmetic on colours: mixing, contrast, and their written form.

use crate::style::Colour;

impl Colour {
    /// Between two colours: `share` 0 is `self`, 1 is `other`.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        Self {
            red: mix_channel(self.red, other.red, share),
            green: mix_channel(self.green, other.green, share),
            blue: mix_channel(self.blue, other.blue, share),
        }
    }

    /// Relative luminance as WCAG 2.1 defines it, 0 (black) to 1 (white).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast as WCAG 2.1 defines it, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The grey of a level, 0 (black) to 1 (white), evenly spaced to the eye.
    #[must_use]
    pub fn grey(level: f64) -> Self {
        let black = Self::hex(0);
        black.mix(Self::hex(0x00FF_FFFF), level.clamp(0.0, 1.0))
    }

    /// The level of the grey that is as bright as this colour, 0 to 1.
    #[must_use]
    pub fn grey_level(self) -> f64 {
        let y = self.luminance();
        if y <= 0.003_130_8 {
            y * 12.92
        } else {
            1.055 * y.powf(1.0 / 2.4) - 0.055
        }
    }

    /// Reads `#RRGGBB`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| u32::from_str_radix(digits, 16).ok().map(Self::hex))?
    }
}

impl std::fmt::Display for Colour {
    /// As `#RRGGBB`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of two bytes is a byte"
)]
fn mix_channel(a: u8, b: u8, share: f64) -> u8 {
    (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_as_it_is_read() {
        for text in ["#B23A2A", "#000000", "#FFFFFF"] {
            assert_eq!(Colour::parse(text).expect("a colour").to_string(), text);
        }
        for wrong in [
            "B23A2A", "#B23A2", "#B23A2AA", "#B23A2G", "red", "", "#+12345",
        ] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_grey_is_as_bright_as_its_colour() {
        let colour = Colour::hex(0x00B2_3A2A);
        let grey = Colour::grey(colour.grey_level());
        assert!((grey.luminance() - colour.luminance()).abs() < 0.003);
        assert!(grey.red == grey.green && grey.green == grey.blue);
    }
}
