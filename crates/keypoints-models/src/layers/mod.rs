//! Building blocks that Burn does not have.

mod dropout2d;

pub use dropout2d::{Dropout2d, Dropout2dConfig};
