//! The projection of a page: chosen from what must be shown, and named in words.

use gazetteer::Extent;

use super::RasterError;

/// From longitude and latitude to metres on a plane, and back.
pub(super) struct Projection {
    plane: Plane,
    /// What the page prints.
    pub(super) description: String,
    /// What PROJ is told.
    pub(super) definition: String,
}

enum Plane {
    #[cfg(feature = "proj")]
    Proj(proj::Proj),
    /// A system that was asked for: in degrees or radians on one side, and on the other in a unit of which `metres` make one
    /// that is true in the middle of the page.
    #[cfg(feature = "proj")]
    Asked {
        proj: proj::Proj,
        radians: bool,
        metres: f64,
    },
    /// Web Mercator by formula, in metres that are true at one latitude.
    Mercator { shrink: f64 },
    /// What is projected lies on the plane already.
    Given,
}

/// Radius of the sphere of Web Mercator (EPSG:3857), in metres.
const MERCATOR_RADIUS_M: f64 = 6_378_137.0;

/// A focus narrower than this gets a transverse Mercator.
#[cfg(feature = "proj")]
const NARROW_DEG: f64 = 3.5;

/// A scale this far from true is made true in the middle of the page; the projections of surveyors stay as they are.
#[cfg(feature = "proj")]
const FAR_FROM_TRUE: f64 = 0.02;

impl Projection {
    /// The projection that suits a focus: Gauss–Krüger when it is under 3.5° wide, else Albers.
    #[cfg(feature = "proj")]
    pub(super) fn for_focus(focus: Extent) -> Result<Self, RasterError> {
        let meridian = (f64::midpoint(focus.west, focus.east) * 2.0).round() / 2.0;
        if focus.east - focus.west < NARROW_DEG {
            let definition = format!(
                "+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80"
            );
            let description = format!(
                "高斯—克吕格投影，中央经线 {}，CGCS2000",
                in_degrees(meridian, "E")
            );
            return Self::through_proj(&definition, description);
        }
        let (south, north) = parallels(focus);
        let middle = f64::midpoint(focus.south, focus.north);
        let definition = format!(
            "+proj=aea +lat_1={south} +lat_2={north} +lat_0={middle} +lon_0={meridian} +ellps=GRS80"
        );
        let description = format!(
            "阿尔伯斯等积圆锥投影，标准纬线 {}、{}，CGCS2000",
            in_degrees(south, ""),
            in_degrees(north, "")
        );
        Self::through_proj(&definition, description)
    }

    /// Web Mercator, true to scale at the middle of the focus.
    #[cfg(not(feature = "proj"))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as with PROJ")]
    pub(super) fn for_focus(focus: Extent) -> Result<Self, RasterError> {
        Ok(Self::mercator(focus))
    }

    /// The projection that was asked for, else the one that suits the focus.
    pub(super) fn of(asked: Option<&str>, focus: Extent) -> Result<Self, RasterError> {
        match asked {
            Some(definition) => Self::asked(definition, focus),
            None => Self::for_focus(focus),
        }
    }

    #[cfg(not(feature = "proj"))]
    fn asked(definition: &str, _: Extent) -> Result<Self, RasterError> {
        Err(RasterError::NoProj {
            definition: definition.to_owned(),
        })
    }

    /// The plane of an EPSG code or a PROJ string, with lengths that are true in the middle of the focus where those of the
    /// system are far from it (degrees, feet, Web Mercator).
    #[cfg(feature = "proj")]
    fn asked(definition: &str, focus: Extent) -> Result<Self, RasterError> {
        let refused = |source| RasterError::Projection {
            definition: definition.to_owned(),
            source,
        };
        let definition = definition.trim();
        let radians = definition.starts_with('+') && !definition.contains("+init=");
        let (proj, description) = if radians {
            let proj = proj::Proj::new(definition).map_err(refused)?;
            (proj, definition.to_owned())
        } else {
            let about = proj::Proj::new(definition).map_err(refused)?;
            let name = about.proj_info().description.unwrap_or_default();
            let proj = proj::Proj::new_known_crs("EPSG:4326", definition, None).map_err(refused)?;
            (proj, format!("{name}（{definition}）"))
        };
        let mut projection = Self {
            plane: Plane::Asked {
                proj,
                radians,
                metres: 1.0,
            },
            description,
            definition: definition.to_owned(),
        };
        let scale = projection.true_scale(focus).ok_or(RasterError::Outside {
            definition: definition.to_owned(),
            west: focus.west,
            south: focus.south,
            east: focus.east,
            north: focus.north,
        })?;
        if (scale - 1.0).abs() > FAR_FROM_TRUE
            && let Plane::Asked { metres, .. } = &mut projection.plane
        {
            *metres = scale;
        }
        Ok(projection)
    }

