//! A picture as the network takes it.

use keypoints_image::Picture;
use rayon::prelude::*;

/// Width and height are multiples of the coarsest stride.
const MULTIPLE: usize = 32;

/// A picture, brought to the size that is searched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    /// All blue values, then green, then red, from 0 to 255. Beyond the picture they are 0, on the right and below.
    pub(super) values: Vec<f32>,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels of the picture along one pixel of these: across and down.
    pub(super) scale: [f64; 2],
}

impl Input {
    /// Shrinks a picture whose longer side is above `side`. A smaller one keeps its size: enlarged, its faces could be larger than
    /// those that the network is made for.
    pub(super) fn new(picture: &Picture, side: usize) -> Self {
        let [from_width, from_height] = [picture.width(), picture.height()].map(|one| one as usize);
        let longer = from_width.max(from_height);
        let shrunk = |one: usize| match longer > side {
            true => ((one as f64 * side as f64 / longer as f64).round() as usize).max(1),
            false => one,
        };
        let (own_width, own_height) = (shrunk(from_width), shrunk(from_height));
        let [width, height] = [own_width, own_height].map(|one| one.next_multiple_of(MULTIPLE));
        let sizes = [[from_width, from_height], [own_width, own_height]];
        let values = match picture.channels() {
            3 => planes(&means::<3>(picture.as_bytes(), sizes), own_width, [width, height]),
            _ => {
                let pixels = means::<1>(picture.as_bytes(), sizes);
                let grey: Vec<[f32; 3]> = pixels.into_iter().map(|[value]| [value; 3]).collect();
                planes(&grey, own_width, [width, height])
            }
        };
        let scale = |from: usize, own: usize| from as f64 / own as f64;
        let scale = [scale(from_width, own_width), scale(from_height, own_height)];
        Self { values, width, height, scale }
    }
}

/// Red, green and blue pixels as planes of another size, the blue one first. What is beyond the pixels is 0.
fn planes(pixels: &[[f32; 3]], row: usize, [width, height]: [usize; 2]) -> Vec<f32> {
    let mut values = vec![0.0; 3 * width * height];
    for (plane, channel) in values.chunks_exact_mut(width * height).zip([2, 1, 0]) {
        for (line, row) in plane.chunks_exact_mut(width).zip(pixels.chunks_exact(row)) {
            for (value, pixel) in line.iter_mut().zip(row) {
                *value = pixel[channel];
            }
        }
    }
    values
}

/// Shrinks a picture of `C` channels, row by row: each new pixel is the mean over the area that it covers.
fn means<const C: usize>(bytes: &[u8], [from, to]: [[usize; 2]; 2]) -> Vec<[f32; C]> {
    let (old, _) = bytes.as_chunks::<C>();
    if from == to {
        return old.iter().map(|pixel| pixel.map(f32::from)).collect();
    }
    let [across, down] = [0, 1].map(|axis| Covered::all(from[axis], to[axis]));
    let mut pixels = vec![[0.0; C]; to[0] * to[1]];
    pixels.par_chunks_exact_mut(to[0]).zip(&down).for_each_init(
        || vec![[0.0_f32; C]; from[0]],
        |sums, (row, covered)| {
            // Down first: a sum over a few rows serves all new pixels of the row.
            sums.fill([0.0; C]);
            let rows = old[covered.first * from[0]..].chunks_exact(from[0]);
            for (from, &share) in rows.zip(&covered.shares) {
                add(sums.as_flattened_mut(), from.as_flattened(), share);
            }
            for (pixel, covered) in row.iter_mut().zip(&across) {
                for (sum, share) in sums[covered.first..].iter().zip(&covered.shares) {
                    for (value, sum) in pixel.iter_mut().zip(sum) {
                        *value += sum * share;
                    }
                }
            }
        },
    );
    pixels
}

/// Adds a share of bytes to sums.
fn add(sums: &mut [f32], bytes: &[u8], share: f32) {
    for (sum, &byte) in sums.iter_mut().zip(bytes) {
        *sum += f32::from(byte) * share;
    }
}

/// The old pixels under a new one, along one axis.
struct Covered {
    first: usize,
    /// How much of the new pixel each of them covers; their sum is 1.
    shares: Vec<f32>,
}

impl Covered {
    /// For `from` old and `to` new pixels, not more than those.
    fn all(from: usize, to: usize) -> Vec<Self> {
        // In units of which an old pixel has `to` and a new one `from`, all numbers are whole.
        let covered = |new: usize| {
            let (start, end) = (new * from, (new + 1) * from);
            let share = |old: usize| {
                let both = end.min((old + 1) * to) - start.max(old * to);
                (both as f64 / from as f64) as f32
            };
            Self { first: start / to, shares: (start / to..end.div_ceil(to)).map(share).collect() }
        };
        (0..to).map(covered).collect()
    }
}

#[cfg(test)]
mod tests;
