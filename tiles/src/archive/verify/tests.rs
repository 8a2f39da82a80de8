use std::fs;
use std::path::Path;

use super::super::pmtiles::{Entry, HEADER_BYTES, Header, Section, to_bytes};
use super::super::{ArchiveError, Container, gzip, sample};
use super::*;
use crate::TileCoord;

fn options() -> VerifyOptions {
    VerifyOptions {
        threads: 2,
        ..VerifyOptions::default()
    }
}

/// All findings as text.
fn texts(verification: &Verification) -> Vec<String> {
    let all = verification.findings.iter();
    all.flat_map(|(severity, check, found)| {
        let examples = found.examples.iter();
        examples.map(move |example| format!("{severity:?} {check:?} {}", example.found))
    })
    .collect()
}

#[test]
fn what_we_write_has_nothing_to_be_found() {
    let folder = tempfile::tempdir().unwrap();
    for (container, name) in [
        (Container::Pmtiles, "a.pmtiles"),
        (Container::Mbtiles, "a.mbtiles"),
        (Container::Folder, "a"),
    ] {
        let path = folder.path().join(name);
        sample::write(&path, container);
        let verification = verify(&path, &options()).unwrap();
        assert_eq!(texts(&verification), Vec::<String>::new(), "{name}");
        assert_eq!((verification.tiles, verification.features > 0), (85, true));
    }
}

#[test]
fn every_cut_of_an_archive_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    sample::write(&path, Container::Pmtiles);
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        match verify(&path, &options()) {
            Err(ArchiveError::Format { .. }) => {}
            Ok(verification) => assert!(verification.findings.errors() > 0, "cut at {length}"),
            Err(other) => panic!("cut at {length}: {other}"),
        }
    }
}

#[test]
fn flipped_bytes_are_found_but_where_any_byte_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    sample::write(&path, Container::Pmtiles);
    let whole = fs::read(&path).unwrap();
    let heads: Vec<usize> = whole
        .windows(3)
        .enumerate()
        .filter_map(|(at, window)| (window == [0x1f, 0x8b, 8]).then_some(at))
        .collect();
    // What is not clustered need not say so; bounds and centre may be others; time, flags and system of a gzip head.
    // The last bits before a checksum fill up their byte.
    let ends = heads.iter().skip(1).copied().chain([whole.len()]);
    let ends: Vec<usize> = ends.collect();
    let any = |at: usize| {
        let in_head = heads.iter().any(|head| (head + 3..head + 10).contains(&at));
        matches!(at, 96 | 102..=126) || in_head || ends.contains(&(at + 9))
    };
    for at in 0..whole.len() {
        for bit in [1, 0x80] {
            let mut wrong = whole.clone();
            wrong[at] ^= bit;
            fs::write(&path, wrong).unwrap();
            match verify(&path, &options()) {
                Err(ArchiveError::Format { .. }) => {}
                Ok(verification) => assert!(
                    any(at) || verification.findings.errors() > 0,
                    "byte {at}, bit {bit}"
                ),
                Err(other) => panic!("byte {at}: {other}"),
            }
        }
    }
}

/// An archive of pieces, to be made wrong.
struct Pieces {
    header: Header,
    entries: Vec<Entry>,
    data: Vec<u8>,
    metadata: serde_json::Value,
    trailing: Vec<u8>,
}

impl Pieces {
    /// Zooms 0 and 1, each tile other bytes.
    fn new() -> Self {
        let (mut entries, mut data) = (Vec::new(), Vec::new());
        for id in 0..5 {
            let text = format!("tile {id}");
            let packed = gzip::pack(&sample::layer("areas", &text, &sample::square(10)));
            entries.push(Entry {
                id,
                offset: data.len() as u64,
                length: u32::try_from(packed.len()).unwrap(),
                run_length: 1,
            });
            data.extend(packed);
        }
        let mut tileset = sample::tileset();
        tileset.layers[0].maxzoom = 1;
        let header = Header {
            root: Section::default(),
            metadata: Section::default(),
            leaves: Section::default(),
            data: Section::default(),
            addressed: 5,
            entries: 5,
            contents: 5,
            clustered: true,
            internal_compression: Compression::Gzip,
            tile_compression: Compression::Gzip,
            tile_type: 1,
            min_zoom: 0,
            max_zoom: 1,
            bounds_e7: tileset.bounds_e7(),
            centre_zoom: 0,
            centre_e7: [0, 0],
        };
        Self {
            header,
            entries,
            data,
            metadata: tileset.to_json().into(),
            trailing: Vec::new(),
        }
    }

