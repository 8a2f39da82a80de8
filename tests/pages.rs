//! The map pages of the atlas in every theme: what stands where, in millimetres.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use gazetteer::{Gazetteer, LonLat, geodesic};
use layers::map::MapPage;
use layers::style::{Colour, Paint, Symbol};
use layers::theme::Tone;
use layers::{Builder, Look, Pages};
use output::raster::{PageBox, Paper, RenderOptions, Rendered, Renderer};
use plans::Catalogue;

const TONES: [Tone; 3] = [Tone::Light, Tone::Dark, Tone::Print];
const PIXELS_PER_MM: f64 = 2.0;

/// A page of the atlas, drawn in each theme.
struct Drawn {
    id: String,
    page: MapPage,
    themes: Vec<Rendered>,
}

fn drawn() -> &'static [Drawn] {
    static DRAWN: OnceLock<Vec<Drawn>> = OnceLock::new();
    DRAWN.get_or_init(|| {
        let gazetteer = Gazetteer::embedded().expect("opens");
        let catalogue = Catalogue::embedded().expect("reads");
        let builder = Builder::new(&gazetteer, &catalogue);
        let sheets = builder.atlas(Pages::Drawn).expect("builds");
        let mut pages: Vec<(usize, String, MapPage)> = sheets
            .into_iter()
            .enumerate()
            .filter_map(|(number, sheet)| Some((number, sheet.layer.id, sheet.page?)))
            .collect();
        let renderers = TONES.map(|tone| {
            Renderer::new(RenderOptions {
                pixels_per_mm: PIXELS_PER_MM,
                look: Look::from(tone),
                ..RenderOptions::default()
            })
        });
        let next = AtomicUsize::new(0);
        let some = || {
            let mut done = Vec::new();
            while let Some((number, _, page)) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                let themes = renderers
                    .each_ref()
                    .map(|r| r.render(page).expect("renders"));
                done.push((*number, Vec::from(themes)));
            }
            done
        };
        let mut all = std::thread::scope(|scope| {
            let other = scope.spawn(some);
            let mut all = some();
            all.extend(other.join().expect("draws"));
            all
        });
        all.sort_by_key(|(number, _)| *number);
        pages.sort_by_key(|(number, ..)| *number);
        pages
            .into_iter()
            .zip(all)
            .map(|((_, id, page), (_, themes))| Drawn { id, page, themes })
            .collect()
    })
}

fn light(id: &str) -> &'static Rendered {
    let found = drawn().iter().find(|drawn| drawn.id == id);
    &found.expect("a layer").themes[0]
}

fn each() -> impl Iterator<Item = (String, &'static Drawn, &'static Rendered)> {
    drawn().iter().flat_map(|drawn| {
        let themes = drawn.themes.iter().zip(TONES);
        themes.map(move |(page, tone)| (format!("{} {tone:?}", drawn.id), drawn, page))
    })
}

#[test]
fn every_layer_has_a_map_in_every_theme() {
    assert!(drawn().len() >= 63, "{} layers", drawn().len());
    for (id, _, page) in each() {
        assert_eq!((page.width(), page.height()), (594, 420), "{id}");
        assert!(
            page.missing_glyphs.is_empty(),
            "{id}: {:?}",
            page.missing_glyphs
        );
    }
}

#[test]
fn no_two_names_meet_and_none_is_cut() {
    for (id, _, page) in each() {
        assert!(page.names.len() > 3, "{id}: {} names", page.names.len());
        for (index, name) in page.names.iter().enumerate() {
            for part in &name.boxes {
                let frame = name.inset.map_or(page.frame, |at| page.insets[at].frame);
                let inside = frame.holds(*part);
                assert!(inside, "{id}: {} is cut by the frame", name.text);
                for other in &page.names[index + 1..] {
                    let meets = other.boxes.iter().any(|other| other.meets(*part));
                    assert!(!meets, "{id}: {} meets {}", name.text, other.text);
                }
            }
        }
    }
}

#[test]
fn names_do_not_depend_on_the_theme() {
    for drawn in drawn() {
        let of = |page: &Rendered| {
            page.names
                .iter()
                .map(|n| n.text.clone())
                .collect::<BTreeSet<_>>()
        };
        let light = of(&drawn.themes[0]);
        for (page, tone) in drawn.themes.iter().zip(TONES) {
            // Where a fill stands for crowding its colour may decide a tie; hardly a name is lost by it.
            let other = of(page);
            let lost = light.difference(&other).count() + other.difference(&light).count();
            assert!(
                lost * 10 <= light.len(),
                "{} {tone:?}: {lost} names differ",
                drawn.id
            );
        }
    }
}

