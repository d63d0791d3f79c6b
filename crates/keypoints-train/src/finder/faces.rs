//! Faces whose places are known.

use keypoints_core::{Crop, Dataset, Labels};
use keypoints_finder::planes::{Octaves, Plane};

/// A picture of a face, and where on it the face's crop lies.
#[derive(Clone, Debug)]
pub struct Face {
    pub(super) octaves: Octaves,
    pub(super) crop: Crop,
}

/// The coarsest plane of a face has a side of at least so many pixels.
const SHORTEST: usize = 12;

/// The faces of a dataset whose points fit the mean face: within this share of the picture's side, on average.
const FARTHEST: f64 = 0.05;

impl Face {
    /// The faces of a grey dataset. The crop of a face is its picture, moved, scaled and turned as its points are against the mean of all rows.
    pub fn of_dataset(dataset: &Dataset) -> Vec<Self> {
        let shape = dataset.pictures().shape();
        let mean = mean(dataset);
        let middle = (shape.side as f64 - 1.0) / 2.0;
        let mut faces = Vec::new();
        for (row, labels) in dataset.labels().iter().enumerate() {
            let Some(([a, b], centre, residual)) = fit(&mean, labels, middle) else { continue };
            if residual > FARTHEST * shape.side as f64 {
                continue;
            }
            let crop = Crop { centre, side: shape.side as f64 * a.hypot(b), roll: b.atan2(a) };
            let pixels = &dataset.pictures().get(row)[..shape.area()];
            if let Some(plane) = Plane::new(shape.side, pixels) {
                faces.push(Self { octaves: Octaves::new(plane, SHORTEST), crop });
            }
        }
        faces
    }
}

/// The mean place of every point.
fn mean(dataset: &Dataset) -> Vec<Option<[f64; 2]>> {
    let mut sums = vec![([0.0, 0.0], 0.0); dataset.schema().keypoints().len()];
    for labels in dataset.labels() {
        for (keypoint, point) in labels.points() {
            let (sum, count) = &mut sums[keypoint.index()];
            sum[0] += f64::from(point.x);
            sum[1] += f64::from(point.y);
            *count += 1.0;
        }
    }
    sums.into_iter().map(|(sum, count)| (count > 0.0).then(|| sum.map(|one| one / count))).collect()
}

/// A place on the mean face, and that on another.
type Pair = ([f64; 2], [f64; 2]);

/// The similarity from the mean face to these points: its matrix `[[a, −b], [b, a]]`, where it brings the middle of the picture, and the mean distance that is left.
fn fit(
    mean: &[Option<[f64; 2]>],
    labels: &Labels,
    middle: f64,
) -> Option<([f64; 2], [f64; 2], f64)> {
    let pairs: Vec<Pair> = labels
        .points()
        .filter_map(|(keypoint, point)| {
            Some((mean[keypoint.index()]?, [point.x.into(), point.y.into()]))
        })
        .collect();
    if pairs.len() < 3 {
        return None;
    }
    let count = pairs.len() as f64;
    let centre = |side: fn(&Pair) -> [f64; 2]| {
        let sum =
            pairs.iter().map(side).fold([0.0; 2], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        sum.map(|one| one / count)
    };
    let (from, to) = (centre(|one| one.0), centre(|one| one.1));
    let (mut a, mut b, mut squares) = (0.0, 0.0, 0.0);
    for (source, target) in &pairs {
        let (p, q) =
            ([source[0] - from[0], source[1] - from[1]], [target[0] - to[0], target[1] - to[1]]);
        a += p[0] * q[0] + p[1] * q[1];
        b += p[0] * q[1] - p[1] * q[0];
        squares += p[0] * p[0] + p[1] * p[1];
    }
    let (a, b) = (a / squares, b / squares);
    let map = |[x, y]: [f64; 2]| {
        let (x, y) = (x - from[0], y - from[1]);
        [a * x - b * y + to[0], b * x + a * y + to[1]]
    };
    let distance = |(source, target): &Pair| {
        let [x, y] = map(*source);
        (x - target[0]).hypot(y - target[1])
    };
    let residual = pairs.iter().map(distance).sum::<f64>() / count;
    (a.hypot(b) > 0.3 && residual.is_finite()).then(|| ([a, b], map([middle; 2]), residual))
}
