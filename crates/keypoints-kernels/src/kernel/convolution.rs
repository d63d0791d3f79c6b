//! A 2-D convolution of given sizes: its forward pass and its three gradients.

use rayon::prelude::*;

use super::activation::Activation;
#[cfg(target_arch = "x86_64")]
use super::bf16;
use super::correlate::{Batch, Lattice, Part, correlate};
use super::depthwise;
use super::epilogue::Epilogue;
use super::lanes::{self, Axis, Weights};
#[cfg(target_arch = "x86_64")]
use super::maps;
use super::pointwise::{self, Pointwise};
use super::shape::{Shape, Turned};
use super::weights::WeightGradient;
use super::winograd::{self, Filter};
use super::{Bf16Level, KernelError, Precision, SimdLevel};

/// A 2-D convolution of `f32` planes without dilation: dense (one group), or [depthwise](Self::depthwise).
///
/// Tensors are contiguous slices: input `[batch, channels_in, height, width]`, weight
/// `[channels_out, channels_in, kernel height, kernel width]`, bias `[channels_out]`, output
/// `[batch, channels_out, output height, output width]`. Work is shared out over rayon's threads; results
/// do not depend on how many there are, but may differ in the last bits between [levels](SimdLevel).
///
/// ```
/// use keypoints_kernels::Convolution;
///
/// // One 3×3 picture, a kernel that takes each pixel's right neighbour.
/// let convolution = Convolution::new([1, 1, 3, 3], 1, [3, 3])?.with_padding([1, 1], [1, 1]);
/// let picture = [1., 2., 3., 4., 5., 6., 7., 8., 9.];
/// let weight = [0., 0., 0., 0., 0., 1., 0., 0., 0.];
/// let output = convolution.forward(&picture, &weight, None)?;
/// assert_eq!(output, [2., 3., 0., 5., 6., 0., 8., 9., 0.]);
///
/// // Where each output came from is where its gradient goes.
/// let gradient = convolution.input_gradient(&weight, &picture)?;
/// assert_eq!(gradient, [0., 1., 2., 0., 4., 5., 0., 7., 8.]);
/// # Ok::<(), keypoints_kernels::KernelError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolution {
    batch: usize,
    channels_in: usize,
    channels_out: usize,
    input: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [(usize, usize); 2],
    level: SimdLevel,
    direct: bool,
    /// Every channel by itself.
    depthwise: bool,
    /// What multiplies bf16 in place of `level`'s kernels.
    bf16: Option<Bf16Level>,
}

/// More values than a tensor can have: some multiples of it are still numbers.
const MOST: usize = if usize::BITS >= 64 { 1 << 40 } else { 1 << 26 };

impl Convolution {
    /// Input `[batch, channels, height, width]`, output channels, kernel `[height, width]`; stride 1,
    /// no padding, the best instructions that the processor has.
    ///
    /// # Errors
    /// [`KernelError::Zero`] where a size is 0.
    pub fn new(
        [batch, channels_in, height, width]: [usize; 4],
        channels_out: usize,
        kernel: [usize; 2],
    ) -> Result<Self, KernelError> {
        for (field, size) in [
            ("batch", batch),
            ("input channels", channels_in),
            ("height", height),
            ("width", width),
            ("output channels", channels_out),
            ("kernel height", kernel[0]),
            ("kernel width", kernel[1]),
        ] {
            if size == 0 {
                return Err(KernelError::Zero { field });
            }
        }
        Ok(Self {
            batch,
            channels_in,
            channels_out,
            input: [height, width],
            kernel,
            stride: [1, 1],
            padding: [(0, 0); 2],
            level: SimdLevel::best(),
            direct: false,
            depthwise: false,
            bf16: None,
        })
    }

