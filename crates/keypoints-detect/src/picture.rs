//! A picture of any size as a face that the networks understand.

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage};
use keypoints_data::{IMAGE_SIDE, Labels, Point};

use crate::error::DetectError;

/// A picture to be taken as one face crop, in grey.
///
/// It is squeezed to 96×96 as a whole: crop it to the face first, roughly from above the eyebrows to below
/// the chin, as the competition's pictures are.
///
/// ```
/// use keypoints_data::Point;
/// use keypoints_detect::FacePicture;
///
/// let picture = FacePicture::from_gray(image::GrayImage::new(192, 96))?;
/// assert_eq!(picture.face().len(), 96 * 96);
/// // The centre of the face's pixel 0 lies between the picture's pixels 0 and 1.
/// assert_eq!(picture.to_picture(Point { x: 0.0, y: 0.0 }), Point { x: 0.5, y: 0.0 });
/// # Ok::<(), keypoints_detect::DetectError>(())
/// ```
#[derive(Clone, Debug)]
pub struct FacePicture {
    gray: GrayImage,
}

impl FacePicture {
    /// Takes a picture of any colour type and turns it grey.
    ///
    /// # Errors
    /// [`DetectError::EmptyPicture`] if it has no pixels.
    pub fn new(picture: &DynamicImage) -> Result<Self, DetectError> {
        Self::from_gray(picture.to_luma8())
    }

    /// Takes a grey picture.
    ///
    /// # Errors
    /// [`DetectError::EmptyPicture`] if it has no pixels.
    pub fn from_gray(gray: GrayImage) -> Result<Self, DetectError> {
        let (width, height) = gray.dimensions();
        if width == 0 || height == 0 {
            return Err(DetectError::EmptyPicture { width, height });
        }
        Ok(Self { gray })
    }

    /// The grey picture in its own size.
    pub fn gray(&self) -> &GrayImage {
        &self.gray
    }

    /// The picture as a 96×96 face, row by row.
    pub fn face(&self) -> Vec<u8> {
        let side = IMAGE_SIDE as u32;
        if self.gray.dimensions() == (side, side) {
            return self.gray.as_raw().clone();
        }
        // Triangle widens with the shrinking factor, so large pictures do not alias.
        image::imageops::resize(&self.gray, side, side, FilterType::Triangle).into_raw()
    }

    /// A place on the 96×96 face as a place on the picture.
    pub fn to_picture(&self, point: Point) -> Point {
        let (width, height) = self.gray.dimensions();
        // Pixel centres are integers on both sides, so the borders lie half a pixel further out.
        let map = |value: f32, size: u32| (value + 0.5) * size as f32 / IMAGE_SIDE as f32 - 0.5;
        Point { x: map(point.x, width), y: map(point.y, height) }
    }

    /// All points of a face as places on the picture.
    pub fn labels_to_picture(&self, face: &Labels) -> Labels {
        let mut labels = Labels::default();
        for (keypoint, point) in face.points() {
            labels.set_point(keypoint, self.to_picture(point));
        }
        labels
    }
}
