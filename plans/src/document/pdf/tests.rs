//! Whole files, made here: what is read, and what is refused with its reason.

use super::{PdfError, text};

/// Makes a file of objects, numbered from 1; the first is the catalogue.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = places.len() + 1;
    bytes.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF").bytes(),
    );
    bytes
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// The objects of one page: 4 is its content, 5 its font, and more come after.
fn page(content: &[u8], font: &str, more: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
            .to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".to_vec(),
        stream("", content),
        font.as_bytes().to_vec(),
    ];
    objects.extend_from_slice(more);
    objects
}

/// A font that is not in the file, with codes of a known set.
fn font(encoding: &str) -> String {
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/{encoding}/DescendantFonts[<</Subtype/CIDFontType2\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
    )
}

/// The codes of a text in GBK, as a string of a page.
fn gbk(text: &str) -> String {
    let (bytes, ..) = encoding_rs::GB18030.encode(text);
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    let digits: String = bytes.iter().flat_map(digits).flatten().collect();
    format!("<{digits}>")
}

/// A file of one page with these lines; tabs part them into columns.
pub(in crate::document) fn of_lines(lines: &[&str]) -> Vec<u8> {
    let mut content = "BT /F 12 Tf ".to_owned();
    for (line, row) in lines.iter().zip(0..) {
        for (cell, column) in line.split('\t').zip(0..) {
            let (x, y) = (50 + 150 * column, 700 - 20 * row);
            let cell = gbk(cell);
            content.extend([
                "1 0 0 1 ",
                &x.to_string(),
                " ",
                &y.to_string(),
                " Tm ",
                &cell,
                " Tj ",
            ]);
        }
    }
    content += "ET";
    file(&page(content.as_bytes(), &font("GBK-EUC-H"), &[]), "")
}

fn one_line() -> Vec<Vec<u8>> {
    let content = format!(
        "BT /F 12 Tf 50 700 Td {} Tj ET",
        gbk("嘉陵江上的3座桥，一座在合川")
    );
    page(content.as_bytes(), &font("GBK-EUC-H"), &[])
}

#[test]
fn codes_in_gbk_are_read_by_the_name_of_their_table() {
    let read = text(&file(&one_line(), ""));
    assert_eq!(read.as_deref(), Ok("嘉陵江上的3座桥，一座在合川\n"));
}

#[test]
fn glyph_numbers_are_read_by_a_table_in_the_file_or_by_their_order() {
    let table = "begincmap 1 begincodespacerange <0000><ffff> endcodespacerange \
                 3 beginbfchar <0007><6C5F> <0008><2F2D> <0009><2E3A> endbfchar endcmap";
    let identity = font("Identity-H");
    let mapped = identity.replace("/Encoding", "/ToUnicode 6 0 R/Encoding");
    let content = b"BT /F 12 Tf 50 700 Td [<0007> -2000 <00080009>] TJ 0 -20 Td (\0\x22) Tj ET";
    let read = text(&file(
        &page(content, &mapped, &[stream("", table.as_bytes())]),
        "",
    ));
    // The radical of 山, two sizes away, and two dashes in one glyph; glyph 34 is the A of Adobe-GB1.
    assert_eq!(read.as_deref(), Ok("江\t山——\nA\n"));
}

#[test]
fn text_stands_where_forms_and_matrices_put_it() {
    let form = stream(
        "/Subtype/Form/Matrix[1 0 0 1 0 -100]",
        format!("BT /F 10 Tf 50 700 Td {} Tj ET", gbk("乙")).as_bytes(),
    );
    let content = format!(
        "q 2 0 0 2 0 0 cm /X Do Q BT /F 10 Tf 20 TL 0 1 -1 0 300 100 Tm {} Tj T* {} Tj ET BI /W 1 ID \x01 EI Q EI \n\
         BT /F 10 Tf 50 1300 Td {} Tj ET",
        gbk("上"),
        gbk("行"),
        gbk("甲")
    );
    let objects = page(content.as_bytes(), &font("GBK-EUC-H"), &[form]);
    assert_eq!(text(&file(&objects, "")).as_deref(), Ok("乙\n上\n行\n甲\n"));
}

#[test]
fn pages_are_parted_by_a_form_feed() {
    let mut objects = one_line();
    objects[1] = b"<</Kids[3 0 R 6 0 R]/Resources<</Font<</F 5 0 R>>>>>>".to_vec();
    objects.push(b"<</Type/Page/Contents[4 0 R 4 0 R]>>".to_vec());
    let read = text(&file(&objects, "")).expect("two pages");
    let (first, second) = read.split_once("\n\u{c}\n").expect("a page break");
    assert_eq!(first, second);
}

#[test]
fn a_wrong_table_is_made_anew_from_whole_objects() {
    let whole = file(&one_line(), "");
    let moved = [b"%PDF-1.7\n% moved\n", &whole[9..]].concat();
    assert_eq!(text(&moved), text(&whole));
    let end = whole.len() - 40;
    assert_eq!(text(&whole[..end]), text(&whole));
}

