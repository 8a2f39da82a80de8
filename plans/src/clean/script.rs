//! Traditional characters as the simplified ones that today's texts write for them.

use std::sync::LazyLock;

/// The first character that is looked up, and how many follow.
const FIRST: u32 = 0x4e00;
const COUNT: usize = 0x5200;

/// For each character from [`FIRST`] on its simplified form, or 0 where it is its own.
static SIMPLIFIED: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0; COUNT];
    for (traditional, simplified) in pairs() {
        let slot = (traditional as u32)
            .checked_sub(FIRST)
            .and_then(|at| table.get_mut(at as usize));
        if let (Some(slot), Ok(code)) = (slot, u16::try_from(simplified as u32)) {
            *slot = code;
        }
    }
    table
});

/// The pairs of the table: traditional, simplified.
pub(super) fn pairs() -> impl Iterator<Item = (char, char)> {
    let lines = include_str!("../../lexicon/traditional.txt").lines();
    let words = lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    words.filter_map(|pair| {
        let mut characters = pair.chars();
        Some((characters.next()?, characters.next()?))
    })
}

/// The simplified form of a character, which is most often itself.
pub(super) fn simplified(character: char) -> char {
    let at = (character as u32).wrapping_sub(FIRST) as usize;
    match SIMPLIFIED.get(at) {
        None | Some(0) => character,
        Some(code) => char::from_u32(u32::from(*code)).unwrap_or(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traditional_character_has_one_simplified_form() {
        let folded: String = "重慶兩江新區與廣安鄰水縣，乾隆"
            .chars()
            .map(simplified)
            .collect();
        assert_eq!(folded, "重庆两江新区与广安邻水县，乾隆");
        let twice = pairs().filter(|(_, simple)| simplified(*simple) != *simple);
        assert_eq!(twice.count(), 0);
    }
}
