//! Any characters as the text of a plan.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yutu_fuzz::read_text(text));
