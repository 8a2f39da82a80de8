//! Lines in programs that choose a symbol by a field: a class for each look and for how far a line is, as on the pages.

use super::features::Drawn;
use super::page;
use super::signs::{Status, band_mm, line_look, status_of, tells_status};
use super::themes::Theme;
use crate::model::GeometryKind;
use crate::style::{Class, Symbol};

/// What a line is drawn as; lower ones come first in a legend.
type Order = (usize, bool, Status);

/// The classes of lines, in the order of the theme's kinds.
pub(super) fn classes<'d>(theme: &Theme, lines: impl Iterator<Item = &'d Drawn>) -> Vec<Class> {
    let mut classes: Vec<(Order, Class)> = Vec::new();
    for line in lines {
        let (order, class) = class_of(theme, line);
        if classes.iter().all(|(_, known)| known.value != class.value) {
            classes.push((order, class));
        }
    }
    classes.sort_by_key(|(order, _)| *order);
    classes.into_iter().map(|(_, class)| class).collect()
}

/// The value of the field that chooses the class of a line.
pub(super) fn value(theme: &Theme, line: &Drawn) -> String {
    class_of(theme, line).1.value
}

fn class_of(theme: &Theme, line: &Drawn) -> (Order, Class) {
    let kind = line.kind;
    let place = theme.kinds.iter().position(|known| known.id == kind.id);
    let place = place.unwrap_or(theme.kinds.len());
    if band_mm(kind, 1).is_some() {
        let class = Class {
            value: kind.title.to_owned(),
            title: kind.title.to_owned(),
            symbol: page::symbol(kind, GeometryKind::Line),
        };
        return ((place, false, Status::Existing), class);
    }
    let look = line_look(kind, &line.label);
    let status = status_of(kind, &line.feature.properties.status);
    let mut title = look.title.unwrap_or(kind.title).to_owned();
    if tells_status(kind, status) {
        title = format!("{title}·{}", status.title());
    }
    let (stroke, form) = (look.stroke(status), look.form);
    let class = Class {
        value: title.clone(),
        title,
        symbol: Symbol::Line { stroke, form },
    };
    ((place, !look.is_fast(), status), class)
}
