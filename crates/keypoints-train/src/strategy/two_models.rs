//! A network for either label regime.

use keypoints_data::{Coordinate, FaceDataset, Keypoint, LabelRegime, Labels};
use serde::{Deserialize, Serialize};

use super::{Answers, ModelId, Strategy, Trainer, TrainingPlan};
use crate::error::TrainError;

/// Trains one network with 30 outputs on the complete rows and another with 8 outputs on the rows that have exactly the four points, and
/// drops the others (154 of the 7049). A test image is answered by the second if the competition asks it for at most
/// eight coordinates.
///
/// **Assumes** that one knows, at prediction time, whose annotations are asked for. The lookup table of the competition says so.
///
/// **Fails** to share: the 30-output network sees no four-point row, although two thirds of the faces are there.
///
/// **Source**: section 3.6 of the notebook (Kaggle score 2.54).
///
/// **Measured** with a narrow `SimpleCnn` at half size, 40,000 training images, two seeds on one fold of the real files: 2.85 px weighted (2.91 on full faces, 2.74 on four-point faces). At the same cost its 30-output network sees a third
/// of the images that [`DropIncomplete`](super::DropIncomplete) gives to the same rows, and falls behind it on full faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwoModels {}

impl TwoModels {
    /// What the second network is asked for.
    pub fn four_point_coordinates() -> Vec<Coordinate> {
        Coordinate::all().filter(|one| Keypoint::FOUR_POINT.contains(&one.keypoint)).collect()
    }
}

/// Whether exactly the four points are labelled.
fn has_four_points(labels: &Labels) -> bool {
    let four = TwoModels::four_point_coordinates();
    labels.count() == four.len() && four.iter().all(|&one| labels.get(one).is_some())
}

impl Strategy for TwoModels {
    fn train(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let labels = faces.labels();
        let complete: Vec<usize> =
            rows.iter().copied().filter(|&row| labels[row].is_complete()).collect();
        let four: Vec<usize> =
            rows.iter().copied().filter(|&row| has_four_points(&labels[row])).collect();
        // Both see their rows equally often, as with a number of epochs.
        let share =
            |rows: &[usize]| rows.len() as f64 / (complete.len() + four.len()).max(1) as f64;
        let (full_share, four_share) = (share(&complete), share(&four));
        let full = TrainingPlan::of_rows(faces, complete)
            .for_regime(LabelRegime::Full)
            .lasting(1.0, full_share);
        let four = TrainingPlan::of_rows(faces, four)
            .for_regime(LabelRegime::FourPoint)
            .for_coordinates(Self::four_point_coordinates())
            .lasting(1.0, four_share);
        let full = trainer.train(ModelId::named("full"), full)?;
        let four = trainer.train(ModelId::named("four_point"), four)?;
        Ok(Answers::routed(full, four))
    }
}
