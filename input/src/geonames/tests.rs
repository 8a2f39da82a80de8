use gazetteer::FeatureClass;

use crate::sample::{self, GEONAMES, entries, failure, gz, zipped};
use crate::{ReadOptions, SkipReason};

#[test]
fn a_table_is_read_plain_gzipped_and_zipped() {
    let dir = sample::dir();
    let files = [
        dir.file("CN.txt", GEONAMES.as_bytes()),
        dir.file("CN.txt.gz", &gz(GEONAMES.as_bytes())),
        dir.file(
            "CN.zip",
            &zipped(&[("readme.txt", b"x"), ("CN.txt", GEONAMES.as_bytes())]),
        ),
    ];
    for file in files {
        let (entries, summary) = entries(&file, &ReadOptions::default());
        assert_eq!(entries.len(), 2, "{}", file.display());
        let (town, origin) = &entries[0];
        assert_eq!(town.id, "geonames-1001");
        assert_eq!(town.name, "青石镇");
        assert_eq!(town.aliases, ["Qingshi", "Qingshi Zhen", "青石"]);
        assert_eq!(town.class, FeatureClass::Town);
        assert_eq!(
            town.position.map(|p| (p.lon(), p.lat())),
            Some((106.5, 29.5))
        );
        assert_eq!((town.weight, town.accuracy_m), (12_000, 3_000));
        assert_eq!(origin.to_string(), "line 1");
        assert_eq!(summary.skipped, [(SkipReason::Gone, 1)]);
    }
}

#[test]
fn wrong_rows_are_named_by_line() {
    let dir = sample::dir();
    for (from, to, says) in [
        (
            "29.5\t106.5",
            "106.5\t29.5",
            "CN.txt:1: latitude 106.5 is outside -90…90 (positions are lon,lat: are they swapped?)",
        ),
        (
            "29.5\t106.5",
            "NaN\t106.5",
            "CN.txt:1: latitude (column 5) is NaN",
        ),
        ("29.5\t106.5", "29.5", "CN.txt:1: 18 columns, expected 19"),
        ("12000", "many", "population (column 15) is `many`"),
    ] {
        let file = dir.file("CN.txt", GEONAMES.replacen(from, to, 1).as_bytes());
        let mut options = ReadOptions {
            format: Some(crate::Format::GeoNames),
            ..ReadOptions::default()
        };
        let message = failure(&file, &options);
        assert!(message.contains(says), "{message}");
        options.skip_bad = true;
        let (_, summary) = entries(&file, &options);
        assert!(summary.skipped.contains(&(SkipReason::BadValue, 1)));
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_named_by_line_and_byte() {
    let dir = sample::dir();
    let (bytes, ..) = encoding_rs::GB18030.encode(GEONAMES);
    let message = failure(&dir.file("CN.txt", &bytes), &ReadOptions::default());
    assert!(message.contains("CN.txt:1:35: "), "{message}");
    assert!(message.contains("not UTF-8"), "{message}");
}

#[test]
fn a_cut_archive_a_bomb_and_an_endless_line_are_refused() {
    let dir = sample::dir();
    let options = ReadOptions {
        format: Some(crate::Format::GeoNames),
        ..ReadOptions::default()
    };
    let packed = gz(GEONAMES.repeat(50).as_bytes());
    let message = failure(&dir.file("a.gz", &packed[..packed.len() / 2]), &options);
    assert!(message.contains("cut off"), "{message}");
    let packed = zipped(&[("CN.txt", GEONAMES.repeat(50).as_bytes())]);
    let message = failure(&dir.file("a.zip", &packed[..packed.len() / 2]), &options);
    assert!(message.contains("get it again"), "{message}");
    let line = vec![b'a'; 2 << 20];
    let message = failure(&dir.file("a.txt", &line), &options);
    assert!(message.contains("longer than 1048576 bytes"), "{message}");
    let lines = vec![b'\n'; 100 << 20];
    let message = failure(&dir.file("b.gz", &gz(&lines)), &options);
    assert!(message.contains("bomb"), "{message}");
}
