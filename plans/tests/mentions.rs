//! The traps of names, on sentences made for them.

use gazetteer::{FeatureClass, Gazetteer};
use plans::{CleanText, Mention, MentionReader, mentions};

fn gazetteer() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data reads")
}

/// The names of a text that stand for themselves.
fn alone<'g>(gazetteer: &'g Gazetteer, text: &str) -> Vec<Mention<'g>> {
    let clean = CleanText::new(text).expect("short");
    let found = mentions(gazetteer, &clean, None);
    for mention in &found.mentions {
        assert_eq!(clean.as_str()[mention.range.clone()], mention.surface);
    }
    found.alone().cloned().collect()
}

fn surfaces(text: &str) -> Vec<String> {
    let gazetteer = gazetteer();
    let found = alone(&gazetteer, text);
    found.into_iter().map(|mention| mention.surface).collect()
}

/// Names and classes of a text.
fn classes(text: &str) -> Vec<(String, FeatureClass)> {
    let gazetteer = gazetteer();
    let found = alone(&gazetteer, text);
    found.into_iter().map(|m| (m.surface, m.class)).collect()
}

#[test]
fn a_river_and_a_district_of_one_name_are_told_apart() {
    let found = classes("四川省和重庆市治理沱江、綦江流域，支持永川、綦江发展");
    let of = |class| found.contains(&("綦江".to_owned(), class));
    assert!(
        of(FeatureClass::River) && of(FeatureClass::County),
        "{found:?}"
    );
}

#[test]
fn an_airport_lies_where_it_is_not_where_its_name_says() {
    let gazetteer = gazetteer();
    let found = alone(&gazetteer, "扩建重庆江北国际机场");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].senses[0].found.place.parent_id, "500112");
}

#[test]
fn names_hidden_in_names_brands_and_numbers_are_no_places() {
    let found = surfaces(
        "治理大陆溪河，打造大竹海，发展川派餐饮和重庆火锅；见川府发〔2020〕1号。践行绿水青山就是金山银山",
    );
    assert_eq!(found, ["大陆溪河", "大竹海"]);
}

#[test]
fn names_cut_across_two_words_are_none() {
    let found = surfaces(
        "四川省加快形成都市圈格局，扩大足球人口，提高县域活力，防范重特大安全事故，支持城乡统筹",
    );
    assert_eq!(found, ["四川省"]);
}

#[test]
fn brackets_complete_a_short_name() {
    let found = surfaces("建设合（川）广（安）长（寿）协同发展区");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn people_cut_a_name_before_what_is_planned_there() {
    let found = surfaces("带动成渝地区、川渝毗邻地区，推进向家坝灌区工程和中新（重庆）示范项目");
    assert_eq!(found, ["成渝", "川渝", "向家坝灌区", "中新", "重庆"]);
    assert_eq!(surfaces("加强与滇中、黔中城市群合作"), ["滇中", "黔中"]);
}

#[test]
fn a_word_for_any_city_is_a_name_where_the_text_says_of_which() {
    assert!(surfaces("疏解中心城区功能，支持毗邻地区").is_empty());
    let gazetteer = gazetteer();
    let text = "支持四川天府新区（以下简称新区）发展。做强新区";
    let found = alone(&gazetteer, text);
    let places: Vec<&str> = found.iter().map(|m| m.senses[0].found.place.id).collect();
    assert_eq!(found[1].surface, "新区");
    assert_eq!(places.len(), 3);
    assert!(places.iter().all(|id| *id == places[0]), "{places:?}");
}

#[test]
fn unknown_names_are_told_by_their_endings() {
    use FeatureClass as C;
    let found = classes(
        "湖北省加快建设碧云坝水库，治理柳溪河，新建青岚坳大桥，支持黄冈市麻石冲镇和随州港发展",
    );
    let expected = [
        ("湖北省", C::Province),
        ("碧云坝水库", C::Reservoir),
        ("柳溪河", C::River),
        ("青岚坳大桥", C::Bridge),
        ("黄冈市", C::Prefecture),
        ("麻石冲镇", C::Town),
        ("随州港", C::Port),
    ];
    let found: Vec<(&str, C)> = found
        .iter()
        .map(|(name, class)| (&**name, *class))
        .collect();
    assert_eq!(found, expected);
    assert!(surfaces("建设大型水库和重要支线机场，推进城镇化，疏浚高等级航道").is_empty());
}

#[test]
fn a_line_is_made_of_the_places_that_the_text_names() {
    let gazetteer = gazetteer();
    let found = alone(
        &gazetteer,
        "上海市、苏州市、湖州市、杭州市共建沪苏湖铁路，改造沪苏、沪杭高速公路",
    );
    let lines: Vec<(&str, usize)> = found[4..]
        .iter()
        .map(|mention| (&*mention.surface, mention.parts.len()))
        .collect();
    assert_eq!(lines, [("沪苏湖铁路", 3), ("沪苏", 2), ("沪杭", 2)]);
    assert_eq!(found[4].parts[1].found.place.name, "苏州市");
}

#[test]
fn long_lists_and_walls_of_brackets_are_read() {
    let gazetteer = gazetteer();
    let list = format!("重庆市{}", "永川、合川、".repeat(5_000));
    let found = alone(&gazetteer, &list);
    assert_eq!(found.len(), 10_001);
    assert!(found[1..].iter().all(|m| m.class == FeatureClass::County));
    assert!(alone(&gazetteer, &"（".repeat(100_000)).is_empty());
    assert!(alone(&gazetteer, &"江".repeat(100_000)).is_empty());
}

#[test]
fn a_reader_gives_the_names_sentence_by_sentence() {
    let gazetteer = gazetteer();
    let clean = CleanText::new("支持永川区。建设。支持合川区、大足区。").expect("short");
    let counts: Vec<usize> = MentionReader::new(&gazetteer, &clean, None)
        .map(|names| names.iter().filter(|m| m.inside.is_none()).count())
        .collect();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn a_company_is_no_place_and_its_neighbours_are() {
    assert_eq!(
        surfaces("济南城投甲乙集团有限公司参与建设。"),
        Vec::<String>::new()
    );
    assert_eq!(surfaces("济南和泰安的企业集团参与建设。"), ["济南", "泰安"]);
    assert_eq!(surfaces("支持济南大型企业集团发展。"), ["济南"]);
}

#[test]
fn two_regions_named_in_passing_are_two() {
    assert_eq!(surfaces("研究川南渝西融合发展的办法。"), ["川南", "渝西"]);
    let often = "川南渝西地区要合作。川南渝西地区要开放。川南渝西地区要创新。";
    assert_eq!(surfaces(often), ["川南渝西"; 3]);
}
