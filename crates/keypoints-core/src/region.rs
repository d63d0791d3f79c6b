//! Where an object lies on a photo.

use serde::{Deserialize, Serialize};

use crate::crop::Crop;
use crate::labels::{Labels, Point};

/// A rectangle on a photo, in pixels. As for all places, `0` is the centre of the first pixel.
///
/// ```
/// use keypoints_core::Region;
///
/// // Ten whole pixels from the left edge of the photo.
/// let region = Region::of_pixels(0.0, 0.0, 10.0, 20.0);
/// assert_eq!((region.left, region.right), (-0.5, 9.5));
/// let crop = region.crop(0.5).ok_or("a region with an area")?;
/// assert_eq!(crop.side, 40.0); // the longer side, and half of it on either side
/// assert_eq!(crop.centre, [4.5, 9.5]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Region {
    /// A box as most files write it: its upper left corner, `(0, 0)` for the photo's own corner, and its size.
    pub fn of_pixels(left: f64, top: f64, width: f64, height: f64) -> Self {
        let (left, top) = (left - 0.5, top - 0.5);
        Self { left, top, right: left + width, bottom: top + height }
    }

    /// The box that [`Region::of_pixels`] takes: left, top, width, height.
    pub fn to_pixels(self) -> [f64; 4] {
        [self.left + 0.5, self.top + 0.5, self.right - self.left, self.bottom - self.top]
    }

    /// The smallest region around the labelled points. `None` where no point is labelled.
    pub fn of_points(labels: &Labels) -> Option<Self> {
        let around = |region: Option<Self>, point: Point| {
            let (x, y) = (f64::from(point.x), f64::from(point.y));
            Some(match region {
                None => Self { left: x, top: y, right: x, bottom: y },
                Some(one) => Self {
                    left: one.left.min(x),
                    top: one.top.min(y),
                    right: one.right.max(x),
                    bottom: one.bottom.max(y),
                },
            })
        };
        labels.points().map(|(_, point)| point).fold(None, around)
    }

    /// The square around the region's centre whose side is the region's longer side, and `margin` of that more on each of the
    /// four sides. `None` where the region has no length, or its numbers are not finite.
    pub fn crop(self, margin: f64) -> Option<Crop> {
        let longer = (self.right - self.left).max(self.bottom - self.top);
        let side = longer * (1.0 + 2.0 * margin);
        let centre = [(self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0];
        let usable = longer > 0.0 && side > 0.0 && side.is_finite();
        (usable && centre.iter().all(|one| one.is_finite())).then_some(Crop::upright(centre, side))
    }

    /// The area in both regions over the area in either: 1 for the same region, 0 for regions that do not touch or have no area.
    ///
    /// ```
    /// use keypoints_core::Region;
    ///
    /// let region = Region::of_pixels(0.0, 0.0, 10.0, 10.0);
    /// assert_eq!(region.overlap(region), 1.0);
    /// assert_eq!(region.overlap(Region::of_pixels(5.0, 0.0, 10.0, 10.0)), 1.0 / 3.0);
    /// assert_eq!(region.overlap(Region::of_pixels(10.0, 0.0, 10.0, 10.0)), 0.0);
    /// ```
    pub fn overlap(self, other: Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        let area = |one: Self| (one.right - one.left) * (one.bottom - one.top);
        let both = width.max(0.0) * height.max(0.0);
        if both > 0.0 { both / (area(self) + area(other) - both) } else { 0.0 }
    }
}
