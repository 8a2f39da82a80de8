//! Files made by hand, byte by byte.

use super::*;
use crate::features::FeatureOptions;
use crate::features::tests::read;
use crate::sample;

/// A table as its bytes, fields at their offsets: each field is a scalar of its size, or an offset to be filled in.
struct Builder {
    bytes: Vec<u8>,
}

enum Field<'a> {
    None,
    Scalar(&'a [u8]),
    /// A vector: its count and its bytes.
    Vector(usize, Vec<u8>),
    /// Tables that are written behind.
    Tables(Vec<Vec<Field<'a>>>),
    Table(Vec<Field<'a>>),
}

impl Builder {
    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn offset(&mut self, at: usize, to: usize) {
        let offset = u32::try_from(to - at).expect("small");
        self.bytes[at..at + 4].copy_from_slice(&offset.to_le_bytes());
    }

    /// Writes a table and gives where it is.
    fn table(&mut self, fields: Vec<Field>) -> usize {
        self.align();
        let vtable = self.bytes.len();
        let length = 4 + 2 * fields.len();
        self.bytes.resize(vtable + length, 0);
        self.align();
        let table = self.bytes.len();
        // Every field has eight bytes.
        self.bytes.resize(table + 8 + 8 * fields.len(), 0);
        let back = i32::try_from(table - vtable).expect("small");
        self.bytes[table..table + 4].copy_from_slice(&back.to_le_bytes());
        let size = u16::try_from(length).expect("small");
        self.bytes[vtable..vtable + 2].copy_from_slice(&size.to_le_bytes());
        for (number, field) in fields.into_iter().enumerate() {
            let at = table + 8 + 8 * number;
            if !matches!(field, Field::None) {
                let entry = vtable + 4 + 2 * number;
                let offset = u16::try_from(at - table).expect("small");
                self.bytes[entry..entry + 2].copy_from_slice(&offset.to_le_bytes());
            }
            match field {
                Field::None => {}
                Field::Scalar(bytes) => {
                    self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
                }
                Field::Vector(count, bytes) => {
                    self.align();
                    // Of doubles the first is aligned, not the length.
                    self.bytes.extend([0; 4]);
                    let to = self.bytes.len();
                    self.bytes
                        .extend(u32::try_from(count).expect("small").to_le_bytes());
                    self.bytes.extend(bytes);
                    self.offset(at, to);
                }
                Field::Table(fields) => {
                    let to = self.table(fields);
                    self.offset(at, to);
                }
                Field::Tables(tables) => {
                    self.align();
                    let to = self.bytes.len();
                    let count = u32::try_from(tables.len()).expect("small");
                    self.bytes.extend(count.to_le_bytes());
                    let first = self.bytes.len();
                    self.bytes.resize(first + 4 * tables.len(), 0);
                    self.offset(at, to);
                    for (index, fields) in tables.into_iter().enumerate() {
                        let table = self.table(fields);
                        self.offset(first + 4 * index, table);
                    }
                }
            }
        }
        table
    }
}

/// A table as a buffer with its length before it.
fn sized(fields: Vec<Field>) -> Vec<u8> {
    let mut builder = Builder { bytes: vec![0; 8] };
    let root = builder.table(fields);
    builder.offset(0, root);
    let length = u32::try_from(builder.bytes.len()).expect("small");
    [&length.to_le_bytes()[..], &builder.bytes].concat()
}

fn text(text: &str) -> Field<'_> {
    Field::Vector(text.len(), text.as_bytes().to_vec())
}

fn doubles<'a>(values: &[f64]) -> Field<'a> {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    Field::Vector(values.len(), bytes)
}

fn column<'a>(name: &'a str, kind: &'a [u8; 1]) -> Vec<Field<'a>> {
    vec![text(name), Field::Scalar(kind)]
}

fn properties<'a>(n: i32, name: &str) -> Field<'a> {
    let mut bytes = vec![0, 0];
    bytes.extend(n.to_le_bytes());
    bytes.extend([1, 0]);
    bytes.extend(u32::try_from(name.len()).expect("small").to_le_bytes());
    bytes.extend(name.as_bytes());
    Field::Vector(bytes.len(), bytes)
}

/// A file of a point, a polygon with a hole and a feature without geometry.
pub(crate) fn small(node_size: u16) -> Vec<u8> {
    let (count, node) = (3_u64.to_le_bytes(), node_size.to_le_bytes());
    let crs = 4326_i32.to_le_bytes();
    let header = sized(vec![
        text("layer"),
        Field::None,
        Field::Scalar(&[0]),
        Field::None,
        Field::None,
        Field::None,
        Field::None,
        Field::Tables(vec![column("n", &[5]), column("name", &[11])]),
        Field::Scalar(&count),
        Field::Scalar(&node),
        Field::Table(vec![Field::None, Field::Scalar(&crs)]),
    ]);
    let mut file = [&MAGIC[..], &[0], &header].concat();
    file.resize(
        file.len() + usize::try_from(index_bytes(3, node_size)).expect("small"),
        0,
    );
    let geometry = |kind: &'static [u8; 1], ends: &[u32], xy: &[f64]| {
        let bytes: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        let absent = || Field::None;
        let ends = if ends.is_empty() {
            Field::None
        } else {
            Field::Vector(ends.len(), bytes)
        };
        let kind = Field::Scalar(kind);
        Field::Table(vec![
            ends,
            doubles(xy),
            absent(),
            absent(),
            absent(),
            absent(),
            kind,
        ])
    };
    let point = geometry(&[1], &[], &[106.5, 30.5]);
    let square = [
        0.0, 0.0, 3.0, 0.0, 3.0, 3.0, 0.0, 0.0, 1.0, 0.5, 2.0, 0.5, 2.0, 1.0, 1.0, 0.5,
    ];
    let polygon = geometry(&[3], &[4, 8], &square);
    file.extend(sized(vec![point, properties(-1, "青石镇")]));
    file.extend(sized(vec![polygon, properties(2, "")]));
    file.extend(sized(vec![Field::None, properties(3, "c")]));
    file
}

#[test]
fn features_are_read_with_and_without_an_index() {
    let dir = sample::dir();
    for node_size in [0, 16] {
        let path = dir.file("a.fgb", &small(node_size));
        let (text, result) = read(&path, &FeatureOptions::default());
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(
            text,
            "0 record 1 Point ([[106.5, 30.5]]) n=-1 name=\"青石镇\"\n\
            1 record 2 Polygon ([[0.0, 0.0], [3.0, 0.0], [3.0, 3.0], [0.0, 0.0]][[1.0, 0.5], [2.0, 0.5], [2.0, 1.0], [1.0, 0.5]]) n=2 name=\"\"\n\
            2 record 3 None n=3 name=\"c\""
        );
    }
}

#[test]
fn an_index_has_the_size_that_the_format_gives_it() {
    assert_eq!(index_bytes(0, 16), 0);
    assert_eq!(index_bytes(3, 16), 4 * NODE_BYTES);
    assert_eq!(index_bytes(17, 16), (17 + 2 + 1) * NODE_BYTES);
    assert_eq!(index_bytes(u64::MAX, 2), u64::MAX);
}
