//! A list of rows in a file of its own: known mislabelled faces, for example.

use std::path::Path;

use crate::error::DataError;
use crate::excerpt::excerpt;
use crate::fields::{BYTE_ORDER_MARK, Field, Fields};
use crate::not_text::not_text;

/// The column of row numbers.
const ROW: &str = "row";

/// Reads row numbers, one per line below a header, counted from 1 as in the competition's file.
///
/// The numbers are in the column `row`, wherever it stands. A list of one column may call it anything. Columns are separated by
/// commas, semicolons or tabs; blank lines are skipped.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("mislabelled.csv");
/// std::fs::write(&path, "row\n1748\n1862\n")?;
/// assert_eq!(keypoints_data::read_row_list(&path, 7049)?, [1748, 1862]);
/// // As pandas saves it, with an index.
/// std::fs::write(&path, ",row,score\n0,1748,9.5\n1,1862,8.0\n")?;
/// assert_eq!(keypoints_data::read_row_list(&path, 7049)?, [1748, 1862]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::MissingFile`] or [`DataError::Io`] if there is no file to read, [`DataError::NotText`] if it is no text,
/// [`DataError::EmptyFile`] or [`DataError::NoHeader`] without a header, [`DataError::NoRowColumn`] or
/// [`DataError::DuplicateColumn`] if it is not clear which column has the numbers, [`DataError::NotARow`] where a line has no number
/// from 1 to `rows`.
pub fn read_row_list(path: &Path, rows: usize) -> Result<Vec<usize>, DataError> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => DataError::MissingFile { path: path.to_owned() },
        _ => DataError::Io { path: path.to_owned(), source },
    })?;
    if let Some(found) = not_text(&bytes) {
        return Err(DataError::NotText { path: path.to_owned(), found });
    }
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    let line_end = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
    let mut lines = text.split(|&byte| byte == line_end);
    let Some(header) = lines.find(|line| !line.trim_ascii().is_empty()) else {
        return Err(DataError::EmptyFile { path: path.to_owned() });
    };
    let separator = separator(header);
    let column = row_column(header, separator, path)?;
    let lines = (1..).zip(lines).filter(|(_, line)| !is_blank(line, separator));
    lines
        .map(|(row, line)| {
            let cell = cells(line, separator).nth(column);
            let number = cell.and_then(number);
            number.filter(|number| (1..=rows).contains(number)).ok_or_else(|| DataError::NotARow {
                path: path.to_owned(),
                row,
                rows,
                found: excerpt(line.trim_ascii()),
            })
        })
        .collect()
}

/// The position of the column with the numbers.
fn row_column(header: &[u8], separator: u8, path: &Path) -> Result<usize, DataError> {
    let names: Vec<&[u8]> = cells(header, separator).collect();
    let called_row = |name: &&[u8]| name.eq_ignore_ascii_case(ROW.as_bytes());
    if let Some(column) = names.iter().position(called_row) {
        if names.iter().filter(|name| called_row(name)).count() > 1 {
            return Err(DataError::DuplicateColumn { path: path.to_owned(), column: ROW.into() });
        }
        return Ok(column);
    }
    if number(names[0]).is_some() {
        // Taken for a header, it would be a row that nobody misses.
        return Err(DataError::NoHeader {
            path: path.to_owned(),
            found: excerpt(header.trim_ascii()),
        });
    }
    match names.iter().rposition(|name| !name.is_empty()) {
        Some(0) => Ok(0),
        _ => Err(DataError::NoRowColumn {
            path: path.to_owned(),
            found: excerpt(header.trim_ascii()),
        }),
    }
}

fn separator(header: &[u8]) -> u8 {
    let count = |separator: &u8| memchr::memchr_iter(*separator, header).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

/// The cells of a line, without quotes and spaces around them.
fn cells(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    Fields::separated(line, separator).map(|field| match field {
        Field::Text(text) | Field::BadQuote(text) => text.trim_ascii(),
    })
}

fn is_blank(line: &[u8], separator: u8) -> bool {
    line.iter().all(|byte| *byte == separator || byte.is_ascii_whitespace())
}

/// A whole number. Where a column has gaps, pandas writes `1748.0`.
fn number(cell: &[u8]) -> Option<usize> {
    let digits = cell.strip_suffix(b".0").unwrap_or(cell);
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

#[cfg(test)]
mod tests;
