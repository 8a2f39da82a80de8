//! Outlines of invented texts.

use gazetteer::Gazetteer;

use super::{BlockKind, PartKind};
use crate::clean::{Cleaned, clean};

fn cleaned(source: &str) -> Cleaned {
    clean(&Gazetteer::embedded().expect("whole"), source).expect("short")
}

/// The citation of the block that holds some words.
fn cited(found: &Cleaned, words: &str) -> String {
    let at = found.text.as_str().find(words).expect("there");
    found
        .outline
        .citation(found.outline.block_at(at).expect("a block"))
}

const NOTICE: &str = "\
甲省人民政府
关于印发甲乙都市圈发展规划的通知
甲府发〔2021〕7号
各市人民政府：
现将规划印发给你们，请认真执行。
甲省人民政府
2021年6月3日
甲乙都市圈发展规划
前言
甲乙都市圈包括甲市和乙市。规划期至2025年，展望到2035年。
第一章总体要求
第一节指导思想
坚持协调发展，推动一是补短板；二是强弱项；（一）扩规模；（二）提质量。
第二章空间布局
打造发展轴，推动沿线城市联动发展。
专栏1重点城市
1．甲市。建设先进制造业基地。
2．乙市。建设物流枢纽。
第一节优化结构
提升甲市能级，带动乙市发展。
";

#[test]
fn a_notice_and_its_plan_are_two_parts() {
    let found = cleaned(NOTICE);
    let [notice, plan] = &found.outline.parts[..] else {
        panic!("{:?}", found.outline.parts);
    };
    assert_eq!((notice.kind, plan.kind), (PartKind::Notice, PartKind::Plan));
    assert_eq!(plan.title, "甲乙都市圈发展规划");
    assert_eq!(plan.number.as_deref(), Some("甲府发〔2021〕7号"));
    assert_eq!(plan.issuer.as_deref(), Some("甲省人民政府"));
    assert_eq!(
        plan.date.map(gazetteer::PartialDate::first_day),
        Some(20_210_603)
    );
    assert_eq!(plan.horizon.as_deref(), Some("至2025年，展望到2035年"));
}

#[test]
fn blocks_are_cited_by_chapter_section_and_box() {
    let found = cleaned(NOTICE);
    assert_eq!(cited(&found, "包括甲市和乙市"), "前言");
    assert_eq!(cited(&found, "二是强弱项"), "第一章第一节");
    assert_eq!(cited(&found, "打造发展轴"), "第二章");
    assert_eq!(cited(&found, "物流枢纽"), "第二章专栏1");
    assert_eq!(cited(&found, "提升甲市能级"), "第二章第一节");
    assert_eq!(cited(&found, "请认真执行"), "");
    let items = found
        .outline
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::BoxItem);
    let items: Vec<_> = items
        .map(|item| (item.label.as_str(), item.title.as_str()))
        .collect();
    assert_eq!(items, [("1．", "甲市"), ("2．", "乙市")]);
}

#[test]
fn articles_that_count_through_the_plan_are_cited_alone() {
    let through = "一、总则\n（一）要求。坚持协调。\n二、布局\n（二）轴带。打造主轴。\n";
    assert_eq!(cited(&cleaned(through), "打造主轴"), "（二）");
    let anew = "一、总则\n（一）要求。坚持协调。\n二、布局\n（一）轴带。打造主轴。\n";
    assert_eq!(cited(&cleaned(anew), "打造主轴"), "二、（一）");
}

#[test]
fn a_contents_list_stays_and_gives_the_titles_of_an_unbroken_text() {
    let filler =
        "推动甲地和乙地协同发展，加快建设一批重点园区和物流基地，完善基础设施网络。".repeat(20);
    let source = format!(
        "甲乙城市群发展规划2016年4月目录第一章规划背景1第一节发展基础1第二章总体要求2第一章规划背景{filler}\
         第一节发展基础{filler}第二章总体要求{filler}"
    );
    let found = cleaned(&source);
    let of = |kind| {
        let blocks = found
            .outline
            .blocks
            .iter()
            .filter(move |block| block.kind == kind);
        blocks
            .map(|block| &found.text.as_str()[block.range.clone()])
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of(BlockKind::Contents),
        ["目录", "第一章规划背景", "第一节发展基础", "第二章总体要求"]
    );
    assert_eq!(
        of(BlockKind::Heading),
        ["第一章规划背景", "第一节发展基础", "第二章总体要求"]
    );
    assert_eq!(found.outline.parts[0].title, "甲乙城市群发展规划");
    assert!(found.outline.parts[0].date.is_some());
}

#[test]
fn a_story_before_a_plan_is_news() {
    let source = "\
甲市介绍，《甲乙规划》发布后大家很受鼓舞。
李某表示，要推动联动发展。记者了解到，企业信心更足。
王某认为，规划方向清晰，他说，将加快建设。
第三节加强合作
加强与丙地的合作，推动园区共建。
第四节营造环境
建设高标准市场体系，完善规则。
";
    let found = cleaned(source);
    let kinds: Vec<_> = found
        .outline
        .parts
        .iter()
        .map(|part| (part.kind, part.blocks.clone()))
        .collect();
    assert_eq!(kinds, [(PartKind::News, 0..3), (PartKind::Plan, 3..7)]);
    assert_eq!(found.outline.parts[1].title, "甲乙规划");
    assert_eq!(found.outline.parts[1].date, None);
}
