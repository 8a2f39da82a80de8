//! What a clause takes from those before it, services from one place, and things that nobody knows: sentences of our own.

mod small_plan;
#[path = "small_plan/table.rs"]
mod table;

use table::check;

#[test]
fn what_is_built_where_the_clause_before_says() {
    check(&[
        (
            "支持株洲发挥制造业优势，建设区域交通枢纽、商贸物流中心和公共服务中心。",
            &[
                "区域交通枢纽|logistics_hub|株洲|planned",
                "商贸物流中心|logistics_hub|株洲",
                "公共服务中心|other|株洲",
            ],
        ),
        (
            "株洲要强化制造业优势，打造中部商贸中心。",
            &["中部商贸中心|logistics_hub|株洲"],
        ),
        (
            "推动湘潭加快发展，培育都市圈南部副中心。",
            &["湘潭|regional_center_city|湘潭"],
        ),
        // Nobody is asked to act.
        ("发挥制造业优势，建设商贸物流中心。", &[]),
    ]);
}

#[test]
fn what_the_place_of_a_run_in_title_is() {
    check(&[
        (
            "岳阳。长江中游重要港口城市，建设石化产业基地，打造国际旅游目的地和区域物流枢纽。",
            &[
                "岳阳|node_city|岳阳",
                "石化产业基地|industrial_park|岳阳",
                "国际旅游目的地|tourism_site|岳阳",
                "区域物流枢纽|logistics_hub|岳阳",
            ],
        ),
        (
            "洛阳。发挥副中心城市作用，建设国际人文交往中心。",
            &[
                "洛阳|regional_center_city|洛阳",
                "国际人文交往中心|other|洛阳",
            ],
        ),
        (
            "构建空间格局，“两轴”即京广铁路发展轴、沪昆高铁发展轴。",
            &[
                "京广铁路发展轴|development_axis|京广铁路",
                "沪昆高铁发展轴|development_axis|沪昆高铁",
            ],
        ),
    ]);
}

#[test]
fn services_from_one_place() {
    check(&[
        (
            "开通株洲至湘潭、醴陵城际公交，长沙至黄花国际机场专线大巴。",
            &[
                "株洲至湘潭城际公交|road|株洲 湘潭",
                "株洲至醴陵城际公交|road|株洲 醴陵",
                "长沙至黄花国际机场专线大巴|road|长沙 黄花国际机场",
            ],
        ),
        (
            "开行长沙至株洲城区、湘潭城区城际公交、至衡阳专线大巴。",
            &[
                "长沙至株洲城区城际公交|road|长沙 株洲",
                "长沙至湘潭城区城际公交|road|长沙 湘潭",
                "长沙至衡阳专线大巴|road|长沙 衡阳",
            ],
        ),
        (
            "开通岳阳港至香港、高雄集装箱航线。",
            &[
                "岳阳港至香港集装箱航线|opening_channel|岳阳港 香港",
                "岳阳港至高雄集装箱航线|opening_channel|岳阳港 高雄",
            ],
        ),
        ("优化国际航线。", &[]),
    ]);
}

#[test]
fn things_that_nobody_knows_are_at_themselves() {
    check(&[
        (
            "提升湘江、青塘河等航道等级。",
            &["湘江航道|waterway|湘江", "青塘河航道|waterway|青塘河"],
        ),
        ("提升城市河流水环境综合治理水平。", &[]),
        (
            "推进引澧济湘二期工程建设。",
            &["引澧济湘二期工程|water_project|引澧济湘"],
        ),
        (
            "推进G107、G240等国道升级改造。",
            &["G107国道|road|G107", "G240国道|road|G240"],
        ),
        (
            "推进玛尔石、东江水电站建设。",
            &[
                "玛尔石水电站|energy_project|玛尔石",
                "东江水电站|energy_project|东江水电站",
            ],
        ),
        ("推进湖泊、水库综合治理。", &[]),
        (
            "建设厦门第二通道、第三通道。",
            &[
                "厦门第二通道|opening_channel|厦门",
                "厦门第三通道|opening_channel|厦门",
            ],
        ),
        (
            "改造国道G107、G342。",
            &["国道G107|road|G107", "G342|road|G342"],
        ),
    ]);
}

#[test]
fn nouns_that_a_list_shares() {
    check(&[
        (
            "完善长沙南站、衡阳东站等枢纽站功能。",
            &["长沙南站|station|长沙南站", "衡阳东站|station|衡阳东站"],
        ),
        (
            "推进韶山渠等大型灌区现代化改造。",
            &["韶山渠灌区|irrigation_district"],
        ),
        (
            "加快宁乡LNG、岳阳LNG接收站建设。",
            &["宁乡LNG接收站|oil_gas|宁乡", "岳阳LNG接收站|oil_gas|岳阳"],
        ),
        (
            "加强与海南自由贸易港、滇中城市群、黔中城市群合作。",
            &[
                "与海南自由贸易港合作|regional_link|海南自由贸易港",
                "与滇中城市群合作|regional_link|滇中",
                "与黔中城市群合作|regional_link|黔中",
            ],
        ),
        (
            "整合衡山、南岳大庙等旅游资源。",
            &["衡山|tourism_site|衡山", "南岳大庙|tourism_site|南岳"],
        ),
        ("整合湖湘文化、红色文化等旅游资源。", &[]),
        (
            "推进雪峰山、罗霄山水源涵养区保护。",
            &[
                "雪峰山水源涵养区|ecological_barrier|雪峰山",
                "罗霄山水源涵养区|ecological_barrier|罗霄山",
            ],
        ),
        (
            "推进沪昆铁路扩能、石长铁路扩能改造。",
            &["沪昆铁路|railway", "石长铁路|railway"],
        ),
    ]);
}

#[test]
fn who_builds_and_where() {
    check(&[
        (
            "支持湖南大学建设国家实验室。",
            &["国家实验室（湖南大学）|science_city|湖南大学"],
        ),
        (
            "在长沙、岳阳港设立综合保税区。",
            &[
                "长沙综合保税区|trade_zone|长沙",
                "岳阳港综合保税区|trade_zone|岳阳港",
                "岳阳港|port",
            ],
        ),
        (
            "推动衡阳、郴州共建湘南旅游度假区。",
            &["湘南旅游度假区|tourism_site|衡阳 郴州"],
        ),
        (
            "推动泰安、德州、滨州等县（市、区）特色发展。",
            &["泰安|node_city", "德州|node_city", "滨州|node_city"],
        ),
    ]);
}
