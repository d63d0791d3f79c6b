//! From the text of an `Image` cell to grey values: the hot loop of reading `training.csv`.

use keypoints_core::kaggle15;

use crate::excerpt::excerpt;

/// Grey values of one picture.
pub(super) const PIXELS: usize = kaggle15::SHAPE.bytes();

/// The longest cell of Excel and others, in characters.
const SPREADSHEET_CELL: usize = 32_767;

/// What is wrong with the text of an `Image` cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PixelFault {
    /// There are too few or too many numbers.
    #[error("expected {PIXELS} pixels, found {found}")]
    Count {
        /// How many numbers there are.
        found: usize,
    },
    /// A number is none, or too large for a grey value.
    #[error("pixel {pixel}: expected a whole number from 0 to 255, found `{found}`")]
    Value {
        /// Which pixel, counted from 1 in the order of the file.
        pixel: usize,
        /// The text between the two spaces, shortened.
        found: String,
    },
    /// A program printed the picture to be looked at and left out its middle or its end.
    #[error(
        "`...` after {found} pixels: the picture was cut when it was printed. Save every pixel, in Python as \
         `' '.join(map(str, pixels))`"
    )]
    Printed {
        /// How many numbers come before the dots.
        found: usize,
    },
    /// A spreadsheet cut the cell.
    #[error(
        "expected {PIXELS} pixels, found {found} in {SPREADSHEET_CELL} characters, the most that a spreadsheet \
         keeps of a cell. Use the file as it was before"
    )]
    CutBySpreadsheet {
        /// How many numbers are left.
        found: usize,
    },
}

/// Reads 9216 grey values, written as one to three decimal digits each with one space between them.
///
/// Also read are more spaces, tabs and line ends, also at the ends, commas in place of spaces, brackets around the whole and around each line of
/// pixels, and whole numbers with a point (`7.`, `7.0`), as Python writes lists and arrays.
///
/// ```
/// use keypoints_data::kaggle::parse_pixels;
///
/// let text = vec!["7"; 9216].join(" ");
/// let mut face = [0; 9216];
/// parse_pixels(text.as_bytes(), &mut face)?;
/// assert_eq!(face, [7; 9216]);
///
/// let error = parse_pixels(b"12 256", &mut face).unwrap_err();
/// assert_eq!(error.to_string(), "pixel 2: expected a whole number from 0 to 255, found `256`");
/// # Ok::<(), keypoints_data::kaggle::PixelFault>(())
/// ```
///
/// # Errors
/// The first token that is no grey value, or else a wrong number of them. `out` then holds no image.
pub fn parse_pixels(text: &[u8], out: &mut [u8; PIXELS]) -> Result<(), PixelFault> {
    let (read, rest) = parse_run(text, out);
    match parse_rest(rest, read, out) {
        // A space that was trimmed, or a quote, may have been the last character.
        Err(PixelFault::Count { found })
            if (SPREADSHEET_CELL - 2..=SPREADSHEET_CELL).contains(&text.len()) =>
        {
            Err(PixelFault::CutBySpreadsheet { found })
        }
        outcome => outcome,
    }
}

/// Reads numbers that are followed by a space, until there is anything else. Returns how many it read
/// and the text behind them.
fn parse_run<'a>(text: &'a [u8], out: &mut [u8; PIXELS]) -> (usize, &'a [u8]) {
    let mut rest = text;
    for (index, value) in out.iter_mut().enumerate() {
        // Neighbouring pixels mostly have the same number of digits, so branching on it predicts well.
        match rest {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', tail @ ..] => {
                let number =
                    u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
                let Ok(number) = u8::try_from(number) else { return (index, rest) };
                *value = number;
                rest = tail;
            }
            [a @ b'0'..=b'9', b @ b'0'..=b'9', b' ', tail @ ..] => {
                *value = (a - b'0') * 10 + (b - b'0');
                rest = tail;
            }
            [a @ b'0'..=b'9', b' ', tail @ ..] => {
                *value = a - b'0';
                rest = tail;
            }
            _ => return (index, rest),
        }
    }
    (PIXELS, rest)
}

/// Reads what is left, token by token: the last pixel of a good image, or the fault of a bad one.
#[cold]
fn parse_rest(text: &[u8], read: usize, out: &mut [u8; PIXELS]) -> Result<(), PixelFault> {
    let text = text.trim_ascii();
    let in_brackets = text.starts_with(b"[") && text.ends_with(b"]");
    let between = |byte: &u8| match byte {
        b' ' | b'\t' | b'\n' | b'\r' | b',' => true,
        b'[' | b']' => in_brackets,
        _ => false,
    };
    let mut found = read;
    for token in text.split(between).filter(|token| !token.is_empty()) {
        if token.ends_with(b"...") {
            return Err(PixelFault::Printed { found });
        }
        let value = parse_value(token)
            .ok_or_else(|| PixelFault::Value { pixel: found + 1, found: excerpt(token) })?;
        if let Some(slot) = out.get_mut(found) {
            *slot = value;
        }
        found += 1;
    }
    if found == PIXELS { Ok(()) } else { Err(PixelFault::Count { found }) }
}

fn parse_value(token: &[u8]) -> Option<u8> {
    let token = match token.iter().position(|&byte| byte == b'.') {
        Some(point) if token[point + 1..].iter().all(|&byte| byte == b'0') => &token[..point],
        _ => token,
    };
    if !(1..=3).contains(&token.len()) || !token.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = token.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'));
    u8::try_from(number).ok()
}

#[cfg(test)]
mod tests;
