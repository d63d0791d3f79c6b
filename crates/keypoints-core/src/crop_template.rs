//! Where the points of a face lie in the pictures of a dataset.

use serde::{Deserialize, Serialize};

use crate::named::Named;
use crate::picture::PictureShape;

/// Where some keypoints usually lie in a crop, as shares of its side: 0 is the left (upper) edge of the picture, 1 the right
/// (lower) one. A face on a photo is brought to this place before a network sees it.
///
/// ```
/// use keypoints_core::{PictureShape, kaggle15};
///
/// let eye = kaggle15::crop_template().place("left_eye_center", PictureShape::grey(96));
/// let [x, y] = eye.ok_or("a point of the template")?;
/// assert!((x - 66.1).abs() < 1e-9 && (y - 36.9).abs() < 1e-9);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CropTemplate(Named<[f64; 2]>);

impl CropTemplate {
    /// A template from places in pixels of crops with this side; the centre of the top left pixel is `[0, 0]`.
    pub fn from_pixels<'a>(
        side: usize,
        places: impl IntoIterator<Item = (&'a str, [f64; 2])>,
    ) -> Self {
        let share = |pixel: f64| (pixel + 0.5) / side as f64;
        let place = |(name, place): (&str, [f64; 2])| (name.to_owned(), place.map(share));
        Self(places.into_iter().map(place).collect())
    }

    /// The names of the points and their places, as shares of the side.
    pub fn places(&self) -> &Named<[f64; 2]> {
        &self.0
    }

    /// The place of a point in pixels of such crops, `[x, y]`.
    pub fn place(&self, name: &str, shape: PictureShape) -> Option<[f64; 2]> {
        let pixel = |share: f64| share * shape.side as f64 - 0.5;
        self.0.get(name).map(|place| place.map(pixel))
    }
}
