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
mod tests {
    use super::*;

    #[test]
    fn says_which_line_is_no_row() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read_row_list(&path, 10).map_err(|error| error.to_string())
        };
        assert_eq!(read("row\r\n3\r\n\r\n10\r\n"), Ok(vec![3, 10]));
        assert_eq!(read("row\n"), Ok(vec![]));
        assert_eq!(read("row,score\n7,12.5\n2 ,9.0,nose_tip\n"), Ok(vec![7, 2]));
        for (text, place) in [("row\n3\n0\n", "row 2"), ("row\n11\n", "row 1"), ("r\nx\n", "row 1")]
        {
            let error = read(text).unwrap_err();
            assert!(error.contains(&format!("{place}: expected the number of a row")), "{error}");
        }
        assert!(read("").unwrap_err().contains("found an empty file"));
        let error = read("9\n8\n").unwrap_err();
        assert!(error.contains("rows.csv, line 1: expected a header, found `9`"), "{error}");
        std::fs::remove_file(&path).unwrap();
        assert!(read_row_list(&path, 10).unwrap_err().to_string().contains("no such file"));
    }
}
