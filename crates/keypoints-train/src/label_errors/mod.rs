//! Label errors: rows whose labels are probably wrong.
//!
//! The error of a network on a face that it never saw depends on the keypoint and the label source. A label much further off than
//! is usual for its keypoint and source is suspicious: it may be wrong, or no network predicts the face well. [`suspects`] ranks the
//! rows; a human looks at the pictures and decides.
//!
//! ```
//! use keypoints_data::kaggle;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_core::kaggle15;
//! use keypoints_train::label_errors::{suspects, write_suspects};
//! use keypoints_train::{HeldOutPredictions, HeldOutRow};
//!
//! // Predictions that are right to a pixel or two, and labels of which one is wrong.
//! let faces = generate(&SynthConfig { training: 50, test: 1, ..Default::default() }).training;
//! let row = |row: usize| {
//!     let labels = &faces.labels()[row];
//!     let prediction = labels.present().map(|(one, at)| (one, at + (row % 3) as f32)).collect();
//!     HeldOutRow { row, source: faces.sources()[row], prediction, spread: None }
//! };
//! let predictions = HeldOutPredictions { rows: (0..50).map(row).collect() };
//! let mut labels = faces.labels().to_vec();
//! let nose = kaggle15::NOSE_TIP.x();
//! let moved = labels[17].get(nose).map(|x| x + 20.0);
//! labels[17].set(nose, moved);
//! let faces = kaggle::dataset(faces.pictures().clone(), labels)?;
//!
//! let ranked = suspects(&faces, &predictions)?;
//! assert_eq!((ranked[0].row, ranked[0].keypoint), (17, kaggle15::NOSE_TIP));
//! let folder = tempfile::tempdir()?;
//! write_suspects(&folder.path().join("suspicious.csv"), faces.schema(), &ranked[..1])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod usual;

use std::path::Path;

use keypoints_core::{Dataset, Keypoint, Schema, Source};

use crate::error::TrainError;
use crate::files::write_file;
use crate::run::HeldOutPredictions;
use usual::{Residuals, Usual, residuals};

/// The score from which a row is worth a look: its worst label is this many usual deviations further off than the median label of
/// its kind. With normally distributed errors, not one label in a trillion would be.
pub const SUSPICIOUS_SCORE: f64 = 10.0;

/// A row, and how far its worst label is from what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suspect {
    /// Row of the dataset, counted from 0.
    pub row: usize,
    /// The label source of the row.
    pub source: Source,
    /// Distance of its worst label from the prediction, less the median distance of that keypoint in that source, in
    /// usual deviations of that distance (1.4826 times the median absolute deviation).
    pub score: f64,
    /// The worst label.
    pub keypoint: Keypoint,
    /// Its distance from the prediction, in pixels.
    pub residual: f64,
}

/// Ranks the predicted rows by how suspicious their labels are, worst first. Rows without a label are left out.
///
/// # Errors
/// [`TrainError::RowOutOfRange`] if a prediction is about a row that the dataset does not have.
pub fn suspects(
    dataset: &Dataset,
    predictions: &HeldOutPredictions,
) -> Result<Vec<Suspect>, TrainError> {
    let rows = dataset.len();
    if let Some(one) = predictions.rows.iter().find(|one| one.row >= rows) {
        return Err(TrainError::RowOutOfRange { row: one.row, rows });
    }
    let measured = predictions.rows.iter().map(|one| {
        let truth = &dataset.labels()[one.row];
        let found = residuals(dataset.schema(), truth, &one.prediction);
        (one.row, dataset.sources()[one.row], found)
    });
    let measured: Vec<(usize, Source, Residuals)> = measured.collect();
    let usual = Usual::of(measured.iter().map(|(_, source, found)| (*source, found.as_slice())));
    let worst = |&(row, source, ref found): &(usize, Source, Residuals)| {
        let scored = found.iter().map(|&(keypoint, residual)| {
            let score = usual.score(source, keypoint, residual);
            Suspect { row, source, score, keypoint, residual }
        });
        scored.max_by(|a, b| a.score.total_cmp(&b.score))
    };
    let mut ranked: Vec<Suspect> = measured.iter().filter_map(worst).collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
    Ok(ranked)
}

/// Writes `row,score,keypoint,residual`, the row counted from 1: a list that
/// [`read_row_list`](keypoints_data::read_row_list) and [`DownWeight`](crate::DownWeight) read.
///
/// # Errors
/// [`TrainError::Io`] with the file.
pub fn write_suspects(
    path: &Path,
    schema: &Schema,
    suspects: &[Suspect],
) -> Result<(), TrainError> {
    let mut text = "row,score,keypoint,residual\n".to_owned();
    for Suspect { row, score, keypoint, residual, .. } in suspects {
        let keypoint = schema.name_of(*keypoint);
        text += &format!("{},{score:.2},{keypoint},{residual:.2}\n", row + 1);
    }
    write_file(path, text.as_bytes())
}
