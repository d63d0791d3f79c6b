//! What all networks, and their settings, have in common.

use burn::tensor::Tensor;
use keypoints_core::PictureShape;

/// A network that predicts the coordinates of a batch of pictures.
pub trait KeypointNetwork {
    /// Predicts the coordinates of a batch of pictures.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, side, side]`, values in `0..=1`
    /// - output: `[batch, outputs]`
    fn forward(&self, images: Tensor<4>) -> Tensor<2>;

    /// The heat maps that [`forward`](KeypointNetwork::forward) reads its outputs from, before the softmax; `None` for
    /// a network without heat maps. [`heat_map_places`](crate::compact::heat_map_places) reads them.
    ///
    /// # Shapes
    /// - `images`: as above
    /// - output: `[batch, maps, cells, cells]`, one map per pair of outputs
    fn heat_maps(&self, _images: Tensor<4>) -> Option<Tensor<4>> {
        None
    }

    /// Sets the input side length in pixels. Returns `false` and changes nothing if the network cannot work at that size.
    fn set_image_side(&mut self, _side: usize) -> bool {
        false
    }

    /// The field that makes the outputs from the features, and is replaced where other outputs are wanted. The rest of the
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

    /// Sets the number of channels and, unless the settings name one, the side that the network works at, for pictures of
    /// this shape.
    fn set_pictures(&mut self, shape: PictureShape);

    /// Whether the network takes that side from [`KeypointNetwork::set_image_side`].
    fn takes_side(&self, _side: usize) -> bool {
        false
    }

    /// Whether the network brings pictures of `picture` pixels width to `side`. Most average whole squares of pixels, so
    /// `side` must divide the width.
    fn scales(&self, picture: usize, side: usize) -> bool {
        side > 0 && picture.is_multiple_of(side)
    }

    /// Whether outputs are normalised coordinates in −1..1, x before y, as those of heat maps are.
    fn answers_in_places(&self) -> bool {
        false
    }
}
