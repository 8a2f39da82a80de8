//! Forms of administrative names: full, short, and prefixed with the names of parents.

/// Endings of administrative names, longest first, so that 自治县 goes before 县.
const ENDINGS: [&str; 13] = [
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "林区",
    "地区",
    "新区",
    "省",
    "市",
    "区",
    "县",
    "旗",
];

/// Peoples in the names of autonomous units (the 55 minorities, and 各族).
const PEOPLES: [&str; 56] = [
    "各族",
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯",
    "阿昌族",
    "普米族",
    "塔吉克",
    "怒族",
    "乌孜别克",
    "俄罗斯",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "塔塔尔",
    "独龙族",
    "鄂伦春",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
];

/// The short form that texts use: 永川区 → 永川, 石柱土家族自治县 → 石柱, 忠县 → 忠县.
///
/// A name of two characters stays as it is: nobody writes 忠 for 忠县. So does a name that is all
/// ending, and 两江新区, whose short form would be another thing.
#[must_use]
pub fn short_form(name: &str) -> &str {
    let Some((ending, stem)) = ENDINGS
        .iter()
        .find_map(|e| name.strip_suffix(e).map(|stem| (*e, stem)))
    else {
        return name;
    };
    let keeps = |stem: &str| stem.chars().count() < 2;
    if ending == "新区" || keeps(stem) {
        return name;
    }
    let mut stem = stem;
    if ending.starts_with("自治") {
        while let Some(shorter) = PEOPLES.iter().find_map(|p| stem.strip_suffix(p)) {
            if keeps(shorter) {
                break;
            }
            stem = shorter;
        }
    }
    stem
}

/// The number of single-character changes (insert, delete, replace) between two names.
#[must_use]
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_those_that_texts_use() {
        let pairs = [
            ("永川区", "永川"),
            ("忠县", "忠县"),
            ("石柱土家族自治县", "石柱"),
            ("彭水苗族土家族自治县", "彭水"),
            ("阿坝藏族羌族自治州", "阿坝"),
            ("内蒙古自治区", "内蒙古"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("重庆市", "重庆"),
            ("浦东新区", "浦东新区"),
            ("峨边彝族自治县", "峨边"),
            ("达川", "达川"),
        ];
        for (full, short) in pairs {
            assert_eq!(short_form(full), short);
        }
    }

    #[test]
    fn edit_distance_counts_characters_not_bytes() {
        assert_eq!(edit_distance("永州区", "永川区"), 1);
        assert_eq!(edit_distance("永川", "永川区"), 1);
        assert_eq!(edit_distance("", "广安"), 2);
        assert_eq!(edit_distance("广安", "安广"), 2);
    }
}
