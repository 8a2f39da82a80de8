//! Any bytes as a file of features, in the format that the last byte chooses; read twice, on one thread and on two.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_last() else {
        return;
    };
    let names = [
        "a.ndjson",
        "a.csv",
        "a.geojson",
        "a.fgb",
        "a.gpkg",
        "a.zip",
        "a.tsv",
        "a.bin",
        "a.parquet",
        "a.kml",
        "a.topojson",
    ];
    let name = names[usize::from(*choice) % names.len()];
    yutu_fuzz::features::read(name, bytes);
});
