//! Squeeze-and-excitation.

use super::*;
use crate::primitive::{SqueezePast, squeeze, squeeze_back};

#[backend_extension(Flex, Autodiff)]
pub(crate) trait GateBackend: Backend {
    /// Maps times gates that a SiLU layer and a sigmoid layer make of the maps' means.
    fn kernel_squeeze(
        x: FloatTensor<Self>,
        weight_1: FloatTensor<Self>,
        bias_1: FloatTensor<Self>,
        weight_2: FloatTensor<Self>,
        bias_2: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl GateBackend for Flex {
    fn kernel_squeeze(
        x: FloatTensor<Self>,
        weight_1: FloatTensor<Self>,
        bias_1: FloatTensor<Self>,
        weight_2: FloatTensor<Self>,
        bias_2: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        squeeze([x, weight_1, bias_1, weight_2, bias_2]).0
    }
}

/// Parents are maps, first weight and bias, second weight and bias.
#[derive(Debug)]
struct SqueezeBackward;

#[derive(Clone, Debug)]
struct State {
    /// Of maps and weights.
    nodes: [NodeId; 3],
    past: SqueezePast,
}

impl Backward<Flex, 5> for SqueezeBackward {
    type State = State;

    fn backward(self, ops: Ops<State, 5>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let State { nodes, past } = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node);
        let inputs = nodes.map(|node| checkpointer.retrieve_node_output::<FlexTensor>(node));
        let gradients = squeeze_back(inputs, &past, gradient);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(node) = parent {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> GateBackend for Autodiff<Flex, C> {
    fn kernel_squeeze(
        x: FloatTensor<Self>,
        weight_1: FloatTensor<Self>,
        bias_1: FloatTensor<Self>,
        weight_2: FloatTensor<Self>,
        bias_2: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let all = [x, weight_1, bias_1, weight_2, bias_2];
        let parents = all.each_ref().map(|one| one.node());
        match SqueezeBackward.prepare::<C>(parents).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let nodes = [&all[0], &all[1], &all[3]].map(|one| prep.checkpoint(one));
                let (output, past) = squeeze(all.map(|one| one.into_primitive()));
                prep.finish(State { nodes, past }, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(squeeze(all.map(|one| one.into_primitive())).0),
        }
    }
}
