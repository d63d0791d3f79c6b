//! The header of a video stream.

use std::io::{BufRead, Read};

use crate::open::LARGEST_PICTURE;
use crate::y4m::error::{Y4mFault, shown};

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 4096;

/// What a stream begins with.
const MAGIC: &[u8] = b"YUV4MPEG2";

/// What a stream says of its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Frames per second.
    pub(crate) rate: Option<f64>,
    pub(crate) layout: Layout,
    /// Whether values go from 0 to 255 instead of from 16 to 235.
    pub(crate) full_range: bool,
}

/// Which samples a frame has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Brightness only.
    Grey,
    /// Colours as well: one sample for so many pixels in a row, and for so many rows.
    Colour { columns: u32, rows: u32 },
}

impl Header {
    /// Reads a header and checks it.
    pub(crate) fn read(reader: &mut impl BufRead) -> Result<Self, Y4mFault> {
        // A file of another kind need not have lines.
        let start = reader.fill_buf().map_err(Y4mFault::Io)?;
        if start.is_empty() {
            return Err(Y4mFault::Empty);
        }
        let length = start.len().min(MAGIC.len());
        if start[..length] != MAGIC[..length] {
            return Err(Y4mFault::not_y4m(start));
        }
        let line = read_line(reader)?.ok_or(Y4mFault::Empty)?;
        let mut words = line.split(|&byte| byte == b' ');
        if words.next() != Some(MAGIC) {
            return Err(Y4mFault::not_y4m(&line));
        }
        let (mut width, mut height, mut rate) = (None, None, None);
        let (mut layout, mut range) = (Layout::Colour { columns: 2, rows: 2 }, None);
        for word in words {
            let Some((name, value)) = word.split_first() else { continue };
            match name {
                b'W' => width = Some(value),
                b'H' => height = Some(value),
                b'F' => rate = parse_rate(value),
                b'C' => layout = Layout::of(value)?,
                b'X' if value == b"COLORRANGE=FULL" => range = Some(true),
                b'X' if value == b"COLORRANGE=LIMITED" => range = Some(false),
                _ => {}
            }
        }
        let width = parse_size('W', width)?;
        let height = parse_size('H', height)?;
        let full_range = range.unwrap_or(layout == Layout::Grey);
        let header = Self { width, height, rate, layout, full_range };
        // As a picture in colour it is largest: no format here has more samples.
        if 3 * u128::from(width) * u128::from(height) > LARGEST_PICTURE.into() {
            return Err(Y4mFault::TooLarge { width, height, limit: LARGEST_PICTURE });
        }
        Ok(header)
    }

    /// The samples of a frame, a byte each.
    pub(crate) fn samples(&self) -> u64 {
        let area = u64::from(self.width) * u64::from(self.height);
        let [columns, rows] = self.chroma().map(u64::from);
        area + 2 * columns * rows
    }

    /// Width and height of the planes with the colours.
    pub(crate) fn chroma(&self) -> [u32; 2] {
        match self.layout {
            Layout::Grey => [0, 0],
            Layout::Colour { columns, rows } => {
                [self.width.div_ceil(columns), self.height.div_ceil(rows)]
            }
        }
    }
}

impl Layout {
    fn of(name: &[u8]) -> Result<Self, Y4mFault> {
        Ok(match name {
            // They differ in where between the pixels the colours were sampled.
            b"420" | b"420jpeg" | b"420mpeg2" | b"420paldv" => Self::Colour { columns: 2, rows: 2 },
            b"422" => Self::Colour { columns: 2, rows: 1 },
            b"444" => Self::Colour { columns: 1, rows: 1 },
            b"mono" => Self::Grey,
            other => return Err(Y4mFault::UnknownColour { found: shown(other) }),
        })
    }
}

/// Reads a line without its end; `None` where the stream ends before it begins.
pub(crate) fn read_line(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, Y4mFault> {
    let mut line = Vec::new();
    let most = LONGEST_LINE as u64 + 1;
    reader.take(most).read_until(b'\n', &mut line).map_err(Y4mFault::Io)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST_LINE {
        return Err(Y4mFault::LongLine { most: LONGEST_LINE });
    } else {
        return Err(Y4mFault::CutOffHeader);
    }
    Ok(Some(line))
}

fn parse_size(name: char, value: Option<&[u8]>) -> Result<u32, Y4mFault> {
    let number = value.and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
    number.filter(|size| *size > 0).ok_or_else(|| {
        let found = value.map(|value| format!("{name}{}", shown(value)));
        Y4mFault::BadSize { name, found: found.unwrap_or_default() }
    })
}

/// `None` where a stream says that it does not know, as `0:0`.
fn parse_rate(value: &[u8]) -> Option<f64> {
    let (frames, seconds) = std::str::from_utf8(value).ok()?.split_once(':')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
    Some(f64::from(number(frames)?) / f64::from(number(seconds)?))
}

#[cfg(test)]
mod tests;
