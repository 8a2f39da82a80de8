//! Which name is the name, and which are the others.

/// The most other names an entry holds.
pub(crate) const MOST_ALIASES: usize = 64;

/// Whether a name is written in Han characters only; a middle dot may stand between them.
pub(crate) fn is_han(name: &str) -> bool {
    let han = |c: char| matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}');
    name.chars().any(han) && name.chars().all(|c| han(c) || c == '·')
}

/// The first of `names` in Han characters, or else the first, before the others without repetition.
/// The flag says that some were left out. `None`: all are empty.
pub(crate) fn preferred<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<(String, Vec<String>, bool)> {
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    let name = names
        .clone()
        .find(|name| is_han(name))
        .or_else(|| names.clone().next())?;
    let (aliases, cut) = others(name, names);
    Some((name.to_owned(), aliases, cut))
}

/// The names other than `name`, each once, at most [`MOST_ALIASES`]; the flag says that some were left out.
pub(crate) fn others<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> (Vec<String>, bool) {
    let mut aliases: Vec<String> = Vec::new();
    for other in names.map(str::trim) {
        if other.is_empty() || other == name || aliases.iter().any(|a| a == other) {
            continue;
        }
        if aliases.len() == MOST_ALIASES {
            return (aliases, true);
        }
        aliases.push(other.to_owned());
    }
    (aliases, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_in_han_characters_is_the_name_and_the_rest_come_once() {
        let names = ["Qingshi", "青石·镇 Town", "青石镇", "", "Qingshi", "青石"];
        let (name, aliases, cut) = preferred(names.into_iter()).expect("a name");
        assert_eq!(name, "青石镇");
        assert_eq!(aliases, ["Qingshi", "青石·镇 Town", "青石"]);
        assert!(!cut);
        assert!(!is_han("·") && is_han("阿克·苏"));
    }
}
