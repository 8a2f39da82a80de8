//! The file of places: what is written reads back, the same places make the same bytes, and a damaged file
//! gives an error or an answer, never a panic.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::OnceLock;

use gazetteer::{
    About, Entry, Extent, FeatureClass, Gazetteer, LonLat, NearQuery, PartialDate, Place,
    PlaceFilter, Store, StoreError, StoreWriter, WriteError,
};
use geo::{Geometry, LineString, MultiLineString, MultiPolygon, Polygon};
use proptest::prelude::*;

const MEBIBYTE: usize = 1 << 20;

fn try_write(entries: &[Entry], about: &About, budget: usize) -> Result<Vec<u8>, WriteError> {
    let mut writer = StoreWriter::new(budget);
    for (line, entry) in entries.iter().enumerate() {
        writer.add(entry, &format!("places.csv:{}", line + 1))?;
    }
    let mut bytes = Cursor::new(Vec::new());
    writer.finish(&mut bytes, about)?;
    Ok(bytes.into_inner())
}

fn write(entries: &[Entry]) -> Vec<u8> {
    try_write(entries, &About::default(), MEBIBYTE).expect("the entries are whole")
}

/// The embedded gazetteer with a file of places over it.
fn with_store(bytes: Vec<u8>) -> Result<Gazetteer, StoreError> {
    let store = Store::from_bytes(bytes)?;
    let mut gazetteer = Gazetteer::embedded().expect("the embedded data opens");
    gazetteer.add(store).expect("not too many");
    Ok(gazetteer)
}

/// The places of the user, after those that come with the program.
fn users(gazetteer: &Gazetteer) -> Vec<Place<'_>> {
    let embedded = Gazetteer::embedded().expect("opens").places().count();
    gazetteer.places().skip(embedded).collect()
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("in range")
}

fn date(text: &str) -> PartialDate {
    text.parse().expect("a date")
}

fn ring(lon: f64, lat: f64, size: f64) -> LineString<f64> {
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
    corners
        .iter()
        .map(|(x, y)| (lon + x * size, lat + y * size))
        .collect()
}

/// One of each kind of geometry, holes and empty ones among them.
fn geometries() -> Vec<Geometry<f64>> {
    let line = LineString::from(vec![(106.5, 29.5), (-180.0, 90.0), (1e-300, -0.0)]);
    let area = Polygon::new(
        ring(106.0, 29.0, 1.0),
        vec![ring(106.2, 29.2, 0.1), ring(106.5, 29.5, 0.1)],
    );
    vec![
        line.clone().into(),
        LineString::<f64>(Vec::new()).into(),
        MultiLineString(vec![line, LineString(Vec::new())]).into(),
        area.clone().into(),
        MultiPolygon(vec![area, Polygon::new(ring(100.0, 20.0, 2.0), Vec::new())]).into(),
        MultiPolygon::<f64>(Vec::new()).into(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        4 => "[永川江津綦区县a-c]{1,6}",
        2 => "\\PC{0,40}",
        1 => (100..20_000_usize).prop_map(|length| "长".repeat(length)),
    ]
}

fn day() -> impl Strategy<Value = Option<PartialDate>> {
    proptest::option::of(
        proptest::sample::select(vec!["1997-03-14", "2016", "2016-06", "2020-12-31"])
            .prop_map(date),
    )
}

/// Entries with every field, each with its own identifier.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let position = prop_oneof![
        1 => Just(None),
        2 => (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| Some(at(lon, lat))),
        1 => Just(Some(at(106.5, 29.5))),
    ];
    let list = || proptest::collection::vec(text(), 0..4);
    let numbers = (
        any::<u32>(),
        any::<u32>(),
        proptest::option::of(1..=u32::MAX),
    );
    let class = proptest::sample::select(FeatureClass::all().collect::<Vec<_>>());
    let geometry = proptest::option::of(proptest::sample::select(geometries()));
    let entry = (
        (text(), text(), class, position, numbers),
        (list(), list(), list()),
        (text(), text(), text(), text(), text()),
        (day(), day(), geometry),
    );
    let entry = entry.prop_map(|(first, lists, texts, (since, until, geometry))| {
        let (id, name, class, position, (accuracy_m, weight, adcode)) = first;
        let mut entry = Entry::new(id, format!("名{name}"), class);
        (entry.position, entry.accuracy_m, entry.weight, entry.adcode) =
            (position, accuracy_m, weight, adcode);
        (entry.aliases, entry.in_context, entry.members) = lists;
        (
            entry.position_source,
            entry.parent,
            entry.code,
            entry.unlocated,
            entry.note,
        ) = texts;
        (entry.since, entry.until, entry.geometry) = (since, until, geometry);
        entry
    });
    proptest::collection::vec(entry, 0..20).prop_map(|mut entries| {
        for (number, entry) in entries.iter_mut().enumerate() {
            entry.id = format!("{number}/{}", entry.id);
        }
        entries
    })
}

