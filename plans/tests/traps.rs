//! What the print and the language of plans lay in a reader's way, through the whole reader.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use gazetteer::Gazetteer;
use plans::{BlockKind, PartKind, Reading};

use small_plan::{article, line, read};
use table::check;

/// An article that the layouts below are made of, and its structures.
const ARTICLE: &str = "加快建设济南至滨州高铁和日照港，扩建威海机场，推进烟台、青岛等综合保税区建设，支持淄博、潍坊\
    建设区域中心城市。推动东营与滨州协同发展，提升临沂、济宁等城市发展能级，加强沂河、沭河等重要支流生态廊道建设，\
    支持泰安、聊城争创国家级高新区，在菏泽建设石化产业基地，推进枣庄、德州等支线机场建设。";
const STRUCTURES: [&str; 17] = [
    "济南至滨州高铁",
    "日照港",
    "威海机场",
    "烟台综合保税区",
    "青岛综合保税区",
    "淄博",
    "潍坊",
    "东营与滨州协同发展",
    "临沂",
    "济宁",
    "沂河生态廊道",
    "沭河生态廊道",
    "泰安国家级高新区",
    "聊城国家级高新区",
    "石化产业基地",
    "枣庄支线机场",
    "德州支线机场",
];

fn gazetteer() -> Gazetteer {
    Gazetteer::embedded().expect("the embedded data reads")
}

fn names<'r>(reading: &'r Reading<'_>) -> Vec<&'r str> {
    reading
        .structures
        .iter()
        .map(|found| found.name.as_str())
        .collect()
}

fn surfaces<'r>(reading: &'r Reading<'_>) -> Vec<&'r str> {
    let alone = reading
        .mentions
        .iter()
        .filter(|mention| mention.inside.is_none());
    alone.map(|mention| mention.surface.as_str()).collect()
}

/// The article in lines of so many characters.
fn lines(width: usize) -> Vec<String> {
    let text: Vec<char> = format!("　　{ARTICLE}").chars().collect();
    text.chunks(width)
        .map(|line| line.iter().collect())
        .collect()
}

#[test]
fn lines_break_inside_names() {
    let gazetteer = gazetteer();
    for width in 17..40 {
        let broken = lines(width).join("\n");
        assert_eq!(names(&article(&gazetteer, &broken)), STRUCTURES, "{width}");
    }
}

#[test]
fn blank_lines_stand_inside_sentences() {
    let gazetteer = gazetteer();
    for width in 17..40 {
        let broken = lines(width).join("\n\n");
        assert_eq!(names(&article(&gazetteer, &broken)), STRUCTURES, "{width}");
    }
}

#[test]
fn page_furniture_stands_inside_names() {
    let gazetteer = gazetteer();
    let page = |number: usize, lines: &[String]| {
        format!(
            "{}\n\n某省人民政府公报\n- {} -\n\n",
            lines.join("\n"),
            number + 1
        )
    };
    for width in 17..32 {
        let pages: Vec<String> = lines(width)
            .chunks(3)
            .enumerate()
            .map(|(at, lines)| page(at, lines))
            .collect();
        let reading = article(&gazetteer, &pages.concat());
        assert_eq!(names(&reading), STRUCTURES, "{width}");
        assert!(!surfaces(&reading).contains(&"某省"), "{width}");
    }
}

#[test]
fn a_page_number_stands_inside_a_name() {
    let gazetteer = gazetteer();
    let reading = article(&gazetteer, "推动长江经济9带建设，建设宜昌港。");
    assert_eq!(surfaces(&reading), ["长江经济带", "宜昌港"]);
}

#[test]
fn marks_are_lost() {
    let gazetteer = gazetteer();
    let repaired = |text: &str| -> Vec<String> {
        article(&gazetteer, text)
            .cleaned
            .repairs
            .into_iter()
            .map(|repair| repair.repaired)
            .collect()
    };
    assert_eq!(
        repaired("2020年地区生产总值占全省的比重达到42，城镇化率达到75%。"),
        ["42%"]
    );
    assert!(repaired("2020年全省机场达到42个，里程达到4200公里。").is_empty());
    check(&[("加快建设4217高速公路。", &["4217高速公路|expressway"])]);
}

#[test]
fn captions_stand_inside_sentences_and_names() {
    check(&[
        (
            "建设济南至泰安高铁，图3 高速铁路网规划示意图加快建设日照港。",
            &[
                "济南至泰安高铁|railway|济南 泰安|planned",
                "日照港|port|日照港|under_construction",
            ],
        ),
        (
            "加快建设济南图3 高速铁路网规划示意图至泰安高铁。",
            &["济南至泰安高铁|railway|济南 泰安|under_construction"],
        ),
        ("按照示意图加快建设日照港。", &["日照港|port|日照港"]),
    ]);
}

