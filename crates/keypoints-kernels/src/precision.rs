//! How exactly the convolutions of a model multiply.

use std::cell::Cell;

use crate::Precision;
use crate::scoped::scoped;

thread_local! {
    static PRECISION: Cell<Precision> = const { Cell::new(Precision::F32) };
}

/// Runs `work`, in which [`conv2d`](crate::conv2d) on this thread multiplies with this precision where the
/// processor can. Gradients of what was computed in it are computed with the same precision, wherever and
/// whenever that is.
///
/// A forward pass belongs to the thread that calls it, so one run's choice is not another's. Inside a parallel iterator of rayon's give every item
/// a choice of its own or none: while a thread waits for the parts of one item, rayon lets it begin another.
///
/// ```
/// use burn::tensor::ops::ConvOptions;
/// use burn::tensor::{Device, Distribution, Tensor};
/// use keypoints_kernels::{Precision, conv2d, precision, with_precision};
///
/// let device = Device::flex();
/// let images = Tensor::<4>::random([2, 16, 24, 24], Distribution::Default, &device);
/// let weight = Tensor::<4>::random([16, 16, 3, 3], Distribution::Default, &device);
/// let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
/// let output = with_precision(Precision::Bf16, || conv2d(images, weight, None, options));
/// assert_eq!(output.dims(), [2, 16, 24, 24]);
/// assert_eq!(precision(), Precision::F32);
/// ```
pub fn with_precision<T>(precision: Precision, work: impl FnOnce() -> T) -> T {
    scoped(&PRECISION, precision, work)
}

/// The choice of the innermost [`with_precision`] that this thread is in; outside `f32`.
#[must_use]
pub fn precision() -> Precision {
    PRECISION.get()
}
