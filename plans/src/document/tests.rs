//! The same words in every format, and what no format may do with bytes that are not its own.

use std::error::Error as _;
use std::io::{Cursor, Write as _};

use encoding_rs::{BIG5, GB18030, WINDOWS_1252};
use gazetteer::Gazetteer;
use zip::write::SimpleFileOptions;

use super::{Document, DocumentError, DocumentFormat, Encoding};
use crate::{CleanText, mentions};

/// Invented, with names on both sides of every kind of break.
const LINES: [&str; 4] = [
    "关于重庆市与成都市合办花市的设想",
    "花市每年 3 月在重庆市永川区、四川省泸州市轮流举办，菊花由大足区供给。",
    "沿G42沪蓉高速公路和沱江、岷江设花站12处——南充市、遂宁市各3处。",
    "四川省\t宜宾市\t泸州市",
];

fn plain() -> String {
    LINES.join("\n")
}

fn utf_16(text: &str, mark: bool, little: bool) -> Vec<u8> {
    let units = mark
        .then_some(0xfeff)
        .into_iter()
        .chain(text.encode_utf16());
    let bytes = units.map(|unit| {
        if little {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    });
    bytes.flatten().collect()
}

fn gb_18030(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = GB18030.encode(text);
    assert!(!unmappable);
    bytes.into_owned()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("in memory");
        writer.write_all(bytes).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

/// Every line a paragraph, and every few characters a run; the last is a table.
fn docx() -> Vec<u8> {
    let paragraph = |line: &str| {
        let letters: Vec<char> = line.chars().collect();
        let runs = letters.chunks(5).map(|run| {
            let run: String = run.iter().collect();
            format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{run}</w:t></w:r>")
        });
        format!("<w:p>{}</w:p>", runs.collect::<String>())
    };
    let (last, lines) = LINES.split_last().expect("four");
    let cells = last
        .split('\t')
        .map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell)));
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{}<w:tbl><w:tr>{}</w:tr></w:tbl><w:sectPr/></w:body></w:document>",
        lines.iter().map(|line| paragraph(line)).collect::<String>(),
        cells.collect::<String>()
    );
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/footnotes.xml", "<w:t>北京市</w:t>".as_bytes()),
        (super::docx::MAIN_PART, xml.as_bytes()),
    ])
}

fn html(charset: &str) -> String {
    let paragraph = |line: &&str| {
        let line = line
            .replace('成', "&#25104;")
            .replace("——", "&mdash;&mdash;");
        ["<p>", &line, "</p>\n"].concat()
    };
    let (last, lines) = LINES.split_last().expect("four");
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"{charset}\"><title>{}</title></head>\n<body><nav>北京市</nav>{}<table><tr><td>{}</td></tr></table></body></html>",
        lines[0],
        lines[1..].iter().map(paragraph).collect::<String>(),
        last.replace('\t', "</td><td>")
    )
}

