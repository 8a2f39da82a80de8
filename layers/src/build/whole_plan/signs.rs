//! How kinds are told apart where colours are not enough: lines by what is drawn on them and by their dashes, sites by signs.

use super::themes::{Form, Kind};
use crate::palette;
use crate::style::{Colour, Glyph, LineForm, Stroke};

/// Lines of a network, whose dashes say how far they are.
const NETWORKS: [&str; 5] = ["railway", "expressway", "road", "waterway", "power_line"];
/// Words of a fast railway.
const FAST: [&str; 5] = ["高铁", "高速铁路", "城际", "客运专线", "直线高速铁路"];
/// From how many sites on signs are smaller.
const MANY: usize = 40;
const SMALL_MM: f64 = 1.65;

/// How far a thing is, by what the plan wants done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// It is there, or is rebuilt.
    Existing,
    /// It is built.
    Building,
    /// It is to be begun.
    Planned,
    /// It is looked into.
    Studied,
}

impl Status {
    pub(super) const ALL: [Self; 4] =
        [Self::Existing, Self::Building, Self::Planned, Self::Studied];

    /// By the plan's verb. What is studied or planned comes first: 规划研究 is not decided, 规划建设 not begun.
    pub(super) fn of(words: &str) -> Self {
        let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
        if says(&["研究", "论证", "前期", "谋划", "储备"]) {
            return Self::Studied;
        }
        if says(&["续建", "在建"]) {
            return Self::Building;
        }
        if says(&["规划", "开工", "新建", "新（", "启动", "争取"]) {
            return Self::Planned;
        }
        if says(&["改造", "扩能", "扩容", "改扩建", "整治", "改善", "升级"]) {
            return Self::Existing;
        }
        if says(&[
            "建", "加快", "加速", "推进", "推动", "打通", "实施", "加密", "形成", "成型",
        ]) {
            return Self::Building;
        }
        Self::Existing
    }

    /// What a legend says of its dashes.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Existing => "既有或改造",
            Self::Building => "在建、推进建设",
            Self::Planned => "规划、拟开工",
            Self::Studied => "研究、前期工作",
        }
    }

    /// Lengths of dash and gap of a line of a width; a dash of no length is a dot.
    pub(super) fn dash_mm(self, width_mm: f64) -> Vec<f64> {
        let parts: &[f64] = match self {
            Self::Existing => &[],
            Self::Building => &[6.0, 2.0],
            Self::Planned => &[2.7, 2.0],
            Self::Studied => &[0.0, 2.2],
        };
        in_widths(parts, width_mm)
    }
}

/// Lengths in widths of a line, in mm: to tenths of a micrometre, which is what a style file prints.
fn in_widths(parts: &[f64], width_mm: f64) -> Vec<f64> {
    let whole = |mm: f64| (mm * 1e4).round() / 1e4;
    parts.iter().map(|part| whole(part * width_mm)).collect()
}

/// Whether dashes of lines of a kind and a status say how far they are.
pub(super) fn tells_status(kind: &Kind, status: Status) -> bool {
    status == Status::Studied || NETWORKS.contains(&kind.id)
}

/// How far a line of a kind is drawn to be: what only shows where something leads is there, or is studied.
pub(super) fn status_of(kind: &Kind, words: &str) -> Status {
    Some(Status::of(words))
        .filter(|status| tells_status(kind, *status))
        .unwrap_or(Status::Existing)
}

/// A way in which lines of a kind are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineLook {
    /// What a legend calls lines that look so; `None` for the title of their kind.
    pub(super) title: Option<&'static str>,
    pub(super) colour: Colour,
    pub(super) form: LineForm,
    /// Width of a line that is there, and of one that is not yet.
    width_mm: (f64, f64),
    /// Lengths of dash and gap of a line that is there, in widths of it; empty for a solid one.
    dash: &'static [f64],
}

/// A relation between places is a chain line: it has no course, as what runs there has.
const CHAIN: [f64; 4] = [9.0, 2.4, 1.4, 2.4];

impl LineLook {
    /// Whether it is that of a fast railway, which comes before the others.
    pub(super) fn is_fast(&self) -> bool {
        self.form == LineForm::Cored
    }

    pub(super) fn stroke(&self, status: Status) -> Stroke {
        let width_mm = if status == Status::Existing {
            self.width_mm.0
        } else {
            self.width_mm.1
        };
        let dash_mm = if status == Status::Existing {
            in_widths(self.dash, width_mm)
        } else {
            status.dash_mm(width_mm)
        };
        Stroke {
            colour: self.colour,
            width_mm,
            dash_mm,
        }
    }
}

