//! An archive as it is, and any other bytes as the main part of one, so that they get past its checksums.
#![no_main]

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        yutu_fuzz::open("a.docx", bytes);
        return;
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    archive
        .start_file("word/document.xml", stored)
        .expect("in memory");
    archive.write_all(bytes).expect("in memory");
    let archive = archive.finish().expect("in memory").into_inner();
    yutu_fuzz::open("a.docx", &archive);
});
