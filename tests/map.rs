//! `yutu map`: the four kinds of files as other people's programs read them, files of a user, looks, and bad input.
#![expect(clippy::cast_precision_loss, reason = "counts of pixels")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{stderr, stdout, tool, yutu};

const LAYER: &str = "chongqing-metropolitan-area";

/// A file of a folder of its own.
fn file(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Draws; the program must say nothing but warnings.
fn draw(arguments: &[&str]) {
    let output = yutu(&[&["map"], arguments].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty());
}

struct Picture {
    width: u32,
    rgb: Vec<u8>,
}

fn open(path: &str) -> Picture {
    let picture = image::open(path).expect(path).to_rgb8();
    Picture {
        width: picture.width(),
        rgb: picture.into_raw(),
    }
}

/// The mean difference of two pictures of one size (0 to 255), after both were blurred over `block` pixels: renderers differ in
/// their edges.
fn difference(a: &Picture, b: &Picture, block: usize) -> f64 {
    assert_eq!(
        (a.width, a.rgb.len()),
        (b.width, b.rgb.len()),
        "sizes differ"
    );
    let width = a.width as usize;
    let height = a.rgb.len() / width / 3;
    let mean = |p: &Picture, x: usize, y: usize, c: usize| {
        let cells = (0..block * block).map(|i| {
            let (x, y) = (x * block + i % block, y * block + i / block);
            f64::from(p.rgb[(y * width + x) * 3 + c])
        });
        cells.sum::<f64>() / (block * block) as f64
    };
    let (columns, rows) = (width / block, height / block);
    let mut sum = 0.0;
    for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))) {
        for c in 0..3 {
            sum += (mean(a, x, y, c) - mean(b, x, y, c)).abs();
        }
    }
    sum / (columns * rows * 3) as f64
}

/// How much renderers may differ: a tenth of what a missing fill or name would make.
const ALIKE: f64 = 1.6;

#[test]
fn a_png_says_its_size_on_paper_and_a_webp_has_the_same_pixels() {
    let folder = folder();
    let (png, webp) = (file(&folder, "图.png"), file(&folder, "图.webp"));
    draw(&[LAYER, "-o", &png, "--dpi", "127"]);
    draw(&[LAYER, "-o", &webp, "--dpi", "127"]);
    let (a, b) = (open(&png), open(&webp));
    assert_eq!(a.width, 1485);
    assert!(a.rgb == b.rgb, "WebP loses something");
    // 127 dpi are 5000 pixels per metre.
    let bytes = std::fs::read(&png).expect("a file");
    let at = bytes
        .windows(4)
        .position(|part| part == b"pHYs")
        .expect("a size");
    let expected = [0, 0, 0x13, 0x88, 0, 0, 0x13, 0x88, 1];
    assert_eq!(bytes[at + 4..at + 13], expected);
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        2,
        "no part is left"
    );
}

#[test]
fn an_svg_opens_in_rsvg_convert() {
    let Some(rsvg) = tool("rsvg-convert", &["--version"]) else {
        return;
    };
    let folder = folder();
    for theme in ["light", "dark"] {
        let (png, svg, drawn) = (
            file(&folder, "a.png"),
            file(&folder, "a.svg"),
            file(&folder, "b.png"),
        );
        draw(&[
            "cross-border-platforms",
            "-o",
            &png,
            "--dpi",
            "127",
            "--theme",
            theme,
        ]);
        draw(&["cross-border-platforms", "-o", &svg, "--theme", theme]);
        let done = Command::new(&rsvg)
            .args(["-w", "1485", "-h", "1050", &svg, "-o", &drawn])
            .status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "rsvg-convert refuses"
        );
        let off = difference(&open(&png), &open(&drawn), 5);
        assert!(off < ALIKE, "{theme}: SVG and PNG differ by {off}");
    }
}

