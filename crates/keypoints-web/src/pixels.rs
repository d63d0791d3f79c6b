//! A canvas's pixels as a picture.

use keypoints_detect::Picture;
use keypoints_detect::image::{RgbImage, RgbaImage};

use crate::error::WebError;

/// Takes the pixels of an `ImageData`: row by row, each as red, green, blue and opacity. Transparent parts are laid on white.
///
/// ```
/// let picture = keypoints_web::picture_of_rgba(1, 2, vec![10, 20, 30, 255, 0, 0, 0, 0])?;
/// assert_eq!(picture.as_bytes(), [10, 20, 30, 255, 255, 255]);
/// # Ok::<(), keypoints_web::WebError>(())
/// ```
///
/// # Errors
/// [`WebError::PixelCount`] if they are not as many as width and height say, [`WebError::Picture`] if there are none.
pub fn picture_of_rgba(width: u32, height: u32, data: Vec<u8>) -> Result<Picture, WebError> {
    let expected = (4 * u64::from(width)).saturating_mul(height.into());
    let found = data.len();
    let miscounted = WebError::PixelCount { width, height, expected, found };
    if found as u64 != expected {
        return Err(miscounted);
    }
    // Of a camera and of most photos every pixel is opaque: then laying on white is dropping every fourth byte.
    let image = match opaque(&data) {
        Some(rgb) => RgbImage::from_raw(width, height, rgb).map(Into::into),
        None => RgbaImage::from_raw(width, height, data).map(Into::into),
    };
    Ok(Picture::from_image(image.ok_or(miscounted)?)?)
}

/// Red, green and blue of pixels that are all opaque.
fn opaque(data: &[u8]) -> Option<Vec<u8>> {
    let pixels = data.as_chunks::<4>().0;
    if pixels.iter().fold(255, |least, pixel| least & pixel[3]) < 255 {
        return None;
    }
    let mut rgb = vec![0; 3 * pixels.len()];
    for (to, &[red, green, blue, _]) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        *to = [red, green, blue];
    }
    Some(rgb)
}

#[cfg(test)]
mod tests;
