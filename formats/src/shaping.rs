//! What of the features is taken, and where they are put, before any format sees them.

use input::features::{FeatureBatch, FeatureView, GeometryKind};

use crate::feature::{EMPTY, grow};

type Condition = dyn Fn(&FeatureView<'_>) -> bool + Sync;
/// Puts positions elsewhere, in place; tells how many have no place there: they are not a number in both.
pub type Transform = dyn Fn(&mut [[f64; 2]]) -> usize + Sync;

/// What of the features is taken.
#[derive(Default)]
pub struct Shaping {
    /// Brings positions into degrees of WGS 84 before anything else looks at them; as [`Self::transform`].
    pub source: Option<Box<Transform>>,
    /// Only these attributes, in this order; all unless said.
    pub select: Option<Vec<String>>,
    /// Only features of which this is true.
    pub condition: Option<Box<Condition>>,
    /// Only features whose own box meets this one: west, south, east, north in degrees, before any transform. What has no
    /// geometry meets nothing.
    pub bbox: Option<[f64; 4]>,
    /// Mend what can be mended without loss, as [`crate::check`] tells it.
    pub mend: bool,
    /// Puts positions into another reference system, in place; returns how many have no image there (they become NaN).
    pub transform: Option<Box<Transform>>,
}

impl std::fmt::Debug for Shaping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shaping")
            .field("select", &self.select)
            .field("bbox", &self.bbox)
            .finish_non_exhaustive()
    }
}

/// What shaping left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Features that were not asked for.
    pub filtered: u64,
    /// Features without a place in the reference system asked for.
    pub unplaced: u64,
}

impl Shaping {
    /// Whether an attribute is taken.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        let select = self.select.as_ref();
        select.is_none_or(|select| select.iter().any(|one| one == name))
    }

    /// Takes from a batch what is not asked for, and moves the rest.
    pub(crate) fn apply(&self, batch: &mut FeatureBatch) -> Left {
        let mut left = Left::default();
        if let Some(source) = &self.source
            && source(&mut batch.lonlat) > 0
        {
            left.unplaced += drop_unplaced(batch);
        }
        if self.condition.is_some() || self.bbox.is_some() {
            let keep: Vec<bool> = batch.features().map(|view| self.keeps(view)).collect();
            left.filtered = retain(batch, &keep);
        }
        if self.mend {
            crate::check::fix(batch);
        }
        if let Some(transform) = &self.transform
            && transform(&mut batch.lonlat) > 0
        {
            left.unplaced += drop_unplaced(batch);
        }
        left
    }

    fn keeps(&self, view: FeatureView<'_>) -> bool {
        if let Some([west, south, east, north]) = self.bbox {
            if view.kind() == GeometryKind::None {
                return false;
            }
            let mut around = EMPTY;
            grow(&mut around, view.vertices());
            let meets =
                around[0] <= east && around[2] >= west && around[1] <= north && around[3] >= south;
            if !meets {
                return false;
            }
        }
        let condition = self.condition.as_ref();
        condition.is_none_or(|condition| condition(&view))
    }
}

/// Leaves out what has a vertex without a place; returns how many features go.
fn drop_unplaced(batch: &mut FeatureBatch) -> u64 {
    let placed = |view: FeatureView<'_>| {
        let mut vertices = view.vertices().iter();
        vertices.all(|[x, y]| x.is_finite() && y.is_finite())
    };
    let keep: Vec<bool> = batch.features().map(placed).collect();
    retain(batch, &keep)
}

/// Keeps features of which a row is to be kept, whole; returns how many go.
fn retain(batch: &mut FeatureBatch, keep: &[bool]) -> u64 {
    let mut whole = Vec::with_capacity(keep.len());
    let mut gone = 0;
    let mut at = 0;
    while at < keep.len() {
        let rest = &batch.rows[at + 1..];
        let more = rest.iter().take_while(|row| row.continues).count();
        let any = keep[at..=at + more].contains(&true);
        gone += u64::from(!any);
        whole.extend(std::iter::repeat_n(any, 1 + more));
        at += 1 + more;
    }
    let mut whole = whole.iter();
    batch.rows.retain(|_| whole.next() == Some(&true));
    gone
}
