//! How far filled-in labels lie from the truth.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use keypoints_core::Named;
use serde::{Deserialize, Serialize};

/// Errors of an imputer at hidden labels, in pixels; see [`HiddenLabels::score`](super::HiddenLabels::score).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImputationReport {
    /// Root mean squared error over all hidden labels that were filled; `None` if none was.
    pub rmse: Option<f64>,
    /// The same per keypoint, over both its coordinates. Keypoints of which nothing was filled are left out.
    pub per_keypoint: Named<f64>,
    /// Labels that were hidden.
    pub hidden: usize,
    /// Hidden labels that were filled. What stays a gap counts in no error, so compare errors of imputers that
    /// fill alike.
    pub filled: usize,
    /// The rows with the largest error, worst first, ten at most.
    pub worst_rows: Vec<RowError>,
}

/// The error of one row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowError {
    /// Index of the row, from 0.
    pub row: usize,
    /// Root mean squared error over its hidden labels that were filled.
    pub rmse: f64,
}

/// Several reports side by side, one named column each: overall, per keypoint, and how much was filled.
///
/// ```
/// use keypoints_data::impute::{ImputationReport, imputation_table};
///
/// let report = ImputationReport { rmse: Some(2.5), hidden: 22, filled: 22, ..Default::default() };
/// let table = imputation_table(&[("column_mean", &report)]);
/// assert!(table.contains("| all hidden labels |       2.500 |"));
/// ```
pub fn imputation_table(reports: &[(&str, &ImputationReport)]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    let mut add = |name: &str, cell: &dyn Fn(&ImputationReport) -> String| {
        let cells = reports.iter().map(|(_, report)| cell(report));
        table.add_row([name.to_owned()].into_iter().chain(cells));
    };
    let pixels =
        |rmse: Option<f64>| rmse.map_or_else(|| "-".to_owned(), |rmse| format!("{rmse:.3}"));
    add("all hidden labels", &|report| pixels(report.rmse));
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in reports.iter().flat_map(|(_, report)| report.per_keypoint.iter()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        add(name, &|report| pixels(report.per_keypoint.get(name).copied()));
    }
    add("filled", &|report| format!("{} of {}", report.filled, report.hidden));
    table.set_header(["RMSE, px"].into_iter().chain(reports.iter().map(|(name, _)| *name)));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}
