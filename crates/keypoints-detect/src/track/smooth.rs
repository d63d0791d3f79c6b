//! Smoothing the points of a face over time.

use keypoints_core::{Keypoint, Labels, Point};

use crate::track::one_euro::{OneEuro, OneEuroFilter};
use crate::track::settings::Smoothing;

/// The points of one face, smoothed over time.
///
/// With x + iy for a point, each is `middle + turn · shape`: the mean of the points; a factor that turns and scales; and where the point
/// lies in a face that neither moves, turns nor comes closer.
#[derive(Clone, Debug)]
pub(crate) struct SmoothPoints {
    keypoints: Vec<Keypoint>,
    middle: Place,
    /// The factor times the radius of the first shape: how far turning and scaling moves a point.
    turn: Place,
    radius: f64,
    shape: Vec<Place>,
}

impl SmoothPoints {
    /// Starts with the points of a face's first frame.
    pub(crate) fn new(points: &Labels) -> Self {
        let (middle, offsets) = parts(points);
        let radius = (square_sum(&offsets) / offsets.len() as f64).sqrt();
        Self {
            keypoints: points.points().map(|(keypoint, _)| keypoint).collect(),
            middle: Place::new(middle),
            turn: Place::new([radius, 0.0]),
            radius,
            shape: offsets.into_iter().map(Place::new).collect(),
        }
    }

    /// Takes the points of a frame that is `step` seconds later and returns them smoothed. `side` is that of the face's crop. Smoothing starts
    /// anew if other points are labelled than before, or all lie at one place.
    pub(crate) fn next(
        &mut self,
        smoothing: &Smoothing,
        points: &Labels,
        side: f64,
        step: f64,
    ) -> Labels {
        let (middle, offsets) = parts(points);
        let factor = self.factor(&offsets);
        let size = factor[0].hypot(factor[1]);
        let is_same =
            points.points().map(|(keypoint, _)| keypoint).eq(self.keypoints.iter().copied());
        // Also where it is not a number.
        if !(is_same && size > 0.0 && size.is_finite()) {
            *self = Self::new(points);
            return points.clone();
        }
        let Smoothing { pose, shape } = smoothing;
        let [x, y] = self.middle.next(pose, middle, side, step);
        let turn = self.turn.next(pose, factor.map(|one| one * self.radius), side, step);
        let turn = turn.map(|one| one / self.radius);
        let mut smooth = points.clone();
        for ((keypoint, offset), place) in self.keypoints.iter().zip(offsets).zip(&mut self.shape) {
            let offset = place.next(shape, quotient(offset, factor), side / size, step);
            let [right, down] = product(turn, offset);
            smooth.set_point(*keypoint, Point { x: (x + right) as f32, y: (y + down) as f32 });
        }
        smooth
    }

    /// The factor that brings the smoothed shape closest to offsets from the middle: the least-squares similarity.
    fn factor(&self, offsets: &[[f64; 2]]) -> [f64; 2] {
        let shape: Vec<[f64; 2]> = self.shape.iter().map(Place::value).collect();
        let products = shape.iter().zip(offsets).map(|(&[x, y], &offset)| product([x, -y], offset));
        let sum = products.fold([0.0; 2], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        let squares = square_sum(&shape);
        sum.map(|one| one / squares)
    }
}

/// A place that is smoothed over time.
#[derive(Clone, Debug)]
struct Place([OneEuroFilter; 2]);

impl Place {
    fn new(place: [f64; 2]) -> Self {
        Self(place.map(OneEuroFilter::new))
    }

    fn value(&self) -> [f64; 2] {
        [0, 1].map(|axis| self.0[axis].value())
    }

    fn next(&mut self, settings: &OneEuro, place: [f64; 2], unit: f64, step: f64) -> [f64; 2] {
        [0, 1].map(|axis| self.0[axis].next(settings, place[axis], unit, step))
    }
}

/// The middle of points, and the offset of each from it.
fn parts(points: &Labels) -> ([f64; 2], Vec<[f64; 2]>) {
    let places: Vec<[f64; 2]> =
        points.points().map(|(_, point)| [point.x.into(), point.y.into()]).collect();
    let mean =
        |axis: usize| places.iter().map(|place| place[axis]).sum::<f64>() / places.len() as f64;
    let middle = [mean(0), mean(1)];
    let offsets = places.iter().map(|&[x, y]| [x - middle[0], y - middle[1]]).collect();
    (middle, offsets)
}

fn square_sum(places: &[[f64; 2]]) -> f64 {
    places.iter().map(|[x, y]| x * x + y * y).sum()
}

/// The product of two complex numbers.
fn product([a, b]: [f64; 2], [c, d]: [f64; 2]) -> [f64; 2] {
    [a * c - b * d, a * d + b * c]
}

/// The quotient of two complex numbers.
fn quotient(one: [f64; 2], [c, d]: [f64; 2]) -> [f64; 2] {
    product(one, [c, -d]).map(|part| part / (c * c + d * d))
}

#[cfg(test)]
mod tests;
