//! Our operations as extensions of Burn's backends, with their hand-written backward passes.
//!
//! `#[backend_extension]` implements each trait for Burn's `Dispatch`: a call with dispatch tensors goes to
//! `Flex`, or to `Autodiff<Flex, _>` where a tensor lives on an autodiff device. The public functions have
//! checked what gets here: tensors are `f32` and their sizes fit. Inputs of backward passes are kept by node, so that
//! gradient checkpointing may recompute them.

mod activation;
mod conv;
mod gate;
mod heat_map;
mod inference;
mod maps;
mod norm;
mod optimizer;
mod unary;

pub(crate) use activation::ActivationBackend;
pub(crate) use conv::ConvBackend;
pub(crate) use gate::GateBackend;
pub(crate) use heat_map::HeatMapBackend;
pub(crate) use inference::InferenceBackend;
pub(crate) use maps::MapsBackend;
pub(crate) use norm::NormBackend;
pub(crate) use optimizer::OptimizerBackend;

// What the modules above take from Burn.
use burn::backend::autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, NodeGuard, Ops, OpsKind},
};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, ExtensionType, Flex, backend_extension};

/// A tensor of the graph, the same with and without gradient checkpointing.
type Tracked = FloatTensor<Autodiff<Flex>>;

/// A tensor, or none: `Option` does not go through Burn's dispatch.
#[derive(ExtensionType)]
pub(crate) enum Optional<B: Backend> {
    Without,
    With(FloatTensor<B>),
}

impl<B: Backend> Optional<B> {
    pub(crate) fn new(tensor: Option<FloatTensor<B>>) -> Self {
        tensor.map_or(Self::Without, Self::With)
    }

    fn get(self) -> Option<FloatTensor<B>> {
        match self {
            Self::Without => None,
            Self::With(tensor) => Some(tensor),
        }
    }
}
