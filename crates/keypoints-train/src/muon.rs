//! Muon for convolutions.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{
    AdamW, AdamWState, AdaptiveMomentumState, AdjustLrFn, Muon, MuonConfig, Optimizer,
};
use burn::tensor::{Device, Tensor};

use keypoints_kernels::MuonUpdate;

use crate::fused_adam::Fused;

/// Orthogonal steps for the weights of convolutions, AdamW's for all else.
///
/// Burn's own Muon takes matrices alone. The weight of a convolution `[out, in, k, k]` is one, `[out, in · k · k]`: it maps a
/// patch to a pixel. A step moves the weights of every convolution by 0.2 times the learning rate (root mean square), whatever
/// its shape.
///
/// Sources: Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024); Liu et al., "Muon is Scalable
/// for LLM Training" (2025), for the scale.
#[derive(Clone)]
pub(crate) struct ConvMuon {
    momentum: f32,
    weight_decay: f32,
    /// For what our kernel does not take.
    orthogonal: Muon,
    others: Fused<AdamW>,
}

impl ConvMuon {
    /// `others` steps whatever is no convolution; `weight_decay` is that of the convolutions.
    pub(crate) fn new(momentum: f32, weight_decay: f32, others: Fused<AdamW>) -> Self {
        // Burn's momentum would keep a matrix for state, and it would have to be saved beside AdamW's: here it is
        // applied before.
        let none = MomentumConfig { momentum: 0.0, dampening: 0.0, nesterov: false };
        let orthogonal = MuonConfig::new()
            .with_momentum(none)
            .with_adjust_lr_fn(AdjustLrFn::MatchRmsAdamW)
            .with_weight_decay((weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay)))
            .build();
        Self { momentum, weight_decay, orthogonal, others }
    }

    /// A step with Burn's operations: the parameter and its velocity.
    fn burns<const D: usize>(
        &self,
        lr: f64,
        [tensor, grad, velocity]: [Tensor<D>; 3],
    ) -> [Tensor<D>; 2] {
        let velocity = velocity * self.momentum + grad.clone();
        // Nesterov's: where the velocity is about to lead.
        let ahead = velocity.clone() * self.momentum + grad;
        let shape = tensor.dims();
        let matrix = |tensor: Tensor<D>| {
            let rows = shape.first().copied().unwrap_or(1);
            tensor.reshape([rows, shape.iter().skip(1).product()])
        };
        let (stepped, _) = self.orthogonal.step::<2>(lr, matrix(tensor), matrix(ahead), None);
        [stepped.reshape(shape), velocity]
    }
}

impl Optimizer for ConvMuon {
    /// Of a convolution, the first moment is the momentum, and the second a single zero.
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        lr: f64,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        if D != 4 {
            return self.others.step(lr, tensor, grad, state);
        }
        let (time, velocity) = match state {
            Some(AdamWState { momentum: AdaptiveMomentumState { time, moment_1, .. } }) => {
                (time + 1, moment_1)
            }
            None => (1, grad.zeros_like()),
        };
        let update = MuonUpdate { rate: lr, momentum: self.momentum, decay: self.weight_decay };
        let [stepped, velocity] = update
            .apply([tensor, grad, velocity])
            .unwrap_or_else(|untouched| self.burns(lr, untouched));
        let nothing = Tensor::zeros([1; D], &velocity.device());
        let momentum = AdaptiveMomentumState::new(time, velocity, nothing);
        (stepped, Some(AdamWState::new(momentum)))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        AdamW::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OptimizerConfig;
    use burn::module::{Module, Param};
    use burn::nn::conv::{Conv2d, Conv2dConfig};
    use burn::nn::{Linear, LinearConfig};
    use burn::optim::{GradientsParams, ModuleOptimizer};
    use burn::tensor::{Distribution, Tolerance};

    #[derive(Module, Debug)]
    struct Toy {
        conv: Conv2d,
        linear: Linear,
    }

    fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.inner().into_data().try_to_vec().unwrap()
    }

    fn wave<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
        let count = shape.iter().product::<usize>() as i64;
        let steps = Tensor::<1, burn::tensor::Int>::arange(0..count, device).float();
        (steps.clone() * 0.7 + (steps * 0.31).cos()).sin().reshape(shape)
    }

    fn toy(device: &Device) -> Toy {
        let mut conv = Conv2dConfig::new([2, 4], [3, 3]).init(device);
        conv.weight = Param::from_tensor(wave([4, 2, 3, 3], device));
        conv.bias = Some(Param::from_tensor(wave([4], device)));
        let mut linear = LinearConfig::new(4, 3).init(device);
        linear.weight = Param::from_tensor(wave([4, 3], device));
        linear.bias = Some(Param::from_tensor(wave([3], device)));
        Toy { conv, linear }
    }

    fn step(toy: Toy, optimizer: &mut ModuleOptimizer, slant: f64, device: &Device) -> Toy {
        let faces = wave([3, 2, 8, 8], device) + slant;
        let x = toy.conv.forward(faces).mean_dims(&[2, 3]).reshape([3, 4]);
        let loss = (toy.linear.forward(x).powi_scalar(2) * wave([3, 3], device)).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &toy);
        optimizer.step(0.01, toy, gradients)
    }

    const MUON: OptimizerConfig = OptimizerConfig::Muon {
        momentum: 0.95,
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
    };

    #[test]
    fn all_but_convolutions_step_as_adamw_does() {
        let device = Device::flex().autodiff();
        let before = toy(&device);
        let after = step(before.clone(), &mut MUON.init(), 0.5, &device);
        let (beta_1, beta_2, epsilon) = (0.9, 0.999, 1e-8);
        let adam = OptimizerConfig::AdamW { beta_1, beta_2, epsilon, weight_decay: 0.0 };
        let other = step(before.clone(), &mut adam.init(), 0.5, &device);
        assert_eq!(numbers(after.linear.weight.val()), numbers(other.linear.weight.val()));
        assert_ne!(numbers(after.conv.weight.val()), numbers(before.conv.weight.val()));
        let bias = |toy: &Toy| numbers(toy.conv.bias.clone().unwrap().val());
        assert_eq!(bias(&after), bias(&other));
        assert_ne!(numbers(after.conv.weight.val()), numbers(other.conv.weight.val()));
    }

    #[test]
    fn a_full_gradient_becomes_an_orthogonal_step() {
        let device = Device::flex();
        let optimizer =
            ConvMuon::new(0.95, 0.0, crate::optimizer::fused_adam_w(0.9, 0.999, 1e-8, 0.0));
        let weight = Tensor::<4>::zeros([4, 2, 3, 3], &device);
        let (stepped, _) = optimizer.step(1.0, weight, wave([4, 2, 3, 3], &device), None);
        let step = stepped.reshape([4, 18]) / (0.2 * 18.0_f64.sqrt());
        let products: Vec<f32> =
            step.clone().matmul(step.transpose()).into_data().try_to_vec().unwrap();
        for (index, product) in products.iter().enumerate() {
            let wanted = if index % 5 == 0 { 0.4..1.6 } else { -0.45..0.45 };
            assert!(wanted.contains(product), "{index}: {products:?}");
        }
    }

    /// Layers as they occur: wide, tall, with a row or a column, of a gradient that is no more than one direction.
    #[test]
    fn the_kernel_steps_as_burns_operations_do() {
        let device = Device::flex();
        device.seed(3);
        let adam = crate::optimizer::fused_adam_w(0.9, 0.999, 1e-8, 0.0);
        let optimizer = ConvMuon::new(0.95, 0.1, adam);
        for shape in [[32, 16, 3, 3], [64, 2, 1, 1], [1, 5, 3, 3], [30, 1, 1, 1], [128, 128, 3, 3]]
        {
            let noise = || Tensor::<4>::random(shape, Distribution::Normal(0.0, 1e-3), &device);
            let start = [noise(), noise(), noise()];
            let ray = Tensor::<4>::ones(shape, &device) * 1e-3;
            for gradient in [start[1].clone(), ray, Tensor::zeros(shape, &device)] {
                let tensors = [start[0].clone(), gradient, start[2].clone()];
                let update = MuonUpdate { rate: 0.02, momentum: 0.95, decay: 0.1 };
                let ours = update.apply(tensors.clone()).unwrap();
                let theirs = optimizer.burns(0.02, tensors.clone());
                let [step, of_theirs] =
                    [&ours, &theirs].map(|after| after[0].clone() - tensors[0].clone());
                let apart = numbers((step.clone() - of_theirs).powi_scalar(2).sum().sqrt())[0];
                let far = numbers(step.powi_scalar(2).sum().sqrt())[0];
                assert!(apart <= 1e-3 * far, "{shape:?}: {apart} of {far}");
                let same = Tolerance::rel_abs(1e-5, 1e-9);
                let [ours, theirs] = [ours, theirs].map(|after| after[1].clone().into_data());
                ours.assert_approx_eq::<f32>(&theirs, same);
            }
        }
    }

    #[test]
    fn goes_on_from_a_file_as_if_it_had_never_stopped() {
        let device = Device::flex().autodiff();
        let mut optimizer = MUON.init();
        let first = step(toy(&device), &mut optimizer, 0.5, &device);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("optimizer.bpk");
        optimizer.save(&path).unwrap();
        let mut loaded = MUON.init().load(&path).unwrap();
        let on = step(first.clone(), &mut optimizer, -0.3, &device);
        let again = step(first.clone(), &mut loaded, -0.3, &device);
        let fresh = step(first, &mut MUON.init(), -0.3, &device);
        let weight = |toy: Toy| numbers(toy.conv.weight.val());
        let on = weight(on);
        assert_eq!(weight(again), on);
        assert_ne!(weight(fresh), on);
    }
}
