//! Where the geometries of a Parquet file are, and what reference system they are in.

use parquet::basic::LogicalType;
use parquet::file::metadata::ParquetMetaData;
use serde_json::Value;

use crate::columns::listed;
use crate::features::FeatureOptions;
use crate::{Column, ColumnMapping, Problem};

/// How positions are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Well-known binary in the column of this number.
    Wkb(usize),
    /// Degrees in two columns.
    LonLat(usize, usize),
}

/// What a file says of its geometries.
#[derive(Debug)]
pub(super) struct Geo {
    pub(super) place: Place,
    /// Columns that are no attributes: boxes of the geometries.
    pub(super) boxes: Vec<String>,
}

/// Finds the geometries: by the metadata `geo` (`GeoParquet`), by the type of a column, or as two columns of degrees.
pub(super) fn find(metadata: &ParquetMetaData, options: &FeatureOptions) -> Result<Geo, Problem> {
    let file = metadata.file_metadata();
    let schema = file.schema_descr();
    let names: Vec<String> = schema
        .columns()
        .iter()
        .map(|column| column.path().string())
        .collect();
    let number = |name: &str| names.iter().position(|one| one == name);
    let boxes = vec!["bbox".to_owned()];
    let keys = file.key_value_metadata();
    let geo = keys.and_then(|keys| keys.iter().find(|pair| pair.key == "geo"));
    if let Some(text) = geo.and_then(|pair| pair.value.as_deref()) {
        let geo: Value = serde_json::from_str(text).map_err(|source| Problem::Json { source })?;
        return of_metadata(&geo, number, boxes, options);
    }
    for (column, of) in schema.columns().iter().enumerate() {
        let crs = match of.logical_type_ref() {
            Some(LogicalType::Geometry(of)) => of.crs.as_deref(),
            Some(LogicalType::Geography(of)) => of.crs.as_deref(),
            _ => continue,
        };
        if let Some(crs) = crs.filter(|_| !options.any_crs) {
            check_name(crs)?;
        }
        return Ok(Geo {
            place: Place::Wkb(column),
            boxes,
        });
    }
    let column_of = |option: &'static str, wanted: &Option<String>, usual: Column| match wanted {
        None => Ok(ColumnMapping::default().resolve(&names).index(usual)),
        Some(wanted) => number(wanted)
            .map(Some)
            .ok_or_else(|| Problem::NoSuchField {
                option,
                wanted: wanted.clone(),
                present: listed(&names),
            }),
    };
    let lon = column_of("--lon", &options.lon, Column::Lon)?;
    let lat = column_of("--lat", &options.lat, Column::Lat)?;
    let (Some(lon), Some(lat)) = (lon, lat) else {
        return Err(Problem::NoPosition {
            present: listed(&names),
        });
    };
    Ok(Geo {
        place: Place::LonLat(lon, lat),
        boxes,
    })
}

fn of_metadata(
    geo: &Value,
    number: impl Fn(&str) -> Option<usize>,
    mut boxes: Vec<String>,
    options: &FeatureOptions,
) -> Result<Geo, Problem> {
    let damaged =
        |found: String, expected: &str| Problem::damaged("the metadata `geo`", found, expected);
    let primary = geo["primary_column"].as_str().unwrap_or_default();
    let about = &geo["columns"][primary];
    if !about.is_object() {
        return Err(damaged(
            format!("no column {primary:?}"),
            "the primary column among its columns",
        ));
    }
    let encoding = about["encoding"].as_str().unwrap_or("WKB");
    if encoding != "WKB" {
        return Err(Problem::NotThisFormat {
            expected: "GeoParquet of well-known binary",
            found: format!(
                "geometries in the encoding {encoding:?}, which is not read; write them with encoding=WKB"
            ),
        });
    }
    let column = number(primary).ok_or_else(|| {
        damaged(
            format!("no column {primary:?} in the file"),
            "one of its columns",
        )
    })?;
    if !options.any_crs {
        check(about.get("crs"))?;
    }
    if let Some(covering) = about
        .pointer("/covering/bbox/xmin/0")
        .and_then(Value::as_str)
    {
        boxes.push(covering.to_owned());
    }
    Ok(Geo {
        place: Place::Wkb(column),
        boxes,
    })
}

/// Refuses a reference system (PROJJSON) that is not of degrees of WGS 84 or CGCS2000. None at all means those; null that
/// nothing is known, and positions are taken for degrees that are checked like all.
fn check(crs: Option<&Value>) -> Result<(), Problem> {
    let Some(crs) = crs.filter(|crs| !crs.is_null()) else {
        return Ok(());
    };
    if let Some(text) = crs.as_str() {
        return check_name(text);
    }
    let name = crs["name"].as_str().unwrap_or("one without a name");
    let authority = crs["id"]["authority"].as_str().unwrap_or_default();
    let code = match &crs["id"]["code"] {
        Value::String(code) => code.clone(),
        code => code.to_string(),
    };
    if is_degrees(authority, &code) {
        return Ok(());
    }
    let found = if authority.is_empty() {
        name.to_owned()
    } else {
        format!("{authority}:{code} ({name})")
    };
    Err(Problem::Crs {
        found: found.chars().take(80).collect(),
    })
}

fn is_degrees(authority: &str, code: &str) -> bool {
    match authority {
        "OGC" => matches!(code, "CRS84" | "CRS84h"),
        "EPSG" => matches!(code, "4326" | "4490" | "4979" | "4480"),
        _ => false,
    }
}

/// As [`check`], for a name such as `EPSG:4544`, `srid:4544` or PROJJSON as text.
fn check_name(text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Ok(());
    }
    if text.starts_with('{') {
        let crs: Value = serde_json::from_str(text).map_err(|source| Problem::Json { source })?;
        return check(Some(&crs));
    }
    let (authority, code) = text.rsplit_once(':').unwrap_or(("EPSG", text));
    let authority = match authority.to_ascii_uppercase() {
        name if name == "SRID" => "EPSG".to_owned(),
        name => name,
    };
    if is_degrees(&authority, code) {
        return Ok(());
    }
    Err(Problem::Crs {
        found: format!("{authority}:{code}").chars().take(80).collect(),
    })
}
