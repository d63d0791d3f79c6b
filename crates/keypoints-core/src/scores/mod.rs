//! Squared errors counted label by label, and the scores made from them.

mod influence;
mod nme;
mod relative;
mod report;
mod sums;
mod tally;

pub use influence::{influences, standard_error};
pub use nme::{FAILURE_THRESHOLD, NmeReport, normalised_mean_error};
pub use relative::RelativeErrors;
pub use report::ErrorReport;
pub use sums::ErrorSums;
pub use tally::Tally;
