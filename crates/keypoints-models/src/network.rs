//! What all networks have in common.

use burn::tensor::Tensor;

/// A network that answers a batch of faces with a batch of coordinates.
pub trait KeypointNetwork {
    /// Predicts the coordinates of a batch of faces.
    ///
    /// # Shapes
    /// - `images`: `[batch, 1, side, side]`, grey values in `0..=1`
    /// - output: `[batch, outputs]`
    fn forward(&self, images: Tensor<4>) -> Tensor<2>;
}
