//! The convolution as an operation of Burn's backends, with its hand-written backward pass.
//!
//! `#[backend_extension]` implements the trait for Burn's `Dispatch`: a call with dispatch tensors goes to
//! `Flex`, or to `Autodiff<Flex, _>` where a tensor lives on an autodiff device.

use burn::backend::autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, backend_extension};

use crate::kernel::Convolution;
use crate::primitive::{filter, gradients};

/// What the public function checked: the sizes fit, the tensors are `f32`.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait KernelBackend: Backend {
    /// Convolution without bias.
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self>;

    /// Convolution with bias.
    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self>;
}

impl KernelBackend for Flex {
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self> {
        filter(&convolution, x, weight, None)
    }

    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self> {
        filter(&convolution, x, weight, Some(bias))
    }
}

/// Backward pass of a convolution whose parents are input, weight and, where there is one, bias.
#[derive(Debug)]
struct Conv2dBackward;

/// Input and weight are kept by node, so that gradient checkpointing may recompute them.
type State = (NodeId, NodeId, Convolution);

impl<const N: usize> Backward<Flex, N> for Conv2dBackward {
    type State = State;

    fn backward(self, ops: Ops<State, N>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let (x, weight, convolution) = ops.state;
        let output_gradient = grads.consume::<Flex>(&ops.node);
        let x = checkpointer.retrieve_node_output::<FloatTensor<Flex>>(x);
        let weight = checkpointer.retrieve_node_output::<FloatTensor<Flex>>(weight);
        let wanted = [0, 1, 2].map(|parent| ops.parents.get(parent).is_some_and(Option::is_some));
        let gradients = gradients(&convolution, x, weight, output_gradient, wanted);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> KernelBackend for Autodiff<Flex, C> {
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self> {
        match Conv2dBackward.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&x), prep.checkpoint(&weight), convolution.clone());
                let output =
                    filter(&convolution, x.into_primitive(), weight.into_primitive(), None);
                prep.finish(state, output)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(filter(&convolution, x.into_primitive(), weight.into_primitive(), None))
            }
        }
    }

    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self> {
        match Conv2dBackward
            .prepare::<C>([x.node(), weight.node(), bias.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&x), prep.checkpoint(&weight), convolution.clone());
                let bias = Some(bias.into_primitive());
                let output =
                    filter(&convolution, x.into_primitive(), weight.into_primitive(), bias);
                prep.finish(state, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(filter(
                &convolution,
                x.into_primitive(),
                weight.into_primitive(),
                Some(bias.into_primitive()),
            )),
        }
    }
}
