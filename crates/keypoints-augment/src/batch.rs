//! What a network is trained with in one step.

use burn::tensor::Tensor;

/// Augmented faces and their labels.
#[derive(Clone, Debug)]
pub struct AugmentedBatch {
    /// `[faces, channels, side, side]`, values in `0..=1`.
    pub images: Tensor<4>,
    /// `[faces, coordinates]`, in the network's units; 0 where there is no label.
    pub values: Tensor<2>,
    /// `[faces, coordinates]`, 1 where there is a label and 0 where there is none, or none any more.
    pub mask: Tensor<2>,
    /// How many labels there are.
    pub labels: usize,
}
