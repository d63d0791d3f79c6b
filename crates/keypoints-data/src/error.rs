//! Everything that can be wrong with a file, with its place.

use std::fmt;
use std::io;
use std::path::PathBuf;

use keypoints_core::kaggle15;

use crate::kaggle::PixelFault;

/// The smallest and the largest value that a coordinate of the competition's files may take, in pixels.
pub(crate) const COORDINATE_RANGE: std::ops::RangeInclusive<f32> =
    0.0..=kaggle15::SHAPE.side as f32;

/// What is wrong with a file of the competition.
///
/// `path` is the file as it was asked for; for a file inside a zip the member's name follows it, as if
/// the zip were a folder (`data/training.zip/training.csv`). `row` counts the lines below the header
/// from 1, so row 17 is line 18 of the file; where a fault can also sit in the header, `row` 0 stands
/// for it. `found` is text of the file, shortened to about 40 characters, with control characters
/// escaped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// There is no such file.
    #[error("{}: no such file", path.display())]
    MissingFile {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds the file under none of its names.
    #[error("{}: expected one of {} in this folder, found none", folder.display(), looked_for.join(", "))]
    NotInFolder {
        /// The folder.
        folder: PathBuf,
        /// The names that would have done.
        looked_for: Vec<String>,
    },
    /// The operating system could not read the file.
    #[error("{}: cannot be read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is not even a header.
    #[error("{}: expected a header line, found an empty file", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// The file is no text in UTF-8.
    #[error("{}: {found}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do. See [`not_text`](crate::not_text).
        found: &'static str,
    },
    /// There is a header and nothing below it.
    #[error("{}: expected rows below the header, found none", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A column that has to be there is not.
    #[error("{}: expected a column `{column}`, found the header `{found}`", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column that is missing.
        column: String,
        /// The header line.
        found: String,
    },
    /// A column that has no place in this file.
    #[error("{}: expected {expected} columns, found another one, `{column}`{}", path.display(), index_hint(column))]
    ExtraColumn {
        /// The file.
        path: PathBuf,
        /// How many columns the file should have.
        expected: usize,
        /// The column that is too much.
        column: String,
    },
    /// A column has no name. Programs write their row numbers like that.
    #[error("{}: column {column} has no name; {}", path.display(), unnamed_hint(*column))]
    UnnamedColumn {
        /// The file.
        path: PathBuf,
        /// The column's number, from 1.
        column: usize,
    },
    /// A cell stands in a last column that has no name.
    #[error("{}: row {row}: found `{found}` in column {column}, which has no name; name the column or delete it", path.display())]
    UnnamedCell {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column's number, from 1.
        column: usize,
        /// The cell.
        found: String,
    },
    /// A blank line stands between rows.
    #[error("{}: row {row} is a blank line with rows below it; delete it if no row is lost there", path.display())]
    BlankLine {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
    },
    /// Two columns have the same name.
    #[error("{}: expected the column `{column}` once, found it twice", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A row has more or fewer fields than the header.
    #[error("{}: row {row}: expected {expected} fields, found {found}{}", path.display(), fields_hint(*expected, *found))]
    FieldCount {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// Fields in the header.
        expected: usize,
        /// Fields in this row.
        found: usize,
    },
    /// A field opens with a quote that nothing closes, or goes on behind the closing one.
    #[error("{}: {}, column {column}: expected a closing quote at the end of the field, found `{found}`{}", path.display(), Place(*row), quote_hint(found))]
    Quote {
        /// The file.
        path: PathBuf,
        /// The row, from 1; 0 for the header.
        row: usize,
        /// The column's name; its number in the header.
        column: String,
        /// The field from its quote on.
        found: String,
    },
    /// A field is not text in UTF-8.
    #[error("{}: {}, column {column}: expected UTF-8, found `{found}`", path.display(), Place(*row))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The row, from 1; 0 for the header.
        row: usize,
        /// The column's name; its number in the header.
        column: String,
        /// The text up to the bad byte and some more, with `\u{fffd}` for what is no text.
        found: String,
    },
    /// A line has no end in sight.
    #[error("{}: {}: expected at most {limit} bytes, found a longer line", path.display(), Place(*row))]
    RowTooLong {
        /// The file.
        path: PathBuf,
        /// The row, from 1; 0 for the header.
        row: usize,
        /// The longest line that is read, in bytes.
        limit: usize,
    },
    /// A cell that should hold a number or a name holds far more text than one needs.
    #[error("{}: row {row}, column {column}: expected at most {limit} bytes, found {length}: `{found}`", path.display())]
    CellTooLong {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The longest cell that is read, in bytes.
        limit: usize,
        /// This cell's length in bytes.
        length: usize,
        /// How it starts.
        found: String,
    },
    /// More rows than memory should be given to.
    #[error("{}: expected at most {limit} rows, found more", path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
        /// The largest number of rows that is read.
        limit: usize,
    },
    /// An `Image` cell is not 9216 grey values.
    #[error("{}: row {row}, column Image: {fault}", path.display())]
    Pixels {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// What is wrong and where in the cell, with what was expected and found.
        fault: PixelFault,
    },
    /// A coordinate is no number.
    #[error("{}: row {row}, column {column}: expected a number or nothing, found `{found}`", path.display())]
    NotANumber {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The cell.
        found: String,
    },
    /// A coordinate is `NaN`, infinite, or overflows to infinity.
    #[error("{}: row {row}, column {column}: expected a finite number or nothing, found `{found}`", path.display())]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The cell.
        found: String,
    },
    /// A coordinate lies off the picture.
    #[error("{}: row {row}, column {column}: expected a number from {} to {}, found `{found}`", path.display(), COORDINATE_RANGE.start(), COORDINATE_RANGE.end())]
    OutOfRange {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The cell.
        found: String,
    },
    /// A `RowId` or `ImageId` is not written in digits, or too large.
    #[error("{}: row {row}, column {column}: expected a whole number from 0 to {}, found `{found}`", path.display(), u32::MAX)]
    NotAnId {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The cell.
        found: String,
    },
    /// Two rows have the same `RowId` or `ImageId`.
    #[error("{}: row {row}, column {column}: expected a new number, found `{found}`, which row {first_row} has", path.display())]
    DuplicateId {
        /// The file.
        path: PathBuf,
        /// The second row with this number, from 1.
        row: usize,
        /// The column.
        column: String,
        /// The number.
        found: u32,
        /// The first row with this number, from 1.
        first_row: usize,
    },
    /// The lookup table asks for a coordinate that does not exist.
    #[error("{}: row {row}, column FeatureName: expected a coordinate such as `nose_tip_x`, found `{found}`", path.display())]
    UnknownCoordinate {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// The name.
        found: String,
    },
    /// The lookup table asks for an image that the test file does not have.
    #[error("{}: row {row}, column ImageId: expected one of the {images} images of test.csv, found `{found}`", path.display())]
    UnknownImage {
        /// The lookup table.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// How many images the test file has.
        images: usize,
        /// The number.
        found: u32,
    },
    /// A list of rows has several columns, none of them called `row`.
    #[error("{}: expected a column `row`, or one column only, found the header `{found}`; name the column of row numbers `row`", path.display())]
    NoRowColumn {
        /// The list.
        path: PathBuf,
        /// The header line.
        found: String,
    },
    /// A list of rows has something else in it.
    #[error("{}: row {row}: expected the number of a row, from 1 to {rows}, found `{found}`", path.display())]
    NotARow {
        /// The list.
        path: PathBuf,
        /// The line below the header, from 1.
        row: usize,
        /// Rows that there are.
        rows: usize,
        /// The text of the line.
        found: String,
    },
    /// A list of rows begins with a number where its header should be.
    #[error("{}, line 1: expected a header, found `{found}`", path.display())]
    NoHeader {
        /// The list.
        path: PathBuf,
        /// The text of the line.
        found: String,
    },
    /// A zip is truncated, damaged, encrypted or packed in a way that is not supported.
    #[error("{}: expected a whole zip, found a broken one", path.display())]
    BrokenZip {
        /// The zip, or the member that cannot be unpacked.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// A zip does not hold the file.
    #[error("{}: expected one of {} inside, found {}", path.display(), looked_for.join(", "), Members(found))]
    NotInZip {
        /// The zip.
        path: PathBuf,
        /// The names that would have done.
        looked_for: Vec<String>,
        /// What it holds instead, the first few names.
        found: Vec<String>,
    },
    /// A zip inside a zip unpacks to more than is reasonable, or the nesting goes on.
    #[error("{}: expected at most {limit_bytes} bytes and one zip inside another, found more", path.display())]
    ZipTooDeep {
        /// The member.
        path: PathBuf,
        /// The largest inner zip that is unpacked, in bytes.
        limit_bytes: u64,
    },
    /// Polars rejected the cells that were handed to it.
    #[error("{}: the label columns cannot be read", path.display())]
    Columns {
        /// The file.
        path: PathBuf,
        /// What Polars said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Fewer fields than a row has where the pixels are separated like the columns.
const PICTURE_FIELDS: usize = 9000;

/// What makes more fields than there are columns.
fn fields_hint(expected: usize, found: usize) -> &'static str {
    // Files of so many columns have labels, and each has at least two.
    if found > PICTURE_FIELDS {
        "; a picture written with commas needs quotes around it"
    } else if expected > 4 && found > expected + 1 {
        "; a number with a decimal comma counts as two fields: write points, or semicolons between the columns"
    } else {
        ""
    }
}

/// What opens a quote and does not close it.
fn quote_hint(found: &str) -> &'static str {
    match found.starts_with("\"[") {
        true => {
            "; an array that goes over several lines? Write each picture as numbers with spaces between them"
        }
        false => "",
    }
}

fn index_hint(column: &str) -> &'static str {
    match column {
        "index" | "level_0" => ", a row index? Save the table without it (pandas: `index=False`)",
        _ => "",
    }
}

fn unnamed_hint(column: usize) -> &'static str {
    match column {
        1 => {
            "if these are row numbers, save the table without them (pandas: `index=False`, R: `row.names=FALSE`)"
        }
        _ => "name it or delete it",
    }
}

/// "row 17", or "header" for 0.
struct Place(usize);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("header"),
            row => write!(f, "row {row}"),
        }
    }
}

/// "`a.csv`, `b.txt`", or "nothing".
struct Members<'a>(&'a [String]);

impl fmt::Display for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        for (index, name) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{name}`")?;
        }
        if self.0.iter().any(|name| name == "[Content_Types].xml" || name.starts_with("xl/")) {
            f.write_str(": an Excel workbook; save the sheet as CSV")?;
        }
        Ok(())
    }
}
