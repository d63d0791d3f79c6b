//! A list of rows in a file of its own: known mislabelled faces, for example.

use std::path::Path;

use crate::error::DataError;
use crate::excerpt::excerpt;

/// Reads row numbers, one per line below a header, counted from 1 as in the competition's file. Where the lines have
/// several columns, the number is in the first; the others are ignored.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("mislabelled.csv");
/// std::fs::write(&path, "row\n1748\n1862\n")?;
/// assert_eq!(keypoints_data::read_row_list(&path, 7049)?, [1748, 1862]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::MissingFile`] or [`DataError::Io`] if there is no file to read, [`DataError::EmptyFile`] or
/// [`DataError::NoHeader`] without a header, [`DataError::NotARow`] where a line is no number from 1 to `rows`.
pub fn read_row_list(path: &Path, rows: usize) -> Result<Vec<usize>, DataError> {
    let text = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => DataError::MissingFile { path: path.to_owned() },
        _ => DataError::Io { path: path.to_owned(), source },
    })?;
    if text.is_empty() {
        return Err(DataError::EmptyFile { path: path.to_owned() });
    }
    let header = text.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
    let first = header.split(|&byte| byte == b',').next().unwrap_or_default().trim_ascii();
    if !first.is_empty() && first.iter().all(u8::is_ascii_digit) {
        // Taken for a header, it would be a row that nobody misses.
        return Err(DataError::NoHeader { path: path.to_owned(), found: excerpt(header) });
    }
    let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).enumerate();
    let lines = lines.skip(1).filter(|(_, line)| !line.is_empty());
    lines
        .map(|(row, line)| {
            let first = line.split(|&byte| byte == b',').next().unwrap_or_default().trim_ascii();
            let number = std::str::from_utf8(first).ok().and_then(|number| number.parse().ok());
            number.filter(|number| (1..=rows).contains(number)).ok_or_else(|| DataError::NotARow {
                path: path.to_owned(),
                row,
                rows,
                found: excerpt(line),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
