//! Lists of names in messages, and names that are nearly those that were meant.

/// Names that a message lists at most.
const MOST_LISTED: usize = 12;
/// Names that are suggested at most.
const MOST_SUGGESTED: usize = 3;

/// The first of some names, and how many more there are.
pub fn some(names: &[&str]) -> String {
    let shown = names[..names.len().min(MOST_LISTED)].join("、");
    match names.len().saturating_sub(MOST_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `; did you mean …?` with the nearest of the known names, or nothing when none is near.
pub fn suggestion<'k>(asked: &str, known: impl Iterator<Item = &'k str>) -> String {
    let asked: Vec<char> = asked.to_lowercase().chars().collect();
    let mut near: Vec<(usize, &str)> = known
        .map(|name| {
            let letters: Vec<char> = name.to_lowercase().chars().collect();
            // A part of a name is near to it.
            let inside = asked.len() > 1 && letters.windows(asked.len()).any(|part| part == asked);
            let far = if inside {
                1
            } else {
                distance(&asked, &letters)
            };
            (far, name)
        })
        .filter(|(far, name)| *far <= 1 + name.chars().count() / 4)
        .collect();
    near.sort_unstable();
    near.dedup();
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<&str> = near
        .iter()
        .map(|(_, name)| *name)
        .take(MOST_SUGGESTED)
        .collect();
    format!("; did you mean {}?", near.join(", "))
}

/// How many letters must be put in, taken out or changed (Levenshtein 1966).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = [
            "chongqing-metropolitan-area",
            "chengdu-chongqing-axis",
            "成渝发展主轴",
        ];
        let said = |asked| suggestion(asked, known.into_iter());
        assert_eq!(
            said("chongqing-metropolitain-area"),
            "; did you mean chongqing-metropolitan-area?"
        );
        assert_eq!(said("发展主轴"), "; did you mean 成渝发展主轴?");
        assert_eq!(said("something else"), "");
    }

    #[test]
    fn letters_are_counted() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, far) in [
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(&letters(a), &letters(b)), far, "{a} {b}");
        }
    }
}
