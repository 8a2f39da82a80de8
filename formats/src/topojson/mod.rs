//! `TopoJSON` 1.0: borders once, for both sides. Vertices are put on a grid of 10⁻⁷° (1 cm) and arcs are written as differences.
//! The shapes are held in memory: a border is known to be shared only when the last feature has been seen.

mod arcs;

use input::features::{FeatureBatch, FeatureView, GeometryKind, Id};

use crate::feature::{Feature, features};
use crate::geojson;
use crate::shaping::Shaping;
use crate::wkb::is_multiple;
use arcs::{Arcs, Grid, Path};

/// Steps a degree.
pub(crate) const STEPS: f64 = 1e7;

/// A feature whose runs are numbers in [`Shapes`].
struct Shape {
    /// Members `id` and `properties` as JSON text.
    head: Vec<u8>,
    geometries: Vec<Geometry>,
    collection: bool,
}

struct Geometry {
    kind: GeometryKind,
    multiple: bool,
    points: Vec<Grid>,
    /// Parts of runs.
    parts: Vec<Vec<usize>>,
}

/// All shapes of a file.
#[derive(Default)]
pub(crate) struct Shapes {
    shapes: Vec<Shape>,
    runs: Vec<Path>,
}

/// What a worker makes of a block.
pub(crate) struct Block {
    shapes: Vec<Shape>,
    runs: Vec<Path>,
}

/// Puts the vertices of a block on the grid.
pub(crate) fn block(batch: &FeatureBatch, shaping: &Shaping) -> Block {
    let mut block = Block {
        shapes: Vec::new(),
        runs: Vec::new(),
    };
    for feature in features(batch) {
        let geometries = feature
            .geometries()
            .map(|view| block.geometry(view))
            .collect();
        block.shapes.push(Shape {
            head: head(feature, shaping),
            geometries,
            collection: feature.is_collection(),
        });
    }
    block
}

