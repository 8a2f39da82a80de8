use gazetteer::LonLat;

use super::super::Everything;
use super::*;

fn points() -> Vec<LonLat> {
    let at = |number: u32| {
        let (x, y) = (
            number.wrapping_mul(7919) % 1000,
            number.wrapping_mul(104_729) % 1000,
        );
        LonLat::new(100.0 + f64::from(x) / 100.0, 25.0 + f64::from(y) / 100.0).expect("in range")
    };
    (0..2000).map(at).collect()
}

fn saved(folder: &Path) -> (PathBuf, PointIndex) {
    let source = folder.join("source.csv");
    std::fs::write(&source, "lon,lat\n").expect("written");
    let classes: Vec<u8> = (0..2000_u32).map(|id| (id % 3) as u8).collect();
    let index = PointIndex::with_classes(&points(), &classes, 2);
    let members: Vec<u8> = (0..2000)
        .flat_map(|id| format!("\"id\":{id}").into_bytes())
        .collect();
    let mut end = 0;
    let ends: Vec<u64> = (0..2000_u64)
        .map(|id| {
            end += format!("\"id\":{id}").len() as u64;
            end
        })
        .collect();
    let about = IndexAbout {
        source: "source.csv".to_owned(),
        columns: vec!["id".to_owned()],
        class_column: "id".to_owned(),
        classes: vec!["0".to_owned(), "1".to_owned(), "2".to_owned()],
    };
    let path = folder.join("a.yidx");
    index
        .save(&path, &source, &about, &ends, &members)
        .expect("saved");
    (path, index)
}

#[test]
fn a_saved_index_answers_as_the_one_in_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, index) = saved(folder.path());
    let opened = SavedIndex::open(&path).expect("an index");
    assert_eq!(opened.about().classes.len(), 3);
    assert_eq!(opened.members(0), b"\"id\":0");
    assert_eq!(opened.members(1999), b"\"id\":1999");
    assert_eq!(opened.members(2000), b"");
    let from = LonLat::new(104.2, 29.9).expect("in range");
    let filter = (0b110_u64, |id: u32| id > 50);
    let mut memory = index.tree().search(20, 80_000.0, filter);
    let mut file = opened.tree().search(20, 80_000.0, filter);
    assert_eq!(memory.near(from), file.near(from));
    assert_eq!(memory.answer().len(), 20);
}

#[test]
fn a_changed_source_is_refused_and_a_missing_one_is_not_needed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = saved(folder.path());
    let source = folder.path().join("source.csv");
    std::fs::write(&source, "lon,lax\n").expect("written");
    assert!(matches!(
        SavedIndex::open(&path),
        Err(IndexError::Stale { .. })
    ));
    std::fs::remove_file(&source).expect("removed");
    assert!(SavedIndex::open(&path).is_ok());
}

#[test]
fn damage_is_refused_or_answers_wrongly_and_never_panics() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = saved(folder.path());
    let whole = std::fs::read(&path).expect("read");
    let other = folder.path().join("b.yidx");
    let ask = |bytes: &[u8]| -> bool {
        std::fs::write(&other, bytes).expect("written");
        let Ok(opened) = SavedIndex::open(&other) else {
            return false;
        };
        for lon in [-180.0, 0.0, 104.0, 180.0] {
            let from = LonLat::new(lon, 29.0).expect("in range");
            let mut search = opened.tree().search(50, f64::INFINITY, (5, |_| true));
            search.near(from);
            let mut metres = Vec::new();
            search.metres(from, &mut metres);
            for near in search.answer() {
                assert!(opened.members(near.id).len() <= bytes.len());
            }
            let mut found = Vec::new();
            opened.tree().within(from, 1e5, &Everything, &mut found);
            let extent = gazetteer::Extent {
                west: 100.0,
                south: 20.0,
                east: 105.0,
                north: 30.0,
            };
            assert!(opened.tree().in_extent(extent, &Everything).len() <= bytes.len());
        }
        true
    };
    for length in (0..whole.len())
        .step_by(1777)
        .chain([0, 8, 4095, 4096, whole.len() - 1])
    {
        ask(&whole[..length]);
    }
    // Every byte of the header matters.
    for at in 0..SUMMED + 8 {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x40;
        assert!(!ask(&damaged), "byte {at} of the header");
    }
    // All bits of the sections, in a pattern.
    for seed in 0..200_usize {
        let mut damaged = whole.clone();
        for step in 0..40 {
            let at = PAGE + (seed * 7919 + step * 104_729) % (whole.len() - PAGE);
            damaged[at] ^= 1 << (step % 8);
        }
        ask(&damaged);
    }
    let mut full = whole.clone();
    let end = full.len() - PAGE;
    full[PAGE..end].fill(0xff);
    ask(&full);
}

#[test]
fn an_empty_index_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("source.csv");
    std::fs::write(&source, "").expect("written");
    let path = folder.path().join("a.yidx");
    PointIndex::new(&[], 1)
        .save(&path, &source, &IndexAbout::default(), &[], &[])
        .expect("saved");
    let opened = SavedIndex::open(&path).expect("an index");
    assert!(opened.tree().is_empty());
}
