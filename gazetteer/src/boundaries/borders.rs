//! Borders as lines, by rank: what a map draws below its theme.

use std::collections::{BTreeMap, HashMap};

use geo::LineString;

use super::format::{BoundaryError, GridPoint, OUTSIDE};
use super::{Boundaries, Unit};
use crate::Extent;

/// What a border parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BorderRank {
    /// Two counties of one prefecture.
    County,
    /// Two prefectures of one province.
    Prefecture,
    /// Two provinces, or the land and what lies outside the data.
    Province,
}

/// A stretch of border of one rank.
#[derive(Debug, Clone)]
pub struct BorderArc {
    /// Its rank.
    pub rank: BorderRank,
    /// Its course, WGS 84 degrees, x longitude, y latitude.
    pub line: LineString<f64>,
}

pub(super) fn borders_in(
    boundaries: &Boundaries,
    extent: Extent,
) -> Result<Vec<BorderArc>, BoundaryError> {
    let sections = &boundaries.sections;
    let mut ranked: BTreeMap<usize, BorderRank> = BTreeMap::new();
    for unit in boundaries.units_in(extent) {
        for signed in sections.unit_arcs(unit.index)? {
            let arc = usize::try_from(if signed < 0 { !signed } else { signed }).map_err(|_| {
                BoundaryError::Range {
                    what: "arc",
                    index: unit.index,
                }
            })?;
            if let std::collections::btree_map::Entry::Vacant(entry) = ranked.entry(arc) {
                entry.insert(rank_of(boundaries, sections.arc_sides(arc)?)?);
            }
        }
    }
    let mut by_rank: BTreeMap<BorderRank, Vec<Vec<GridPoint>>> = BTreeMap::new();
    for (arc, rank) in ranked {
        by_rank.entry(rank).or_default().push(sections.arc(arc)?);
    }
    let mut borders = Vec::new();
    for (rank, arcs) in by_rank {
        for line in joined(&arcs) {
            let coords = line.into_iter().map(|p| sections.coord(p)).collect();
            borders.push(BorderArc {
                rank,
                line: LineString(coords),
            });
        }
    }
    Ok(borders)
}

fn rank_of(boundaries: &Boundaries, [left, right]: [u16; 2]) -> Result<BorderRank, BoundaryError> {
    if left == OUTSIDE || right == OUTSIDE {
        return Ok(BorderRank::Province);
    }
    let (a, b): (Unit<'_>, Unit<'_>) = (
        boundaries.unit(left.into())?,
        boundaries.unit(right.into())?,
    );
    Ok(if a.province_code != b.province_code {
        BorderRank::Province
    } else if a.prefecture_code != b.prefecture_code {
        BorderRank::Prefecture
    } else {
        BorderRank::County
    })
}

/// Joins arcs where exactly two of one rank meet, so that a dash pattern runs on across junctions.
fn joined(arcs: &[Vec<GridPoint>]) -> Vec<Vec<GridPoint>> {
    let mut at: HashMap<GridPoint, Vec<usize>> = HashMap::new();
    for (index, arc) in arcs.iter().enumerate() {
        at.entry(arc[0]).or_default().push(index);
        at.entry(arc[arc.len() - 1]).or_default().push(index);
    }
    let mut used = vec![false; arcs.len()];
    let mut lines = Vec::new();
    for first in 0..arcs.len() {
        if used[first] {
            continue;
        }
        used[first] = true;
        let mut line = arcs[first].clone();
        for _ in 0..2 {
            // Grow at the end, then turn around and grow at what was the start.
            while let Some(&end) = line.last() {
                let [a, b] = at[&end][..] else { break };
                let Some(next) = [a, b].into_iter().find(|&n| !used[n]) else {
                    break;
                };
                used[next] = true;
                let arc = &arcs[next];
                if arc[0] == end {
                    line.extend_from_slice(&arc[1..]);
                } else {
                    line.extend(arc.iter().rev().skip(1));
                }
            }
            line.reverse();
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_join_through_a_passage_and_stop_at_a_fork() {
        let arcs = vec![
            vec![(0, 0), (1, 0)],
            vec![(2, 0), (1, 0)],
            vec![(2, 0), (3, 1)],
            vec![(2, 0), (3, -1)],
        ];
        let lines = joined(&arcs);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].len(), 3);
        assert!(
            lines[0].contains(&(1, 0)) && lines[0].contains(&(0, 0)) && lines[0].contains(&(2, 0))
        );
    }
}
