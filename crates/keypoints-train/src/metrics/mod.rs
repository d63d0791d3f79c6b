//! Squared errors counted label by label, and the scores made from them.

mod influence;
mod nme;
mod report;
mod sums;

pub use influence::{influences, standard_error};
pub use keypoints_data::Tally;
pub use nme::{FAILURE_THRESHOLD, NmeReport, normalised_mean_error};
pub use report::{ErrorReport, TEST_SHARE_FULL};
pub use sums::ErrorSums;
