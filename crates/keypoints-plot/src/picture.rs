//! Pictures of any size, grey or in colour.

use std::io::Cursor;

use image::{ExtendedColorType, GrayImage, ImageEncoder, ImageResult, codecs::png::PngEncoder};
use keypoints_core::{PictureShape, Pictures};

/// A picture that lies somewhere else: its channels one after the other, each row by row, `0` black to `255` white.
///
/// ```
/// use keypoints_core::{PictureShape, Pictures};
/// use keypoints_plot::Picture;
///
/// // A row of a dataset.
/// let pictures = Pictures::new(PictureShape::colour(32), vec![0; 3 * 32 * 32]).ok_or("not whole pictures")?;
/// assert!(Picture::of(&pictures, 0).is_some() && Picture::of(&pictures, 1).is_none());
/// // A grey picture that is no square.
/// let pixels = [0, 128, 255, 0, 128, 255];
/// assert!(Picture::grey(&pixels, 3, 2).is_some() && Picture::grey(&pixels, 4, 2).is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture<'a> {
    pixels: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> Picture<'a> {
    /// Borrows a picture of a dataset; `None` if there is no such picture.
    pub fn of(pictures: &'a Pictures, index: usize) -> Option<Self> {
        let pixels = (index < pictures.len()).then(|| pictures.get(index))?;
        Self::new(pictures.shape(), pixels)
    }

    /// A square picture from its bytes, as [`Pictures::get`] and [`Pictures::iter`] give them; `None` if they do not have
    /// this shape.
    pub fn new(shape: PictureShape, pixels: &'a [u8]) -> Option<Self> {
        let side = u32::try_from(shape.side).ok()?;
        match shape.channels {
            1 => Self::grey(pixels, side, side),
            3 => Self::colour(pixels, side, side),
            _ => None,
        }
    }

    /// A picture of `width * height` grey values; `None` if there are more or fewer, or none at all.
    pub fn grey(pixels: &'a [u8], width: u32, height: u32) -> Option<Self> {
        Self::with_channels(1, pixels, width, height)
    }

    /// A picture of `width * height` red values, then as many green, then as many blue ones; `None` if there are more or
    /// fewer, or none at all.
    pub fn colour(pixels: &'a [u8], width: u32, height: u32) -> Option<Self> {
        Self::with_channels(3, pixels, width, height)
    }

    fn with_channels(channels: usize, pixels: &'a [u8], width: u32, height: u32) -> Option<Self> {
        let area = (width as usize).checked_mul(height as usize)?;
        let expected = area.checked_mul(channels)?;
        (expected > 0 && pixels.len() == expected).then_some(Self { pixels, width, height })
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// One grey picture per channel.
    pub(crate) fn channels(&self) -> impl ExactSizeIterator<Item = GrayImage> {
        let (width, height) = (self.width, self.height);
        self.planes().map(move |plane| {
            GrayImage::from_fn(width, height, |x, y| {
                image::Luma([plane[y as usize * width as usize + x as usize]])
            })
        })
    }

    pub(crate) fn png(&self) -> ImageResult<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        let encoder = PngEncoder::new(&mut bytes);
        let planes: Vec<&[u8]> = self.planes().collect();
        if let [red, green, blue] = planes[..] {
            let pixels = red.iter().zip(green).zip(blue);
            let pixels: Vec<u8> =
                pixels.flat_map(|((red, green), blue)| [*red, *green, *blue]).collect();
            encoder.write_image(&pixels, self.width, self.height, ExtendedColorType::Rgb8)?;
        } else {
            encoder.write_image(self.pixels, self.width, self.height, ExtendedColorType::L8)?;
        }
        Ok(bytes.into_inner())
    }

    fn planes(&self) -> std::slice::ChunksExact<'a, u8> {
        self.pixels.chunks_exact(self.width as usize * self.height as usize)
    }
}

#[cfg(test)]
mod tests;