#[test]
fn insets_part_the_heaps_and_keep_clear_of_all_else() {
    let mut pages = BTreeSet::new();
    for (id, drawn, page) in each() {
        for (index, inset) in page.insets.iter().enumerate() {
            assert!(page.ratio / inset.ratio > 1.99, "{id}: 1:{}", inset.ratio);
            let in_map = page.frame.holds(inset.frame);
            assert!(in_map || !page.frame.meets(inset.frame), "{id}");
            let others = page.insets[..index].iter().map(|other| other.frame);
            let beside = others
                .chain(page.legend.iter().copied())
                .chain(page.locator);
            for other in beside {
                assert!(!other.meets(inset.frame), "{id}: {other:?}");
            }
            let points = page.symbols.iter();
            let inside = points.filter(|symbol| symbol.inset == Some(index)).count();
            // The one of a builder's own shows members.
            assert!(
                inside >= 4 || drawn.id == "chongqing-metropolitan-area",
                "{id}: {inside}"
            );
            pages.insert(&drawn.id);
        }
    }
    assert!(pages.len() >= 7, "{pages:?}");
}

#[test]
fn names_with_leaders_stand_on_the_side_of_their_areas() {
    // On this paper there is no room for an inset: 江北区 lies north of the river, 南岸区 south.
    let drawn = drawn()
        .iter()
        .find(|drawn| drawn.id == "chongqing-metropolitan-area");
    let renderer = Renderer::new(RenderOptions {
        pixels_per_mm: PIXELS_PER_MM,
        paper: Paper::named("4:3").expect("a paper"),
        ..RenderOptions::default()
    });
    let page = renderer
        .render(&drawn.expect("a layer").page)
        .expect("renders");
    let top = |name: &str| {
        let found = page.names.iter().find(|placed| placed.text == name);
        found.expect("it is named").boxes[0].top
    };
    assert!(top("江北区") < top("南岸区"));
}

#[test]
fn what_the_map_is_about_is_named() {
    let named = |id: &str, names: &[&str]| {
        let on_page: BTreeSet<String> = light(id)
            .names
            .iter()
            .map(|name| name.text.replace('\n', ""))
            .collect();
        for name in names {
            assert!(
                on_page.iter().any(|text| text.contains(name)),
                "{id}: {name} is not among {on_page:?}"
            );
        }
    };
    named(
        "chongqing-metropolitan-area",
        &[
            "渝中区",
            "大渡口区",
            "江北区",
            "沙坪坝区",
            "九龙坡区",
            "南岸区",
            "北碚区",
            "渝北区",
            "巴南区",
            "涪陵区",
            "长寿区",
            "江津区",
            "合川区",
            "永川区",
            "南川区",
            "綦江区",
            "大足区",
            "璧山区",
            "铜梁区",
            "潼南区",
            "荣昌区",
            "广安市",
            "万盛经开区",
        ],
    );
    named(
        "cross-border-platforms",
        &[
            "万达开统筹发展示范区",
            "明月山绿色发展示范带",
            "城宣万革命老区示范区",
            "川渝高竹新区",
            "合广长协同发展示范区",
            "遂潼一体化发展先行区",
            "资大文旅示范区",
            "内荣农业高新区",
            "泸永江融合发展示范区",
            "川南渝西融合发展试验区",
        ],
    );
    named(
        "chengdu-chongqing-axis",
        &[
            "成渝发展主轴",
            "北线",
            "中线",
            "南线",
            "成都市",
            "重庆市",
            "资阳市",
            "遂宁市",
            "内江市",
            "永川区",
            "铜梁区",
            "大足区",
            "荣昌区",
            "潼南区",
            "璧山区",
        ],
    );
}

#[test]
fn the_legend_keeps_clear_of_the_locator_and_of_itself() {
    for (id, _, page) in each() {
        assert!(page.legend.len() > 1, "{id}");
        for (index, row) in page.legend.iter().enumerate() {
            assert!(
                !page.locator.is_some_and(|locator| row.meets(locator)),
                "{id}: row {index} meets the locator"
            );
            assert!(
                page.legend[index + 1..]
                    .iter()
                    .all(|other: &PageBox| !other.meets(*row)),
                "{id}: row {index}"
            );
        }
    }
}

/// What of a symbol makes it one of a class: its kind and its colour.
fn class(symbol: &Symbol) -> Option<(&'static str, Colour)> {
    let none = Colour::hex(0);
    Some(match symbol {
        Symbol::Fill { paint, outline } => match paint {
            // A border alone: that of a wide area, or a white one between members.
            Paint::Solid { opacity, .. } if *opacity == 0.0 => {
                let border = outline.as_ref().map(|border| border.colour);
                let border = border.filter(|colour| *colour != Colour::hex(0x00FF_FFFF))?;
                ("area", border)
            }
            Paint::Solid { colour, .. } | Paint::Hatch { colour } => ("area", *colour),
            Paint::Stripes { .. } => ("overlap", none),
            Paint::Textured { .. } => unreachable!("a theme makes these, no builder does"),
        },
        Symbol::Band { .. } => ("band", none),
        Symbol::Line { stroke, .. } | Symbol::Arrow { stroke } => ("line", stroke.colour),
        Symbol::Corridor { colour } => ("corridor", *colour),
        Symbol::Axis { .. } => ("axis", none),
        Symbol::Belt { colour, .. } => ("belt", *colour),
        Symbol::Core { colour } => ("core", *colour),
        Symbol::Node { colour }
        | Symbol::Sign { colour, .. }
        | Symbol::Graduated { colour, .. } => ("point", *colour),
        Symbol::RegionEdge => ("edge", none),
        Symbol::Seat => ("seat", none),
        // What only shows where things are explains itself.
        Symbol::Landmark | Symbol::Badge { .. } | Symbol::River { .. } | Symbol::Border { .. } => {
            return None;
        }
    })
}

