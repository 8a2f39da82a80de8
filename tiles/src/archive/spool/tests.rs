use std::fs;
use std::path::Path;

use super::super::{Container, Fingerprint, PartOf, TileSink, Tileset, gzip, merge};
use crate::TileCoord;

/// What a tile of these tests holds: few different contents, so that many are equal.
fn bytes(tile: TileCoord) -> Vec<u8> {
    let kind = (tile.x() * 7 + tile.y()) % 5;
    gzip::pack(format!("{kind}").repeat(1 + kind as usize * 50).as_bytes())
}

/// Whether there is a tile.
fn is_there(tile: TileCoord) -> bool {
    !(tile.x() + 2 * tile.y()).is_multiple_of(7)
}

const DEEPEST: u8 = 6;
const SPLIT: u8 = 2;

fn tileset() -> Tileset {
    Tileset {
        name: "试".to_owned(),
        bounds: [106.0, 29.0, 107.0, 30.0],
        ..Tileset::default()
    }
}

/// Makes the tiles below a tile of the split zoom, or all above it.
fn make(sink: &TileSink, task: u64) {
    let mut spool = sink.task(task);
    let zooms = if task == 16 {
        0..SPLIT
    } else {
        SPLIT..DEEPEST + 1
    };
    for z in zooms {
        let shift = if task == 16 {
            2 * u32::from(z)
        } else {
            2 * u32::from(z - SPLIT)
        };
        let first = if task == 16 { 0 } else { task << shift };
        for key in first..first + (1 << shift) {
            let tile = TileCoord::from_key(z, key).unwrap();
            if is_there(tile) {
                spool.push(tile, &bytes(tile), 1).unwrap();
            }
        }
    }
    spool.finish(&task.to_le_bytes()).unwrap();
}

fn sink(out: &Path, resume: bool) -> TileSink {
    TileSink::create(out, Fingerprint::of(b"test"), resume, false).unwrap()
}

/// A run of one thread, tasks in order.
fn plain(folder: &Path, container: Container) -> Vec<u8> {
    let out = folder.join("plain");
    let sink = sink(&out, false);
    (0..17).for_each(|task| make(&sink, task));
    let summary = sink.finish(container, &tileset()).unwrap();
    let bytes = fs::read(&out).unwrap();
    assert_eq!(summary.bytes, bytes.len() as u64);
    fs::remove_file(&out).unwrap();
    bytes
}

#[test]
fn threads_and_the_order_of_tasks_do_not_change_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    for container in [Container::Pmtiles, Container::Mbtiles] {
        let expected = plain(folder.path(), container);
        let out = folder.path().join("threads");
        let sink = sink(&out, false);
        std::thread::scope(|scope| {
            for thread in 0..3 {
                let sink = &sink;
                scope.spawn(move || {
                    let mine = (0..17).rev().filter(|task| task % 3 == thread);
                    mine.for_each(|task| make(sink, task));
                });
            }
        });
        sink.finish(container, &tileset()).unwrap();
        assert!(fs::read(&out).unwrap() == expected, "{container:?}");
        fs::remove_file(&out).unwrap();
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "the working folder goes");
    }
}

#[test]
fn a_resumed_run_ends_with_the_same_bytes_wherever_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let expected = plain(folder.path(), Container::Pmtiles);
    for stop in 0..17 {
        let out = folder.path().join("resumed");
        let begun = sink(&out, false);
        for task in 0..stop {
            make(&begun, task);
            if task % 3 == 0 {
                begun.sync().unwrap();
            }
        }
        // A task in the midst of its work, whose bytes reached the files.
        let mut half = begun.task(99);
        let tile = TileCoord::new(5, 1, 1).unwrap();
        half.push(tile, &vec![7; 1 << 17], 1).unwrap();
        drop(half);
        drop(begun);
        assert!(!out.exists(), "nothing claims to be whole");
        let again = sink(&out, true);
        let done = (0..17).filter(|task| again.done(*task).is_some()).count();
        assert_eq!(
            done,
            if stop == 0 {
                0
            } else {
                (stop as usize - 1) / 3 * 3 + 1
            }
        );
        for task in (0..17).rev() {
            match again.done(task) {
                Some(note) => assert_eq!(note, task.to_le_bytes()),
                None => make(&again, task),
            }
        }
        again.finish(Container::Pmtiles, &tileset()).unwrap();
        assert!(fs::read(&out).unwrap() == expected, "stopped after {stop}");
        fs::remove_file(&out).unwrap();
    }
}

