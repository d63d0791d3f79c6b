//! Building blocks that Burn does not have.

mod dropout2d;
mod shrink;

pub use dropout2d::{Dropout2d, Dropout2dConfig};
pub(crate) use shrink::shrink;
