//! Which settings are tried: what asks for the next trial of a study.
//!
//! Named changes and grids are fixed lists. Samples are drawn, at random or by TPE in view of the results so far.

mod grid;
mod named;
mod parzen;
mod proposer;
mod samples;
mod space;
mod spaces;

pub(crate) use grid::Grid;
pub use named::Change;
pub(crate) use named::Named;
pub(crate) use proposer::{Proposer, Tried};
pub use samples::{Method, Samples};
pub use space::Space;
pub use spaces::Spaces;

#[cfg(test)]
mod tests;