fn assert_reads_back(place: &Place<'_>, entry: &Entry) {
    assert_eq!(place.id, entry.id);
    assert_eq!(place.name, entry.name);
    assert_eq!(place.class, entry.class);
    assert_eq!(place.position, entry.position);
    assert_eq!(place.accuracy_m, entry.accuracy_m);
    assert_eq!(place.position_source, entry.position_source);
    assert_eq!(place.adcode, entry.adcode);
    assert_eq!(place.parent_id, entry.parent);
    assert_eq!(place.code, entry.code);
    assert_eq!(place.unlocated, entry.unlocated);
    assert_eq!(place.note, entry.note);
    assert_eq!(place.weight, entry.weight);
    assert!(place.aliases().eq(&entry.aliases));
    assert!(place.in_context().eq(&entry.in_context));
    assert!(place.member_ids().eq(&entry.members));
    assert_eq!(place.geometry(), entry.geometry);
    assert_eq!(place.holds(None), entry.until.is_none());
    for asked in [
        "1990",
        "1997-03-14",
        "2016",
        "2016-06-30",
        "2020-12",
        "2021",
    ]
    .map(date)
    {
        let since = entry
            .since
            .is_none_or(|since| since.first_day() <= asked.last_day());
        let until = entry
            .until
            .is_none_or(|until| asked.first_day() <= until.last_day());
        assert_eq!(place.holds(Some(asked)), since && until, "{asked}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_written_reads_back(entries in entries()) {
        let gazetteer = with_store(write(&entries)).expect("a file of places");
        let expected: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        let places = users(&gazetteer);
        prop_assert_eq!(places.len(), expected.len());
        for place in &places {
            let entry = expected[place.id];
            assert_reads_back(place, entry);
            prop_assert_eq!(gazetteer.with_id(place.id).map(|found| found.number()), Some(place.number()));
            let names = std::iter::once(&entry.name).chain(&entry.aliases).chain(&entry.in_context);
            for name in names.filter(|name| !name.is_empty() && name.trim() == name.as_str()) {
                let found = gazetteer.find(name, None);
                prop_assert!(found.iter().any(|found| found.place.number() == place.number()), "{}", name);
            }
        }
    }

    #[test]
    fn neither_the_order_nor_the_memory_changes_the_bytes(
        (entries, shuffled) in entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
        budget in prop_oneof![Just(0), 1..2_000_usize, Just(64 * MEBIBYTE)],
    ) {
        let about = About { title: "试".to_owned(), ..About::default() };
        let first = try_write(&entries, &about, MEBIBYTE).expect("whole");
        prop_assert!(try_write(&shuffled, &about, budget).expect("whole") == first);
    }
}

#[test]
fn a_store_of_nothing_opens_and_answers() {
    let bytes = write(&[]);
    let store = Store::from_bytes(bytes.clone()).expect("a file of places");
    assert_eq!((store.len(), store.located()), (0, 0));
    assert_eq!(store.about(), About::default());
    exercise(&with_store(bytes).expect("a file of places"));
}

#[test]
fn what_a_file_says_of_itself_reads_back_in_lines() {
    let about = About {
        title: "两江\n四岸".to_owned(),
        source: String::new(),
        licence: "CC BY 4.0".to_owned(),
        date: "2026-11-21".to_owned(),
        first: true,
    };
    let bytes = try_write(&[], &about, MEBIBYTE).expect("whole");
    let read = Store::from_bytes(bytes).expect("a file of places").about();
    assert_eq!(
        read,
        About {
            title: "两江 四岸".to_owned(),
            ..about
        }
    );
}

#[test]
fn many_places_come_back_whatever_the_memory() {
    let entries: Vec<Entry> = (0..20_000_u32)
        .map(|number| {
            let mut entry = Entry::new(
                format!("id-{number}"),
                format!("村{}", number % 700),
                FeatureClass::Settlement,
            );
            let (lon, lat) = (
                f64::from(number % 200) / 10.0,
                f64::from(number / 200) / 10.0,
            );
            entry.position = (number % 10 != 0).then(|| at(100.0 + lon, 20.0 + lat));
            entry
        })
        .collect();
    let about = About::default();
    let bytes = try_write(&entries, &about, 100_000).expect("whole");
    assert!(bytes == write(&entries));
    let store = Store::from_bytes(bytes.clone()).expect("a file of places");
    assert_eq!((store.len(), store.located()), (20_000, 18_000));
    let gazetteer = with_store(bytes).expect("a file of places");
    let of_users = |name: &str| {
        gazetteer
            .find(name, None)
            .iter()
            .filter(|m| m.place.id.starts_with("id-"))
            .count()
    };
    assert_eq!(of_users("村5"), 20_000 / 700 + 1);
}

#[test]
fn a_repeated_identifier_names_both_lines() {
    let entry = |id: &str| Entry::new(id, "甲", FeatureClass::Other);
    let entries = [entry("a"), entry("b"), entry("c"), entry("b")];
    for budget in [0, MEBIBYTE] {
        let error = try_write(&entries, &About::default(), budget).expect_err("`b` stands twice");
        let WriteError::Repeated { id, first, second } = error else {
            panic!("{error}");
        };
        let mut lines = [first, second];
        lines.sort();
        assert_eq!(
            (id.as_str(), lines),
            ("b", ["places.csv:2".to_owned(), "places.csv:4".to_owned()])
        );
    }
}

#[test]
fn a_place_without_a_name_or_an_identifier_is_refused() {
    for (entry, what) in [
        (Entry::new("a", "", FeatureClass::Other), "a name"),
        (Entry::new("", "甲", FeatureClass::Other), "an identifier"),
    ] {
        let error = try_write(&[entry], &About::default(), MEBIBYTE).expect_err("is refused");
        assert!(
            matches!(&error, WriteError::Nameless { place, missing } if place == "places.csv:1" && *missing == what),
            "{error}"
        );
    }
}

/// A file with a bit of everything.
fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let classes: Vec<FeatureClass> = FeatureClass::all().collect();
        let geometries = geometries();
        let entries: Vec<Entry> = (0..400_usize)
            .map(|number| {
                let class = classes[number % classes.len()];
                let mut entry = Entry::new(
                    format!("id-{number}"),
                    format!("地名{}区", number % 90),
                    class,
                );
                let code = u32::try_from(number).expect("small");
                let step = f64::from(code);
                entry.position =
                    (number % 9 != 0).then(|| at(100.0 + step / 40.0, 25.0 + (step * 7.3) % 9.0));
                entry.geometry = geometries.get(number % 20).cloned();
                entry.aliases = vec![format!("别名{number}"), "广安".to_owned()];
                entry.in_context = vec![format!("简{}", number % 30)];
                entry.members = vec![format!("id-{}", number / 2), "511600".to_owned()];
                entry.parent = format!("id-{}", (number + 1) % 400);
                entry.adcode = (number % 4 == 0).then(|| 900_000 + code);
                entry.since = (number % 6 == 0).then(|| date("2010"));
                entry.note = "注".repeat(number % 100);
                entry
            })
            .collect();
        let about = About {
            title: "样本".to_owned(),
            first: true,
            ..About::default()
        };
        try_write(&entries, &about, MEBIBYTE).expect("whole")
    })
}

