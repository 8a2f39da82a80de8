use gazetteer::Extent;
use geo::{Geometry, LineString, polygon};
use layers::map::{Drawing, Ground, Label, LabelRank, Language, MapPage};
use layers::style::{Colour, Paint, Stroke, Symbol};
use tiles::archive::TileFormat;

use super::encode::{Cut, Encoder};
use super::*;
use crate::raster::zoom::Strip;

fn page() -> MapPage {
    let colour = Colour::hex(0x00B2_3A2A);
    let area = polygon![(x: 105.2, y: 28.6), (x: 107.4, y: 28.9), (x: 106.9, y: 30.4), (x: 105.0, y: 30.1)];
    let line: LineString<f64> = (0..60)
        .map(|nth| {
            let t = f64::from(nth) / 59.0;
            (104.9 + t * 2.7, 29.3 + (t * 9.0).sin() * 0.5)
        })
        .collect();
    let drawing = |geometry, symbol, name: &str, rank| Drawing {
        geometry,
        symbol,
        label: Some(Label::new(name, rank)),
    };
    MapPage {
        title: "图".to_owned(),
        subtitle: String::new(),
        citation: String::new(),
        focus: Extent {
            west: 104.8,
            south: 28.4,
            east: 107.8,
            north: 30.6,
        },
        ground: Ground::default(),
        drawings: vec![
            drawing(
                Geometry::Polygon(area),
                Symbol::Fill {
                    paint: Paint::Solid {
                        colour,
                        opacity: 0.3,
                    },
                    outline: Some(Stroke::solid(colour, 0.5)),
                },
                "重庆都市圈",
                LabelRank::Member,
            ),
            drawing(
                Geometry::LineString(line),
                Symbol::line(Stroke::solid(Colour::hex(0x0020_4060), 0.6)),
                "嘉陵江",
                LabelRank::Way,
            ),
            drawing(
                Geometry::Point((106.55, 29.56).into()),
                Symbol::Node { colour },
                "重庆",
                LabelRank::Seat,
            ),
        ],
        legend: Vec::new(),
        inset: None,
        sources: String::new(),
        language: Language::Chinese,
    }
}

fn options(side_px: u32, retina: bool, ground: bool) -> RasterTileOptions {
    RasterTileOptions {
        zooms: 7..=7,
        side_px,
        retina,
        format: TileFormat::Png,
        ground,
        look: Look::default(),
        fonts: Vec::new(),
        threads: 2,
        name: "图".to_owned(),
        description: String::new(),
        attribution: String::new(),
        replace: true,
    }
}

/// Tiles beside each other are what the whole would be, painted at once: no seam.
#[test]
fn tiles_put_together_are_the_map_painted_as_a_whole() {
    let page = page();
    for options in [
        options(256, false, true),
        options(256, true, false),
        options(512, false, false),
    ] {
        let frame = Frame::new(page.focus, 9, &options).expect("small");
        let render = RenderOptions::default();
        let zooms = Zooms::new(&page, &render, frame.zoom_frame().world, 2).expect("dressed");
        let (map, _) = zooms.map(frame.zoom_frame()).expect("laid out");
        let blocks = frame.blocks();
        assert!(blocks.len() > 3, "{}", blocks.len());
        let (mut tiles, mut strip) = (Vec::new(), Strip::default());
        for block in &blocks {
            let mut rows = block.rows();
            let own = map.within(block.area);
            let painted = own.paint_strips(block.area, frame.tile_px(), &mut strip, |strip| {
                for tile in rows.next().expect("a row") {
                    let cut = frame.cut(block, strip, tile);
                    let pixels = cut.rows().flat_map(|row| row.as_chunks().0);
                    let pixels: Vec<[u8; 4]> = pixels.copied().collect();
                    tiles.push((tile, pixels));
                }
                Ok::<_, RasterTilesError>(())
            });
            painted.expect("painted");
        }
        let side = u32::try_from(tiles[0].1.len().isqrt()).expect("small");
        let (left, top) = tiles
            .iter()
            .fold((u32::MAX, u32::MAX), |(x, y), (tile, _)| {
                (x.min(tile.x()), y.min(tile.y()))
            });
        let mut whole: Vec<[u8; 4]> = Vec::new();
        let painted = map.paint_strips(frame.whole(), 1000, &mut strip, |strip| {
            whole.extend(strip.as_chunks().0);
            Ok::<_, RasterTilesError>(())
        });
        painted.expect("painted");
        assert_eq!(whole.len(), tiles.len() * (side * side) as usize);
        let columns = tiles.iter().filter(|(tile, _)| tile.y() == top).count();
        let columns = u32::try_from(columns).expect("small");
        let (mut inked, mut far) = (0, 0);
        for (tile, picture) in &tiles {
            for y in 0..side {
                for x in 0..side {
                    let (gx, gy) = ((tile.x() - left) * side + x, (tile.y() - top) * side + y);
                    let here = picture[(y * side + x) as usize];
                    let there = whole[(gy * side * columns + gx) as usize];
                    let pairs = here.into_iter().zip(there);
                    let most = pairs.map(|(one, other)| one.abs_diff(other)).max();
                    // Positions are rounded a little otherwise.
                    far += u32::from(most > Some(12));
                    inked += u32::from(there != whole[0]);
                }
            }
        }
        assert!(inked > 5000, "{inked}");
        assert!(far * 5000 < inked.max(5000) * 5, "{far} of {inked}");
    }
}

