use gazetteer::{FeatureClass, LonLat};

use crate::sample::{self, CSV, entries, failure, gz, zipped};
use crate::{Column, Encoding, ReadOptions};

#[test]
fn common_headers_are_guessed_and_every_column_is_read() {
    let dir = sample::dir();
    for (name, text) in [
        ("a.csv", CSV.to_owned()),
        ("b.csv", format!("\u{feff}{CSV}")),
        ("c.tsv", CSV.replace(',', "\t")),
        ("d.csv", CSV.replace(',', ";").replace("青石;", "青石|")),
    ] {
        let (entries, _) = entries(&dir.file(name, text.as_bytes()), &ReadOptions::default());
        assert_eq!(entries.len(), 2, "{name}");
        let (town, origin) = &entries[0];
        assert_eq!((town.id.as_str(), town.name.as_str()), ("t1", "青石镇"));
        assert_eq!(town.class, FeatureClass::Town);
        assert_eq!(town.adcode, Some(500_117));
        assert_eq!(
            town.position.map(|p| (p.lon(), p.lat())),
            Some((106.5, 29.5))
        );
        assert_eq!(
            town.since.map(|d| d.to_string()).as_deref(),
            Some("2016-04")
        );
        assert_eq!(origin.to_string(), "line 2");
        assert_eq!(entries[1].0.position, None);
        assert!(!entries[1].0.unlocated.is_empty());
    }
}

#[test]
fn utf_16_is_told_by_its_mark_and_gb_18030_by_the_caller() {
    let dir = sample::dir();
    let mut utf_16 = vec![0xFF, 0xFE];
    utf_16.extend(CSV.encode_utf16().flat_map(u16::to_le_bytes));
    let (found, _) = entries(&dir.file("a.csv", &utf_16), &ReadOptions::default());
    assert_eq!(found[0].0.name, "青石镇");
    let (gb, ..) = encoding_rs::GB18030.encode(CSV);
    let file = dir.file("b.csv", &gb);
    let message = failure(&file, &ReadOptions::default());
    assert!(message.contains("b.csv:1: column 2, byte 1"), "{message}");
    assert!(message.contains("try --encoding gb18030"), "{message}");
    let options = ReadOptions {
        encoding: Some(Encoding::Gb18030),
        ..ReadOptions::default()
    };
    assert_eq!(entries(&file, &options).0[0].0.name, "青石镇");
    // A byte that GB 18030 does not have either.
    let file = dir.file("c.csv", b"name,lon,lat\n\xFF\xFF,1,2\n");
    let message = failure(&file, &ReadOptions::default());
    assert!(
        message.contains("c.csv:2: column 1 (name), byte 1"),
        "{message}"
    );
    assert!(!message.contains("gb18030"), "{message}");
    assert!(failure(&file, &options).contains("not GB 18030"));
}

#[test]
fn wrong_tables_are_explained() {
    let dir = sample::dir();
    let head = "name,lon,lat\n";
    for (text, says) in [
        ("", "nothing to import"),
        (head, "nothing to import"),
        (
            "地方,lon,lat\na,1,2\n",
            "a.csv:1: no column for name; the columns are: 地方, lon, lat",
        ),
        ("name,lat\na,1\n", "no column for lon"),
        (
            "name,lon,lat\na,1\n",
            "a.csv:2: 2 columns, expected 3; the row is cut",
        ),
        (
            "name,lon,lat\na,1,2,3\n",
            "a.csv:2: 4 columns, expected 3; a value with",
        ),
        (
            "name,lon,lat\na,30,106\nb,30,107\nc,29,105\n",
            "in 3 of 3 rows: longitude and latitude are swapped in the columns",
        ),
        (
            "name,lon,lat\na,30,106\nb,107,30\nc,105,29\n",
            "(positions are lon,lat: are they swapped?)",
        ),
        ("name,lon,lat\na,nan,30\n", "a.csv:2: lon is NaN"),
        (
            "name,lon,lat\na,106,inf\n",
            "lat is inf, expected a finite number",
        ),
        (
            "name,lon,lat\na,106°38′,30\n",
            "lon is `106°38′`, expected decimal degrees",
        ),
        (
            "name,lon,lat\na,106,\n",
            "lat is ``, expected decimal degrees",
        ),
        ("name,lon,lat\na,200,30\n", "longitude 200 is outside"),
        (
            "name,lon,lat\na,1,2\nb,3,\"4\nc,5,6\n",
            "a.csv:3: it ends inside a quoted value",
        ),
    ] {
        let message = failure(&dir.file("a.csv", text.as_bytes()), &ReadOptions::default());
        assert!(message.contains(says), "{text}: {message}");
    }
    let mut options = ReadOptions::default();
    options.columns.set(Column::Name, "地名");
    let message = failure(&dir.file("a.csv", head.as_bytes()), &options);
    assert!(
        message.contains("no column `地名`, which --columns names for name"),
        "{message}"
    );
}

#[test]
fn a_record_without_end_and_a_cut_archive_are_refused() {
    let dir = sample::dir();
    let mut text = b"name,lon,lat\n\"".to_vec();
    text.resize(80 << 20, b'a');
    let message = failure(&dir.file("a.csv", &text), &ReadOptions::default());
    assert!(message.contains("is a quote left open?"), "{message}");
    let packed = gz(CSV.repeat(100).as_bytes());
    let message = failure(
        &dir.file("b.csv.gz", &packed[..packed.len() - 20]),
        &ReadOptions::default(),
    );
    assert!(message.contains("cut off"), "{message}");
}

#[test]
fn well_known_text_gives_geometry_and_position() {
    let dir = sample::dir();
    let text = "name\twkt\n东河\tLINESTRING(106 30,107 30)\n";
    let (found, _) = entries(&dir.file("a.tsv", text.as_bytes()), &ReadOptions::default());
    assert_eq!(found[0].0.position.map(LonLat::lon), Some(106.5));
    assert!(found[0].0.geometry.is_some());
    assert_eq!(found[0].0.id, "a-1");
}

#[test]
fn of_an_archive_with_more_tables_one_is_named() {
    let dir = sample::dir();
    let members: [(&str, &[u8]); 3] = [
        ("README.md", b"x"),
        ("d/one.csv", CSV.as_bytes()),
        ("d/two.csv", b"name,lon,lat\na,1,2\n"),
    ];
    let path = dir.file("a.zip", &zipped(&members));
    let mut options = ReadOptions::default();
    let message = failure(&path, &options);
    assert!(
        message.contains("more than one to read: d/one.csv, d/two.csv"),
        "{message}"
    );
    for layer in ["d/two.csv", "two.csv", "two"] {
        options.layer = Some(layer.to_owned());
        assert_eq!(entries(&path, &options).0.len(), 1, "{layer}");
    }
    options.layer = Some("three".to_owned());
    assert!(failure(&path, &options).contains("no `three` in it"));
}
