//! The schema of the file, and what it says of its geometries.

use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::schema::types::{Type, TypePtr};
use serde_json::{Value, json};

use crate::ColumnKind;
use crate::survey::Survey;
use crate::table::Table;

/// The column of geometries.
pub(super) const GEOMETRY: &str = "geometry";
/// The column of their boxes.
pub(super) const BBOX: &str = "bbox";

/// The columns of the table, then geometries and their boxes. Everything may be null.
pub(super) fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let mut fields = Vec::new();
    for (column, name) in table.columns.iter().zip(&table.names) {
        let (physical, logical) = types(column.kind);
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    let geometry = Type::primitive_type_builder(GEOMETRY, Physical::BYTE_ARRAY)
        .with_repetition(Repetition::OPTIONAL)
        .build()?;
    fields.push(Arc::new(geometry));
    let edge = |name: &str| {
        let edge = Type::primitive_type_builder(name, Physical::FLOAT);
        Ok::<_, ParquetError>(Arc::new(
            edge.with_repetition(Repetition::REQUIRED).build()?,
        ))
    };
    let bbox = Type::group_type_builder(BBOX)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_fields(vec![
            edge("xmin")?,
            edge("ymin")?,
            edge("xmax")?,
            edge("ymax")?,
        ])
        .build()?;
    fields.push(Arc::new(bbox));
    let schema = Type::group_type_builder("schema")
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(schema))
}

fn types(kind: ColumnKind) -> (Physical, Option<LogicalType>) {
    match kind {
        ColumnKind::Bool => (Physical::BOOLEAN, None),
        ColumnKind::Int => (Physical::INT64, None),
        ColumnKind::UInt => (Physical::INT64, Some(LogicalType::integer(64, false))),
        ColumnKind::Float => (Physical::DOUBLE, None),
        // JSON as its type is refused by engines that lack it; as text everyone has it.
        ColumnKind::Text | ColumnKind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Date => (Physical::INT32, Some(LogicalType::Date)),
        ColumnKind::DateTime => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        ),
    }
}

/// The metadata `geo` of version 1.1.0. Positions are longitude and latitude of WGS 84, which is what no `crs`
/// means; of the system that `crs` is; or of one without a name, which is what `null` means.
pub(super) fn metadata(survey: &Survey, crs: Option<&Value>) -> String {
    let seen = survey.geometry;
    let mut types = Vec::new();
    let kinds = [
        (seen.points, "Point", "MultiPoint"),
        (seen.lines, "LineString", "MultiLineString"),
        (seen.polygons, "Polygon", "MultiPolygon"),
    ];
    for (there, single, multiple) in kinds {
        if there && !seen.collections {
            types.push(single);
            if seen.multiple {
                types.push(multiple);
            }
        }
    }
    // An empty list says that any type may come.
    let edge = |name: &str| json!([BBOX, name]);
    let mut geometry = json!({
        "encoding": "WKB",
        "geometry_types": types,
        "covering": {"bbox": {
            "xmin": edge("xmin"), "ymin": edge("ymin"), "xmax": edge("xmax"), "ymax": edge("ymax"),
        }},
    });
    if let Some(crs) = crs {
        geometry["crs"] = crs.clone();
    }
    if let Some(extent) = survey.extent {
        geometry["bbox"] = json!(extent);
    }
    json!({
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {GEOMETRY: geometry},
    })
    .to_string()
}
