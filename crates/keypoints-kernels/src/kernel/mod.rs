//! The kernels: convolutions on slices, without Burn.

pub(crate) mod adam;
mod bf16;
mod convolution;
mod correlate;
mod error;
mod fresh;
mod lanes;
mod level;
pub(crate) mod maps;
mod multiply;
pub(crate) mod norm;
mod patch;
mod reach;
mod reduce;
mod share;
mod shared;
mod simd;
mod weights;
mod window;
mod winograd;

pub use bf16::{Bf16Level, Precision};
pub use convolution::Convolution;
pub(crate) use convolution::Ends;
pub use error::KernelError;
pub use level::SimdLevel;
