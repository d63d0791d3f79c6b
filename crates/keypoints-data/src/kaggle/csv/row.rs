//! One line of a table: its fields, and what they are worth.

use std::path::Path;

use super::header::{Header, Role};
use crate::error::DataError;
use crate::excerpt::excerpt;
use crate::fields::{BYTE_ORDER_MARK, Field, Fields};
use crate::kaggle::pixels::{PIXELS, PixelFault, parse_pixels};

/// A number or a name needs far less.
const MAX_CELL_BYTES: usize = 128;

/// What is wrong with a line; `column` counts the file's columns from 0.
#[derive(Debug)]
pub(crate) enum RowFault {
    Fields { found: usize },
    Quote { column: usize, found: String },
    NotUtf8 { column: usize, found: String },
    CellTooLong { column: usize, length: usize, found: String },
    Unnamed { column: usize, found: String },
    Pixels(PixelFault),
}

impl RowFault {
    pub(crate) fn at(self, place: &Path, row: usize, header: &Header) -> DataError {
        let path = place.to_owned();
        let name = |column: usize| header.names[column].clone();
        match self {
            Self::Fields { found } => {
                DataError::FieldCount { path, row, expected: header.names.len(), found }
            }
            Self::Quote { column, found } => {
                DataError::Quote { path, row, column: name(column), found }
            }
            Self::NotUtf8 { column, found } => {
                DataError::NotUtf8 { path, row, column: name(column), found }
            }
            Self::CellTooLong { column, length, found } => DataError::CellTooLong {
                path,
                row,
                column: name(column),
                limit: MAX_CELL_BYTES,
                length,
                found,
            },
            Self::Unnamed { column, found } => {
                DataError::UnnamedCell { path, row, column: column + 1, found }
            }
            Self::Pixels(fault) => DataError::Pixels { path, row, fault },
        }
    }
}

/// Between the cells that are handed to Polars: unlike a comma it needs no quotes to be told from the text
/// of a cell, and unlike a quote it does not run on over line ends.
pub(crate) const SEPARATOR: u8 = 0x1f;

/// Takes a line apart: pixels go to `pixels`, and the cells come back as a line in the order of the
/// [`Shape`](super::Shape), closed by a column that is never blank.
///
/// That last column keeps Polars from skipping a line of blank cells and from trimming the last one.
pub(crate) fn parse_row(
    line: &[u8],
    header: &Header,
    pixels: Option<&mut [u8; PIXELS]>,
) -> Result<Vec<u8>, RowFault> {
    let mut cells: Vec<&[u8]> = vec![&[]; header.cells];
    let mut image: &[u8] = &[];
    let mut found = 0;
    let mut fields = Fields::separated(line, header.separator);
    for (column, (&role, field)) in header.roles.iter().zip(&mut fields).enumerate() {
        let text = match field {
            Field::Text(text) => text,
            Field::BadQuote(text) => {
                return Err(RowFault::Quote { column, found: excerpt(text) });
            }
        };
        found += 1;
        if role == Role::Image {
            image = text;
            continue;
        }
        if str::from_utf8(text).is_err() {
            return Err(RowFault::NotUtf8 { column, found: excerpt(text) });
        }
        if role == Role::Blank && !text.trim_ascii().is_empty() {
            return Err(RowFault::Unnamed { column, found: excerpt(text) });
        }
        if let Role::Cell(cell) = role {
            if text.len() > MAX_CELL_BYTES {
                let (length, found) = (text.len(), excerpt(text));
                return Err(RowFault::CellTooLong { column, length, found });
            }
            cells[cell] = text;
        }
    }
    // Separators at the end of a line mean nothing.
    let mut has_extra = false;
    for field in fields {
        found += 1;
        has_extra |= !matches!(field, Field::Text(text) if text.trim_ascii().is_empty());
    }
    // IdLookupTable.csv announces a blank last column that its rows may do without.
    let may_lack = |role: &Role| matches!(role, Role::Ignored | Role::Blank);
    let missing = header.roles.get(found..).unwrap_or_default();
    if !missing.iter().all(may_lack) || has_extra {
        return Err(RowFault::Fields { found });
    }
    if let Some(pixels) = pixels {
        parse_pixels(image, pixels).map_err(|fault| image_fault(fault, image, header))?;
    }
    let mut canonical = Vec::with_capacity(line.len().min(512));
    for cell in cells {
        // No number and no name has a control character or a byte order mark, but Polars would split at the
        // separator, trim a return at the end and skip a mark at the start. Written out as an error shows
        // them, such cells are still refused.
        if let Some(rest) = cell.strip_prefix(BYTE_ORDER_MARK) {
            canonical.extend_from_slice(br"\u{feff}");
            canonical.extend_from_slice(excerpt(rest).as_bytes());
        } else if cell.iter().any(u8::is_ascii_control) {
            canonical.extend_from_slice(excerpt(cell).as_bytes());
        } else if header.numbers && has_decimal_comma(cell) {
            canonical.extend(cell.iter().map(|&byte| if byte == b',' { b'.' } else { byte }));
        } else {
            canonical.extend_from_slice(cell);
        }
        canonical.push(SEPARATOR);
    }
    canonical.extend_from_slice(b".\n");
    Ok(canonical)
}

/// Whether a cell is digits, one comma, digits.
fn has_decimal_comma(cell: &[u8]) -> bool {
    let Some(comma) = memchr::memchr(b',', cell) else { return false };
    let (whole, digits) = (&cell[..comma], &cell[comma + 1..]);
    let whole = whole.strip_prefix(b"-").unwrap_or(whole);
    [whole, digits].iter().all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
}

#[cold]
fn image_fault(fault: PixelFault, image: &[u8], header: &Header) -> RowFault {
    let Err(error) = str::from_utf8(image) else { return RowFault::Pixels(fault) };
    let from = error.valid_up_to().saturating_sub(8);
    let column = header.roles.iter().position(|&role| role == Role::Image).unwrap_or(0);
    RowFault::NotUtf8 { column, found: excerpt(&image[from..]) }
}
