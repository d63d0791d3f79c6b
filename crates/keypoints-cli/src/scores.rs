//! The score table that programs print.

use comfy_table::{CellAlignment, Table};
use keypoints_train::metrics::ErrorReport;

/// Scores as a table, in pixels: overall, per regime, per keypoint.
///
/// ```
/// use keypoints_train::metrics::ErrorReport;
///
/// let report = ErrorReport { rmse: Some(2.5), labels: 30, ..Default::default() };
/// assert!(keypoints_cli::score_table(&report).contains("2.500"));
/// ```
pub fn score_table(report: &ErrorReport) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["held-out faces", "RMSE, px"]);
    let summary = [
        ("weighted as the test set is", report.weighted_rmse),
        ("all labels", report.rmse),
        ("fully labelled faces", report.rmse_full),
        ("four-point faces", report.rmse_four_point),
    ];
    let keypoints = report.per_keypoint.iter();
    let rows = summary
        .into_iter()
        .map(|(name, rmse)| (name.to_owned(), rmse))
        .chain(keypoints.map(|(keypoint, &rmse)| (keypoint.to_string(), Some(rmse))));
    for (name, rmse) in rows {
        table.add_row([name, rmse.map_or_else(|| "-".to_owned(), |rmse| format!("{rmse:.3}"))]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}
