//! Invented texts through all steps, one test a trap of layout.

use gazetteer::Gazetteer;

use super::{Cleaned, RemovedKind, clean};

fn cleaned(source: &str) -> Cleaned {
    clean(&Gazetteer::embedded().expect("whole"), source).expect("short")
}

fn lines(cleaned: &Cleaned) -> Vec<&str> {
    cleaned.text.as_str().lines().collect()
}

#[test]
fn columns_are_joined_and_what_belongs_to_the_page_goes_out() {
    let source = "\
一、建设通道
（一）推动甲乙两地联动发展。支
持甲区和乙区共建产业园区，推动
重庆江北国际机场扩容改造，打造长
某市人民政府文件
- 8 -
江经济带上的综合交通枢纽，完善
区域交通网络布局。
（二）完善丙地布局。推动丙县和
丁县联动发展，建设物流园区和仓
储基地。

（下转4版）
";
    let found = cleaned(source);
    assert_eq!(
        lines(&found),
        [
            "一、建设通道",
            "（一）推动甲乙两地联动发展。",
            "支持甲区和乙区共建产业园区，推动重庆江北国际机场扩容改造，打造长江经济带上的综合交通枢纽，\
             完善区域交通网络布局。",
            "（二）完善丙地布局。",
            "推动丙县和丁县联动发展，建设物流园区和仓储基地。",
        ]
    );
    let removed: Vec<_> = found
        .removed
        .iter()
        .map(|removed| (removed.text.as_str(), removed.why))
        .collect();
    assert_eq!(
        removed,
        [
            ("某市人民政府文件", RemovedKind::Furniture),
            ("- 8 -", RemovedKind::PageNumber),
            ("（下转4版）", RemovedKind::Furniture),
        ]
    );
    let at = found.text.as_str().find("长江").expect("there");
    let stood = found.text.source_range(at..at + "长江".len());
    assert!(source[stood.clone()].starts_with('长') && source[stood].ends_with('江'));
}

#[test]
fn a_page_number_inside_a_name_goes_out_and_is_told() {
    let found = cleaned("推动长江经济9带发展，建成9个园区。");
    assert_eq!(lines(&found), ["推动长江经济带发展，建成9个园区。"]);
    assert_eq!(found.removed[0].text, "9");
    assert_eq!(found.removed[0].why, RemovedKind::PageNumber);
}

#[test]
fn every_block_is_a_line() {
    for source in [
        "",
        "\n\n",
        "甲",
        "第一章",
        "。",
        "（一）",
        "专栏1",
        "目录",
        "\u{feff}",
        "图1",
        "《",
        "一、甲\r二、乙",
    ] {
        let found = cleaned(source);
        for (block, line) in found.outline.blocks.iter().zip(lines(&found)) {
            assert_eq!(&found.text.as_str()[block.range.clone()], line, "{source}");
        }
        assert_eq!(found.outline.blocks.len(), lines(&found).len(), "{source}");
    }
}