#[test]
fn a_notice_stands_before_its_plan() {
    let gazetteer = gazetteer();
    let text = format!(
        "某省人民政府关于印发空间发展规划的通知\n某府发〔2022〕9号\n各市人民政府：\n现将《空间发展规划》印发给你们，\
         请认真组织实施。支持青岛建设国家中心城市。\n某省人民政府\n2022年6月1日\n空间发展规划\n一、空间布局\n{ARTICLE}\n"
    );
    let reading = read(&gazetteer, &text);
    let kinds: Vec<PartKind> = reading
        .cleaned
        .outline
        .parts
        .iter()
        .map(|part| part.kind)
        .collect();
    assert_eq!(kinds, [PartKind::Notice, PartKind::Plan]);
    assert_eq!(names(&reading), STRUCTURES);
    assert_eq!(surfaces(&reading)[0], "青岛");
}

#[test]
fn a_story_stands_before_the_plan_that_it_prints() {
    let gazetteer = gazetteer();
    let story = "记者从会议上获悉，济南机场建设进展顺利。\n专家表示，要加快建设青岛机场。\n负责人说，潍坊机场也在规划。\n\
        他认为，临沂机场值得期待。\n";
    let text = format!("{story}一、空间布局\n{ARTICLE}\n二、产业布局\n在滨州建设纺织产业基地。\n");
    let reading = read(&gazetteer, &text);
    assert_eq!(reading.plan().map(|part| part.kind), Some(PartKind::Plan));
    let found = names(&reading);
    assert!(!found.contains(&"青岛机场"), "{found:?}");
    assert!(found.contains(&"日照港"), "{found:?}");
}

#[test]
fn one_head_noun_is_of_a_whole_list() {
    check(&[
        (
            "加快乐山、遂宁、广安等支线机场建设。",
            &[
                "乐山支线机场|airport|乐山",
                "遂宁支线机场|airport|遂宁",
                "广安支线机场|airport|广安",
            ],
        ),
        (
            "支持武汉、孝感等综合保税区和黄石机场建设。",
            &[
                "武汉综合保税区|trade_zone|武汉",
                "孝感综合保税区|trade_zone|孝感",
                "黄石机场|airport|黄石",
            ],
        ),
        // What is done to the last is done to all, and so is the noun before it.
        (
            "实施成渝、渝遂、渝邻等高速公路扩容。",
            &[
                "成渝高速公路扩容|expressway|成都 重庆|expand",
                "渝遂高速公路扩容|expressway|重庆 遂宁",
                "渝邻高速公路扩容|expressway|重庆 邻水",
            ],
        ),
        (
            "推进泛亚铁路大通道东线、中线扩能。",
            &[
                "泛亚铁路大通道东线|opening_channel",
                "泛亚铁路大通道中线|opening_channel",
            ],
        ),
    ]);
}

#[test]
fn a_dash_has_five_meanings() {
    check(&[
        ("2021—2025年建设日照港。", &["日照港|port|日照港"]),
        ("建设兰州—张掖铁路。", &["兰州—张掖铁路|railway|兰州 张掖"]),
        (
            "建设綦江—万盛合作园区。",
            &["綦江—万盛合作园区|industrial_park|綦江 万盛"],
        ),
        (
            "支持綦江—万盛、永川等高新区建设。",
            &[
                "綦江—万盛高新区|industrial_park|綦江 万盛",
                "永川高新区|industrial_park|永川",
            ],
        ),
        (
            "建设甘肃—青海特高压工程。",
            &["甘肃—青海特高压|power_line|甘肃 青海"],
        ),
        ("推动兰州——丝绸之路上的名城——发展。", &[]),
    ]);
}

/// Names of the gazetteer: brackets in others are not read.
#[test]
fn names_have_brackets_inside() {
    check(&[
        (
            "建设内（江）自（贡）合作园区。",
            &["内（江）自（贡）合作园区|industrial_park|内江 自贡"],
        ),
        (
            "建设合（川）广（安）长（寿）协同发展示范区。",
            &["合（川）广（安）长（寿）协同发展示范区|zone"],
        ),
    ]);
}

/// Names whose first characters alone would say other places.
#[test]
fn short_names_have_the_sense_of_their_line() {
    check(&[
        ("建设渝武高速公路。", &["渝武高速公路|expressway|重庆 武胜"]),
        ("建设渝宜高速公路。", &["渝宜高速公路|expressway|重庆 宜昌"]),
        ("建设渝万高铁。", &["渝万高铁|railway|重庆 万州"]),
        (
            "建设成自泸赤高速公路。",
            &["成自泸赤高速公路|expressway|成都 自贡 泸州 赤水"],
        ),
        (
            "推进泸永江融合发展。",
            &["泸永江融合发展|cross_border_platform|泸州 永川 江津"],
        ),
        (
            "推进内自宜同城化发展，支持内江、自贡、宜宾扩大开放。",
            &["内自宜同城化发展|regional_link|内江 自贡 宜宾"],
        ),
    ]);
}

#[test]
fn one_name_is_a_river_or_a_district() {
    let gazetteer = gazetteer();
    let sense = |text: &str| -> String {
        let reading = article(&gazetteer, text);
        let first = reading
            .mentions
            .iter()
            .find(|mention| mention.surface == "綦江");
        first.map_or_else(String::new, |mention| mention.class.kind().to_owned())
    };
    assert_eq!(sense("加强綦江、沱江、岷江污染治理。"), "river");
    assert_eq!(sense("支持綦江、江津、永川建设区域中心城市。"), "county");
}

