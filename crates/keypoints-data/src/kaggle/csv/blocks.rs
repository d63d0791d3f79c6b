//! A table as blocks of whole lines, so that reading (or inflating) and parsing overlap and the file is
//! never in memory as a whole.

use std::io::Read;
use std::sync::mpsc::SyncSender;

use super::source::{Source, read_error};
use crate::error::DataError;
use crate::not_text::not_text;

/// How much is read at once: some hundred rows of `training.csv`.
const BLOCK_BYTES: usize = 4 << 20;
/// No line of the competition's files is a tenth as long; a file without line ends must not fill memory.
pub(crate) const MAX_ROW_BYTES: usize = 1 << 20;

/// Some whole lines.
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// Where each line ends, line end not counted.
    ends: Vec<usize>,
}

impl Block {
    fn new(bytes: Vec<u8>, line_end: u8) -> Self {
        let mut ends: Vec<usize> = memchr::memchr_iter(line_end, &bytes).collect();
        // The last line of a file may do without a line end.
        if bytes.last().is_some_and(|&last| last != line_end) {
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    /// The lines, without `\n`, `\r\n` or `\r`.
    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        let mut start = 0;
        let line = |&end: &usize| {
            let mut line = &self.bytes[start..end];
            start = end + 1;
            // More than one where a program turned the line ends of Windows into those of Windows.
            while let Some(shorter) = line.strip_suffix(b"\r") {
                line = shorter;
            }
            line
        };
        self.ends.iter().map(line).collect()
    }
}

/// Reads the source to its end and hands on block after block; stops early when nobody listens any more.
///
/// `Err` is handed on like a block, behind the lines that came before the fault.
pub(crate) fn send_blocks(source: &mut Source, blocks: &SyncSender<Result<Block, DataError>>) {
    let (place, is_zip) = (source.place.clone(), source.is_zip());
    let mut reader = match source.reader() {
        Ok(reader) => reader,
        Err(error) => {
            let _ = blocks.send(Err(error));
            return;
        }
    };
    let mut lines_sent = 0;
    let mut begun = Vec::new();
    let mut line_end = None;
    loop {
        let mut bytes = Vec::with_capacity(BLOCK_BYTES);
        bytes.append(&mut begun);
        let wanted = BLOCK_BYTES - bytes.len();
        let outcome = (&mut reader).take(wanted as u64).read_to_end(&mut bytes);
        let at_end = bytes.len() < BLOCK_BYTES;
        let line_end = match line_end {
            Some(known) => known,
            None => {
                if let Some(found) = not_text(&bytes) {
                    let _ = blocks.send(Err(DataError::NotText { path: place, found }));
                    return;
                }
                *line_end.insert(line_end_of(&bytes))
            }
        };
        if outcome.is_err() || !at_end {
            let whole = memchr::memrchr(line_end, &bytes).map_or(0, |last| last + 1);
            begun = bytes.split_off(whole);
        }
        let block = Block::new(bytes, line_end);
        lines_sent += block.ends.len();
        if !block.ends.is_empty() && blocks.send(Ok(block)).is_err() {
            return;
        }
        let fault = match outcome {
            Err(error) => read_error(&place, is_zip, error),
            Ok(_) if begun.len() > MAX_ROW_BYTES => {
                DataError::RowTooLong { path: place.clone(), row: lines_sent, limit: MAX_ROW_BYTES }
            }
            Ok(_) if at_end => return,
            Ok(_) => continue,
        };
        let _ = blocks.send(Err(fault));
        return;
    }
}

/// The byte that ends lines. Spreadsheets of old Macs end them with a return alone.
fn line_end_of(start: &[u8]) -> u8 {
    let is_old_mac = memchr::memchr(b'\n', start).is_none() && start.contains(&b'\r');
    if is_old_mac { b'\r' } else { b'\n' }
}
