//! A whole picture as the square that a network takes.

use image::imageops::FilterType;
use keypoints_core::{Labels, PictureShape, Point};

use crate::picture::Picture;

impl Picture {
    /// Resizes the whole picture to a shape, as a network takes one face crop: grey or in colour, one channel after the other, each row by
    /// row. Sides that are not equal are squeezed.
    ///
    /// ```
    /// use keypoints_core::{PictureShape, Point};
    /// use keypoints_image::{Picture, image::DynamicImage};
    ///
    /// let picture = Picture::from_image(DynamicImage::new_luma8(192, 96))?;
    /// let resized = picture.resize(PictureShape::grey(96));
    /// assert_eq!(resized.pixels().len(), 96 * 96);
    /// // The centre of the square's pixel 0 lies between the picture's pixels 0 and 1.
    /// assert_eq!(resized.to_picture(Point { x: 0.0, y: 0.0 }), Point { x: 0.5, y: 0.0 });
    /// # Ok::<(), keypoints_image::PictureFault>(())
    /// ```
    pub fn resize(&self, shape: PictureShape) -> Resized {
        let size = [self.width(), self.height()];
        let side = shape.side as u32;
        let fits = size == [side; 2];
        // Triangle widens with the shrinking factor, so large pictures do not alias.
        let filter = FilterType::Triangle;
        if shape.channels == 1 {
            let grey = self.as_image().to_luma8();
            let grey = if fits { grey } else { image::imageops::resize(&grey, side, side, filter) };
            return Resized { pixels: grey.into_raw(), shape, size };
        }
        let colour = self.as_image().to_rgb8();
        let colour =
            if fits { colour } else { image::imageops::resize(&colour, side, side, filter) };
        let channel = |channel: usize| colour.pixels().map(move |pixel| pixel.0[channel]);
        Resized { pixels: (0..3).flat_map(channel).collect(), shape, size }
    }
}

/// A picture that was resized to a square, and the way back to the places on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resized {
    pixels: Vec<u8>,
    shape: PictureShape,
    /// Width and height of the picture.
    size: [u32; 2],
}

impl Resized {
    /// The square: one channel after the other, each row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The same as a value of its own.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// A place on the square as a place on the picture.
    pub fn to_picture(&self, point: Point) -> Point {
        // Pixel centres are integers on both sides, so the borders lie half a pixel further out.
        let side = self.shape.side as f32;
        let map = |value: f32, size: u32| (value + 0.5) * size as f32 / side - 0.5;
        Point { x: map(point.x, self.size[0]), y: map(point.y, self.size[1]) }
    }

    /// All points on the square as places on the picture.
    pub fn labels_to_picture(&self, labels: &Labels) -> Labels {
        let mut found = Labels::default();
        for (keypoint, point) in labels.points() {
            found.set_point(keypoint, self.to_picture(point));
        }
        found
    }
}
