//! Vertices that nearly agree become one.

use std::collections::HashMap;

use crate::WorldPoint;

/// Moves every vertex to the first one at most `units` away, if there is one, and returns how many moved.
pub(super) fn snap(points: &mut [WorldPoint], units: u32) -> usize {
    let reach_2 = u64::from(units).saturating_mul(u64::from(units));
    let mut kept: HashMap<(u32, u32), Vec<WorldPoint>, foldhash::fast::RandomState> =
        HashMap::default();
    let mut moved = 0;
    for point in points {
        let (column, row) = (point.x / units, point.y / units);
        let near = |other: &WorldPoint| {
            let dx = u64::from(point.x.abs_diff(other.x));
            let dy = u64::from(point.y.abs_diff(other.y));
            dx <= u64::from(units) && dy <= u64::from(units) && dx * dx + dy * dy <= reach_2
        };
        let cells = (column.saturating_sub(1)..=column.saturating_add(1))
            .flat_map(|x| (row.saturating_sub(1)..=row.saturating_add(1)).map(move |y| (x, y)));
        let found = cells
            .filter_map(|cell| kept.get(&cell))
            .flatten()
            .find(|other| near(other))
            .copied();
        match found {
            Some(other) if other != *point => {
                *point = other;
                moved += 1;
            }
            Some(_) => {}
            None => kept.entry((column, row)).or_default().push(*point),
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_moves_to_the_first_and_what_is_not_stays() {
        let at = |x, y| WorldPoint { x, y };
        let mut points = [
            at(99, 100),
            at(101, 100),
            at(106, 100),
            at(99, 100),
            at(u32::MAX, 0),
        ];
        assert_eq!(snap(&mut points, 3), 1);
        assert_eq!(
            points,
            [
                at(99, 100),
                at(99, 100),
                at(106, 100),
                at(99, 100),
                at(u32::MAX, 0)
            ]
        );
    }
}