#[test]
fn an_svg_opens_in_chromium_and_its_text_is_found() {
    let Some(chromium) = tool("chromium", &["--version"]) else {
        return;
    };
    let folder = folder();
    let (png, svg, drawn) = (
        file(&folder, "a.png"),
        file(&folder, "a.svg"),
        file(&folder, "b.png"),
    );
    // A CSS pixel is a 96th of an inch.
    draw(&[LAYER, "-o", &png, "--dpi", "96"]);
    draw(&[LAYER, "-o", &svg]);
    let text = std::fs::read_to_string(&svg).expect("text");
    for said in ["重庆都市圈", "率先同城化", "涪陵区", "示意图"] {
        assert!(text.contains(&format!(">{said}</text>")), "{said}");
    }
    let profile = folder.path().join("profile");
    let done = Command::new(&chromium)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--window-size=1123,894")
        .arg(format!("--screenshot={drawn}"))
        .arg(format!("file://{svg}"))
        .output()
        .expect("chromium starts");
    let shot = Path::new(&drawn);
    assert!(shot.is_file(), "{}", String::from_utf8_lossy(&done.stderr));
    let (ours, theirs) = (open(&png), open(&drawn));
    let (width, height) = (1100, 780);
    let cut = |p: &Picture| Picture {
        width,
        rgb: p
            .rgb
            .chunks_exact(p.width as usize * 3)
            .take(height)
            .flat_map(|row| row[..width as usize * 3].iter().copied())
            .collect(),
    };
    let off = difference(&cut(&ours), &cut(&theirs), 5);
    assert!(off < ALIKE, "SVG in Chromium and PNG differ by {off}");
}

#[test]
fn a_pdf_is_drawn_by_poppler_and_its_text_is_found() {
    let (Some(ppm), Some(text)) = (tool("pdftoppm", &["-v"]), tool("pdftotext", &["-v"])) else {
        return;
    };
    let folder = folder();
    for theme in ["light", "print"] {
        let (png, pdf) = (file(&folder, "a.png"), file(&folder, "a.pdf"));
        draw(&[LAYER, "-o", &png, "--dpi", "127", "--theme", theme]);
        draw(&[LAYER, "-o", &pdf, "--theme", theme]);
        let stem = file(&folder, "b");
        let done = Command::new(&ppm)
            .args([
                "-png",
                "-singlefile",
                "-scale-to-x",
                "1485",
                "-scale-to-y",
                "1050",
                &pdf,
                &stem,
            ])
            .output()
            .expect("pdftoppm starts");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.is_empty(), "{said}");
        let off = difference(&open(&png), &open(&file(&folder, "b.png")), 5);
        assert!(off < ALIKE, "{theme}: PDF and PNG differ by {off}");
        let found = Command::new(&text)
            .args([&pdf, "-"])
            .output()
            .expect("pdftotext starts");
        let found = String::from_utf8(found.stdout).expect("UTF-8");
        let words: Vec<&str> = found.split_whitespace().collect();
        // Names along a river and in wide setting are one word each.
        for word in [
            "重庆都市圈",
            "涪陵区",
            "广安市",
            "长江",
            "嘉陵江",
            "贵州省",
            "示意图",
            "北",
        ] {
            assert!(words.contains(&word), "{word} is not found in {found}");
        }
    }
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let folder = folder();
    for ending in ["png", "svg", "pdf", "webp"] {
        let (a, b) = (
            file(&folder, &format!("a.{ending}")),
            file(&folder, &format!("b.{ending}")),
        );
        for out in [&a, &b] {
            draw(&[
                "chengdu-chongqing-axis",
                "-o",
                out,
                "--size",
                "600x400mm",
                "--dpi",
                "60",
            ]);
        }
        assert!(
            std::fs::read(a).expect("a file") == std::fs::read(b).expect("a file"),
            "{ending}"
        );
    }
}

/// Small pictures of the first layers, to be seen again: `YUTU_GOLDEN=write` writes them anew.
#[test]
fn pages_look_as_they_did() {
    // Of 255, over blocks of 3 × 3 pixels: less than what one name in another place makes.
    const TOLERANCE: f64 = 0.5;
    let folder = folder();
    let mut off = Vec::new();
    for (layer, theme) in [
        (LAYER, "light"),
        ("cross-border-platforms", "dark"),
        ("chengdu-chongqing-axis", "print"),
        ("chengyu-2016-railways", "light"),
    ] {
        let name = format!("{layer}-{theme}.png");
        let golden = common::repository().join("tests/golden").join(&name);
        let drawn = file(&folder, &name);
        draw(&[layer, "-o", &drawn, "--dpi", "40", "--theme", theme]);
        if std::env::var_os("YUTU_GOLDEN").is_some_and(|what| what == "write") {
            std::fs::copy(&drawn, &golden).expect("writes");
        }
        let golden = golden.display().to_string();
        let by = difference(&open(&golden), &open(&drawn), 3);
        if by > TOLERANCE {
            off.push(format!("{name} differs by {by}"));
        }
    }
    assert!(off.is_empty(), "{off:?}");
}

