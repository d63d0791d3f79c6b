//! From pixels of a face to drawing units of the picture that it is placed in.

use keypoints_data::Point;

use crate::canvas::Placed;
use crate::style::sub_px;

/// How far outside of the image a point is still drawn, as a share of the image's side.
const SLACK: f64 = 0.05;

/// Where an image lies in the picture, and how much larger it is there.
pub(crate) struct Placement {
    corner: (f64, f64),
    factor: (f64, f64),
    size: (f64, f64),
}

impl Placement {
    pub(crate) fn of(placed: &Placed<'_>) -> Self {
        let size = (f64::from(placed.image.width()), f64::from(placed.image.height()));
        Self {
            corner: (f64::from(placed.left), f64::from(placed.top)),
            factor: (f64::from(placed.width) / size.0, f64::from(placed.height) / size.1),
            size,
        }
    }

    /// The centre of pixel `(x, y)` is half a pixel right of and below its corner. `None` for a point
    /// that is not finite or far outside of the image.
    pub(crate) fn units(&self, point: Point) -> Option<(i32, i32)> {
        let along = |at: f32, corner: f64, factor: f64, size: f64| {
            let at = f64::from(at) + 0.5;
            let near = -SLACK * size..=(1.0 + SLACK) * size;
            near.contains(&at).then(|| sub_px(corner + at * factor))
        };
        let x = along(point.x, self.corner.0, self.factor.0, self.size.0)?;
        let y = along(point.y, self.corner.1, self.factor.1, self.size.1)?;
        Some((x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grey::GreyImage;
    use crate::style::px;

    #[test]
    fn the_first_pixel_of_a_doubled_image_has_its_centre_one_pixel_from_the_corner() {
        let pixels = vec![0; 96 * 96];
        let image = GreyImage::face(&pixels).unwrap();
        let placed = Placed { image, left: 10, top: 20, width: 192, height: 192 };
        let units = |x, y| Placement::of(&placed).units(Point { x, y });
        assert_eq!(units(0.0, 0.0), Some((px(11), px(21))));
        assert_eq!(units(95.5, 0.25), Some((px(202), px(21) + px(1) / 2)));
        assert_eq!(units(-20.0, 0.0), None);
        assert_eq!(units(0.0, 120.0), None);
        assert_eq!(units(f32::NAN, 1.0), None);
        assert_eq!(units(1.0, f32::INFINITY), None);
    }
}
