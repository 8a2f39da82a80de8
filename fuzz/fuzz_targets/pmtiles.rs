//! Any bytes as a `PMTiles` archive.
#![no_main]

use yutu_fuzz::archives::{look_at, place};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = place("a.pmtiles");
    std::fs::write(&path, bytes).expect("written");
    look_at(&path);
});
