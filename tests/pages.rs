//! The map pages of the atlas: what stands where, in millimetres.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use gazetteer::Gazetteer;
use layers::{Builder, DEFINITIONS};
use output::raster::{PageBox, RenderOptions, Rendered, render};
use plans::Catalogue;

/// Each layer's page, with the names that must be on it.
fn pages() -> &'static [(&'static str, Rendered)] {
    static PAGES: OnceLock<Vec<(&'static str, Rendered)>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let gazetteer = Gazetteer::embedded().expect("opens");
        let catalogue = Catalogue::embedded().expect("reads");
        let builder = Builder::new(&gazetteer, &catalogue);
        let small = RenderOptions {
            pixels_per_mm: 4.0,
            ..RenderOptions::default()
        };
        let page = |definition: &layers::LayerDefinition| {
            let page = definition.map(&builder).expect("builds");
            (definition.id, render(&page, &small).expect("renders"))
        };
        DEFINITIONS.iter().map(page).collect()
    })
}

fn page(id: &str) -> &'static Rendered {
    &pages()
        .iter()
        .find(|(page, _)| *page == id)
        .expect("a layer")
        .1
}

#[test]
fn no_two_names_meet_and_none_is_cut() {
    for (id, page) in pages() {
        assert!(page.names.len() > 30, "{id}: {} names", page.names.len());
        for (index, name) in page.names.iter().enumerate() {
            for part in &name.boxes {
                let inside = page.frame.holds(*part)
                    || page.inset.is_some_and(|inset| inset.frame.holds(*part));
                assert!(inside, "{id}: {} is cut by the frame", name.text);
                for other in &page.names[index + 1..] {
                    let meets = other.boxes.iter().any(|other| other.meets(*part));
                    assert!(!meets, "{id}: {} meets {}", name.text, other.text);
                }
            }
        }
        assert!(
            page.missing_glyphs.is_empty(),
            "{id}: {:?}",
            page.missing_glyphs
        );
    }
}

#[test]
fn what_the_map_is_about_is_named() {
    let named = |id: &str, names: &[&str]| {
        let on_page: BTreeSet<String> = page(id)
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
    for (id, page) in pages() {
        assert!(page.legend.len() > 4, "{id}");
        for (index, row) in page.legend.iter().enumerate() {
            assert!(
                !row.meets(page.locator),
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

#[test]
fn the_scale_bar_is_true_to_the_ratio() {
    for (id, page) in pages() {
        let on_paper_km = page.scale_bar.length_mm * page.ratio / 1e6;
        let off = on_paper_km / page.scale_bar.length_km - 1.0;
        // The scale of a conformal or equal-area projection differs across a page by less than this.
        assert!(
            off.abs() < 0.01,
            "{id}: {on_paper_km} km on paper for {} km",
            page.scale_bar.length_km
        );
    }
    // 1 : 1 600 000, as the target page.
    let metropolitan = page("chongqing-metropolitan-area");
    assert!(
        (metropolitan.ratio - 1_600_000.0).abs() < 1.0 && metropolitan.projection.contains("高斯")
    );
    assert!(page("cross-border-platforms").projection.contains("等积"));
}
