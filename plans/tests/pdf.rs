//! PDF files that someone else's program prints hold the words that were given to it.

#![expect(
    clippy::print_stdout,
    reason = "a skipped test says so, and scripts/test counts it"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gazetteer::Gazetteer;
use plans::{CleanText, Document, DocumentFormat, mentions};

/// What a program says that others wrote. None when it is not there: the test command of the README installs it and
/// sets `YUTU_REQUIRE_TOOLS`, and then it must not be missing.
fn said(program: &str, arguments: &[&Path]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => {
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        other => {
            assert!(
                std::env::var_os("YUTU_REQUIRE_TOOLS").is_none(),
                "{program} is missing or fails: {other:?}"
            );
            println!("SKIPPED: {program} with {arguments:?}; scripts/test installs it");
            None
        }
    }
}

/// Prints a text as a PDF, and tells how many pages it has.
fn print(text: &Path, pdf: &Path) -> Option<usize> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/print_pdf.py");
    // The system's own Python, which its packages are for.
    let pages = said("/usr/bin/python3", &[&script, text, pdf])?;
    Some(pages.trim().parse().expect("a number of pages"))
}

fn without_blanks(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{feff}')
        .collect()
}

/// Fails with a few characters of a plan, not with all of it.
fn assert_same(read: &str, given: &str) {
    let parted = read.chars().zip(given.chars()).position(|(a, b)| a != b);
    let around = |text: &str| -> String {
        let from = parted.unwrap_or_default().saturating_sub(4);
        text.chars().skip(from).take(12).collect()
    };
    assert!(read == given, "{} for {}", around(read), around(given));
}

fn surfaces(gazetteer: &Gazetteer, text: &str) -> Vec<String> {
    let clean = CleanText::new(text).expect("short");
    let found = mentions(gazetteer, &clean, None).mentions;
    found.into_iter().map(|mention| mention.surface).collect()
}

/// What is printed is read as it was, with the names in it.
fn assert_is_read(text: &Path) -> Option<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let pdf: PathBuf = folder.path().join("a.pdf");
    let pages = print(text, &pdf)?;
    let given = fs::read_to_string(text).expect("UTF-8");
    let read = Document::open(&pdf).expect("a PDF with text");
    assert_eq!(read.format(), DocumentFormat::Pdf);
    assert_same(&without_blanks(read.text()), &without_blanks(&given));
    assert_eq!(read.text().matches("\n\u{c}\n").count() + 1, pages);
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let names = surfaces(&gazetteer, read.text());
    assert!(!names.is_empty());
    assert_same(&names.join(" "), &surfaces(&gazetteer, &given).join(" "));
    Some(())
}

#[test]
fn a_text_that_cairo_prints_is_read_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("a.txt");
    let paragraph = "花市在重庆市永川区、四川省泸州市轮流举办（共12处），菊花由大足区供给；沿G42沪蓉高速公路设站——\n";
    fs::write(&text, paragraph.repeat(60)).expect("written");
    assert_is_read(&text);
}

/// Every method, packed objects, and a table that is gone.
#[test]
fn a_file_that_only_forbids_changes_is_read_and_one_with_a_password_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let [text, pdf, protected] = ["a.txt", "a.pdf", "b.pdf"].map(|name| folder.path().join(name));
    fs::write(&text, "花市在重庆市永川区举办。\n").expect("written");
    if print(&text, &pdf).is_none() {
        return;
    }
    let open = Document::open(&pdf).expect("a PDF with text");
    for method in [
        "--encrypt||owner|40|--",
        "--encrypt||owner|128|--use-aes=n|--",
        "--encrypt||owner|128|--use-aes=y|--cleartext-metadata|--",
        "--encrypt||owner|256|--force-R5|--",
        "--encrypt||owner|256|--",
        "--object-streams=generate|--encrypt||owner|256|--",
    ] {
        let mut arguments = vec![Path::new("--allow-weak-crypto")];
        arguments.extend(method.split('|').map(Path::new));
        arguments.extend([pdf.as_path(), &protected]);
        if said("qpdf", &arguments).is_none() {
            return;
        }
        let mut bytes = fs::read(&protected).expect("a file");
        let read = Document::from_bytes("b.pdf", bytes.clone()).expect(method);
        assert_eq!(read.text(), open.text(), "{method}");
        let tail = bytes.len() - 40;
        let mark = bytes[tail..]
            .windows(9)
            .position(|nine| nine == b"startxref");
        bytes.truncate(tail + mark.expect("near the end"));
        let read = Document::from_bytes("b.pdf", bytes).expect(method);
        assert_eq!(read.text(), open.text(), "{method}, searched");
    }
    let secret = ["--encrypt", "secret", "owner", "256", "--"].map(Path::new);
    let arguments = [&secret[..], &[pdf.as_path(), &protected]].concat();
    if said("qpdf", &arguments).is_some() {
        let error = Document::open(&protected)
            .expect_err("protected")
            .to_string();
        assert!(error.contains("password"), "{error}");
    }
}

#[test]
fn the_plans_that_cairo_prints_hold_the_same_names() {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/plans");
    let Ok(files) = fs::read_dir(&plans) else {
        println!("SKIPPED: no plans beside the checkout");
        return;
    };
    for file in files {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "txt") && assert_is_read(&path).is_none()
        {
            return;
        }
    }
}
