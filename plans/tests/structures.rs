//! The rules that read structures, each on sentences that it reads, that it must leave alone, and that have two readings.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use gazetteer::Gazetteer;

use small_plan::article;
use table::check;

#[test]
fn a_verb_and_a_list_of_things() {
    check(&[
        (
            "加快建设济南至滨州高铁、潍坊至宿迁高铁。",
            &[
                "济南至滨州高铁|railway|济南 滨州|under_construction",
                "潍坊至宿迁高铁|railway|潍坊 宿迁|under_construction",
            ],
        ),
        (
            "建设日照港、烟台港。",
            &["日照港|port|日照港|planned", "烟台港|port|烟台港|planned"],
        ),
        (
            "推进黄河三角洲高效生态农业示范区建设。",
            &["黄河三角洲高效生态农业示范区|agriculture_belt"],
        ),
        ("建设一批产业园区。", &[]),
        ("推动港口建设。", &[]),
        ("在全省建设一批物流园区。", &[]),
        ("推动济南发展。", &[]),
        ("兰州与天水相距300公里。", &[]),
        ("济南至青岛的乘客增加。", &[]),
    ]);
}

#[test]
fn a_head_noun_that_a_list_shares() {
    check(&[
        (
            "推进柳州、桂林等支线机场改扩建。",
            &[
                "柳州支线机场|airport|柳州|expand",
                "桂林支线机场|airport|桂林|expand",
            ],
        ),
        (
            "加快建设襄阳、宜昌、荆州等综合保税区。",
            &[
                "襄阳综合保税区|trade_zone|襄阳",
                "宜昌综合保税区|trade_zone|宜昌",
                "荆州综合保税区|trade_zone|荆州",
            ],
        ),
        (
            "推进闽江、九龙江、晋江流域综合治理。",
            &[
                "闽江流域综合治理|river_corridor|闽江",
                "九龙江流域综合治理|river_corridor|九龙江",
                "晋江流域综合治理|river_corridor|晋江",
            ],
        ),
        (
            "加强汉江、清江等重要支流生态廊道建设。",
            &[
                "汉江生态廊道|ecological_corridor|汉江",
                "清江生态廊道|ecological_corridor|清江",
            ],
        ),
        (
            "建设桂林漓江、柳州融江等水环境治理工程。",
            &[
                "桂林漓江水环境治理|river_corridor|桂林 漓江",
                "柳州融江水环境治理|river_corridor|柳州 融江",
            ],
        ),
        (
            "推进柳江、红水河、西江航道整治。",
            &[
                "柳江航道整治|waterway|柳江",
                "红水河航道整治|waterway|红水河",
                "西江航道整治|waterway|西江",
            ],
        ),
        ("支持青岛、烟台等城市扩大开放。", &[]),
        ("提高济南、淄博等地公共服务水平。", &[]),
        ("完善等级公路网络。", &[]),
        ("初等教育和高等教育协调发展。", &[]),
    ]);
}

#[test]
fn and_joins_two_items_or_two_words() {
    check(&[
        (
            "建设柳州机场和梧州港。",
            &["柳州机场|airport|柳州", "梧州港|port|梧州港"],
        ),
        (
            "推进贺州至梧州高速公路及玉林港建设。",
            &[
                "贺州至梧州高速公路|expressway|贺州 梧州",
                "玉林港|port|玉林港",
            ],
        ),
        (
            "建设济南、泰安等高铁站以及日照港。",
            &[
                "济南高铁站|station|济南",
                "泰安高铁站|station|泰安",
                "日照港|port|日照港",
            ],
        ),
        (
            "建设日照港、烟台港和威海港。",
            &["日照港|port", "烟台港|port", "威海港|port"],
        ),
        (
            "统筹岷江航道、宜宾港和泸州港建设。",
            &[
                "岷江航道|waterway|岷江",
                "宜宾港|port|宜宾港",
                "泸州港|port|泸州港",
            ],
        ),
        ("完善交通和能源设施。", &[]),
    ]);
}

