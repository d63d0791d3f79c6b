//! From a trained network to a checked submission file.

use std::fmt;
use std::path::Path;

use keypoints_core::{Source, kaggle15};
use keypoints_data::kaggle::DataDir;
use keypoints_kaggle::{CheckReport, Score, Submission, check, image_sources, score};
use keypoints_predict::KeypointPredictor;

use crate::progress::count_bar;

/// What [`write_submission`] did. Prints as the report and, where there is one, the score.
#[derive(Debug)]
pub struct Submitted {
    /// What Kaggle would say of the file.
    pub report: CheckReport,
    /// The score, where the data folder holds the truth (`solution.csv`, as synthetic data does).
    pub score: Option<Score>,
}

impl fmt::Display for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.report)?;
        match self.score.as_ref().and_then(|score| score.overall().rmse()) {
            Some(rmse) => write!(f, "\nscore against solution.csv: {rmse:.3} px"),
            None => Ok(()),
        }
    }
}

/// Predicts the test images, each as its label source marks points, answers every request of the lookup table, writes the file and checks it.
///
/// # Errors
/// Whatever reading, predicting or writing reports.
pub fn write_submission(
    predictor: &dyn KeypointPredictor,
    data: &DataDir,
    path: &Path,
) -> anyhow::Result<Submitted> {
    let (test, lookup) = data.test_and_lookup()?;
    let bar = count_bar(test.len(), "test faces");
    let sources = image_sources(&lookup);
    // An image that nobody asks about may be answered in any way.
    let source = |id| sources.get(id).copied().unwrap_or(kaggle15::FULL);
    let sources: Vec<Source> = test.image_ids().iter().map(source).collect();
    let mut progress = |done| bar.set_position(done as u64);
    let predictions = predictor.predict_as(test.pictures(), &sources, &mut progress)?;
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
