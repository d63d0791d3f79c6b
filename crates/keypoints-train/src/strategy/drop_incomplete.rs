//! Train on the complete rows alone.

use keypoints_data::{Coordinate, FaceDataset};
use serde::{Deserialize, Serialize};

use super::{Strategy, TrainingPlan};

/// Drops every row with a gap: 2140 of the 7049 faces remain, all labelled by the annotators who mark
/// everything. The network never sees how the other annotators mark the four points they mark.
///
/// Source: section 3.3 of the notebook ("drop rows with missing values", Kaggle score 3.36).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropIncomplete {}

impl Strategy for DropIncomplete {
    fn plan(&self, dataset: &FaceDataset, train: &[usize]) -> TrainingPlan {
        let labels = dataset.labels();
        let rows: Vec<usize> =
            train.iter().copied().filter(|&row| labels[row].is_complete()).collect();
        let targets = rows.iter().map(|&row| labels[row]).collect();
        TrainingPlan { rows, targets, coordinates: Coordinate::all().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_data::{IMAGE_PIXELS, Images, Keypoint, Labels};

    #[test]
    fn keeps_complete_training_rows_only() {
        let complete = Labels::new([Some(1.0); 30]);
        let mut gap = complete;
        gap.set(Keypoint::NoseTip.y(), None);
        let images = Images::from_pixels(vec![0; 4 * IMAGE_PIXELS]).unwrap();
        let faces = FaceDataset::new(images, vec![complete, gap, complete, complete]).unwrap();
        let plan = DropIncomplete {}.plan(&faces, &[0, 1, 3]);
        assert_eq!(plan.rows, [0, 3]);
        assert_eq!(plan.targets, [complete; 2]);
        assert_eq!(plan.coordinates.len(), 30);
    }
}
