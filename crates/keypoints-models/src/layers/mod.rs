//! Building blocks that Burn does not have.

mod batch_norm;
mod dropout2d;
mod resize;
mod shrink;
mod stochastic_depth;

pub(crate) use batch_norm::batch_norm;
pub use dropout2d::{Dropout2d, Dropout2dConfig};
pub use resize::resize;
pub(crate) use shrink::shrink;
pub use stochastic_depth::StochasticDepth;
