//! From the tables of `gazetteer/data` to one file of places. A test derives it again and compares.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

use gazetteer::{About, Boundaries, Entry, FeatureClass, LonLat, StoreWriter, Unit, short_form};

/// Memory for sorting: all of it.
const BUDGET: usize = 256 << 20;
const COLUMNS: [&str; 14] = [
    "id",
    "name",
    "aliases",
    "in_context",
    "class",
    "lon",
    "lat",
    "accuracy_m",
    "parent",
    "members",
    "code",
    "source",
    "unlocated",
    "note",
];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Reads every table and writes the file; how many places it has.
pub fn derive(data: &Path, out: &mut (impl Write + Seek)) -> Result<u64> {
    let boundaries = Boundaries::embedded()?;
    let mut entries = units(&boundaries, &data.join("seats.csv"))?;
    let seats: BTreeSet<String> = entries
        .iter()
        .map(|(e, _)| e.position_source.clone())
        .collect();
    unit_aliases(&data.join("unit_aliases.csv"), &mut entries)?;
    let by_hand = places_by_hand(&data.join("places"), &entries)?;
    entries.extend(by_hand);
    settlements(
        &data.join("settlements.csv"),
        &boundaries,
        &seats,
        &mut entries,
    )?;
    let mut writer = StoreWriter::new(BUDGET);
    for (entry, origin) in &entries {
        writer.add(entry, origin)?;
    }
    let count = writer.count();
    let about = About {
        title: "Yutu".to_owned(),
        source: "gazetteer/data/README.md".to_owned(),
        licence: "GeoNames: CC BY 4.0; others: gazetteer/data/README.md".to_owned(),
        ..About::default()
    };
    writer.finish(out, &about)?;
    Ok(count)
}

fn reader(path: &Path) -> Result<csv::Reader<std::fs::File>> {
    let reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(reader)
}

fn line_of(path: &Path, row: &csv::StringRecord) -> String {
    let line = row.position().map_or(0, csv::Position::line);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}:{line}")
}

fn position(lon: &str, lat: &str) -> Result<LonLat> {
    Ok(LonLat::new(lon.parse()?, lat.parse()?)?)
}

/// The units of the boundaries at their seats.
fn units(boundaries: &Boundaries, seats: &Path) -> Result<Vec<(Entry, String)>> {
    let mut seat_of = HashMap::new();
    for row in reader(seats)?.records() {
        let row = row?;
        let seat = (
            position(&row[1], &row[2])?,
            row[3].parse::<u32>()?,
            row[4].to_owned(),
        );
        seat_of.insert(row[0].parse::<u32>()?, seat);
    }
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add =
        |code: u32, name: &str, class: FeatureClass, parent: u32, unit: &Unit<'static>| {
            if !seen.insert(code) {
                return;
            }
            let mut entry = Entry::new(code.to_string(), name, class);
            let (position, accuracy_m, source) = seat_of.get(&code).cloned().unwrap_or_else(|| {
                // No seat is known: a point inside, which may be as far off as the unit is wide.
                (unit.inside, 30_000, "point inside the boundary".to_owned())
            });
            entry.position = Some(position);
            entry.accuracy_m = accuracy_m;
            entry.position_source = source;
            entry.adcode = Some(code);
            entry.parent = if parent == 0 {
                String::new()
            } else {
                parent.to_string()
            };
            // 石柱土家族自治县 is also written 石柱县.
            if name.ends_with("自治县") {
                entry.aliases.push(format!("{}县", short_form(name)));
            }
            entries.push((entry, format!("unit {code}")));
        };
    for unit in boundaries.units() {
        add(
            unit.province_code,
            unit.province_name,
            FeatureClass::Province,
            0,
            &unit,
        );
        let mut parent = unit.province_code;
        if unit.prefecture_code != unit.province_code {
            // A county-level unit right under its province stands for its own prefecture.
            let class = if unit.prefecture_code % 100 == 0 {
                FeatureClass::Prefecture
            } else {
                FeatureClass::County
            };
            add(
                unit.prefecture_code,
                unit.prefecture_name,
                class,
                parent,
                &unit,
            );
            parent = unit.prefecture_code;
        }
        if unit.code != unit.prefecture_code {
            add(unit.code, unit.name, FeatureClass::County, parent, &unit);
        }
    }
    Ok(entries)
}

/// Short names that do not come from the name of a unit.
fn unit_aliases(path: &Path, units: &mut [(Entry, String)]) -> Result<()> {
    for row in reader(path)?.records() {
        let row = row?;
        let unit = units.iter_mut().find(|(unit, _)| unit.id == row[0]);
        let Some((unit, _)) = unit else {
            return Err(format!("{}: no unit {}", line_of(path, &row), &row[0]).into());
        };
        let names = if &row[2] == "context" {
            &mut unit.in_context
        } else {
            &mut unit.aliases
        };
        names.push(row[1].to_owned());
    }
    Ok(())
}

