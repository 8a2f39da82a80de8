//! What is known of positions before a file is read: their reference system, and whether they look moved.

use std::path::{Path, PathBuf};

use coordinates::{Crs, Transform};
use input::Problem;
use input::features::{FeatureOptions, FeatureSource};

use crate::report::note;

/// The way from where positions are, as it is asked for or as the first file says, into degrees; reading is told to take them.
pub fn source_of(
    asked: Option<Crs>,
    inputs: &[PathBuf],
    options: &mut FeatureOptions,
    quiet: bool,
) -> anyhow::Result<Option<Box<formats::Transform>>> {
    let from = asked.unwrap_or_else(|| declared(inputs, options, quiet));
    // Metres are no degrees that a reader could check.
    options.any_crs = !matches!(from, Crs::Degrees | Crs::Gcj02 | Crs::Bd09);
    transform(from, Crs::Degrees)
}

/// The reference system that the first file names, where it is one that can be brought into degrees; degrees where it names
/// none, or one that is unknown, which opening it will tell.
fn declared(inputs: &[PathBuf], options: &FeatureOptions, quiet: bool) -> Crs {
    let Some(path) = inputs.first().filter(|path| path.as_os_str() != "-") else {
        return Crs::Degrees;
    };
    let Err(error) = FeatureSource::open(path, options) else {
        return Crs::Degrees;
    };
    let Problem::Crs { found } = &*error.problem else {
        return Crs::Degrees;
    };
    // `EPSG:4544 (CGCS2000 / …)`, or the name in a .prj.
    let words = [found.split(" (").next().unwrap_or(found), found];
    let Some(crs) = words
        .iter()
        .find_map(|text| text.trim().parse::<Crs>().ok())
    else {
        return Crs::Degrees;
    };
    note(
        format_args!("{}: positions are {crs}, as the file says", path.display()),
        quiet,
    );
    crs
}

/// Bytes of a block of those that a suspicion comes from.
const SAMPLE_BYTES: usize = 1 << 18;

/// What to say where the first points of a file look moved as Chinese web maps move them. Nothing is changed.
pub fn suspicion(path: &Path, options: &FeatureOptions) -> Option<String> {
    if path.as_os_str() == "-" || options.any_crs {
        return None;
    }
    let mut options = options.clone();
    // A sample is enough, and costs milliseconds.
    options.block_bytes = SAMPLE_BYTES;
    let source = FeatureSource::open(path, &options).ok()?;
    let count = formats::check::suspected_shift(source)?;
    Some(format!(
        "{}: {count} of the first points lie outside the county that they name, and inside it if they are GCJ-02. Nothing was \
         changed: look with `yutu check`; if they are, `yutu convert --from-crs gcj02` puts them right",
        path.display()
    ))
}

/// A way from one reference system into another; `None` where there is nothing to do.
pub fn transform(from: Crs, to: Crs) -> anyhow::Result<Option<Box<formats::Transform>>> {
    let way = Transform::new(from, to)?;
    if way.is_identity() {
        return Ok(None);
    }
    Ok(Some(Box::new(move |positions: &mut [[f64; 2]]| {
        let mut without = 0;
        let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
        for positions in positions.chunks_mut(BLOCK) {
            let of = positions.len();
            for (at, position) in positions.iter().enumerate() {
                [x[at], y[at]] = *position;
            }
            without += way.apply(&mut x[..of], &mut y[..of]);
            for (at, position) in positions.iter_mut().enumerate() {
                *position = [x[at], y[at]];
            }
        }
        without
    })))
}

/// Positions that are put into another system at once.
const BLOCK: usize = 1024;
