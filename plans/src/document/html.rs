//! Web pages: the words between the tags, by a scanner that goes through the page once and takes any page.

mod entities;

use std::path::Path;

/// Where a page says what it is and how it is written (the HTML standard looks at 1024 bytes).
const HEAD: usize = 4096;

/// Elements that are taken whole, up to their end tag, and say nothing.
const SILENT: [&str; 6] = ["script", "style", "template", "noscript", "iframe", "svg"];
/// Elements that stand in the head of a page; any other ends it.
const OF_HEAD: [&str; 6] = ["head", "title", "meta", "link", "base", "html"];
/// Elements that begin and end a line.
const BLOCKS: [&str; 42] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "title",
    "ul",
];

/// The first bytes of a file.
pub(super) fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD)]
}

/// Whether a text is a web page: by its first tag, or by its name when it has tags at all.
pub(super) fn looks_so(name: &str, text: &str) -> bool {
    let mut start = text;
    loop {
        start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let (open, close) = if start.starts_with("<!--") {
            ("<!--", "-->")
        } else if start.starts_with("<?") {
            ("<?", "?>")
        } else {
            break;
        };
        let rest = &start[open.len()..];
        let Some(end) = rest.find(close) else { break };
        start = &rest[end + close.len()..];
    }
    let first = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<meta",
        "<title",
    ];
    if first.iter().any(|tag| begins(start, tag)) {
        return true;
    }
    let path = Path::new(name);
    let named = path.extension().is_some_and(|ending| {
        ["html", "htm", "xhtml", "shtml"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    let mut tags = text.match_indices('<');
    named && tags.any(|(at, _)| tag_follows(&text.as_bytes()[at + 1..]))
}

/// The charset that a page declares in a `meta` of its head.
pub(super) fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head(bytes)).to_ascii_lowercase();
    let metas = head.split("<meta").skip(1);
    let mut declared = metas.filter_map(|meta| {
        let meta = meta.split('>').next()?;
        let (_, value) = meta.split_once("charset")?;
        let value = value.trim_start().strip_prefix('=')?;
        let value = value.trim_start_matches(|c: char| c.is_whitespace() || "'\"".contains(c));
        let end = value.find(|c: char| c.is_whitespace() || "'\";/".contains(c));
        let label = &value[..end.unwrap_or(value.len())];
        (!label.is_empty()).then(|| label.to_owned())
    });
    declared.next()
}

/// The words of a page.
pub(super) fn text(page: &str) -> String {
    let mut words = Words {
        said: String::with_capacity(page.len() / 2),
        part: Part::Body,
        in_pre: false,
        row_begins: true,
        cell_from: 0,
        navigation: 0,
        // What is never closed is no navigation but a slip.
        last_navigation: page
            .rmatch_indices("</")
            .find(|(at, _)| begins(&page[at + 2..], "nav"))
            .map_or(0, |(at, _)| at),
    };
    let mut at = 0;
    while at < page.len() {
        let rest = &page[at..];
        let Some(inside) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            words.say(&rest[..end]);
            at += end;
            continue;
        };
        if let Some(comment) = inside.strip_prefix("!--") {
            // `<!-->` is a whole comment.
            let end = comment.strip_prefix('>').map_or_else(
                || comment.find("-->").map_or(comment.len(), |end| end + 3),
                |_| 1,
            );
            at += 4 + end;
        } else if inside.starts_with(['!', '?']) {
            at += 1 + inside.find('>').map_or(inside.len(), |end| end + 1);
        } else if tag_follows(inside.as_bytes()) {
            let length = tag_length(inside.as_bytes());
            at += 1 + length;
            let tag = &inside[..length];
            let closes = tag.starts_with('/');
            let name = tag.trim_start_matches('/');
            let end = name.find(|c: char| c.is_whitespace() || c == '/' || c == '>');
            let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
            if !closes && SILENT.contains(&name.as_str()) && !tag.ends_with("/>") {
                at += silent_length(&page[at..], &name);
            } else if closes {
                words.close(&name, at);
            } else {
                words.open(&name, at);
            }
        } else {
            words.say("<");
            at += 1;
        }
    }
    words.said
}

/// Whether a text begins with ASCII in any case.
fn begins(text: &str, with: &str) -> bool {
    let start = text.as_bytes().get(..with.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
}

/// Whether what follows a `<` is a tag: 5 < 6 is none.
fn tag_follows(inside: &[u8]) -> bool {
    match inside {
        [b'/', second, ..] => second.is_ascii_alphabetic(),
        [first, ..] => first.is_ascii_alphabetic(),
        [] => false,
    }
}

/// The length of a tag after its `<`, with its `>`; one in the quotes of a value is not its end.
fn tag_length(inside: &[u8]) -> usize {
    let (mut quote, mut value) = (None, false);
    for (at, &byte) in inside.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if value => (quote, value) = (Some(byte), false),
            (None, b'=') => value = true,
            (None, _) => value &= byte.is_ascii_whitespace(),
        }
    }
    inside.len()
}

/// The length up to the end tag of an element that says nothing; all that is left when there is none.
fn silent_length(rest: &str, name: &str) -> usize {
    let ends = rest.match_indices("</").map(|(at, _)| at);
    ends.filter(|at| begins(&rest[at + 2..], name))
        .map(|at| at + 2 + name.len())
        .map(|at| at + rest[at..].find('>').map_or(rest.len() - at, |end| end + 1))
        .next()
        .unwrap_or(rest.len())
}

/// The part of the page that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of the head that is not the title; it says nothing.
    Head,
    Title,
    Body,
}

/// What has been read so far.
struct Words {
    said: String,
    part: Part,
    in_pre: bool,
    /// No cell of the row has begun.
    row_begins: bool,
    /// Where the words of the cell begin.
    cell_from: usize,
    /// Open `nav` elements.
    navigation: usize,
    /// Where the last end tag of a `nav` stands.
    last_navigation: usize,
}