fn read(name: &str, bytes: Vec<u8>) -> Document {
    Document::from_bytes(name, bytes).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn failure(name: &str, bytes: &[u8]) -> DocumentError {
    Document::from_bytes(name, bytes.to_vec()).expect_err(name)
}

/// Every way to write the same words, with what it is to be taken for.
fn all_forms() -> Vec<(&'static str, Vec<u8>, DocumentFormat, Encoding)> {
    use DocumentFormat::{Docx, Html, Pdf, Text};
    use Encoding::{Gb18030, Utf8, Utf16Be, Utf16Le};
    let text = plain();
    vec![
        ("utf-8.txt", text.clone().into_bytes(), Text(Utf8), Utf8),
        (
            "mark.txt",
            format!("\u{feff}{text}").into_bytes(),
            Text(Utf8),
            Utf8,
        ),
        ("gb.txt", gb_18030(&text), Text(Gb18030), Gb18030),
        (
            "le-mark.txt",
            utf_16(&text, true, true),
            Text(Utf16Le),
            Utf16Le,
        ),
        (
            "be-mark.txt",
            utf_16(&text, true, false),
            Text(Utf16Be),
            Utf16Be,
        ),
        ("le.txt", utf_16(&text, false, true), Text(Utf16Le), Utf16Le),
        (
            "be.txt",
            utf_16(&text, false, false),
            Text(Utf16Be),
            Utf16Be,
        ),
        ("plan.docx", docx(), Docx, Utf8),
        ("misnamed.txt", docx(), Docx, Utf8),
        ("plan.pdf", super::pdf::tests::of_lines(&LINES), Pdf, Utf8),
        (
            "misnamed.html",
            super::pdf::tests::of_lines(&LINES),
            Pdf,
            Utf8,
        ),
        ("page.html", html("utf-8").into_bytes(), Html, Utf8),
        ("page.txt", html("utf-8").into_bytes(), Html, Utf8),
        ("gb.html", gb_18030(&html("gb2312")), Html, Gb18030),
        ("undeclared.html", gb_18030(&html("utf-8")), Html, Gb18030),
        (
            "wide.html",
            utf_16(&html("utf-16"), true, true),
            Html,
            Utf16Le,
        ),
    ]
}

#[test]
fn the_same_words_in_every_format_hold_the_same_names() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let surfaces = |document: &Document| -> Vec<String> {
        let text = CleanText::new(document.text()).expect("short");
        let found = mentions(&gazetteer, &text, None).mentions;
        found.into_iter().map(|mention| mention.surface).collect()
    };
    let expected = surfaces(&read("plain.txt", plain().into_bytes()));
    assert!(expected.len() > 10, "{expected:?}");
    assert!(!expected.contains(&"北京市".to_owned()));
    for (name, bytes, format, encoding) in all_forms() {
        let document = read(name, bytes);
        assert_eq!(
            (document.format(), document.encoding()),
            (format, encoding),
            "{name}"
        );
        assert_eq!(surfaces(&document), expected, "{name}: {}", document.text());
        let lines: Vec<&str> = document
            .text()
            .trim_matches(['\u{feff}', '\n'])
            .lines()
            .collect();
        assert_eq!(lines, LINES, "{name}");
    }
}

#[test]
fn offsets_of_a_text_with_a_mark_are_those_of_the_file() {
    let bytes = "\u{feff}在重庆市".as_bytes().to_vec();
    let document = read("a.txt", bytes.clone());
    let clean = CleanText::new(document.text()).expect("short");
    assert_eq!(clean.as_str(), "在重庆市");
    assert_eq!(
        &bytes[clean.source_range("在".len().."在重庆市".len())],
        "重庆市".as_bytes()
    );
}

#[test]
fn formats_that_are_not_read_are_named_with_the_next_step() {
    for (name, bytes, found, next) in [
        (
            "a.doc",
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"[..],
            ".doc",
            "save it as .docx",
        ),
        ("a", b"{\\rtf1\\ansi", ".rtf", "save it as .docx"),
        ("a.txt.gz", b"\x1f\x8b\x08\0", "gzip", "gunzip"),
    ] {
        let error = failure(name, bytes).to_string();
        assert!(
            error.contains(found) && error.contains(next),
            "{name}: {error}"
        );
    }
    assert_eq!(
        read("notes.txt", b"a PDF starts with %PDF-".to_vec())
            .text()
            .len(),
        23
    );
}

#[test]
fn archives_of_something_else_or_of_nothing_are_refused() {
    let other = zipped(&[("word/documents.xml", b"<a/>"), ("document.xml", b"<a/>")]);
    assert!(matches!(failure("a.docx", &other), DocumentError::NotWord));
    let broken = failure("a.docx", b"PK\x03\x04 and no more");
    assert!(matches!(broken, DocumentError::Archive { .. }) && broken.source().is_some());
    let many: Vec<u8> = b"PK\x01\x02".repeat(20_000);
    let many = [b"PK\x03\x04", many.as_slice()].concat();
    assert!(matches!(
        failure("a.docx", &many),
        DocumentError::Members { .. }
    ));
    let numbered = zipped(&[("word/document2.xml", "<d><p><t>甲</t></p></d>".as_bytes())]);
    assert_eq!(read("a.docx", numbered).text(), "甲\n");
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let blank = vec![b' '; 8 << 20];
    let bomb = zipped(&[(super::docx::MAIN_PART, &blank)]);
    let error = failure("a.docx", &bomb);
    assert!(
        matches!(error, DocumentError::Bomb { packed, .. } if packed < 1 << 16),
        "{error}"
    );
}

