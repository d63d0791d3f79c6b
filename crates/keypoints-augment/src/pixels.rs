//! Pixels moved along the map of their face, on the host.

use keypoints_data::{IMAGE_PIXELS, IMAGE_SIDE};

use super::LAST;
use super::elastic::Elastic;
use super::matrix::Homography;

/// Fills `target`, row by row, with what `source` shows at the places where `backward` and the field look:
/// bilinear interpolation, edge pixels repeated beyond the edge. Both have 9216 values.
pub(super) fn resample(
    source: &[f32],
    backward: &Homography,
    field: Option<&Elastic>,
    target: &mut [f32],
) {
    let matrix = backward.rows().map(|row| row.map(|cell| cell as f32));
    let has_depth = matrix[2] != [0.0, 0.0, 1.0];
    let columns = field.map(Elastic::columns);
    let mut places = [[0.0f32; 2]; IMAGE_SIDE];
    for (y, row) in target.chunks_exact_mut(IMAGE_SIDE).enumerate() {
        for (x, place) in places.iter_mut().enumerate() {
            *place = [x as f32, y as f32];
        }
        if let (Some(field), Some(columns)) = (field, &columns) {
            let pushes = field.row(y as f64);
            for (place, (left, weights)) in places.iter_mut().zip(columns) {
                for (push, weight) in pushes[*left..].iter().zip(weights) {
                    place[0] += weight * push[0];
                    place[1] += weight * push[1];
                }
            }
        }
        for place in &mut places {
            let [x, y] = *place;
            let line = |[a, b, c]: [f32; 3]| a * x + b * y + c;
            *place = [line(matrix[0]), line(matrix[1])];
            if has_depth {
                let depth = line(matrix[2]);
                *place = place.map(|along| along / depth);
            }
        }
        for (pixel, place) in row.iter_mut().zip(&places) {
            *pixel = look_up(source, *place);
        }
    }
}

fn look_up(source: &[f32], place: [f32; 2]) -> f32 {
    let [(left, right_share), (top, bottom_share)] = place.map(|along| {
        let along = along.clamp(0.0, LAST as f32);
        // Not negative: cutting off the fraction rounds down, and `floor` is a library call. By way of `i32`,
        // for which processors have an instruction.
        let first = (along as i32 as usize).min(IMAGE_SIDE - 2);
        (first, along - first as f32)
    });
    let start = (top * IMAGE_SIDE + left).min(IMAGE_PIXELS - IMAGE_SIDE - 2);
    let four = &source[start..start + IMAGE_SIDE + 2];
    let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
    let upper = mix(four[0], four[1], right_share);
    let lower = mix(four[IMAGE_SIDE], four[IMAGE_SIDE + 1], right_share);
    mix(upper, lower, bottom_share)
}
