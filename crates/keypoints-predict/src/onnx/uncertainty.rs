//! From the spread of a heat map to the uncertainty of a point.

use burn::tensor::{Tensor, TensorData, activation};
use keypoints_core::Source;

use crate::record::ModelRecord;

/// The uncertainty of points whose heat maps have this spread, as [`ModelRecord::uncertainty_of`] has it for the first label source: by the
/// table of the calibration, or the spread itself. In pixels of the crop.
///
/// # Shapes
/// - `spread` and output: `[batch, K]`
pub(super) fn uncertainty_of(record: &ModelRecord, spread: Tensor<2>) -> Tensor<2> {
    let Some(table) = record
        .calibration
        .as_ref()
        .and_then(|calibration| calibration.table(&record.schema, Source::default()))
    else {
        return spread;
    };
    let ([batch, points], device) = (spread.dims(), spread.device());
    let row = |values: Vec<f32>| {
        let shape = [1, 1, values.len()];
        Tensor::<3>::from_data(TensorData::new(values, shape), &device)
    };
    let (knots, bends) = bends(table);
    // A broken line is a sum of ramps, each of which adds to the slope from its entry on.
    let ramps = activation::relu(spread.reshape([batch, points, 1]) - row(knots));
    let risen = (ramps * row(bends)).sum_dim(2).reshape([batch, points]);
    risen + f64::from(table[0][1])
}

/// The spreads at which the line of a table bends, and how much its slope changes there.
fn bends(table: &[[f32; 2]]) -> (Vec<f32>, Vec<f32>) {
    let slope = |pair: &[[f32; 2]]| (pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0]);
    let last = table[table.len() - 1];
    let slopes: Vec<f32> = table.windows(2).map(slope).chain([last[1] / last[0]]).collect();
    let before = [0.0].into_iter().chain(slopes.iter().copied());
    let bends = slopes.iter().zip(before).map(|(slope, before)| slope - before);
    (table.iter().map(|entry| entry[0]).collect(), bends.collect())
}
