//! Convolutions with a register of channels per pixel, without tiles.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `plan.rs` | which source pixels a destination row is computed from |
//! | `pack.rs` | the weights of a filter, ready for it |
//! | `filter.rs` | forward pass and input gradient, with any stride |
//! | `weights.rs` | weight gradient of 3×3 kernels |
//! | `few.rs` | the same where the input has few channels |
//!
//! One operand stays as it is, in planes, and is read number by number; the other lies with its channels side by side.

pub(super) mod few;
mod filter;
mod pack;
mod plan;
mod weights;

pub(super) use filter::filter;
pub(super) use plan::{Axis, Filter, Weights};
pub(super) use weights::{WeightGradient, weight_gradient};

/// Whether so many channels fill registers well enough.
pub(super) fn fill(channels: usize, lanes: usize) -> bool {
    channels.next_multiple_of(lanes) * 2 <= channels * 3
}