/// The end of an archive that says how many members its directory has, how long it is, and where it begins.
fn directory_end(members: u16, length: u32, at: u32) -> Vec<u8> {
    let members = members.to_le_bytes();
    let parts = [
        &b"PK\x05\x06\0\0\0\0"[..],
        &members,
        &members,
        &length.to_le_bytes(),
        &at.to_le_bytes(),
        b"\0\0",
    ];
    parts.concat()
}

#[test]
fn an_archive_that_lies_about_its_directory_is_refused() {
    let start = b"PK\x03\x04 and no more";
    let huge = directory_end(u16::MAX, u32::MAX, 4);
    // The wide form, for 2^60 members in as many bytes.
    let wide = [
        &b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0"[..],
        &(1_u64 << 60).to_le_bytes().repeat(4),
        b"PK\x06\x07\0\0\0\0\x10\0\0\0\0\0\0\0\x01\0\0\0",
        &huge,
    ];
    for end in [huge.clone(), huge.repeat(100_000), wide.concat()] {
        let error = failure("a.docx", &[&start[..], &end].concat());
        assert!(matches!(error, DocumentError::Archive { .. }), "{error}");
    }
    let whole = docx();
    for cut in (5..whole.len()).step_by(7) {
        let error = failure("a.docx", &whole[..cut]);
        assert!(matches!(error, DocumentError::Archive { .. }), "{error}");
    }
}

/// What is read more than once for each of its bytes would take hours.
#[test]
fn pages_of_half_a_tag_over_and_over_end_soon() {
    for half in [
        "<",
        "</",
        "<!--",
        "<!",
        "<a b='",
        "<a b=\"'",
        "<script>",
        "<script></script",
        "</nav",
        "<nav>",
        "<td> ",
        "<tr><td> \n",
        "<p> ",
        "&",
        "&#",
        "&amp",
        "<!--><?",
        "<div>",
    ] {
        let page = format!("<html>{}重庆", half.repeat(300_000));
        let read = read("a.html", page.into_bytes());
        assert_eq!(read.format(), DocumentFormat::Html, "{half}");
    }
    for part in [
        "<w:p>",
        "<w:t>a</w:t>",
        "<a b='",
        "<!--",
        "&amp;",
        "<![CDATA[",
        "<w:tc/>",
        "<?a",
        "<w:del>",
    ] {
        let xml = format!("<w:document><w:body>{}", part.repeat(200_000));
        let error = failure(
            "a.docx",
            &zipped(&[(super::docx::MAIN_PART, xml.as_bytes())]),
        );
        assert!(!error.to_string().is_empty(), "{part}");
    }
}

#[test]
fn bytes_in_no_known_encoding_are_named_by_their_place() {
    // All of it decodes as GB 18030, half of it as characters in use.
    let big5 = BIG5.encode("臺灣省縣道路橋樑運輸規劃").0.into_owned();
    let western = WINDOWS_1252
        .encode("Überprüfung der Flächen für Überlandstraßen")
        .0
        .into_owned();
    let wide_without_a_blank = utf_16("花市每年在重庆市永川区与泸州市轮流举办", false, true);
    for (bytes, at) in [
        (&b"abc\xff"[..], 3),
        (b"\xe5\xb9\xbf\xff", 3),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0),
        (&big5, 0),
        (&western, 0),
    ] {
        let error = failure("a.txt", bytes);
        assert!(
            matches!(error, DocumentError::Encoding { at: found } if found == at),
            "{error}"
        );
        assert!(error.to_string().contains("UTF-8"), "{error}");
    }
    assert!(matches!(
        failure("a.txt", &wide_without_a_blank),
        DocumentError::Encoding { .. }
    ));
    let error = failure("a.txt", b"\xff\xfe\x4e\x2d\x00\xd8");
    assert!(
        matches!(error, DocumentError::Declared { at: 4, .. }),
        "{error:?}"
    );
    let page = [b"<html><meta charset=big5>", big5.as_slice()].concat();
    let error = failure("a.html", &page).to_string();
    assert!(error.contains("`big5`"), "{error}");
    let page = failure("a.html", b"<html><meta charset=gbk>\xd6\xd8\xff");
    assert!(
        matches!(page, DocumentError::Declared { at: 26, .. }),
        "{page:?}"
    );
}

