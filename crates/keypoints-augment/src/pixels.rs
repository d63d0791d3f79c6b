//! Pixels moved along the map of their face, on the host.

use super::elastic::Elastic;
use super::frame::Frame;
use super::matrix::Homography;

/// Fills `target` with what `source` shows at the places where `backward` and the field look: bilinear interpolation, edge
/// pixels repeated beyond the edge. Both hold as many channels, one after the other, each row by row.
pub(super) fn resample(
    frame: Frame,
    source: &[f32],
    backward: &Homography,
    field: Option<&Elastic>,
    target: &mut [f32],
) {
    let matrix = backward.rows().map(|row| row.map(|cell| cell as f32));
    let has_depth = matrix[2] != [0.0, 0.0, 1.0];
    let columns = field.map(Elastic::columns);
    let (side, area) = (frame.side, frame.area());
    let mut places = vec![[0.0f32; 2]; side];
    for y in 0..side {
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
        for (target, source) in target.chunks_exact_mut(area).zip(source.chunks_exact(area)) {
            let row = &mut target[y * side..][..side];
            for (pixel, place) in row.iter_mut().zip(&places) {
                *pixel = look_up(side, source, *place);
            }
        }
    }
}

/// The value of a channel at a place.
#[inline]
fn look_up(side: usize, source: &[f32], place: [f32; 2]) -> f32 {
    let last = (side - 1) as f32;
    let [(left, right_share), (top, bottom_share)] = place.map(|along| {
        let along = along.clamp(0.0, last);
        // Not negative: cutting off the fraction rounds down, and `floor` is a library call. By way of `i32`,
        // for which processors have an instruction.
        let first = (along as i32 as usize).min(side - 2);
        (first, along - first as f32)
    });
    let start = (top * side + left).min(side * side - side - 2);
    let four = &source[start..start + side + 2];
    let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
    let upper = mix(four[0], four[1], right_share);
    let lower = mix(four[side], four[side + 1], right_share);
    mix(upper, lower, bottom_share)
}
