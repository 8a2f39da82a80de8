//! Files written byte by byte here, since the reader is our own.

use gazetteer::FeatureClass;
use geo::{Area, Geometry};

use crate::sample::{self, entries, failure};
use crate::{Origin, ReadOptions, SkipReason};

fn varint(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(u8::try_from(number & 0x7F).expect("seven bits") | 0x80);
        number >>= 7;
    }
    into.push(u8::try_from(number).expect("seven bits"));
}

fn number(field: u64, value: u64, into: &mut Vec<u8>) {
    varint(field << 3, into);
    varint(value, into);
}

fn bytes(field: u64, value: &[u8], into: &mut Vec<u8>) {
    varint(field << 3 | 2, into);
    varint(value.len() as u64, into);
    into.extend(value);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn packed(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut list = Vec::new();
    values
        .into_iter()
        .for_each(|value| varint(value, &mut list));
    list
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut last = 0;
    packed(values.iter().map(|value| {
        let delta = zigzag(value - last);
        last = *value;
        delta
    }))
}

/// A block with its header; data is packed by zlib.
pub(crate) fn blob(kind: &str, data: &[u8], zlib: bool) -> Vec<u8> {
    let mut body = Vec::new();
    if zlib {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, data).expect("in memory");
        number(2, data.len() as u64, &mut body);
        bytes(3, &encoder.finish().expect("in memory"), &mut body);
    } else {
        bytes(1, data, &mut body);
    }
    let mut header = Vec::new();
    bytes(1, kind.as_bytes(), &mut header);
    number(3, body.len() as u64, &mut header);
    let mut out = u32::try_from(header.len())
        .expect("short")
        .to_be_bytes()
        .to_vec();
    out.extend(header);
    out.extend(body);
    out
}

#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    fn index(&mut self, text: &str) -> u64 {
        if self.0.is_empty() {
            self.0.push(String::new());
        }
        let found = self.0.iter().position(|t| t == text);
        found.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        }) as u64
    }

    fn tags(&mut self, tags: &[(&str, &str)], into: &mut Vec<u8>) {
        let keys = packed(tags.iter().map(|(key, _)| self.index(key)));
        let values = packed(tags.iter().map(|(_, value)| self.index(value)));
        bytes(2, &keys, into);
        bytes(3, &values, into);
    }
}

