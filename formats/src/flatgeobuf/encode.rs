//! The tables of the header and of features (`header.fbs`, `feature.fbs` of `FlatGeobuf` 3).

use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, UOffsetT, VOffsetT, WIPOffset};
use input::features::{FeatureView, GeometryKind, Part, Value};

use super::{COLLECTION, LINE, POINT, POLYGON, TO_MULTI, UNKNOWN, column_type};
use crate::crs::CrsRecord;
use crate::feature::Feature;
use crate::table::push_text;
use crate::wkb::is_multiple;
use crate::{Column, ColumnKind};

type Offset = WIPOffset<TableFinishedWIPOffset>;

/// Where a field of a number stands in the table of offsets.
const fn slot(field: VOffsetT) -> VOffsetT {
    4 + 2 * field
}

/// What the header says.
pub(super) struct Header<'h> {
    pub(super) name: &'h str,
    pub(super) extent: Option<[f64; 4]>,
    pub(super) geometry: u8,
    pub(super) columns: &'h [Column],
    pub(super) features: u64,
    pub(super) node_size: u16,
    pub(super) crs: Option<&'h CrsRecord>,
}

/// The header with its length before it.
pub(super) fn header(header: &Header<'_>) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let b = &mut builder;
    let columns: Vec<Offset> = header.columns.iter().map(|of| column(b, of)).collect();
    let columns = b.create_vector(&columns);
    let crs = header.crs.map(|crs| reference_system(b, crs));
    let envelope = header.extent.map(|extent| b.create_vector(&extent));
    let name = b.create_string(header.name);
    let table = b.start_table();
    b.push_slot_always(slot(0), name);
    if let Some(envelope) = envelope {
        b.push_slot_always(slot(1), envelope);
    }
    b.push_slot(slot(2), header.geometry, UNKNOWN);
    b.push_slot_always(slot(7), columns);
    b.push_slot(slot(8), header.features, 0);
    b.push_slot(slot(9), header.node_size, 16);
    if let Some(crs) = crs {
        b.push_slot_always(slot(10), crs);
    }
    let table = b.end_table(table);
    b.finish_size_prefixed(table, None);
    b.finished_data().to_vec()
}

fn column(b: &mut FlatBufferBuilder<'_>, column: &Column) -> Offset {
    let name = b.create_string(&column.name);
    let title = column.title.as_ref().map(|title| b.create_string(title));
    let table = b.start_table();
    b.push_slot_always(slot(0), name);
    b.push_slot(slot(1), column_type(column), 0);
    if let Some(title) = title {
        b.push_slot_always(slot(2), title);
    }
    b.end_table(table)
}

fn reference_system(b: &mut FlatBufferBuilder<'_>, crs: &CrsRecord) -> Offset {
    let [org, name, wkt] = ["EPSG", &crs.name, &crs.wkt].map(|text| b.create_string(text));
    let table = b.start_table();
    b.push_slot_always(slot(0), org);
    b.push_slot(slot(1), crs.epsg, 0);
    b.push_slot_always(slot(2), name);
    b.push_slot_always(slot(4), wkt);
    b.end_table(table)
}

/// Encodes one feature after the other; its buffers are used again.
pub(super) struct Encoder {
    builder: FlatBufferBuilder<'static>,
    /// The type that the header declares.
    geometry: u8,
    properties: Vec<u8>,
    text: String,
    flat: Vec<f64>,
}

impl Encoder {
    pub(super) fn new(geometry: u8) -> Self {
        Self {
            builder: FlatBufferBuilder::new(),
            geometry,
            properties: Vec::new(),
            text: String::new(),
            flat: Vec::new(),
        }
    }