#[test]
fn a_journal_or_spool_that_was_cut_or_damaged_is_trusted_no_further() {
    let folder = tempfile::tempdir().unwrap();
    let expected = plain(folder.path(), Container::Pmtiles);
    let out = folder.path().join("cut");
    let part = folder.path().join("cut.part");
    for step in 0..24_u64 {
        let begun = sink(&out, false);
        (0..9).for_each(|task| make(&begun, task));
        begun.sync().unwrap();
        drop(begun);
        let mut names: Vec<_> = fs::read_dir(&part)
            .unwrap()
            .map(|name| name.unwrap().path())
            .collect();
        names.sort();
        // The last file is a spool or its index, the first the journal.
        let victim = &names[step as usize % names.len()];
        let mut content = fs::read(victim).unwrap();
        let at = content.len() * (step as usize + 1) / 26;
        let is_data = victim.extension().is_some_and(|ending| ending == "tiles");
        // Damage of synced data is the disk's to see; a file that is too short is ours.
        if step % 2 == 0 || is_data || at < 24 {
            content.truncate(at.max(24));
        } else {
            content[at] ^= 0xff;
        }
        fs::write(victim, content).unwrap();
        let again = sink(&out, true);
        for task in 0..17 {
            if again.done(task).is_none() {
                make(&again, task);
            }
        }
        again.finish(Container::Pmtiles, &tileset()).unwrap();
        assert!(
            fs::read(&out).unwrap() == expected,
            "{} at {at}",
            victim.display()
        );
        fs::remove_file(&out).unwrap();
    }
}

#[test]
fn another_input_another_run_and_foreign_folders_are_refused() {
    use super::super::ArchiveError;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pmtiles");
    let begun = sink(&out, false);
    let busy = TileSink::create(&out, Fingerprint::of(b"test"), true, false);
    assert!(matches!(busy, Err(ArchiveError::Busy { .. })));
    drop(begun);
    let other = TileSink::create(&out, Fingerprint::of(b"other"), true, false);
    assert!(matches!(other, Err(ArchiveError::OtherRun { .. })));
    fs::write(&out, b"here").unwrap();
    let there = TileSink::create(&out, Fingerprint::of(b"test"), true, false);
    assert!(matches!(there, Err(ArchiveError::Exists { .. })));
    let photos = folder.path().join("photos.part");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("one.jpg"), b"one").unwrap();
    let foreign = TileSink::create(
        &folder.path().join("photos"),
        Fingerprint::of(b"test"),
        false,
        false,
    );
    assert!(matches!(foreign, Err(ArchiveError::NotOurs { .. })));
    assert!(photos.join("one.jpg").exists());
    // Replacing keeps the old file until the new one is whole.
    let empty = TileSink::create(&out, Fingerprint::of(b"test"), false, true).unwrap();
    let failed = empty.finish(Container::Pmtiles, &tileset());
    assert!(matches!(failed, Err(ArchiveError::Empty)));
    assert_eq!(fs::read(&out).unwrap(), b"here");
    let full = TileSink::create(&out, Fingerprint::of(b"test"), false, true).unwrap();
    make(&full, 3);
    full.finish(Container::Pmtiles, &tileset()).unwrap();
    assert!(fs::read(&out).unwrap().starts_with(b"PMTiles"));
    // A folder takes the place of a file, and of a folder.
    for _ in 0..2 {
        let full = TileSink::create(&out, Fingerprint::of(b"test"), false, true).unwrap();
        make(&full, 3);
        full.finish(Container::Folder, &tileset()).unwrap();
        assert!(out.join("metadata.json").is_file());
    }
    assert!(!folder.path().join("a.pmtiles.part").exists());
}