/// A head, and what a mapper would draw: a town, a peak, a river with a relation, a county with an exclave and a hole, a
/// relation that is cut at the edge, and a lake.
#[expect(clippy::too_many_lines, reason = "one file, top to bottom")]
pub(crate) fn small(zlib: bool) -> Vec<u8> {
    let mut strings = Strings::default();
    let mut group = Vec::new();
    // Nodes 1 to 12 dense, by hundredths of a degree; 1 is a town.
    let ids: Vec<i64> = (1..=12).collect();
    let spots = [
        (0, 0),
        (10, 0),
        (10, 10),
        (0, 10),
        (4, 4),
        (6, 4),
        (6, 6),
        (4, 6),
        (20, 0),
        (22, 0),
        (22, 2),
        (30, 30),
    ];
    let mut dense = Vec::new();
    bytes(1, &deltas(&ids), &mut dense);
    bytes(
        8,
        &deltas(&spots.map(|(_, lat)| 290_000_000 + lat * 100_000)),
        &mut dense,
    );
    bytes(
        9,
        &deltas(&spots.map(|(lon, _)| 1_060_000_000 + lon * 100_000)),
        &mut dense,
    );
    let town = [
        ("place", "town"),
        ("name", "Qingshi"),
        ("name:zh", "青石镇"),
        ("alt_name", "青石;石镇"),
        ("population", "12000"),
    ];
    let mut key_values: Vec<u64> = town
        .iter()
        .flat_map(|(k, v)| [strings.index(k), strings.index(v)])
        .collect();
    key_values.extend([0; 12]);
    bytes(10, &packed(key_values), &mut dense);
    bytes(2, &dense, &mut group);
    let mut node = Vec::new();
    number(1, zigzag(13), &mut node);
    strings.tags(&[("natural", "peak"), ("name", "东山")], &mut node);
    number(8, zigzag(295_000_000), &mut node);
    number(9, zigzag(1_065_000_000), &mut node);
    bytes(1, &node, &mut group);
    let mut way = |id: u64, nodes: &[i64], tags: &[(&str, &str)]| {
        let mut way = Vec::new();
        number(1, id, &mut way);
        strings.tags(tags, &mut way);
        bytes(8, &deltas(nodes), &mut way);
        bytes(3, &way, &mut group);
    };
    way(1, &[1, 2, 3], &[]);
    way(2, &[1, 4, 3], &[]);
    way(
        3,
        &[5, 6, 7, 8, 5],
        &[("natural", "water"), ("water", "lake"), ("name", "西湖")],
    );
    way(4, &[9, 10, 11, 9], &[]);
    way(5, &[1, 9, 12], &[("waterway", "river"), ("name", "东河")]);
    way(7, &[9, 12], &[("waterway", "canal"), ("name", "西渠")]);
    way(6, &[1, 12], &[("highway", "motorway"), ("ref", "G99")]);
    let mut relation = |id: u64, members: &[(i64, u64, &str)], tags: &[(&str, &str)]| {
        let mut relation = Vec::new();
        number(1, id, &mut relation);
        strings.tags(tags, &mut relation);
        let roles = packed(members.iter().map(|(_, _, role)| strings.index(role)));
        bytes(8, &roles, &mut relation);
        let ids: Vec<i64> = members.iter().map(|(id, ..)| *id).collect();
        bytes(9, &deltas(&ids), &mut relation);
        bytes(
            10,
            &packed(members.iter().map(|(_, kind, _)| *kind)),
            &mut relation,
        );
        bytes(4, &relation, &mut group);
    };
    let county = [
        ("type", "boundary"),
        ("boundary", "administrative"),
        ("admin_level", "6"),
        ("name", "青石县"),
        ("ref:admin", "509901"),
    ];
    relation(
        1,
        &[
            (1, 0, "admin_centre"),
            (1, 1, "outer"),
            (2, 1, "outer"),
            (3, 1, "inner"),
            (4, 1, "outer"),
        ],
        &county,
    );
    let mut edge = county;
    edge[3].1 = "边县";
    relation(2, &[(1, 1, "outer"), (99, 1, "outer")], &edge);
    relation(
        3,
        &[(5, 1, "main_stream")],
        &[
            ("type", "waterway"),
            ("waterway", "river"),
            ("name", "东河"),
        ],
    );
    let mut table = Vec::new();
    strings
        .0
        .iter()
        .for_each(|text| bytes(1, text.as_bytes(), &mut table));
    let mut block = Vec::new();
    bytes(1, &table, &mut block);
    bytes(2, &group, &mut block);
    let mut header = Vec::new();
    bytes(4, b"OsmSchema-V0.6", &mut header);
    bytes(4, b"DenseNodes", &mut header);
    let mut file = blob("OSMHeader", &header, zlib);
    file.extend(blob("OSMData", &block, zlib));
    file
}

#[test]
fn nodes_ways_and_relations_become_places() {
    let dir = sample::dir();
    let path = dir.file("a.osm.pbf", &small(true));
    let (found, summary) = entries(&path, &ReadOptions::default());
    let ids: Vec<&str> = found.iter().map(|(e, _)| e.id.as_str()).collect();
    assert_eq!(
        ids,
        ["osm-n1", "osm-n13", "osm-w3", "osm-w7", "osm-r1", "osm-r3"]
    );
    let town = &found[0].0;
    assert_eq!(
        (town.name.as_str(), town.class, town.weight),
        ("青石镇", FeatureClass::Town, 12_000)
    );
    assert_eq!(town.aliases, ["Qingshi", "青石", "石镇"]);
    assert_eq!(
        town.position.map(|p| (p.lon(), p.lat())),
        Some((106.0, 29.0))
    );
    assert_eq!(found[1].0.class, FeatureClass::Mountain);
    assert_eq!(found[2].0.class, FeatureClass::Lake);
    assert!(matches!(found[3].0.geometry, Some(Geometry::LineString(_))));
    let (county, origin) = &found[4];
    assert_eq!(
        (county.class, county.adcode),
        (FeatureClass::County, Some(509_901))
    );
    assert_eq!(*origin, Origin::OsmRelation(1));
    let Some(Geometry::MultiPolygon(areas)) = &county.geometry else {
        panic!("{:?}", county.geometry);
    };
    // Ten by ten less two by two, and the triangle, in hundredths of a degree.
    assert!((areas.unsigned_area() - (100.0 - 4.0 + 2.0) * 1e-4).abs() < 1e-9);
    assert!(matches!(
        found[5].0.geometry,
        Some(Geometry::MultiLineString(_))
    ));
    assert_eq!(
        summary.skipped,
        [(SkipReason::Incomplete, 1), (SkipReason::Joined, 1)]
    );
    let (plain, _) = entries(
        &dir.file("b.osm.pbf", &small(false)),
        &ReadOptions::default(),
    );
    assert_eq!(plain, found);
}

