//! Classes of a figure, and the colours of them.

use std::str::FromStr;

use layers::style::Colour;

/// Values that natural breaks are found among; of more, as many are taken evenly.
const MOST_VALUES: usize = 1200;
/// Classes that a reader tells apart.
const COUNTS: std::ops::RangeInclusive<usize> = 2..=9;

/// How a figure is cut into classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes {
    /// Where it is cut.
    pub method: Method,
    /// How many classes there are at most.
    pub count: usize,
}

/// Where a figure is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Where values lie apart (Fisher 1958, Jenks 1977).
    Jenks,
    /// As many values in each class.
    Quantile,
    /// Classes equally wide.
    Equal,
}

impl Default for Classes {
    fn default() -> Self {
        Self {
            method: Method::Jenks,
            count: 5,
        }
    }
}

impl FromStr for Classes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (method, count) = match text.split_once([':', '=', ' ']) {
            Some((method, count)) => (method, Some(count)),
            None => (text, None),
        };
        let wrong = || {
            format!(
                "`{text}` are no classes; expected jenks, quantile or equal, with their number after a colon: quantile:5"
            )
        };
        let method = match method {
            "jenks" => Method::Jenks,
            "quantile" => Method::Quantile,
            "equal" => Method::Equal,
            _ => return Err(wrong()),
        };
        let count = match count {
            None => Self::default().count,
            Some(count) => count.parse().map_err(|_| wrong())?,
        };
        if !COUNTS.contains(&count) {
            return Err(format!(
                "{count} classes cannot be told apart; expected {} to {}",
                COUNTS.start(),
                COUNTS.end()
            ));
        }
        Ok(Self { method, count })
    }
}

impl Classes {
    /// The upper ends of the classes of some values, each once, rising; the last is the greatest value. Fewer classes than
    /// asked for where there are fewer values. Empty for no values.
    pub fn breaks(self, values: &[f64]) -> Vec<f64> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (Some(first), Some(last)) = (sorted.first().copied(), sorted.last().copied()) else {
            return Vec::new();
        };
        let mut breaks: Vec<f64> = match self.method {
            Method::Quantile => (1..self.count)
                .map(|class| sorted[(sorted.len() * class).div_ceil(self.count).max(1) - 1])
                .collect(),
            Method::Equal => (1..self.count)
                .map(|class| first + (last - first) * share(class, self.count))
                .collect(),
            Method::Jenks => natural(&thinned(&sorted), self.count),
        };
        breaks.push(last);
        breaks.dedup();
        breaks
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
    count(part) / count(whole)
}

/// At most [`MOST_VALUES`] of sorted values, evenly taken, the last among them.
fn thinned(sorted: &[f64]) -> Vec<f64> {
    let mut distinct = sorted.to_vec();
    distinct.dedup();
    if distinct.len() <= MOST_VALUES {
        // Equal values weigh as often as they come, as long as there are few.
        return if sorted.len() <= MOST_VALUES {
            sorted.to_vec()
        } else {
            distinct
        };
    }
    (0..MOST_VALUES)
        .map(|at| distinct[at * (distinct.len() - 1) / (MOST_VALUES - 1)])
        .collect()
}

/// The upper ends of all classes but the last, so that values differ least from the mean of their class.
fn natural(values: &[f64], count: usize) -> Vec<f64> {
    let n = values.len();
    if n <= count {
        return values[..n.saturating_sub(1)].to_vec();
    }
    let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
        squares.push(squares[squares.len() - 1] + value * value);
    }
    // The sum of squared differences of values[from..to] from their mean.
    let spread = |from: usize, to: usize| {
        let (sum, square) = (sums[to] - sums[from], squares[to] - squares[from]);
        square - sum * sum * share(1, to - from)
    };
    let mut best: Vec<f64> = (0..=n)
        .map(|to| if to == 0 { 0.0 } else { spread(0, to) })
        .collect();
    let mut starts: Vec<Vec<usize>> = Vec::new();
    for classes in 2..=count {
        let mut next = vec![f64::INFINITY; n + 1];
        let mut start = vec![0; n + 1];
        for to in classes..=n {
            for (from, before) in best.iter().enumerate().take(to).skip(classes - 1) {
                let cost = before + spread(from, to);
                if cost < next[to] {
                    next[to] = cost;
                    start[to] = from;
                }
            }
        }
        best = next;
        starts.push(start);
    }
    let mut ends = Vec::new();
    let mut to = n;
    for start in starts.iter().rev() {
        to = start[to];
        ends.push(values[to - 1]);
    }
    ends.reverse();
    ends
}

/// Colours of classes, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Palette {
    /// Light to dark blue.
    Blue,
    /// Light to dark green.
    Green,
    /// Sand to dark red.
    Warm,
    /// Light to dark purple.
    Purple,
    /// Light to dark grey.
    Grey,
    /// Blue over white to orange: figures with a middle.
    BlueOrange,
    /// Teal over white to purple: the same.
    TealPurple,
}

