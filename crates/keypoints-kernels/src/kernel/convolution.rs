//! A 2-D convolution of given sizes: its forward pass and its three gradients.

use rayon::prelude::*;

use super::activation::Activation;
#[cfg(target_arch = "x86_64")]
use super::bf16;
use super::correlate::{Batch, Lattice, Part, correlate};
use super::depthwise::Depthwise;
use super::epilogue::Epilogue;
use super::lanes::{self, Axis, Weights};
#[cfg(target_arch = "x86_64")]
use super::maps;
use super::pointwise::{self, Pointwise};
use super::reach::Reach;
use super::weights::WeightGradient;
use super::window::Window;
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
            return Ok(self.by_channel(plane).forward(self.level, input, weight, epilogue));
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
        let channels = [self.channels_in, self.channels_out];
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            let mut output = bf16::forward(level, &self.shape(plane), input, weight, bias);
            if rectify {
                output
                    .par_chunks_mut(1 << 14)
                    .for_each(|part| part.iter_mut().for_each(maps::rectify));
            }
            return output;
        }
        if self.has_tiles(plane, channels) {
            let filter = Filter {
                source: input,
                channels,
                source_size: self.input,
                size: plane,
                before: self.padding.map(|(before, _)| before),
                epilogue,
            };
            return winograd::filter(self.level, filter, self.batch, Weights::InOrder(weight));
        }
        if self.has_lanes(self.channels_out) {
            let axis = |axis: usize| {
                let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
                Axis::forward(self.input[axis], plane[axis], kernel, stride, self.padding[axis].0)
            };
            let filter = lanes::Filter {
                source: input,
                channels: [self.channels_in, self.channels_out],
                rows: &axis(0),
                columns: &axis(1),
                kernel: self.kernel,
                weights: Weights::InOrder(weight),
                epilogue,
            };
            return lanes::filter(self.level, filter, self.batch);
        }
        let lattice = Lattice { count: plane, first: [0, 0], step: [1, 1] };
        let sizes = [self.channels_out, self.channels_in];
        let part =
            Part::new(self.level, sizes, self.window(plane), lattice, |output, channel, tap| {
                weight[self.weight_at(output, channel, tap)]
            });
        let mut destination = vec![0.0; self.batch * self.channels_out * plane[0] * plane[1]];
        let batch = Batch {
            source: input,
            source_len: input.len() / self.batch,
            destination: &mut destination,
            outputs: self.channels_out,
            plane,
            bias,
            rectify,
        };
        correlate(self.level, &[part], batch);
        destination
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
        if self.depthwise {
            let sizes = self.by_channel(source);
            return Ok(sizes.input_gradient(self.level, weight, output_gradient));
        }
        if let Some(sizes) = self.by_pixel() {
            return Ok(sizes.input_gradient(self.level, weight, output_gradient));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            return Ok(bf16::input_gradient(level, &self.shape(source), weight, output_gradient));
        }
        if self.has_tiles(self.input, [self.channels_out, self.channels_in]) {
            let filter = Filter {
                source: output_gradient,
                channels: [self.channels_out, self.channels_in],
                source_size: source,
                size: self.input,
                before: self.padding.map(|(before, _)| 2 - before),
                epilogue: Epilogue::NOTHING,
            };
            return Ok(winograd::filter(self.level, filter, self.batch, Weights::Swapped(weight)));
        }
        if self.has_lanes(self.channels_in) {
            let axis = |axis: usize| {
                let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
                Axis::backward(source[axis], self.input[axis], kernel, stride, self.padding[axis].0)
            };
            let filter = lanes::Filter {
                source: output_gradient,
                channels: [self.channels_out, self.channels_in],
                rows: &axis(0),
                columns: &axis(1),
                kernel: self.kernel,
                weights: Weights::Swapped(weight),
                epilogue: Epilogue::NOTHING,
            };
            return Ok(lanes::filter(self.level, filter, self.batch));
        }
        let mut parts = Vec::new();
        // Taps come no further than the kernel.
        for down in 0..self.stride[0].min(self.kernel[0]) {
            for right in 0..self.stride[1].min(self.kernel[1]) {
                let (Some(rows), Some(columns)) = (self.reach(0, down), self.reach(1, right))
                else {
                    continue;
                };
                let window = Window {
                    source,
                    first: [rows.source, columns.source],
                    stride: [1, 1],
                    taps: [rows.taps, columns.taps],
                    columns: columns.count,
                };
                let lattice = Lattice {
                    count: [rows.count, columns.count],
                    first: [rows.first, columns.first],
                    step: self.stride,
                };
                let sizes = [self.channels_in, self.channels_out];
                parts.push(Part::new(
                    self.level,
                    sizes,
                    window,
                    lattice,
                    |channel, output, tap| {
                        let turned = [
                            (rows.taps - 1 - tap[0]) * self.stride[0] + down,
                            (columns.taps - 1 - tap[1]) * self.stride[1] + right,
                        ];
                        weight[self.weight_at(output, channel, turned)]
                    },
                ));
            }
        }
        let mut destination = vec![0.0; self.input_len()];
        let batch = Batch {
            source: output_gradient,
            source_len,
            destination: &mut destination,
            outputs: self.channels_in,
            plane: self.input,
            bias: None,
            rectify: false,
        };
        correlate(self.level, &parts, batch);
        Ok(destination)
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
        if self.depthwise {
            let sizes = self.by_channel([rows, columns]);
            return Ok(sizes.weight_gradient(self.level, input, output_gradient));
        }
        if let Some(sizes) = self.by_pixel() {
            return Ok(pointwise::weight_gradient(sizes, self.level, input, output_gradient));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(level) = self.bf16 {
            let shape = self.shape([rows, columns]);
            return Ok(bf16::weight_gradient(level, &shape, input, output_gradient));
        }
        let of = lanes::WeightGradient {
            channels: [self.channels_in, self.channels_out],
            input,
            input_size: self.input,
            gradient: output_gradient,
            size: [rows, columns],
            before: self.padding.map(|(before, _)| before),
            stride: self.stride,
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
            channels: [self.channels_in, self.channels_out],
            window: self.window([rows, columns]),
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

    /// The sizes of a depthwise convolution with these output planes.
    fn by_channel(&self, output: [usize; 2]) -> Depthwise {
        Depthwise {
            batch: self.batch,
            channels: self.channels_in,
            input: self.input,
            output,
            kernel: self.kernel,
            stride: self.stride,
            before: self.padding.map(|(before, _)| before),
        }
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

    #[cfg(target_arch = "x86_64")]
    fn shape(&self, output: [usize; 2]) -> bf16::Shape {
        bf16::Shape {
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

    fn weight_at(&self, output: usize, channel: usize, [row, column]: [usize; 2]) -> usize {
        ((output * self.channels_in + channel) * self.kernel[0] + row) * self.kernel[1] + column
    }

    fn window(&self, [_, columns]: [usize; 2]) -> Window {
        Window {
            source: self.input,
            first: self.padding.map(|(before, _)| -(before as isize)),
            stride: self.stride,
            taps: self.kernel,
            columns,
        }
    }

    /// The input rows (or columns) that taps `phase, phase + stride, …` reach.
    fn reach(&self, axis: usize, phase: usize) -> Option<Reach> {
        let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
        Reach::new(kernel, stride, self.padding[axis].0, self.input[axis], phase)
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
