//! Tables for people.

use crate::metrics::ErrorReport;
use crate::study::Spread;

/// A Markdown table: the first `left` columns hold names, the others numbers.
///
/// Every row has a cell per column.
pub(crate) fn table(columns: &[impl AsRef<str>], left: usize, rows: &[Vec<String>]) -> String {
    let columns: Vec<String> = columns.iter().map(|one| one.as_ref().to_owned()).collect();
    let under = |at| if at < left { "---" } else { "---:" };
    let under: Vec<String> = (0..columns.len()).map(|at| under(at).to_owned()).collect();
    let line = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    [columns, under].iter().chain(rows).map(line).collect()
}

/// A number with so many decimals, or a dash.
pub(crate) fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
}

/// The mean, ± its deviation where there is one.
pub(crate) fn with_deviation(spread: &Spread) -> String {
    match spread.deviation {
        Some(deviation) => format!("{} ± {deviation:.3}", number(spread.mean, 3)),
        None => number(spread.mean, 3),
    }
}

/// What [`scores`] and its like fill: the scores of all rows and, if some are called suspicious, of the others.
pub(crate) fn score_columns(suspicious: bool) -> Vec<&'static str> {
    let mut columns = vec!["weighted RMSE, px", "full faces, px", "four-point faces, px"];
    if suspicious {
        let rest = ["without suspicious rows, px", "full of those, px", "four-point of those, px"];
        columns.extend(rest);
    }
    columns
}

/// The cells of [`score_columns`].
pub(crate) fn scores(raw: &ErrorReport, clean: Option<&ErrorReport>) -> Vec<String> {
    let of = |one: &ErrorReport| [one.weighted_rmse, one.rmse_full, one.rmse_four_point];
    let values = of(raw).into_iter().chain(clean.into_iter().flat_map(of));
    values.map(|value| number(value, 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_numbers_right() {
        let rows =
            [vec!["a|b".to_owned(), number(Some(1.0), 2)], vec!["c".into(), number(None, 2)]];
        let expected = "| name | px |\n| --- | ---: |\n| a\\|b | 1.00 |\n| c | – |\n";
        assert_eq!(table(&["name", "px"], 1, &rows), expected);
    }

    #[test]
    fn there_is_a_cell_per_column() {
        let report = ErrorReport { weighted_rmse: Some(1.25), ..Default::default() };
        assert_eq!(scores(&report, None).len(), score_columns(false).len());
        let both = scores(&report, Some(&report));
        assert_eq!(both.len(), score_columns(true).len());
        assert_eq!(both, ["1.250", "–", "–", "1.250", "–", "–"]);
    }
}