#[test]
fn the_same_page_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = |threads: usize| {
        let out = folder.path().join("a.pmtiles");
        let options = RasterTileOptions {
            zooms: 5..=8,
            threads,
            ..options(256, false, true)
        };
        make(&page(), &out, Container::Pmtiles, &options).expect("made");
        std::fs::read(out).expect("there")
    };
    assert!(bytes(1) == bytes(3));
}

/// A picture of few colours and one of many, and what a decoder makes of them.
#[test]
fn a_decoder_reads_the_pixels_of_few_and_of_many_colours() {
    let side = 64_u8;
    for (opaque, shades, indexed) in [
        (true, 7, true),
        (true, 60, false),
        (false, 7, true),
        (false, 60, false),
    ] {
        let mut map = tiny_skia::Pixmap::new(side.into(), side.into()).expect("small");
        for (number, pixel) in (0_u32..).zip(map.pixels_mut()) {
            let shade = |step: u32| u8::try_from(number / step % shades * 4).expect("below 256");
            let alpha = if opaque { 255 } else { shade(3) };
            let colour = tiny_skia::ColorU8::from_rgba(shade(1), shade(64), 9, alpha);
            *pixel = colour.premultiply();
        }
        let cut = Cut {
            pixels: map.data(),
            stride: side.into(),
            side: side.into(),
        };
        let mut encoder = Encoder::new(TileFormat::Png, opaque);
        let file = encoder
            .encode(cut)
            .expect("encoded")
            .expect("seen")
            .to_vec();
        let read = image::load_from_memory(&file)
            .expect("a picture")
            .to_rgba8();
        for (read, pixel) in read.pixels().zip(map.pixels()) {
            let plain = pixel.demultiply();
            assert_eq!(
                read.0,
                [plain.red(), plain.green(), plain.blue(), plain.alpha()]
            );
        }
        assert_eq!(
            file[25] == 3,
            indexed,
            "kind {} of {shades} shades",
            file[25]
        );
    }
}

#[test]
fn what_has_one_colour_is_encoded_once_and_nothing_not_at_all() {
    let mut map = tiny_skia::Pixmap::new(64, 32).expect("small");
    let mut encoder = Encoder::new(TileFormat::Png, false);
    let half = |map: &tiny_skia::Pixmap, at: usize, encoder: &mut Encoder| {
        let cut = Cut {
            pixels: &map.data()[at * 4..],
            stride: 64,
            side: 32,
        };
        encoder.encode(cut).expect("encoded").map(<[u8]>::to_vec)
    };
    assert_eq!(half(&map, 0, &mut encoder), None);
    map.fill(tiny_skia::Color::from_rgba8(9, 8, 7, 255));
    let plain = half(&map, 0, &mut encoder).expect("seen");
    assert_eq!(half(&map, 32, &mut encoder).as_ref(), Some(&plain));
    let read = image::load_from_memory(&plain)
        .expect("a picture")
        .to_rgba8();
    assert!(read.width() == 32 && read.pixels().all(|pixel| pixel.0 == [9, 8, 7, 255]));
}
