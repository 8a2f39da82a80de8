//! `yutu map`: a page to put into a report.

mod classes;
mod data;
mod figures;
mod focus;
mod names;
mod page;
mod paper;

pub use classes::{Classes, Palette};

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use gazetteer::Gazetteer;
use layers::map::{Ground, MapPage};
use layers::style::Symbol;
use layers::theme::Tone;
use layers::{BuildError, Builder, Look, Pages};
use output::raster::{Format, RenderOptions, Rendered, render};
use plans::Catalogue;

use crate::Outcome;
use crate::args::{MapArgs, PageLanguage, PageOptions, ThemeChoice};

pub fn run(args: &MapArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let look = look(&args.page)?;
    let out = match &args.out {
        Some(out) => Some((out, format_of(out)?)),
        None => None,
    };
    let gazetteer = Gazetteer::embedded()?;
    // Files are drawn without what the plans say.
    let of_files = args.page.focus.is_none() && args.inputs.iter().all(|input| is_file(input));
    let catalogue = if of_files {
        Catalogue::read(&[])?
    } else {
        Catalogue::embedded()?
    };
    let builder = Builder::new(&gazetteer, &catalogue);
    let mut warnings = Vec::new();
    let mut page = page_of(args, &builder, &mut warnings)?;
    let (out, format) = match out {
        Some(out) if !args.page.print_style => out,
        _ => {
            let text = look.to_toml(Some(&page));
            std::io::stdout().lock().write_all(text.as_bytes())?;
            return Ok(Outcome::Done);
        }
    };
    let words = &args.words;
    if words.lang == PageLanguage::En {
        let english = page.in_english(&gazetteer);
        page = english.page;
        if !english.untranslated.is_empty() {
            let texts: Vec<&str> = english.untranslated.iter().map(String::as_str).collect();
            warnings.push(format!(
                "{} texts have no English form and stay Chinese: {}",
                texts.len(),
                texts.join(", ")
            ));
        }
    }
    for (asked, text) in [
        (&words.title, &mut page.title),
        (&words.subtitle, &mut page.subtitle),
        (&words.sources, &mut page.sources),
    ] {
        if let Some(asked) = asked {
            text.clone_from(asked);
        }
    }
    if args.page.no_ground {
        page.ground = Ground::default();
        for group in &mut page.legend {
            let of_ground =
                |symbol: &Symbol| matches!(symbol, Symbol::Border { .. } | Symbol::River { .. });
            group.items.retain(|row| !of_ground(&row.symbol));
        }
        page.legend.retain(|group| !group.items.is_empty());
    }
    let only = match &args.page.focus {
        Some(name) => Some(focus::area(name, &args.read, &gazetteer, &builder)?),
        None => None,
    };
    let (paper, pixels_per_mm) = paper::choose(&args.page, page.focus, format)?;
    let options = RenderOptions {
        pixels_per_mm,
        fonts: args.page.fonts.clone(),
        approval: words.approval.clone(),
        paper,
        look,
        format,
        crs: args.page.crs.clone(),
        graticule: args.page.graticule,
        only,
    };
    let drawn = render(&page, &options)?;
    drawn.write(out)?;
    warnings.extend(left_out(&page, &drawn));
    if !quiet {
        let mut out = std::io::stderr().lock();
        for warning in warnings {
            writeln!(out, "{warning}")?;
        }
    }
    Ok(Outcome::Done)
}

/// How the page is to look: as the style says, in the colours of the theme that was asked for.
pub(super) fn look(args: &PageOptions) -> anyhow::Result<Look> {
    let tone = args.theme.map(|theme| match theme {
        ThemeChoice::Light => Tone::Light,
        ThemeChoice::Dark => Tone::Dark,
        ThemeChoice::Print => Tone::Print,
    });
    let Some(file) = &args.style else {
        return Ok(Look::from(tone.unwrap_or_default()));
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read {} as UTF-8 text", file.display()))?;
    let look = Look::parse(&text).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    match tone {
        Some(tone) if tone != look.theme.tone => bail!(
            "--theme {tone:?} and the theme of {} differ; change one of them",
            file.display()
        ),
        _ => Ok(look),
    }
}

fn format_of(path: &Path) -> anyhow::Result<Format> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    Format::of_ending(&ending).with_context(|| {
        format!(
            "{}: expected a file that ends in .png, .webp, .svg or .pdf",
            path.display()
        )
    })
}

/// What is to be drawn: one layer of the atlas, or files.
pub(super) fn page_of(
    args: &MapArgs,
    builder: &Builder<'_>,
    warnings: &mut Vec<String>,
) -> anyhow::Result<MapPage> {
    let (files, names): (Vec<&String>, Vec<&String>) =
        args.inputs.iter().partition(|input| is_file(input));
    match (&files[..], &names[..]) {
        (files, []) => page::of_files(files, args, builder, warnings),
        ([], [name]) => of_layer(name, builder),
        ([], _) => bail!("a page shows one layer of the atlas; draw each on a page of its own"),
        _ => bail!(
            "a page shows files or a layer of the atlas; `{}` is a layer, `{}` a file",
            names[0],
            files[0]
        ),
    }
}

fn of_layer(name: &str, builder: &Builder<'_>) -> anyhow::Result<MapPage> {
    let sheets = match builder.chosen(&[name.to_owned()], Pages::Drawn) {
        Err(BuildError::UnknownLayer { .. }) => {
            let known = builder.atlas(Pages::None)?;
            let known: Vec<[&str; 2]> = known
                .iter()
                .map(|sheet| [sheet.layer.id.as_str(), sheet.layer.title.as_str()])
                .collect();
            bail!(
                "no layer named `{name}`{}; `yutu layers` lists them all",
                names::suggestion(name, known.iter().flatten().copied())
            );
        }
        other => other?,
    };
    let several: Vec<String> = sheets.iter().map(|sheet| sheet.layer.id.clone()).collect();
    let mut pages = sheets.into_iter().filter_map(|sheet| sheet.page);
    match (pages.next(), pages.next()) {
        (Some(page), None) => Ok(page),
        (None, _) => bail!("nothing of `{name}` has a place to draw"),
        (Some(_), Some(_)) => bail!(
            "`{name}` is {} layers, and a page shows one: {}",
            several.len(),
            several.join(", ")
        ),
    }
}

/// Whether an input is a file and not a layer of the atlas: no name of a layer has a dot or a slash.
pub(super) fn is_file(input: &str) -> bool {
    input == "-" || input.contains(['.', '/', '\\']) || Path::new(input).is_file()
}

/// What of the theme is not on the page, and what the fonts do not have.
fn left_out(page: &MapPage, drawn: &Rendered) -> Vec<String> {
    let labels = page
        .drawings
        .iter()
        .filter_map(|drawing| drawing.label.as_ref());
    // Where an English name is broken there was a space.
    let plain = |text: &str| text.replace(['\n', ' '], "");
    let of_theme: BTreeSet<String> = labels.map(|label| plain(&label.text)).collect();
    let dropped = drawn
        .dropped
        .iter()
        .filter(|name| of_theme.contains(&plain(name)));
    let dropped: Vec<&str> = dropped.map(String::as_str).collect();
    let mut warnings = Vec::new();
    if !dropped.is_empty() {
        warnings.push(format!(
            "no room on the map for {} names: {}",
            dropped.len(),
            names::some(&dropped)
        ));
    }
    if !drawn.missing_glyphs.is_empty() {
        let missing: String = drawn.missing_glyphs.iter().collect();
        warnings.push(format!("the fonts have no glyph for {missing}"));
    }
    warnings
}
