//! Parts by their sides, links that a list spells out, clusters and lines of cities: sentences of our own.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use table::check;

#[test]
fn parts_by_the_side_they_lie_on() {
    check(&[
        (
            "优化济南城市功能。引领带动中部历史老城、东部滨海之城、西部科教之城协同发展。",
            &[
                "中部历史老城|zone|济南",
                "东部滨海之城|zone|济南",
                "西部科教之城|zone|济南",
            ],
        ),
        (
            "优化济南城市功能。推动东、西两大片区协调发展。",
            &["东片区|zone|济南", "西片区|zone|济南"],
        ),
        // Of no place that is named.
        ("推动东部、西部协调。", &[]),
        ("推动东、中、西三大板块协调发展。", &[]),
    ]);
}

#[test]
fn links_that_a_list_spells_out() {
    check(&[
        (
            "逐步实现1小时济南泰安直连、2小时省内通达。",
            &["1小时济南泰安直连|regional_link|济南 泰安"],
        ),
        ("基本实现1小时通勤。", &[]),
        (
            "深化三峡库区对口支援工作。",
            &["三峡库区对口支援|regional_link|三峡库区"],
        ),
        ("深化对口支援工作。", &[]),
        (
            "以济南与新加坡“点对点”合作带动西部地区与东盟国家“面对面”互联互通。",
            &[
                "济南与新加坡“点对点”合作|regional_link|济南 新加坡",
                "西部地区与东盟国家“面对面”互联互通|regional_link|西部地区 东盟",
            ],
        ),
        ("以市场合作带动区域协同。", &[]),
        (
            "提高湖南电网和华中、西北电网电力交换能力。",
            &[
                "湖南电网和华中电网电力交换|power_line|湖南 华中",
                "湖南电网和西北电网电力交换|power_line|湖南 西北",
            ],
        ),
        ("提高数据交换能力。", &[]),
    ]);
}

#[test]
fn clusters_and_what_leads_them() {
    check(&[
        (
            "汽车零部件产业集群以柳州为引领，以来宾、河池为支点。",
            &["汽车零部件产业集群|industrial_park|柳州 来宾 河池"],
        ),
        ("产业集群以创新为引领，以市场为支撑。", &[]),
        (
            "利用洛阳、开封装备制造产业基础，发展配套服务。",
            &[
                "洛阳装备制造产业|industrial_park|洛阳",
                "开封装备制造产业|industrial_park|开封",
            ],
        ),
        ("利用洛阳、开封的产业基础。", &[]),
    ]);
}

#[test]
fn what_a_plan_does_not_build() {
    check(&[
        ("共建轨道上的现代化都市圈。", &[]),
        ("突出生态涵养和生态屏障功能。", &[]),
    ]);
}

#[test]
fn sites_and_places_that_build() {
    check(&[
        (
            "提升柳州、来宾、河池消费能级。",
            &[
                "柳州消费能级|consumer_district|柳州",
                "来宾消费能级|consumer_district|来宾",
                "河池消费能级|consumer_district|河池",
            ],
        ),
        ("提升消费能级。", &[]),
        (
            "在汉江、清江一级支流开展水环境治理。",
            &[
                "汉江一级支流水环境治理|river_corridor|汉江",
                "清江一级支流水环境治理|river_corridor|清江",
            ],
        ),
        (
            "推进济南至德州—聊城城际公交开通。",
            &["济南至德州—聊城城际公交|road|济南 德州 聊城"],
        ),
        ("优先发展公共交通，方便群众出行。", &[]),
        (
            "支持巫山、宣汉等建设川渝合作示范区。",
            &[
                "巫山川渝合作示范区|zone|巫山",
                "宣汉川渝合作示范区|zone|宣汉",
            ],
        ),
        (
            "支持新乡、菏泽共建豫鲁合作示范区。",
            &["豫鲁合作示范区|cross_border_platform|新乡 菏泽"],
        ),
    ]);
}
