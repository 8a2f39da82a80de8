//! The words that a page has of its own, in its language.

use std::borrow::Cow;

use layers::map::Language;

use super::text::Type;

/// What stands on every page.
pub(super) struct Words {
    /// Above the north arrow.
    pub(super) north: &'static str,
    /// In the corner of the map.
    pub(super) sketch: &'static str,
    /// The title of an inset of a part without a name.
    pub(super) detail: &'static str,
    /// Before the sources.
    pub(super) sources: &'static str,
    /// Before the number of approval.
    pub(super) approval: &'static str,
    /// Around the paper that a ratio is true for.
    pub(super) brackets: (&'static str, &'static str),
}

pub(super) fn words(language: Language) -> Words {
    match language {
        Language::Chinese => Words {
            north: "北",
            sketch: "示意图",
            detail: "局部放大",
            sources: "资料来源",
            approval: "审图号：",
            brackets: ("（", "）"),
        },
        Language::English => Words {
            north: "N",
            sketch: "Sketch map",
            detail: "Detail",
            sources: "Sources",
            approval: "Approval number: ",
            brackets: (" (", ")"),
        },
    }
}

/// A type for a text: letters that are set apart are no word to a reader of the page.
pub(super) fn spaced(text: &str, style: Type) -> Type {
    if text.is_ascii() {
        style.tracked(0.0)
    } else {
        style
    }
}

/// The description of a projection, which is Chinese, in the language of the page.
pub(super) fn projection(language: Language, description: &str) -> Cow<'_, str> {
    const ENGLISH: [(&str, &str); 7] = [
        (
            "高斯—克吕格投影，中央经线 ",
            "Gauss–Krüger, central meridian ",
        ),
        (
            "阿尔伯斯等积圆锥投影，标准纬线 ",
            "Albers equal-area conic, parallels ",
        ),
        ("网络墨卡托投影", "Web Mercator"),
        ("，", ", "),
        ("、", ", "),
        ("（", " ("),
        ("）", ")"),
    ];
    match language {
        Language::Chinese => Cow::Borrowed(description),
        Language::English => {
            let mut text = description.to_owned();
            for (chinese, english) in ENGLISH {
                text = text.replace(chinese, english);
            }
            Cow::Owned(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projections_have_english_names() {
        for (chinese, english) in [
            (
                "高斯—克吕格投影，中央经线 106°30′E，CGCS2000",
                "Gauss–Krüger, central meridian 106°30′E, CGCS2000",
            ),
            (
                "阿尔伯斯等积圆锥投影，标准纬线 28°24′、31°36′，CGCS2000",
                "Albers equal-area conic, parallels 28°24′, 31°36′, CGCS2000",
            ),
            ("网络墨卡托投影（EPSG:3857）", "Web Mercator (EPSG:3857)"),
        ] {
            assert_eq!(projection(Language::English, chinese), english);
            assert_eq!(projection(Language::Chinese, chinese), chinese);
        }
    }
}
