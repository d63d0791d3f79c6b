//! What changes from step to step.

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use keypoints_models::Network;

use super::average::WeightAverage;

/// A network in training with all that its next step depends on.
pub(super) struct Learner {
    /// On the training device.
    pub(super) network: Network,
    pub(super) optimizer: ModuleOptimizer,
    /// Where the run averages weights.
    pub(super) average: Option<WeightAverage>,
}

impl Learner {
    /// The network that is validated and will answer, on the plain device: the average if there is one.
    pub(super) fn inference(&self) -> Network {
        match &self.average {
            Some(average) => average.network().clone(),
            None => self.network.valid(),
        }
    }
}
