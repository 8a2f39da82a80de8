//! Whole pages: what a reader would see first if it went wrong.

use gazetteer::Extent;
use geo::{Geometry, LineString, MultiPolygon, Point, Polygon, polygon};
use layers::map::{
    Border, Drawing, Ground, GroundArea, Inset, Label, LabelRank, Language, LegendGroup,
    LegendItem, MapPage, River,
};
use layers::style::{BorderLevel, Colour, Paint, Stroke, Symbol};

use super::*;

fn square(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let ring: Polygon<f64> = polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    MultiPolygon(vec![ring])
}

fn label(text: &str, rank: LabelRank) -> Label {
    Label {
        text: text.to_owned(),
        note: None,
        rank,
        colour: None,
        badge: None,
        names: Vec::new(),
    }
}

fn member(text: &str, area: MultiPolygon<f64>, colour: u32) -> Drawing {
    Drawing {
        geometry: Geometry::MultiPolygon(area),
        symbol: Symbol::Fill {
            paint: Paint::Solid {
                colour: Colour::hex(colour),
                opacity: 1.0,
            },
            outline: Some(Stroke::solid(Colour::hex(0x00FF_FFFF), 0.3)),
        },
        label: Some(label(text, LabelRank::Member)),
    }
}

fn item(symbol: Symbol, name: &str, note: Option<&str>) -> LegendItem {
    LegendItem {
        symbol,
        badge: None,
        name: name.to_owned(),
        count: None,
        note: note.map(str::to_owned),
    }
}

/// A grid of members, some of them tiny, with nodes on a line through it.
fn drawings() -> Vec<Drawing> {
    let mut drawings = Vec::new();
    let names = [
        "甲子区",
        "乙丑区",
        "丙寅区",
        "丁卯区",
        "戊辰区",
        "己巳区",
        "庚午区",
        "辛未区",
        "壬申区",
    ];
    for (index, name) in (0_u32..).zip(names) {
        let (west, south) = (
            105.6 + f64::from(index % 3) * 0.6,
            28.8 + f64::from(index / 3) * 0.6,
        );
        drawings.push(member(
            name,
            square(west, south, west + 0.6, south + 0.6),
            0x004B_77A4 + index * 0x0005_0000,
        ));
    }
    // Five that are too small for their names, side by side.
    for (index, name) in (0_u32..).zip(["子区", "丑区", "寅区", "卯区", "辰区"]) {
        let west = 106.3 + f64::from(index) * 0.05;
        drawings.push(member(
            name,
            square(west, 29.5, west + 0.05, 29.53),
            0x00A9_3D2B,
        ));
    }
    drawings.push(Drawing {
        geometry: Geometry::MultiPolygon(square(105.6, 28.8, 107.4, 30.6)),
        symbol: Symbol::RegionEdge,
        label: None,
    });
    let stops = [(105.8, 30.4), (106.2, 29.9), (106.9, 29.7), (107.2, 29.0)];
    let line = LineString::from(stops.to_vec());
    drawings.push(Drawing {
        geometry: Geometry::LineString(line),
        symbol: Symbol::Corridor {
            colour: Colour::hex(0x002B_6CA3),
        },
        label: Some(label("北线", LabelRank::Corridor)),
    });
    for (index, stop) in stops.iter().enumerate() {
        drawings.push(Drawing {
            geometry: Geometry::Point(Point::from(*stop)),
            symbol: Symbol::Node {
                colour: Colour::hex(0x002B_6CA3),
            },
            label: Some(label(
                ["天城市", "地城市", "玄城市", "黄城市"][index],
                LabelRank::Node,
            )),
        });
    }
    drawings
}

/// The drawings on a ground of two provinces with a river across, and an inset.
fn page() -> MapPage {
    let province = |name: &str, home, geometry| GroundArea {
        name: name.to_owned(),
        level: BorderLevel::Province,
        home,
        named: true,
        geometry,
    };
    MapPage {
        title: "一个都市圈".to_owned(),
        subtitle: "成员的功能分工".to_owned(),
        citation: "《规划》（2022 年）第三章".to_owned(),
        focus: Extent {
            west: 105.6,
            south: 28.8,
            east: 107.4,
            north: 30.6,
        },
        ground: Ground {
            areas: vec![
                province("本省", true, square(100.0, 26.0, 108.5, 34.0)),
                province("邻省", false, square(108.5, 26.0, 112.0, 34.0)),
            ],
            borders: vec![Border {
                level: BorderLevel::Province,
                line: LineString::from(vec![(108.5, 26.0), (108.5, 34.0)]),
            }],
            rivers: vec![River {
                name: "大江".to_owned(),
                rank: 1,
                line: LineString::from(vec![
                    (104.0, 28.6),
                    (105.5, 28.7),
                    (106.5, 29.2),
                    (107.5, 30.0),
                    (109.0, 30.2),
                ]),
            }],
            locator: vec![province("本省", true, square(100.0, 26.0, 108.5, 34.0))],
        },
        drawings: drawings(),
        legend: vec![LegendGroup {
            heading: "分工".to_owned(),
            items: vec![
                item(
                    Symbol::Band {
                        colour: Colour::hex(0x003E_5C8A),
                    },
                    "大片区",
                    Some("甲、乙、丙"),
                ),
                item(Symbol::RegionEdge, "范围", None),
                item(Symbol::River { rank: 1 }, "主要河流", None),
            ],
        }],
        inset: Some(Inset::Part {
            title: "中心".to_owned(),
            extent: Extent {
                west: 106.3,
                south: 29.42,
                east: 106.55,
                north: 29.6,
            },
        }),
        sources: "某规划；示意。".to_owned(),
        language: Language::Chinese,
    }
}

