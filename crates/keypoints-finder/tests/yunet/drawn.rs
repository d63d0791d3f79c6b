//! Faces that are drawn, to be found.

use keypoints_image::Picture;
use keypoints_image::image::{DynamicImage, Rgb, RgbImage};

/// An ellipse: its middle from the face's, its half axes, its colour.
type Part = ([i64; 2], [i64; 2], [u8; 3]);

/// A face of 92×116 pixels, from back to front.
const PARTS: [Part; 13] = [
    ([0, -8], [46, 58], [60, 40, 30]),
    ([0, 4], [38, 50], [222, 178, 150]),
    ([-16, -16], [9, 2], [90, 60, 45]),
    ([16, -16], [9, 2], [90, 60, 45]),
    ([-16, -7], [8, 4], [245, 240, 235]),
    ([16, -7], [8, 4], [245, 240, 235]),
    ([-16, -7], [4, 4], [50, 35, 30]),
    ([16, -7], [4, 4], [50, 35, 30]),
    ([0, 10], [6, 9], [205, 155, 128]),
    ([-3, 16], [2, 1], [120, 80, 70]),
    ([3, 16], [2, 1], [120, 80, 70]),
    ([0, 30], [15, 5], [180, 80, 80]),
    ([0, 30], [13, 1], [110, 40, 45]),
];

/// Draws faces on a picture. Each has a middle and a size in eighths of [`PARTS`].
pub(crate) fn picture(width: u32, height: u32, faces: &[([i64; 2], i64)]) -> Picture {
    let image = RgbImage::from_fn(width, height, |x, y| {
        let slanted = 90 + (x + y) * 40 / (width + height);
        let mut colour = [40 + x * 60 / width, 60 + y * 60 / height, slanted].map(|one| one as u8);
        let place = [x, y].map(i64::from);
        for (middle, size) in faces {
            for (shift, half, of_part) in &PARTS {
                let from = |axis: usize| 8 * (place[axis] - middle[axis]) - shift[axis] * size;
                let [wide, high] = half.map(|half| half * size);
                let across = (from(0) * high).pow(2) + (from(1) * wide).pow(2);
                if across <= (wide * high).pow(2) {
                    colour = *of_part;
                }
            }
        }
        Rgb(colour)
    });
    Picture::from_image(DynamicImage::from(image)).unwrap()
}
