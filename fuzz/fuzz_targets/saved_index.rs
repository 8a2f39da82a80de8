//! Any bytes as the sections of a saved index of points, behind a header that fits them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yutu_fuzz::index::ask(bytes));
