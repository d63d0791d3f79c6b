//! The cells of a table's rows.

use std::borrow::Cow;

use crate::annotations::error::AnnotationProblem;
use crate::excerpt::excerpt;

/// The cells of a row, without spaces around them.
pub(super) type Cells<'a> = Vec<Cow<'a, str>>;

/// The rows of a table.
pub(super) trait Rows {
    /// What a row is called in an error: `line` or `row`.
    fn unit(&self) -> &'static str;

    /// Whether a number may have a comma for its point.
    fn has_decimal_comma(&self) -> bool;

    /// The rows below the header, each with its number or with what is wrong with it.
    fn rows(&self) -> Box<dyn Iterator<Item = (usize, Result<Cells<'_>, AnnotationProblem>)> + '_>;
}

/// Whether a cell says that there is no number.
pub(super) fn is_gap(cell: &str) -> bool {
    let words = ["", "nan", "na", "null", "none"];
    words.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number in a cell, `None` for a gap.
pub(super) fn number(cell: &str, decimal_comma: bool) -> Result<Option<f64>, AnnotationProblem> {
    if is_gap(cell) {
        return Ok(None);
    }
    let parsed = match decimal_comma && !cell.contains('.') {
        true => cell.replacen(',', ".", 1).parse::<f64>(),
        false => cell.parse(),
    };
    // Labels are single numbers.
    match parsed {
        Ok(number) if (number as f32).is_finite() => Ok(Some(number)),
        _ => Err(AnnotationProblem::NotANumber { found: excerpt(cell.as_bytes()) }),
    }
}