    /// One kernel for every channel and as many output channels: weight `[channels, 1, kernel height, kernel width]`.
    /// These always multiply `f32`.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    ///
    /// ```
    /// use keypoints_kernels::Convolution;
    ///
    /// // Two channels of two pixels: the first doubled, the second tripled.
    /// let convolution = Convolution::depthwise([1, 2, 1, 2], [1, 1])?;
    /// assert_eq!(convolution.forward(&[1., 2., 3., 4.], &[2., 3.], None)?, [2., 4., 9., 12.]);
    /// # Ok::<(), keypoints_kernels::KernelError>(())
    /// ```
    pub fn depthwise(
        input @ [_, channels, _, _]: [usize; 4],
        kernel: [usize; 2],
    ) -> Result<Self, KernelError> {
        Ok(Self { depthwise: true, ..Self::new(input, channels, kernel)? })
    }

    /// Zeros around the input: `(above, below)` and `(left, right)` of it.
    #[must_use]
    pub fn with_padding(
        mut self,
        rows: impl Into<(usize, usize)>,
        columns: impl Into<(usize, usize)>,
    ) -> Self {
        self.padding = [rows.into(), columns.into()];
        self
    }

    /// Input pixels from one output pixel to the next, down and across.
    #[must_use]
    pub fn with_stride(mut self, stride: [usize; 2]) -> Self {
        self.stride = stride;
        self
    }

    /// Other instructions than the best, where the processor has them.
    #[must_use]
    pub fn with_level(mut self, level: SimdLevel) -> Self {
        self.level = level.checked();
        self
    }

    /// Never by tiles: 3×3 kernels of stride 1 are otherwise computed by Winograd's F(4×4, 3×3) where that is
    /// faster, which rounds a little more.
    #[must_use]
    pub fn with_direct_products(mut self) -> Self {
        self.direct = true;
        self
    }

    /// What factors are rounded to, forward and backward; where the processor cannot, they stay `f32`.
    #[must_use]
    pub fn with_precision(mut self, precision: Precision) -> Self {
        self.bf16 = match precision {
            Precision::F32 => None,
            Precision::Bf16 if self.depthwise => None,
            Precision::Bf16 => Bf16Level::best(),
        };
        self
    }

    /// bf16 with other instructions than the best, where the processor has them.
    #[must_use]
    pub fn with_bf16_level(mut self, level: Bf16Level) -> Self {
        let level = Some(level).filter(|level| level.is_available()).or_else(Bf16Level::best);
        self.bf16 = level.filter(|_| !self.depthwise);
        self
    }

    /// What factors are rounded to on this processor.
    #[must_use]
    pub fn precision(&self) -> Precision {
        if self.bf16.is_some() { Precision::Bf16 } else { Precision::F32 }
    }

    /// Height and width of an output plane.
    ///
    /// # Errors
    /// [`KernelError::Zero`] for a stride of 0, [`KernelError::KernelTooLarge`] where no output pixel is left,
    /// [`KernelError::TooLarge`] where a tensor has more values than fit into any memory.
    pub fn output_size(&self) -> Result<[usize; 2], KernelError> {
        let mut size = [0; 2];
        for (axis, size) in size.iter_mut().enumerate() {
            let (input, kernel) = (self.padded(axis)?, self.kernel[axis]);
            if self.stride[axis] == 0 {
                return Err(KernelError::Zero { field: "stride" });
            }
            if kernel > input {
                return Err(KernelError::KernelTooLarge { kernel, input });
            }
            *size = (input - kernel) / self.stride[axis] + 1;
        }
        self.check_sizes(size)?;
        Ok(size)
    }

    /// Pixels in one direction, with padding.
    fn padded(&self, axis: usize) -> Result<usize, KernelError> {
        let (before, after) = self.padding[axis];
        let padded =
            before.checked_add(after).and_then(|zeros| zeros.checked_add(self.input[axis]));
        padded
            .filter(|&padded| padded <= MOST)
            .ok_or(KernelError::TooLarge { name: "padded input" })
    }

    /// Refuses tensors whose number of values cannot be computed with: every pass asks before it touches memory.
    fn check_sizes(&self, output: [usize; 2]) -> Result<(), KernelError> {
        let (images, inputs, outputs) = (self.batch, self.channels_in, self.channels_out);
        let padded = [self.padded(0)?, self.padded(1)?];
        for (name, sizes) in [
            ("padded input", [images, inputs, padded[0], padded[1]]),
            ("weight", [outputs, inputs, self.kernel[0], self.kernel[1]]),
            ("output", [images, outputs, output[0], output[1]]),
        ] {
            let mut count = Some(1_usize);
            for size in sizes {
                count = count.and_then(|count| count.checked_mul(size));
            }
            if count.is_none_or(|count| count > MOST) {
                return Err(KernelError::TooLarge { name });
            }
        }
        Ok(())
    }

