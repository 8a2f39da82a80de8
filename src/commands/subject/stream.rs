//! Features one after the other, with their geometry: what is asked of lines and areas needs no index.

use gazetteer::Gazetteer;
use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use input::features::{FeatureBatch, FeatureView, GeometryKind};
use query::attributes_of;
use serde_json::{Map, Value};

use super::{fits, open, properties, sheets, swapped, threads};
use crate::args::SubjectArgs;
use crate::report::Progress;

/// A feature that was picked.
pub struct Found<T> {
    /// Its number in the file or the layers.
    pub number: u64,
    /// What was said of it.
    pub picked: T,
    /// Its geometry, x longitude, y latitude.
    pub shape: Geometry<f64>,
    /// Its attributes.
    pub object: Map<String, Value>,
}

/// The features that are asked, of a file or of layers of the atlas, for which `pick` has something to say and which
/// have the attributes that are wanted, in their order.
pub fn each<T: Send>(
    args: &SubjectArgs,
    gazetteer: &Gazetteer,
    quiet: bool,
    pick: &(dyn Fn(&Geometry<f64>) -> Option<T> + Sync),
) -> anyhow::Result<Vec<Found<T>>> {
    let mut all = Vec::new();
    let Some(file) = &args.file else {
        let mut number = 0;
        for sheet in sheets(args, gazetteer)? {
            for table in sheet.layer.tables {
                for feature in table.features {
                    number += 1;
                    let Some(picked) = pick(&feature.geometry) else {
                        continue;
                    };
                    let object = properties(&sheet.layer.id, &table.id, &feature);
                    if fits(args, &object) {
                        all.push(Found {
                            number: number - 1,
                            picked,
                            shape: feature.geometry,
                            object,
                        });
                    }
                }
            }
        }
        return Ok(all);
    };
    let source = open(file, None, None)?;
    let total = source.facts().total_bytes.unwrap_or(0);
    let progress = Progress::of_bytes(quiet);
    let mut left_out = 0;
    let mut turned = 0;
    source.read(
        threads(None),
        |batch| of_batch(args, batch, pick),
        |done| {
            let swapped_here = done
                .rejects
                .iter()
                .filter(|reject| matches!(reject.problem, input::Problem::Swapped { .. }));
            turned += swapped_here.count() as u64;
            left_out += done.rejects.len() as u64;
            all.extend(done.value);
            progress.rows(done.bytes_read, total, 0);
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    if left_out > 0 {
        progress.warn(&format!(
            "{}: {left_out} rows make no feature and were left out{}",
            file.display(),
            swapped("; ", turned)
        ));
    }
    progress.clear();
    Ok(all)
}

fn of_batch<T>(
    args: &SubjectArgs,
    batch: &FeatureBatch,
    pick: &dyn Fn(&Geometry<f64>) -> Option<T>,
) -> Vec<Found<T>> {
    let mut found = Vec::new();
    let mut rows = batch.features().peekable();
    while let Some(view) = rows.next() {
        // A collection is a row for each of its parts.
        let mut parts: Vec<Geometry<f64>> = geometry(view).into_iter().collect();
        let mut alone = true;
        while let Some(more) = rows.next_if(|row| row.row.continues) {
            parts.extend(geometry(more));
            alone = false;
        }
        let shape = match parts.pop() {
            Some(only) if alone => only,
            Some(last) => {
                parts.push(last);
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            None => continue,
        };
        let Some(picked) = pick(&shape) else {
            continue;
        };
        let object = attributes_of(view);
        if fits(args, &object) {
            found.push(Found {
                number: view.number(),
                picked,
                shape,
                object,
            });
        }
    }
    found
}

/// The geometry of a row; `None` when it has none.
pub fn geometry(view: FeatureView<'_>) -> Option<Geometry<f64>> {
    let coord = |[x, y]: &[f64; 2]| Coord { x: *x, y: *y };
    let line = |ring: &[[f64; 2]]| ring.iter().map(coord).collect::<LineString<f64>>();
    Some(match view.kind() {
        GeometryKind::None => return None,
        GeometryKind::Point => match view.vertices() {
            [] => return None,
            [only] => Point(coord(only)).into(),
            all => MultiPoint(all.iter().map(|at| Point(coord(at))).collect()).into(),
        },
        GeometryKind::Line => {
            let rings = view.parts().flat_map(|part| part.rings());
            let mut lines: Vec<LineString<f64>> = rings.map(line).collect();
            match lines.len() {
                0 => return None,
                1 => lines.remove(0).into(),
                _ => MultiLineString(lines).into(),
            }
        }
        GeometryKind::Polygon => {
            let polygons = view.parts().map(|part| {
                let mut rings = part.rings().map(line);
                let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                Polygon::new(outer, rings.collect())
            });
            let all: Vec<Polygon<f64>> = polygons.collect();
            if all.is_empty() {
                return None;
            }
            MultiPolygon(all).into()
        }
    })
}
