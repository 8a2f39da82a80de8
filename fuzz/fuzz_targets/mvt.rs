//! Any bytes as a vector tile.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yutu_fuzz::archives::look_at_tile(bytes));