#[test]
fn the_legend_has_the_classes_that_are_drawn() {
    const INK: Colour = Colour::hex(0x001E_2227);
    let mut faults = Vec::new();
    for Drawn { id, page, .. } in drawn() {
        let drawn: BTreeSet<String> = page
            .drawings
            .iter()
            .filter_map(|drawing| class(&drawing.symbol))
            .map(|class| format!("{class:?}"))
            .collect();
        let rows = page.legend.iter().flat_map(|group| &group.items);
        // Rows in ink explain a sign: dashes, hatching, arrows, sizes.
        let corridors = rows.clone().filter_map(|row| match row.symbol {
            // The row of a corridor shows its nodes too.
            Symbol::Corridor { colour } => Some(format!("{:?}", ("point", colour))),
            _ => None,
        });
        let nodes: BTreeSet<String> = corridors.collect();
        let explained: BTreeSet<String> = rows
            .filter_map(|row| class(&row.symbol))
            .filter(|(_, colour)| *colour != INK)
            .map(|class| format!("{class:?}"))
            .collect();
        let missing: Vec<&String> = drawn
            .difference(&explained)
            .filter(|class| !nodes.contains(*class))
            .collect();
        let extra: Vec<&String> = explained.difference(&drawn).collect();
        if !missing.is_empty() || !extra.is_empty() {
            faults.push(format!(
                "{id}: drawn without a row {missing:?}, rows of nothing {extra:?}"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_scale_bar_is_true() {
    for (id, _, page) in each() {
        let bar = page.scale_bar;
        let [from, to] = bar.ends.expect("a position");
        let place = |(lon, lat)| LonLat::new(lon, lat).expect("on the earth");
        let km = geodesic(place(from), place(to)).distance_m / 1000.0;
        assert!(
            (km / bar.length_km - 1.0).abs() < 0.005,
            "{id}: {km} km for {} km",
            bar.length_km
        );
        let on_paper_km = bar.length_mm * page.ratio / 1e6;
        // The scale of a conformal or equal-area projection differs across a page by less than this.
        assert!(
            (on_paper_km / bar.length_km - 1.0).abs() < 0.01,
            "{id}: {on_paper_km} km on paper for {} km",
            bar.length_km
        );
    }
    // 1 : 1 600 000, as the target page.
    let metropolitan = light("chongqing-metropolitan-area");
    assert!((metropolitan.ratio - 1_600_000.0).abs() < 1.0);
}

/// Every symbol stands where PROJ, asked anew, puts its place: within half a pixel.
#[cfg(feature = "proj")]
#[test]
fn every_point_stands_in_its_place() {
    assert!(
        light("chongqing-metropolitan-area")
            .projection
            .contains("高斯")
    );
    assert!(light("cross-border-platforms").projection.contains("等积"));
    let mut symbols = 0;
    for (id, _, page) in each() {
        let proj = proj::Proj::new(&page.definition).expect("PROJ knows it");
        for symbol in &page.symbols {
            let (frame, centre_m, ratio) = match symbol.inset {
                None => (page.frame, page.centre_m, page.ratio),
                Some(at) => {
                    let inset = page.insets[at];
                    (inset.frame, inset.centre_m, inset.ratio)
                }
            };
            let centre = (
                f64::midpoint(frame.left, frame.right),
                f64::midpoint(frame.top, frame.bottom),
            );
            let mm_per_metre = 1000.0 / ratio;
            let (lon, lat): (f64, f64) = symbol.place;
            let (east, north) = proj
                .project((lon.to_radians(), lat.to_radians()), false)
                .expect("in range");
            let x = centre.0 + (east - centre_m.0) * mm_per_metre;
            let y = centre.1 - (north - centre_m.1) * mm_per_metre;
            let off = (x - symbol.at.0).hypot(y - symbol.at.1) * PIXELS_PER_MM;
            assert!(off < 0.5, "{id}: {lon},{lat} is {off} pixels off");
            symbols += 1;
        }
    }
    assert!(symbols > 1000, "{symbols} symbols");
}
