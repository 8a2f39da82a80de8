//! The type of a name, by its rank.

use layers::map::LabelRank;
use layers::style::{AXIS_MM, Symbol};

use super::Labeller;
use crate::raster::text::{Type, Typeface};

/// How a name of some rank is set.
#[derive(Clone, Copy)]
pub(super) struct NameLook {
    pub(super) style: Type,
    pub(super) halo_mm: f64,
}

impl Labeller<'_> {
    /// The look of a name of a rank.
    pub(super) fn look(&self, rank: LabelRank, symbol: &Symbol, text: &str) -> NameLook {
        let bold = |size| Type::new(Typeface::Bold, size);
        let regular = |size| Type::new(Typeface::Regular, size);
        let sizes = self.scene.look.names;
        if self.inset.is_some() {
            return NameLook {
                style: self.sized(regular(sizes.inset)),
                halo_mm: 0.3,
            };
        }
        let (style, halo_mm) = match rank {
            LabelRank::Core => match symbol {
                Symbol::Landmark => (bold(sizes.landmark), 0.45),
                Symbol::Core { .. } => (bold(sizes.core).tracked(0.06), 0.5),
                _ => (bold(sizes.region).tracked(0.22), 0.45),
            },
            LabelRank::Axis => match symbol {
                Symbol::Axis { width_mm, .. } if *width_mm >= AXIS_MM => {
                    (Type::new(Typeface::SerifBold, sizes.axis).tracked(1.0), 0.4)
                }
                _ => (
                    Type::new(Typeface::SerifBold, sizes.belt).tracked(0.35),
                    0.35,
                ),
            },
            LabelRank::Corridor => (bold(sizes.corridor), 0.0),
            LabelRank::Platform => (bold(sizes.platform), 0.4),
            LabelRank::Member => (bold(sizes.member).tracked(0.02), 0.4),
            LabelRank::Node => (bold(sizes.node), 0.45),
            // The seat of a prefecture; anything else that is noted here is smaller.
            LabelRank::Seat if text.ends_with('市') => (bold(sizes.city), 0.4),
            LabelRank::Way => (bold(sizes.way), 0.4),
            LabelRank::Seat => (regular(sizes.seat), 0.35),
            LabelRank::County => (regular(sizes.county), 0.35),
        };
        NameLook {
            style: self.sized(style),
            halo_mm,
        }
    }

    /// The type of the line below a name.
    pub(super) fn note(&self) -> Type {
        self.sized(Type::new(Typeface::Regular, self.scene.look.names.note))
    }

    /// A type in the size that names have on this paper.
    pub(super) fn sized(&self, style: Type) -> Type {
        style.sized(style.size_pt * self.scene.names)
    }
}
