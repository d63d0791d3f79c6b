//! Train, fill the gaps by what was learned, train anew on both.

use keypoints_data::{FaceDataset, LabelRegime};
use serde::{Deserialize, Serialize};

use super::pseudo_labels::fill_gaps;
use super::{Answers, Heads, ModelId, Strategy, Trainer, TrainingPlan};
use crate::error::TrainError;

/// Trains a teacher as [`Masked`](super::Masked) with a head per regime does; then a student of the same kind from fresh weights on the same labels and, for the head of
/// full faces, on what the teacher says of the four-point faces and of the gaps of the full ones. The student answers.
///
/// **Assumes** that the teacher's answers are right on average: for its head of full faces, every four-point face is one that it never saw the labels of.
///
/// **Fails** where the labels of full faces are many enough already, or the time is too short for two networks one after the other: the cost is that of one network trained
/// for as many epochs as the config says.
///
/// **Source**: self-training with a noisy student (Xie, Luong, Hovy and Le, 2020); beyond the notebook, whose [`PseudoLabels`](super::PseudoLabels) have one head that both groups of
/// annotators teach.
///
/// **Measured** with a narrow `SimpleCnn` at half size, 40,000 training images, two seeds on one fold of the real files: 2.98 px weighted (2.86 on full faces, 3.19 on four-point faces), where one
/// network trained for as long has 2.44.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfTraining {
    /// Share of the training that the teacher gets, between 0 and 1.
    pub teacher: f64,
}

impl Default for SelfTraining {
    fn default() -> Self {
        Self { teacher: 0.4 }
    }
}

impl Strategy for SelfTraining {
    fn check(&self) -> Result<(), TrainError> {
        match self.teacher > 0.0 && self.teacher < 1.0 {
            true => Ok(()),
            false => Err(TrainError::InvalidConfig {
                field: "strategy.teacher",
                expected: "above 0 and below 1",
                found: self.teacher.to_string(),
            }),
        }
    }

    fn train(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let labels = faces.labels();
        let labelled: Vec<usize> =
            rows.iter().copied().filter(|&row| labels[row].count() > 0).collect();
        let own = labelled.len();
        let plan = TrainingPlan::of_rows(faces, labelled).with_heads(Heads::PerRegime);
        let teacher = plan.lasting(self.teacher, self.teacher);
        let teacher = trainer.train(ModelId::named("teacher"), teacher)?;

        let said = trainer.predict(&teacher, rows, &vec![LabelRegime::Full; rows.len()])?;
        let mut lessons = Vec::new();
        for (&row, said) in rows.iter().zip(&said) {
            let (label, regime) = (&labels[row], faces.regime(row));
            match regime {
                LabelRegime::Full => lessons.push((row, fill_gaps(label, said), regime)),
                LabelRegime::FourPoint => {
                    lessons.push((row, *said, LabelRegime::Full));
                    if label.count() > 0 {
                        lessons.push((row, *label, regime));
                    }
                }
            }
        }
        // An epoch is longer by what the teacher says, so there are fewer of them.
        let rest = 1.0 - self.teacher;
        let epochs = rest * own as f64 / lessons.len().max(1) as f64;
        let (rows, targets) = lessons.iter().map(|&(row, target, _)| (row, target)).unzip();
        let student = TrainingPlan::new(rows, targets)
            .with_heads(Heads::PerRegime)
            .taught_as(lessons.iter().map(|&(_, _, regime)| regime).collect())
            .lasting(epochs, rest);
        Ok(Answers::by(trainer.train(ModelId::named("student"), student)?))
    }
}
