//! Radicals as the characters that they look like.
//!
//! Fonts draw 长 and its radical ⻓ with one glyph, and programs that make a table from glyphs back to
//! characters take either: a page printed by a browser is full of radicals.

/// The first of the radicals of Kangxi.
const KANGXI: u32 = 0x2f00;
/// The character of each radical of Kangxi, in order: the compatibility decompositions of Unicode, but for 户 and
/// 青, which fonts of the mainland draw so.
const OF_KANGXI: &str = "\
    一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十\
    卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工\
    己巾干幺广廴廾弋弓彐彡彳心戈户手支攴文斗斤方无日\
    曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉\
    瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸\
    缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行\
    衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長\
    門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯\
    鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// The other radicals that are whole characters of a Chinese text.
const OTHERS: [(char, char); 35] = [
    ('\u{2e9f}', '母'),
    ('\u{2ea0}', '民'),
    ('\u{2ebc}', '肉'),
    ('\u{2ec1}', '虎'),
    ('\u{2ec3}', '覀'),
    ('\u{2ec4}', '西'),
    ('\u{2ec5}', '见'),
    ('\u{2ec6}', '角'),
    ('\u{2ec9}', '贝'),
    ('\u{2ecb}', '车'),
    ('\u{2ed1}', '長'),
    ('\u{2ed3}', '长'),
    ('\u{2ed4}', '门'),
    ('\u{2ed7}', '雨'),
    ('\u{2ed8}', '青'),
    ('\u{2ed9}', '韦'),
    ('\u{2eda}', '页'),
    ('\u{2edb}', '风'),
    ('\u{2edc}', '飞'),
    ('\u{2edd}', '食'),
    ('\u{2ee1}', '首'),
    ('\u{2ee2}', '马'),
    ('\u{2ee3}', '骨'),
    ('\u{2ee4}', '鬼'),
    ('\u{2ee5}', '鱼'),
    ('\u{2ee6}', '鸟'),
    ('\u{2ee7}', '卤'),
    ('\u{2ee8}', '麦'),
    ('\u{2ee9}', '黄'),
    ('\u{2eea}', '黾'),
    ('\u{2eec}', '齐'),
    ('\u{2eee}', '齿'),
    ('\u{2ef0}', '龙'),
    ('\u{2ef1}', '龜'),
    ('\u{2ef3}', '龟'),
];

/// The character that a radical looks like; any other character is itself.
pub(super) fn character(found: char) -> char {
    match found {
        '\u{2f00}'..='\u{2fd5}' => {
            // Each takes three bytes of UTF-8.
            let at = (u32::from(found) - KANGXI) as usize * 3;
            let rest = OF_KANGXI.get(at..).unwrap_or_default();
            rest.chars().next().unwrap_or(found)
        }
        '\u{2e80}'..='\u{2ef3}' => OTHERS
            .iter()
            .find(|(radical, _)| *radical == found)
            .map_or(found, |(_, character)| *character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_are_characters() {
        assert_eq!(OF_KANGXI.len(), 214 * 3);
        let read: String = "⼭⽔⻰⻓⻘⼀⼾⿕中".chars().map(character).collect();
        assert_eq!(read, "山水龙长青一户龠中");
    }
}
