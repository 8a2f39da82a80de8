//! Where a thing is when its own words do not say it, or say more than where it is.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use gazetteer::Gazetteer;

use small_plan::{line, read};
use table::check;

#[test]
fn the_words_before_a_name_that_are_no_place_of_it() {
    check(&[
        (
            "加快建设中德、中法等双边合作园区。",
            &[
                "中德双边合作园区|trade_zone|中德",
                "中法双边合作园区|trade_zone|中法",
            ],
        ),
        (
            "推进烟台中韩产业园建设。",
            &["烟台中韩产业园|industrial_park|烟台"],
        ),
        (
            "加快建设中新（南宁）国际物流大通道。",
            &["中新（南宁）国际物流大通道|opening_channel|新加坡 南宁"],
        ),
        ("畅通川渝长江航道。", &["川渝长江航道|waterway|长江"]),
        (
            "建设国家级检测西北中心天水分中心。",
            &["国家级检测西北中心天水分中心|science_city|天水"],
        ),
    ]);
}

#[test]
fn a_section_of_a_route_is_between_the_nodes_that_it_spells() {
    check(&[(
        "加快建设兰州至天水至宝鸡铁路天宝段。",
        &["兰州至天水至宝鸡铁路天宝段|railway|天水 宝鸡"],
    )]);
}

#[test]
fn the_clauses_before_say_where_it_is() {
    check(&[
        (
            "依托钦州港，推动组建北部湾港口联盟。",
            &["钦州港|port", "北部湾港口联盟|port|钦州港"],
        ),
        (
            "提升南宁、柳州物流集散功能，共建国际货运中心。",
            &["国际货运中心|logistics_hub|南宁 柳州"],
        ),
        (
            "推动岳阳、荆州联动实施岸线保护，共建长江中游航运枢纽。",
            &["长江中游航运枢纽|port|岳阳 荆州"],
        ),
        (
            "联合打造长江中游港口群，增强岳阳港、黄石港服务能力。",
            &[
                "长江中游港口群|port|岳阳港 黄石港",
                "岳阳港|port",
                "黄石港|port",
            ],
        ),
    ]);
}

#[test]
fn a_list_that_joins_two_units_names_one_place() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let text = "空间发展规划\n一、空间布局\n推进柳州、梧州—贺州、桂林等支点城市加快发展。\n";
    let reading = read(&gazetteer, text);
    let found: Vec<String> = reading.structures.iter().map(line).collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found[1].starts_with("梧州—贺州|node_city|梧州—贺州|"),
        "{found:?}"
    );
    let plan = reading.to_plan("small").expect("it has a date");
    let joined = plan.structures[1].all_members().next().expect("a member");
    assert_eq!(joined.place_names(), ["梧州", "贺州"]);
}

#[test]
fn a_heading_speaks_of_the_places_that_its_text_begins_with() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let text = "空间发展规划\n一、空间布局\n（一）共建西部国际物流枢纽\n整合南宁、柳州的铁路和航运资源，提高效率。\n";
    let reading = read(&gazetteer, text);
    let found: Vec<String> = reading.structures.iter().map(line).collect();
    assert_eq!(found, ["西部国际物流枢纽|logistics_hub|南宁 柳州|planned"]);
}

#[test]
fn a_plan_that_says_what_it_is_of_is_an_end_of_its_links() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let text = "长江中游城市群发展规划\n一、总体要求\n规划范围包括武汉市、黄石市、鄂州市、黄冈市、孝感市。\n\
                二、对外开放\n加强长江中游城市群建设。加强与长三角在科技领域合作。\n";
    let reading = read(&gazetteer, text);
    let found: Vec<String> = reading.structures.iter().map(line).collect();
    let link = found.iter().find(|line| line.contains("regional_link"));
    assert_eq!(
        link.map(|line| line.rsplit_once('|').map_or("", |(rest, _)| rest)),
        Some("与长三角合作|regional_link|长江中游城市群 长三角"),
        "{found:?}"
    );
}

