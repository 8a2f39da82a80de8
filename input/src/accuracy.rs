//! How far a position may be off when nobody says.

use gazetteer::FeatureClass;

/// Metres between the one point that a file gives and the place that is meant, by class.
///
/// Orders of magnitude, not measurements: half the usual width of such a place in China, since files put
/// the point at the seat, in the middle or at the gate without saying which.
pub(crate) fn accuracy_m(class: FeatureClass) -> u32 {
    use FeatureClass as C;
    match class {
        C::Country | C::Foreign => 500_000,
        C::Province | C::Region | C::Compound | C::Channel => 100_000,
        C::Prefecture => 30_000,
        C::County
        | C::NewArea
        | C::EconomicZone
        | C::Irrigation
        | C::Railway
        | C::Expressway
        | C::Waterway
        | C::River
        | C::Pipeline => 10_000,
        C::Mountain | C::Lake | C::Road | C::Field | C::WaterProject => 5_000,
        C::Town | C::Park | C::Port | C::Reservoir | C::Scenic | C::Airport => 3_000,
        C::Settlement | C::District | C::Other => 1_000,
        C::Station
        | C::Bridge
        | C::Tunnel
        | C::Dam
        | C::Facility
        | C::PowerStation
        | C::Substation => 500,
    }
}
