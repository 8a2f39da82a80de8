//! The geometry blob: a header, then well-known binary (`GeoPackage` 2.1.3).

use geo::Geometry;

use crate::Problem;
use crate::geometry::wkb;

/// The geometry of a blob; `None` when it is marked as empty. `srs_id` is that of the layer.
pub(crate) fn geometry(bytes: &[u8], srs_id: i32) -> Result<Option<Geometry<f64>>, Problem> {
    well_known(bytes, srs_id)?.map(wkb::parse).transpose()
}

/// The well-known binary in a blob; `None` when it is marked as empty.
pub(crate) fn well_known(bytes: &[u8], srs_id: i32) -> Result<Option<&[u8]>, Problem> {
    let cut = || Problem::truncated("the header of a geometry blob");
    let (header, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut)?;
    let [b'G', b'P', version, flags, srs @ ..] = *header else {
        let found = format!("{:02x} {:02x}", header[0], header[1]);
        return Err(Problem::damaged("the geometry blob", found, "`GP`"));
    };
    if version != 0 {
        return Err(Problem::damaged(
            "the geometry blob",
            format!("version byte {version}"),
            "0",
        ));
    }
    if flags & 0b10_0000 != 0 {
        return Err(Problem::GeometryType {
            found: "an extension of GeoPackage".to_owned(),
        });
    }
    let own = if flags & 1 == 1 {
        i32::from_le_bytes(srs)
    } else {
        i32::from_be_bytes(srs)
    };
    if own != srs_id && ![4326, 4490, 0, -1].contains(&own) {
        return Err(Problem::Crs {
            found: format!("srs_id {own} in the geometry, {srs_id} in the layer"),
        });
    }
    let envelope = match flags >> 1 & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => {
            return Err(Problem::damaged(
                "the geometry blob",
                format!("envelope kind {other}"),
                "0 to 4",
            ));
        }
    };
    if flags & 0b1_0000 != 0 {
        return Ok(None);
    }
    let wkb = rest
        .get(envelope..)
        .ok_or_else(|| Problem::truncated("the envelope of a geometry blob"))?;
    Ok(Some(wkb))
}
