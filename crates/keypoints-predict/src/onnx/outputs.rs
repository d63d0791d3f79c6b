//! What a traced forward pass may return.

use burn::tensor::Tensor;
use burn_onnx::export::ExportOutput;

/// What a traced forward pass may return: a tensor of floats, or a vector or pair of such.
pub trait TracedOutput: ExportOutput {
    /// The shapes of all tensors, in order.
    fn shapes(&self) -> Vec<Vec<usize>>;
}

impl<const D: usize> TracedOutput for Tensor<D> {
    fn shapes(&self) -> Vec<Vec<usize>> {
        vec![self.dims().to_vec()]
    }
}

impl<T: TracedOutput> TracedOutput for Vec<T> {
    fn shapes(&self) -> Vec<Vec<usize>> {
        self.iter().flat_map(T::shapes).collect()
    }
}

impl<A: TracedOutput, B: TracedOutput> TracedOutput for (A, B) {
    fn shapes(&self) -> Vec<Vec<usize>> {
        [self.0.shapes(), self.1.shapes()].concat()
    }
}
