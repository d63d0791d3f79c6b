//! Square crops of photos.

use serde::{Deserialize, Serialize};

use crate::labels::{Labels, Point};
use crate::picture::PictureShape;
use crate::region::Region;

/// A square on a photo that becomes the picture which a network sees. It may be turned, and may reach beyond the photo.
///
/// ```
/// use keypoints_core::{Crop, PictureShape, Point};
///
/// // 200 pixels of the photo become 100 pixels of the crop.
/// let crop = Crop::upright([199.5, 99.5], 200.0);
/// let shape = PictureShape::grey(100);
/// let on_crop = crop.to_crop(shape, Point { x: 100.0, y: 0.0 });
/// // The centre of the crop's first pixel lies between the first two pixels of the square.
/// assert_eq!(on_crop, Point { x: -0.25, y: -0.25 });
/// assert_eq!(crop.to_photo(shape, on_crop), Point { x: 100.0, y: 0.0 });
///
/// // The same square, turned a quarter to the right: the crop's upper edge is the square's right edge.
/// let turned = Crop { roll: std::f64::consts::FRAC_PI_2, ..crop };
/// let on_photo = turned.to_photo(shape, Point { x: 49.5, y: -0.5 });
/// assert_eq!(on_photo, Point { x: 299.5, y: 99.5 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    /// The middle of the square, x before y, in pixels of the photo.
    pub centre: [f64; 2],
    /// Width and height, in pixels of the photo.
    pub side: f64,
    /// How far the square is turned around its middle, in radians. Positive is clockwise as seen on the photo: the crop of a head that
    /// leans to the photo's right has a positive roll, and shows the head upright.
    #[serde(default)]
    pub roll: f64,
}

impl Crop {
    /// A square whose sides are parallel to those of the photo.
    pub const fn upright(centre: [f64; 2], side: f64) -> Self {
        Self { centre, side, roll: 0.0 }
    }

    /// A place on the photo as a place on the crop.
    pub fn to_crop(&self, shape: PictureShape, point: Point) -> Point {
        let pixels = shape.side as f64;
        let [x, y] = self
            .unturned([f64::from(point.x) - self.centre[0], f64::from(point.y) - self.centre[1]]);
        let map = |value: f64| ((value / self.side + 0.5) * pixels - 0.5) as f32;
        Point { x: map(x), y: map(y) }
    }

    /// A place on the crop as a place on the photo.
    pub fn to_photo(&self, shape: PictureShape, point: Point) -> Point {
        let [x, y] = self.place([point.x.into(), point.y.into()], shape.side as f64);
        Point { x: x as f32, y: y as f32 }
    }

    /// [`Crop::to_photo`] in double precision, for a crop with so many pixels on a side.
    pub fn place(&self, on_crop: [f64; 2], pixels: f64) -> [f64; 2] {
        let [x, y] = self.turned(on_crop.map(|value| ((value + 0.5) / pixels - 0.5) * self.side));
        [self.centre[0] + x, self.centre[1] + y]
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

    /// The upright square with the same middle and side: for a face, a box of the same size however the head leans.
    ///
    /// ```
    /// use keypoints_core::{Crop, Region};
    ///
    /// let crop = Crop { centre: [9.5, 9.5], side: 20.0, roll: 0.3 };
    /// assert_eq!(crop.region(), Region::of_pixels(0.0, 0.0, 20.0, 20.0));
    /// assert_eq!(crop.region().crop(0.0), Some(Crop { roll: 0.0, ..crop }));
    /// ```
    pub fn region(&self) -> Region {
        let ([x, y], half) = (self.centre, self.side / 2.0);
        Region { left: x - half, top: y - half, right: x + half, bottom: y + half }
    }

    /// The smallest square around points that is turned by this roll, and `margin` of its side more on each of its four sides. Without a
    /// roll it is that of [`Region::of_points`] and [`Region::crop`]. `None` where there are no two points, or they are not finite.
    ///
    /// ```
    /// use keypoints_core::{Crop, Keypoint, Labels, Point};
    ///
    /// let mut labels = Labels::default();
    /// labels.set_point(Keypoint::new(0), Point { x: 10.0, y: 10.0 });
    /// labels.set_point(Keypoint::new(1), Point { x: 20.0, y: 20.0 });
    /// let crop = Crop::around(&labels, 0.25, 0.0).ok_or("two points")?;
    /// assert_eq!(crop, Crop::upright([15.0, 15.0], 15.0));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn around(labels: &Labels, margin: f64, roll: f64) -> Option<Self> {
        if !roll.is_finite() {
            return None;
        }
        let frame = Self { centre: [0.0; 2], side: 1.0, roll };
        let mut unturned = Labels::default();
        for (keypoint, point) in labels.points() {
            let [x, y] = frame.unturned([point.x.into(), point.y.into()]);
            unturned.set_point(keypoint, Point { x: x as f32, y: y as f32 });
        }
        let Self { centre, side, .. } = Region::of_points(&unturned)?.crop(margin)?;
        Some(Self { centre: frame.turned(centre), side, roll })
    }

    /// Whether it is a square that can be cut: finite numbers, and a side above 0.
    pub fn is_valid(&self) -> bool {
        let finite = self.centre.iter().all(|one| one.is_finite()) && self.roll.is_finite();
        finite && self.side.is_finite() && self.side > 0.0
    }

    /// A direction on the crop as one on the photo. Without a roll it is the same to the bit.
    fn turned(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        if self.roll == 0.0 {
            return [x, y];
        }
        let (sin, cos) = self.roll.sin_cos();
        [x * cos - y * sin, x * sin + y * cos]
    }

    /// A direction on the photo as one on the crop.
    fn unturned(&self, direction: [f64; 2]) -> [f64; 2] {
        Self { roll: -self.roll, ..*self }.turned(direction)
    }
}

#[cfg(test)]
mod tests;
