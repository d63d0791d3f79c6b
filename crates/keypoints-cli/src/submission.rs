//! From a trained network to a checked submission file.

use std::path::Path;

use keypoints_data::DataDir;
use keypoints_kaggle::{CheckReport, Score, Submission, check, score};
use keypoints_train::Predictor;

use crate::progress::count_bar;

/// What [`write_submission`] did.
#[derive(Debug)]
pub struct Submitted {
    /// What Kaggle would say of the file.
    pub report: CheckReport,
    /// The score, where the data folder holds the truth (`solution.csv`, as synthetic data does).
    pub score: Option<Score>,
}

/// Predicts the test images, answers every request of the lookup table, writes the file and checks it.
///
/// # Errors
/// Whatever reading, predicting or writing reports.
pub fn write_submission(
    predictor: &Predictor,
    data: &DataDir,
    path: &Path,
) -> anyhow::Result<Submitted> {
    let (test, lookup) = data.test_and_lookup()?;
    let bar = count_bar(test.len(), "test faces");
    let predictions =
        predictor.predict_with(test.images(), &mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let submission = Submission::from_predictions(&lookup, &test, &predictions)?;
    submission.write(path)?;
    let report = check(path, &lookup)?;
    let solution = data.root().join("solution.csv");
    let score = solution
        .exists()
        .then(|| score(&submission, &Submission::read(&solution)?, &lookup))
        .transpose()?;
    Ok(Submitted { report, score })
}
