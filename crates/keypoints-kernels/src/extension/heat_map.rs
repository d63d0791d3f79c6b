//! Means of heat maps and their divergence from bells.

use burn::backend::autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, backend_extension};

use crate::primitive::{divergences, divergences_back, means, means_back};

#[backend_extension(Flex, Autodiff)]
pub(crate) trait HeatMapBackend: Backend {
    /// Mean column and row of each map.
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Divergence of each map from a bell around its centre, which has no gradient.
    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self>;
}

impl HeatMapBackend for Flex {
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self> {
        means(maps)
    }

    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self> {
        divergences(maps, centres, spread)
    }
}

/// The maps are kept by node, so that gradient checkpointing may recompute them.
#[derive(Debug)]
struct MeansBackward;

impl Backward<Flex, 1> for MeansBackward {
    type State = NodeId;

    fn backward(self, ops: Ops<NodeId, 1>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let maps = checkpointer.retrieve_node_output::<FlexTensor>(ops.state);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, means_back(maps, gradient));
        }
    }
}

#[derive(Debug)]
struct DivergencesBackward;

impl Backward<Flex, 1> for DivergencesBackward {
    type State = (NodeId, FlexTensor, f32);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let (maps, centres, spread) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node);
        let maps = checkpointer.retrieve_node_output::<FlexTensor>(maps);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, divergences_back(maps, centres, spread, gradient));
        }
    }
}

impl<C: CheckpointStrategy> HeatMapBackend for Autodiff<Flex, C> {
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self> {
        match MeansBackward.prepare::<C>([maps.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let node = prep.checkpoint(&maps);
                prep.finish(node, means(maps.into_primitive()))
            }
            OpsKind::UnTracked(prep) => prep.finish(means(maps.into_primitive())),
        }
    }

    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self> {
        let centres = centres.into_primitive();
        match DivergencesBackward.prepare::<C>([maps.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let node = prep.checkpoint(&maps);
                let output = divergences(maps.into_primitive(), centres.clone(), spread);
                prep.finish((node, centres, spread), output)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(divergences(maps.into_primitive(), centres, spread))
            }
        }
    }
}
