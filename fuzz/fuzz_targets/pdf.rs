//! Bytes behind the mark of a PDF.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    yutu_fuzz::open("a.pdf", &[b"%PDF-1.7\n", bytes].concat());
});
