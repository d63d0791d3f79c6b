//! The two columns of a submission as bytes: `RowId,Location`.

use std::borrow::Cow;

use keypoints_data::not_text;

use crate::answer::Answer;
use crate::problem::{LocationFault, Problem};

const HEADER: &str = "RowId,Location";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One line below the header, as far as it could be understood.
pub(crate) struct Row {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) row_id: Option<u32>,
    pub(crate) location: Option<f32>,
    /// Why one of the two is missing.
    pub(crate) problem: Option<Problem>,
}

/// The positions of the two columns, from 0.
#[derive(Clone, Copy)]
struct Places {
    row_id: usize,
    location: usize,
}

const IN_ORDER: Places = Places { row_id: 0, location: 1 };

/// Splits off the header. The rows that follow can be read even if the header is wrong, unless it has another number of columns:
/// then there are none.
pub(crate) fn rows(bytes: &[u8]) -> (Option<Problem>, impl Iterator<Item = Row>) {
    // Blank lines at the end are harmless, and editors like to leave them.
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_end();
    let not_text = not_text(bytes);
    let text: &[u8] = if not_text.is_some() { &[] } else { text };
    // Old Macs, and some spreadsheets still, end lines with a return alone.
    let line_end = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
    let (first, rest) = match memchr::memchr(line_end, text) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, &text[text.len()..]),
    };
    let header = first.trim_ascii();
    let names: Vec<&[u8]> = cells(header).collect();
    let (places, problem) = match names[..] {
        _ if not_text.is_some() => (None, not_text.map(|found| Problem::NotText { found })),
        [b"RowId", b"Location"] => (Some(IN_ORDER), None),
        [b"Location", b"RowId"] => (Some(Places { row_id: 1, location: 0 }), None),
        _ => {
            let places = (names.len() == 2 || header.is_empty()).then_some(IN_ORDER);
            (places, Some(Problem::Header { found: quote(header) }))
        }
    };
    // A file that was written without a header starts with a row: do not call that row missing.
    let headless = problem.is_some() && parse_row(0, header, IN_ORDER).row_id.is_some();
    let text: &[u8] = match places {
        Some(_) if headless => text,
        Some(_) => rest,
        None => &[],
    };
    let places = places.unwrap_or(IN_ORDER);
    let numbered = lines(text, line_end).zip(1..);
    (problem, numbered.map(move |(line, number)| parse_row(number, line, places)))
}

fn lines(text: &[u8], line_end: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(line_end, rest);
        let line = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or(&[], |end| &rest[end + 1..]);
        Some(line)
    })
}

/// The cells of a line without spaces and quotation marks around them.
fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',').map(|cell| {
        let cell = cell.trim_ascii();
        match cell {
            [b'"', inner @ .., b'"'] if !inner.contains(&b'"') => inner,
            _ => cell,
        }
    })
}

fn parse_row(number: usize, line: &[u8], places: Places) -> Row {
    let line = line.trim_ascii();
    let mut both = [&b""[..]; 2];
    let mut found = 0;
    for cell in cells(line) {
        if let Some(slot) = both.get_mut(found) {
            *slot = cell;
        }
        found += 1;
    }
    let [row_cell, location_cell] = [both[places.row_id], both[places.location]];
    let row_id = str::from_utf8(row_cell).ok().and_then(|cell| cell.parse().ok());
    let mut location = None;
    let problem = match found {
        2 => match parse_location(location_cell) {
            Ok(value) => {
                location = Some(value);
                None
            }
            Err(fault) => {
                Some(Problem::Location { row: number, fault, found: quote(location_cell) })
            }
        },
        _ => {
            Some(Problem::CellCount { row: number, found: if line.is_empty() { 0 } else { found } })
        }
    };
    let problem = match problem {
        None if row_id.is_none() => Some(Problem::RowId { row: number, found: quote(row_cell) }),
        other => other,
    };
    Row { number, row_id, location, problem }
}

fn parse_location(cell: &[u8]) -> Result<f32, LocationFault> {
    if cell.is_empty() {
        return Err(LocationFault::Blank);
    }
    if cell.contains(&b'"') || cell.contains(&b'\'') {
        return Err(LocationFault::Quoted);
    }
    match str::from_utf8(cell).ok().and_then(|cell| cell.parse::<f32>().ok()) {
        Some(value) if value.is_finite() => Ok(value),
        Some(_) => Err(LocationFault::NotFinite),
        // How spreadsheets, R and pandas write "no number".
        None if [&b"NA"[..], b"N/A", b"#N/A", b"null"].contains(&cell) => {
            Err(LocationFault::NotFinite)
        }
        None => Err(LocationFault::Text),
    }
}

/// A piece of the file that fits into a message.
fn quote(found: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text: Cow<'_, str> = String::from_utf8_lossy(found);
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    // Quotation marks are what some messages are about: show them as they are.
    let start = start.replace("\\\"", "\"").replace("\\'", "'");
    if chars.next().is_some() { start + "…" } else { start }
}

/// The file's bytes: each number in the fewest digits that read back to the same `f32`.
pub(crate) fn to_bytes(answers: &[Answer]) -> Vec<u8> {
    const LONGEST_ROW: usize = 32;
    let mut bytes = Vec::with_capacity(HEADER.len() + 1 + answers.len() * LONGEST_ROW);
    bytes.extend_from_slice(HEADER.as_bytes());
    bytes.push(b'\n');
    let (mut integer, mut float) = (itoa::Buffer::new(), zmij::Buffer::new());
    for answer in answers {
        bytes.extend_from_slice(integer.format(answer.row_id).as_bytes());
        bytes.push(b',');
        bytes.extend_from_slice(float.format(answer.location).as_bytes());
        bytes.push(b'\n');
    }
    bytes
}
