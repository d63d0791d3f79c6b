//! From brightness and colour differences to red, green and blue.

use image::{GrayImage, RgbImage};

use crate::picture::Picture;
use crate::y4m::header::{Header, Layout};

/// The samples of a whole frame as a picture.
#[expect(clippy::expect_used, reason = "the header's size is that of the planes")]
pub(super) fn to_picture(header: &Header, samples: &[u8]) -> Picture {
    let (width, height) = (header.width, header.height);
    let conversion = Conversion::of(header.full_range);
    let (luma, chroma) = samples.split_at(width as usize * height as usize);
    Picture::of_opaque(match header.layout {
        Layout::Grey => {
            let pixels = luma.iter().map(|&y| conversion.grey(y)).collect();
            GrayImage::from_raw(width, height, pixels).expect("a value per pixel").into()
        }
        Layout::Colour { columns, rows } => {
            let across = header.chroma()[0] as usize;
            let (blue, red) = chroma.split_at(chroma.len() / 2);
            let mut pixels = Vec::with_capacity(3 * luma.len());
            for (y, line) in luma.chunks_exact(width as usize).enumerate() {
                let from = y / rows as usize * across;
                for (x, &brightness) in line.iter().enumerate() {
                    let at = from + x / columns as usize;
                    pixels.extend(conversion.colour(brightness, blue[at], red[at]));
                }
            }
            RgbImage::from_raw(width, height, pixels).expect("three values per pixel").into()
        }
    })
}

/// The factors of BT.601 for one range of values, in 65536ths.
struct Conversion {
    black: i32,
    luma: i32,
    red: i32,
    green: [i32; 2],
    blue: i32,
}

impl Conversion {
    fn of(full_range: bool) -> Self {
        // Brightness = 0.299 red + 0.587 green + 0.114 blue; the differences of blue and red to it are halved and brought to the range.
        let (black, luma, chroma) = match full_range {
            true => (0, 1.0, 1.0),
            false => (16, 255.0 / 219.0, 255.0 / 224.0),
        };
        let fixed = |factor: f64| (factor * 65536.0).round() as i32;
        let (red, blue) = (2.0 * (1.0 - 0.299) * chroma, 2.0 * (1.0 - 0.114) * chroma);
        Self {
            black,
            luma: fixed(luma),
            red: fixed(red),
            green: [fixed(0.114 / 0.587 * blue), fixed(0.299 / 0.587 * red)],
            blue: fixed(blue),
        }
    }

    fn grey(&self, luma: u8) -> u8 {
        rounded((i32::from(luma) - self.black) * self.luma)
    }

    fn colour(&self, luma: u8, blue: u8, red: u8) -> [u8; 3] {
        let luma = (i32::from(luma) - self.black) * self.luma;
        let [blue, red] = [blue, red].map(|value| i32::from(value) - 128);
        [
            rounded(luma + self.red * red),
            rounded(luma - self.green[0] * blue - self.green[1] * red),
            rounded(luma + self.blue * blue),
        ]
    }
}

fn rounded(value: i32) -> u8 {
    ((value + 32768) >> 16).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests;
