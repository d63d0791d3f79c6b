//! The scores of a cross-validation as text.

use std::fmt::Write;

use keypoints_data::Keypoint;

use super::report::CvReport;
use crate::markdown::{number, score_columns, scores, table, with_deviation};
use crate::predict::Which;
use crate::study::{CellResult, Spread};

const OUT_OF_FOLD: &str =
    "Out of fold: every face was predicted by a network that never saw its picture";

const NOTE: &str = "`mean` is over the folds, ± their standard deviation; `pooled` counts the labels of all folds together. Minutes and images per \
second are of training and validation.";

/// After who answered: whether anything was chosen on the faces that are scored.
const fn chosen(answering: Which) -> &'static str {
    match answering {
        Which::Best => ". Which epoch answers was chosen by the score on the fold itself.",
        Which::Last => ", as it was after its last epoch.",
    }
}

impl CvReport {
    /// Two Markdown tables: scores per fold and over all of them, and errors per keypoint.
    pub fn to_markdown(&self) -> String {
        let clean = self.suspicious > 0;
        let mut columns = vec!["", "faces"];
        columns.extend(score_columns(clean));
        columns.extend(["minutes", "images/s"]);
        let mut rows: Vec<Vec<String>> =
            self.folds.iter().map(|fold| self.fold_row(fold, columns.len())).collect();
        rows.push(self.mean_row());
        let mut pooled = vec!["pooled".to_owned(), self.rows.to_string()];
        pooled.extend(scores(&self.pooled, clean.then_some(&self.pooled_clean)));
        pooled.extend([String::new(), String::new()]);
        rows.push(pooled);
        let mut text = table(&columns, 1, &rows);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{OUT_OF_FOLD}{} {NOTE}", chosen(self.answering_epoch));
        if let Some(error) = self.pooled_error {
            let without = match self.pooled_clean_error.filter(|_| clean) {
                Some(error) => format!(", {error:.3} px without suspicious rows"),
                None => String::new(),
            };
            let _ = writeln!(
                text,
                "Standard error of the pooled weighted RMSE over the faces: {error:.3} px{without}."
            );
        }
        if clean {
            let _ = writeln!(text, "{} rows are called suspicious.", self.suspicious);
        }
        let diverged = self.folds.iter().filter(|fold| fold.failure.is_some()).count();
        if self.folds.len() < self.planned {
            let _ = writeln!(text, "{} of {} folds are finished.", self.folds.len(), self.planned);
        }
        if diverged > 0 {
            let _ = writeln!(
                text,
                "{diverged} folds diverged: their rows are not in the pooled scores."
            );
        }
        let keypoint = |keypoint: Keypoint| {
            let spread = self.spread.per_keypoint.get(&keypoint);
            let pooled = self.pooled.per_keypoint.get(&keypoint).copied();
            let mean = spread.map_or("–".to_owned(), with_deviation);
            vec![keypoint.to_string(), mean, number(pooled, 3)]
        };
        text.push('\n');
        text.push_str(&table(
            &["keypoint", "RMSE, px", "pooled, px"],
            1,
            &Keypoint::ALL.map(keypoint),
        ));
        text
    }

    fn fold_row(&self, fold: &CellResult, cells: usize) -> Vec<String> {
        let CellResult { raw, clean, seconds, images, failure, .. } = fold;
        let name = format!("fold {}", fold.fold);
        let mut row = match failure {
            Some(failure) => vec![name, failure.clone()],
            None => {
                let clean = (self.suspicious > 0).then_some(clean);
                let speed = (*seconds > 0.0).then(|| *images as f64 / seconds);
                let minutes = number(Some(seconds / 60.0), 1);
                let mut row = vec![name, fold.faces.to_string()];
                row.extend(scores(raw, clean));
                row.extend([minutes, number(speed, 0)]);
                row
            }
        };
        row.resize(cells, String::new());
        row
    }

    /// Means over the folds that have scores.
    fn mean_row(&self) -> Vec<String> {
        let scored: Vec<&CellResult> =
            self.folds.iter().filter(|fold| fold.failure.is_none()).collect();
        let mean = |value: fn(&CellResult) -> Option<f64>| {
            let values: Vec<f64> = scored.iter().filter_map(|fold| value(fold)).collect();
            with_deviation(&Spread::of(&values))
        };
        let spread = &self.spread;
        let mut row = vec![format!("mean of {} folds", scored.len()), String::new()];
        row.extend([&spread.weighted, &spread.full, &spread.four_point].map(with_deviation));
        if self.suspicious > 0 {
            row.push(with_deviation(&spread.weighted_clean));
            row.push(mean(|fold| fold.clean.rmse_full));
            row.push(mean(|fold| fold.clean.rmse_four_point));
        }
        row.push(number(spread.seconds.mean.map(|seconds| seconds / 60.0), 1));
        row.push(String::new());
        row
    }
}