    /// Replaces the bytes of a tile, the last one.
    fn with_last(mut self, tile: &[u8]) -> Self {
        let last = self.entries.last_mut().unwrap();
        self.data.truncate(usize::try_from(last.offset).unwrap());
        last.length = u32::try_from(tile.len()).unwrap();
        self.data.extend_from_slice(tile);
        self
    }

    fn write(mut self, path: &Path, change: impl Fn(&mut Header)) {
        let root = gzip::pack(&to_bytes(&self.entries));
        let metadata = gzip::pack(self.metadata.to_string().as_bytes());
        let mut at = HEADER_BYTES as u64;
        let mut section = |length: usize| {
            let section = Section {
                offset: at,
                length: length as u64,
            };
            at += length as u64;
            section
        };
        self.header.root = section(root.len());
        self.header.metadata = section(metadata.len());
        self.header.leaves = section(0);
        self.header.data = section(self.data.len());
        change(&mut self.header);
        let bytes = [
            &self.header.to_bytes()[..],
            &root,
            &metadata,
            &self.data,
            &self.trailing,
        ];
        fs::write(path, bytes.concat()).unwrap();
    }
}

use super::super::pmtiles::Compression;

/// What is found of pieces that were made wrong.
fn found(pieces: Pieces, change: impl Fn(&mut Header), options: &VerifyOptions) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    pieces.write(&path, change);
    match verify(&path, options) {
        Ok(verification) => texts(&verification),
        Err(error) => vec![error.to_string()],
    }
}

#[track_caller]
fn expect(found: &[String], text: &str) {
    assert!(
        found.iter().any(|line| line.contains(text)),
        "`{text}` is not in {found:#?}"
    );
}

#[test]
fn a_wrong_header_is_found() {
    let wrong = |change: fn(&mut Header), text: &str| {
        expect(&found(Pieces::new(), change, &options()), text);
    };
    assert_eq!(
        found(Pieces::new(), |_| {}, &options()),
        Vec::<String>::new()
    );
    wrong(
        |header| header.leaves.offset = 0,
        "leaf directories have offset 0",
    );
    wrong(|header| header.metadata.offset += 1, "overlap");
    wrong(|header| header.data.length += 1, "the file has");
    wrong(
        |header| header.addressed = 6,
        "says 6 addressed tiles, there are 5",
    );
    wrong(|header| header.entries = 0, "says 0 tile entries");
    wrong(|header| header.contents = 4, "says 4 tile contents");
    wrong(|header| header.min_zoom = 1, "first zoom is said to be 1");
    wrong(|header| header.max_zoom = 2, "last zoom is said to be 2");
    wrong(|header| header.centre_zoom = 2, "the centre has zoom 2");
    wrong(
        |header| header.centre_e7 = [0, 890_000_000],
        "outside the bounds",
    );
    wrong(|header| header.bounds_e7 = [10, 10, 10, 10], "have no area");
    wrong(
        |header| header.bounds_e7 = [-10, -10, 10, 10],
        "features go beyond the bounds",
    );
    wrong(|header| header.tile_type = 2, "tile type 2");
    wrong(
        |header| header.tile_compression = Compression::None,
        "not None",
    );
    wrong(
        |header| header.internal_compression = Compression::Zstd,
        "compressed by Zstd",
    );
    let mut trailing = Pieces::new();
    trailing.trailing = vec![0];
    expect(&found(trailing, |_| {}, &options()), "header and sections");
}

