//! SVG 1.1: a path or circle a feature, north up, with its attributes as a tooltip; for drawing programs, to go on from there.

use std::fmt::Write;

use input::features::{FeatureBatch, GeometryKind, Value};

use crate::feature::features;
use crate::kml::name_column;
use crate::report::{Loss, Report};
use crate::survey::Survey;
use crate::table::{Table, push_text};
use crate::xml;

/// The longer side in pixels.
const SIDE: f64 = 1000.0;
const MARGIN: f64 = 10.0;

/// What is known before the first feature.
pub(crate) struct Plan {
    table: Table,
    name: Option<usize>,
    layer: String,
    west: f64,
    north: f64,
    /// Pixels a degree of longitude, of latitude.
    scale: [f64; 2],
    size: [f64; 2],
}

impl Plan {
    pub(crate) fn new(survey: &Survey, layer: &str, report: &mut Report) -> Self {
        let [west, south, east, north] = survey.extent.unwrap_or([0.0, 0.0, 1.0, 1.0]);
        // Degrees of longitude are as long as they are in the middle.
        let squeeze = f64::midpoint(south, north).to_radians().cos().max(0.01);
        let (width, height) = ((east - west) * squeeze, north - south);
        let scale = SIDE / width.max(height).max(1e-9);
        let table = Table::new(survey, false, report);
        let name = name_column(&table);
        let columns = table.columns.len() - usize::from(name.is_some());
        report.lose(Loss::Attributes, columns as u64);
        report.lose(Loss::Id, survey.ids.count);
        Self {
            name,
            table,
            layer: layer.to_owned(),
            west,
            north,
            scale: [scale * squeeze, scale],
            size: [width * scale + 2.0 * MARGIN, height * scale + 2.0 * MARGIN],
        }
    }

    pub(crate) fn head(&self) -> String {
        let [width, height] = self.size;
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.2} {height:.2}\">\n<style>.area{{fill:#dfe8d8;stroke:#6b7d62;stroke-width:.6;fill-rule:evenodd}}.line{{fill:none;stroke:#b5523b;stroke-width:1}}.point{{fill:#1f5a94}}</style>\n<title>"
        );
        xml::push(&self.layer, &mut out);
        out.push_str("</title>\n");
        out
    }

    pub(crate) const TAIL: &'static str = "</svg>\n";

    /// The shapes of a block.
    pub(crate) fn block(&self, batch: &FeatureBatch) -> String {
        let map = self.table.map(batch);
        let mut values = Vec::new();
        let mut out = String::with_capacity(batch.lonlat.len() * 14 + batch.rows.len() * 96);
        for feature in features(batch) {
            self.table.row(feature, &map, &mut values);
            let mut title = String::new();
            if let Some(value) = self
                .name
                .map(|at| values[at])
                .filter(|value| *value != Value::Null)
            {
                let mut text = String::new();
                push_text(value, &mut text);
                title.push_str("<title>");
                xml::push(&text, &mut title);
                title.push_str("</title>");
            }
            for view in feature.geometries() {
                match view.kind() {
                    GeometryKind::None => {}
                    GeometryKind::Point => {
                        for vertex in view.vertices() {
                            let [x, y] = self.place(*vertex);
                            let _ = writeln!(
                                out,
                                "<circle class=\"point\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"2\">{title}</circle>"
                            );
                        }
                    }
                    GeometryKind::Line => self.path(
                        "line",
                        view.parts().flat_map(|part| part.rings()),
                        "",
                        &title,
                        &mut out,
                    ),
                    GeometryKind::Polygon => self.path(
                        "area",
                        view.parts().flat_map(|part| part.rings()),
                        "Z",
                        &title,
                        &mut out,
                    ),
                }
            }
        }
        out
    }

    fn place(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        [
            (lon - self.west) * self.scale[0] + MARGIN,
            (self.north - lat) * self.scale[1] + MARGIN,
        ]
    }

    fn path<'a>(
        &self,
        class: &str,
        runs: impl Iterator<Item = &'a [[f64; 2]]>,
        close: &str,
        title: &str,
        out: &mut String,
    ) {
        out.push_str("<path class=\"");
        out.push_str(class);
        out.push_str("\" d=\"");
        for run in runs {
            let run = if close.is_empty() {
                run
            } else {
                run.split_last().map_or(run, |(_, run)| run)
            };
            let mut command = 'M';
            for vertex in run {
                let [x, y] = self.place(*vertex);
                // Writing into a string cannot fail.
                let _ = write!(out, "{command}{x:.2} {y:.2}");
                command = 'L';
            }
            out.push_str(close);
        }
        out.push_str("\">");
        out.push_str(title);
        out.push_str("</path>\n");
    }
}