    /// Metres on the earth for a unit of the plane, along the parallel in the middle of a focus.
    #[cfg(feature = "proj")]
    fn true_scale(&self, focus: Extent) -> Option<f64> {
        const STEP_DEG: f64 = 0.01;
        let lon = f64::midpoint(focus.west, focus.east);
        let lat = f64::midpoint(focus.south, focus.north);
        let (x0, y0) = self.to_plane(lon, lat)?;
        let (x1, y1) = self.to_plane(lon + STEP_DEG, lat)?;
        let from = gazetteer::LonLat::new(lon, lat).ok()?;
        let to = gazetteer::LonLat::new(lon + STEP_DEG, lat).ok()?;
        let scale = gazetteer::geodesic(from, to).distance_m / (x1 - x0).hypot(y1 - y0);
        (scale.is_finite() && scale > 0.0).then_some(scale)
    }

    #[cfg(feature = "proj")]
    fn through_proj(definition: &str, description: String) -> Result<Self, RasterError> {
        let plane = proj::Proj::new(definition).map_err(|source| RasterError::Projection {
            definition: definition.to_owned(),
            source,
        })?;
        Ok(Self {
            plane: Plane::Proj(plane),
            description,
            definition: definition.to_owned(),
        })
    }

    pub(super) fn mercator(focus: Extent) -> Self {
        let shrink = f64::midpoint(focus.south, focus.north).to_radians().cos();
        Self {
            plane: Plane::Mercator { shrink },
            description: "网络墨卡托投影（EPSG:3857）".to_owned(),
            definition: "EPSG:3857".to_owned(),
        }
    }

    /// None: positions are metres on a plane.
    pub(super) fn given() -> Self {
        Self {
            plane: Plane::Given,
            description: String::new(),
            definition: String::new(),
        }
    }

    /// Whether positions are metres on a plane.
    pub(super) fn is_given(&self) -> bool {
        matches!(self.plane, Plane::Given)
    }

    /// Metres east and north of the projection's origin. `None` where the projection has no answer.
    pub(super) fn to_plane(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let plane = match &self.plane {
            #[cfg(feature = "proj")]
            Plane::Proj(proj) => proj
                .project((lon.to_radians(), lat.to_radians()), false)
                .ok()?,
            #[cfg(feature = "proj")]
            Plane::Asked {
                proj,
                radians,
                metres,
            } => {
                let place = if *radians {
                    (lon.to_radians(), lat.to_radians())
                } else {
                    (lon, lat)
                };
                let (x, y) = proj.project(place, false).ok()?;
                (x * metres, y * metres)
            }
            Plane::Given => (lon, lat),
            Plane::Mercator { shrink } => {
                let radius = MERCATOR_RADIUS_M * shrink;
                (
                    lon.to_radians() * radius,
                    lat.to_radians().sin().atanh() * radius,
                )
            }
        };
        finite(plane)
    }

    /// Longitude and latitude in degrees.
    pub(super) fn to_lonlat(&self, east: f64, north: f64) -> Option<(f64, f64)> {
        let (lon, lat) = match &self.plane {
            #[cfg(feature = "proj")]
            Plane::Proj(proj) => proj.project((east, north), true).ok()?,
            #[cfg(feature = "proj")]
            Plane::Asked {
                proj,
                radians,
                metres,
            } => {
                let place = proj.project((east / metres, north / metres), true).ok()?;
                if *radians {
                    place
                } else {
                    return finite(place);
                }
            }
            Plane::Given => return finite((east, north)),
            Plane::Mercator { shrink } => {
                let radius = MERCATOR_RADIUS_M * shrink;
                (east / radius, (north / radius).sinh().atan())
            }
        };
        finite((lon.to_degrees(), lat.to_degrees()))
    }
}

