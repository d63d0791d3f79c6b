//! The scores of a cross-validation as text.

use std::fmt::Write;

use keypoints_data::Keypoint;

use super::report::CvReport;
use crate::metrics::ErrorReport;
use crate::study::{CellResult, Spread};

const HEADER: &str = "\
| | faces | weighted RMSE, px | without suspicious rows, px | full faces, px | four-point faces, px | minutes | images/s |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

const NOTE: &str = "Out of fold: every face was predicted by a network that never saw its picture (which epoch answers was \
chosen by the score on the fold itself). `mean` is over the folds, ± their \
standard deviation; `pooled` counts the labels of all folds together. Minutes and images per second are of training and validation.";

impl CvReport {
    /// Two Markdown tables: scores per fold and over all of them, and errors per keypoint.
    pub fn to_markdown(&self) -> String {
        let mut text = HEADER.to_owned();
        for fold in &self.folds {
            text.push_str(&self.fold_row(fold));
        }
        let spread = &self.spread;
        let clean = self.suspicious > 0;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| mean of {} folds | | {} | {} | {} | {} | {} | |",
            spread.cells,
            mean(&spread.weighted),
            if clean { mean(&spread.weighted_clean) } else { "–".to_owned() },
            mean(&spread.full),
            mean(&spread.four_point),
            number(spread.seconds.mean.map(|seconds| seconds / 60.0), 1),
        );
        let _ = writeln!(
            text,
            "| pooled | {} | {} | {} | {} | {} | | |",
            self.rows,
            number(self.pooled.weighted_rmse, 3),
            number(self.pooled_clean.weighted_rmse.filter(|_| clean), 3),
            number(self.pooled.rmse_full, 3),
            number(self.pooled.rmse_four_point, 3),
        );
        let _ = writeln!(text, "\n{NOTE}");
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
        text.push_str("\n| keypoint | RMSE, px | pooled, px |\n| --- | ---: | ---: |\n");
        for keypoint in Keypoint::ALL {
            let spread = spread.per_keypoint.get(&keypoint).map_or("–".to_owned(), mean);
            let pooled = number(self.pooled.per_keypoint.get(&keypoint).copied(), 3);
            let _ = writeln!(text, "| {keypoint} | {spread} | {pooled} |");
        }
        text
    }

    fn fold_row(&self, fold: &CellResult) -> String {
        let CellResult { fold: number_of_fold, raw, clean, seconds, images, .. } = fold;
        if let Some(failure) = &fold.failure {
            return format!("| fold {number_of_fold} | {failure} | | | | | | |\n");
        }
        let speed = (*seconds > 0.0).then(|| *images as f64 / seconds);
        let clean = clean.weighted_rmse.filter(|_| self.suspicious > 0);
        let ErrorReport { weighted_rmse, rmse_full, rmse_four_point, .. } = raw;
        format!(
            "| fold {number_of_fold} | {} | {} | {} | {} | {} | {} | {} |\n",
            fold.faces,
            number(*weighted_rmse, 3),
            number(clean, 3),
            number(*rmse_full, 3),
            number(*rmse_four_point, 3),
            number(Some(seconds / 60.0), 1),
            number(speed, 0),
        )
    }
}

pub(crate) fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
}

fn mean(spread: &Spread) -> String {
    match spread.deviation {
        Some(deviation) => format!("{} ± {deviation:.3}", number(spread.mean, 3)),
        None => number(spread.mean, 3),
    }
}
