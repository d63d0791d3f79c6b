//! Halving feature maps; doubling them and adding others.

use super::*;
use crate::primitive::{double_add, double_back, halve, halve_back, masked};

/// Even heights and widths.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait MapsBackend: Backend {
    /// The mean of every 2×2 pixels.
    fn kernel_halve(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// ReLU of the fine maps plus the coarse ones, each cell of which covers 2×2 pixels.
    fn kernel_double_add(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl MapsBackend for Flex {
    fn kernel_halve(x: FloatTensor<Self>) -> FloatTensor<Self> {
        halve(x)
    }

    fn kernel_double_add(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self> {
        double_add(coarse, fine)
    }
}

#[derive(Debug)]
struct HalveBackward;

impl Backward<Flex, 1> for HalveBackward {
    type State = ();

    fn backward(self, ops: Ops<(), 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let [parent] = ops.parents;
        if let Some(node) = parent {
            grads.register::<Flex>(node.id, halve_back(gradient));
        }
    }
}

#[derive(Debug)]
struct DoubleAddBackward;

impl Backward<Flex, 2> for DoubleAddBackward {
    /// The output, where there is one to look at.
    type State = FlexTensor;

    fn backward(self, ops: Ops<FlexTensor, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = masked(grads.consume::<Flex>(&ops.node), &ops.state);
        let [coarse, fine] = ops.parents;
        if let Some(node) = coarse {
            grads.register::<Flex>(node.id, double_back(&gradient));
        }
        if let Some(node) = fine {
            grads.register::<Flex>(node.id, gradient);
        }
    }
}

impl<C: CheckpointStrategy> MapsBackend for Autodiff<Flex, C> {
    fn kernel_halve(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = HalveBackward.prepare::<C>([x.node()]).compute_bound();
        prep.stateless(halve(x.into_primitive()))
    }

    fn kernel_double_add(coarse: FloatTensor<Self>, fine: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = DoubleAddBackward.prepare::<C>([coarse.node(), fine.node()]);
        let output = double_add(coarse.into_primitive(), fine.into_primitive());
        match prep.compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(output.clone(), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}
