//! Page numbers inside the text: 长江经济9带. They are told by counting up at even distances, or by a name that they break.

use std::ops::Range;

use gazetteer::Gazetteer;

use super::fold::is_han;

/// A page number has at most so many digits.
const MOST_DIGITS: usize = 3;
/// Bytes of the shortest page.
const SHORTEST_PAGE: usize = 450;
/// Numbers of the shortest chain that is believed.
const LEAST: u32 = 6;
/// A chain is believed when its score is this share of its length.
const BELIEVED: f32 = 0.4;
/// Ends of chains that are kept for each number.
const ENDS: usize = 4;
/// Cost of a unit or counter after a number, and of a word before it that goes with amounts.
const COUNTED: f32 = 3.0;
const MEASURED: f32 = 2.0;

/// A number that may be one of a page.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: u32,
    value: u16,
    digits: u8,
    cost: f32,
}

/// The best chain that ends with a candidate.
#[derive(Debug, Clone, Copy)]
struct Chain {
    before: Option<u32>,
    length: u32,
    score: f32,
    /// Mean bytes between two of its numbers; 0 for a chain of one.
    page: f32,
}

/// The page numbers inside a text, in its order.
pub(super) fn find(gazetteer: &Gazetteer, text: &str) -> Vec<Range<usize>> {
    let candidates = candidates(text);
    let mut found = chain(&candidates);
    found.extend(
        candidates
            .iter()
            .filter(|candidate| {
                candidate.cost <= 0.0 && breaks_name(gazetteer, text, &range(candidate))
            })
            .map(range),
    );
    found.sort_by_key(|range| range.start);
    found.dedup();
    found
}

fn range(candidate: &Candidate) -> Range<usize> {
    let start = candidate.start as usize;
    start..start + usize::from(candidate.digits)
}

/// Numbers without a digit, a point or a letter beside them.
fn candidates(text: &str) -> Vec<Candidate> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        if at - start > MOST_DIGITS {
            continue;
        }
        let (before, after) = (text[..start].chars().next_back(), text[at..].chars().next());
        let alone =
            |c: Option<char>| c.is_none_or(|c| !c.is_ascii() || c == '\n') && c != Some('．');
        let value = text[start..at].parse().unwrap_or(0);
        if !alone(before) || !alone(after) || value == 0 || bytes[start] == b'0' {
            continue;
        }
        let mut cost = 0.0;
        if after.is_some_and(|c| {
            "年月日时分万亿个家项米公里千百余多类条种座处名次届倍岁户亩吨平位所批级号件台套"
                .contains(c)
        }) {
            cost += COUNTED;
        }
        if before.is_some_and(|c| "约达超到至—第前近逾图表栏".contains(c)) {
            cost += MEASURED;
        }
        let digits = u8::try_from(at - start).unwrap_or(u8::MAX);
        found.push(Candidate {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            value,
            digits,
            cost,
        });
    }
    found
}

/// The numbers of the longest chain that counts up at even distances.
fn chain(candidates: &[Candidate]) -> Vec<Range<usize>> {
    let mut chains: Vec<Chain> = Vec::with_capacity(candidates.len());
    let mut ends: Vec<Vec<u32>> = vec![Vec::new(); 1001];
    for (number, candidate) in (0_u32..).zip(candidates) {
        let mut best = Chain {
            before: None,
            length: 1,
            score: 1.0 - candidate.cost,
            page: 0.0,
        };
        for step in 1..=2_u16 {
            let Some(value) = candidate.value.checked_sub(step) else {
                continue;
            };
            for end in &ends[usize::from(value)] {
                let linked = link(
                    &chains[*end as usize],
                    &candidates[*end as usize],
                    candidate,
                    step,
                );
                if let Some(linked) = linked.filter(|linked| linked.score >= best.score) {
                    best = Chain {
                        before: Some(*end),
                        ..linked
                    };
                }
            }
        }
        chains.push(best);
        let ends = &mut ends[usize::from(candidate.value)];
        if ends.len() == ENDS {
            let worst = (0..ENDS).min_by(|a, b| {
                chains[ends[*a] as usize]
                    .score
                    .total_cmp(&chains[ends[*b] as usize].score)
            });
            ends.remove(worst.unwrap_or(0));
        }
        ends.push(number);
    }
    let best = (0..chains.len()).max_by(|a, b| chains[*a].score.total_cmp(&chains[*b].score));
    let Some(best) = best.filter(|best| {
        let chain = chains[*best];
        #[expect(
            clippy::cast_precision_loss,
            reason = "a chain has at most 999 numbers"
        )]
        let length = chain.length as f32;
        chain.length >= LEAST && chain.score >= BELIEVED * length
    }) else {
        return Vec::new();
    };
    let mut members = Vec::new();
    let mut at = u32::try_from(best).ok();
    while let Some(number) = at {
        members.push(number as usize);
        at = chains[number as usize].before;
    }
    members.reverse();
    with_skipped(candidates, &members)
        .into_iter()
        .map(|number| range(&candidates[number]))
        .collect()
}

