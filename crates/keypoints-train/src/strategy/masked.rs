//! Train on all rows; what nobody marked does not count.

use keypoints_core::Dataset;
use serde::{Deserialize, Serialize};

use keypoints_predict::Heads;

use super::{Answers, Strategy, Trainer, TrainingPlan};
use crate::error::TrainError;

/// Trains one network on all rows and leaves the gaps out of the loss.
///
/// **Assumes** nothing about a missing label: it has no gradient. Every label there is teaches the same layers.
///
/// **Fails** with shared heads where label sources disagree: on the four points that both mark, one output has to serve both
/// and learns their mean, weighted by the number of rows of each. With a head per source (`masked_two_head`) it needs to know, at prediction
/// time, whose annotations are asked for.
///
/// **Source**: beyond the notebook, which fills or drops.
///
/// **Measured** with a narrow `SimpleCnn` at half size, 40,000 training images, two seeds on one fold of the real files: 2.52 px weighted (2.32 on full faces, 2.84 on four-point faces); with a head per source
/// 2.41 px weighted (2.23 on full faces, 2.71 on four-point faces).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Masked {
    /// One set of outputs for all faces or one per label source.
    pub heads: Heads,
}

impl Masked {
    /// A head per source.
    pub const TWO_HEAD: Self = Self { heads: Heads::PerSource };
}

impl Strategy for Masked {
    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let labelled = |&row: &usize| faces.labels()[row].count() > 0;
        let rows = rows.iter().copied().filter(labelled).collect();
        trainer.train_only(TrainingPlan::of_rows(faces, rows).with_heads(self.heads))
    }
}
