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

/// What a column of the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The cell at this position of [`Shape::cells`].
    Cell(usize),
    Image,
    Ignored,
}

/// The columns of a file, in its own order.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) names: Vec<String>,
    pub(crate) roles: Vec<Role>,
    /// How many of the roles are cells.
    pub(crate) cells: usize,
}

impl Header {
    /// Reads the first line of a file and matches its columns by name.
    pub(crate) fn parse(line: &[u8], shape: &Shape, place: &Path) -> Result<Self, DataError> {
        let path = || place.to_owned();
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let mut names: Vec<String> = Vec::new();
        for (index, field) in Fields::new(line).enumerate() {
            let column = (index + 1).to_string();
            let text = match field {
                Field::Text(text) => text,
                Field::BadQuote(text) => {
                    return Err(DataError::Quote {
                        path: path(),
                        row: 0,
                        column,
                        found: excerpt(text),
                    });
                }
            };
            let Ok(name) = str::from_utf8(text) else {
                return Err(DataError::NotUtf8 {
                    path: path(),
                    row: 0,
                    column,
                    found: excerpt(text),
                });
            };
            names.push(name.to_owned());
        }

        let wanted = shape.cells.iter().map(String::as_str).chain(shape.image.then_some(IMAGE));
        if let Some(missing) =
            wanted.clone().find(|wanted| !names.iter().any(|name| name == wanted))
        {
            let column = missing.to_owned();
            return Err(DataError::MissingColumn { path: path(), column, found: excerpt(line) });
        }
        let mut roles = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let role = if let Some(cell) = shape.cells.iter().position(|cell| cell == name) {
                Role::Cell(cell)
            } else if shape.image && name == IMAGE {
                Role::Image
            } else if shape.ignored.contains(&name.as_str()) {
                Role::Ignored
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
        Ok(Self { names, roles, cells: shape.cells.len() })
    }
}
