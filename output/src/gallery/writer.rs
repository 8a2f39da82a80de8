//! The page as HTML.

use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Card, Gallery, GalleryError, GalleryGroup};
use crate::atomic;
use crate::html_text::escaped;

/// Writes the page, whole or not at all. The same gallery gives the same bytes.
///
/// # Errors
/// [`GalleryError::File`] when the file cannot be written.
pub fn write(gallery: &Gallery<'_>, path: &Path) -> Result<(), GalleryError> {
    Ok(atomic::write(path, html(gallery).as_bytes())?)
}

fn html(gallery: &Gallery<'_>) -> String {
    let title = escaped(gallery.title);
    let mut page =
        String::from("<!doctype html>\n<html lang=\"zh-Hans\">\n<meta charset=\"utf-8\">\n");
    page += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n";
    // Nothing is fetched, whatever a plan holds.
    page += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';img-src data:;style-src 'unsafe-inline'\">\n";
    let _ = writeln!(
        page,
        "<title>{title}</title>\n<style>{}</style>",
        include_str!("style.css")
    );
    let _ = writeln!(
        page,
        "<header><h1>{title}</h1>\n<p>{}</p>",
        escaped(gallery.summary)
    );
    page += "<nav aria-label=\"文件\">";
    for (name, file) in &gallery.files {
        link(&mut page, name, file);
    }
    page += "</nav></header>\n<main>\n";
    for group in &gallery.groups {
        section(&mut page, group);
    }
    page += "</main>\n<footer>\n";
    for source in &gallery.sources {
        let _ = writeln!(page, "<p>{}</p>", escaped(source));
    }
    page += "<p>各图均为示意图，不作为划定行政区域界线的依据。</p>\n</footer>\n</html>\n";
    page
}

fn link(page: &mut String, name: &str, file: &str) {
    let _ = writeln!(
        page,
        "<a href=\"{}\">{}</a>",
        escaped(&encoded(file)),
        escaped(name)
    );
}

/// A relative path as a link: what is no letter, digit or plain mark is percent-encoded.
fn encoded(file: &str) -> String {
    let mut link = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./~".contains(&byte) {
            link.push(char::from(byte));
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
    }
    link
}

fn section(page: &mut String, group: &GalleryGroup<'_>) {
    let features: usize = group.cards.iter().map(|card| card.features).sum();
    let _ = writeln!(
        page,
        "<section><h2>{}<small>{} 个图层，{features} 个要素</small></h2>\n<div class=\"cards\">",
        escaped(group.title),
        group.cards.len(),
    );
    for card in &group.cards {
        article(page, card);
    }
    page.push_str("</div></section>\n");
}

fn article(page: &mut String, card: &Card<'_>) {
    let title = escaped(card.title);
    let _ = writeln!(page, "<article id=\"{}\">", escaped(card.id));
    match &card.picture {
        Some((small, file)) => {
            let _ = writeln!(
                page,
                "<a class=\"map\" href=\"{}\"><img alt=\"{title}\" width=\"{}\" height=\"{}\" \
                 src=\"data:image/jpeg;base64,{}\"></a>",
                escaped(&encoded(file)),
                small.width,
                small.height,
                STANDARD.encode(&small.jpeg),
            );
        }
        None => page.push_str("<div class=\"map none\">图上无可定位的要素</div>\n"),
    }
    let _ = writeln!(
        page,
        "<div class=\"text\"><h3>{title}</h3>\n<p>{}</p>",
        escaped(card.summary)
    );
    let unlocated = match card.unlocated {
        0 => String::new(),
        some => format!("，{some} 个名称未定位"),
    };
    let _ = writeln!(
        page,
        "<p class=\"counts\">{} 个要素{unlocated}</p>",
        card.features
    );
    page.push_str("<details><summary>文件</summary><ul>\n");
    for (name, file) in &card.files {
        page.push_str("<li>");
        link(page, name, file);
        page.push_str("</li>\n");
    }
    page.push_str("</ul></details></div></article>\n");
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn text_of_plans_stays_text_and_paths_stay_paths() {
        let gallery = Gallery {
            title: "图集 <b>",
            summary: "甲 & 乙",
            files: vec![("清单", "图 集.json".to_owned())],
            groups: vec![GalleryGroup {
                title: "某规划",
                cards: vec![Card {
                    title: "\"引\"",
                    id: "a-b",
                    summary: "<script>",
                    features: 3,
                    unlocated: 2,
                    picture: None,
                    files: vec![("面".to_owned(), "layers/a b.geojson".to_owned())],
                }],
            }],
            sources: Vec::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gallery.html");
        write(&gallery, &path).unwrap();
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(!page.contains("<b>") && !page.contains("<script"), "{page}");
        assert!(
            page.contains("href=\"%E5%9B%BE%20%E9%9B%86.json\""),
            "{page}"
        );
        assert!(page.contains("href=\"layers/a%20b.geojson\""));
        assert!(page.contains("3 个要素，2 个名称未定位"));
    }
}
