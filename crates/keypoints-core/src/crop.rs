//! Square crops of photos.

use serde::{Deserialize, Serialize};

use crate::labels::{Labels, Point};
use crate::picture::PictureShape;

/// A square on a photo that becomes the picture which a network sees. It may reach beyond the photo.
///
/// ```
/// use keypoints_core::{Crop, PictureShape, Point};
///
/// // 200 pixels of the photo become 100 pixels of the crop.
/// let crop = Crop { centre: [199.5, 99.5], side: 200.0 };
/// let shape = PictureShape::grey(100);
/// let on_crop = crop.to_crop(shape, Point { x: 100.0, y: 0.0 });
/// // The centre of the crop's first pixel lies between the first two pixels of the square.
/// assert_eq!(on_crop, Point { x: -0.25, y: -0.25 });
/// assert_eq!(crop.to_photo(shape, on_crop), Point { x: 100.0, y: 0.0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    /// The middle of the square, x before y, in pixels of the photo.
    pub centre: [f64; 2],
    /// Width and height, in pixels of the photo.
    pub side: f64,
}

impl Crop {
    /// A place on the photo as a place on the crop.
    pub fn to_crop(&self, shape: PictureShape, point: Point) -> Point {
        let pixels = shape.side as f64;
        let map = |value: f32, centre: f64| {
            (((f64::from(value) - centre) / self.side + 0.5) * pixels - 0.5) as f32
        };
        Point { x: map(point.x, self.centre[0]), y: map(point.y, self.centre[1]) }
    }

    /// A place on the crop as a place on the photo.
    pub fn to_photo(&self, shape: PictureShape, point: Point) -> Point {
        let [x, y] = self.place([point.x.into(), point.y.into()], shape.side as f64);
        Point { x: x as f32, y: y as f32 }
    }

    /// [`Crop::to_photo`] in double precision, for a crop with so many pixels on a side.
    pub fn place(&self, on_crop: [f64; 2], pixels: f64) -> [f64; 2] {
        let map = |value: f64, centre: f64| centre + ((value + 0.5) / pixels - 0.5) * self.side;
        [map(on_crop[0], self.centre[0]), map(on_crop[1], self.centre[1])]
    }

    /// All points of a photo that lie on the crop, as places there. A point beyond its edges becomes a gap.
    pub fn labels_to_crop(&self, shape: PictureShape, photo: &Labels) -> Labels {
        let edges = -0.5..=shape.side as f32 - 0.5;
        let mut labels = Labels::default();
        for (keypoint, point) in photo.points() {
            let point = self.to_crop(shape, point);
            if edges.contains(&point.x) && edges.contains(&point.y) {
                labels.set_point(keypoint, point);
            }
        }
        labels
    }

    /// All points of a crop as places on the photo.
    pub fn labels_to_photo(&self, shape: PictureShape, crop: &Labels) -> Labels {
        let mut labels = Labels::default();
        for (keypoint, point) in crop.points() {
            labels.set_point(keypoint, self.to_photo(shape, point));
        }
        labels
    }
}
