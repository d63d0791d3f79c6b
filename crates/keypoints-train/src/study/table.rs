//! The comparison as text.

use std::fmt::Write;

use keypoints_data::Keypoint;

use super::idea;
use super::summary::{Spread, Summary, SummaryRow};
use crate::csv::quoted;
use crate::markdown::{number, table, with_deviation};

/// A column of the CSV: its name, and what a row measured.
type Measured = (&'static str, fn(&SummaryRow) -> &Spread);

/// A column: its name and unit, and how a row fills it.
type Column = (&'static str, fn(&SummaryRow) -> String);

const COLUMNS: &[Column] = &[
    ("strategy or idea", |row| row.strategy.clone()),
    ("network", |row| row.network.clone()),
    ("weighted RMSE, px", |row| with_deviation(&row.weighted)),
    ("without suspicious rows, px", |row| with_deviation(&row.weighted_clean)),
    ("full faces, px", |row| number(row.full.mean, 3)),
    ("four-point faces, px", |row| number(row.four_point.mean, 3)),
    ("NME, %", |row| number(row.nme.mean.map(|value| 100.0 * value), 2)),
    ("failures, %", |row| number(row.failure_rate.mean.map(|value| 100.0 * value), 1)),
    ("AUC", |row| number(row.auc.mean, 3)),
    ("runs", |row| match row.diverged {
        0 => row.cells.to_string(),
        diverged => format!("{} ({diverged} diverged)", row.cells + diverged),
    }),
    ("images seen", |row| number(row.images.mean, 0)),
    ("minutes", |row| number(row.seconds.mean.map(|seconds| seconds / 60.0), 1)),
    ("notebook on Kaggle, px", |row| number(row.notebook, 2)),
];

const NOTE: &str = "Mean ± standard deviation over runs (folds and seeds), on held-out training rows; unless the settings let the last epoch answer (`answering_epoch`), \
the epoch was chosen on the same rows. NME: mean distance over the labelled keypoints of a \
face as a share of the distance between the eye centres; failures: faces with more than 10 %; AUC: area under the cumulative error curve up to there. \
The notebook's scores are on Kaggle's test set, and its rows with the six-convolution network were trained on its validation split (20 % of the rows): compare the \
order, not the numbers.";

impl Summary {
    /// The names of the columns of [`Summary::cells`].
    pub fn columns() -> Vec<&'static str> {
        COLUMNS.iter().map(|(name, _)| *name).collect()
    }

    /// The table as text, row by row.
    pub fn cells(&self) -> Vec<Vec<String>> {
        let row = |row| COLUMNS.iter().map(|(_, cell)| cell(row)).collect();
        self.rows.iter().map(row).collect()
    }

    /// What the columns mean.
    pub fn note() -> &'static str {
        NOTE
    }

    /// What the columns of [`Summary::effects`] mean in a table.
    pub fn effects_note() -> &'static str {
        idea::NOTE
    }

    /// A Markdown table, and under it what the columns mean.
    pub fn to_markdown(&self) -> String {
        let mut text = table(&Self::columns(), 2, &self.cells());
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{NOTE}\n");
        if !self.effects.is_empty() {
            let _ = write!(text, "\n{}", idea::to_markdown(&self.effects));
        }
        text
    }

    /// One line per row with full precision: means and deviations, then a column per keypoint.
    pub fn to_csv(&self) -> String {
        let spreads: [Measured; 10] = [
            ("weighted_rmse", |row| &row.weighted),
            ("weighted_rmse_clean", |row| &row.weighted_clean),
            ("rmse_full", |row| &row.full),
            ("rmse_four_point", |row| &row.four_point),
            ("nme", |row| &row.nme),
            ("failure_rate", |row| &row.failure_rate),
            ("auc", |row| &row.auc),
            ("networks_trained", |row| &row.networks_trained),
            ("images", |row| &row.images),
            ("seconds", |row| &row.seconds),
        ];
        let cell = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let mut text = "strategy,network,runs,diverged,notebook_kaggle".to_owned();
        for (name, _) in spreads {
            let _ = write!(text, ",{name},{name}_deviation");
        }
        for keypoint in Keypoint::ALL {
            let _ = write!(text, ",rmse_{keypoint}");
        }
        text.push('\n');
        for row in &self.rows {
            let SummaryRow { strategy, network, cells, diverged, .. } = row;
            let (strategy, network) = (quoted(strategy), quoted(network));
            let _ = write!(text, "{strategy},{network},{cells},{diverged},{}", cell(row.notebook));
            for (_, spread) in spreads {
                let spread = spread(row);
                let _ = write!(text, ",{},{}", cell(spread.mean), cell(spread.deviation));
            }
            for keypoint in Keypoint::ALL {
                let mean = row.per_keypoint.get(&keypoint).and_then(|spread| spread.mean);
                let _ = write!(text, ",{}", cell(mean));
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_comma_is_one_cell() {
        let row =
            |strategy: &str| SummaryRow { strategy: strategy.to_owned(), ..Default::default() };
        let summary = Summary { rows: vec![row("base"), row("wide, deep")], ..Default::default() };
        let csv = summary.to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        let commas = |line: &str| line.matches(',').count();
        assert_eq!(commas(lines[0]), commas(lines[1]));
        assert!(lines[2].starts_with("\"wide, deep\","), "{}", lines[2]);
    }
}