impl Palette {
    /// Colours that are mixed between: one after the other darker, so that readers who see no hues tell them apart.
    fn anchors(self) -> [u32; 3] {
        match self {
            Self::Blue => [0x00E4_EEF5, 0x0074_A6CC, 0x001D_4A73],
            Self::Green => [0x00EA_F2E0, 0x0087_B57B, 0x0024_5732],
            Self::Warm => [0x00FB_EAD0, 0x00E5_9157, 0x0085_2A1A],
            Self::Purple => [0x00EF_E9F4, 0x00A8_8CC4, 0x0049_2A66],
            Self::Grey => [0x00EE_EEEE, 0x0099_9999, 0x002E_2E2E],
            Self::BlueOrange => [0x0024_5C8F, 0x00F4_F1EA, 0x00B9_5B10],
            Self::TealPurple => [0x001B_6A6C, 0x00F3_F1EC, 0x0074_3B70],
        }
    }

    /// The colours of so many classes.
    pub fn colours(self, count: usize) -> Vec<Colour> {
        let [low, middle, high] = self.anchors().map(Colour::hex);
        let mix = |at: f64| {
            if at < 0.5 {
                low.mix(middle, at * 2.0)
            } else {
                middle.mix(high, at * 2.0 - 1.0)
            }
        };
        (0..count)
            .map(|class| {
                mix(if count == 1 {
                    0.75
                } else {
                    share(class, count - 1)
                })
            })
            .collect()
    }
}

/// A figure as a legend prints it: four digits that say something, groups of three.
pub fn printed(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = value.abs().log10().floor();
    let decimals = (3.0 - digits).clamp(0.0, 6.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 6"
    )]
    let text = format!("{value:.*}", decimals as usize);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = rest.trim_end_matches('0');
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) => ("−", whole),
        None => ("", whole),
    };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && whole.len() > 4 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 9] = [1.0, 2.0, 3.0, 20.0, 21.0, 22.0, 90.0, 91.0, 95.0];

    #[test]
    fn natural_classes_end_where_values_lie_apart() {
        let classes = Classes {
            method: Method::Jenks,
            count: 3,
        };
        assert_eq!(classes.breaks(&VALUES), [3.0, 22.0, 95.0]);
        // The same by trying every division.
        let spread = |part: &[f64]| {
            let mean = part.iter().sum::<f64>() * share(1, part.len());
            part.iter().map(|v| (v - mean).powi(2)).sum::<f64>()
        };
        let values = [4.0, 5.0, 9.0, 10.0, 30.0, 31.0, 50.0, 55.0, 56.0, 80.0];
        let mut best = (f64::INFINITY, 0, 0);
        for a in 1..9 {
            for b in a + 1..10 {
                let cost = spread(&values[..a]) + spread(&values[a..b]) + spread(&values[b..]);
                if cost < best.0 {
                    best = (cost, a, b);
                }
            }
        }
        let expected = [values[best.1 - 1], values[best.2 - 1], 80.0];
        assert_eq!(classes.breaks(&values), expected);
    }

    #[test]
    fn quantiles_hold_as_many_and_equal_classes_are_as_wide() {
        let of = |method, count| Classes { method, count }.breaks(&VALUES);
        assert_eq!(of(Method::Quantile, 3), [3.0, 22.0, 95.0]);
        assert_eq!(of(Method::Equal, 2), [48.0, 95.0]);
    }

    #[test]
    fn few_values_make_few_classes_and_none_make_none() {
        for method in [Method::Jenks, Method::Quantile, Method::Equal] {
            let classes = Classes { method, count: 5 };
            assert_eq!(classes.breaks(&[7.0, 7.0, f64::NAN]), [7.0], "{method:?}");
            assert!(classes.breaks(&[]).is_empty());
        }
        let many: Vec<f64> = (0..50_000).map(f64::from).collect();
        let breaks = Classes::default().breaks(&many);
        assert_eq!((breaks.len(), breaks[4]), (5, 49_999.0));
    }

    #[test]
    fn classes_grow_darker() {
        for palette in [
            Palette::Blue,
            Palette::Green,
            Palette::Warm,
            Palette::Purple,
            Palette::Grey,
        ] {
            let colours = palette.colours(7);
            for pair in colours.windows(2) {
                assert!(pair[0].luminance() > pair[1].luminance(), "{palette:?}");
            }
        }
    }

    #[test]
    fn figures_are_printed_short() {
        for (value, text) in [
            (0.0, "0"),
            (12.0, "12"),
            (0.123_456, "0.1235"),
            (1234.5, "1234"),
            (1_234_567.0, "1\u{2009}234\u{2009}567"),
            (-3.5, "−3.5"),
        ] {
            assert_eq!(printed(value), text);
        }
    }

    #[test]
    fn methods_are_read_with_their_number() {
        assert_eq!(
            "quantile:7".parse(),
            Ok(Classes {
                method: Method::Quantile,
                count: 7
            })
        );
        assert_eq!("jenks".parse(), Ok(Classes::default()));
        for wrong in ["natural", "jenks:1", "equal:99", "equal:x"] {
            assert!(wrong.parse::<Classes>().is_err(), "{wrong}");
        }
    }
}
