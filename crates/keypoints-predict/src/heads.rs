//! One set of outputs for all label sources, or one for each.

use keypoints_core::{Coordinate, Schema, Source};
use serde::{Deserialize, Serialize};

/// Whether a network has one set of outputs for all rows or one per label source.
///
/// Two sources may mark the same point at different places. With a set of outputs for each, a network need not choose
/// between them, and everything before its last layer learns from all rows.
///
/// ```
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_predict::Heads;
///
/// let schema = Schema::kaggle15();
/// assert_eq!(Heads::PerSource.count(&schema), 2);
/// // Four-point rows have no eyebrow labels: the outputs of the other source predict it.
/// let head = |point| Heads::PerSource.predicting(&schema, kaggle15::FOUR_POINT, point);
/// assert_eq!(head(kaggle15::NOSE_TIP.x()), 1);
/// assert_eq!(head(kaggle15::LEFT_EYEBROW_INNER_END.x()), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heads {
    /// One set of outputs for all rows.
    #[default]
    Shared,
    /// A set for each label source, in the order of the schema.
    #[serde(alias = "per_regime")]
    PerSource,
}

impl Heads {
    /// How many sets of outputs there are.
    pub fn count(self, schema: &Schema) -> usize {
        match self {
            Self::Shared => 1,
            Self::PerSource => schema.sources().len(),
        }
    }

    /// The set that learns from a row of that source, counted from 0.
    pub const fn taught_by(self, source: Source) -> usize {
        match self {
            Self::Shared => 0,
            Self::PerSource => source.index(),
        }
    }

    /// The set that predicts a point as a source marks it: the source's own or, for points that it never marks, the
    /// [one of a source that does](Schema::source_for).
    pub fn predicting(self, schema: &Schema, source: Source, coordinate: Coordinate) -> usize {
        self.taught_by(schema.source_for(source, coordinate.keypoint))
    }
}
