//! A picture in memory.

use image::DynamicImage;

/// An upright picture, grey or in colour, 8 bits per channel, without transparency, of at least one pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// `L8` or `Rgb8`.
    image: DynamicImage,
}

impl Picture {
    /// Takes a picture that is `L8` or `Rgb8` and not empty.
    pub(crate) fn of_opaque(image: DynamicImage) -> Self {
        Self { image }
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.image.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.image.height()
    }

    /// 1 for a grey picture, 3 for one in colour.
    pub fn channels(&self) -> usize {
        self.image.color().channel_count().into()
    }

    /// The pixels row by row; the channels of a pixel stand side by side.
    pub fn as_bytes(&self) -> &[u8] {
        self.image.as_bytes()
    }

    /// The picture as the crate `image` has it: `L8` or `Rgb8`.
    pub fn as_image(&self) -> &DynamicImage {
        &self.image
    }

    /// The same as a value of its own.
    pub fn into_image(self) -> DynamicImage {
        self.image
    }
}
