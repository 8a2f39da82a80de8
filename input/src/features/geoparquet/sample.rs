//! A small file, written by the crate.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

const SCHEMA: &str = "message schema { optional binary name (UTF8); optional int64 n; required double x; optional binary code (UTF8); \
    optional binary geometry; }";
const GEO: &str = r#"{"version":"1.0.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":[]}}}"#;

fn point(lon: f64, lat: f64) -> ByteArray {
    let head = [1, 1, 0, 0, 0];
    [&head[..], &lon.to_le_bytes(), &lat.to_le_bytes()]
        .concat()
        .into()
}

/// Three rows, a null in each column that may have one; packed, with dictionaries and differences. `version`: that of the pages.
pub(in crate::features) fn small(version: u8) -> Vec<u8> {
    let schema = parse_message_type(SCHEMA).expect("a schema");
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_writer_version(if version == 1 {
            WriterVersion::PARQUET_1_0
        } else {
            WriterVersion::PARQUET_2_0
        })
        .set_column_dictionary_enabled(ColumnPath::from("n"), false)
        .set_column_encoding(ColumnPath::from("n"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(ColumnPath::from("code"), false)
        .set_column_encoding(ColumnPath::from("code"), Encoding::DELTA_BYTE_ARRAY)
        .set_key_value_metadata(Some(vec![KeyValue::new("geo".to_owned(), GEO.to_owned())]))
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))
        .expect("a writer");
    let mut group = file.next_row_group().expect("a group");
    let levels: [&[i16]; 3] = [&[1, 0, 1], &[1, 1, 0], &[0, 1, 1]];
    let texts = |texts: [&str; 2]| texts.map(ByteArray::from);
    macro_rules! put {
        ($kind:ty, $values:expr, $levels:expr) => {{
            let mut column = group.next_column().expect("a column").expect("one more");
            column
                .typed::<$kind>()
                .write_batch($values, $levels, None)
                .expect("written");
            column.close().expect("closed");
        }};
    }
    put!(ByteArrayType, &texts(["青石", "龙驹"]), Some(levels[0]));
    put!(Int64Type, &[7, -9], Some(levels[1]));
    put!(DoubleType, &[0.5, 1.5, 2.5], None);
    put!(ByteArrayType, &texts(["0510", "0511"]), Some(levels[2]));
    put!(
        ByteArrayType,
        &[point(106.5, 29.5), point(104.0, 30.6)],
        Some(levels[0])
    );
    group.close().expect("closed");
    file.into_inner().expect("whole")
}
