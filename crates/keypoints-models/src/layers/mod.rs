//! Building blocks that Burn does not have.

mod conv_norm;
mod dropout2d;
mod resize;
mod shrink;
mod stochastic_depth;

pub use conv_norm::ConvNorm;
pub use dropout2d::{Dropout2d, Dropout2dConfig};
pub use resize::resize;
pub(crate) use shrink::shrink;
pub use stochastic_depth::StochasticDepth;
