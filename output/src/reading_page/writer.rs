//! The page as one file.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use layers::kind_look;
use layers::style::Colour;

use super::ReadingPageError;
use super::map::map;
use super::model::ReadingPage;
use super::places::{GROUPS, PlaceRow, group, places};
use super::text::{Text, text};
use crate::atomic;
use crate::html_text::{escape, escaped};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// The one script that may run: SHA-256 of `script.js`, in base 64.
const SCRIPT_HASH: &str = "sha256-atY1rXVsk8KG/83sYQ5wlv4l8Mt0Cy/CT2gGwUkQDOQ=";

/// Kinds of structures that the page shows, with what the legend says of each.
struct Legend {
    rows: Vec<LegendRow>,
    /// For each structure the number of its row.
    of_structure: Vec<usize>,
}

struct LegendRow {
    title: String,
    colour: Colour,
    count: usize,
}

/// Writes the page.
///
/// Equal pages give equal bytes. The time is linear in what the page holds, less the sorting.
///
/// # Errors
/// When the focus has no size, or the file cannot be written; no half file is left.
pub fn write(page: &ReadingPage<'_>, path: &Path) -> Result<(), ReadingPageError> {
    Ok(atomic::write(path, to_html(page)?.as_bytes())?)
}

/// The page as HTML.
///
/// # Errors
/// When the focus has no size.
pub fn to_html(page: &ReadingPage<'_>) -> Result<String, ReadingPageError> {
    let (rows, numbers) = places(&page.mentions);
    let written = text(page, &numbers);
    let legend = legend(page);
    let mut out = String::with_capacity(written.html.len() + 200_000);
    head(&mut out, page, &legend);
    out.push_str(&written.html);
    out.push_str("</main>\n<aside aria-label=\"地图与清单\">\n<div class=view>\n");
    map(&mut out, page, &rows, &legend.of_structure)?;
    out.push_str(
        "<div class=zoom><button type=button id=in aria-label=\"放大\">+</button><button type=button id=out aria-label=\"缩小\">−</button><button type=button id=reset aria-label=\"全图\">◻</button></div>\n</div>\n<div class=lists id=lists>\n",
    );
    keys(&mut out, &legend);
    out.push_str("<input id=find type=search placeholder=\"查找事项与地名\" aria-label=\"查找事项与地名\">\n");
    structures(&mut out, page, &legend, &written);
    place_list(&mut out, &rows);
    unlocated(&mut out, page);
    outline(&mut out, &written);
    out.push_str("</div>\n</aside>\n</div>\n<footer>");
    escape(&mut out, page.sources);
    out.push_str("</footer>\n<div id=tip role=tooltip hidden></div>\n<div id=said class=skip aria-live=polite></div>\n<script>");
    out.push_str(SCRIPT);
    out.push_str("</script>\n</body>\n</html>\n");
    Ok(out)
}

fn legend(page: &ReadingPage<'_>) -> Legend {
    let mut rows: Vec<LegendRow> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let of_structure = page.structures.iter().map(|structure| {
        let number = *known.entry(&structure.kind).or_insert_with(|| {
            let look = kind_look(&structure.kind);
            rows.push(LegendRow {
                title: look
                    .map_or(structure.kind.as_str(), |look| look.title)
                    .to_owned(),
                colour: look.map_or(Colour::hex(0x0055_606B), |look| look.colour),
                count: 0,
            });
            rows.len() - 1
        });
        rows[number].count += 1;
        number
    });
    let of_structure = of_structure.collect();
    Legend { rows, of_structure }
}

fn head(out: &mut String, page: &ReadingPage<'_>, legend: &Legend) {
    let title = escaped(page.title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=zh-CN>\n<head>\n<meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n<meta name=viewport content=\"width=device-width,initial-scale=1\">\n<meta name=generator content=\"yutu\">\n<title>{title}</title>\n<style>\n{STYLE}"
    );
    for (number, row) in legend.rows.iter().enumerate() {
        let Colour { red, green, blue } = row.colour;
        let _ = writeln!(out, ".k{number}{{color:rgb({red},{green},{blue})}}");
    }
    out.push_str("@media (prefers-color-scheme:dark){");
    for (number, row) in legend.rows.iter().enumerate() {
        let Colour { red, green, blue } = lighter(row.colour);
        let _ = write!(out, ".k{number}{{color:rgb({red},{green},{blue})}}");
    }
    let located = page
        .structures
        .iter()
        .filter(|s| !s.geometry.is_empty())
        .count();
    let _ = write!(
        out,
        "}}\n</style>\n</head>\n<body>\n<a class=skip href=\"#lists\">到清单</a><a class=skip href=\"#text\">到正文</a>\n<div class=both>\n<main id=text>\n<header>\n<h1>{title}</h1>\n<p>{}</p>\n<p>{} 个事项，{located} 个在图上；{} 处地名；{} 个名称未能定位</p>\n</header>\n",
        escaped(page.citation),
        page.structures.len(),
        page.mentions.len(),
        page.unlocated.len()
    );
}

