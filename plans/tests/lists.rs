//! Lists of things: what their items share, and what each is by itself.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use table::check;

#[test]
fn an_item_takes_the_head_of_the_next_that_has_one() {
    check(&[
        (
            "推进闽江、九龙江流域综合治理和柳江、红水河航道整治。",
            &[
                "闽江流域综合治理|river_corridor|闽江",
                "九龙江流域综合治理|river_corridor|九龙江",
                "柳江航道整治|waterway|柳江",
                "红水河航道整治|waterway|红水河",
            ],
        ),
        (
            "开展汉江、清江等主要支流防洪治理和中小河流综合治理。",
            &[
                "汉江防洪治理|water_project|汉江",
                "清江防洪治理|water_project|清江",
            ],
        ),
        (
            "做好烟台、威海等核电项目的厂址保护。",
            &[
                "烟台核电|energy_project|烟台",
                "威海核电|energy_project|威海",
            ],
        ),
        (
            "支持柳州港口型、空港型国家物流枢纽建设。",
            &[
                "柳州港口型国家物流枢纽|logistics_hub|柳州",
                "柳州空港型国家物流枢纽|logistics_hub|柳州",
            ],
        ),
        (
            "加速济南至德州—聊城、泰安等快速通道建设。",
            &[
                "济南至德州—聊城|road|济南 德州 聊城",
                "济南至泰安|road|济南 泰安",
            ],
        ),
        (
            "有序推进日照、烟台和威海重点港（港区）建设。",
            &[
                "日照重点港（港区）|port|日照",
                "烟台重点港（港区）|port|烟台",
                "威海重点港（港区）|port|威海",
            ],
        ),
    ]);
}

#[test]
fn brands_and_belts_of_the_land() {
    check(&[
        (
            "做大做强烟台苹果、莱阳梨、德州辣椒等特色品牌。",
            &[
                "烟台苹果|agriculture_belt|烟台",
                "莱阳梨|agriculture_belt|莱阳",
                "德州辣椒|agriculture_belt|德州",
            ],
        ),
        (
            "建设济南、泰安、德州等优质蔬菜产业带。",
            &["优质蔬菜产业带|agriculture_belt|济南 泰安 德州"],
        ),
        (
            "建设临沂粮油加工基地。",
            &["临沂粮油加工基地|industrial_park|临沂"],
        ),
        (
            "支持济南千佛山、泰安岱庙申遗。",
            &["济南千佛山|tourism_site", "泰安岱庙|tourism_site|泰安"],
        ),
        (
            "开发烟台剪纸、莱州草辫等非物质文化遗产体验游。",
            &["烟台剪纸|tourism_site|烟台", "莱州草辫|tourism_site|莱州"],
        ),
        ("做强特色品牌。", &[]),
        ("培育“泉城人家”“渔家乐”等品牌。", &[]),
    ]);
}

#[test]
fn stations_and_parks_stand_where_their_names_say() {
    check(&[
        (
            "新（改、扩）建济南西、泰安南等综合客运枢纽。",
            &[
                "济南西综合客运枢纽|station|济南西|expand",
                "泰安南综合客运枢纽|station|泰安南|expand",
            ],
        ),
        (
            "建设山东潍坊经开区。",
            &["山东潍坊经开区|industrial_park|潍坊"],
        ),
        (
            "建设日照港、临沂、枣庄等储煤基地。",
            &[
                "日照港储煤基地|energy_project|日照港",
                "临沂储煤基地|energy_project|临沂",
                "枣庄储煤基地|energy_project|枣庄",
            ],
        ),
        (
            "推进济南（含章丘、平阴等片区）页岩气基地建设。",
            &["济南页岩气基地|oil_gas"],
        ),
    ]);
}

#[test]
fn two_things_and_one_thing_of_several_places() {
    check(&[
        (
            "培育济南国家创新型城市和淄博国家科技城。",
            &[
                "济南国家创新型城市|science_city|济南",
                "淄博国家科技城|science_city|淄博",
            ],
        ),
        (
            "构建以汉江、清江为主体的绿色生态廊道。",
            &[
                "绿色生态廊道|ecological_corridor|汉江 清江",
                "汉江生态廊道|ecological_corridor|汉江",
                "清江生态廊道|ecological_corridor|清江",
            ],
        ),
        (
            "推动济南与泰安、德州等共建泰山生物多样性生态功能区。",
            &["泰山生物多样性生态功能区|ecological_barrier"],
        ),
        (
            "建设济南、泰安、德州互通快速通道。",
            &["济南、泰安、德州互通快速通道|road|济南 泰安 德州"],
        ),
        (
            "加快济南、泰安等未达到标准的高等级公路建设。",
            &["济南高等级公路|road|济南", "泰安高等级公路|road|泰安"],
        ),
        ("禁止在汉江岸线新建化工园区。", &[]),
        ("打造国际航空枢纽。", &[]),
        ("整合国际知名旅游品牌和精品旅游线路。", &[]),
    ]);
}