#[test]
fn what_is_cut_off_is_refused() {
    let whole = file(&one_line(), "");
    let content = whole
        .windows(2)
        .position(|two| two == b"BT")
        .expect("there");
    for end in [9, 30, content + 20, content - 100] {
        let read = text(&whole[..end]);
        assert!(
            matches!(read, Err(PdfError::Damaged { .. })),
            "{end}: {read:?}"
        );
    }
    let mut objects = one_line();
    objects[3] = stream("/Filter/FlateDecode", b"x\x9cnothing packed");
    let error = text(&file(&objects, "")).expect_err("broken").to_string();
    assert!(
        error.contains("object 4") && error.contains("qpdf"),
        "{error}"
    );
}

#[test]
fn codes_without_a_meaning_are_refused_with_the_font() {
    let bare = font("Identity-H").replace("GB1", "Identity");
    let objects = page(b"BT /F 12 Tf <000100020003> Tj ET", &bare, &[]);
    let error = text(&file(&objects, "")).expect_err("garbled");
    assert!(
        matches!(
            error,
            PdfError::Garbled {
                unknown: 3,
                characters: 3,
                ..
            }
        ),
        "{error}"
    );
    let said = error.to_string();
    assert!(
        said.contains("SimSun") && said.contains("Identity-H"),
        "{said}"
    );

    let private = "1 beginbfrange <0001><0003><E001> endbfrange";
    let mapped = bare.replace("/Encoding", "/ToUnicode 6 0 R/Encoding");
    let objects = page(
        b"BT /F 12 Tf <000100020003> Tj ET",
        &mapped,
        &[stream("", private.as_bytes())],
    );
    assert!(matches!(
        text(&file(&objects, "")),
        Err(PdfError::Garbled { .. })
    ));
}

#[test]
fn meanings_that_no_chinese_text_has_are_refused() {
    let latin = "<</Subtype/TrueType/BaseFont/A/Encoding/WinAnsiEncoding>>";
    let read = |shown: &str| {
        let content = format!("BT /F 9 Tf {shown} Tj ET");
        text(&file(&page(content.as_bytes(), latin, &[]), ""))
    };
    assert!(matches!(
        read(&gbk("重庆")),
        Err(PdfError::Garbled { unknown: 4, .. })
    ));
    assert_eq!(read(r"(d\351j\340 vu)").as_deref(), Ok("déjà vu\n"));
}

#[test]
fn pictures_and_outlines_have_no_text() {
    let picture = stream("/Subtype/Image/Filter/DCTDecode", b"\xff\xd8");
    let objects = page(b"/X Do", &font("GBK-EUC-H"), &[picture]);
    let error = text(&file(&objects, "")).expect_err("a picture");
    assert_eq!(
        error,
        PdfError::Scanned {
            pictures: 1,
            pages: 1
        }
    );
    let objects = page(b"0 0 m 9 9 l S", &font("GBK-EUC-H"), &[]);
    let error = text(&file(&objects, "")).expect_err("outlines");
    assert_eq!(error, PdfError::NoText { pages: 1 });
}

#[test]
fn what_asks_for_too_much_is_refused() {
    // Forms that draw the next one ten times each, and one that draws itself.
    let forms = |drawn: &str| {
        let resources = format!("/Subtype/Form/Resources<</XObject<</X {drawn} 0 R>>>>");
        stream(&resources, &b"/X Do ".repeat(100))
    };
    let nested: Vec<Vec<u8>> = (7..=20).map(|next| forms(&next.to_string())).collect();
    let last = stream("/Subtype/Form", &b"q Q ".repeat(10));
    for forms in [
        [nested[..9].to_vec(), vec![last]].concat(),
        vec![forms("6")],
    ] {
        let error = text(&file(&page(b"/X Do", "null", &forms), "")).expect_err("too much");
        assert!(matches!(error, PdfError::TooMuch { .. }), "{error}");
    }
    let deep = [&b"/A ".repeat(3)[..], &b"[".repeat(100_000)].concat();
    assert!(matches!(
        text(&file(&page(&deep, "null", &[]), "")),
        Err(PdfError::Damaged { .. })
    ));
    let cyclic = [
        b"<</Pages 2 0 R>>".to_vec(),
        b"<</Kids[2 0 R]/Length 2 0 R>>".to_vec(),
    ];
    assert!(matches!(
        text(&file(&cyclic, "")),
        Err(PdfError::Damaged { .. })
    ));
    // Every length is that of the next stream, which has none.
    let mut chain = one_line();
    chain.extend(
        (7..5000).map(|next| format!("<</Length {next} 0 R>>\nstream\nendstream").into_bytes()),
    );
    chain[3] = format!(
        "<</Length 6 0 R>>\nstream\nBT /F 12 Tf {} Tj ET\nendstream",
        gbk("江")
    )
    .into_bytes();
    assert_eq!(text(&file(&chain, "")).as_deref(), Ok("江\n"));
}

/// Without a price for what is passed over this would take hours.
#[test]
fn objects_before_one_long_comment_are_not_each_paid_with_all_of_it() {
    let comment = b"%".repeat(1 << 20);
    let searched = [b"%PDF-1.7 ", &b"1 % obj ".repeat(1 << 17)[..], &comment].concat();
    assert!(matches!(
        text(&searched),
        Err(PdfError::TooMuch { .. } | PdfError::Damaged { .. })
    ));
}

#[test]
fn a_protected_file_says_so() {
    let error = text(&file(&one_line(), "/Encrypt<</Filter/Standard/V 9>>"));
    let error = error.expect_err("encrypted").to_string();
    assert!(
        error.contains("encrypted") && error.contains("qpdf --decrypt"),
        "{error}"
    );
}
