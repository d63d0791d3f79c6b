//! The kernels: convolutions on slices, without Burn.

pub(crate) mod adam;
mod bf16;
mod convolution;
mod correlate;
mod error;
mod level;
pub(crate) mod maps;
mod multiply;
pub(crate) mod norm;
mod reach;
mod reduce;
mod simd;
mod weights;
mod window;
mod winograd;

pub use bf16::{Bf16Level, Precision};
pub use convolution::Convolution;
pub use error::KernelError;
pub use level::SimdLevel;
