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

    /// The heat maps that [`forward`](KeypointNetwork::forward) reads its answers from, not yet normalised; `None` of
    /// a network that draws none. [`heat_map_places`](crate::compact::heat_map_places) reads them.
    ///
    /// # Shapes
    /// - `images`: as above
    /// - output: `[batch, maps, cells, cells]`, one map per pair of outputs
    fn heat_maps(&self, _images: Tensor<4>) -> Option<Tensor<4>> {
        None
    }

    /// Lets the network look at pictures at another side length from now on, with the same weights and answers that mean
    /// the same. `false`, and nothing changes, where its weights fit one size only or it cannot work at that one.
    fn set_image_side(&mut self, _side: usize) -> bool {
        false
    }

    /// The field that makes the answers of the features, and is replaced where other answers are wanted. The rest of the
    /// network is its trunk.
    fn head(&self) -> &'static str {
        "head"
    }

    /// What weight files call a parameter, by its path in the module (`head.weight`, with the names that PyTorch gives
    /// to the parameters of a layer).
    fn weight_name(&self, path: &str) -> String {
        path.to_owned()
    }
}