impl Words {
    fn open(&mut self, name: &str, at: usize) {
        match name {
            "head" => self.part = Part::Head,
            "title" if self.part == Part::Head => self.part = Part::Title,
            _ if !OF_HEAD.contains(&name) => self.part = Part::Body,
            _ => {}
        }
        match name {
            "nav" if at <= self.last_navigation => self.navigation += 1,
            "pre" => self.in_pre = true,
            _ => {}
        }
        if self.navigation > 0 {
            return;
        }
        match name {
            "br" => self.said.push('\n'),
            "td" | "th" => {
                if !std::mem::take(&mut self.row_begins) {
                    self.end_cell();
                    self.said.push('\t');
                }
                self.cell_from = self.said.len();
            }
            "tr" => self.end_row(),
            _ if BLOCKS.contains(&name) => self.new_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: usize) {
        match name {
            "head" => self.part = Part::Body,
            "title" if self.part == Part::Title => self.part = Part::Head,
            "nav" => self.navigation = self.navigation.saturating_sub(1),
            "pre" => self.in_pre = false,
            _ => {}
        }
        if at > self.last_navigation {
            self.navigation = 0;
        }
        if self.navigation > 0 {
            return;
        }
        match name {
            "tr" => self.end_row(),
            _ if BLOCKS.contains(&name) => self.new_line(),
            _ => {}
        }
    }

    /// Takes the line breaks and blanks off the end of a cell.
    fn end_cell(&mut self) {
        if let Some(cell) = self.said.get(self.cell_from..) {
            let kept = self.cell_from + cell.trim_end_matches([' ', '\n']).len();
            self.said.truncate(kept);
        }
    }

    /// Ends the row before; its last cell may be empty.
    fn end_row(&mut self) {
        self.end_cell();
        if !self.said.is_empty() && !self.said.ends_with('\n') {
            self.said.push('\n');
        }
        self.row_begins = true;
        self.cell_from = self.said.len();
    }

    fn new_line(&mut self) {
        if self.said.ends_with(' ') {
            self.said.pop();
        }
        if !self.said.is_empty() && !self.said.ends_with(['\n', '\t']) {
            self.said.push('\n');
        }
    }

    fn say(&mut self, text: &str) {
        if self.navigation > 0 || self.part == Part::Head {
            return;
        }
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if character == '&'
                && let Some((meant, length)) = entities::meant(rest)
            {
                self.said.push(meant);
                rest = &rest[length..];
                continue;
            }
            rest = &rest[character.len_utf8()..];
            if !character.is_ascii_whitespace() || self.in_pre {
                self.said.push(character);
            } else if !self.said.is_empty() && !self.said.ends_with([' ', '\n', '\t']) {
                self.said.push(' ');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_page_are_its_title_and_its_blocks() {
        let page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>规划</title><style>p > a { }</style>字</head>\n<body>\
                    <nav><a>首页</a></nav><!-- <p>注</p> --><h1 title='a>b'>成都&mdash;重庆</h1>\n<p>一\n 二<b>三</b><br/>四</P>\
                    <script>if (a < b) '</p>';</script><div>5 < 6 &amp;&#8212; &foo;</div><pre>甲\n 乙</pre></body></html>";
        assert_eq!(
            text(page),
            "规划\n成都—重庆\n一 二三\n四\n5 < 6 &— &foo;\n甲\n 乙\n"
        );
    }

    #[test]
    fn cells_are_parted_by_tabs_and_rows_by_line_breaks() {
        let page = "<table><tr><th><p>甲</p></th><td> 乙<p>丙</p> </td></tr>\n<tr> <td></td> <td>丁</td><td></td></tr><tr><td>戊<td>己</table>庚";
        assert_eq!(text(page), "甲\t乙\n丙\n\t丁\t\n戊\t己\n庚");
    }

    #[test]
    fn a_page_that_is_not_well_made_keeps_its_words() {
        assert_eq!(text("<head><title>甲<body>乙"), "甲\n乙");
        assert_eq!(text("<nav>甲<p>乙"), "甲\n乙");
        assert_eq!(text("<nav>甲<nav>乙</nav><p>丙</p>丁"), "丙\n丁");
        assert_eq!(text("甲<!-->乙<![if !x]>丙<"), "甲乙丙<");
        assert_eq!(text("甲<script>乙"), "甲");
        assert_eq!(text("甲<a href=\"乙>丙"), "甲");
        assert_eq!(text("甲 <td><p>乙</td><p>丙</td></tr>"), "甲\n乙\n丙\n");
    }

    #[test]
    fn a_page_is_told_by_its_first_tag_and_only_then_by_its_name() {
        assert!(looks_so(
            "",
            "\u{feff}<?xml version='1.0'?>\n<!-- a -->\n<!doctype HTML>"
        ));
        assert!(looks_so("a.HTM", "<p>成都</p>"));
        assert!(!looks_so("a.txt", "<p>成都</p>"));
        assert!(!looks_so("a.html", "成都 < 重庆"));
        assert!(!looks_so("a.html", "成都"));
    }

    #[test]
    fn the_charset_of_a_page_is_found_in_both_of_its_forms() {
        let found = |page: &str| charset(page.as_bytes());
        assert_eq!(found("<meta charset=\"GBK\"/>").as_deref(), Some("gbk"));
        assert_eq!(
            found("<META http-equiv=Content-Type content='text/html; charset=gb2312'>").as_deref(),
            Some("gb2312")
        );
        assert_eq!(found("<meta name=a>charset=gbk"), None);
        assert_eq!(found("<meta charset="), None);
    }
}
