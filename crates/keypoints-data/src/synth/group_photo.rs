//! Several faces in one picture.

use keypoints_core::{Crop, Labels, PictureShape, kaggle15};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{face_of_source, scenery};

/// A drawn picture with faces of several sizes in front of a [`scenery`].
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPhoto {
    /// Pixels in a row.
    pub width: usize,
    /// Grey values, row by row.
    pub pixels: Vec<u8>,
    /// The faces, each once.
    pub faces: Vec<GroupFace>,
}

/// A face of a [`GroupPhoto`].
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFace {
    /// The square that the face's picture was put into.
    pub crop: Crop,
    /// Its fifteen points, in pixels of the whole picture.
    pub labels: Labels,
}

/// The smallest and the largest face, as shares of its place.
const SIZES: std::ops::Range<f64> = 0.45..0.85;

/// How far heads lean, in radians.
const ROLL: f64 = 0.5;

/// At the edge of a face's picture, this share of its side fades into what is behind.
const FADE: f64 = 0.12;

/// Draws a picture with so many faces, turned up to 30° and of different sizes, none before another.
///
/// ```
/// use keypoints_data::synth::group_photo;
///
/// let photo = group_photo(3, 320, 240, 4);
/// assert_eq!((photo.pixels.len(), photo.faces.len()), (320 * 240, 4));
/// assert_eq!(photo.faces[0].labels.points().count(), 15);
/// ```
pub fn group_photo(seed: u64, width: usize, height: usize, faces: usize) -> GroupPhoto {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut pixels = scenery(seed, width, height);
    let columns = ((faces * width) as f64 / height.max(1) as f64).sqrt().ceil().max(1.0);
    let rows = (faces as f64 / columns).ceil().max(1.0);
    let [across, down] = [width as f64 / columns, height as f64 / rows];
    let mut placed = Vec::with_capacity(faces);
    for index in 0..faces {
        let side = across.min(down) * rng.random_range(SIZES);
        let mut place = |cell: f64, size: f64| {
            (cell + 0.5) * size - 0.5 + rng.random_range(-0.5..0.5) * (size - side * 1.2).max(0.0)
        };
        let centre = [
            place((index as f64) % columns, across),
            place((index as f64 / columns).floor(), down),
        ];
        let crop = Crop { centre, side, roll: rng.random_range(-ROLL..ROLL) };
        let drawn = face_of_source(seed, index as u64, kaggle15::FULL);
        paste(&mut pixels, width, &crop, &drawn.pixels);
        let labels = crop.labels_to_photo(kaggle15::SHAPE, &drawn.labels());
        placed.push(GroupFace { crop, labels });
    }
    GroupPhoto { width, pixels, faces: placed }
}

/// Puts a face's picture into its square. Its edges fade.
fn paste(pixels: &mut [u8], width: usize, crop: &Crop, face: &[u8]) {
    const SHAPE: PictureShape = kaggle15::SHAPE;
    let last = SHAPE.side as f32 - 1.0;
    for (at, pixel) in pixels.iter_mut().enumerate() {
        let [x, y] = [at % width, at / width].map(|one| one as f32);
        let on_face = crop.to_crop(SHAPE, keypoints_core::Point { x, y });
        let inside = |place: f32| place.min(last - place) / (FADE as f32 * SHAPE.side as f32);
        let share = inside(on_face.x).min(inside(on_face.y)).min(1.0);
        if share > 0.0 {
            let value = between_pixels(face, SHAPE.side, on_face.x, on_face.y);
            *pixel = (f32::from(*pixel) + (value - f32::from(*pixel)) * share).round() as u8;
        }
    }
}

/// The grey value between four pixels, for a place within a square picture.
fn between_pixels(pixels: &[u8], side: usize, x: f32, y: f32) -> f32 {
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(side - 1), (top + 1).min(side - 1));
    let at = |x: usize, y: usize| f32::from(pixels[y * side + x]);
    let row = |y: usize| at(left, y) + (at(right, y) - at(left, y)) * x.fract();
    row(top) + (row(bottom) - row(top)) * y.fract()
}
