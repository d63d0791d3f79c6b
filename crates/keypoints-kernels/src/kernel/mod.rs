//! The kernels: convolutions on slices, without Burn.

mod convolution;
mod correlate;
mod error;
mod level;
mod multiply;
mod reduce;
mod simd;
mod weights;
mod window;

pub use convolution::Convolution;
pub use error::KernelError;
pub use level::SimdLevel;