/// The chain with one more number.
fn link(chain: &Chain, last: &Candidate, next: &Candidate, step: u16) -> Option<Chain> {
    let away = (next.start - last.start) as usize;
    if away < SHORTEST_PAGE * usize::from(step) {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "distances within a text, compared roughly"
    )]
    let page = away as f32 / f32::from(step);
    let uneven = if chain.page > 0.0 {
        (page - chain.page).abs() / chain.page
    } else {
        0.0
    };
    let skipped = f32::from(step - 1) / 2.0;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a chain has at most 999 numbers"
    )]
    let links = chain.length as f32;
    Some(Chain {
        before: None,
        length: chain.length + 1,
        score: chain.score + 1.0 - uneven.min(3.0) - next.cost - skipped,
        page: if chain.page > 0.0 {
            chain.page + (page - chain.page) / links.min(8.0)
        } else {
            page
        },
    })
}

/// The chain with the numbers that it skipped, where the text has them between their neighbours.
fn with_skipped(candidates: &[Candidate], members: &[usize]) -> Vec<usize> {
    let mut all = Vec::new();
    for pair in members.windows(2) {
        all.push(pair[0]);
        if candidates[pair[1]].value - candidates[pair[0]].value == 2 {
            let wanted = candidates[pair[0]].value + 1;
            let between = (pair[0] + 1..pair[1]).filter(|at| candidates[*at].value == wanted);
            all.extend(between.min_by(|a, b| candidates[*a].cost.total_cmp(&candidates[*b].cost)));
        }
    }
    all.extend(members.last());
    all
}

/// A name that is broken by a number begins at most so many characters before it.
const REACH: usize = 10;
/// Characters of the shortest name that proves a number to be out of place.
const PROOF: usize = 4;

/// Whether the text has a known name across a number once it is gone.
fn breaks_name(gazetteer: &Gazetteer, text: &str, number: &Range<usize>) -> bool {
    let (before, after) = (&text[..number.start], &text[number.end..]);
    if !before.chars().next_back().is_some_and(is_han) || !after.chars().next().is_some_and(is_han)
    {
        return false;
    }
    let reach = before
        .char_indices()
        .rev()
        .take(REACH)
        .take_while(|(_, character)| is_han(*character));
    let Some(first) = reach.last().map(|(start, _)| start) else {
        return false;
    };
    let mut joined = before[first..].to_owned();
    let left = joined.len();
    joined.extend(after.chars().take(2 * REACH).take_while(|c| *c != '\n'));
    joined[..left].char_indices().any(|(start, _)| {
        let name = &joined[start..];
        let longest = gazetteer.names_at_start(name).pop();
        longest.is_some_and(|longest| {
            longest > left - start && name[..longest].chars().count() >= PROOF
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Vec<usize> {
        chain(&candidates(text))
            .into_iter()
            .map(|range| text[range].parse().expect("digits"))
            .collect()
    }

    #[test]
    fn numbers_that_count_up_at_even_distances_are_those_of_pages() {
        let page = "甲乙地区推动产业协同发展，到2025年建成3个园区。".repeat(12);
        let text = (2..=9).fold(String::new(), |text, number| {
            text + &page + &number.to_string()
        });
        assert_eq!(taken(&text), [2, 3, 4, 5, 6, 7, 8, 9]);
        let map = text.replace('5', "");
        assert_eq!(taken(&map), [2, 3, 4, 6, 7, 8, 9]);
    }

    #[test]
    fn numbers_that_count_things_stay() {
        let item = "甲乙地区推动产业协同发展，建设一批园区和基地。".repeat(12);
        let text = (2..=9).fold(String::new(), |text, number| {
            text + &item + "共" + &number.to_string() + "个"
        });
        assert_eq!(taken(&text), [0; 0]);
    }
}
