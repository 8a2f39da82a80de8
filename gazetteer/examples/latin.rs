//! The administrative units in Latin letters, one a line: code, name, Latin name, what it rests on.
//! `data/compare_latin.py` compares them with `GeoNames`.

use std::io::Write as _;

use gazetteer::Gazetteer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gazetteer = Gazetteer::embedded()?;
    let mut out = std::io::stdout().lock();
    for place in gazetteer.places() {
        let (Some(code), true) = (place.adcode, place.class.is_administrative()) else {
            continue;
        };
        let latin = gazetteer.latin(&place);
        let (text, basis) = latin.map_or((String::new(), String::new()), |latin| {
            (latin.text, format!("{:?}", latin.basis))
        });
        writeln!(out, "{code},{},{text},{basis}", place.name)?;
    }
    Ok(())
}
