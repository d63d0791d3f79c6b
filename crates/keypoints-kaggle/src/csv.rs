//! The two columns of a submission as bytes: `RowId,Location`.

use std::borrow::Cow;

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

/// Splits off the header. The rows that follow can be read even if the header is wrong.
pub(crate) fn rows(bytes: &[u8]) -> (Option<Problem>, impl Iterator<Item = Row>) {
    // Blank lines at the end are harmless, and editors like to leave them.
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_end();
    let (first, rest) = match memchr::memchr(b'\n', text) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, &text[text.len()..]),
    };
    let header = first.trim_ascii();
    let problem = (header != HEADER.as_bytes()).then(|| Problem::Header { found: quote(header) });
    // A file that was written without a header starts with a row: do not call that row missing.
    let headless = parse_row(0, header).row_id.is_some();
    (
        problem,
        lines(if headless { text } else { rest }).zip(1..).map(|(line, n)| parse_row(n, line)),
    )
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest);
        let line = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or(&[], |end| &rest[end + 1..]);
        Some(line)
    })
}

fn parse_row(number: usize, line: &[u8]) -> Row {
    let line = line.trim_ascii();
    let mut cells = line.splitn(3, |&byte| byte == b',');
    let row_cell = cells.next().unwrap_or_default().trim_ascii();
    let location_cell = cells.next().map(<[u8]>::trim_ascii);
    let more = cells.next();

    let row_id = str::from_utf8(row_cell).ok().and_then(|cell| cell.parse().ok());
    let mut location = None;
    let problem = match (location_cell, more) {
        (Some(cell), None) => match parse_location(cell) {
            Ok(value) => {
                location = Some(value);
                None
            }
            Err(fault) => Some(Problem::Location { row: number, fault, found: quote(cell) }),
        },
        _ => {
            let found = 1 + memchr::memchr_iter(b',', line).count();
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