/// Asks a gazetteer for everything there is to ask.
fn exercise(gazetteer: &Gazetteer) {
    let filter = PlaceFilter {
        as_of: Some(date("2015")),
        ..PlaceFilter::default()
    };
    for place in users(gazetteer) {
        let strings = place
            .aliases()
            .chain(place.in_context())
            .chain(place.member_ids());
        assert!(strings.map(str::len).sum::<usize>() <= sample().len());
        let _ = (
            place.geometry(),
            gazetteer.parent(&place),
            gazetteer.members(&place),
            gazetteer.canonical(&place),
        );
        assert_eq!(place.number(), gazetteer.place(place.number()).number());
    }
    for name in [
        "id-7",
        "地名5区",
        "地名5",
        "别名17",
        "广安",
        "简3",
        "没有",
        "",
    ] {
        let found = gazetteer
            .find(name, None)
            .into_iter()
            .chain(gazetteer.find_one(name, filter.as_of));
        for found in found {
            let _ = gazetteer.units_of(&found.place);
        }
        let _ = (gazetteer.with_id(name), gazetteer.find_prefix(name, 5));
    }
    let _ = gazetteer.near_names("地名5县", 3);
    let middle = at(105.0, 29.0);
    for (most, radius_m) in [(Some(10), None), (Some(1000), Some(3e5)), (None, None)] {
        let found = gazetteer.near(
            middle,
            &NearQuery {
                radius_m,
                most,
                filter: filter.clone(),
            },
        );
        assert!(found.len() <= most.unwrap_or(usize::MAX));
    }
    let extent = Extent {
        west: 104.0,
        south: 26.0,
        east: 106.0,
        north: 30.0,
    };
    let _ = gazetteer.in_extent(extent, &PlaceFilter::default());
    let _ = gazetteer.areas_at(at(106.25, 29.25), &PlaceFilter::default());
}

