//! Who speaks for which annotators.

use keypoints_data::{Coordinate, Keypoint, LabelRegime};
use serde::{Deserialize, Serialize};

/// Whether a network has one set of outputs for all faces or one per label regime.
///
/// The two groups of annotators mark the same point at different places. With a set of outputs for each, a network
/// need not choose between them, and everything before its last layer learns from all rows.
///
/// ```
/// use keypoints_data::{Keypoint, LabelRegime};
/// use keypoints_train::strategy::Heads;
///
/// assert_eq!(Heads::PerRegime.count(), 2);
/// // The annotators of four-point faces mark no eyebrow: the outputs of the others answer for it.
/// let head = |keypoint: Keypoint| Heads::PerRegime.answering(LabelRegime::FourPoint, keypoint.x());
/// assert_eq!(head(Keypoint::NoseTip), 1);
/// assert_eq!(head(Keypoint::LeftEyebrowInnerEnd), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heads {
    /// One set of outputs for all faces.
    #[default]
    Shared,
    /// Two sets: the first as the annotators of fully labelled faces mark points, the second as those of four-point
    /// faces do.
    PerRegime,
}

impl Heads {
    /// How many sets of outputs there are.
    pub const fn count(self) -> usize {
        match self {
            Self::Shared => 1,
            Self::PerRegime => LabelRegime::ALL.len(),
        }
    }

    /// The set that learns from a row of that regime, counted from 0.
    pub const fn taught_by(self, regime: LabelRegime) -> usize {
        match (self, regime) {
            (Self::Shared, _) | (Self::PerRegime, LabelRegime::Full) => 0,
            (Self::PerRegime, LabelRegime::FourPoint) => 1,
        }
    }

    /// The set that says where a point of a face of that regime is: the regime's own, but for points that its
    /// annotators never mark the other one.
    pub fn answering(self, regime: LabelRegime, coordinate: Coordinate) -> usize {
        let marked = Keypoint::FOUR_POINT.contains(&coordinate.keypoint);
        self.taught_by(if marked { regime } else { LabelRegime::Full })
    }
}
