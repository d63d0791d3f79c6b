//! What changes from step to step.

use burn::module::Module;
use burn::optim::ModuleOptimizer;

use super::average::WeightAverage;

/// A network in training with all that its next step depends on.
pub(super) struct Learner<N> {
    /// On the training device.
    pub(super) network: N,
    pub(super) optimizer: ModuleOptimizer,
    /// Where the run averages weights.
    pub(super) average: Option<WeightAverage<N>>,
}

impl<N: Module> Learner<N> {
    /// The network that is validated and will answer, on the plain device: the average if there is one.
    pub(super) fn inference(&self) -> N {
        match &self.average {
            Some(average) => average.network().clone(),
            None => self.network.valid(),
        }
    }
}
