//! Ways joined at their ends.

use std::collections::HashMap;

/// Joins ways into rings. `None`: one does not close, so a member is missing.
///
/// Every way is taken up once, so the cost is that of the nodes.
pub(crate) fn rings(ways: &[&[i64]]) -> Option<Vec<Vec<i64>>> {
    let mut at_end: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, way) in ways.iter().enumerate() {
        let (first, last) = (way.first()?, way.last()?);
        if first != last {
            at_end.entry(*first).or_default().push(index);
            at_end.entry(*last).or_default().push(index);
        }
    }
    let mut used = vec![false; ways.len()];
    let mut rings = Vec::new();
    for (index, way) in ways.iter().enumerate() {
        if used[index] {
            continue;
        }
        used[index] = true;
        let mut ring = way.to_vec();
        while ring.first() != ring.last() {
            let end = *ring.last()?;
            let candidates = at_end.get_mut(&end)?;
            let next = loop {
                let candidate = candidates.pop()?;
                if !used[candidate] {
                    break candidate;
                }
            };
            used[next] = true;
            ring.pop();
            if ways[next].first() == Some(&end) {
                ring.extend(ways[next].iter());
            } else {
                ring.extend(ways[next].iter().rev());
            }
        }
        if ring.len() < 4 {
            return None;
        }
        rings.push(ring);
    }
    Some(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_in_any_direction_make_rings_and_a_gap_makes_none() {
        let found = rings(&[&[1, 2, 3], &[5, 4, 3], &[5, 1], &[7, 8, 9, 7]]).expect("closed");
        assert_eq!(found, [vec![1, 2, 3, 4, 5, 1], vec![7, 8, 9, 7]]);
        assert_eq!(rings(&[&[1, 2, 3], &[3, 4]]), None);
        assert_eq!(rings(&[&[1, 2, 1]]), None);
        assert_eq!(rings(&[&[]]), None);
    }
}
