//! Parquet tables.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{AnyValue, Column, DataFrame, ParquetReader, SerReader};

use super::cells::{Cells, Rows};
use crate::annotations::error::AnnotationProblem;

/// The most cells that are read: rows times columns.
const MOST_CELLS: usize = 1 << 28;

/// A Parquet table in memory.
#[derive(Debug)]
pub(super) struct Parquet(DataFrame);

impl Parquet {
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, AnnotationProblem> {
        let damaged =
            |what: String| AnnotationProblem::Malformed(format!("a damaged Parquet file: {what}"));
        let read = || {
            let mut reader = ParquetReader::new(Cursor::new(bytes));
            let columns = reader.schema().map_err(|error| damaged(error.to_string()))?.len();
            let rows = reader.num_rows().map_err(|error| damaged(error.to_string()))?;
            if rows.saturating_mul(columns) > MOST_CELLS {
                let what =
                    format!("{rows} rows of {columns} columns are more than {MOST_CELLS} cells");
                return Err(AnnotationProblem::Malformed(what));
            }
            reader.finish().map(Self).map_err(|error| damaged(error.to_string()))
        };
        // The decoder trusts the file's own sizes and places in more than one line.
        catch_unwind(AssertUnwindSafe(read))
            .unwrap_or_else(|_| Err(damaged("the decoder gave up".to_owned())))
    }

    /// The names of its columns.
    pub(super) fn header(&self) -> Cells<'static> {
        let names = self.0.columns().iter().map(|column| column.name().trim().to_owned());
        names.map(Cow::Owned).collect()
    }
}

impl Rows for Parquet {
    fn unit(&self) -> &'static str {
        "row"
    }

    fn has_decimal_comma(&self) -> bool {
        false
    }

    fn rows(&self) -> Box<dyn Iterator<Item = (usize, Result<Cells<'_>, AnnotationProblem>)> + '_> {
        let cells = |row: usize| self.0.columns().iter().map(|column| cell(column, row)).collect();
        Box::new((0..self.0.height()).map(move |row| (row + 1, cells(row))))
    }
}

/// A cell as a table of text would have it.
fn cell(column: &Column, row: usize) -> Result<Cow<'_, str>, AnnotationProblem> {
    let name = || column.name();
    let value = column
        .get(row)
        .map_err(|error| AnnotationProblem::Malformed(format!("column `{}`: {error}", name())))?;
    if let Some(text) = value.get_str() {
        return Ok(Cow::Owned(text.trim().to_owned()));
    }
    match value {
        AnyValue::Null => Ok(Cow::Borrowed("")),
        _ if value.dtype().is_primitive_numeric() => match value.extract::<f64>() {
            Some(number) => Ok(Cow::Owned(number.to_string())),
            None => Ok(Cow::Borrowed("")),
        },
        _ => Err(AnnotationProblem::Malformed(format!(
            "column `{}` has cells of type {}; expected text or numbers",
            name(),
            value.dtype()
        ))),
    }
}