/// How a line of a kind looks; of railways the fast ones by their names.
pub(super) fn line_look(kind: &Kind, name: &str) -> LineLook {
    let look = |form, width_mm| LineLook {
        title: None,
        colour: kind.colour,
        form,
        width_mm,
        dash: &[],
    };
    match (kind.id, kind.form) {
        ("railway", _) if FAST.iter().any(|word| name.contains(word)) => LineLook {
            title: Some("高速、城际铁路"),
            colour: palette::FAST_RAIL,
            ..look(LineForm::Cored, (0.8, 0.8))
        },
        ("railway", _) => LineLook {
            title: Some("普速及其他铁路"),
            colour: palette::RAIL,
            ..look(LineForm::Ladder, (0.95, 0.62))
        },
        ("expressway", _) => look(LineForm::Cased, (1.0, 0.7)),
        ("waterway", _) => look(LineForm::Ribbon, (0.4, 0.4)),
        ("power_line", _) => look(LineForm::Beads, (0.38, 0.38)),
        (_, Form::Axis) => look(LineForm::Plain, (1.3, 1.3)),
        ("opening_channel", _) => look(LineForm::Plain, (0.6, 0.6)),
        (_, Form::Link) => LineLook {
            dash: &CHAIN,
            ..look(LineForm::Plain, (0.45, 0.45))
        },
        _ => look(LineForm::Plain, (0.7, 0.7)),
    }
}

/// The sign of a kind of site.
pub(super) fn glyph(kind: &Kind) -> Option<Glyph> {
    Some(match kind.id {
        "station" => Glyph::Station,
        "port" => Glyph::Port,
        "airport" => Glyph::Airport,
        "logistics_hub" => Glyph::Logistics,
        "energy_project" => Glyph::Energy,
        "oil_gas" => Glyph::Gas,
        "water_project" => Glyph::Dam,
        "reservoir" => Glyph::Reservoir,
        "irrigation_district" => Glyph::Irrigation,
        "industrial_park" => Glyph::Industry,
        "science_city" => Glyph::Science,
        "financial_center" => Glyph::Finance,
        "consumer_district" => Glyph::Shopping,
        "tourism_site" => Glyph::Tourism,
        "nature_park" => Glyph::Nature,
        "new_area" => Glyph::NewArea,
        "trade_zone" => Glyph::Trade,
        _ => return None,
    })
}

/// The radius of signs when a page has so many sites.
pub(super) fn sign_mm(sites: usize) -> f64 {
    if sites > MANY {
        SMALL_MM
    } else {
        Glyph::DISC_MM
    }
}

/// Width of the band of an axis or a belt; `None` for what is a line. Many make each narrower.
pub(super) fn band_mm(kind: &Kind, axes: usize) -> Option<f64> {
    let alone = match kind.id {
        "development_axis" => 7.0,
        "development_belt" => 5.6,
        "tourism_corridor" => 4.4,
        "ecological_corridor" => 3.0,
        _ => return None,
    };
    Some(match axes {
        0..=4 => alone,
        5..=8 => alone * 0.8,
        _ => alone * 0.6,
    })
}

/// The colours of a band and of its name: those of kinds are for lines, and too strong for it.
pub(super) fn band_colours(kind: &Kind) -> (Colour, Colour) {
    match kind.id {
        "development_axis" => (palette::AXIS, palette::AXIS_NAME),
        "development_belt" => (palette::BELT, palette::BELT_NAME),
        _ => (kind.colour, kind.colour),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verb_of_a_plan_says_how_far_a_line_is() {
        for (words, status) in [
            ("加快建设", Status::Building),
            ("续建和新开工", Status::Building),
            ("规划建设", Status::Planned),
            ("开工建设", Status::Planned),
            ("新建和改扩建", Status::Planned),
            ("规划研究", Status::Studied),
            ("启动前期工作", Status::Studied),
            ("前期工作、及时开工", Status::Studied),
            ("扩能改造", Status::Existing),
            ("实施扩能改造", Status::Existing),
            ("依托", Status::Existing),
            ("", Status::Existing),
        ] {
            assert_eq!(Status::of(words), status, "{words}");
        }
    }

    #[test]
    fn no_two_states_have_the_same_dashes() {
        let dashes = Status::ALL.map(|status| status.dash_mm(0.5));
        assert_eq!(dashes[0], Vec::<f64>::new());
        assert_eq!(
            dashes[1..],
            [vec![3.0, 1.0], vec![1.35, 1.0], vec![0.0, 1.1]]
        );
    }
}
