//! Tables of text: lines and cells.

use std::borrow::Cow;

use super::cells::{Cells, Rows};
use crate::annotations::error::AnnotationProblem;
use crate::excerpt::excerpt;
use crate::fields::{BYTE_ORDER_MARK, Field, Fields};

/// The longest line that is taken apart. A row of 4096 points takes a tenth of it.
const LONGEST_LINE: usize = 1 << 20;

/// What stands between the cells of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One byte; cells may be in quotes.
    Byte(u8),
    /// Spaces or tabs, any number of them.
    Spaces,
}

impl Separator {
    /// The separator that is most often outside of quotes in a line.
    fn of(line: &[u8]) -> Self {
        let candidates = [b',', b';', b'\t'];
        let mut counts = [0usize; 3];
        let mut quoted = false;
        for &byte in line {
            if byte == b'"' {
                quoted = !quoted;
            } else if let (false, Some(one)) =
                (quoted, candidates.iter().position(|&other| other == byte))
            {
                counts[one] += 1;
            }
        }
        // The last of several: `1,5;2,5` is separated by the semicolon.
        match (0..3).max_by_key(|&one| counts[one]) {
            Some(one) if counts[one] > 0 => Self::Byte(candidates[one]),
            _ => Self::Spaces,
        }
    }
}

/// A table of text in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    line_end: u8,
    separator: Separator,
    has_header: bool,
}

impl<'a> Text<'a> {
    /// The separator is chosen by the first line.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        // Spreadsheets of old Macs end lines with a return alone.
        let line_end = if memchr::memchr(b'\n', bytes).is_some() { b'\n' } else { b'\r' };
        let text = Self { bytes, line_end, separator: Separator::Spaces, has_header: true };
        match text.lines().next() {
            Some((_, line)) => Self { separator: Separator::of(line), ..text },
            None => text,
        }
    }

    /// The same text, its cells separated by spaces.
    pub(super) fn separated_by_spaces(self) -> Self {
        Self { separator: Separator::Spaces, ..self }
    }

    /// The same text, its first line a row.
    pub(super) fn without_header(self) -> Self {
        Self { has_header: false, ..self }
    }

    /// The first line that is not blank, with its number.
    pub(super) fn first(&self) -> Option<(usize, Result<Cells<'a>, AnnotationProblem>)> {
        self.lines().next().map(|(number, line)| (number, self.cells(line)))
    }

    /// The lines that are not blank, numbered from 1, without line ends.
    fn lines(&self) -> impl Iterator<Item = (usize, &'a [u8])> + use<'a> {
        let line_end = self.line_end;
        let mut rest = Some(self.bytes);
        let lines = std::iter::from_fn(move || {
            let bytes = rest?;
            let end = memchr::memchr(line_end, bytes);
            rest = end.map(|end| &bytes[end + 1..]);
            Some(&bytes[..end.unwrap_or(bytes.len())])
        });
        let lines = (1..).zip(lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)));
        lines.filter(|(_, line)| !line.trim_ascii().is_empty())
    }

    /// The cells of a line, without spaces around them.
    fn cells(&self, line: &'a [u8]) -> Result<Cells<'a>, AnnotationProblem> {
        let malformed = |what: String| Err(AnnotationProblem::Malformed(what));
        if line.len() > LONGEST_LINE {
            return malformed(format!("longer than {LONGEST_LINE} bytes, which no row is"));
        }
        let line = match str::from_utf8(line) {
            Ok(line) => line,
            Err(error) => {
                let found = excerpt(&line[error.valid_up_to().saturating_sub(8)..]);
                return malformed(format!("not UTF-8: `{found}`; save the table as UTF-8"));
            }
        };
        let Separator::Byte(separator) = self.separator else {
            return Ok(line.split_whitespace().map(Cow::Borrowed).collect());
        };
        let mut cells = Vec::new();
        let mut fields = Fields::separated(line.as_bytes(), separator);
        while let Some(field) = fields.next() {
            match field {
                Field::Text(text) => cells.push(String::from_utf8_lossy(text.trim_ascii())),
                Field::BadQuote(rest) => {
                    let Some((cell, behind)) = doubled_quotes(rest, separator) else {
                        let found = excerpt(rest);
                        return malformed(format!("a quote is not closed in its cell: `{found}`"));
                    };
                    cells.push(Cow::Owned(cell));
                    match behind {
                        Some(behind) => fields = Fields::separated(behind, separator),
                        None => break,
                    }
                }
            }
        }
        Ok(cells)
    }
}

/// The cell that starts with a quote, where `""` stands for one quote, and what is behind its separator. `None` where the cell
/// does not end with a quote.
fn doubled_quotes(text: &[u8], separator: u8) -> Option<(String, Option<&[u8]>)> {
    let mut cell = Vec::new();
    let mut rest = text.strip_prefix(b"\"")?;
    loop {
        let quote = memchr::memchr(b'"', rest)?;
        cell.extend_from_slice(&rest[..quote]);
        rest = &rest[quote + 1..];
        let behind = match rest {
            [b'"', behind @ ..] => {
                cell.push(b'"');
                rest = behind;
                continue;
            }
            [] => None,
            [one, behind @ ..] if *one == separator => Some(behind),
            _ => return None,
        };
        return Some((String::from_utf8_lossy(cell.trim_ascii()).into_owned(), behind));
    }
}

impl Rows for Text<'_> {
    fn unit(&self) -> &'static str {
        "line"
    }

    fn has_decimal_comma(&self) -> bool {
        self.separator == Separator::Byte(b';')
    }

    fn rows(&self) -> Box<dyn Iterator<Item = (usize, Result<Cells<'_>, AnnotationProblem>)> + '_> {
        let lines = self.lines().skip(usize::from(self.has_header));
        Box::new(lines.map(|(number, line)| (number, self.cells(line))))
    }
}
