//! Which features to draw.
use input::features::FeatureView;

/// An expression.
#[derive(Debug, Clone)]
pub struct Filter;

impl Filter {
    pub(crate) fn zooms(&self, _: &FeatureView<'_>) -> u32 {
        u32::MAX
    }
}