#[test]
fn a_folder_that_was_put_aside_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("tiles");
    // A run that was killed when the old folder had gone and the new one had not come.
    let part = folder.path().join("tiles.part");
    fs::create_dir_all(part.join("replaced")).unwrap();
    fs::write(part.join("replaced/metadata.json"), "old").unwrap();
    fs::write(part.join("journal"), "").unwrap();
    let begun = TileSink::create(&out, Fingerprint::of(b"test"), false, true).unwrap();
    assert_eq!(fs::read(out.join("metadata.json")).unwrap(), b"old");
    make(&begun, 3);
    begun.finish(Container::Folder, &tileset()).unwrap();
    assert_ne!(fs::read(out.join("metadata.json")).unwrap(), b"old");
}

#[test]
fn tiles_out_of_order_and_stretches_that_overlap_are_refused() {
    use super::super::ArchiveError;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pmtiles");
    let sink = sink(&out, false);
    let mut spool = sink.task(0);
    let [early, late] = [3, 4].map(|key| TileCoord::from_key(3, key).unwrap());
    spool.push(late, b"x", 1).unwrap();
    for tile in [early, late] {
        let refused = spool.push(tile, b"x", 1);
        assert!(matches!(refused, Err(ArchiveError::Order { .. })));
    }
    spool.finish(&[]).unwrap();
    let mut spool = sink.task(1);
    spool.push(early, b"x", 1).unwrap();
    spool.push(late, b"x", 1).unwrap();
    spool.finish(&[]).unwrap();
    let refused = sink.finish(Container::Pmtiles, &tileset());
    assert!(matches!(refused, Err(ArchiveError::Overlap { z: 3, .. })));
    assert!(!out.exists());
}

/// Makes part `number` of `of`.
fn make_part(folder: &Path, number: u32, of: u32) -> std::path::PathBuf {
    make_part_of(folder, number, of, b"plan")
}

fn make_part_of(folder: &Path, number: u32, of: u32, plan: &[u8]) -> std::path::PathBuf {
    let out = folder.join(format!("{number}-{of}.part"));
    let sink = sink(&out, false);
    let cut = |number: u32| 16 * u64::from(number) / u64::from(of);
    let keys = cut(number - 1)..cut(number);
    for task in keys.clone() {
        make(&sink, task);
    }
    if number == 1 {
        make(&sink, 16);
    }
    let part = PartOf {
        number,
        of,
        split_zoom: SPLIT,
        keys,
        plan: Fingerprint::of(plan),
    };
    sink.finish_part(&part, &tileset()).unwrap();
    out
}

#[test]
fn merged_parts_are_the_archive_of_a_single_run() {
    let folder = tempfile::tempdir().unwrap();
    for container in [Container::Pmtiles, Container::Mbtiles] {
        let expected = plain(folder.path(), container);
        for of in [1, 2, 3, 7, 30] {
            let mut parts: Vec<_> = (1..=of)
                .map(|number| make_part(folder.path(), number, of))
                .collect();
            parts.reverse();
            let out = folder.path().join("merged");
            merge(&parts, &out, container, false).unwrap();
            assert!(fs::read(&out).unwrap() == expected, "{of} parts");
            fs::remove_file(&out).unwrap();
            for part in parts {
                fs::remove_file(part).unwrap();
            }
        }
    }
}