fn finite((x, y): (f64, f64)) -> Option<(f64, f64)> {
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

/// The standard parallels of a focus: at a sixth and five sixths of its height, rounded to 3′, or to 6′ when it is
/// wider than 4°.
#[cfg(feature = "proj")]
fn parallels(focus: Extent) -> (f64, f64) {
    let per_degree = if focus.east - focus.west > 4.0 {
        10.0
    } else {
        20.0
    };
    let height = focus.north - focus.south;
    let round = |lat: f64| (lat * per_degree).round() / per_degree;
    (
        round(focus.south + height / 6.0),
        round(focus.north - height / 6.0),
    )
}

/// Degrees and minutes, as `106°30′E`; whole degrees without minutes.
#[expect(clippy::cast_possible_truncation, reason = "degrees of the earth fit")]
pub(super) fn in_degrees(degrees: f64, letter: &str) -> String {
    let minutes = (degrees.abs() * 60.0).round() as i64;
    match minutes % 60 {
        0 => format!("{}°{letter}", minutes / 60),
        rest => format!("{}°{rest:02}′{letter}", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(projection: &Projection) {
        for (lon, lat) in [(105.3, 28.2), (106.5, 29.5), (107.9, 30.9)] {
            let (east, north) = projection.to_plane(lon, lat).expect("in range");
            let (lon2, lat2) = projection.to_lonlat(east, north).expect("in range");
            assert!(
                (lon - lon2).abs() < 1e-9 && (lat - lat2).abs() < 1e-9,
                "{lon},{lat} became {lon2},{lat2}"
            );
        }
    }

    const NARROW: Extent = Extent {
        west: 105.2,
        south: 28.4,
        east: 107.8,
        north: 30.8,
    };

    #[test]
    fn web_mercator_is_true_at_the_middle() {
        let projection = Projection::mercator(NARROW);
        there_and_back(&projection);
        let (x0, y0) = projection.to_plane(106.5, 29.6).expect("in range");
        let (x1, y1) = projection.to_plane(106.6, 29.6).expect("in range");
        // A tenth of a degree of longitude at 29.6° N is 9.68 km.
        assert!(((x1 - x0) / 9680.0 - 1.0).abs() < 0.002 && (y1 - y0).abs() < 1e-6);
        assert!(projection.description.starts_with("网络墨卡托"));
    }

    #[cfg(feature = "proj")]
    #[test]
    fn a_narrow_focus_gets_gauss_krueger_and_a_wide_one_albers() {
        let narrow = Projection::for_focus(NARROW).expect("PROJ knows tmerc");
        there_and_back(&narrow);
        assert_eq!(
            narrow.description,
            "高斯—克吕格投影，中央经线 106°30′E，CGCS2000"
        );
        let wide = Extent {
            west: 103.5,
            south: 27.6,
            east: 109.6,
            north: 32.4,
        };
        let wide = Projection::for_focus(wide).expect("PROJ knows aea");
        there_and_back(&wide);
        assert_eq!(
            wide.description,
            "阿尔伯斯等积圆锥投影，标准纬线 28°24′、31°36′，CGCS2000"
        );
    }

    #[cfg(feature = "proj")]
    #[test]
    fn the_central_meridian_is_true_to_scale() {
        let projection = Projection::for_focus(NARROW).expect("PROJ knows tmerc");
        let (x0, y0) = projection.to_plane(106.5, 29.0).expect("in range");
        let (x1, y1) = projection.to_plane(106.5, 30.0).expect("in range");
        // The meridian arc from 29° to 30° on GRS 80 is 110.85 km.
        assert!(
            (x1 - x0).abs() < 1e-6 && ((y1 - y0) / 110_850.0 - 1.0).abs() < 1e-4,
            "{}",
            y1 - y0
        );
    }

    #[cfg(feature = "proj")]
    #[test]
    fn any_system_can_be_asked_for_and_lengths_are_true_in_the_middle() {
        for definition in [
            "EPSG:4525",
            "EPSG:3857",
            "EPSG:4326",
            "+proj=lcc +lat_1=27 +lat_2=45 +lon_0=105 +ellps=GRS80",
        ] {
            let projection = Projection::of(Some(definition), NARROW).expect(definition);
            there_and_back(&projection);
            let scale = projection.true_scale(NARROW).expect("a scale");
            assert!(
                (scale - 1.0).abs() <= FAR_FROM_TRUE,
                "{definition}: {scale}"
            );
        }
        let error = Projection::of(Some("EPSG:999999"), NARROW)
            .err()
            .expect("no such code");
        assert!(error.to_string().contains("EPSG:999999"), "{error}");
        for wrong in ["", "nonsense", "+proj=nonsense", "EPSG:4326\0"] {
            assert!(Projection::of(Some(wrong), NARROW).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn degrees_are_written_with_minutes_only_when_there_are_some() {
        assert_eq!(in_degrees(106.5, "E"), "106°30′E");
        assert_eq!(in_degrees(29.0, "N"), "29°N");
        assert_eq!(in_degrees(29.25, ""), "29°15′");
        assert_eq!(in_degrees(28.05, ""), "28°03′");
    }
}
