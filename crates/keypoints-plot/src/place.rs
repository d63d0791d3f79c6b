//! From pixels of a picture to drawing units of the drawing that it is placed in.

use keypoints_core::Point;

use crate::area::sub_px;
use crate::picture::Picture;

/// How far outside of the picture a point is still drawn, as a share of the picture's side.
const SLACK: f64 = 0.05;

/// A picture in the drawing.
pub(crate) struct Placed<'a> {
    pub(crate) picture: Picture<'a>,
    /// The top left corner, in pixels.
    pub(crate) left: u32,
    pub(crate) top: u32,
    /// The size it is stretched to, in pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Placed<'_> {
    /// Where a point of the picture lies in the drawing, in drawing units. `None` for a point that is not finite or far
    /// outside of the picture.
    pub(crate) fn units(&self, point: Point) -> Option<(i32, i32)> {
        // The centre of pixel `(x, y)` is half a pixel right of and below its corner.
        let along = |at: f32, corner: u32, length: u32, size: u32| {
            let (at, size) = (f64::from(at) + 0.5, f64::from(size));
            let near = -SLACK * size..=(1.0 + SLACK) * size;
            let factor = f64::from(length) / size;
            near.contains(&at).then(|| sub_px(f64::from(corner) + at * factor))
        };
        let x = along(point.x, self.left, self.width, self.picture.width())?;
        let y = along(point.y, self.top, self.height, self.picture.height())?;
        Some((x, y))
    }
}

#[cfg(test)]
mod tests;
