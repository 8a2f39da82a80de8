//! Positions and boxes in WGS 84, always longitude first.

use serde::Serialize;

/// A position in WGS 84 (EPSG:4326): longitude, then latitude, in degrees.
///
/// CGCS2000 (EPSG:4490) coordinates are taken as they are: the two frames differ by centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// A position outside the legal range, or not a number.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LonLatError {
    /// Longitude must be within −180…180.
    #[error("longitude {0} is outside -180…180")]
    Longitude(f64),
    /// Latitude must be within −90…90.
    #[error("latitude {0} is outside -90…90{hint}", hint = if .0.abs() <= 180.0 { " (positions are lon,lat: are they swapped?)" } else { "" })]
    Latitude(f64),
    /// The text is not two numbers with a comma between them.
    #[error("`{0}` is not a position: expected LON,LAT in degrees, as in 106.63,30.46")]
    Syntax(String),
}

impl LonLat {
    /// Checks a position.
    ///
    /// # Errors
    /// When a value is not finite, `lon` is outside −180…180 or `lat` is outside −90…90.
    ///
    /// # Examples
    /// ```
    /// use gazetteer::LonLat;
    /// let guangan = LonLat::new(106.63, 30.46)?; // lon, lat
    /// assert!(LonLat::new(30.46, 106.63).is_err());
    /// # Ok::<(), gazetteer::LonLatError>(())
    /// ```
    pub fn new(lon: f64, lat: f64) -> Result<Self, LonLatError> {
        if !(-180.0..=180.0).contains(&lon) {
            return Err(LonLatError::Longitude(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(LonLatError::Latitude(lat));
        }
        Ok(Self { lon, lat })
    }

    /// Degrees east, −180…180.
    #[must_use]
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north, −90…90.
    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// The same position as a `geo` point (x is longitude, y is latitude).
    #[must_use]
    pub fn to_point(self) -> geo::Point<f64> {
        geo::Point::new(self.lon, self.lat)
    }
}

impl std::str::FromStr for LonLat {
    type Err = LonLatError;

    /// Reads `LON,LAT`, in degrees, with an ASCII or full-width comma.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let syntax = || LonLatError::Syntax(text.to_owned());
        let (lon, lat) = text.split_once([',', '，']).ok_or_else(syntax)?;
        let number = |part: &str| part.trim().parse::<f64>().map_err(|_| syntax());
        Self::new(number(lon)?, number(lat)?)
    }
}

impl std::fmt::Display for LonLat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.5},{:.5}", self.lon, self.lat)
    }
}

/// A box in degrees: west, south, east, north. Where nothing else is said it does not cross the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Extent {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Extent {
    /// The smallest box around the positions, or `None` when there are none.
    pub fn around(positions: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        positions
            .into_iter()
            .fold(None, |extent: Option<Self>, (lon, lat)| {
                Some(match extent {
                    None => Self {
                        west: lon,
                        south: lat,
                        east: lon,
                        north: lat,
                    },
                    Some(e) => Self {
                        west: e.west.min(lon),
                        south: e.south.min(lat),
                        east: e.east.max(lon),
                        north: e.north.max(lat),
                    },
                })
            })
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Whether the boxes share at least one position.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// The box grown by `margin_deg` degrees on every side, cut at the ends of the world.
    #[must_use]
    pub fn grown(self, margin_deg: f64) -> Self {
        Self {
            west: (self.west - margin_deg).max(-180.0),
            south: (self.south - margin_deg).max(-90.0),
            east: (self.east + margin_deg).min(180.0),
            north: (self.north + margin_deg).min(90.0),
        }
    }
}
