//! The header line: which column of the file is which column of the table.

use std::path::Path;

use super::source::FileKind;
use keypoints_core::Schema;

use crate::error::DataError;
use crate::excerpt::excerpt;
use crate::fields::{BYTE_ORDER_MARK, Field, Fields};

/// The column of pixel strings.
const IMAGE: &str = "Image";

/// Which columns a table has to have.
pub(crate) struct Shape {
    pub(crate) kind: FileKind,
    /// Columns of numbers or names, in the order in which they are handed on.
    pub(crate) cells: Vec<String>,
    /// Whether there is an `Image` column.
    pub(crate) image: bool,
    /// Columns that may be there and are skipped.
    ignored: &'static [&'static str],
    /// More rows than this are refused.
    pub(crate) max_rows: usize,
}

/// About 2.4 GB of pixels, 37 times the competition's.
const MAX_FACES: usize = 1 << 18;
/// About 150 times the competition's.
const MAX_REQUESTS: usize = 1 << 22;

impl Shape {
    pub(crate) fn of(kind: FileKind) -> Self {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        match kind {
            FileKind::Training => Self {
                kind,
                cells: Schema::kaggle15().coordinate_names(),
                image: true,
                ignored: &[],
                max_rows: MAX_FACES,
            },
            FileKind::Test => Self {
                kind,
                cells: names(&["ImageId"]),
                image: true,
                ignored: &[],
                max_rows: MAX_FACES,
            },
            FileKind::Lookup => Self {
                kind,
                cells: names(&["RowId", "ImageId", "FeatureName"]),
                image: false,
                ignored: &["Location"],
                max_rows: MAX_REQUESTS,
            },
        }
    }
}

/// What may stand between the columns. Names of columns hold none of these.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What a column of the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The cell at this position of [`Shape::cells`].
    Cell(usize),
    Image,
    Ignored,
    /// One of the last columns, without a name and without content.
    Blank,
}

/// The columns of a file, in its own order.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) names: Vec<String>,
    pub(crate) roles: Vec<Role>,
    /// How many of the roles are cells.
    pub(crate) cells: usize,
    /// Whether these cells are numbers that may be written with a decimal comma.
    pub(crate) numbers: bool,
    /// What stands between the columns.
    pub(crate) separator: u8,
}

impl Header {
    /// Reads the first line of a file and matches its columns by name.
    pub(crate) fn parse(line: &[u8], shape: &Shape, place: &Path) -> Result<Self, DataError> {
        let path = || place.to_owned();
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let wanted = shape.cells.iter().map(String::as_str).chain(shape.image.then_some(IMAGE));
        let missing = |names: &[String]| {
            wanted.clone().find(|wanted| !names.iter().any(|name| name == wanted))
        };
        let complete = |&separator: &u8| {
            names(line, separator, place).is_ok_and(|names| missing(&names).is_none())
        };
        let separator = SEPARATORS.into_iter().find(complete).unwrap_or(b',');
        let names = names(line, separator, place)?;
        if let Some(missing) = missing(&names) {
            let column = missing.to_owned();
            return Err(DataError::MissingColumn { path: path(), column, found: excerpt(line) });
        }
        let named = names.iter().rposition(|name| !is_unnamed(name)).map_or(0, |last| last + 1);
        let mut roles = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let role = if let Some(cell) = shape.cells.iter().position(|cell| cell == name) {
                Role::Cell(cell)
            } else if shape.image && name == IMAGE {
                Role::Image
            } else if shape.ignored.contains(&name.as_str()) {
                Role::Ignored
            } else if index >= named {
                roles.push(Role::Blank);
                continue;
            } else if is_unnamed(name) {
                return Err(DataError::UnnamedColumn { path: path(), column: index + 1 });
            } else {
                let expected = wanted.count();
                let column = excerpt(name.as_bytes());
                return Err(DataError::ExtraColumn { path: path(), expected, column });
            };
            if names[..index].contains(name) {
                return Err(DataError::DuplicateColumn { path: path(), column: name.clone() });
            }
            roles.push(role);
        }
        let (cells, numbers) = (shape.cells.len(), shape.kind == FileKind::Training);
        Ok(Self { names, roles, cells, numbers, separator })
    }

    /// Whether a line has nothing but spaces in its columns, as spreadsheets leave them below a table.
    pub(crate) fn is_blank(&self, line: &[u8]) -> bool {
        line.iter().all(|byte| *byte == self.separator || byte.is_ascii_whitespace())
    }
}

/// Whether a column has no name, or the one that pandas gives such columns.
pub(crate) fn is_unnamed(name: &str) -> bool {
    name.trim().is_empty() || name.starts_with("Unnamed: ")
}

/// The names in a header.
fn names(line: &[u8], separator: u8, place: &Path) -> Result<Vec<String>, DataError> {
    let name = |(index, field): (usize, Field<'_>)| {
        let (path, row, column) = (place.to_owned(), 0, (index + 1).to_string());
        match field {
            Field::Text(text) => match str::from_utf8(text) {
                Ok(name) => Ok(name.to_owned()),
                Err(_) => Err(DataError::NotUtf8 { path, row, column, found: excerpt(text) }),
            },
            Field::BadQuote(text) => {
                Err(DataError::Quote { path, row, column, found: excerpt(text) })
            }
        }
    };
    Fields::separated(line, separator).enumerate().map(name).collect()
}
