//! The convolution, with a ReLU behind it or without.

use super::*;
use crate::kernel::Convolution;
use crate::primitive::{filter, gradients, masked};

/// What the public function checked: the sizes fit, the tensors are `f32`.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait ConvBackend: Backend {
    /// Convolution, plus the bias where there is one, then a ReLU with `rectify`.
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        #[extension_type] bias: Optional<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self>;
}

impl ConvBackend for Flex {
    fn kernel_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Optional<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        filter(&convolution, x, weight, bias.get(), rectify)
    }
}

/// Backward pass of a convolution whose parents are input, weight and, where there is one, bias.
#[derive(Debug)]
struct Conv2dBackward;

/// Nodes of input and weight; the output where a ReLU made it.
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
        bias: Optional<Self>,
        convolution: Convolution,
        rectify: bool,
    ) -> FloatTensor<Self> {
        let (of_x, of_weight) = (x.node(), weight.node());
        match bias.get() {
            None => tracked::<C, 2>([of_x, of_weight], x, weight, None, convolution, rectify),
            Some(bias) => {
                let nodes = [of_x, of_weight, bias.node()];
                tracked::<C, 3>(nodes, x, weight, Some(bias), convolution, rectify)
            }
        }
    }
}
