//! Fast convolutions for [Burn](burn) on a CPU.
//!
//! [`conv2d`] is what models call, or [`conv2d_layer`] with one of Burn's layers. They take our kernels where
//! they fit and Burn's operation elsewhere.
//! [`Convolution`] is the kernels themselves: forward pass and gradients on slices, without Burn.

mod conv2d;
#[cfg(feature = "flex")]
mod extension;
mod kernel;
mod layer;
#[cfg(feature = "flex")]
mod primitive;

pub use conv2d::{conv2d, is_accelerated};
pub use kernel::{Convolution, KernelError, SimdLevel};
pub use layer::conv2d_layer;
