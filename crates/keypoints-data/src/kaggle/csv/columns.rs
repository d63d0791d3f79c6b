//! The small columns of a table, read by Polars as text so that an error can quote the file.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{
    CsvReadOptions, DataFrame, DataType, Field, PolarsResult, Schema, SerReader,
};

use super::header::Shape;
use super::row::SEPARATOR;
use crate::error::DataError;
use crate::excerpt::excerpt;

/// The small columns of the rows read so far.
pub(crate) struct Columns {
    pub(crate) place: PathBuf,
    names: Vec<String>,
    frame: DataFrame,
    rows: usize,
}

impl Columns {
    /// Reads cells as [`parse_row`](super::row::parse_row) writes them. A blank cell is null.
    pub(crate) fn read(
        place: &Path,
        shape: &Shape,
        cells: &[u8],
        rows: usize,
    ) -> Result<Self, DataError> {
        let broken = |source: Box<dyn std::error::Error + Send + Sync>| DataError::Columns {
            path: place.to_owned(),
            source,
        };
        let frame = if rows == 0 { Ok(DataFrame::empty()) } else { frame(&shape.cells, cells) }
            .map_err(|error| broken(error.into()))?;
        if frame.height() != rows {
            return Err(broken(format!("{rows} rows went in, {} came out", frame.height()).into()));
        }
        Ok(Self { place: place.to_owned(), names: shape.cells.clone(), frame, rows })
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Hands every row to `read`, first to last, as the cells of all columns.
    pub(crate) fn for_each_row(
        &self,
        mut read: impl FnMut(usize, &[Option<&str>]) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns = self.frame.columns()[..self.names.len()].iter().map(|column| column.str());
        let columns: Vec<_> = columns.collect::<PolarsResult<_>>().map_err(|error| {
            DataError::Columns { path: self.place.clone(), source: error.into() }
        })?;
        let mut columns: Vec<_> = columns.into_iter().map(|column| column.iter()).collect();
        let mut cells = vec![None; columns.len()];
        for row in 1..=self.rows {
            for (cell, column) in cells.iter_mut().zip(&mut columns) {
                *cell = column.next().flatten();
            }
            read(row, &cells)?;
        }
        Ok(())
    }

    /// A column's name, for an error.
    pub(crate) fn name(&self, column: usize) -> String {
        self.names[column].clone()
    }
}

fn frame(names: &[String], cells: &[u8]) -> PolarsResult<DataFrame> {
    let last = "end of row".to_owned();
    let fields = names.iter().chain([&last]);
    let fields = fields.map(|name| Field::new(name.as_str().into(), DataType::String));
    CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(Schema::from_iter(fields))))
        .map_parse_options(|options| options.with_separator(SEPARATOR).with_quote_char(None))
        .with_rechunk(true)
        .into_reader_with_file_handle(Cursor::new(cells))
        .finish()
}

/// Reads a `RowId` or `ImageId`.
pub(crate) fn parse_id(
    columns: &Columns,
    row: usize,
    column: usize,
    cell: Option<&str>,
) -> Result<u32, DataError> {
    let text = cell.unwrap_or_default();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(id) if digits => Ok(id),
        _ => Err(DataError::NotAnId {
            path: columns.place.clone(),
            row,
            column: columns.name(column),
            found: excerpt(text.as_bytes()),
        }),
    }
}
