//! Faces whose places are known.

use keypoints_core::{Crop, CropTemplate, Dataset};
use keypoints_finder::planes::{Octaves, Plane};

/// A picture of a face, and where on it the face's crop lies.
#[derive(Clone, Debug)]
pub struct Face {
    pub(super) octaves: Octaves,
    pub(super) crop: Crop,
}

/// The coarsest plane of a face has a side of at least so many pixels.
const SHORTEST: usize = 12;

/// A face with fewer points than these is left out.
const FEWEST: usize = 3;

/// The faces of a dataset whose points fit the mean face: within this share of the picture's side, on average.
const FARTHEST: f64 = 0.05;

impl Face {
    /// The faces of a grey dataset. The crop of a face is its picture, moved, scaled and turned as its points are against the mean of all rows.
    pub fn of_dataset(dataset: &Dataset) -> Vec<Self> {
        let (schema, shape) = (dataset.schema(), dataset.pictures().shape());
        let mean = mean(dataset);
        let mut faces = Vec::new();
        for (row, labels) in dataset.labels().iter().enumerate() {
            let crop = Crop::fit(&mean, schema, labels).filter(|crop| {
                let off = |(keypoint, point)| {
                    let [x, y] = mean.place(schema.name_of(keypoint), shape)?;
                    let seen = crop.to_crop(shape, point);
                    Some((f64::from(seen.x) - x).hypot(f64::from(seen.y) - y))
                };
                let off: Vec<f64> = labels.points().filter_map(off).collect();
                let mean = off.iter().sum::<f64>() / off.len() as f64;
                off.len() >= FEWEST && mean <= FARTHEST * shape.side as f64
            });
            let pixels = &dataset.pictures().get(row)[..shape.area()];
            if let (Some(crop), Some(plane)) = (crop, Plane::new(shape.side, pixels)) {
                faces.push(Self { octaves: Octaves::new(plane, SHORTEST), crop });
            }
        }
        faces
    }
}

/// The mean place of every point.
fn mean(dataset: &Dataset) -> CropTemplate {
    let (schema, side) = (dataset.schema(), dataset.pictures().shape().side);
    let mut sums = vec![([0.0, 0.0], 0.0); schema.keypoints().len()];
    for labels in dataset.labels() {
        for (keypoint, point) in labels.points() {
            let (sum, count) = &mut sums[keypoint.index()];
            sum[0] += f64::from(point.x);
            sum[1] += f64::from(point.y);
            *count += 1.0;
        }
    }
    let places = schema.keypoints().zip(sums).filter(|(_, (_, count))| *count > 0.0);
    let mean = |(keypoint, (sum, count)): (_, ([f64; 2], f64))| {
        (schema.name_of(keypoint), sum.map(|one| one / count))
    };
    CropTemplate::from_pixels(side, places.map(mean))
}