fn write(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("writes");
    path.display().to_string()
}

const FEATURES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"甲站"},"geometry":{"type":"Point","coordinates":[106.5,29.5]}},
{"type":"Feature","properties":{"name":"丙线"},"geometry":{"type":"LineString","coordinates":[[106.5,29.5],[106.6,29.65],[106.8,29.7]]}},
{"type":"Feature","properties":{"name":"丁区"},"geometry":{"type":"Polygon","coordinates":[[[106.4,29.4],[106.6,29.4],[106.6,29.6],[106.4,29.6],[106.4,29.4]]]}}]}"#;

#[test]
fn files_of_a_user_are_drawn_on_any_paper() {
    let folder = folder();
    let data = write(&folder, "数据.geojson", FEATURES);
    let table = write(&folder, "点.csv", "name,lon,lat\n乙站,106.7,29.6\n");
    for (size, width, height) in [
        ("a4", 1169, 827),
        ("A3", 1654, 1169),
        ("16:9", 1260, 709),
        ("square", 984, 984),
        ("800x600px", 800, 600),
        ("600x800", 600, 800),
        ("200x120mm", 787, 472),
    ] {
        let out = file(&folder, "a.png");
        let mut arguments = vec![&data, &table, "-o", &out, "--size", size, "--title", "题目"];
        if !size.contains("px") && size != "600x800" {
            arguments.extend(["--dpi", "100", "--landscape"]);
        }
        draw(&arguments);
        let picture = image::open(&out).expect(size);
        assert_eq!(
            (picture.width(), picture.height()),
            (width, height),
            "{size}"
        );
    }
    let svg = file(&folder, "a.svg");
    draw(&[
        &data,
        &table,
        "-o",
        &svg,
        "--approval",
        "渝S（2026）001号",
        "--subtitle",
        "副题",
        "--portrait",
    ]);
    let text = std::fs::read_to_string(svg).expect("text");
    for said in [
        "甲站",
        "乙站",
        "丁区",
        "数据",
        "点",
        "副题",
        "审图号：渝S（2026）001号",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(text.contains("width=\"210mm\" height=\"297mm\""));
}

#[test]
fn a_look_is_printed_changed_and_given_back() {
    let folder = folder();
    let look = stdout(&["map", LAYER, "--print-style"], 0);
    let (plain, same, other) = (
        file(&folder, "a.svg"),
        file(&folder, "b.svg"),
        file(&folder, "c.svg"),
    );
    draw(&[LAYER, "-o", &plain]);
    let style = write(&folder, "a.toml", &look);
    draw(&[LAYER, "-o", &same, "--style", &style]);
    let read = |path: &str| std::fs::read_to_string(path).expect("text");
    assert!(
        read(&plain) == read(&same),
        "what was printed changes nothing"
    );
    // The fill of one class, one name, one colour of the page.
    let changed = look
        .replace("colour = \"#4B77A4\"", "colour = \"#123456\"")
        .replace("water = \"#7FAFCB\"", "water = \"#00FF00\"");
    let style = write(&folder, "b.toml", &changed);
    draw(&[LAYER, "-o", &other, "--style", &style]);
    let (before, after) = (read(&plain), read(&other));
    for (colour, now) in [("#4B77A4", "#123456"), ("#7FAFCB", "#00FF00")] {
        assert!(
            before.contains(colour) && !after.contains(colour) && after.contains(now),
            "{colour}"
        );
    }
}

#[test]
fn a_focus_hides_the_rest_and_any_projection_can_be_asked_for() {
    let folder = folder();
    let out = file(&folder, "a.svg");
    draw(&[
        "chengyu-2016-railways",
        "-o",
        &out,
        "--focus",
        "重庆市",
        "--crs",
        "EPSG:4525",
        "--graticule",
    ]);
    let text = std::fs::read_to_string(&out).expect("text");
    assert!(
        text.contains("CGCS2000 / 3-degree Gauss-Kruger zone 37"),
        "the system is named"
    );
    assert!(text.contains("万州") && !text.contains(">雅安<"));
    draw(&[
        "chengyu-2016-railways",
        "-o",
        &out,
        "--crs",
        "+proj=lcc +lat_1=27 +lat_2=33 +lon_0=105 +ellps=GRS80",
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn bad_input_is_told_clearly_and_leaves_no_file() {
    let folder = folder();
    let data = write(&folder, "a.geojson", FEATURES);
    let nan = write(
        &folder,
        "nan.geojson",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,29.5]}}"#,
    );
    let far = write(
        &folder,
        "far.geojson",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[29.5,1060.5]}}"#,
    );
    let empty = write(
        &folder,
        "empty.geojson",
        r#"{"type":"FeatureCollection","features":[]}"#,
    );
    let style = write(
        &folder,
        "a.toml",
        "theme = \"dark\"\n\n[colours]\nbackground = \"#FFFFFF\"\n",
    );
    let class = write(
        &folder,
        "b.toml",
        "[[class]]\nname = \"铁路\"\ncolour = \"#FFFFFF\"\n",
    );
    let latin: PathBuf = ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"]
        .iter()
        .collect();
    let out = file(&folder, "图.png");
    let nowhere = file(&folder, "no/such/图.png");
    let mut cases: Vec<(Vec<&str>, &str)> = vec![
        (
            vec!["chongqing-metropolitan-aera", "-o", &out],
            "did you mean chongqing-metropolitan-area",
        ),
        (vec!["nothing-like-it", "-o", &out], "yutu layers"),
        (vec!["chengyu-2016", "-o", &out], "a page shows one"),
        (vec![&data, LAYER, "-o", &out], "files or a layer"),
        (vec![&data, "-o", &out, "--size", "0x100"], "0 pixels"),
        (
            vec![&data, "-o", &out, "--size", "100000x100000px"],
            "100000 pixels",
        ),
        (
            vec![&data, "-o", &out, "--size", "29000x29000px"],
            "too large",
        ),
        (vec![&data, "-o", &out, "--size", "10x10mm"], "lay out"),
        (vec![&data, "-o", &out, "--size", "B7"], "no size"),
        (vec![&data, "-o", &out, "--dpi", "100000"], "--dpi"),
        (vec![&data, "-o", &out, "--dpi", "NaN"], "--dpi"),
        (
            vec![&data, "-o", &out, "--crs", "EPSG:999999"],
            "EPSG:999999",
        ),
        (vec![&data, "-o", &out, "--crs", "EPSG:2193"], "EPSG:2193"),
        (vec![&data, "-o", &nowhere], "图.png"),
        (vec![&data, "-o", "图.bmp"], ".png, .webp, .svg or .pdf"),
        (vec![&nan, "-o", &out], "nan.geojson"),
        (vec![&far, "-o", &out], "far.geojson"),
        (vec![&empty, "-o", &out], "no feature"),
        (vec!["no-such.geojson", "-o", &out], "no-such.geojson"),
        (
            vec![&data, "-o", &out, "--style", &style],
            "line 4, column 1: unknown key `background`",
        ),
        (vec![&data, "-o", &out, "--style", &class], "`铁路`"),
        (
            vec![&data, "-o", &out, "--style", "no-such.toml"],
            "no-such.toml",
        ),
        (
            vec![&data, "-o", &out, "--font", "no-such.ttf"],
            "no-such.ttf",
        ),
        (vec![&data, "-o", &out, "--font", &data], "font"),
        (
            vec![&data, "-o", &out, "--focus", "没有这个地方"],
            "没有这个地方",
        ),
        (vec![&data, "-o", &out, "--label", "no_such"], "no_such"),
    ];
    if cfg!(not(feature = "proj")) {
        cases.retain(|(arguments, _)| !arguments.contains(&"--crs"));
    }
    for (arguments, said) in cases {
        let error = stderr(&[&["map"], &arguments[..]].concat(), 2);
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert!(!Path::new(&out).exists(), "{arguments:?} leaves a file");
    }
    // A font without Chinese: the page is drawn with what it has, and the rest is named.
    if latin.is_file() {
        let output = yutu(&[
            "map",
            &data,
            "-o",
            &out,
            "--font",
            &latin.display().to_string(),
        ]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("no glyph for") && said.contains('甲'),
            "{said}"
        );
    }
}
