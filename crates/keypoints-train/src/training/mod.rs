//! The one training loop.

mod epoch;
mod observer;
mod run;
mod weights;

pub use observer::{NoObserver, StepInfo, TrainObserver, TrainSession};
pub use run::{Outcome, StopReason, Training};
