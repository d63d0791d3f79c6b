//! What to do about missing labels.
//!
//! A strategy is a value that says which rows, which targets and which coordinates; the training loop is the
//! same for all. To add one, write one file with a type that implements [`Strategy`] and add one line to
//! `strategies!` below.

mod drop_incomplete;

use keypoints_data::{Coordinate, FaceDataset, Labels};
use serde::{Deserialize, Serialize};

pub use drop_incomplete::DropIncomplete;

/// What a network is trained on.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingPlan {
    /// Rows of the dataset to train on.
    pub rows: Vec<usize>,
    /// The labels to reach, one entry per entry of `rows`; what is absent is masked out of the loss.
    pub targets: Vec<Labels>,
    /// What the network's outputs stand for, in order.
    pub coordinates: Vec<Coordinate>,
}

/// A way to deal with missing labels.
///
/// ```
/// use keypoints_data::{Coordinate, FaceDataset, Keypoint};
/// use keypoints_train::strategy::{Strategy, TrainingPlan};
///
/// /// Learns the nose tip alone, wherever somebody marked it.
/// struct NoseOnly;
///
/// impl Strategy for NoseOnly {
///     fn plan(&self, dataset: &FaceDataset, train: &[usize]) -> TrainingPlan {
///         let marked = |&row: &usize| dataset.labels()[row].point(Keypoint::NoseTip).is_some();
///         let rows: Vec<usize> = train.iter().copied().filter(marked).collect();
///         let targets = rows.iter().map(|&row| dataset.labels()[row]).collect();
///         let coordinates = vec![Keypoint::NoseTip.x(), Keypoint::NoseTip.y()];
///         TrainingPlan { rows, targets, coordinates }
///     }
/// }
/// ```
pub trait Strategy {
    /// Decides on rows, targets and coordinates, given the rows that may be trained on. Never looks at others.
    fn plan(&self, dataset: &FaceDataset, train: &[usize]) -> TrainingPlan;
}

macro_rules! strategies {
    ($($(#[$doc:meta])* $name:literal => $strategy:ident;)+) => {
        /// Which strategy, and its settings. In JSON the field `strategy` holds the name.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "strategy")]
        #[non_exhaustive]
        pub enum StrategyConfig {
            $($(#[$doc])* #[serde(rename = $name)] $strategy($strategy),)+
        }

        impl StrategyConfig {
            /// The registered names.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The strategy of that name with its default settings, if there is one.
            pub fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$strategy(Default::default())),)+
                    _ => None,
                }
            }

            /// The registered name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$strategy(_) => $name,)+
                }
            }
        }

        impl Strategy for StrategyConfig {
            fn plan(&self, dataset: &FaceDataset, train: &[usize]) -> TrainingPlan {
                match self {
                    $(Self::$strategy(strategy) => strategy.plan(dataset, train),)+
                }
            }
        }
    };
}

strategies! {
    /// Train on the complete rows alone.
    "drop_incomplete" => DropIncomplete;
}
