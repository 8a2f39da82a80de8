use proptest::prelude::*;

use super::*;

/// Entries in order, with gaps, runs, repeated and following offsets.
fn entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    let one = (
        0_u64..5,
        1_u32..4,
        1_u32..100_000,
        any::<bool>(),
        0_u64..1 << 40,
    );
    prop::collection::vec(one, 1..most).prop_map(|rows| {
        let (mut id, mut end) = (0, 0);
        let rows = rows.into_iter();
        rows.map(|(gap, run_length, length, follows, anywhere)| {
            let entry = Entry {
                id: id + gap,
                offset: if follows { end } else { anywhere },
                length,
                run_length,
            };
            id = entry.id + u64::from(run_length);
            end = entry.offset + u64::from(length);
            entry
        })
        .collect()
    })
}

/// All entries, as a reader finds them.
fn unpack(root: &[u8], leaves: &[u8]) -> Vec<Entry> {
    let read = |packed: &[u8]| {
        let mut bytes = Vec::new();
        gzip::unpack(packed, 1 << 26, &mut bytes).unwrap();
        from_bytes(&bytes).unwrap()
    };
    let root = read(root);
    if root[0].run_length > 0 {
        assert!(leaves.is_empty());
        return root;
    }
    let leaves = root.into_iter().flat_map(|leaf| {
        let start = usize::try_from(leaf.offset).unwrap();
        let entries = read(&leaves[start..start + leaf.length as usize]);
        assert_eq!(entries[0].id, leaf.id);
        entries
    });
    leaves.collect()
}

proptest! {
    #[test]
    fn entries_come_back_from_their_bytes(entries in entries(300)) {
        prop_assert_eq!(from_bytes(&to_bytes(&entries)), Ok(entries));
    }

    #[test]
    fn every_cut_of_a_directory_is_refused(entries in entries(20)) {
        let bytes = to_bytes(&entries);
        for length in 0..bytes.len() {
            prop_assert!(from_bytes(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(entries) = from_bytes(&bytes) {
            prop_assert!(entries.len() <= bytes.len() / 4);
        }
    }
}

#[test]
fn the_root_fits_and_leaves_hold_the_rest() {
    // Lengths of no pattern, so that they do not pack: a linear congruential generator.
    let mut seed = 1_u32;
    let mut offset = 0;
    for count in [1, 16_383, 16_384, 100_000] {
        let entries: Vec<Entry> = (0..count)
            .map(|number| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let entry = Entry {
                    id: number * 3,
                    offset,
                    length: 1 + (seed >> 12),
                    run_length: 1 + (seed & 1),
                };
                offset += u64::from(entry.length);
                entry
            })
            .collect();
        let (root, leaves) = pack(&entries);
        assert!(root.len() + HEADER_BYTES <= ROOT_END);
        assert_eq!(leaves.is_empty(), count == 1, "{count}");
        assert_eq!(unpack(&root, &leaves), entries);
    }
}

#[test]
fn a_count_that_the_bytes_cannot_hold_costs_nothing() {
    let mut bytes = Vec::new();
    push(u64::MAX, &mut bytes);
    bytes.extend([1; 40]);
    assert!(matches!(
        from_bytes(&bytes),
        Err(DirectoryError::Count { .. })
    ));
    assert_eq!(from_bytes(&[0]), Err(DirectoryError::Empty));
    // An empty tile, a first offset that follows nothing, a number of more than 64 bits.
    assert!(from_bytes(&[1, 0, 1, 0, 1]).is_err());
    assert!(from_bytes(&[1, 0, 1, 1, 0]).is_err());
    assert!(from_bytes(&[&[0xff; 10][..], &[1; 40]].concat()).is_err());
}
