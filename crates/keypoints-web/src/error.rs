//! What can be wrong with what a page hands over.

use keypoints_detect::PictureFault;

/// An argument that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebError {
    /// The pixels are not as many as width and height say.
    #[error(
        "the picture says {width}×{height} pixels, which are {expected} bytes of red, green, blue and opacity, but its data has {found}"
    )]
    PixelCount {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Bytes that such a picture has.
        expected: u64,
        /// Bytes that there are.
        found: usize,
    },
    /// The picture cannot be used.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// The distance between searches is no positive whole number.
    #[error("`searchEvery` is {0}; it must be a whole number from 1 on")]
    SearchEvery(f64),
}
