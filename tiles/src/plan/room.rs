//! How much of a tile is whose, where points, lines and polygons share it.
//!
//! Each kind is planned for itself. Where together they would be over a limit, each gets a share of the tile that is in
//! proportion to what it would take; so the whole keeps the limit.

use std::collections::HashMap;

use super::Limits;

/// A tile: zoom, column, row.
pub(crate) type Place = (u8, u32, u32);

/// What the features of one kind would add to a tile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    pub(crate) bytes: u64,
    pub(crate) features: u64,
}

/// Less than this share of a limit need not be told of a tile.
const LEAST: u64 = 16;

impl Demand {
    /// Whether a division of the tile has to know it.
    pub(crate) fn matters(self, limits: Limits) -> bool {
        self.bytes > limits.bytes.unwrap_or(u64::MAX) / LEAST
            || self.features > limits.features.unwrap_or(u64::MAX) / LEAST
    }
}

/// What one kind of features may take of each tile.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    whole: Limits,
    /// What is less than the whole.
    less: HashMap<Place, Limits, foldhash::fast::FixedState>,
}

impl Room {
    /// Every tile wholly.
    pub(crate) fn whole(limits: Limits) -> Self {
        Self {
            whole: limits,
            less: HashMap::default(),
        }
    }

    /// Whether there is no limit at all.
    pub(crate) fn is_endless(&self) -> bool {
        self.whole.bytes.is_none() && self.whole.features.is_none()
    }

    pub(crate) fn of(&self, place: Place) -> Limits {
        self.less.get(&place).copied().unwrap_or(self.whole)
    }

    /// Divides tiles between kinds; for each kind the tiles in which it [`Demand::matters`], `None` when there is none of the kind.
    pub(crate) fn divided<const KINDS: usize>(
        limits: Limits,
        demands: &[Option<HashMap<Place, Demand>>; KINDS],
    ) -> [Self; KINDS] {
        let mut rooms: [Self; KINDS] = std::array::from_fn(|_| Self::whole(limits));
        if demands.iter().flatten().count() < 2 {
            return rooms;
        }
        let mut places: Vec<Place> = demands
            .iter()
            .flatten()
            .flat_map(|demands| demands.keys().copied())
            .collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            // What does not matter counts as the most that it may be.
            let each: [Option<Demand>; KINDS] = std::array::from_fn(|kind| {
                let known = demands[kind].as_ref()?.get(&place).copied();
                Some(known.unwrap_or(Demand {
                    bytes: limits.bytes.unwrap_or(0) / LEAST,
                    features: limits.features.unwrap_or(0) / LEAST,
                }))
            });
            let all = each.iter().flatten();
            let (bytes, features) = all.fold((0, 0), |(bytes, features), own| {
                (bytes + own.bytes, features + own.features)
            });
            for (room, own) in rooms.iter_mut().zip(each) {
                let Some(own) = own else { continue };
                let share = |most: u64, own: u64, all: u64| {
                    let share = u128::from(most) * u128::from(own) / u128::from(all.max(1));
                    u64::try_from(share).unwrap_or(most)
                };
                let less = Limits {
                    bytes: limits.bytes.map(|most| share(most, own.bytes, bytes)),
                    features: limits.features.map(|most| {
                        if features > most {
                            share(most, own.features, features)
                        } else {
                            most
                        }
                    }),
                };
                room.less.insert(place, less);
            }
        }
        rooms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_divided_in_proportion_and_never_given_twice() {
        let limits = Limits {
            bytes: Some(1600),
            features: Some(10),
        };
        let demand = |bytes, features| Demand { bytes, features };
        let points = HashMap::from([((3, 1, 1), demand(3000, 30)), ((3, 2, 2), demand(900, 4))]);
        let lines = HashMap::from([((3, 1, 1), demand(1000, 10))]);
        let rooms = Room::divided(limits, &[Some(points.clone()), Some(lines), None]);
        let of = |kind: usize, place| {
            let found = rooms[kind].of(place);
            (found.bytes, found.features)
        };
        assert_eq!(of(0, (3, 1, 1)), (Some(1200), Some(7)));
        assert_eq!(of(1, (3, 1, 1)), (Some(400), Some(2)));
        // Lines may be there, if few.
        assert_eq!(of(0, (3, 2, 2)), (Some(1440), Some(10)));
        assert_eq!(of(0, (3, 0, 0)), (Some(1600), Some(10)));
        let alone = Room::divided(limits, &[Some(points), None]);
        assert_eq!(alone[0].of((3, 1, 1)).bytes, Some(1600));
    }
}
