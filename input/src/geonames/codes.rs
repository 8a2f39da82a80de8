//! Feature codes (<http://www.geonames.org/export/codes.html>) and the classes they become.

use gazetteer::FeatureClass;

use FeatureClass as C;

/// Feature class, feature codes (a `*` at the end stands for any rest) and what they become. The first row
/// that fits counts; what fits none is [`FeatureClass::Other`]. Rows follow the nine classes.
const TABLE: &[(&str, &[&str], FeatureClass)] = &[
    // A: countries, states, regions.
    ("A", &["PCL*"], C::Country),
    ("A", &["ADM1"], C::Province),
    ("A", &["ADM2"], C::Prefecture),
    ("A", &["ADM3"], C::County),
    ("A", &["ADM4"], C::Town),
    ("A", &["ADM5"], C::Settlement),
    // H: streams, lakes.
    ("H", &["CNLN", "CHNN", "CHN"], C::Waterway),
    ("H", &["CNLI"], C::Irrigation),
    ("H", &["STMM"], C::Other),
    ("H", &["STM*", "CNL*", "WAD", "WADS"], C::River),
    ("H", &["RSVT"], C::Other),
    ("H", &["RSV*"], C::Reservoir),
    ("H", &["LK*", "LGN*", "PND", "PNDS"], C::Lake),
    ("H", &["HBR*", "DCK*"], C::Port),
    // L: parks, areas.
    ("L", &["PRT"], C::Port),
    (
        "L",
        &["PRK*", "RES", "RESN", "RESW", "RESF", "RESP"],
        C::Scenic,
    ),
    ("L", &["INDS", "DEVH"], C::Park),
    (
        "L",
        &["OILF", "GASF", "COLF", "MNA", "PEAT", "SALT"],
        C::Field,
    ),
    ("L", &["RGN*", "CONT", "TRB"], C::Region),
    ("L", &["LCTY", "AREA", "BSND", "QUAR"], C::Other),
    // P: cities, villages. In China the seat of a fourth-level unit is a town; elsewhere it is a place.
    ("P", &["PPLX"], C::District),
    ("P", &["*"], C::Settlement),
    // R: roads, railways.
    ("R", &["TNL*"], C::Tunnel),
    ("R", &["RYD"], C::Station),
    ("R", &["RR"], C::Railway),
    ("R", &["RD", "ST", "CSWY"], C::Road),
    ("R", &["OILP", "PPLN", "GASP"], C::Pipeline),
    // S: spots, buildings.
    ("S", &["AIRP", "AIRF", "AIRH"], C::Airport),
    ("S", &["RSTN", "RSTP", "MTRO", "RSD"], C::Station),
    ("S", &["DAM", "DAMS", "WEIR"], C::Dam),
    ("S", &["PSN", "PSH", "PS"], C::PowerStation),
    ("S", &["SUBS*"], C::Substation),
    ("S", &["BDG"], C::Bridge),
    ("S", &["HBR", "PRT", "QUAY", "FY", "WHRF", "PIER"], C::Port),
    (
        "S",
        &[
            "MN", "MNA*", "MNC*", "MNF*", "MNN*", "MNQR", "MNP*", "MNS*", "OILW", "GASW",
        ],
        C::Field,
    ),
    (
        "S",
        &[
            "TMPL", "HSTS", "ANS", "MNMT", "PAL", "PGDA", "WALLA", "GRVE",
        ],
        C::Scenic,
    ),
    (
        "S",
        &[
            "UNIV", "SCH*", "HSP*", "MUS", "LIBR", "OBS", "RSRI", "AIRB", "ITTR", "FCL*",
        ],
        C::Facility,
    ),
    // T: mountains, hills.
    (
        "T",
        &[
            "MT", "MTS", "PK", "PKS", "GRGE", "CNYN", "RDGE", "HLL", "HLLS", "PASS", "GAP", "SPUR",
        ],
        C::Mountain,
    ),
    // U (undersea) and V (forest, heath) hold nothing that a plan names; nor do the rest of the codes.
];

/// Codes of what is no more: abandoned, destroyed, ruined or historical.
const GONE: &[&str] = &[
    "ADM1H", "ADM2H", "ADM3H", "ADM4H", "ADM5H", "ADMDH", "PCLH", "PPLH", "PPLCH", "PPLQ", "PPLW",
    "RSTNQ", "RSTPQ", "RRQ", "AIRQ", "DAMQ", "CNLQ", "STMQ", "CMPQ", "MFGQ", "MNQ", "PPQ", "BDGQ",
];

/// The class of a feature code. `country` is the ISO code.
pub(crate) fn class_of(class: &str, code: &str, country: &str) -> FeatureClass {
    if (class, code, country) == ("P", "PPLA4", "CN") {
        return C::Town;
    }
    let fits = |pattern: &&str| match pattern.strip_suffix('*') {
        Some(start) => code.starts_with(start),
        None => code == *pattern,
    };
    let mut rows = TABLE.iter();
    rows.find(|(row_class, codes, _)| *row_class == class && codes.iter().any(fits))
        .map_or(C::Other, |(.., class)| *class)
}

/// Whether the code says that it is no more.
pub(crate) fn is_gone(code: &str) -> bool {
    GONE.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_all_nine_classes_become_what_they_mean() {
        for (class, code, expected) in [
            ("A", "PCLI", C::Country),
            ("A", "ADM1", C::Province),
            ("A", "ADM2", C::Prefecture),
            ("A", "ADM3", C::County),
            ("A", "ADM4", C::Town),
            ("A", "ADMD", C::Other),
            ("H", "STM", C::River),
            ("H", "CNL", C::River),
            ("H", "LK", C::Lake),
            ("H", "RSV", C::Reservoir),
            ("H", "HBR", C::Port),
            ("H", "BAY", C::Other),
            ("L", "PRK", C::Scenic),
            ("L", "PRT", C::Port),
            ("P", "PPLC", C::Settlement),
            ("P", "PPLA4", C::Town),
            ("P", "PPLA", C::Settlement),
            ("P", "PPL", C::Settlement),
            ("R", "RD", C::Road),
            ("R", "RR", C::Railway),
            ("R", "TNL", C::Tunnel),
            ("S", "AIRP", C::Airport),
            ("S", "RSTN", C::Station),
            ("S", "DAM", C::Dam),
            ("S", "PS", C::PowerStation),
            ("S", "BDG", C::Bridge),
            ("S", "HBR", C::Port),
            ("S", "MSQE", C::Other),
            ("T", "MT", C::Mountain),
            ("T", "MTS", C::Mountain),
            ("T", "PK", C::Mountain),
            ("T", "GRGE", C::Mountain),
            ("T", "ISL", C::Other),
            ("U", "RDGU", C::Other),
            ("V", "FRST", C::Other),
            ("", "", C::Other),
        ] {
            assert_eq!(class_of(class, code, "CN"), expected, "{class}.{code}");
        }
        assert_eq!(class_of("P", "PPLA4", "FR"), C::Settlement);
        assert!(is_gone("RSTNQ") && is_gone("PPLQ") && !is_gone("RSTN"));
    }
}
