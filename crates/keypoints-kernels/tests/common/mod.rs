//! A convolution as the textbook writes it, in `f64`.
// Each test file uses a part of this.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use keypoints_kernels::Convolution;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Sizes of a convolution, and how to draw numbers for it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub input: [usize; 4],
    pub channels_out: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [(usize, usize); 2],
    pub depthwise: bool,
}

impl Case {
    /// A square kernel with the same stride and padding on all sides.
    pub fn square(
        input: [usize; 4],
        channels_out: usize,
        [kernel, stride, padding]: [usize; 3],
    ) -> Self {
        let padding = [(padding, padding); 2];
        let (kernel, stride) = ([kernel; 2], [stride; 2]);
        Self { input, channels_out, kernel, stride, padding, depthwise: false }
    }

    /// The same of a depthwise convolution.
    pub fn depthwise(input: [usize; 4], sizes: [usize; 3]) -> Self {
        Self { depthwise: true, ..Self::square(input, input[1], sizes) }
    }

    /// Input channels that an output channel sees.
    pub fn inputs(&self) -> usize {
        if self.depthwise { 1 } else { self.input[1] }
    }

    pub fn convolution(&self) -> Convolution {
        let convolution = match self.depthwise {
            true => Convolution::depthwise(self.input, self.kernel),
            false => Convolution::new(self.input, self.channels_out, self.kernel),
        };
        convolution.unwrap().with_padding(self.padding[0], self.padding[1]).with_stride(self.stride)
    }

    pub fn weight_dims(&self) -> [usize; 4] {
        [self.channels_out, self.inputs(), self.kernel[0], self.kernel[1]]
    }

    pub fn output_dims(&self) -> [usize; 4] {
        let [height, width] = self.convolution().output_size().unwrap();
        [self.input[0], self.channels_out, height, width]
    }

    /// Terms to allow rounding errors for, of a sum of `terms`: tiles round each about ten times as much.
    pub fn rounding(&self, terms: usize) -> usize {
        let tiles = self.kernel == [3, 3] && self.stride == [1, 1];
        if tiles { 16 * (8 + terms) } else { terms }
    }

    /// Calls `visit(input index, weight index, output index)` for every product of the forward pass.
    pub fn products(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let [batch, channels_in, height, width] = self.input;
        let [_, channels_out, rows, columns] = self.output_dims();
        let [high, wide] = self.kernel;
        for image in 0..batch {
            for output in 0..channels_out {
                for at in 0..rows * columns {
                    let seen = if self.depthwise { output..output + 1 } else { 0..channels_in };
                    for (weight, channel) in seen.enumerate() {
                        for tap in 0..high * wide {
                            let y = at / columns * self.stride[0] + tap / wide;
                            let x = at % columns * self.stride[1] + tap % wide;
                            let Some(y) = y.checked_sub(self.padding[0].0) else { continue };
                            let Some(x) = x.checked_sub(self.padding[1].0) else { continue };
                            if y >= height || x >= width {
                                continue;
                            }
                            visit(
                                ((image * channels_in + channel) * height + y) * width + x,
                                (output * self.inputs() + weight) * high * wide + tap,
                                (image * channels_out + output) * rows * columns + at,
                            );
                        }
                    }
                }
            }
        }
    }
}

/// Values in `-1..1`.
pub fn random(len: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..len).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// Rounding errors grow like the root of the number of terms times the partial sums, which grow like the root
/// too. A single product too many or too few is a thousand times more.
#[track_caller]
pub fn assert_close(name: &str, found: &[f32], expected: &[f64], terms: usize) {
    assert_eq!(found.len(), expected.len(), "{name}");
    let tolerance = f64::from(f32::EPSILON) * (8 + terms) as f64;
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (f64::from(*found) - expected).abs();
        assert!(error <= tolerance, "{name}[{at}]: {found}, expected {expected} ± {tolerance:.1e}");
    }
}
