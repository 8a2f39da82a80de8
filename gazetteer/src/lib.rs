//! Places, their names through time, boundaries, distance and proximity.
//!
//! The lowest room of Yutu: it knows nothing of plans, layers or formats. All positions are WGS 84
//! (EPSG:4326), longitude first, in degrees; all distances are metres on the ellipsoid.
//!
//! ```
//! use gazetteer::{Gazetteer, NearQuery};
//! let gazetteer = Gazetteer::embedded()?;
//! let kaizhou = gazetteer.find_one("开县", None).expect("a former name");
//! assert_eq!(kaizhou.canonical, "重庆市开州区");
//! let near = gazetteer.near(kaizhou.place.position.expect("a seat"), &NearQuery { most: Some(3), ..NearQuery::default() });
//! assert_eq!(near.len(), 3);
//! # Ok::<(), gazetteer::GazetteerError>(())
//! ```

mod boundaries;
mod char_set;
mod class;
mod cues;
mod date;
mod distance;
mod entry;
mod gazetteer;
mod history;
mod latin;
mod lonlat;
mod lookup;
mod names;
mod place;
mod proximity;
mod rivers;
mod scan;
mod sense;
mod steps;
mod store;

pub use boundaries::{BorderArc, BorderRank, Boundaries, BoundaryError, Unit};
pub use char_set::CharSet;
pub use class::{ClassError, FeatureClass};
pub use date::{DateError, PartialDate};
pub use distance::{GeodesicPath, area_m2, bearing_in_words, destination, geodesic, length_m};
pub use entry::Entry;
pub use gazetteer::{Gazetteer, GazetteerError, store_files};
pub use history::{Change, NamedUnit, TableError};
pub use latin::{Latin, LatinBasis, latin_name};
pub use lonlat::{Extent, LonLat, LonLatError};
pub use lookup::Match;
pub use names::{edit_distance, short_form};
pub use place::{Place, PlaceId};
pub use proximity::{Beside, NearQuery, Neighbour, PlaceFilter, parts_at_180};
pub use rivers::{RiverLine, rivers};
pub use scan::NameScanner;
pub use sense::{Around, Context, MOVEMENT, NameSenses, Sense};
pub use store::{
    About, Store, StoreError, StoreWriter, WriteError, checksum, in_space, space_around,
};
