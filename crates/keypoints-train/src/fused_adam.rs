//! Adam and AdamW with one pass over memory per step on the CPU.

use burn::optim::{
    AdamState, AdamWState, AdaptiveMomentumState, LearningRate, Optimizer, RecordState,
};
use burn::tensor::{Device, Tensor};
use keypoints_kernels::AdamUpdate;

/// What Adam and AdamW keep between steps, in Burn's own layout: checkpoints fit Burn's optimizers and ours.
pub(crate) trait Moments<const D: usize>: Sized {
    fn wrap(momentum: AdaptiveMomentumState<D>) -> Self;
    fn unwrap(self) -> AdaptiveMomentumState<D>;
}

impl<const D: usize> Moments<D> for AdamState<D> {
    fn wrap(momentum: AdaptiveMomentumState<D>) -> Self {
        Self { momentum }
    }
    fn unwrap(self) -> AdaptiveMomentumState<D> {
        self.momentum
    }
}

impl<const D: usize> Moments<D> for AdamWState<D> {
    fn wrap(momentum: AdaptiveMomentumState<D>) -> Self {
        Self { momentum }
    }
    fn unwrap(self) -> AdaptiveMomentumState<D> {
        self.momentum
    }
}

/// One of Burn's optimizers, whose step our kernel takes where it can: on other devices, and for other types of
/// numbers, Burn's own does.
#[derive(Clone)]
pub(crate) struct Fused<O> {
    /// Burn's optimizer with the same settings.
    pub(crate) burn: O,
    pub(crate) beta_1: f32,
    pub(crate) beta_2: f32,
    pub(crate) epsilon: f32,
    /// Added to the gradient, times the parameter (Adam).
    pub(crate) penalty: f32,
    /// Taken from the parameter, times learning rate and parameter (AdamW).
    pub(crate) decay: f32,
}

/// The step of [`Fused`] for one kind of state.
macro_rules! fused {
    ($optimizer:ty, $state:ident) => {
        impl Optimizer for Fused<$optimizer> {
            type State<const D: usize> = $state<D>;

            fn step<const D: usize>(
                &self,
                lr: LearningRate,
                tensor: Tensor<D>,
                grad: Tensor<D>,
                state: Option<Self::State<D>>,
            ) -> (Tensor<D>, Option<Self::State<D>>) {
                match self.fused_step(lr, [tensor, grad], state) {
                    Ok((tensor, state)) => (tensor, Some(state)),
                    Err(([tensor, grad], state)) => self.burn.step(lr, tensor, grad, state),
                }
            }

            fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
                <$optimizer>::to_device(state, device)
            }
        }
    };
}

fused!(burn::optim::Adam, AdamState);
fused!(burn::optim::AdamW, AdamWState);

/// Parameter and gradient, and the state before the step: what Burn's optimizer is to go on with.
type Untouched<S, const D: usize> = ([Tensor<D>; 2], Option<S>);

impl<O> Fused<O> {
    #[allow(clippy::result_large_err)]
    fn fused_step<S: Moments<D> + RecordState, const D: usize>(
        &self,
        rate: LearningRate,
        [tensor, grad]: [Tensor<D>; 2],
        state: Option<S>,
    ) -> Result<(Tensor<D>, S), Untouched<S, D>> {
        let first = state.is_none();
        let (time, [moment_1, moment_2]) = match state {
            Some(state) => {
                let momentum = state.unwrap();
                if momentum.max_moment_2.is_some() {
                    // Somebody's AMSGrad.
                    return Err(([tensor, grad], Some(S::wrap(momentum))));
                }
                (momentum.time, [momentum.moment_1, momentum.moment_2])
            }
            None => (0, [Tensor::zeros_like(&tensor), Tensor::zeros_like(&tensor)]),
        };
        let update = AdamUpdate {
            rate,
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            epsilon: self.epsilon,
            penalty: self.penalty,
            decay: self.decay,
            time: time + 1,
        };
        match update.apply([tensor, grad, moment_1, moment_2]) {
            Ok([tensor, moment_1, moment_2]) => {
                let momentum = AdaptiveMomentumState::new(time + 1, moment_1, moment_2);
                Ok((tensor, S::wrap(momentum)))
            }
            Err([tensor, grad, moment_1, moment_2]) => {
                let momentum = AdaptiveMomentumState::new(time, moment_1, moment_2);
                Err(([tensor, grad], (!first).then(|| S::wrap(momentum))))
            }
        }
    }
}
