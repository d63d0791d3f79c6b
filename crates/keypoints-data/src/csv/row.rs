//! One line of a table: its fields, and what they are worth.

use std::path::Path;

use super::header::{Header, Role};
use crate::error::{DataError, excerpt};
use crate::keypoint::IMAGE_PIXELS;
use crate::pixels::{PixelFault, parse_pixels};

/// A number or a name needs far less.
const MAX_CELL_BYTES: usize = 128;

/// A field of a line.
pub(crate) enum Field<'a> {
    /// Its text, without the quotes around it.
    Text(&'a [u8]),
    /// The rest of the line from a quote that is not closed where the field ends.
    BadQuote(&'a [u8]),
}

/// The fields of a line: separated by commas, each perhaps in quotes. No number and no name of these
/// files has a quote or a line end in it, so a quoted field goes up to the next quote of the same line.
pub(crate) struct Fields<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(line: &'a [u8]) -> Self {
        Self { rest: Some(line) }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let rest = self.rest.take()?;
        let Some(quoted) = rest.strip_prefix(b"\"") else {
            return Some(Field::Text(match memchr::memchr(b',', rest) {
                Some(comma) => {
                    self.rest = Some(&rest[comma + 1..]);
                    &rest[..comma]
                }
                None => rest,
            }));
        };
        let Some(quote) = memchr::memchr(b'"', quoted) else { return Some(Field::BadQuote(rest)) };
        match &quoted[quote + 1..] {
            [] => {}
            [b',', behind @ ..] => self.rest = Some(behind),
            _ => return Some(Field::BadQuote(rest)),
        }
        Some(Field::Text(&quoted[..quote]))
    }
}

/// What is wrong with a line; `column` counts the file's columns from 0.
#[derive(Debug)]
pub(crate) enum RowFault {
    Fields { found: usize },
    Quote { column: usize, found: String },
    NotUtf8 { column: usize, found: String },
    CellTooLong { column: usize, length: usize, found: String },
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
            Self::Pixels(fault) => DataError::Pixels { path, row, fault },
        }
    }
}

/// What some editors put before the first character of a file.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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
    pixels: Option<&mut [u8; IMAGE_PIXELS]>,
) -> Result<Vec<u8>, RowFault> {
    let mut cells: Vec<&[u8]> = vec![&[]; header.cells];
    let mut image: &[u8] = &[];
    let mut found = 0;
    let mut fields = Fields::new(line);
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
        if let Role::Cell(cell) = role {
            if text.len() > MAX_CELL_BYTES {
                let (length, found) = (text.len(), excerpt(text));
                return Err(RowFault::CellTooLong { column, length, found });
            }
            cells[cell] = text;
        }
    }
    found += fields.count();
    // IdLookupTable.csv announces a blank last column that its rows may do without.
    let missing = header.roles.get(found..);
    if !missing.is_some_and(|roles| roles.iter().all(|&role| role == Role::Ignored)) {
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
        } else {
            canonical.extend_from_slice(cell);
        }
        canonical.push(SEPARATOR);
    }
    canonical.extend_from_slice(b".\n");
    Ok(canonical)
}

#[cold]
fn image_fault(fault: PixelFault, image: &[u8], header: &Header) -> RowFault {
    let Err(error) = str::from_utf8(image) else { return RowFault::Pixels(fault) };
    let from = error.valid_up_to().saturating_sub(8);
    let column = header.roles.iter().position(|&role| role == Role::Image).unwrap_or(0);
    RowFault::NotUtf8 { column, found: excerpt(&image[from..]) }
}
