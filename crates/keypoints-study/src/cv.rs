//! Cross-validation: a study that varies nothing, and what its folds say together of faces that they never saw.
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_study::cv::CvReport;
//! use keypoints_study::{Share, Study, StudyConfig, StudyFolder};
//! use keypoints_train::NoObserver;
//!
//! let faces = generate(&SynthConfig { training: 40, test: 1, ..Default::default() }).training;
//! let study = StudyConfig::from_json(r#"{
//!     "base": { "network": { "network": "simple_cnn", "channels": [2, 2, 2], "hidden": 4 }, "epochs": 1 },
//!     "folds": 2
//! }"#)?;
//! let folder = tempfile::tempdir()?;
//!
//! Study::new(&faces, study).run(folder.path(), Share::default(), &Device::flex(), &mut NoObserver)?;
//! let report = CvReport::write(&StudyFolder::open(folder.path())?, &faces)?;
//! println!("{}", report.to_markdown());
//! assert_eq!((report.folds.len(), report.pooled.faces), (2, 40));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::path::PathBuf;

use keypoints_core::{Dataset, Schema};
use keypoints_predict::CalibrationPoint;
use keypoints_train::files::{write_file, write_json};
use keypoints_train::{Checkpoint, HeldOutPredictions, RunFolder};
use serde::{Deserialize, Serialize};

use crate::calibration::{self, CalibrationReport, CheckedPoint};
use crate::error::StudyError;
use crate::scores::{Influence, Scores};
use crate::study::{CellResult, State, StudyFolder};
use crate::summary::{Summary, SummaryRow};

/// The scores of a cross-validation: the contents of its `scores.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CvReport {
    /// Checkpoint that each fold keeps; `best` is selected on the fold itself.
    pub checkpoint: Checkpoint,
    /// How many folds are to be trained.
    pub planned: usize,
    /// The ended folds, ascending, failed ones among them.
    pub folds: Vec<CellResult>,
    /// The scores over all held-out rows together.
    pub pooled: Scores,
    /// Standard error of the pooled score over the faces, in pixels.
    pub pooled_error: Option<f64>,
    /// The same without suspicious rows.
    pub pooled_clean_error: Option<f64>,
    /// Mean and standard deviation over the folds.
    pub mean: SummaryRow,
    /// Whether the uncertainty of points means what it says; with at least two folds of a network with heat maps.
    #[serde(default)]
    pub calibration: Option<CalibrationReport>,
}

/// The file with the out-of-fold predictions.
pub fn predictions_path(folder: &StudyFolder) -> PathBuf {
    folder.path().join("predictions.csv")
}

/// The file with the calibration by all held-out rows: `export --calibration` puts it into a model file.
pub fn calibration_path(folder: &StudyFolder) -> PathBuf {
    folder.path().join("calibration.json")
}

/// Returns the held-out points of all finished folds whose networks draw heat maps, each with its uncertainty by the calibration of the
/// other folds.
///
/// # Errors
/// As [`predictions`].
pub fn checked_points(
    folder: &StudyFolder,
    dataset: &Dataset,
) -> Result<Vec<CheckedPoint>, StudyError> {
    Ok(calibration::check(dataset.schema(), &calibration_points(folder, dataset)?))
}

fn calibration_points(
    folder: &StudyFolder,
    dataset: &Dataset,
) -> Result<Vec<Vec<CalibrationPoint>>, StudyError> {
    let of = |run: &RunFolder| -> Result<_, StudyError> {
        Ok(HeldOutPredictions::of_run(dataset.schema(), run)?.calibration_points(dataset))
    };
    finished_folds(folder)?.iter().map(of).collect()
}

/// Returns the predictions for all rows that a finished fold has held out, in the order of the rows.
///
/// # Errors
/// [`StudyError::WrongFolder`] for another study or without a finished fold; as [`HeldOutPredictions::of_run`] with a file.
pub fn predictions(
    folder: &StudyFolder,
    schema: &Schema,
) -> Result<HeldOutPredictions, StudyError> {
    let runs = finished_folds(folder)?;
    let parts: Result<Vec<_>, _> =
        runs.iter().map(|run| HeldOutPredictions::of_run(schema, run)).collect();
    Ok(HeldOutPredictions::join(parts?))
}

/// Returns the run folders of the finished folds, ascending.
///
/// # Errors
/// [`StudyError::WrongFolder`] for another study or without a finished fold.
pub fn finished_folds(folder: &StudyFolder) -> Result<Vec<RunFolder>, StudyError> {
    let wrong = |problem: &str| {
        let (path, problem) = (folder.path().to_owned(), problem.to_owned());
        Err(StudyError::WrongFolder { path, problem })
    };
    if !folder.record().study.is_cross_validation() {
        return wrong("this study compares settings; name the folder of one of its cells");
    }
    let runs = folder.finished()?;
    match runs.is_empty() {
        true => wrong("no fold of this cross-validation is finished; run it first"),
        false => Ok(runs),
    }
}

