//! Any bytes under any name.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let names = ["a.txt", "a.html", "a.docx", "a.pdf"];
    yutu_fuzz::read_document(names[usize::from(choice) % names.len()], bytes);
});
