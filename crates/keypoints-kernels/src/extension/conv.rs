//! The convolution, with a ReLU behind it or without.

use burn::backend::autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, NodeGuard, Ops, OpsKind},
};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, backend_extension};

use crate::kernel::Convolution;
use crate::primitive::{filter, gradients, masked};

/// What the public function checked: the sizes fit, the tensors are `f32`.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait ConvBackend: Backend {
    /// Convolution without bias.
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self>;

    /// Convolution with bias.
    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self>;
}

impl ConvBackend for Flex {
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        filter(&convolution, x, weight, None, rectify)
    }

    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        filter(&convolution, x, weight, Some(bias), rectify)
    }
}

/// Backward pass of a convolution whose parents are input, weight and, where there is one, bias.
#[derive(Debug)]
struct Conv2dBackward;

/// Input and weight are kept by node, so that gradient checkpointing may recompute them; the output where a
/// ReLU made it.
type State = (NodeId, NodeId, Option<FlexTensor>, Convolution);

impl<const N: usize> Backward<Flex, N> for Conv2dBackward {
    type State = State;

    fn backward(self, ops: Ops<State, N>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let (x, weight, output, convolution) = ops.state;
        let mut gradient = grads.consume::<Flex>(&ops.node);
        if let Some(output) = output {
            gradient = masked(gradient, &output);
        }
        let x = checkpointer.retrieve_node_output::<FloatTensor<Flex>>(x);
        let weight = checkpointer.retrieve_node_output::<FloatTensor<Flex>>(weight);
        let wanted = [0, 1, 2].map(|parent| ops.parents.get(parent).is_some_and(Option::is_some));
        let gradients = gradients(&convolution, x, weight, gradient, wanted);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

/// A tensor of the graph, the same with and without gradient checkpointing.
type Tracked = FloatTensor<Autodiff<Flex>>;

/// The convolution on an autodiff device; `parents` are the nodes of input, weight and, where there is one, bias.
fn tracked<C: CheckpointStrategy, const N: usize>(
    parents: [NodeGuard; N],
    x: Tracked,
    weight: Tracked,
    bias: Option<Tracked>,
    convolution: Convolution,
    rectify: bool,
) -> Tracked {
    let run = |x: Tracked, weight: Tracked| {
        let bias = bias.map(Tracked::into_primitive);
        filter(&convolution, x.into_primitive(), weight.into_primitive(), bias, rectify)
    };
    match Conv2dBackward.prepare::<C>(parents).compute_bound().stateful() {
        OpsKind::Tracked(mut prep) => {
            let nodes = (prep.checkpoint(&x), prep.checkpoint(&weight));
            let output = run(x, weight);
            let kept = rectify.then(|| output.clone());
            prep.finish((nodes.0, nodes.1, kept, convolution), output)
        }
        OpsKind::UnTracked(prep) => prep.finish(run(x, weight)),
    }
}

impl<C: CheckpointStrategy> ConvBackend for Autodiff<Flex, C> {
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        tracked::<C, 2>([x.node(), weight.node()], x, weight, None, convolution, rectify)
    }

    fn kernel_conv2d_bias(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        let parents = [x.node(), weight.node(), bias.node()];
        tracked::<C, 3>(parents, x, weight, Some(bias), convolution, rectify)
    }
}
