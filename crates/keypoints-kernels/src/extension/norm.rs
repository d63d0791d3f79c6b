//! Batch norm with the batch's own statistics, and what comes behind it.

use super::*;
use crate::kernel::norm::{Norm, Then};
use crate::primitive::{NormPast, NormResult, normalise, normalise_back};

/// Output, mean and variance (over all values, not one fewer).
#[backend_extension(Flex, Autodiff)]
pub(crate) trait NormBackend: Backend {
    /// Norm, sum with a shortcut where there is one, then [`Norm::then`].
    fn kernel_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        #[extension_type] shortcut: Optional<Self>,
        norm: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl NormBackend for Flex {
    fn kernel_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        shortcut: Optional<Self>,
        norm: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let NormResult { output, mean, variance, .. } =
            normalise(norm, x, gamma, beta, shortcut.get());
        (output, mean, variance)
    }
}

/// Parents are input, gamma, beta and, where there is one, shortcut.
#[derive(Debug)]
struct NormBackward;

#[derive(Clone, Debug)]
struct State {
    norm: Norm,
    /// Of input, gamma and beta.
    nodes: [NodeId; 3],
    past: NormPast,
}

impl<const N: usize> Backward<Flex, N> for NormBackward {
    type State = State;

    fn backward(self, ops: Ops<State, N>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let State { norm, nodes, past } = ops.state;
        let gradient = grads.consume::<Flex>(&ops.node);
        let inputs = nodes.map(|node| checkpointer.retrieve_node_output::<FlexTensor>(node));
        let shortcut = ops.parents.get(3).is_some_and(Option::is_some);
        let gradients = normalise_back(norm, inputs, past, gradient, shortcut);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

/// The norm on an autodiff device.
fn tracked<C: CheckpointStrategy, const N: usize>(
    parents: [NodeGuard; N],
    [x, gamma, beta]: [Tracked; 3],
    shortcut: Option<Tracked>,
    norm: Norm,
) -> (Tracked, Tracked, Tracked) {
    let adds = shortcut.is_some();
    let run = |[x, gamma, beta]: [Tracked; 3]| {
        let shortcut = shortcut.map(Tracked::into_primitive);
        normalise(norm, x.into_primitive(), gamma.into_primitive(), beta.into_primitive(), shortcut)
    };
    let (output, mean, variance) =
        match NormBackward.prepare::<C>(parents).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let nodes = [&x, &gamma, &beta].map(|tensor| prep.checkpoint(tensor));
                let NormResult { output, chosen, mean, variance } = run([x, gamma, beta]);
                // Without a shortcut the input says where the ReLU let through.
                let kept = (adds && norm.then == Then::Relu).then(|| output.clone());
                let (mean_2, variance_2) = (mean.clone(), variance.clone());
                let past = NormPast { mean: mean_2, variance: variance_2, output: kept, chosen };
                (prep.finish(State { norm, nodes, past }, output), mean, variance)
            }
            OpsKind::UnTracked(prep) => {
                let NormResult { output, mean, variance, .. } = run([x, gamma, beta]);
                (prep.finish(output), mean, variance)
            }
        };
    (output, Tracked::new(mean), Tracked::new(variance))
}

impl<C: CheckpointStrategy> NormBackend for Autodiff<Flex, C> {
    fn kernel_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        shortcut: Optional<Self>,
        norm: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let inputs = [x, gamma, beta];
        let [of_x, of_gamma, of_beta] = inputs.each_ref().map(|input| input.node());
        match shortcut.get() {
            None => tracked::<C, 3>([of_x, of_gamma, of_beta], inputs, None, norm),
            Some(shortcut) => {
                let nodes = [of_x, of_gamma, of_beta, shortcut.node()];
                tracked::<C, 4>(nodes, inputs, Some(shortcut), norm)
            }
        }
    }
}