#[test]
fn wrong_directories_are_found() {
    let wrong = |change: fn(&mut Vec<Entry>), text: &str| {
        let mut pieces = Pieces::new();
        change(&mut pieces.entries);
        expect(&found(pieces, |_| {}, &options()), text);
    };
    wrong(
        |entries| entries[0].run_length = 2,
        "tile number 1 comes twice",
    );
    wrong(|entries| entries[2].id = 1, "tile number 1 comes twice");
    wrong(|entries| entries[4].offset += 1, "bytes at");
    wrong(
        |entries| entries[4].id = u64::MAX - 1,
        "beyond the deepest zoom",
    );
    wrong(|entries| entries[4].run_length = 0, "leaf directory");
    wrong(
        |entries| entries[1].offset = entries[0].offset,
        "bytes of the data are no tile's",
    );
    wrong(
        |entries| {
            entries[1].offset = entries[0].offset + 1;
        },
        "are of two tiles",
    );
    wrong(
        |entries| {
            let (one, two) = (entries[1], entries[2]);
            (entries[1].offset, entries[1].length) = (two.offset, two.length);
            (entries[2].offset, entries[2].length) = (one.offset, one.length);
        },
        "where those before end",
    );
    wrong(
        |entries| {
            let one = entries[1];
            (entries[2].offset, entries[2].length) = (one.offset, one.length);
        },
        "could go on",
    );
}

#[test]
fn wrong_tiles_are_found() {
    let wrong = |tile: &[u8], text: &str| {
        let pieces = Pieces::new().with_last(tile);
        expect(&found(pieces, |_| {}, &options()), text);
    };
    let layer = |commands: &[u8]| gzip::pack(&sample::layer("areas", "x", commands));
    wrong(b"no gzip", "not Gzip");
    let mut damaged = layer(&sample::square(10));
    let checksum = damaged.len() - 6;
    damaged[checksum] ^= 1;
    wrong(&damaged, "damaged gzip");
    wrong(&gzip::pack(b"no tile"), "Decoding");
    wrong(&gzip::pack(b""), "a tile without features");
    wrong(&layer(&[9, 0, 0, 15]), "Decoding");
    // Counter-clockwise: a hole without a polygon. A bow tie: edges that cross.
    wrong(
        &layer(&[9, 0, 0, 26, 0, 20, 20, 0, 0, 19, 15]),
        "a hole without a polygon",
    );
    wrong(
        &layer(&[9, 0, 0, 26, 40, 0, 39, 24, 36, 56, 15]),
        "edges cross",
    );
    wrong(
        &gzip::pack(&sample::layer("other", "x", &sample::square(10))),
        "layer `other` is in tiles and not in vector_layers",
    );
    let first = gzip::pack(&sample::layer("areas", "tile 0", &sample::square(10)));
    wrong(&first, "that another tile has as well");
}

#[test]
fn caps_hold_for_every_tile() {
    let bytes = VerifyOptions {
        most_bytes: Some(10),
        ..options()
    };
    expect(&found(Pieces::new(), |_| {}, &bytes), "the cap is 10");
    let features = VerifyOptions {
        most_features: Some(0),
        ..options()
    };
    expect(
        &found(Pieces::new(), |_| {}, &features),
        "1 features; the cap is 0",
    );
}

#[test]
fn metadata_that_say_otherwise_are_found() {
    let wrong = |change: fn(&mut serde_json::Value), text: &str| {
        let mut pieces = Pieces::new();
        change(&mut pieces.metadata);
        expect(&found(pieces, |_| {}, &options()), text);
    };
    wrong(|json| *json = serde_json::Value::Null, "metadata:");
    wrong(
        |json| json["vector_layers"] = serde_json::json!([]),
        "no vector_layers",
    );
    wrong(
        |json| json["vector_layers"][0]["maxzoom"] = 0.into(),
        "zooms 0 to 0, and is in 0 to 1",
    );
    wrong(
        |json| json["vector_layers"][0]["fields"]["n"] = "String".into(),
        "`n` holds other than said",
    );
    wrong(
        |json| {
            let fields = json["vector_layers"][0]["fields"].as_object_mut().unwrap();
            fields.remove("name");
        },
        "`name` is not described",
    );
    wrong(
        |json| json["vector_layers"][0]["fields"]["more"] = "String".into(),
        "no feature has the attribute `more`",
    );
}

