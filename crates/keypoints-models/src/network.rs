//! What all networks, and their settings, have in common.

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
    /// network is its backbone.
    fn head(&self) -> &'static str {
        "head"
    }

    /// What weight files call a parameter, by its path in the module (`head.weight`, with the names that PyTorch gives
    /// to the parameters of a layer).
    fn weight_name(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// What a program must know of a network's settings before there is a network.
pub trait NetworkSettings {
    /// Width and height, in pixels, that the network works at.
    fn image_side(&self) -> usize;

    /// Whether the network takes that side when it is [told to](KeypointNetwork::set_image_side).
    fn takes_side(&self, _side: usize) -> bool {
        false
    }

    /// Whether the network brings pictures of `picture` pixels width to `side`. Most average whole squares of pixels, so that
    /// `side` must divide the width.
    fn scales(&self, picture: usize, side: usize) -> bool {
        side > 0 && picture.is_multiple_of(side)
    }

    /// Whether the answers are places on the picture, x before y, in −1..1 from its first pixel to its last, as those of
    /// heat maps are, instead of numbers of any unit.
    fn answers_in_places(&self) -> bool {
        false
    }
}
