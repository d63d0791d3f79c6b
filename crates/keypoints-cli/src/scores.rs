//! The score table that programs print.

use comfy_table::{CellAlignment, Table};
use keypoints_core::{ErrorReport, RelativeErrors};

/// Scores as a table, in pixels: overall, per source, per keypoint.
///
/// ```
/// use keypoints_core::ErrorReport;
///
/// let report = ErrorReport { rmse: Some(2.5), labels: 30, ..Default::default() };
/// assert!(keypoints_cli::score_table(&report).contains("2.500"));
/// ```
pub fn score_table(report: &ErrorReport) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["held-out faces", "RMSE, px"]);
    let mut rows = Vec::new();
    if report.weighted_rmse.is_some() {
        rows.push(("weighted by label source".to_owned(), report.weighted_rmse));
    }
    rows.push(("all labels".to_owned(), report.rmse));
    let source = |(name, &rmse): (&str, &f64)| (format!("label source {name}"), Some(rmse));
    rows.extend(report.sources.iter().map(source));
    let keypoints = report.per_keypoint.iter();
    rows.extend(keypoints.map(|(keypoint, &rmse)| (keypoint.to_owned(), Some(rmse))));
    for (name, rmse) in rows {
        table.add_row([name, rmse.map_or_else(|| "-".to_owned(), |rmse| format!("{rmse:.3}"))]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// Errors relative to the schema's unit as a table, in percent: mean, median, failures, area under the cumulative error curve, and
/// groups of points.
///
/// ```
/// use keypoints_core::RelativeErrors;
///
/// assert!(keypoints_cli::relative_table(&RelativeErrors::default()).contains("normalised mean error"));
/// ```
pub fn relative_table(errors: &RelativeErrors) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([format!("{} objects", errors.nme.rows), "% of the unit".to_owned()]);
    for (name, value) in relative_rows(errors) {
        table.add_row([name, value]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// Names and values of a table of relative errors.
pub(crate) fn relative_rows(errors: &RelativeErrors) -> Vec<(String, String)> {
    let nme = &errors.nme;
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let row = |name: &str, value| (name.to_owned(), value);
    let mut rows = vec![
        row("normalised mean error (NME)", percent(nme.mean)),
        row("median", percent(nme.median)),
        row("objects above 8 %", percent(nme.failure_rate_8)),
        row("objects above 10 %", percent(nme.failure_rate)),
        row("area under the curve to 8 %", percent(nme.auc_8)),
        row("area under the curve to 10 %", percent(nme.auc)),
    ];
    let group = |(name, &error): (&str, &f64)| (format!("NME of {name}"), percent(error));
    rows.extend(errors.groups.iter().map(group));
    rows
}