#[test]
fn brackets_speak_of_one_item() {
    check(&[
        (
            "建设临沂机场（迁建）、济宁机场。",
            &[
                "临沂机场（迁建）|airport|临沂|relocate",
                "济宁机场|airport|济宁|planned",
            ],
        ),
        (
            "建设黄河国家文化公园（兰州段、白银段）。",
            &[
                "黄河国家文化公园（兰州段）|tourism_site|兰州",
                "黄河国家文化公园（白银段）|tourism_site|白银",
            ],
        ),
        (
            "建设济南至青岛高速公路（G2）。",
            &["济南至青岛高速公路（G2）|expressway|济南 青岛"],
        ),
    ]);
}

#[test]
fn routes_keep_their_nodes_in_order() {
    check(&[
        (
            "建设济南经泰安至曲阜高铁。",
            &["济南经泰安至曲阜高铁|railway|济南 泰安 曲阜|planned"],
        ),
        (
            "建设兰州—张掖铁路。",
            &["兰州—张掖铁路|railway|兰州 张掖|planned"],
        ),
        (
            "建设福州至厦门至漳州高铁。",
            &["福州至厦门至漳州高铁|railway|福州 厦门 漳州|planned"],
        ),
        (
            "建设包海高铁襄阳至宜昌段。",
            &["包海高铁襄阳至宜昌段|railway|襄阳 宜昌"],
        ),
        (
            "实施陇海铁路兰州至天水段扩能改造。",
            &["陇海铁路兰州至天水段|railway|兰州 天水|expand"],
        ),
        ("2021—2025年建设日照港。", &["日照港|port|日照港"]),
        ("2020至2025年，济南港口吞吐量年均增长5%。", &[]),
    ]);
}

#[test]
fn lines_that_share_an_end() {
    check(&[
        (
            "开行西安、宝鸡至青岛班列。",
            &[
                "西安至青岛班列|opening_channel|西安 青岛",
                "宝鸡至青岛班列|opening_channel|宝鸡 青岛",
            ],
        ),
        (
            "建设济南至德州、聊城、泰安等市域铁路。",
            &[
                "济南至德州|railway|济南 德州",
                "济南至聊城|railway|济南 聊城",
                "济南至泰安|railway|济南 泰安",
            ],
        ),
        (
            "建设济南至德州铁路、泰安至聊城铁路。",
            &[
                "济南至德州铁路|railway|济南 德州",
                "泰安至聊城铁路|railway|泰安 聊城",
            ],
        ),
    ]);
}

#[test]
fn what_a_plan_calls_each_place() {
    check(&[
        (
            "支持襄阳、宜昌建设省域副中心城市。",
            &[
                "襄阳|regional_center_city|襄阳",
                "宜昌|regional_center_city|宜昌",
            ],
        ),
        (
            "推动洛阳、赣州等区域中心城市发展。",
            &[
                "洛阳|regional_center_city|洛阳",
                "赣州|regional_center_city|赣州",
            ],
        ),
        (
            "推动德州、聊城等节点城市加快发展。",
            &["德州|node_city|德州", "聊城|node_city|聊城"],
        ),
        (
            "提升柳州、桂林等城市发展能级。",
            &["柳州|node_city|柳州", "桂林|node_city|桂林"],
        ),
        (
            "推动泰安、德州等率先与济南同城化发展。",
            &[
                "与济南同城化发展|node_city|泰安 德州",
                "泰安|node_city|泰安",
                "德州|node_city|德州",
            ],
        ),
        ("支持西安建设国家中心城市。", &["西安|core_city|西安"]),
        ("提升城市功能。", &[]),
        ("推动城市发展。", &[]),
    ]);
}