#[test]
fn a_wrong_mbtiles_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mbtiles");
    let wrong = |sql: &str, text: &str| {
        // All different: the plain table.
        sample::write_with(&path, Container::Mbtiles, 2, |tile| {
            Some(sample::layer(
                "areas",
                &tile.id().to_string(),
                &sample::square(10),
            ))
        });
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute_batch(sql).unwrap();
        drop(file);
        let found = match verify(&path, &options()) {
            Ok(verification) => texts(&verification),
            Err(error) => vec![error.to_string()],
        };
        if text.is_empty() {
            assert_eq!(found, Vec::<String>::new());
        } else {
            expect(&found, text);
        }
    };
    wrong("", "");
    wrong("DROP INDEX tile_index", "no unique index");
    wrong(
        "DROP INDEX tile_index; INSERT INTO tiles SELECT * FROM tiles WHERE zoom_level = 0",
        "comes twice",
    );
    wrong(
        "UPDATE tiles SET tile_column = 9 WHERE zoom_level = 2 AND tile_row = 0 AND tile_column = 0",
        "are no tile",
    );
    wrong(
        "UPDATE tiles SET tile_data = NULL WHERE zoom_level = 0",
        "no bytes",
    );
    wrong(
        "UPDATE metadata SET value = 'png' WHERE name = 'format'",
        "vector tiles are pbf",
    );
    wrong("DELETE FROM metadata WHERE name = 'name'", "no row `name`");
    wrong(
        "UPDATE metadata SET value = '7' WHERE name = 'maxzoom'",
        "last zoom is said to be 7",
    );
    wrong(
        "UPDATE metadata SET value = '{' WHERE name = 'json'",
        "metadata:",
    );
    wrong("DROP TABLE tiles", "no such table");
}

#[test]
fn a_directory_that_leads_into_itself_ends() {
    let mut pieces = Pieces::new();
    pieces.entries = (0..3)
        .map(|number| Entry {
            id: number * 100,
            offset: 0,
            length: 30,
            run_length: 0,
        })
        .collect();
    // The leaves are the root once more.
    let found = found(
        pieces,
        |header| {
            header.leaves = Section {
                length: header.root.length,
                ..header.root
            }
        },
        &options(),
    );
    assert!(!found.is_empty());
}

#[test]
fn a_run_as_long_as_a_zoom_is_measured_at_once() {
    let mut pieces = Pieces::new();
    // Every tile of zoom 15 has the bytes of the last, but for the first few.
    let first = TileCoord::first_id(15);
    let last = pieces.entries.last_mut().unwrap();
    last.id = first + 3;
    last.run_length = (1 << 30) - 3;
    let addressed = 4 + u64::from(last.run_length);
    pieces.metadata["vector_layers"][0]["maxzoom"] = 15.into();
    let tweak = |header: &mut Header| {
        header.addressed = addressed;
        header.max_zoom = 15;
    };
    assert_eq!(found(pieces, tweak, &options()), Vec::<String>::new());
}

#[test]
fn threads_do_not_change_what_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pmtiles");
    // Every fourth tile is wrong.
    sample::write_with(&path, Container::Pmtiles, 5, |tile| {
        let commands: &[u8] = if tile.x() % 4 == 3 {
            &[9, 0, 0, 26, 40, 0, 39, 24, 36, 56, 15]
        } else {
            &[9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15]
        };
        let text = format!("{}/{}", tile.x(), tile.y());
        Some(sample::layer("areas", &text, commands))
    });
    let one = verify(
        &path,
        &VerifyOptions {
            threads: 1,
            ..options()
        },
    )
    .unwrap();
    for threads in 2..5 {
        let many = verify(
            &path,
            &VerifyOptions {
                threads,
                ..options()
            },
        )
        .unwrap();
        assert_eq!(one, many);
    }
    let (_, _, rings) = one
        .findings
        .iter()
        .find(|(_, check, _)| *check == Check::Rings)
        .unwrap();
    assert_eq!(rings.examples.len(), MOST_EXAMPLES);
    let ids = rings
        .examples
        .iter()
        .map(|example| example.tile.map(TileCoord::id));
    assert!(ids.is_sorted());
}
