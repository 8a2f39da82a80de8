//! Printed pages: the column with title, legend and scale at the left, the map at the right, as on the pages that Yutu
//! draws itself.

mod items;

use std::io;

use super::crs::{PlaneBox, ProjectCrs};
use super::writer::layers_of;
use super::{Map, Project, ProjectError, ProjectLayer};
use crate::xml::Xml;
use items::{Face, Items, Place, Words};

/// A4 landscape, in mm; other papers scale from it.
const PAPER: (f64, f64) = (297.0, 210.0);
const COLUMN_LEFT: f64 = 10.0;
const COLUMN_WIDTH: f64 = 59.0;
const FRAME: Place = Place {
    left: 77.0,
    top: 10.0,
    width: 210.0,
    height: 184.0,
};
/// Millimetres of a point.
const PT: f64 = 0.3528;
const TITLE_PT: f64 = 26.0;
/// A title that would be smaller is set in two lines.
const LEAST_TITLE_PT: f64 = 15.0;

/// A page to be written.
pub(super) struct Page<'p> {
    map: &'p Map<'p>,
    layers: Vec<&'p ProjectLayer<'p>>,
    paper: &'static str,
    /// How much larger than A4.
    scale: f64,
    extent: PlaneBox,
}

/// The pages of a project: each printed map on A4 and on A3.
pub(super) fn pages<'p>(
    project: &'p Project<'p>,
    crs: &ProjectCrs,
) -> Result<Vec<Page<'p>>, ProjectError> {
    let mut pages = Vec::new();
    for map in project.maps.iter().filter(|map| map.printed) {
        let of_theme = |layer: &&ProjectLayer<'_>| map.tables.contains(&layer.table.id.as_str());
        let of_land = |layer: &ProjectLayer<'_>| {
            let mut land = project.ground.iter();
            land.any(|one| one.table.id == layer.table.id)
        };
        let layers = layers_of(project).into_iter().filter(of_theme);
        let layers: Vec<_> = layers.filter(|layer| !of_land(layer)).collect();
        let extent = crs
            .plane_box(map.focus)?
            .in_shape(FRAME.width, FRAME.height);
        for (paper, scale) in [("A4", 1.0), ("A3", std::f64::consts::SQRT_2)] {
            pages.push(Page {
                map,
                layers: layers.clone(),
                paper,
                scale,
                extent,
            });
        }
    }
    Ok(pages)
}