#[test]
fn places_that_build_a_thing_together() {
    check(&[
        (
            "推动济南、青岛共建科创走廊。",
            &["科创走廊|development_belt|济南 青岛"],
        ),
        (
            "支持柳州、来宾合作建设产业合作区。",
            &["产业合作区|industrial_park|柳州 来宾"],
        ),
        (
            "支持宜昌、荆州、荆门共建产业转移示范区。",
            &["产业转移示范区|zone|宜昌 荆州 荆门"],
        ),
        (
            "支持平凉、宝鸡共建文化示范区。",
            &["文化示范区|cross_border_platform|平凉 宝鸡"],
        ),
        (
            "推动兰州建设国家物流枢纽。",
            &["国家物流枢纽|logistics_hub|兰州"],
        ),
        ("济南、青岛建设工程进展顺利。", &[]),
        ("支持济南与高校合作。", &[]),
    ]);
}

#[test]
fn a_title_that_is_sought_is_one_for_each() {
    check(&[
        (
            "支持兰州、天水争创国家级新区。",
            &[
                "兰州国家级新区|new_area|兰州",
                "天水国家级新区|new_area|天水",
            ],
        ),
        (
            "支持泉州、漳州创建国家物流枢纽。",
            &[
                "泉州国家物流枢纽|logistics_hub|泉州",
                "漳州国家物流枢纽|logistics_hub|漳州",
            ],
        ),
        (
            "支持西安、宝鸡申建综合保税区。",
            &[
                "西安综合保税区|trade_zone|西安",
                "宝鸡综合保税区|trade_zone|宝鸡",
            ],
        ),
        ("支持济南创建文明单位。", &[]),
    ]);
}

#[test]
fn frames_that_share_their_verb() {
    check(&[
        (
            "推动济南建设新旧动能转换示范区、青岛打造海洋经济示范区。",
            &["新旧动能转换示范区|zone|济南", "海洋经济示范区|zone|青岛"],
        ),
        (
            "推动兰州建设新材料基地、白银打造有色金属产业基地、定西创建中药材交易中心。",
            &[
                "新材料基地|industrial_park|兰州",
                "有色金属产业基地|industrial_park|白银",
                "中药材交易中心|other|定西",
            ],
        ),
        (
            "加快建设济南至滨州高铁，规划建设滨州至东营铁路，研究论证东营至潍坊铁路。",
            &[
                "济南至滨州高铁|railway|济南 滨州|under_construction",
                "滨州至东营铁路|railway|滨州 东营|planned",
                "东营至潍坊铁路|railway|东营 潍坊|studied",
            ],
        ),
    ]);
}

#[test]
fn relations_with_others_and_between_two() {
    check(&[
        (
            "与济南、青岛在海洋产业领域开展合作。",
            &[
                "与济南合作|regional_link|济南",
                "与青岛合作|regional_link|青岛",
            ],
        ),
        (
            "与粤港澳大湾区加强产业合作。",
            &["与粤港澳大湾区产业合作|regional_link|粤港澳大湾区"],
        ),
        ("加强与东盟国家的合作。", &["与东盟合作|regional_link|东盟"]),
        (
            "对接长三角、粤港澳大湾区。",
            &[
                "对接长三角|regional_link|长三角|cooperate",
                "对接粤港澳大湾区|regional_link",
            ],
        ),
        (
            "推动淄博与滨州协同发展。",
            &["淄博与滨州协同发展|regional_link|淄博 滨州"],
        ),
        (
            "推动福州和宁德联动发展。",
            &["福州和宁德联动发展|regional_link|福州 宁德"],
        ),
        (
            "推动济南—泰安、青岛—潍坊等加强创新合作。",
            &[
                "济南—泰安|regional_link|济南 泰安",
                "青岛—潍坊|regional_link|青岛 潍坊",
            ],
        ),
        ("加强旅游合作。", &[]),
        ("加强政企合作。", &[]),
        ("与此同时，济南加快发展。", &[]),
    ]);
}

#[test]
fn places_that_grow_together() {
    check(&[
        (
            "推进厦门、漳州、泉州同城化发展。",
            &["厦门、漳州、泉州同城化发展|regional_link|厦门 漳州 泉州"],
        ),
        (
            "推进西安咸阳一体化。",
            &["西安咸阳一体化|regional_link|西安 咸阳"],
        ),
        (
            "推动兰州、白银一体化发展。",
            &["兰州、白银一体化发展|regional_link|兰州 白银"],
        ),
        ("推动城乡一体化发展。", &[]),
        ("推动济南一体化发展。", &[]),
    ]);
}

