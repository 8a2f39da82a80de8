//! What must not change what is read: the layout of a file, the order of a list, and which places a sentence names.
#![expect(
    clippy::print_stdout,
    reason = "measured figures and skipped checks are part of the test log"
)]

mod small_plan;

use std::collections::BTreeMap;
use std::path::Path;

use gazetteer::Gazetteer;
use plans::{BlockKind, Cleaned, Document, Reading};

use small_plan::{article, line};

const PLANS: [&str; 2] = ["000_3aca1d5c212b69e7.txt", "004_b8fc9bd2324ce963.txt"];
/// Of the structures of a plan, the share that another layout may lose or gain.
const MOST_CHANGED: f64 = 0.0;

/// Sentences about 甲, 乙, 丙 and 丁, which stand for units of one level.
const SENTENCES: [&str; 24] = [
    "加快建设甲至乙高铁、丙至丁铁路。",
    "建设甲经乙至丙高速公路。",
    "推进甲、乙等支线机场改扩建。",
    "规划建设甲、乙、丙等综合保税区。",
    "支持甲、乙建设区域中心城市。",
    "推动甲、乙、丙等节点城市加快发展。",
    "支持甲、乙共建先进制造业产业园。",
    "支持甲、乙争创国家级高新区。",
    "推动甲建设装备制造基地、乙打造新材料产业园。",
    "与甲、乙在科技创新领域开展合作。",
    "推动甲与乙协同发展。",
    "推进甲、乙同城化发展。",
    "把甲打造为节点城市。",
    "将甲、乙建设成为区域中心城市。",
    "在甲设立综合保税区。",
    "支持甲、乙等地发展汽车制造产业，带动丙、丁配套发展。",
    "推动甲—乙、丙—丁等加强创新合作。",
    "建设甲机场（迁建）、乙机场。",
    "建设甲至乙、丙、丁等市域铁路。",
    "规划研究甲至乙铁路，加快建设丙机场。",
    "以甲为核心，以乙、丙为支点，建设甲都市圈。",
    "推进甲至乙高速公路及丙机场建设。",
    "沿江地区包括甲市、乙市、丙市、丁市，人口500万人。",
    "沿海发展带。以甲、乙、丙、丁为节点，加强产业协作。",
];

/// Cities of one province a row.
const CITIES: [[&str; 4]; 7] = [
    ["淄博", "潍坊", "临沂", "济宁"],
    ["柳州", "桂林", "梧州", "百色"],
    ["襄阳", "宜昌", "荆州", "十堰"],
    ["兰州", "天水", "张掖", "酒泉"],
    ["泉州", "漳州", "莆田", "三明"],
    ["洛阳", "开封", "新乡", "焦作"],
    ["赣州", "吉安", "宜春", "抚州"],
];

/// The lines of the plan's blocks; a title that runs into its article stands on its line.
fn paragraphs(cleaned: &Cleaned) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut runs_on = false;
    for block in &cleaned.outline.blocks {
        let text = &cleaned.text.as_str()[block.range.clone()];
        match paragraphs.last_mut() {
            Some(last) if runs_on && block.kind == BlockKind::Paragraph => last.push_str(text),
            _ => paragraphs.push(text.to_owned()),
        }
        runs_on = block.kind == BlockKind::Heading && text.ends_with('。');
    }
    paragraphs
}

/// Paragraphs, indented where they hold sentences, in lines of so many characters.
fn wrapped(paragraphs: &[String], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        let indent = if paragraph.contains('。') {
            "　　"
        } else {
            ""
        };
        let text: Vec<char> = indent.chars().chain(paragraph.chars()).collect();
        lines.extend(
            text.chunks(width)
                .map(|line| line.iter().collect::<String>()),
        );
    }
    lines
}

/// What was found, and how often.
fn counted(reading: &Reading<'_>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for found in &reading.structures {
        *counted
            .entry(line(found).replace(['（', '）'], ""))
            .or_default() += 1;
    }
    counted
}

/// What one reading has more than another.
fn more<'c>(of: &'c BTreeMap<String, usize>, than: &BTreeMap<String, usize>) -> Vec<&'c str> {
    let rest = of
        .iter()
        .filter(|(line, count)| than.get(*line) < Some(*count));
    rest.map(|(line, _)| line.as_str()).collect()
}

