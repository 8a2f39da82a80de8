//! The CRS of the project: metres, so that scale bars and measures mean something, and a code that QGIS knows by heart.

use std::io;

use gazetteer::Extent;

use super::ProjectError;
use crate::xml::Xml;

/// A box on the plane of the project, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlaneBox {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

/// CRS of the data and of bookmarks.
pub(super) const DEGREES: u32 = 4326;

/// The plane of the project.
pub(super) struct ProjectCrs {
    /// Its EPSG code.
    pub(super) code: u32,
    /// Its name in words, for the foot of a page.
    pub(super) words: String,
    #[cfg(feature = "proj")]
    to_plane: proj::Proj,
}

/// How many points of each edge of a box are asked for their place on the plane.
const ALONG_AN_EDGE: u32 = 16;

impl ProjectCrs {
    /// The zone of the 3-degree Gauss–Krüger system (CGCS2000, without zone prefix) in the middle of the maps.
    #[cfg(feature = "proj")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a meridian between 75 and 135"
    )]
    pub(super) fn around(extent: Extent) -> Result<Self, ProjectError> {
        let middle = f64::midpoint(extent.west, extent.east);
        let meridian = ((middle / 3.0).round() * 3.0).clamp(75.0, 135.0) as u32;
        let code = 4534 + (meridian - 75) / 3;
        let crs = format!("EPSG:{code}");
        let to_plane =
            proj::Proj::new_known_crs("OGC:CRS84", &crs, None).map_err(|_| ProjectError::Crs {
                crs,
                focus: in_words(extent),
            })?;
        Ok(Self {
            code,
            words: format!("高斯—克吕格投影，中央经线 {meridian}°E，CGCS2000（EPSG:{code}）"),
            to_plane,
        })
    }

    /// Web Mercator.
    #[cfg(not(feature = "proj"))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as with PROJ")]
    pub(super) fn around(_: Extent) -> Result<Self, ProjectError> {
        Ok(Self {
            code: 3857,
            words: "网络墨卡托投影（EPSG:3857）".to_owned(),
        })
    }

    #[cfg(feature = "proj")]
    fn place(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        self.to_plane.convert((lon, lat)).ok()
    }

    #[cfg(not(feature = "proj"))]
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "the same signature as with PROJ"
    )]
    fn place(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        const RADIUS_M: f64 = 6_378_137.0;
        Some((
            lon.to_radians() * RADIUS_M,
            lat.to_radians().tan().asinh() * RADIUS_M,
        ))
    }

    /// The box around a box in degrees: its edges are curves on the plane.
    pub(super) fn plane_box(&self, extent: Extent) -> Result<PlaneBox, ProjectError> {
        let mut around: Option<PlaneBox> = None;
        for step in 0..=ALONG_AN_EDGE {
            let t = f64::from(step) / f64::from(ALONG_AN_EDGE);
            let lon = extent.west + (extent.east - extent.west) * t;
            let lat = extent.south + (extent.north - extent.south) * t;
            for (lon, lat) in [
                (lon, extent.south),
                (lon, extent.north),
                (extent.west, lat),
                (extent.east, lat),
            ] {
                let place = self.place(lon, lat);
                let Some((x, y)) = place.filter(|(x, y)| x.is_finite() && y.is_finite()) else {
                    return Err(ProjectError::Crs {
                        crs: format!("EPSG:{}", self.code),
                        focus: in_words(extent),
                    });
                };
                let here = around.unwrap_or(PlaneBox {
                    west: x,
                    south: y,
                    east: x,
                    north: y,
                });
                around = Some(PlaneBox {
                    west: here.west.min(x),
                    south: here.south.min(y),
                    east: here.east.max(x),
                    north: here.north.max(y),
                });
            }
        }
        around.ok_or_else(|| ProjectError::Crs {
            crs: format!("EPSG:{}", self.code),
            focus: in_words(extent),
        })
    }
}

impl PlaneBox {
    /// The smallest box of a shape (width by height) around this one, with a margin on all sides.
    pub(super) fn in_shape(self, width: f64, height: f64) -> Self {
        const MARGIN: f64 = 1.06;
        let middle = (
            f64::midpoint(self.west, self.east),
            f64::midpoint(self.south, self.north),
        );
        let per_unit = ((self.east - self.west) / width).max((self.north - self.south) / height);
        // A single place has no size: 20 km around it.
        let per_unit = (per_unit * MARGIN).max(20_000.0 / width);
        let (half_x, half_y) = (per_unit * width / 2.0, per_unit * height / 2.0);
        Self {
            west: middle.0 - half_x,
            south: middle.1 - half_y,
            east: middle.0 + half_x,
            north: middle.1 + half_y,
        }
    }
}

fn in_words(
    Extent {
        west,
        south,
        east,
        north,
    }: Extent,
) -> String {
    format!("{west}, {south}, {east}, {north}")
}

/// The element that names a CRS by its code; QGIS knows the rest.
pub(super) fn spatial_reference(code: u32, xml: &mut Xml) -> io::Result<()> {
    xml.element("spatialrefsys", &[], |xml| {
        // A row of QGIS's own table of systems. It looks at the code only where there is one, and takes the code.
        xml.text("srsid", "1")?;
        xml.text("srid", &code.to_string())?;
        xml.text("authid", &format!("EPSG:{code}"))
    })
}