    /// Multiply-adds of a forward pass, and as many again for each of the two large gradients.
    ///
    /// # Errors
    /// As for [`output_size`](Self::output_size).
    pub fn multiply_adds(&self) -> Result<u64, KernelError> {
        let [height, width] = self.output_size()?;
        let terms = self.weight_len() / self.channels_out;
        let sums = (self.batch * self.channels_out * height * width) as u64;
        Ok(sums.saturating_mul(terms as u64))
    }

    /// The output, `[batch, channels_out, output height, output width]`.
    ///
    /// # Errors
    /// [`KernelError`] where the sizes do not fit or a slice has not as many values as its tensor.
    pub fn forward(
        &self,
        input: &[f32],
        weight: &[f32],
        bias: Option<&[f32]>,
    ) -> Result<Vec<f32>, KernelError> {
        self.forward_with(input, weight, Epilogue { shift: bias, ..Epilogue::NOTHING })
    }

    /// [`forward`](Self::forward), then 0 for what is negative.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn forward_relu(
        &self,
        input: &[f32],
        weight: &[f32],
        bias: Option<&[f32]>,
    ) -> Result<Vec<f32>, KernelError> {
        let activation = Activation::Relu;
        self.forward_with(input, weight, Epilogue { shift: bias, activation, ..Epilogue::NOTHING })
    }

    /// The output, each sum brought through an [`Epilogue`].
    pub(crate) fn forward_with(
        &self,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
    ) -> Result<Vec<f32>, KernelError> {
        let plane = self.output_size()?;
        check("input", input, self.input_len())?;
        check("weight", weight, self.weight_len())?;
        for (name, numbers) in [("scale", epilogue.scale), ("bias", epilogue.shift)] {
            if let Some(numbers) = numbers {
                check(name, numbers, self.channels_out)?;
            }
        }
        if self.depthwise {
            return Ok(depthwise::forward(self.level, &self.shape(plane), input, weight, epilogue));
        }
        if let Some(sizes) = self.by_pixel() {
            return Ok(sizes.forward(self.level, input, weight, epilogue));
        }
        let mut output = match epilogue.scale.filter(|_| !self.scales(plane)) {
            Some(scale) => {
                let terms = weight.len() / self.channels_out;
                let mut weight = weight.to_vec();
                for (row, scale) in weight.chunks_exact_mut(terms).zip(scale) {
                    row.iter_mut().for_each(|weight| *weight *= scale);
                }
                self.dense(plane, input, &weight, Epilogue { scale: None, ..epilogue })
            }
            None => self.dense(plane, input, weight, epilogue),
        };
        if epilogue.activation != Activation::Relu {
            epilogue.activation.apply(self.level, &mut output);
        }
        Ok(output)
    }

    /// The output of a dense convolution, of arguments that have been checked; of activations only a ReLU.
    fn dense(
        &self,
        plane: [usize; 2],
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
    ) -> Vec<f32> {
        let (bias, rectify) = (epilogue.shift, epilogue.rectifies());
        let shape = self.shape(plane);
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            let mut output = bf16::forward(level, &shape, input, weight, bias);
            if rectify {
                output
                    .par_chunks_mut(1 << 14)
                    .for_each(|part| part.iter_mut().for_each(maps::rectify));
            }
            return output;
        }
        let weights = Weights::InOrder(weight);
        if let Some(output) = self.filtered(&shape, input, weights, epilogue) {
            return output;
        }
        let [channels, outputs] = shape.channels;
        let at = |output, channel, tap| weight[shape.weight_at(output, channel, tap)];
        let (sizes, lattice) = ([outputs, channels], Lattice::whole(plane));
        let part = Part::new(self.level, sizes, shape.window(), lattice, at);
        let batch = Batch { source: input, images: self.batch, outputs, plane, bias, rectify };
        correlate(self.level, &[part], batch)
    }

    /// A forward pass (weights in order) or an input gradient (swapped) with channels side by side, where that pays: by tiles,
    /// else without.
    fn filtered(
        &self,
        shape: &Shape,
        source: &[f32],
        weights: Weights<'_>,
        epilogue: Epilogue<'_>,
    ) -> Option<Vec<f32>> {
        let ([inputs, outputs], back) = (shape.channels, matches!(weights, Weights::Swapped(_)));
        let (channels, source_size, size) = match back {
            false => ([inputs, outputs], shape.input, shape.output),
            true => ([outputs, inputs], shape.output, shape.input),
        };
        if self.has_tiles(size, channels) {
            let before = shape.padding.map(|before| if back { 2 - before } else { before });
            let filter = Filter { source, channels, source_size, size, before, epilogue };
            return Some(winograd::filter(self.level, filter, self.batch, weights));
        }
        if !self.has_lanes(channels[1]) {
            return None;
        }
        let [rows, columns] = [0, 1].map(|axis| {
            let axis_of = if back { Axis::backward } else { Axis::forward };
            let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
            axis_of(source_size[axis], size[axis], kernel, stride, shape.padding[axis])
        });
        let (rows, columns, kernel) = (&rows, &columns, self.kernel);
        let filter = lanes::Filter { source, channels, rows, columns, kernel, weights, epilogue };
        Some(lanes::filter(self.level, filter, self.batch))
    }

    /// The loss's gradient with respect to the input, from that with respect to the output.
    ///
    /// With a stride, input pixels fall into `stride × stride` lattices; each is a convolution of the output
    /// gradient with the taps that can reach it, turned by 180°.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn input_gradient(
        &self,
        weight: &[f32],
        output_gradient: &[f32],
    ) -> Result<Vec<f32>, KernelError> {
        let source = self.output_size()?;
        let source_len = self.channels_out * source[0] * source[1];
        check("weight", weight, self.weight_len())?;
        check("output gradient", output_gradient, self.batch * source_len)?;
        let shape = self.shape(source);
        if self.depthwise {
            return Ok(depthwise::input_gradient(self.level, &shape, weight, output_gradient));
        }
        if let Some(sizes) = self.by_pixel() {
            return Ok(sizes.input_gradient(self.level, weight, output_gradient));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            return Ok(bf16::input_gradient(level, &shape, weight, output_gradient));
        }
        let weights = Weights::Swapped(weight);
        if let Some(gradient) = self.filtered(&shape, output_gradient, weights, Epilogue::NOTHING) {
            return Ok(gradient);
        }
        let [channels, outputs] = shape.channels;
        let part = |turned: Turned| {
            let at =
                |channel, output, tap| weight[shape.weight_at(output, channel, turned.tap(tap))];
            Part::new(self.level, [channels, outputs], turned.window, turned.lattice, at)
        };
        let parts: Vec<_> = shape.lattices().map(part).collect();
        let batch = Batch {
            source: output_gradient,
            images: self.batch,
            outputs: channels,
            plane: self.input,
            bias: None,
            rectify: false,
        };
        Ok(correlate(self.level, &parts, batch))
    }

    /// The loss's gradient with respect to the weight.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn weight_gradient(
        &self,
        input: &[f32],
        output_gradient: &[f32],
    ) -> Result<Vec<f32>, KernelError> {
        let [rows, columns] = self.output_size()?;
        check("input", input, self.input_len())?;
        let expected = self.batch * self.channels_out * rows * columns;
        check("output gradient", output_gradient, expected)?;
        let shape = self.shape([rows, columns]);
        if self.depthwise {
            return Ok(depthwise::weight_gradient(self.level, &shape, input, output_gradient));
        }
        if let Some(sizes) = self.by_pixel() {
            return Ok(pointwise::weight_gradient(sizes, self.level, input, output_gradient));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            return Ok(bf16::weight_gradient(level, &shape, input, output_gradient));
        }
        let of = lanes::WeightGradient {
            channels: shape.channels,
            input,
            input_size: shape.input,
            gradient: output_gradient,
            size: shape.output,
            before: shape.padding,
            stride: shape.stride,
        };
        if self.has_tiles(of.size, of.channels) {
            return Ok(match winograd::narrow::fits(of.channels) {
                true => winograd::narrow::weight_gradient(self.level, &of),
                false => winograd::weight_gradient(self.level, &of),
            });
        }
        if self.kernel == [3, 3] && !self.direct {
            if lanes::fill(self.channels_in, self.level.lanes()) {
                return Ok(lanes::weight_gradient(self.level, &of));
            }
            if lanes::few::few(self.channels_in) && self.has_lanes(self.channels_out) {
                return Ok(lanes::few::weight_gradient(self.level, &of));
            }
        }
        let gradient = WeightGradient {
            channels: shape.channels,
            window: shape.window(),
            input,
            output_gradient,
            rows,
        };
        Ok(gradient.compute(self.level))
    }

    /// The loss's gradient with respect to the bias: the sum over images and pixels.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn bias_gradient(&self, output_gradient: &[f32]) -> Result<Vec<f32>, KernelError> {
        let [rows, columns] = self.output_size()?;
        let plane = rows * columns;
        check("output gradient", output_gradient, self.batch * self.channels_out * plane)?;
        let channels = (0..self.channels_out).into_par_iter();
        Ok(channels
            .map(|channel| {
                let planes = output_gradient.chunks_exact(plane);
                planes.skip(channel).step_by(self.channels_out).map(sum).sum::<f64>() as f32
            })
            .collect())
    }

    /// The sizes of a convolution whose pixels have nothing to do with each other, in `f32`.
    fn by_pixel(&self) -> Option<Pointwise> {
        let alone = (self.kernel, self.stride) == ([1, 1], [1, 1]) && self.padding == [(0, 0); 2];
        (alone && self.bf16.is_none()).then(|| Pointwise {
            batch: self.batch,
            channels_in: self.channels_in,
            channels_out: self.channels_out,
            plane: self.input[0] * self.input[1],
        })
    }

    /// Whether the products are computed by tiles: 3×3 kernels of stride 1, where that pays.
    fn has_tiles(&self, size: [usize; 2], channels: [usize; 2]) -> bool {
        (self.kernel, self.stride) == ([3, 3], [1, 1])
            && self.padding.iter().all(|&(before, after)| before <= 2 && after <= 2)
            && !self.direct
            && winograd::pays(self.batch, channels, size, self.level.lanes())
    }

    /// Whether the forward pass takes factors of output channels.
    fn scales(&self, plane: [usize; 2]) -> bool {
        let channels = [self.channels_in, self.channels_out];
        self.bf16.is_none() && (self.has_tiles(plane, channels) || self.has_lanes(channels[1]))
    }

    /// Whether products are computed with `channels` side by side, which needs no packing of phases.
    fn has_lanes(&self, channels: usize) -> bool {
        !self.direct && lanes::fill(channels, self.level.lanes())
    }

    fn shape(&self, output: [usize; 2]) -> Shape {
        Shape {
            batch: self.batch,
            channels: [self.channels_in, self.channels_out],
            input: self.input,
            output,
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding.map(|(before, _)| before),
        }
    }

    fn input_len(&self) -> usize {
        self.batch * self.channels_in * self.input[0] * self.input[1]
    }

    fn weight_len(&self) -> usize {
        let inputs = if self.depthwise { 1 } else { self.channels_in };
        self.channels_out * inputs * self.kernel[0] * self.kernel[1]
    }
}

fn check(name: &'static str, slice: &[f32], expected: usize) -> Result<(), KernelError> {
    let found = slice.len();
    if found == expected { Ok(()) } else { Err(KernelError::Length { name, expected, found }) }
}

/// Sum of a plane, in sixteen lanes.
fn sum(plane: &[f32]) -> f64 {
    let (groups, rest) = plane.as_chunks::<16>();
    let mut lanes = [0.0_f32; 16];
    for group in groups {
        for (lane, value) in lanes.iter_mut().zip(group) {
            *lane += value;
        }
    }
    lanes.iter().chain(rest).map(|&value| f64::from(value)).sum()
}
