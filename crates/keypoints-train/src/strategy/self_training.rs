//! Train, fill the gaps by what was learned, train anew on both.

use keypoints_data::{FaceDataset, LabelRegime, Labels, Split, k_fold};
use serde::{Deserialize, Serialize};

use super::pseudo_labels::fill_gaps;
use super::{Answers, Heads, ModelId, Strategy, Trainer, TrainingPlan};
use crate::error::TrainError;

/// Trains a teacher as [`Masked`](super::Masked) with a head per regime does; then a student of the same kind from fresh weights on the same labels and, for the head of
/// full faces, on what the teacher says of the four-point faces and of the gaps of the full ones. The student answers.
///
/// With several `teachers`, what is said of a face is said out of fold: the faces are cut into as many parts, none through the copies of a picture, and each part's gaps are
/// filled by the teacher that was trained without it.
///
/// **Assumes** that the teacher's answers are right on average. Its head of full faces has never seen a label of a four-point face, but the layers before it have; out of fold they
/// have not either.
///
/// **Fails** where the labels of full faces are many enough already, or the time is too short for two networks one after the other: the cost is that of one network trained
/// for as many epochs as the config says.
///
/// **Source**: self-training with a noisy student (Xie, Luong, Hovy and Le, 2020); beyond the notebook, whose [`PseudoLabels`](super::PseudoLabels) have one head that both groups of
/// annotators teach.
///
/// **Measured** with a narrow `SimpleCnn` at half size, 40,000 training images, two seeds on one fold of the real files: 2.98 px weighted (2.86 on full faces, 3.19 on four-point faces), where one
/// network trained for as long has 2.44. Over the recipe `fast` at eight epochs it brings nothing either, with four teachers in four times the time: 1.21 px without mislabelled rows, where the recipe has 1.09.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfTraining {
    /// Share of the training that the teacher gets, or all teachers together, between 0 and 1.
    pub teacher: f64,
    /// 1: one teacher, for all faces. From 2 on: as many, each for the faces that it was trained without.
    pub teachers: usize,
}

/// Which faces go to which teacher: the same in every run, whatever its own seed.
const PARTS_SEED: u64 = 1;

impl Default for SelfTraining {
    fn default() -> Self {
        Self { teacher: 0.4, teachers: 1 }
    }
}

impl Strategy for SelfTraining {
    fn check(&self) -> Result<(), TrainError> {
        let invalid = |field, expected, found: String| {
            Err(TrainError::InvalidConfig { field, expected, found })
        };
        if !(self.teacher > 0.0 && self.teacher < 1.0) {
            let found = self.teacher.to_string();
            return invalid("strategy.teacher", "above 0 and below 1", found);
        }
        match self.teachers {
            0 => invalid("strategy.teachers", "at least 1", "0".to_owned()),
            _ => Ok(()),
        }
    }

    fn train(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        let labels = faces.labels();
        let own = rows.iter().filter(|&&row| labels[row].count() > 0).count();
        let said = self.ask(faces, rows, trainer)?;
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

impl SelfTraining {
    /// What is said of each row by its teacher, in the order of the rows.
    fn ask(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Vec<Labels>, TrainError> {
        // Several see all parts but one, and together as many pictures as one alone would.
        let each = self.teacher / self.teachers as f64;
        let epochs = self.teacher / (self.teachers.max(2) as f64 - 1.0);
        let mut said = vec![Labels::default(); rows.len()];
        for (name, part) in self.parts(faces, rows)? {
            let seen = part.train.iter().map(|&at| rows[at]);
            let seen = seen.filter(|&row| faces.labels()[row].count() > 0).collect();
            let plan = TrainingPlan::of_rows(faces, seen).with_heads(Heads::PerRegime);
            let teacher = trainer.train(ModelId::named(name), plan.lasting(epochs, each))?;
            let asked: Vec<usize> = part.validation.iter().map(|&at| rows[at]).collect();
            let answers =
                trainer.predict(&teacher, &asked, &vec![LabelRegime::Full; asked.len()])?;
            for (&at, answer) in part.validation.iter().zip(answers) {
                said[at] = answer;
            }
        }
        Ok(said)
    }

    /// The teachers by name: which of the rows each learns from, and which it is asked about.
    fn parts(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
    ) -> Result<Vec<(String, Split)>, TrainError> {
        if self.teachers == 1 {
            let all: Vec<usize> = (0..rows.len()).collect();
            return Ok(vec![("teacher".to_owned(), Split { train: all.clone(), validation: all })]);
        }
        let parts = k_fold(&faces.select(rows), self.teachers, PARTS_SEED).map_err(|error| {
            let found = format!("{}: {error}", self.teachers);
            let expected = "a number that the data can be cut into";
            TrainError::InvalidConfig { field: "strategy.teachers", expected, found }
        })?;
        let numbered = |(part, number): (Split, usize)| (format!("teacher-{number}"), part);
        Ok(parts.into_iter().zip(1..).map(numbered).collect())
    }
}
