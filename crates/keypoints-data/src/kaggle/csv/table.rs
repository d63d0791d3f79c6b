//! All lines of a table, taken apart in parallel, in the order of the file.

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rayon::prelude::*;

use super::blocks::{Block, MAX_ROW_BYTES, send_blocks};
use super::columns::Columns;
use super::header::{Header, Shape};
use super::row::parse_row;
use super::source::Source;
use crate::error::DataError;
use crate::kaggle::pixels::PIXELS;

/// Blocks that wait to be parsed; with the one being read and the one being parsed, about 16 MB.
const BLOCKS_AHEAD: usize = 2;

/// Reads a table. `interpret` turns the small columns into what the caller wants; beside it come the
/// pixels, 9216 per row (none for a table without images).
///
/// Whatever is wrong, the error is that of the first bad row: `interpret` also sees the rows above a
/// line that cannot be taken apart.
pub(crate) fn read_table<T>(
    path: &Path,
    shape: &Shape,
    interpret: impl Fn(&Columns) -> Result<T, DataError>,
) -> Result<(T, Vec<u8>), DataError> {
    let mut source = Source::open(path, shape.kind)?;
    let place = source.place.clone();
    let mut rows = Rows::default();
    let outcome = thread::scope(|scope| {
        let (sender, receiver) = sync_channel(BLOCKS_AHEAD);
        thread::Builder::new()
            .name("table-reader".to_owned())
            .spawn_scoped(scope, move || send_blocks(&mut source, &sender))
            .map_err(|source| DataError::Io { path: place.clone(), source })?;
        rows.read(receiver, shape, &place)
    });
    let columns = Columns::read(&place, shape, &rows.cells, rows.count)?;
    let interpreted = interpret(&columns)?;
    outcome?;
    if rows.count == 0 {
        return Err(DataError::NoRows { path: place });
    }
    Ok((interpreted, rows.pixels))
}

/// The good rows read so far.
#[derive(Default)]
struct Rows {
    count: usize,
    /// Whether a blank line came last: only blank ones may follow.
    is_over: bool,
    cells: Vec<u8>,
    pixels: Vec<u8>,
}

impl Rows {
    fn read(
        &mut self,
        blocks: Receiver<Result<Block, DataError>>,
        shape: &Shape,
        place: &Path,
    ) -> Result<(), DataError> {
        let mut header: Option<Header> = None;
        for block in blocks {
            let block = block?;
            let lines = block.lines();
            let mut lines = &lines[..];
            let header = match &mut header {
                Some(header) => header,
                none => {
                    let first = lines.iter().position(|line| !line.trim_ascii().is_empty());
                    let Some(first) = first else { continue };
                    // Blank lines before it may end otherwise than the others.
                    let returns = lines[first].iter().take_while(|&&byte| byte == b'\r').count();
                    let line = &lines[first][returns..];
                    if line.len() > MAX_ROW_BYTES {
                        return Err(row_too_long(place, 0));
                    }
                    lines = &lines[first + 1..];
                    none.insert(Header::parse(line, shape, place)?)
                }
            };
            self.append(lines, header, shape, place)?;
        }
        match header {
            Some(_) => Ok(()),
            None => Err(DataError::EmptyFile { path: place.to_owned() }),
        }
    }

    fn append(
        &mut self,
        lines: &[&[u8]],
        header: &Header,
        shape: &Shape,
        place: &Path,
    ) -> Result<(), DataError> {
        let blank = |line: &&[u8]| header.is_blank(line);
        let Some(last) = lines.iter().rposition(|line| !blank(line)) else {
            self.is_over |= !lines.is_empty();
            return Ok(());
        };
        let gap = if self.is_over { Some(0) } else { lines[..last].iter().position(blank) };
        self.is_over = last + 1 < lines.len();
        self.append_rows(&lines[..gap.unwrap_or(last + 1)], header, shape, place)?;
        match gap {
            None => Ok(()),
            Some(_) => Err(DataError::BlankLine { path: place.to_owned(), row: self.count + 1 }),
        }
    }

    fn append_rows(
        &mut self,
        lines: &[&[u8]],
        header: &Header,
        shape: &Shape,
        place: &Path,
    ) -> Result<(), DataError> {
        let too_long = lines.iter().position(|line| line.len() > MAX_ROW_BYTES);
        let room = shape.max_rows - self.count;
        let untruncated = lines.len();
        let lines = &lines[..too_long.unwrap_or(lines.len()).min(room)];

        let start = self.pixels.len();
        let parsed: Vec<_> = if shape.image {
            self.pixels.resize(start + lines.len() * PIXELS, 0);
            let (faces, _) = self.pixels[start..].as_chunks_mut::<PIXELS>();
            let rows = lines.par_iter().zip(faces);
            rows.map(|(line, face)| parse_row(line, header, Some(face))).collect()
        } else {
            lines.par_iter().map(|line| parse_row(line, header, None)).collect()
        };
        for outcome in parsed {
            let cells = outcome.map_err(|fault| fault.at(place, self.count + 1, header))?;
            self.cells.extend_from_slice(&cells);
            self.count += 1;
        }

        match too_long {
            Some(index) if index < room => Err(row_too_long(place, self.count + 1)),
            None if untruncated <= room => Ok(()),
            _ => Err(DataError::TooManyRows { path: place.to_owned(), limit: shape.max_rows }),
        }
    }
}

fn row_too_long(place: &Path, row: usize) -> DataError {
    DataError::RowTooLong { path: place.to_owned(), row, limit: MAX_ROW_BYTES }
}
