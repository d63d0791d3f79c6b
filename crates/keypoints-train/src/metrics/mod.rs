//! Squared errors counted label by label, and the scores made from them.

mod report;
mod sums;

pub use report::{ErrorReport, TEST_SHARE_FULL};
pub use sums::{ErrorSums, Tally};
