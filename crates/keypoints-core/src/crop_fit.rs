//! The crop that brings points of a photo to the places of a template.

use crate::crop::Crop;
use crate::crop_template::CropTemplate;
use crate::labels::Labels;
use crate::schema::Schema;

impl Crop {
    /// The crop on which the points of a photo lie closest to the template's places: the least-squares similarity (Umeyama 1991, without
    /// reflection). It moves, turns and scales; it never mirrors.
    ///
    /// Points that the template does not name do not count, nor do places without a point. `None` where fewer than two are left,
    /// where they lie at one place, or where they are not finite.
    ///
    /// ```
    /// use keypoints_core::{Crop, Labels, PictureShape, Point, Schema, kaggle15};
    ///
    /// // A head that leans to the right, twice as large as on the competition's pictures.
    /// let (template, schema) = (kaggle15::crop_template(), Schema::kaggle15());
    /// let truth = Crop { centre: [400.0, 300.0], side: 192.0, roll: 0.4 };
    /// let mut points = Labels::default();
    /// for (name, &[x, y]) in template.places().iter() {
    ///     let [x, y] = truth.place([x - 0.5, y - 0.5], 1.0);
    ///     let keypoint = schema.keypoint(name).ok_or("a point of the schema")?;
    ///     points.set_point(keypoint, Point { x: x as f32, y: y as f32 });
    /// }
    /// let crop = Crop::fit(&template, &schema, &points).ok_or("four points")?;
    /// assert!((crop.side - 192.0).abs() < 1e-3 && (crop.roll - 0.4).abs() < 1e-6);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn fit(template: &CropTemplate, schema: &Schema, points: &Labels) -> Option<Self> {
        let pair = |(name, place): (&str, &[f64; 2])| {
            let point = points.point(schema.keypoint(name)?)?;
            Some(([f64::from(point.x), f64::from(point.y)], *place))
        };
        similarity(&template.places().iter().filter_map(pair).collect::<Vec<_>>())
    }
}

/// The crop that brings places on a photo closest to shares of its side.
fn similarity(pairs: &[([f64; 2], [f64; 2])]) -> Option<Crop> {
    if pairs.len() < 2 {
        return None;
    }
    let count = pairs.len() as f64;
    let mean = |of: fn(&([f64; 2], [f64; 2])) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let photo = [mean(|pair| pair.0[0]), mean(|pair| pair.0[1])];
    let share = [mean(|pair| pair.1[0]), mean(|pair| pair.1[1])];
    // With x + iy for a point, the similarity is a factor: Σ conj(photo)·share / Σ |photo|².
    let (mut real, mut imaginary, mut spread) = (0.0, 0.0, 0.0);
    for (from, to) in pairs {
        let [a, b] = [from[0] - photo[0], from[1] - photo[1]];
        let [c, d] = [to[0] - share[0], to[1] - share[1]];
        real += a * c + b * d;
        imaginary += a * d - b * c;
        spread += a * a + b * b;
    }
    let correlation = real.hypot(imaginary);
    let (side, roll) = (spread / correlation, -imaginary.atan2(real));
    // From the mean of the places to the middle of the square.
    let to_middle = Crop { centre: photo, side, roll };
    let centre = to_middle.place([0.5 - share[0], 0.5 - share[1]], 1.0);
    let crop = Crop { centre, side, roll };
    (spread > 0.0 && correlation > 0.0 && crop.is_valid()).then_some(crop)
}
