//! The score table that programs print.

use comfy_table::{CellAlignment, Table};
use keypoints_core::ErrorReport;

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
