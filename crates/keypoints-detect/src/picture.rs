//! A picture of any size as a crop that a network takes.

use image::DynamicImage;
use image::imageops::FilterType;
use keypoints_core::{Labels, PictureShape, Point};

use crate::error::DetectError;

/// A picture to be taken as one face crop.
///
/// It is resized to the network's square as a whole: crop it to the face first, roughly from above the eyebrows to below
/// the chin.
///
/// ```
/// use keypoints_core::{PictureShape, Point};
/// use keypoints_detect::{FacePicture, image::DynamicImage};
///
/// let picture = FacePicture::new(DynamicImage::new_luma8(192, 96))?;
/// let shape = PictureShape::grey(96);
/// assert_eq!(picture.crop(shape).len(), 96 * 96);
/// // The centre of the crop's pixel 0 lies between the picture's pixels 0 and 1.
/// assert_eq!(picture.to_picture(shape, Point { x: 0.0, y: 0.0 }), Point { x: 0.5, y: 0.0 });
/// # Ok::<(), keypoints_detect::DetectError>(())
/// ```
#[derive(Clone, Debug)]
pub struct FacePicture {
    picture: DynamicImage,
}

impl FacePicture {
    /// Takes a picture of any colour type.
    ///
    /// # Errors
    /// [`DetectError::EmptyPicture`] if it has no pixels.
    pub fn new(picture: DynamicImage) -> Result<Self, DetectError> {
        let (width, height) = (picture.width(), picture.height());
        if width == 0 || height == 0 {
            return Err(DetectError::EmptyPicture { width, height });
        }
        Ok(Self { picture })
    }

    /// The picture in its own size.
    pub fn picture(&self) -> &DynamicImage {
        &self.picture
    }

    /// The picture as a network takes it: resized, grey or in colour, one channel after the other, each row by row.
    pub fn crop(&self, shape: PictureShape) -> Vec<u8> {
        let side = shape.side as u32;
        let fits = (self.picture.width(), self.picture.height()) == (side, side);
        // Triangle widens with the shrinking factor, so large pictures do not alias.
        let filter = FilterType::Triangle;
        if shape.channels == 1 {
            let grey = self.picture.to_luma8();
            return match fits {
                true => grey.into_raw(),
                false => image::imageops::resize(&grey, side, side, filter).into_raw(),
            };
        }
        let colour = self.picture.to_rgb8();
        let colour = match fits {
            true => colour,
            false => image::imageops::resize(&colour, side, side, filter),
        };
        (0..3).flat_map(|channel| colour.pixels().map(move |pixel| pixel.0[channel])).collect()
    }

    /// A place on the crop as a place on the picture.
    pub fn to_picture(&self, shape: PictureShape, point: Point) -> Point {
        // Pixel centres are integers on both sides, so the borders lie half a pixel further out.
        let map = |value: f32, size: u32| (value + 0.5) * size as f32 / shape.side as f32 - 0.5;
        Point { x: map(point.x, self.picture.width()), y: map(point.y, self.picture.height()) }
    }

    /// All points of a crop as places on the picture.
    pub fn labels_to_picture(&self, shape: PictureShape, crop: &Labels) -> Labels {
        let mut labels = Labels::default();
        for (keypoint, point) in crop.points() {
            labels.set_point(keypoint, self.to_picture(shape, point));
        }
        labels
    }
}
