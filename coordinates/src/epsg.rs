//! Codes of EPSG through PROJ. Its objects belong to a thread and take milliseconds to make: each thread keeps its own.

use std::cell::RefCell;

use proj::Proj;

use crate::CoordinatesError;

/// Ways that a thread keeps; the oldest goes when one more comes.
const KEPT: usize = 16;

struct Kept {
    from: u32,
    to: u32,
    way: Proj,
}

thread_local! {
    static WAYS: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// Makes sure that there is a way.
pub(crate) fn check(from: u32, to: u32) -> Result<(), CoordinatesError> {
    with(from, to, |_| ())
}

/// Changes positions in place; what has no image becomes not a number.
pub(crate) fn apply(from: u32, to: u32, x: &mut [f64], y: &mut [f64]) {
    let none = (f64::NAN, f64::NAN);
    let done = with(from, to, |way| {
        let mut pairs: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        if way.convert_array(&mut pairs).is_err() {
            // One that fails spoils all: each by itself.
            for (pair, (x, y)) in pairs.iter_mut().zip(x.iter().zip(y.iter())) {
                *pair = way.convert((*x, *y)).unwrap_or(none);
            }
        }
        for ((x, y), pair) in x.iter_mut().zip(y.iter_mut()).zip(pairs) {
            (*x, *y) = pair;
        }
    });
    if done.is_err() {
        // It was there when it was checked; without it nothing has an image.
        x.fill(f64::NAN);
        y.fill(f64::NAN);
    }
}

/// A system as PROJ describes it in JSON; `None` for a code that it does not know.
pub(crate) fn projjson(code: u32) -> Option<String> {
    Proj::new(&format!("EPSG:{code}"))
        .ok()?
        .to_projjson(Some(false), None, None)
        .ok()
}

fn with<T>(from: u32, to: u32, act: impl FnOnce(&Proj) -> T) -> Result<T, CoordinatesError> {
    WAYS.with_borrow_mut(|ways| {
        if let Some(kept) = ways.iter().find(|kept| (kept.from, kept.to) == (from, to)) {
            return Ok(act(&kept.way));
        }
        let name = |code: u32| format!("EPSG:{code}");
        let way = Proj::new_known_crs(&name(from), &name(to), None).map_err(|error| {
            CoordinatesError::Code {
                code: if from == 4326 { to } else { from },
                reason: error.to_string(),
            }
        })?;
        if ways.len() == KEPT {
            ways.remove(0);
        }
        ways.push(Kept { from, to, way });
        Ok(act(&ways[ways.len() - 1].way))
    })
}
