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
mod tests {
    use super::*;
    use crate::loss::masked_mse;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::{Device, Distribution, TensorData, Tolerance};

    fn weight(gradients: &GradientsParams, layer: &Linear) -> TensorData {
        gradients.get::<2>(layer.weight.id).unwrap().into_data()
    }

    #[test]
    fn small_batches_together_are_one_large_batch() {
        let device = Device::flex();
        let training = device.clone().autodiff();
        let layer = LinearConfig::new(5, 3).init(&training);
        let x = Tensor::<2>::random([10, 5], Distribution::Default, &device);
        let targets = Tensor::<2>::random([10, 3], Distribution::Default, &device);
        // Batches of 4, 4 and 2 rows with 12, 3 and 1 labels.
        let mask: Vec<f32> = (0..30).map(|i| f32::from(u8::from(i < 12 || i % 7 == 0))).collect();
        let mask = Tensor::<2>::from_data(TensorData::new(mask, [10, 3]), &device);
        let loss = |from: usize, rows: usize| {
            let part = |tensor: &Tensor<2>| tensor.clone().narrow(0, from, rows);
            let output = layer.forward(part(&x).autodiff());
            masked_mse(output, part(&targets).autodiff(), part(&mask).autodiff())
        };
        let whole = GradientsParams::from_grads(loss(0, 10).backward(), &layer);
        let mut parts = Averaged::new();
        for (from, rows) in [(0, 4), (4, 4), (8, 2)] {
            parts.add(&layer, loss(from, rows), mask.clone().narrow(0, from, rows));
        }
        let found = weight(&parts.finish(&layer), &layer);
        found.assert_approx_eq::<f32>(&weight(&whole, &layer), Tolerance::rel_abs(1e-5, 1e-7));
    }

    #[test]
    fn long_gradients_are_shortened_together() {
        let device = Device::flex();
        let layer = LinearConfig::new(2, 1).init(&device.clone().autodiff());
        let bias = layer.bias.as_ref().unwrap().id;
        let clipped = |max: f64| {
            let mut gradients = GradientsParams::new();
            let data = TensorData::new(vec![2.0_f32, 10.0], [2, 1]);
            gradients.register(layer.weight.id, Tensor::<2>::from_data(data, &device));
            gradients.register(bias, Tensor::<1>::from_data([11.0_f32], &device));
            let gradients = clip(gradients, &layer, max);
            let bias = gradients.get::<1>(bias).unwrap().into_scalar::<f32>();
            let weight = weight(&gradients, &layer).try_to_vec::<f32>().unwrap();
            [weight[0], weight[1], bias]
        };
        // The norm of 2, 10 and 11 is 15.
        assert_eq!(clipped(16.0), [2.0, 10.0, 11.0]);
        for (found, expected) in clipped(3.0).into_iter().zip([0.4, 2.0, 2.2]) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
    }
}