#[test]
fn what_is_built_at_a_place() {
    check(&[
        (
            "在临沂设立综合保税区。",
            &["综合保税区（临沂）|trade_zone|临沂|planned"],
        ),
        (
            "在天水建设集成电路产业基地。",
            &["集成电路产业基地|industrial_park|天水|planned"],
        ),
        ("在济南召开会议。", &[]),
        ("在济南举办博览会。", &[]),
        ("支持平安银行在柳州建设区域总部。", &[]),
    ]);
}

#[test]
fn what_places_are_to_become() {
    check(&[
        (
            "将赣州打造成为省域副中心城市。",
            &["赣州|regional_center_city|赣州"],
        ),
        ("把德州打造为节点城市。", &["德州|node_city|德州"]),
        (
            "将洛阳、襄阳建设成为区域中心城市。",
            &[
                "洛阳|regional_center_city|洛阳",
                "襄阳|regional_center_city|襄阳",
            ],
        ),
        ("将济南列为重点。", &[]),
        ("把安全作为底线。", &[]),
    ]);
}

#[test]
fn places_of_one_industry() {
    check(&[
        (
            "推动柳州、来宾等地发展新能源汽车产业。",
            &["新能源汽车产业|industrial_park|柳州 来宾"],
        ),
        (
            "支持柳州、桂林等地发展汽车制造产业，带动来宾、玉林等地发展零部件产业。",
            &["汽车制造产业|industrial_park|柳州 桂林 来宾 玉林"],
        ),
        ("推动柳州发展新能源汽车产业。", &[]),
        ("发展新能源汽车产业。", &[]),
    ]);
}

#[test]
fn an_axis_has_the_cities_along_it_and_leans_on_lines() {
    check(&[
        (
            "济淄发展带。依托胶济铁路，推动济南、淄博、潍坊、青岛等沿线城市扩大开放。",
            &[
                "济淄发展带|development_belt|济南 淄博 潍坊 青岛",
                "胶济铁路|railway|胶济铁路|existing",
            ],
        ),
        (
            "依托陇海铁路、连霍高速公路等通道，发展通道经济。",
            &[
                "陇海铁路|railway|陇海铁路|existing",
                "连霍高速公路|expressway|连霍高速公路|existing",
            ],
        ),
        (
            "依托京沪高铁，加快建设济南至枣庄高铁。",
            &[
                "京沪高铁|railway|京沪高铁|existing",
                "济南至枣庄高铁|railway|济南 枣庄|under_construction",
            ],
        ),
        ("发展主线。坚持稳中求进。", &[]),
    ]);
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let reading = article(
        &gazetteer,
        "沿黄发展轴。依托陇海铁路和连霍高速公路，提升沿线城市功能。",
    );
    assert_eq!(reading.structures[0].via, ["陇海铁路", "连霍高速公路"]);
}

#[test]
fn scopes_name_units_with_parents_parts_and_exceptions() {
    check(&[
        (
            "本规划涉及的山东半岛城市群包括山东省济南市、淄博市、泰安市、德州市、聊城市。",
            &["山东半岛城市群|city_cluster|济南市 淄博市 泰安市 德州市 聊城市"],
        ),
        (
            "武汉都市圈范围包括湖北省武汉市、黄石市、鄂州市、黄冈市（不含英山县、罗田县）、孝感市。",
            &["武汉都市圈|metropolitan_area|武汉市 黄石市 鄂州市 黄冈市 孝感市"],
        ),
        (
            "兰西城市群包括甘肃省兰州市、白银市，青海省西宁市、海东市，宁夏回族自治区银川市的部分地区。",
            &["兰西城市群|city_cluster|兰州市 白银市 西宁市 海东市 银川市"],
        ),
        (
            "沿江地区包括淄博市、潍坊市、临沂市、济宁市，人口500万人。",
            &["沿江地区|zone|淄博市 潍坊市 临沂市 济宁市"],
        ),
        ("代表团包括济南、青岛。", &[]),
        ("主要任务包括交通、能源、水利、生态等方面。", &[]),
    ]);
}

