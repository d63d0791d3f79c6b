//! Activations by themselves.

use burn::backend::autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, backend_extension};

use crate::kernel::activation::Activation;
use crate::primitive::{activate, activate_back};

#[backend_extension(Flex, Autodiff)]
pub(crate) trait ActivationBackend: Backend {
    /// The activation of every value.
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;
}

impl ActivationBackend for Flex {
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        activate(activation, x)
    }
}

#[derive(Debug)]
struct ActivationBackward;

impl Backward<Flex, 1> for ActivationBackward {
    type State = (NodeId, Activation);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let (x, activation) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node);
        let x = checkpointer.retrieve_node_output::<FlexTensor>(x);
        let [parent] = ops.parents;
        if let Some(node) = parent {
            grads.register::<Flex>(node.id, activate_back(activation, x, gradient));
        }
    }
}

impl<C: CheckpointStrategy> ActivationBackend for Autodiff<Flex, C> {
    fn kernel_activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        match ActivationBackward.prepare::<C>([x.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let node = prep.checkpoint(&x);
                prep.finish((node, activation), activate(activation, x.into_primitive()))
            }
            OpsKind::UnTracked(prep) => prep.finish(activate(activation, x.into_primitive())),
        }
    }
}