/// A colour as it is seen on a dark page: half way to white.
fn lighter(colour: Colour) -> Colour {
    let half = |value: u8| value / 2 + 127;
    Colour {
        red: half(colour.red),
        green: half(colour.green),
        blue: half(colour.blue),
    }
}

fn keys(out: &mut String, legend: &Legend) {
    out.push_str("<details class=keys open><summary>图例</summary>\n<p>");
    for (number, row) in legend.rows.iter().enumerate() {
        let _ = write!(
            out,
            "<label class=k{number}><input type=checkbox checked data-kind={number}><i></i>{} {}</label> ",
            escaped(&row.title),
            row.count
        );
    }
    out.push_str("</p>\n<p><label><input type=checkbox checked id=show-places>地名：</label>");
    for (class, title) in GROUPS {
        let _ = write!(out, "<label class={class}><i></i>{title}</label> ");
    }
    out.push_str("</p></details>\n");
}

fn structures(out: &mut String, page: &ReadingPage<'_>, legend: &Legend, written: &Text) {
    let _ = writeln!(
        out,
        "<details open><summary>事项（{}）</summary>\n<ul>",
        page.structures.len()
    );
    let marks = page
        .structures
        .iter()
        .zip(&legend.of_structure)
        .zip(&written.pieces);
    for ((mark, kind), pieces) in marks {
        let _ = write!(out, "<li><button type=button class=s");
        if let Some((first, last)) = pieces {
            let _ = write!(out, " data-g={first} data-h={last}");
        }
        let _ = write!(out, "><span class=k{kind}>■</span> ");
        escape(out, &mark.name);
        out.push_str(" <small>");
        let title = legend.rows.get(*kind).map_or("", |row| row.title.as_str());
        let nowhere = if mark.geometry.is_empty() {
            "不在图上"
        } else {
            ""
        };
        let said = [title, &mark.article, &mark.status, nowhere];
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        escape(out, &said.join(" · "));
        out.push_str("</small></button></li>\n");
    }
    out.push_str("</ul></details>\n");
}

fn place_list(out: &mut String, rows: &[PlaceRow<'_>]) {
    let _ = writeln!(
        out,
        "<details><summary>地名（{}）</summary>\n<ul>",
        rows.len()
    );
    for PlaceRow { mark, count } in rows {
        let where_it_is = mark.position.map_or_else(
            || "没有位置".to_owned(),
            |at| format!("{:.3}, {:.3}", at.lon(), at.lat()),
        );
        let (class, title) = GROUPS[group(&mark.kind)];
        let _ = write!(out, "<li><button type=button class=p data-t=\"");
        escape(out, &mark.label);
        let _ = write!(
            out,
            " · {title} · {where_it_is}\"><span class={class}>●</span> "
        );
        escape(out, &mark.label);
        let _ = writeln!(
            out,
            " <small>{title} · {where_it_is} · {count} 处</small></button></li>"
        );
    }
    out.push_str("</ul></details>\n");
}

fn unlocated(out: &mut String, page: &ReadingPage<'_>) {
    if page.unlocated.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<details><summary>未能定位（{}）</summary>\n<ul>",
        page.unlocated.len()
    );
    for row in &page.unlocated {
        out.push_str("<li>");
        escape(out, &row.name);
        out.push_str(" <small>");
        escape(out, &format!("{} · {}", row.article, row.reason));
        out.push_str("</small></li>\n");
    }
    out.push_str("</ul></details>\n");
}

fn outline(out: &mut String, written: &Text) {
    if written.outline.is_empty() {
        return;
    }
    out.push_str("<details><summary>目录</summary>\n<nav aria-label=\"目录\"><ul>\n");
    for (block, level, title) in &written.outline {
        let indent = usize::from(level.saturating_sub(1).min(4));
        // The title was escaped with the text.
        let _ = writeln!(
            out,
            "<li>{}<a href=\"#b{block}\">{title}</a></li>",
            "　".repeat(indent)
        );
    }
    out.push_str("</ul></nav></details>\n");
}