/// Where the sections of a file lie, as its header says.
fn sections(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&bytes[at..at + 8]);
        usize::try_from(u64::from_le_bytes(eight)).expect("an offset")
    };
    let section =
        |index: usize| number(24 + index * 16)..number(24 + index * 16) + number(32 + index * 16);
    (0..7).map(section).collect()
}

#[test]
fn a_whole_file_answers() {
    exercise(&with_store(sample().to_vec()).expect("a file of places"));
}

#[test]
fn a_file_that_is_cut_is_refused() {
    let whole = sample();
    let mut cuts = vec![0, 1, 7, 8, 100, 191, 192, whole.len() - 1];
    for section in sections(whole) {
        cuts.extend([
            section.start,
            section.start + 1,
            section.start.midpoint(section.end),
            section.end - 1,
        ]);
    }
    for cut in cuts.into_iter().filter(|cut| *cut < whole.len()) {
        assert!(
            Store::from_bytes(whole[..cut].to_vec()).is_err(),
            "cut to {cut} of {} bytes",
            whole.len()
        );
    }
}

#[test]
fn a_damaged_header_is_refused() {
    // Mark, counts, offsets and lengths, checksum; zeros that mean nothing follow.
    let summed = 8 + 2 * 8 + 8 * 16 + 8;
    for byte in 0..192 {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = sample().to_vec();
            bytes[byte] ^= flip;
            assert_eq!(
                Store::from_bytes(bytes).is_err(),
                byte < summed,
                "byte {byte} ^ {flip}"
            );
        }
    }
}

#[test]
fn sections_that_lie_elsewhere_are_refused_or_answer() {
    // A header that is right about itself and wrong about the file.
    for (field, value) in
        (1..17).flat_map(|field| [0, 1, 17, 1 << 20, u64::MAX].map(|value| (field, value)))
    {
        let mut bytes = sample().to_vec();
        bytes[field * 8..][..8].copy_from_slice(&value.to_le_bytes());
        let sum = bytes[..152]
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, &byte| {
                (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        bytes[152..160].copy_from_slice(&sum.to_le_bytes());
        if let Ok(gazetteer) = with_store(bytes) {
            exercise(&gazetteer);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn flipped_bytes_give_an_error_or_an_answer(
        flips in proptest::collection::vec((0..7_usize, any::<prop::sample::Index>(), 1..=u8::MAX), 1..12),
    ) {
        let mut bytes = sample().to_vec();
        let sections = sections(&bytes);
        for (section, index, flip) in flips {
            let section = sections[section].clone();
            bytes[section.start + index.index(section.len())] ^= flip;
        }
        if let Ok(gazetteer) = with_store(bytes) {
            exercise(&gazetteer);
        }
    }
}

#[test]
fn names_of_both_files_are_found_and_the_user_goes_first_when_asked() {
    let mut entry = Entry::new("geonames-0", "广安市", FeatureClass::Facility);
    entry.aliases = vec!["我的广安".to_owned()];
    let gazetteer = |first| {
        let about = About {
            first,
            ..About::default()
        };
        let bytes = try_write(std::slice::from_ref(&entry), &about, MEBIBYTE).expect("whole");
        with_store(bytes).expect("a file of places")
    };
    for first in [false, true] {
        let gazetteer = gazetteer(first);
        let found = gazetteer.find("广安市", None);
        assert_eq!(found.len(), 2, "the city and the place of the user");
        assert_eq!(found[0].place.class == FeatureClass::Facility, first);
        assert_eq!(
            gazetteer.find_one("广安市", None).map(|m| m.place.number()),
            Some(found[0].place.number())
        );
        assert!(gazetteer.find_one("我的广安", None).is_some());
        assert!(gazetteer.find_one("邻水县", None).is_some());
    }
}

#[test]
fn an_identifier_of_the_user_goes_before_the_same_of_the_program() {
    let embedded = Gazetteer::embedded().expect("opens");
    let known = embedded
        .places()
        .find(|place| place.adcode.is_none())
        .expect("a place that is no unit");
    let bytes = write(&[Entry::new(known.id, "我的", FeatureClass::Other)]);
    let gazetteer = with_store(bytes).expect("a file of places");
    assert_eq!(
        gazetteer.with_id(known.id).map(|place| place.name),
        Some("我的")
    );
}
