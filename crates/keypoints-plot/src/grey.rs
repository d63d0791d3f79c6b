//! Grey pictures of any size.

use std::io::Cursor;

use image::{ExtendedColorType, GrayImage, ImageEncoder, ImageResult, codecs::png::PngEncoder};
use keypoints_data::IMAGE_SIDE;

/// A grey picture that lies somewhere else: row by row, `0` black to `255` white.
///
/// ```
/// use keypoints_plot::GreyImage;
///
/// let pixels = [0, 128, 255, 0, 128, 255];
/// assert!(GreyImage::new(&pixels, 3, 2).is_some());
/// assert!(GreyImage::new(&pixels, 4, 2).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GreyImage<'a> {
    pixels: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> GreyImage<'a> {
    /// A picture of `width * height` grey values; `None` if there are more or fewer, or none at all.
    pub fn new(pixels: &'a [u8], width: u32, height: u32) -> Option<Self> {
        let expected = (width as usize).checked_mul(height as usize)?;
        (expected > 0 && pixels.len() == expected).then_some(Self { pixels, width, height })
    }

    /// A face of 96×96 grey values, as [`keypoints_data::Images::get`] gives it; `None` if it has
    /// another size.
    pub fn face(pixels: &'a [u8]) -> Option<Self> {
        Self::new(pixels, IMAGE_SIDE as u32, IMAGE_SIDE as u32)
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn png(&self) -> ImageResult<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        PngEncoder::new(&mut bytes).write_image(
            self.pixels,
            self.width,
            self.height,
            ExtendedColorType::L8,
        )?;
        Ok(bytes.into_inner())
    }

    pub(crate) fn to_buffer(self) -> GrayImage {
        GrayImage::from_fn(self.width, self.height, |x, y| {
            image::Luma([self.pixels[(y * self.width + x) as usize]])
        })
    }
}
