//! A network for either label source.

use keypoints_core::{Coordinate, Dataset, Source};
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

impl Strategy for TwoModels {
    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let schema = faces.schema();
        let marked = |source: Source| -> Vec<Coordinate> {
            schema.coordinates().filter(|one| schema.source(source).marks(one.keypoint)).collect()
        };
        // The rows of each source with all of its points.
        let parts: Vec<(Source, Vec<Coordinate>, Vec<usize>)> = schema
            .source_indices()
            .map(|source| {
                let coordinates = marked(source);
                let whole = |&row: &usize| {
                    let labels = &faces.labels()[row];
                    faces.sources()[row] == source
                        && coordinates.iter().all(|&one| labels.get(one).is_some())
                };
                let own = rows.iter().copied().filter(whole).collect();
                (source, coordinates, own)
            })
            .collect();
        // All see their rows equally often, as with a number of epochs.
        let all: usize = parts.iter().map(|(_, _, rows)| rows.len()).sum();
        let mut models = Vec::new();
        for (source, coordinates, rows) in parts {
            let share = rows.len() as f64 / all.max(1) as f64;
            let plan = TrainingPlan::of_rows(faces, rows)
                .for_source(source)
                .for_coordinates(coordinates)
                .lasting(1.0, share);
            models.push(trainer.train(ModelId::named(schema.source(source).name()), plan)?);
        }
        Ok(Answers::by_source(models))
    }
}
