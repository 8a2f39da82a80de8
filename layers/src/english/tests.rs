use std::collections::HashSet;

use gazetteer::Gazetteer;

use super::*;

fn english(text: &str) -> String {
    let gazetteer = Gazetteer::embedded().expect("opens");
    let english = English::new(&gazetteer);
    let text = english.text(text);
    assert!(
        english.untranslated.borrow().is_empty(),
        "{:?}",
        english.untranslated
    );
    text
}

#[test]
fn names_of_things_are_put_into_english() {
    for (chinese, text) in [
        ("重庆都市圈", "Chongqing Metropolitan Area"),
        (
            "重庆江北国际机场",
            "Chongqing Jiangbei International Airport",
        ),
        ("渝昆高铁", "Chongqing–Kunming High-Speed Railway"),
        ("成渝发展主轴", "Chengdu–Chongqing Main Development Axis"),
        ("川渝高竹新区", "Sichuan–Chongqing Gaozhu New Area"),
        ("四川省", "Sichuan"),
        ("合川区", "Hechuan"),
        ("嘉陵江", "Jialing River"),
        ("铜梁至安岳", "Tongliang–Anyue"),
        ("与长三角合作", "Cooperation with Yangtze River Delta"),
        ("藻渡水库", "Zaodu Reservoir"),
        (
            "泸永江融合发展示范区",
            "Luzhou–Yongchuan–Jiangjin Integration Zone",
        ),
    ] {
        assert_eq!(english(chinese), text, "{chinese}");
    }
}

#[test]
fn what_cannot_be_said_stays_and_is_reported() {
    let gazetteer = Gazetteer::embedded().expect("opens");
    let english = English::new(&gazetteer);
    let phrase = "天地玄黄宇宙洪荒日月盈昃";
    assert_eq!(english.text(phrase), phrase);
    assert_eq!(
        english.untranslated.borrow().iter().collect::<Vec<_>>(),
        [phrase]
    );
}

#[test]
fn the_table_says_each_word_once_and_in_english() {
    let mut seen = HashSet::new();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let (word, english) = line.split_once('\t').expect("a tab");
        assert!(seen.insert(word), "{word} stands twice");
        assert!(!english.contains(is_chinese), "{line}");
    }
}

#[test]
fn kinds_themes_and_legends_have_words() {
    let kinds = plans::KINDS
        .iter()
        .filter_map(|kind| crate::kind_look(kind));
    for look in kinds {
        for text in [look.title, look.theme] {
            let whole = format!("={text}");
            let known = words().contains_key(text) || words().contains_key(whole.as_str());
            assert!(known, "{text} is put together from parts");
        }
    }
}