#[test]
fn missing_repeated_and_damaged_parts_are_refused() {
    use super::super::{ArchiveError, PartError};
    let folder = tempfile::tempdir().unwrap();
    let parts: Vec<_> = (1..=3)
        .map(|number| make_part(folder.path(), number, 3))
        .collect();
    let out = folder.path().join("merged.pmtiles");
    let refused = |parts: &[std::path::PathBuf]| {
        let error = merge(parts, &out, Container::Pmtiles, false).unwrap_err();
        assert!(!out.exists());
        match error {
            ArchiveError::Part(error) => error,
            other => panic!("{other}"),
        }
    };
    let [one, two, three] = [0, 1, 2].map(|number: usize| parts[number].clone());
    assert!(matches!(refused(&[]), PartError::None));
    match refused(&[one.clone(), three.clone()]) {
        PartError::Missing { missing, .. } => assert_eq!(missing, [2]),
        other => panic!("{other}"),
    }
    let twice = refused(&[one.clone(), two.clone(), two.clone()]);
    assert!(matches!(twice, PartError::Twice { number: 2, .. }));
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let stranger = make_part_of(&elsewhere, 2, 3, b"another plan");
    let foreign = refused(&[one.clone(), stranger, three.clone()]);
    assert!(matches!(foreign, PartError::Foreign { .. }));
    let other = make_part(folder.path(), 2, 2);
    let foreign = refused(&[one.clone(), two.clone(), three.clone(), other]);
    assert!(matches!(foreign, PartError::Foreign { .. }));
    // Every cut and, from time to time, a wrong byte.
    let whole = fs::read(&two).unwrap();
    for at in (0..whole.len()).step_by(97) {
        fs::write(&two, &whole[..at]).unwrap();
        refused(&parts);
        let mut wrong = whole.clone();
        wrong[at] ^= 1;
        fs::write(&two, wrong).unwrap();
        refused(&parts);
    }
    fs::write(&two, whole).unwrap();
    merge(&parts, &out, Container::Pmtiles, false).unwrap();
}

/// Set for a process that is to be killed: the output that it makes.
const VICTIM: &str = "YUTU_TEST_VICTIM";

/// Not a test by itself: what the process does that the next test kills.
#[test]
fn a_victim_makes_tiles_until_it_is_killed() {
    let Some(out) = std::env::var_os(VICTIM) else {
        return;
    };
    let sink = sink(Path::new(&out), true);
    for task in 0..17 {
        if sink.done(task).is_none() {
            make(&sink, task);
            sink.sync().unwrap();
        }
    }
    sink.finish(Container::Pmtiles, &tileset()).unwrap();
}

#[test]
fn killed_at_any_moment_a_run_leaves_no_archive_and_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let expected = plain(folder.path(), Container::Pmtiles);
    let victim = |out: &Path| {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "archive::spool::tests::a_victim_makes_tiles_until_it_is_killed",
            ])
            .env(VICTIM, out)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    for round in 0..10_u64 {
        let out = folder.path().join(format!("{round}.pmtiles"));
        let part = folder.path().join(format!("{round}.pmtiles.part"));
        // A few times over: what was resumed is killed as well.
        for again in 0..3 {
            let mut child = victim(&out);
            // From a moment of the journal on, or when the archive itself is being written.
            let late = round % 5 == 4;
            let wanted = 100 + 700 * (round + again);
            let began = std::time::Instant::now();
            loop {
                let journal = fs::metadata(part.join("journal")).map_or(0, |about| about.len());
                let reached = if late {
                    part.join("whole").exists()
                } else {
                    journal >= wanted
                };
                let ended = child.try_wait().unwrap().is_some();
                if reached || ended || began.elapsed().as_secs() > 60 {
                    break;
                }
                std::thread::yield_now();
            }
            // SIGKILL; a process that was faster has made all of it.
            let _ = child.kill();
            child.wait().unwrap();
            if let Ok(bytes) = fs::read(&out) {
                assert!(bytes == expected, "what has the name is whole");
                break;
            }
        }
        if !out.exists() {
            assert!(victim(&out).wait().unwrap().success());
        }
        assert!(fs::read(&out).unwrap() == expected, "round {round}");
        assert!(!part.exists());
    }
}