fn small() -> RenderOptions {
    RenderOptions {
        pixels_per_mm: 3.0,
        ..RenderOptions::default()
    }
}

fn rendered(page: &MapPage) -> Rendered {
    render(page, &small()).expect("the fonts are installed (package fonts-noto-cjk)")
}

#[test]
fn no_two_names_meet_and_none_leaves_its_frame() {
    let page = rendered(&page());
    let inset = page.insets[0];
    assert!(page.names.len() > 15, "{:?}", page.names);
    for (index, name) in page.names.iter().enumerate() {
        let frame = name.inset.map_or(page.frame, |_| inset.frame);
        assert!(
            name.boxes.iter().all(|b| frame.holds(*b)),
            "{} is cut by its frame",
            name.text
        );
        assert!(
            name.inset.is_some() || name.boxes.iter().all(|b| !inset.frame.meets(*b)),
            "{} lies below the inset",
            name.text
        );
        for other in page.names[..index]
            .iter()
            .filter(|other| other.inset == name.inset)
        {
            let meet = name
                .boxes
                .iter()
                .any(|a| other.boxes.iter().any(|b| a.meets(*b)));
            assert!(!meet, "{} meets {}", name.text, other.text);
        }
    }
}

#[test]
fn a_crowd_of_names_is_thinned_not_piled_up() {
    let mut source = page();
    source.inset = None;
    for index in 0..400 {
        let (column, row) = (f64::from(index % 20), f64::from(index / 20));
        source.drawings.push(Drawing {
            geometry: Geometry::Point(Point::new(105.2 + column * 0.13, 28.7 + row * 0.1)),
            symbol: Symbol::Seat,
            label: Some(label(&format!("第{index}座名字很长的市"), LabelRank::Seat)),
        });
    }
    let page = rendered(&source);
    assert!(
        page.dropped.len() > 50,
        "there is no room for all: {}",
        page.dropped.len()
    );
    for (index, name) in page.names.iter().enumerate() {
        assert!(
            name.boxes.iter().all(|b| page.frame.holds(*b)),
            "{} is cut by the frame",
            name.text
        );
        for other in &page.names[..index] {
            let meet = name
                .boxes
                .iter()
                .any(|a| other.boxes.iter().any(|b| a.meets(*b)));
            assert!(!meet, "{} meets {}", name.text, other.text);
        }
    }
}

#[test]
fn members_of_the_inset_are_named_only_there() {
    let page = rendered(&page());
    for small in ["子区", "丑区", "寅区", "卯区", "辰区"] {
        let found: Vec<bool> = page
            .names
            .iter()
            .filter(|name| name.text == small)
            .map(|name| name.inset.is_some())
            .collect();
        let dropped = page.dropped.iter().any(|name| name == small);
        assert!(
            found == [true] || found.is_empty() && dropped,
            "{small}: in inset {found:?}, dropped {dropped}"
        );
    }
    assert!(
        page.names.iter().any(|name| name.inset.is_some()),
        "the inset has names"
    );
}

#[test]
fn every_name_is_placed_or_reported() {
    let source = page();
    let page = rendered(&source);
    let wanted = source
        .drawings
        .iter()
        .filter_map(|drawing| drawing.label.as_ref());
    for label in wanted {
        let placed = page.names.iter().any(|name| name.text == label.text);
        assert!(
            placed || page.dropped.contains(&label.text),
            "{} is lost",
            label.text
        );
    }
    assert!(
        !page.dropped.iter().any(|name| name.ends_with("城市")),
        "nodes are never dropped: {:?}",
        page.dropped
    );
}

