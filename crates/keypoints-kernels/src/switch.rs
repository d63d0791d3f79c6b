//! Our kernels or Burn's own operations.

use std::cell::Cell;

use crate::scoped::scoped;

thread_local!(static OFF: Cell<bool> = const { Cell::new(false) });

/// Runs `body` with Burn's own operations everywhere, to compare with.
///
/// What counts is where an operation's forward pass is called: the backward pass is of the same kind, whoever
/// calls it. The environment variable `KEYPOINTS_KERNELS=off` does this for a whole process.
///
/// ```
/// use burn::tensor::ops::ConvOptions;
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::{is_accelerated, without_kernels};
///
/// let device = Device::flex();
/// let (x, weight) = (Tensor::zeros([1, 1, 8, 8], &device), Tensor::zeros([4, 1, 3, 3], &device));
/// let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
/// assert!(!without_kernels(|| is_accelerated(&x, &weight, None, &options)));
/// ```
pub fn without_kernels<R>(body: impl FnOnce() -> R) -> R {
    scoped(&OFF, true, body)
}

/// Whether our kernels may be used.
#[cfg(feature = "flex")]
pub(crate) fn enabled() -> bool {
    static ENVIRONMENT: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    let off =
        ENVIRONMENT.get_or_init(|| std::env::var("KEYPOINTS_KERNELS").is_ok_and(|v| v == "off"));
    !off && !OFF.get()
}
