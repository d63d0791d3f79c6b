//! The one training loop.

mod average;
mod data;
mod epoch;
mod fine_tune;
mod gradients;
mod initial;
mod learner;
mod model;
mod observer;
mod outcome;
mod run;
mod trainer;
mod weights;

pub(crate) use average::WeightAverage;
pub use initial::InitialWeights;
pub use observer::{NoObserver, StepInfo, TrainObserver, TrainSession};
pub use outcome::{ModelOutcome, Outcome, StopReason};
pub use run::Training;
pub(crate) use weights::materialise;