/// The tables of a folder, one a theme. Parents and members are codes of units or identifiers of other rows.
fn places_by_hand(folder: &Path, units: &[(Entry, String)]) -> Result<Vec<(Entry, String)>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|file| file.map(|file| file.path()))
        .collect::<std::result::Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    files.sort();
    let mut entries = Vec::new();
    for path in &files {
        let mut rows = reader(path)?;
        if rows.headers()?.iter().ne(COLUMNS) {
            return Err(format!(
                "{}: expected the columns {}",
                path.display(),
                COLUMNS.join(",")
            )
            .into());
        }
        for row in rows.records() {
            let row = row?;
            let origin = line_of(path, &row);
            let entry = by_hand(&row).map_err(|error| format!("{origin}: {error}"))?;
            entries.push((entry, origin));
        }
    }
    let known: BTreeMap<&str, FeatureClass> = units
        .iter()
        .chain(&entries)
        .map(|(entry, _)| (entry.id.as_str(), entry.class))
        .collect();
    for (entry, origin) in &entries {
        let named = std::iter::once(&entry.parent).chain(&entry.members);
        for id in named.filter(|id| !id.is_empty()) {
            if !known.contains_key(id.as_str()) {
                return Err(format!(
                    "{origin}: `{id}` is neither a unit nor a row of these tables"
                )
                .into());
            }
        }
        // A river has its line, and the country its boundaries.
        let drawn = matches!(entry.class, FeatureClass::River | FeatureClass::Country);
        let placed = entry.position.is_some() || !entry.members.is_empty() || drawn;
        if entry.position.is_some() && !entry.unlocated.is_empty() {
            return Err(format!("{origin}: a position, and a reason that there is none").into());
        }
        if !placed && entry.unlocated.is_empty() {
            return Err(format!(
                "{origin}: expected a position, members, or the reason that it has neither"
            )
            .into());
        }
    }
    Ok(entries)
}

fn by_hand(row: &csv::StringRecord) -> Result<Entry> {
    let list = |cell: &str| -> Vec<String> {
        let parts = cell
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        // Names are matched with full-width brackets, however they were typed.
        let folded = |part: &str| part.replace('(', "（").replace(')', "）");
        parts.map(folded).collect()
    };
    let mut entry = Entry::new(&row[0], &row[1], row[4].parse()?);
    entry.aliases = list(&row[2]);
    entry.in_context = list(&row[3]);
    if !row[5].is_empty() {
        entry.position = Some(position(&row[5], &row[6])?);
        entry.accuracy_m = row[7].parse()?;
    }
    row[8].clone_into(&mut entry.parent);
    entry.members = list(&row[9]);
    row[10].clone_into(&mut entry.code);
    row[11].clone_into(&mut entry.position_source);
    row[12].clone_into(&mut entry.unlocated);
    row[13].clone_into(&mut entry.note);
    Ok(entry)
}

/// A town entered by hand and a `GeoNames` point of the same name this near are the same town.
const SAME_TOWN_M: f64 = 15_000.0;

/// Towns and villages, but those that are the seat of a unit and stand for it
/// already, and those entered by hand.
fn settlements(
    path: &Path,
    boundaries: &Boundaries,
    seats: &BTreeSet<String>,
    entries: &mut Vec<(Entry, String)>,
) -> Result<()> {
    let mut towns: HashMap<String, LonLat> = HashMap::new();
    for (entry, _) in entries
        .iter()
        .filter(|(entry, _)| entry.class == FeatureClass::Town)
    {
        let names = std::iter::once(&entry.name)
            .chain(&entry.aliases)
            .chain(&entry.in_context);
        for (name, position) in names.filter_map(|name| Some((name, entry.position?))) {
            towns.insert(name.clone(), position);
        }
    }
    for row in reader(path)?.records() {
        let row = row?;
        let here = position(&row[4], &row[5])?;
        let same = |town: &LonLat| gazetteer::geodesic(*town, here).distance_m < SAME_TOWN_M;
        if seats.contains(&row[0]) || towns.get(&row[1]).is_some_and(same) {
            continue;
        }
        let mut entry = Entry::new(format!("geonames-{}", &row[0]), &row[1], row[3].parse()?);
        entry.aliases = row[2]
            .split(';')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        entry.position = Some(here);
        entry.accuracy_m = 3000;
        row[0].clone_into(&mut entry.position_source);
        entry.weight = row[6].parse()?;
        let unit = boundaries.units_at(here)?.into_iter().next();
        entry.parent = unit.map_or_else(String::new, |unit| unit.code.to_string());
        entries.push((entry, line_of(path, &row)));
    }
    Ok(())
}
