//! Gradients of several batches as one, and kept short.

use burn::module::{Module, ModuleVisitor, Param, ParamId};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

/// Gradients of the batches of one optimizer step, averaged over their labels: the gradients of one large batch.
///
/// (Burn's own accumulation adds up, and would weigh a batch with few labels as much as one with many.)
pub(super) struct Averaged<M> {
    sum: GradientsAccumulator<M>,
    labels: Option<Tensor<1>>,
}

impl<M: Module> Averaged<M> {
    pub(super) fn new() -> Self {
        Self { sum: GradientsAccumulator::new(), labels: None }
    }

    /// Takes in the mean loss over the labels of a batch. `mask` is 1 where there is a label.
    pub(super) fn add(&mut self, module: &M, loss: Tensor<1>, mask: Tensor<2>) {
        let labels = mask.sum();
        let loss = loss * Tensor::from_inner(labels.clone());
        self.sum.accumulate(module, GradientsParams::from_grads(loss.backward(), module));
        self.labels = Some(match self.labels.take() {
            Some(sum) => sum + labels,
            None => labels,
        });
    }

    /// The gradients of all batches together.
    pub(super) fn finish(mut self, module: &M) -> GradientsParams {
        let gradients = self.sum.grads();
        match self.labels {
            Some(labels) => scaled(gradients, module, labels.clamp_min(1.0).recip()),
            None => gradients,
        }
    }
}

/// Shortens gradients whose norm over all parameters together is above `max`, as PyTorch's `clip_grad_norm_` does.
///
/// (Burn's own clipping takes the norm of each parameter by itself, which turns the direction of the step.)
///
/// Source: Pascanu et al., "On the difficulty of training recurrent neural networks" (2013).
pub(super) fn clip<M: Module>(gradients: GradientsParams, module: &M, max: f64) -> GradientsParams {
    struct Squares<'a>(&'a GradientsParams, Vec<Tensor<1>>);
    impl ModuleVisitor for Squares<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.0.get::<D>(param.id) {
                self.1.push(gradient.square().sum());
            }
        }
    }
    let mut squares = Squares(&gradients, Vec::new());
    module.visit(&mut squares);
    if squares.1.is_empty() {
        return gradients;
    }
    let norm = Tensor::cat(squares.1, 0).sum().sqrt();
    let factor = (norm + 1e-6).recip() * max;
    scaled(gradients, module, factor.clamp_max(1.0))
}

/// Multiplies all gradients by one number that may still be on the device.
fn scaled<M: Module>(mut gradients: GradientsParams, module: &M, by: Tensor<1>) -> GradientsParams {
    struct Scale<'a>(&'a mut GradientsParams, Tensor<1>);
    impl Scale<'_> {
        fn apply<const D: usize>(&mut self, id: ParamId) {
            if let Some(gradient) = self.0.remove::<D>(id) {
                self.0.register(id, gradient * self.1.clone().reshape([1; D]));
            }
        }
    }
    impl ModuleVisitor for Scale<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.apply::<D>(param.id);
        }
    }
    module.visit(&mut Scale(&mut gradients, by));
    gradients
}

#[cfg(test)]
mod tests;
