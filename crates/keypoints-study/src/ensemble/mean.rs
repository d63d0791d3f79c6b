//! The mean of several predictions.

use keypoints_core::{Coordinate, Labels};

/// Returns the mean of the predictions for a face, coordinate by coordinate. Where some have no value, it is the mean of the others.
fn mean(predictions: &[Labels]) -> Labels {
    let value = |coordinate: Coordinate| {
        let known = predictions.iter().filter_map(|labels| labels.get(coordinate));
        let known: Vec<f64> = known.map(f64::from).collect();
        let sum: f64 = known.iter().sum();
        (!known.is_empty()).then_some((coordinate, (sum / known.len() as f64) as f32))
    };
    let end = predictions.iter().map(Labels::end).max().unwrap_or_default();
    Coordinate::all(end.div_ceil(2)).filter_map(value).collect()
}

/// Returns the mean for every face; `predictions` has a list of all faces per predictor.
pub(crate) fn mean_of_all(predictions: &[Vec<Labels>]) -> Vec<Labels> {
    let faces = predictions.first().map_or(0, Vec::len);
    let of_face =
        |face: usize| predictions.iter().map(|all| all[face].clone()).collect::<Vec<Labels>>();
    (0..faces).map(|face| mean(&of_face(face))).collect()
}