#[test]
fn the_page_says_its_scale_truly() {
    let page = rendered(&page());
    let km_per_mm = page.scale_bar.length_km / page.scale_bar.length_mm;
    assert!(
        (km_per_mm / (page.ratio / 1e6) - 1.0).abs() < 0.01,
        "{:?} at 1:{}",
        page.scale_bar,
        page.ratio
    );
    assert!(
        page.insets
            .first()
            .is_some_and(|inset| page.ratio / inset.ratio >= 2.0)
    );
    assert!(!page.projection.is_empty());
}

#[test]
fn the_legend_keeps_off_the_locator() {
    let mut source = page();
    for count in [3, 12, 22] {
        source.legend[0].items = (0..count)
            .map(|n| {
                item(
                    Symbol::RegionEdge,
                    &format!("第{n}项"),
                    Some("成员、成员、成员"),
                )
            })
            .collect();
        let page = rendered(&source);
        assert_eq!(page.legend.len(), count + 1, "the heading and every item");
        let foot = page.legend.iter().map(|row| row.bottom).fold(0.0, f64::max);
        assert!(
            page.locator.is_some_and(|locator| foot < locator.top),
            "{count} rows end at {foot}, the locator is {:?}",
            page.locator
        );
        for pair in page.legend.windows(2) {
            assert!(
                pair[1].top >= pair[0].top + 2.5,
                "rows run into each other: {pair:?}"
            );
        }
    }
    source.legend[0].items = (0..300)
        .map(|n| item(Symbol::Seat, &format!("第{n}项"), None))
        .collect();
    let error = render(&source, &small()).expect_err("no room for so many rows");
    assert!(
        matches!(error, RasterError::LegendTooLong { rows: 300, .. }),
        "{error}"
    );
}

#[test]
fn nothing_of_the_map_shows_outside_of_its_frame() {
    let mut source = page();
    // A fill and a thick line that reach far over every side.
    source.drawings.insert(
        0,
        member("大", square(95.0, 20.0, 118.0, 40.0), 0x00FF_0000),
    );
    let page = rendered(&source);
    let (width, rgb) = (page.width() as usize, page.rgb());
    let at = |x_mm: f64, y_mm: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a pixel of the page"
        )]
        let (x, y) = ((x_mm * 3.0) as usize, (y_mm * 3.0) as usize);
        [
            rgb[(y * width + x) * 3],
            rgb[(y * width + x) * 3 + 1],
            rgb[(y * width + x) * 3 + 2],
        ]
    };
    assert_eq!(
        at(page.frame.left + 1.0, page.frame.bottom - 1.0),
        [255, 0, 0],
        "inside it is red"
    );
    for (x, y) in [(75.5, 100.0), (294.0, 100.0), (150.0, 1.0), (150.0, 207.0)] {
        assert_eq!(at(x, y), [255, 255, 255], "at {x}, {y}");
    }
}

#[test]
fn the_same_page_gives_the_same_bytes_and_a_missing_glyph_is_named() {
    let mut source = page();
    let first = rendered(&source);
    assert_eq!(
        first.to_png().expect("encodes"),
        rendered(&source).to_png().expect("encodes")
    );
    assert_eq!(first.missing_glyphs, []);
    source.subtitle.push('\u{E123}');
    assert_eq!(rendered(&source).missing_glyphs, ['\u{E123}']);
}

#[test]
fn a_page_is_written_whole_and_sized_by_its_resolution() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("图.png");
    rendered(&page())
        .write_png(&path)
        .expect("a folder to write to");
    let picture = image::open(&path).expect("a PNG");
    assert_eq!((picture.width(), picture.height()), (891, 630));
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "no part is left"
    );
}

#[test]
fn what_cannot_be_rendered_is_an_error_that_says_why() {
    let mut source = page();
    let error = render(
        &source,
        &RenderOptions {
            pixels_per_mm: 500.0,
            ..small()
        },
    )
    .expect_err("too large");
    assert!(
        matches!(error, RasterError::TooManyPixels { .. }),
        "{error}"
    );
    let coarse = RenderOptions {
        pixels_per_mm: 0.5,
        ..small()
    };
    let error = render(&source, &coarse).expect_err("too coarse");
    assert!(matches!(error, RasterError::Resolution { .. }), "{error}");
    let missing = RenderOptions {
        fonts: vec!["no-such-font.ttf".into()],
        ..small()
    };
    let error = render(&source, &missing).expect_err("no such file");
    assert!(error.to_string().contains("no-such-font.ttf"), "{error}");
    source.focus = Extent {
        west: 106.0,
        south: 29.0,
        east: 106.0,
        north: 29.0,
    };
    let error = render(&source, &small()).expect_err("nothing to show");
    assert!(matches!(error, RasterError::Focus { .. }), "{error}");
}
