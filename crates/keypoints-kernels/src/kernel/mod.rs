//! The kernels: convolutions on slices, without Burn.

pub(crate) mod activation;
pub(crate) mod adam;
mod bf16;
mod convolution;
mod correlate;
mod depthwise;
pub(crate) mod epilogue;
mod error;
mod exp;
mod fresh;
pub(crate) mod gate;
pub(crate) mod heat_map;
mod lanes;
mod level;
pub(crate) mod linear;
pub(crate) mod maps;
mod multiply;
pub(crate) mod muon;
pub(crate) mod norm;
mod patch;
mod pointwise;
mod product;
mod reach;
mod reduce;
mod scratch;
mod shape;
mod share;
mod simd;
mod space;
mod weights;
mod window;
mod winograd;

pub use bf16::{Bf16Level, Precision};
pub use convolution::Convolution;
pub use error::KernelError;
pub use level::SimdLevel;