#[test]
fn a_scope_keeps_what_is_out_of_it_and_what_is_a_part() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let of = |sentence: &str| article(&gazetteer, sentence).structures.remove(0);
    let without =
        of("济南都市圈范围包括济南市，淄博市（除高青县、沂源县），泰安市岱岳区、泰山区。");
    assert_eq!(without.excludes, ["高青县", "沂源县"]);
    assert_eq!(without.members, ["济南市", "淄博市", "岱岳区", "泰山区"]);
    let partial = of("兰西城市群包括甘肃省兰州市、白银市，青海省西宁市的部分地区。");
    assert_eq!(partial.roles, [("西宁市".to_owned(), "部分".to_owned())]);
}

#[test]
fn verbs_tell_the_stage_of_work() {
    check(&[
        (
            "建成济南机场二期。",
            &["济南机场二期|airport|济南|existing"],
        ),
        (
            "开工建设日照机场。",
            &["日照机场|airport|日照|under_construction"],
        ),
        (
            "加快建设临沂至徐州铁路。",
            &["临沂至徐州铁路|railway|临沂 徐州|under_construction"],
        ),
        ("规划建设贺州机场。", &["贺州机场|airport|贺州|planned"]),
        (
            "推进滨州至东营铁路前期工作。",
            &["滨州至东营铁路|railway|滨州 东营|planned"],
        ),
        ("适时启动柳州港二期。", &["柳州港二期|port|柳州港|planned"]),
        ("研究论证天水机场。", &["天水机场|airport|天水|studied"]),
        (
            "规划研究赣州至韶关高铁。",
            &["赣州至韶关高铁|railway|赣州 韶关|studied"],
        ),
        (
            "实施陇海铁路兰州至天水段扩能改造。",
            &["陇海铁路兰州至天水段|railway|兰州 天水|expand"],
        ),
        ("推进兰州机场迁建。", &["兰州机场|airport|兰州|relocate"]),
    ]);
}

#[test]
fn figures_have_a_measure_a_unit_and_a_year() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let figures = |sentence: &str| -> Vec<String> {
        let structures = article(&gazetteer, sentence).structures;
        let figures = structures.iter().flat_map(|found| &found.figures);
        figures
            .map(|figure| format!("{}={}{}", figure.name, figure.value, figure.unit))
            .collect()
    };
    assert_eq!(
        figures("2020年，兰州都市圈常住人口590万人，地区生产总值4000亿元，城镇化率71.5%。"),
        [
            "常住人口（2020年）=590万人",
            "地区生产总值（2020年）=4000亿元",
            "城镇化率（2020年）=71.5%"
        ]
    );
    assert_eq!(
        figures("到2030年，山东半岛城市群常住人口达到1亿人。"),
        ["常住人口（2030年）=1亿人"]
    );
    assert!(figures("山东半岛城市群人口、面积居前3位。").is_empty());
    assert!(figures("山东半岛城市群人口众多，机场达10个。").is_empty());
}

#[test]
fn items_of_a_box_need_no_verb() {
    check(&[
        (
            "专栏1 重大基础设施\n1．铁路。济南至滨州高铁、潍坊至宿迁高铁。\n2．机场。日照机场、临沂机场改扩建。\n\
             二、产业布局\n发展产业。",
            &[
                "济南至滨州高铁|railway",
                "潍坊至宿迁高铁|railway",
                "日照机场|airport",
                "临沂机场|airport",
            ],
        ),
        (
            "专栏2 重点城市功能定位\n潍坊。区域中心城市，先进制造业基地。\n滨州。节点城市，纺织产业基地。\n\
             二、产业布局\n发展产业。",
            &["潍坊|regional_center_city|潍坊", "滨州|node_city|滨州"],
        ),
        (
            "专栏3 服务保障\n医疗卫生。提高医疗服务水平。\n二、产业布局\n发展产业。",
            &[],
        ),
    ]);
}