#[test]
fn motorways_come_only_when_they_are_asked_for() {
    let dir = sample::dir();
    let options = ReadOptions {
        keep: vec![FeatureClass::Expressway],
        ..ReadOptions::default()
    };
    let (found, summary) = entries(&dir.file("a.pbf", &small(true)), &options);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].0.name.as_str(), found[0].0.id.as_str()),
        ("G99", "osm-w6")
    );
    assert_eq!(summary.skipped, [(SkipReason::NotKept, 8)]);
}

#[test]
fn cut_and_hostile_files_are_explained() {
    let dir = sample::dir();
    let whole = small(true);
    let data_at = blob("OSMHeader", &[], true).len();
    let with = |data: &[u8], zlib| {
        let mut file = blob("OSMHeader", &[], true);
        file.extend(blob("OSMData", data, zlib));
        file
    };
    let mut absurd = with(&[], true);
    absurd.truncate(data_at);
    absurd.extend([0xFF; 8]);
    let mut large = vec![0, 0, 0, 0];
    bytes(1, b"OSMData", &mut large);
    number(3, 1 << 40, &mut large);
    large[3] = u8::try_from(large.len() - 4).expect("short");
    let large = [&with(&[], true)[..data_at], &large].concat();
    let mut bomb = Vec::new();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &vec![0; 40 << 20]).expect("in memory");
    number(2, 100, &mut bomb);
    bytes(3, &encoder.finish().expect("in memory"), &mut bomb);
    let mut bomb_file = blob("OSMHeader", &[], true);
    let mut header = Vec::new();
    bytes(1, b"OSMData", &mut header);
    number(3, bomb.len() as u64, &mut header);
    bomb_file.extend(u32::try_from(header.len()).expect("short").to_be_bytes());
    bomb_file.extend(header);
    bomb_file.extend(bomb);
    // An id beyond 64 bits, a string that is not there, a member of no type.
    let mut group = Vec::new();
    let mut dense = Vec::new();
    bytes(1, &packed([zigzag(i64::MAX), zigzag(i64::MAX)]), &mut dense);
    bytes(8, &[0, 0], &mut dense);
    bytes(9, &[0, 0], &mut dense);
    bytes(2, &dense, &mut group);
    let mut overflow = Vec::new();
    bytes(2, &group, &mut overflow);
    let mut relation = Vec::new();
    bytes(8, &[0], &mut relation);
    bytes(9, &[0], &mut relation);
    bytes(10, &[7], &mut relation);
    let mut group = Vec::new();
    bytes(4, &relation, &mut group);
    let mut no_type = Vec::new();
    bytes(2, &group, &mut no_type);
    for (file, says) in [
        (whole[..2].to_vec(), "it ends inside the length of a block"),
        (
            whole[..whole.len() - 5].to_vec(),
            "it ends inside a block: it was cut off",
        ),
        (
            absurd,
            "the header of a block declares 4294967295, but there can be at most 65536",
        ),
        (large, "the block declares 1099511627776"),
        (
            bomb_file,
            "an unpacked block: found more, expected 100 bytes",
        ),
        (with(&overflow, true), "a number beyond 64 bits"),
        (with(&no_type, false), "member type 7"),
        (
            with(&[0x12, 0x7F], false),
            "a field of a protocol buffer declares 127",
        ),
        (
            blob("Other", &[], false),
            "this is no OSM extract (.osm.pbf): found a block `Other`",
        ),
        (with(&[], true), "nothing to import"),
    ] {
        let message = failure(&dir.file("a.osm.pbf", &file), &ReadOptions::default());
        assert!(message.contains(says), "{says}: {message}");
    }
}