/// All layouts.
pub(super) fn layouts(pages: &[Page<'_>], crs: &ProjectCrs, xml: &mut Xml) -> io::Result<()> {
    xml.element("Layouts", &[], |xml| {
        pages
            .iter()
            .enumerate()
            .try_for_each(|(number, page)| page.write(number, crs, xml))
    })
}

impl Page<'_> {
    fn write(&self, number: usize, crs: &ProjectCrs, xml: &mut Xml) -> io::Result<()> {
        let name = format!("{}（{}）", self.map.title, self.paper);
        let attributes = [
            ("name", name.as_str()),
            ("units", "mm"),
            ("printResolution", "300"),
            ("worldFileMap", ""),
        ];
        xml.element("Layout", &attributes, |xml| {
            let mut items = Items::new(xml, number, self.scale);
            items.paper(PAPER.0, PAPER.1)?;
            let tag = Place {
                left: FRAME.left + FRAME.width - 2.2 - 13.0,
                top: FRAME.top + 2.2,
                width: 13.0,
                height: 5.4,
            };
            let map = items.map_under_tag(FRAME, self.extent, self.map.title, (tag, "示意图"))?;
            let below_title = self.title_block(&mut items)?;
            items.legend(
                (COLUMN_LEFT, below_title + 4.0),
                COLUMN_WIDTH,
                &self.layers,
                &map,
            )?;
            self.foot(crs, &map, &mut items)
        })
    }

    /// Accent, title, subtitle, citation. Where the block ends.
    fn title_block(&self, items: &mut Items<'_>) -> io::Result<f64> {
        let bar = Place {
            left: COLUMN_LEFT,
            top: 10.0,
            width: 11.0,
            height: 1.15,
        };
        items.bar(bar)?;
        let mut top = 14.5;
        let wanted = COLUMN_WIDTH / (width_em(self.map.title) * PT);
        let (size_pt, lines) = if wanted >= LEAST_TITLE_PT {
            (wanted.min(TITLE_PT), 1.0)
        } else {
            ((wanted * 1.9).min(TITLE_PT * 0.8), 2.0)
        };
        let mut block = |text: &str, face: Face, size_pt: f64, lines: f64, gap: f64| {
            let height = lines * size_pt * PT * 1.45;
            let place = Place {
                left: COLUMN_LEFT,
                top,
                width: COLUMN_WIDTH,
                height,
            };
            top += height + gap;
            items.words(
                &Words {
                    text,
                    face,
                    size_pt,
                },
                place,
            )
        };
        block(
            self.map.title,
            Face::Title,
            (size_pt * 2.0).floor() / 2.0,
            lines,
            1.0,
        )?;
        for (text, face, size_pt) in [
            (self.map.subtitle, Face::Subtitle, 9.2),
            (self.map.citation, Face::Fine, 6.6),
        ] {
            if !text.is_empty() {
                block(
                    text,
                    face,
                    size_pt,
                    lines_of(text, size_pt, COLUMN_WIDTH),
                    1.0,
                )?;
            }
        }
        let rule = Place {
            left: COLUMN_LEFT,
            top,
            width: COLUMN_WIDTH,
            height: 0.18,
        };
        items.rule(rule)?;
        Ok(top)
    }

    /// Scale, north, CRS, sources.
    fn foot(&self, crs: &ProjectCrs, map: &str, items: &mut Items<'_>) -> io::Result<()> {
        let metres_per_mm = (self.extent.east - self.extent.west) / (FRAME.width * self.scale);
        items.scale_bar((COLUMN_LEFT, 176.0), part_km(metres_per_mm), map)?;
        let north = Place {
            left: COLUMN_LEFT + COLUMN_WIDTH - 8.0,
            top: 174.0,
            width: 8.0,
            height: 12.0,
        };
        items.north(north, map)?;
        let crs_words = Place {
            left: COLUMN_LEFT,
            top: 189.0,
            width: COLUMN_WIDTH,
            height: 6.0,
        };
        let fine = |text| Words {
            text,
            face: Face::Fine,
            size_pt: 5.6,
        };
        items.words(&fine(&crs.words), crs_words)?;
        let sources = Place {
            left: COLUMN_LEFT,
            top: 197.0,
            width: PAPER.0 - 2.0 * COLUMN_LEFT,
            height: 9.0,
        };
        let text = format!("资料来源　{}", self.map.sources);
        items.words(&fine(&text), sources)
    }
}

/// The length of one part of the scale bar, in km: 1, 2 or 5 by a power of ten, at least 9 mm long.
fn part_km(metres_per_mm: f64) -> f64 {
    let least_km = 9.0 * metres_per_mm / 1000.0;
    let power = 10f64.powf(least_km.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| *step >= least_km)
        .unwrap_or(10.0 * power)
}

/// The width of a text in units of its size: a Chinese character is 1, a Latin one about half.
fn width_em(text: &str) -> f64 {
    text.chars()
        .map(|c| if c.is_ascii() { 0.55 } else { 1.0 })
        .sum::<f64>()
        .max(1.0)
}

/// How many lines a text takes, with some room for breaks.
fn lines_of(text: &str, size_pt: f64, width_mm: f64) -> f64 {
    (width_em(text) * size_pt * PT * 1.04 / width_mm).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_scale_bar_is_round_and_can_be_seen() {
        for (metres_per_mm, km) in [(1600.0, 20.0), (3500.0, 50.0), (120.0, 2.0), (1111.0, 10.0)] {
            let found = part_km(metres_per_mm);
            assert!(
                (found - km).abs() < 1e-9,
                "{metres_per_mm} m a mm: {found} km"
            );
            let length_mm = found * 1000.0 / metres_per_mm;
            assert!((9.0..24.0).contains(&length_mm), "{length_mm} mm");
        }
    }
}