#[test]
fn a_facility_is_no_proof_of_where_it_lies() {
    let gazetteer = gazetteer();
    let reading = article(&gazetteer, "推进江北国际机场扩建，支持渝北、江北扩大开放。");
    let airport = &reading.mentions[0];
    let place = airport.senses[0].found.place;
    let (lon, lat) = place
        .position
        .map(|at| (at.lon(), at.lat()))
        .expect("located");
    // The airport lies in 渝北, 20 km from the seat of 江北.
    assert!(
        (lon - 106.64).abs() < 0.03 && (lat - 29.72).abs() < 0.03,
        "{lon} {lat}"
    );
    assert_eq!(names(&reading), ["江北国际机场"]);
}

#[test]
fn the_order_of_the_text_is_kept() {
    check(&[
        (
            "建设青岛至淄博至潍坊铁路。",
            &["青岛至淄博至潍坊铁路|railway|青岛 淄博 潍坊"],
        ),
        (
            "推动滨州、济南、东营等节点城市加快发展。",
            &["滨州|node_city", "济南|node_city", "东营|node_city"],
        ),
        ("建设成渝中线高铁。", &["成渝中线高铁|railway|成都 重庆"]),
    ]);
}

#[test]
fn names_are_hidden_in_names() {
    check(&[
        ("保护大足石刻。", &["大足石刻|tourism_site"]),
        (
            "建设长征渠引水工程。",
            &["长征渠引水工程|water_project|长征渠引水工程"],
        ),
        (
            "支持贵港、防城港、连云港建设节点城市。",
            &["贵港|node_city", "防城港|node_city", "连云港|node_city"],
        ),
    ]);
    let gazetteer = gazetteer();
    for (text, whole) in [
        ("保护大足石刻。", "大足石刻"),
        ("推进大陆溪河治理。", "大陆溪河"),
        ("把大竹海打造成为品牌。", "大竹海"),
    ] {
        assert_eq!(surfaces(&article(&gazetteer, text)), [whole]);
    }
}

#[test]
fn words_are_no_places() {
    let gazetteer = gazetteer();
    for text in [
        "绿水青山就是金山银山，坚持习近平新时代中国特色社会主义思想。",
        "发展川菜、重庆火锅和河帮菜系，传承三线建设精神。",
        "推广川派餐饮，提升服务质量。",
        "推进平安大道建设，坚持和平发展，推进资源整合。",
        "济府发〔2022〕9号文件要求认真落实。",
        "扩大足球场开放，提高县域经济，联合江海联运企业。",
        "初等教育和高等教育协调发展，南部地区加快发展。",
    ] {
        let reading = article(&gazetteer, text);
        assert!(
            surfaces(&reading).is_empty(),
            "{text}: {:?}",
            surfaces(&reading)
        );
        assert!(
            reading.structures.is_empty(),
            "{text}: {:?}",
            names(&reading)
        );
    }
}

#[test]
fn a_heading_is_no_part_of_a_sentence() {
    let gazetteer = gazetteer();
    let reading = read(
        &gazetteer,
        &format!("空间发展规划\n第一章 总则\n第一节 布局\n{ARTICLE}\n"),
    );
    let kinds: Vec<BlockKind> = reading
        .cleaned
        .outline
        .blocks
        .iter()
        .map(|block| block.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            BlockKind::Title,
            BlockKind::Heading,
            BlockKind::Heading,
            BlockKind::Paragraph
        ]
    );
    let first = reading.structures.first().map(line);
    assert_eq!(
        first.as_deref(),
        Some("济南至滨州高铁|railway|济南 滨州|under_construction")
    );
}

#[test]
fn a_lost_decimal_point_is_mended_where_the_members_prove_it() {
    let gazetteer = Gazetteer::embedded().expect("opens");
    let plan = |area: &str| {
        format!(
            "第一章 总体要求\n规划范围包括福州市、莆田市、宁德市、泉州市，总面积{area}。\n第二章 布局\n加快建设福州机场。\n"
        )
    };
    let value = |area: &str| {
        let text = plan(area);
        let as_of = "2022".parse().ok();
        let reading = Reading::new(&gazetteer, &text, as_of).expect("short");
        let figure = reading.structures[0].figures[0].clone();
        (figure.value, figure.printed, reading.cleaned.repairs)
    };
    let (mended, printed, repairs) = value("41万平方公里");
    assert!((mended - 4.1).abs() < 1e-9);
    assert_eq!(printed, "41万平方公里");
    assert_eq!(
        (repairs.len(), repairs[0].printed.as_str()),
        (1, "41万平方公里")
    );
    let (kept, _, repairs) = value("4.1万平方公里");
    assert!((kept - 4.1).abs() < 1e-9 && repairs.is_empty());
    // No shift makes it right: it stays as printed.
    assert!((value("70万平方公里").0 - 7.0).abs() > 1.0);
}