#[test]
fn a_stream_of_too_many_bytes_is_refused_and_a_missing_file_says_why() {
    let endless = std::io::repeat(b' ');
    let error = Document::from_reader("-", endless).expect_err("endless");
    assert!(matches!(error, DocumentError::TooLarge { .. }), "{error}");
    let missing = Document::open(std::path::Path::new("no such file")).expect_err("missing");
    assert!(matches!(missing, DocumentError::Read { .. }) && missing.source().is_some());
    let _crosses_threads: Box<dyn std::error::Error + Send + Sync> = missing.into();
    assert_eq!(read("", Vec::new()).text(), "");
}

#[test]
fn nul_bytes_tell_utf_16_unless_they_are_strays() {
    // Every NUL but one is on the other side.
    let text = "一\u{3000}一开刀市\u{3000}一\n";
    for little in [true, false] {
        let document = read("a.txt", utf_16(text, false, little));
        assert_eq!(document.text(), text, "{:?}", document.encoding());
    }
    assert_eq!(
        read("a.txt", utf_16("Chengdu", false, true)).text(),
        "Chengdu"
    );
    let stray = "Chengdu\0 and Chongqing";
    assert_eq!(read("a.txt", stray.as_bytes().to_vec()).text(), stray);
}

/// Numbers that only look random (Knuth's MMIX multiplier).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

#[test]
fn cut_and_changed_bytes_are_read_or_refused() {
    let mut numbers = Numbers(2021);
    let (mut taken, mut refused) = (0, 0);
    for (name, bytes, ..) in all_forms() {
        for round in 0..600 {
            let mut changed = bytes.clone();
            if round % 3 == 0 {
                changed.truncate(numbers.below(bytes.len()));
            } else if round % 3 == 1 {
                let from = numbers.below(bytes.len());
                let to = from + numbers.below(bytes.len() - from);
                changed.drain(from..to);
            }
            for _ in 0..round % 5 {
                if !changed.is_empty() {
                    let at = numbers.below(changed.len());
                    changed[at] ^= 1 << numbers.below(8);
                }
            }
            match Document::from_bytes(name, changed) {
                Ok(document) => {
                    taken += 1;
                    let clean = CleanText::new(document.text()).expect("short");
                    let whole = clean.source_range(0..clean.as_str().len());
                    assert!(document.text().get(whole).is_some(), "{name}");
                }
                Err(error) => {
                    refused += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    // Both happen, or the loop changes nothing or everything.
    assert!(
        taken > 500 && refused > 500,
        "{taken} taken, {refused} refused"
    );
}

/// The part unpacked: changes reach the reader of XML instead of the checksum.
#[test]
fn changed_xml_is_read_or_refused() {
    let xml = "<d><body><p><r><t>重庆&amp;&#24198;</t><tab/></r></p><tbl><tr><tc><p/></tc></tr></tbl><del><t>甲</t></del></body></d>";
    let mut numbers = Numbers(35);
    for _ in 0..3000 {
        let mut bytes = xml.as_bytes().to_vec();
        for _ in 0..=numbers.below(4) {
            let (at, other) = (numbers.below(bytes.len()), numbers.below(bytes.len()));
            match numbers.below(3) {
                0 => bytes[at] ^= 1 << numbers.below(8),
                1 => bytes.swap(at, other),
                _ => bytes.truncate(at + 1),
            }
        }
        let document = Document::from_bytes("a", zipped(&[(super::docx::MAIN_PART, &bytes)]));
        if let Err(error) = document {
            assert!(!error.to_string().is_empty());
        }
    }
}