    /// A feature with its length before it.
    pub(super) fn feature(
        &mut self,
        feature: Feature<'_>,
        values: &[Value<'_>],
        columns: &[Column],
    ) -> &[u8] {
        self.builder.reset();
        self.properties(values, columns);
        let geometry = if feature.is_bare() {
            None
        } else if feature.is_collection() {
            let parts: Vec<Offset> = feature
                .geometries()
                .filter_map(|view| self.geometry(view, UNKNOWN))
                .collect();
            Some(self.parts(COLLECTION, &parts))
        } else {
            self.geometry(feature.view(), self.geometry)
        };
        let b = &mut self.builder;
        let properties = (!self.properties.is_empty()).then(|| b.create_vector(&self.properties));
        let table = b.start_table();
        if let Some(geometry) = geometry {
            b.push_slot_always(slot(0), geometry);
        }
        if let Some(properties) = properties {
            b.push_slot_always(slot(1), properties);
        }
        let table = b.end_table(table);
        b.finish_size_prefixed(table, None);
        b.finished_data()
    }

    /// Attributes: the number of the column, then the value.
    fn properties(&mut self, values: &[Value<'_>], columns: &[Column]) {
        self.properties.clear();
        let out = &mut self.properties;
        for (number, (value, column)) in (0u16..).zip(values.iter().zip(columns)) {
            if *value == Value::Null {
                continue;
            }
            out.extend_from_slice(&number.to_le_bytes());
            #[expect(
                clippy::cast_precision_loss,
                reason = "whole numbers among these are below 2⁵³"
            )]
            match (*value, column.kind) {
                (Value::Bool(value), ColumnKind::Bool) => out.push(value.into()),
                (Value::Int(value), ColumnKind::Int) => out.extend_from_slice(&value.to_le_bytes()),
                (Value::Int(value), ColumnKind::UInt) => {
                    out.extend_from_slice(&value.unsigned_abs().to_le_bytes());
                }
                (Value::UInt(value), ColumnKind::UInt) => {
                    out.extend_from_slice(&value.to_le_bytes());
                }
                (Value::Int(value), ColumnKind::Float) => {
                    out.extend_from_slice(&(value as f64).to_le_bytes());
                }
                (Value::Float(value), ColumnKind::Float) => {
                    out.extend_from_slice(&value.to_le_bytes());
                }
                (value, _) => {
                    let text = match value {
                        Value::Text(text) | Value::Json(text) => text,
                        value => {
                            self.text.clear();
                            push_text(value, &mut self.text);
                            &self.text
                        }
                    };
                    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                    out.extend_from_slice(&length.to_le_bytes());
                    out.extend_from_slice(text.as_bytes());
                }
            }
        }
    }

    /// A geometry, of the type declared or its own.
    fn geometry(&mut self, view: FeatureView<'_>, declared: u8) -> Option<Offset> {
        let kind = match view.kind() {
            GeometryKind::None => return None,
            GeometryKind::Point => POINT,
            GeometryKind::Line => LINE,
            GeometryKind::Polygon => POLYGON,
        };
        let own = if is_multiple(view) {
            kind + TO_MULTI
        } else {
            kind
        };
        let of = if declared == UNKNOWN { own } else { declared };
        if of == POLYGON + TO_MULTI {
            let parts: Vec<Offset> = view.parts().map(|part| self.polygon(&part)).collect();
            return Some(self.parts(of, &parts));
        }
        // Lines of a set end where rings of a polygon would.
        let runs: Vec<&[[f64; 2]]> = view.parts().flat_map(|part| part.rings()).collect();
        let many = of == POLYGON || of == LINE + TO_MULTI;
        Some(self.runs(of, view.vertices(), if many { &runs } else { &[] }))
    }

    fn polygon(&mut self, part: &Part<'_>) -> Offset {
        let rings: Vec<&[[f64; 2]]> = part.rings().collect();
        self.flat.clear();
        self.flat
            .extend(rings.iter().flat_map(|ring| ring.iter().flatten()));
        let flat = std::mem::take(&mut self.flat);
        let made = self.vertices(POLYGON, &flat, &rings);
        self.flat = flat;
        made
    }

    fn runs(&mut self, kind: u8, vertices: &[[f64; 2]], runs: &[&[[f64; 2]]]) -> Offset {
        self.vertices(kind, vertices.as_flattened(), runs)
    }

    /// A geometry of vertices, with the ends of its runs where there are several.
    fn vertices(&mut self, kind: u8, flat: &[f64], runs: &[&[[f64; 2]]]) -> Offset {
        let b = &mut self.builder;
        let xy = b.create_vector(flat);
        // GDAL wants the ends of a set of lines even when it has one.
        let ends = (runs.len() > 1 || kind == LINE + TO_MULTI).then(|| {
            let mut end: UOffsetT = 0;
            let ends: Vec<u32> = runs
                .iter()
                .map(|run| {
                    end += UOffsetT::try_from(run.len()).unwrap_or(0);
                    end
                })
                .collect();
            b.create_vector(&ends)
        });
        let table = b.start_table();
        if let Some(ends) = ends {
            b.push_slot_always(slot(0), ends);
        }
        b.push_slot_always(slot(1), xy);
        b.push_slot(slot(6), kind, UNKNOWN);
        b.end_table(table)
    }

    fn parts(&mut self, kind: u8, parts: &[Offset]) -> Offset {
        let b = &mut self.builder;
        let parts = b.create_vector(parts);
        let table = b.start_table();
        b.push_slot(slot(6), kind, UNKNOWN);
        b.push_slot_always(slot(7), parts);
        b.end_table(table)
    }
}
