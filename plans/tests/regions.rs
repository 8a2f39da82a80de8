//! What is said of places that are listed, of channels by where they lead, of corridors by what they are made of.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use table::check;

#[test]
fn what_places_do_for_others() {
    check(&[
        (
            "发挥泰安、德州等在区域发展中的支点作用。",
            &["泰安|node_city|泰安", "德州|node_city|德州"],
        ),
        (
            "带动潍坊、淄博、东营等沿线城市加快发展。",
            &["潍坊|node_city", "淄博|node_city", "东营|node_city"],
        ),
        (
            "增强柳州、桂林等产业园区支撑作用。",
            &[
                "柳州产业园区|industrial_park|柳州",
                "桂林产业园区|industrial_park|桂林",
            ],
        ),
        (
            "提升济南、青岛金融服务功能。",
            &[
                "济南金融服务功能|financial_center|济南",
                "青岛金融服务功能|financial_center|青岛",
            ],
        ),
        (
            "支持山东省曲阜市、邹城市提升城市品质，打造富有特色的卫星城。",
            &["曲阜市|node_city|曲阜市", "邹城市|node_city|邹城市"],
        ),
        ("提升济南核心功能。", &["济南|core_city|济南"]),
        ("带动潍坊、淄博发展。", &[]),
        ("发挥市场作用。", &[]),
    ]);
}

#[test]
fn centres_of_a_city() {
    check(&[(
        "增强武汉中部地区重要的经济中心、科技中心和综合交通枢纽功能。",
        &[
            "中部地区重要的经济中心|other|武汉",
            "中部地区重要的科技中心|other|武汉",
            "中部地区重要的综合交通枢纽|logistics_hub|武汉",
        ],
    )]);
}

#[test]
fn one_city_with_another() {
    check(&[
        (
            "支持德州加快与济南同城化发展。",
            &["德州与济南同城化发展|regional_link|德州 济南"],
        ),
        (
            "西南向，联动菏泽、济宁等地一体化发展。",
            &["西南向联动菏泽、济宁等地一体化发展|regional_link|菏泽 济宁"],
        ),
        (
            "推进柳州、来宾合作。",
            &["柳州、来宾合作|regional_link|柳州 来宾"],
        ),
        ("提高山西、陕西煤炭调入规模。", &[]),
    ]);
}

#[test]
fn regions_beside_a_region() {
    check(&[
        (
            "辐射带动西北地区发展。",
            &["辐射带动西北地区发展|regional_link|西北地区"],
        ),
        (
            "有序承接东部地区产业转移。",
            &["承接东部地区产业转移|regional_link|东部地区"],
        ),
        (
            "深化与德国巴伐利亚州经贸合作。",
            &["与德国巴伐利亚州经贸合作|regional_link|德国巴伐利亚州"],
        ),
        (
            "推进泰安—济宁联合发展、德州—滨州协调发展。",
            &[
                "泰安—济宁联合发展|regional_link|泰安 济宁",
                "德州—滨州协调发展|regional_link|德州 滨州",
            ],
        ),
        (
            "推动孝感、咸宁等地与武汉联动发展。",
            &["孝感、咸宁等地与武汉联动发展|regional_link|孝感 咸宁 武汉"],
        ),
        (
            "推动济南与泰安跨江合作。",
            &["济南与泰安跨江合作|regional_link|济南 泰安"],
        ),
        ("建设引领开放的国家级城市群。", &[]),
        (
            "加快济南至青岛综合通道建设。",
            &["济南至青岛综合通道|transport_corridor|济南 青岛"],
        ),
        (
            "以汉江、清江为主轴，优化城市布局。",
            &[
                "汉江主轴|development_axis|汉江",
                "清江主轴|development_axis|清江",
            ],
        ),
        (
            "鄂西生态涵养示范区要坚持点上开发。",
            &["鄂西生态涵养示范区|zone"],
        ),
    ]);
}

#[test]
fn where_channels_lead() {
    check(&[
        (
            "构建与太原、郑州之间的多向通道。",
            &[
                "与太原之间的多向通道|opening_channel|太原",
                "与郑州之间的多向通道|opening_channel|郑州",
            ],
        ),
        (
            "形成经广西至越南、经云南至缅甸的国际大通道。",
            &[
                "经广西至越南国际大通道|opening_channel|广西 越南",
                "经云南至缅甸国际大通道|opening_channel|云南 缅甸",
            ],
        ),
    ]);
}

#[test]
fn what_corridors_are_made_of() {
    check(&[
        (
            "构建以汉江、清江为主体的生态廊道。",
            &[
                "汉江生态廊道|ecological_corridor|汉江",
                "清江生态廊道|ecological_corridor|清江",
            ],
        ),
        (
            "依托太行山、燕山，构建平原生态隔离带。",
            &[
                "平原生态隔离带|ecological_corridor|太行山 燕山",
                "太行山生态隔离带|ecological_corridor|太行山",
                "燕山生态隔离带|ecological_corridor|燕山",
            ],
        ),
    ]);
}
