//! Operations on one tensor whose way back looks at that tensor again.

use std::fmt::Debug;
use std::marker::PhantomData;

use super::*;

/// Such an operation, with what else it needs.
pub(super) trait Unary: Clone + Debug + Send + 'static {
    fn forward(&self, x: FlexTensor) -> FlexTensor;

    /// The gradient of `x` from the output's.
    fn back(&self, x: FlexTensor, gradient: FlexTensor) -> FlexTensor;
}

#[derive(Debug)]
struct UnaryBackward<O>(PhantomData<O>);

impl<O: Unary> Backward<Flex, 1> for UnaryBackward<O> {
    type State = (NodeId, O);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let (x, operation) = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node);
        let x = checkpointer.retrieve_node_output::<FlexTensor>(x);
        if let [Some(node)] = ops.parents {
            grads.register::<Flex>(node.id, operation.back(x, gradient));
        }
    }
}

/// The operation on an autodiff device.
pub(super) fn tracked<C: CheckpointStrategy>(x: Tracked, operation: impl Unary) -> Tracked {
    match UnaryBackward(PhantomData).prepare::<C>([x.node()]).compute_bound().stateful() {
        OpsKind::Tracked(mut prep) => {
            let node = prep.checkpoint(&x);
            let output = operation.forward(x.into_primitive());
            prep.finish((node, operation), output)
        }
        OpsKind::UnTracked(prep) => prep.finish(operation.forward(x.into_primitive())),
    }
}