impl CvReport {
    /// Scores the finished folds of a folder together, and writes `predictions.csv`, `scores.md`, `scores.json` and, of networks with heat
    /// maps, `calibration.json`.
    ///
    /// # Errors
    /// As [`predictions`], or [`TrainError::Io`](keypoints_train::TrainError::Io) with the file that cannot be written.
    pub fn write(folder: &StudyFolder, dataset: &Dataset) -> Result<Self, StudyError> {
        let (report, held_out) = Self::of(folder, dataset)?;
        let schema = dataset.schema();
        if report.pooled.faces > 0 {
            held_out.write(schema, &predictions_path(folder))?;
            if let Some(calibration) = held_out.calibration(dataset) {
                write_json(&calibration_path(folder), &calibration)?;
            }
        }
        write_file(&folder.path().join("scores.md"), report.to_markdown().as_bytes())?;
        write_json(&folder.path().join("scores.json"), &report)?;
        Ok(report)
    }

    /// The report, and the predictions that it is about.
    fn of(
        folder: &StudyFolder,
        dataset: &Dataset,
    ) -> Result<(Self, HeldOutPredictions), StudyError> {
        let study = &folder.record().study;
        let (mut held_out, mut points) = (HeldOutPredictions::default(), Vec::new());
        let mut folds: Vec<CellResult> = Vec::new();
        for (run, fold) in folder.results()? {
            let Some(fold) = fold.filter(CellResult::ended) else { continue };
            if fold.state == State::Finished {
                let of_fold = HeldOutPredictions::of_run(dataset.schema(), &run)?;
                points.push(of_fold.calibration_points(dataset));
                held_out.rows.extend(of_fold.rows);
            }
            folds.push(fold);
        }
        let mean = SummaryRow::of("mean", &folds.iter().collect::<Vec<_>>());
        // The mean has the errors and the pool the influences, face by face; nobody needs them twice.
        folds.iter_mut().for_each(|fold| fold.scores.forget_faces());
        let mut pooled = Scores::of(&held_out, dataset, &study.suspicious_rows);
        let pooled_error = Influence::error(&pooled.influences, |one| one.raw);
        let pooled_clean_error = Influence::error(&pooled.influences, |one| one.clean);
        pooled.forget_faces();
        let (checkpoint, planned) = (study.base.checkpoint, study.parts());
        let calibration = CalibrationReport::of(calibration::check(dataset.schema(), &points));
        let report = Self {
            checkpoint,
            planned,
            folds,
            pooled,
            pooled_error,
            pooled_clean_error,
            mean,
            calibration,
        };
        Ok((report, HeldOutPredictions::join([held_out])))
    }

    /// Returns the table of the folds, of their mean and of all rows together.
    pub fn summary(&self) -> Summary {
        let row = |fold: &CellResult| SummaryRow::of(&format!("fold {}", fold.fold), &[fold]);
        let mut rows: Vec<SummaryRow> = self.folds.iter().map(row).collect();
        let name = format!("mean of {} folds", self.mean.finished);
        let mean = SummaryRow { name, network: String::new(), ..self.mean.clone() };
        let pooled = SummaryRow::of_scores("pooled", 0, &self.pooled);
        for row in &mut rows {
            row.network.clear();
        }
        rows.extend([mean, pooled]);
        Summary { cells: self.planned, rows, ..Summary::default() }
    }

    /// Returns Markdown tables, scores per fold and over all rows, errors per keypoint and coverage by uncertainty, and what they mean.
    pub fn to_markdown(&self) -> String {
        let selected = match self.checkpoint {
            Checkpoint::Best => {
                "The checkpoint of a fold was selected by its score on the fold itself."
            }
            Checkpoint::Last => "The last checkpoint of each fold is scored.",
        };
        let mut notes = format!(
            "Every face was predicted by a network that never saw its picture. {selected} `mean` is over the folds, ± their standard \
             deviation; `pooled` counts the labels of all folds together.\n"
        );
        let suspicious = self.pooled.suspicious;
        if let Some(error) = self.pooled_error {
            let without = match self.pooled_clean_error.filter(|_| suspicious > 0) {
                Some(error) => format!(", {error:.3} px without suspicious rows"),
                None => String::new(),
            };
            notes += &format!(
                "Standard error of the pooled score over the faces: {error:.3} px{without}.\n"
            );
        }
        if suspicious > 0 {
            notes += &format!("{suspicious} rows are called suspicious.\n");
        }
        if self.folds.len() < self.planned {
            notes += &format!("{} of {} folds are finished.\n", self.folds.len(), self.planned);
        }
        for (fold, failure) in
            self.folds.iter().filter_map(|one| Some((one.fold, one.failure.as_ref()?)))
        {
            notes += &format!("Fold {fold} failed and is not in the scores: {failure}\n");
        }
        let tables = self.summary().to_tables(&notes);
        match &self.calibration {
            Some(calibration) => tables + "\n" + &calibration.to_markdown(),
            None => tables,
        }
    }
}