#[test]
fn another_layout_gives_the_same_structures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/plans");
    if !folder.exists() {
        println!("SKIPPED: no plans beside the checkout");
        return;
    }
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    for plan in PLANS {
        let document = Document::open(&folder.join(plan)).expect("a text");
        let printed = Reading::new(&gazetteer, document.text(), None).expect("short");
        let known = counted(&printed);
        let paragraphs = paragraphs(&printed.cleaned);
        let layouts = [
            ("17 characters a line", wrapped(&paragraphs, 17).join("\n")),
            ("28 characters a line", wrapped(&paragraphs, 28).join("\n")),
            ("31 characters a line", wrapped(&paragraphs, 31).join("\n")),
            ("blank lines", wrapped(&paragraphs, 28).join("\n\n")),
            ("a paragraph a line", paragraphs.join("\n")),
            (
                "narrow brackets",
                paragraphs.join("\n").replace('（', "(").replace('）', ")"),
            ),
        ];
        for (name, layout) in layouts {
            let reading = Reading::new(&gazetteer, &layout, printed.as_of).expect("short");
            let other = counted(&reading);
            let (lost, gained) = (more(&known, &other), more(&other, &known));
            println!(
                "{plan}, {name}: of {} lost {lost:?}, gained {gained:?}",
                known.len()
            );
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let changed = lost.len().max(gained.len()) as f64 / known.len() as f64;
            assert!(
                changed <= MOST_CHANGED,
                "{plan}, {name}: {lost:?} became {gained:?}"
            );
        }
    }
}

#[test]
fn the_order_of_a_list_changes_only_the_order() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let lists: [(&str, [&str; 4], &str); 6] = [
        (
            "加快建设",
            ["济南至滨州高铁", "柳州机场", "日照港", "兰州至张掖铁路"],
            "。",
        ),
        ("建设", ["襄阳", "宜昌", "荆州", "十堰"], "等综合保税区。"),
        (
            "推动",
            ["泉州", "漳州", "莆田", "三明"],
            "等节点城市加快发展。",
        ),
        (
            "支持",
            ["洛阳", "开封", "新乡", "焦作"],
            "争创国家级高新区。",
        ),
        ("加强", ["汉江", "清江", "赣江", "闽江"], "流域综合治理。"),
        (
            "与",
            ["济南", "西安", "郑州", "武汉"],
            "在文化旅游领域开展合作。",
        ),
    ];
    for (verb, items, rest) in lists {
        let set = |order: [usize; 4]| {
            let list = order.map(|index| items[index]).join("、");
            let reading = article(&gazetteer, &format!("{verb}{list}{rest}"));
            let mut found: Vec<String> = reading.structures.iter().map(line).collect();
            found.sort();
            found
        };
        let printed = set([0, 1, 2, 3]);
        assert_eq!(printed.len(), 4, "{printed:?}");
        for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
            assert_eq!(set(order), printed, "{verb}…{rest} in the order {order:?}");
        }
    }
}

#[test]
fn other_places_give_the_same_structures() {
    let gazetteer = Gazetteer::embedded().expect("the embedded data reads");
    let marks = ["甲", "乙", "丙", "丁"];
    let mut wrong: Vec<String> = Vec::new();
    for sentence in SENTENCES {
        let found = |cities: [&str; 4]| -> Vec<String> {
            let pairs = || marks.iter().zip(cities);
            let named = pairs().fold(sentence.to_owned(), |text, (mark, city)| {
                text.replace(mark, city)
            });
            let reading = article(&gazetteer, &named);
            let lines = reading.structures.iter().map(line);
            lines
                .map(|line| pairs().fold(line, |line, (mark, city)| line.replace(city, mark)))
                .collect()
        };
        let first = found(CITIES[0]);
        if first.is_empty() {
            wrong.push(format!("{sentence} says nothing of {:?}", CITIES[0]));
        }
        for cities in &CITIES[1..] {
            let other = found(*cities);
            if other != first {
                wrong.push(format!(
                    "{sentence} {cities:?}
   expected {first:?}
   found    {other:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
