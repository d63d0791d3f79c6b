//! A running average of the weights.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// A network whose weights follow those of the trained one, smoothed over the last steps (Polyak averaging with
/// exponential decay). The running statistics of batch norms are averaged with them.
pub(crate) struct WeightAverage<N> {
    decay: f64,
    network: N,
}

impl<N: Module> WeightAverage<N> {
    /// Starts at a network's weights. `network` may be on the training device; the average is on the plain one.
    pub(crate) fn starting(decay: f64, network: &N) -> Self {
        Self { decay, network: network.valid() }
    }

    /// Takes in the weights after a step, counted from 0.
    pub(crate) fn after_step(self, step: usize, trained: &N) -> Self {
        let keep = keep(self.decay, step);
        Self { network: mix(self.network, trained, keep), ..self }
    }

    pub(crate) fn network(&self) -> &N {
        &self.network
    }
}

/// How much of the average remains after a step: few at first, so that the random weights at the start are soon
/// forgotten.
fn keep(decay: f64, step: usize) -> f64 {
    let step = step as f64;
    decay.min((1.0 + step) / (10.0 + step))
}

/// `keep · average + (1 − keep) · trained`, parameter by parameter.
fn mix<M: Module>(average: M, trained: &M, keep: f64) -> M {
    struct Collect(Vec<Tensor<1>>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.val().reshape([-1]));
        }
    }
    struct Mix {
        trained: std::vec::IntoIter<Tensor<1>>,
        keep: f64,
    }
    impl ModuleMapper for Mix {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            // Two modules of one kind are visited in the same order.
            let Some(trained) = self.trained.next() else {
                return param;
            };
            param.map(|old| {
                let trained = trained.reshape(old.dims());
                old * self.keep + trained * (1.0 - self.keep)
            })
        }
    }
    let mut trained_weights = Collect(Vec::new());
    // On the plain device, and with running statistics that know of the last step.
    trained.valid().visit(&mut trained_weights);
    average.map(&mut Mix { trained: trained_weights.0.into_iter(), keep })
}

#[cfg(test)]
mod tests;