#[test]
fn zones_by_their_work_and_things_of_each_city() {
    check(&[
        (
            "推进荆州承接产业转移示范区和宜昌统筹产城改革试验区建设。",
            &[
                "荆州承接产业转移示范区|zone|荆州|planned",
                "宜昌统筹产城改革试验区|zone|宜昌|planned",
            ],
        ),
        (
            "率先在洛阳、开封开展智能电网建设。",
            &[
                "洛阳智能电网|power_line|洛阳",
                "开封智能电网|power_line|开封",
            ],
        ),
        (
            "以南昌和九江为核心布局数据中心。",
            &["南昌数据中心|other|南昌", "九江数据中心|other|九江"],
        ),
        (
            "以南昌、九江光电产业基地为中心，完善配套。",
            &[
                "南昌光电产业基地|industrial_park|南昌",
                "九江光电产业基地|industrial_park|九江",
            ],
        ),
        (
            "推动洛阳、开封、新乡等城市三网融合试点取得突破。",
            &[
                "洛阳三网融合试点|other|洛阳",
                "开封三网融合试点|other|开封",
                "新乡三网融合试点|other|新乡",
            ],
        ),
        (
            "推进芜湖、安庆重点港（港区）建设。",
            &[
                "芜湖重点港（港区）|port|芜湖",
                "安庆重点港（港区）|port|安庆",
            ],
        ),
        (
            "推进昌吉（包括呼图壁、玛纳斯等大型气田）天然气基地建设。",
            &[
                "呼图壁气田|oil_gas|呼图壁",
                "玛纳斯气田|oil_gas|玛纳斯",
                "昌吉天然气基地|oil_gas|昌吉",
            ],
        ),
        (
            "加强与长江上游和中游协作。",
            &[
                "与长江上游协作|regional_link|长江上游",
                "与长江中游协作|regional_link|长江中游",
            ],
        ),
        ("推进芜湖、安庆发展。", &[]),
        (
            "支持南昌整合有关资源建设国家儿童区域医疗中心。",
            &["国家儿童区域医疗中心|other|南昌"],
        ),
        (
            "鼓励与东部沿海地区合作共建产业园区。",
            &["与东部沿海地区合作共建产业园区|regional_link|东部沿海"],
        ),
        (
            "积极参与泛珠三角合作。",
            &["泛珠三角合作|regional_link|泛珠三角"],
        ),
        (
            "加强与中东欧国家在物流等领域的合作。",
            &["与中东欧国家合作|regional_link|中东欧"],
        ),
        (
            "建设洛阳和郑州城际骨干网。",
            &["洛阳和郑州城际骨干网|other|洛阳 郑州"],
        ),
    ]);
}

#[test]
fn what_each_place_of_a_list_has() {
    check(&[
        (
            "支持潍坊、临沂等地木材加工产业园区联动发展。",
            &[
                "潍坊木材加工产业园区|industrial_park|潍坊",
                "临沂木材加工产业园区|industrial_park|临沂",
            ],
        ),
        (
            "发展寿光、兰陵等加工蔬菜基地。",
            &[
                "寿光加工蔬菜基地|agriculture_belt|寿光",
                "兰陵加工蔬菜基地|agriculture_belt|兰陵",
            ],
        ),
        (
            "在闽江、九龙江干流开展水环境治理。",
            &[
                "闽江水环境治理|river_corridor|闽江",
                "九龙江水环境治理|river_corridor|九龙江",
            ],
        ),
        (
            "在桂林、柳州建设智能电网。",
            &[
                "桂林智能电网|power_line|桂林",
                "柳州智能电网|power_line|柳州",
            ],
        ),
        (
            "强化兰州、西宁两大综合交通枢纽功能。",
            &[
                "兰州综合交通枢纽|logistics_hub|兰州",
                "西宁综合交通枢纽|logistics_hub|西宁",
            ],
        ),
        (
            "以济南、青岛国际旅游都市为引领，打造精品线路。",
            &[
                "济南国际旅游都市|tourism_site|济南",
                "青岛国际旅游都市|tourism_site|青岛",
            ],
        ),
    ]);
}

#[test]
fn names_that_lend_nothing_and_roads_between_all() {
    check(&[
        (
            "规划研究兰州、白银、定西互通快速通道及连接西宁快速通道。",
            &[
                "兰州、白银、定西互通快速通道|road|兰州 白银 定西|studied",
                "西宁快速通道|road|西宁|studied",
            ],
        ),
        (
            "提升青岛国际马拉松、日照女足邀请赛影响力。",
            &["青岛国际马拉松|other|青岛", "日照女足邀请赛|other|日照"],
        ),
        (
            "建成重庆北站二期。",
            &["重庆北站二期|station|重庆北站|existing"],
        ),
    ]);
}
