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
mod tests;
