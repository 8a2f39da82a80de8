//! Spatial questions, one or a million: nearest, within, along, joins.
//!
//! All positions are WGS 84 (EPSG:4326), longitude first, in degrees; all distances are metres on the ellipsoid.