fn head(feature: Feature<'_>, shaping: &Shaping) -> Vec<u8> {
    let mut out = Vec::new();
    if let Some(id) = feature.view().id() {
        out.extend_from_slice(br#""id":"#);
        match id {
            Id::UInt(id) => out.extend_from_slice(id.to_string().as_bytes()),
            Id::Text(id) => geojson::text(id, &mut out),
        }
        out.push(b',');
    }
    out.extend_from_slice(br#""properties":{"#);
    let mut first = true;
    for (name, value) in feature
        .view()
        .cells()
        .filter(|(name, _)| shaping.takes(name))
    {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        geojson::text(name, &mut out);
        out.push(b':');
        geojson::value(value, &mut out);
    }
    out.extend_from_slice(b"}");
    out
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "360 · 10⁷ fits, and a cast is clamped"
)]
fn on_grid([lon, lat]: [f64; 2]) -> Grid {
    [(lon * STEPS).round() as i64, (lat * STEPS).round() as i64]
}

impl Block {
    fn geometry(&mut self, view: FeatureView<'_>) -> Geometry {
        let kind = view.kind();
        let mut geometry = Geometry {
            kind,
            multiple: is_multiple(view),
            points: Vec::new(),
            parts: Vec::new(),
        };
        if kind == GeometryKind::Point {
            geometry.points = view.vertices().iter().copied().map(on_grid).collect();
            return geometry;
        }
        for part in view.parts() {
            let mut runs = Vec::new();
            for run in part.rings() {
                let mut vertices: Vec<Grid> = run.iter().copied().map(on_grid).collect();
                vertices.dedup();
                runs.push(self.runs.len());
                self.runs.push(Path {
                    vertices,
                    ring: kind == GeometryKind::Polygon,
                });
            }
            geometry.parts.push(runs);
        }
        geometry
    }
}

impl Shapes {
    pub(crate) fn take(&mut self, mut block: Block) {
        let before = self.runs.len();
        for shape in &mut block.shapes {
            for geometry in &mut shape.geometries {
                geometry
                    .parts
                    .iter_mut()
                    .flatten()
                    .for_each(|run| *run += before);
            }
        }
        self.shapes.append(&mut block.shapes);
        self.runs.append(&mut block.runs);
    }

    /// The file.
    pub(crate) fn encode(self, name: &str) -> Vec<u8> {
        let arcs = Arcs::of(self.runs);
        let mut out = br#"{"type":"Topology","transform":{"scale":[1e-7,1e-7],"translate":[0,0]},"objects":{"#.to_vec();
        geojson::text(name, &mut out);
        out.extend_from_slice(br#":{"type":"GeometryCollection","geometries":["#);
        for (number, shape) in self.shapes.iter().enumerate() {
            out.extend_from_slice(if number > 0 { b",\n" } else { b"\n" });
            out.push(b'{');
            out.extend_from_slice(&shape.head);
            out.push(b',');
            match (&shape.geometries[..], shape.collection) {
                ([one], false) => geometry(one, &arcs, &mut out),
                (many, _) => {
                    out.extend_from_slice(br#""type":"GeometryCollection","geometries":["#);
                    list(many.iter(), &mut out, |one, out| {
                        out.push(b'{');
                        geometry(one, &arcs, out);
                        out.push(b'}');
                    });
                    out.push(b']');
                }
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"\n]}},\"arcs\":[");
        arcs.encode(&mut out);
        out.extend_from_slice(b"\n]}\n");
        out
    }
}

fn geometry(geometry: &Geometry, arcs: &Arcs, out: &mut Vec<u8>) {
    let name = match (geometry.kind, geometry.multiple) {
        (GeometryKind::None, _) => return out.extend_from_slice(br#""type":null"#),
        (GeometryKind::Point, false) => "Point",
        (GeometryKind::Point, true) => "MultiPoint",
        (GeometryKind::Line, false) => "LineString",
        (GeometryKind::Line, true) => "MultiLineString",
        (GeometryKind::Polygon, false) => "Polygon",
        (GeometryKind::Polygon, true) => "MultiPolygon",
    };
    out.extend_from_slice(format!(r#""type":"{name}","#).as_bytes());
    let position = |point: &Grid, out: &mut Vec<u8>| {
        out.extend_from_slice(format!("[{},{}]", point[0], point[1]).as_bytes());
    };
    if geometry.kind == GeometryKind::Point {
        out.extend_from_slice(br#""coordinates":"#);
        match (&geometry.points[..], geometry.multiple) {
            ([point], false) => position(point, out),
            (points, _) => {
                out.push(b'[');
                list(points.iter(), out, position);
                out.push(b']');
            }
        }
        return;
    }
    out.extend_from_slice(br#""arcs":"#);
    let run = |run: &usize, out: &mut Vec<u8>| {
        out.push(b'[');
        list(arcs.of_path(*run).iter(), out, |arc, out| {
            out.extend_from_slice(arc.to_string().as_bytes());
        });
        out.push(b']');
    };
    let part = |part: &Vec<usize>, out: &mut Vec<u8>| {
        out.push(b'[');
        list(part.iter(), out, run);
        out.push(b']');
    };
    match (geometry.kind, geometry.multiple, geometry.parts.first()) {
        (_, false, None) => out.extend_from_slice(b"[]"),
        (GeometryKind::Line, false, Some(first)) => run(&first[0], out),
        (GeometryKind::Polygon, false, Some(first)) => part(first, out),
        (GeometryKind::Line, ..) => {
            out.push(b'[');
            list(geometry.parts.iter().flatten(), out, run);
            out.push(b']');
        }
        _ => {
            out.push(b'[');
            list(geometry.parts.iter(), out, part);
            out.push(b']');
        }
    }
}

fn list<T>(of: impl Iterator<Item = T>, out: &mut Vec<u8>, each: impl Fn(T, &mut Vec<u8>)) {
    for (number, one) in of.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        each(one, out);
    }
}
