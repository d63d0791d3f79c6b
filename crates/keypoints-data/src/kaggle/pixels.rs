//! From the text of an `Image` cell to grey values: the hot loop of reading `training.csv`.

use keypoints_core::kaggle15;

use crate::excerpt::excerpt;

/// Grey values of one picture.
pub(super) const PIXELS: usize = kaggle15::SHAPE.bytes();

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
}

/// Reads 9216 grey values, written as one to three decimal digits each with one space between them.
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
    parse_rest(rest, read, out)
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
    if text.is_empty() && read == 0 {
        return Err(PixelFault::Count { found: 0 });
    }
    let mut found = read;
    for token in text.split(|&byte| byte == b' ') {
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
    if !(1..=3).contains(&token.len()) || !token.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = token.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'));
    u8::try_from(number).ok()
}

#[cfg(test)]
mod tests;
