//! A large batch in parts that fit the cache.

use burn::tensor::Tensor;

/// Values that a map may have, of all pictures of a part together: 20 MB, which a last-level cache holds beside the map that is
/// made of it. Of `EfficientNet-B0` at 224×224, 4 pictures at a time take 60 % of the time that 32 take.
const PART_VALUES: usize = 5_000_000;

/// Runs `pass`, a forward pass without learning, on a few pictures after the other where our kernels compute it, and puts their
/// answers together again.
///
/// A map that is written and read again from memory costs more than the product that makes it; smaller parts stay in the cache. With
/// learning, or on other devices, all pictures go through at once. A picture's answer must not depend on its neighbours, as with all
/// layers that are not learning.
///
/// `largest_map` is the number of values of the largest map between two layers, for one picture.
///
/// # Shapes
/// - `images`: `[batch, channels, height, width]`
/// - what `pass` is given: some of the pictures; what it answers: one row, map, … for each of them
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_kernels::in_parts;
///
/// let images = Tensor::<4>::ones([5, 1, 2, 2], &Device::flex());
/// let most = std::cell::Cell::new(0);
/// let sums = in_parts(images, 2_500_000, |images| {
///     most.set(most.get().max(images.dims()[0]));
///     images.flatten::<2>(1, 3).sum_dim(1)
/// });
/// assert_eq!(sums.into_data().try_to_vec::<f32>()?, [4.0; 5]);
/// assert!(most.get() <= 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn in_parts<const D: usize>(
    images: Tensor<4>,
    largest_map: usize,
    pass: impl Fn(Tensor<4>) -> Tensor<D>,
) -> Tensor<D> {
    #[cfg(feature = "flex")]
    {
        let batch = images.dims()[0];
        let most = (PART_VALUES / largest_map.max(1)).max(1);
        let takes_parts = !images.device().is_autodiff() && crate::conv2d::is_ours(&images);
        if batch > most && takes_parts {
            // Parts of about the same size.
            let size = batch.div_ceil(batch.div_ceil(most));
            let part = |first| pass(images.clone().narrow(0, first, size.min(batch - first)));
            return Tensor::cat((0..batch).step_by(size).map(part).collect(), 0);
        }
    }
    let _ = largest_map;
    pass(images)
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use burn::tensor::Device;
    use std::cell::RefCell;

    /// The sizes of the parts that a batch goes through in.
    fn parts(batch: usize, largest_map: usize, device: &Device) -> Vec<usize> {
        let images = Tensor::<1, burn::tensor::Int>::arange(0..batch as i64, device).float();
        let images = images.reshape([batch, 1, 1, 1]);
        let sizes = RefCell::new(Vec::new());
        let answer = in_parts(images.clone(), largest_map, |images| {
            sizes.borrow_mut().push(images.dims()[0]);
            images * 2.0
        });
        assert_eq!((images * 2.0).into_data(), answer.into_data(), "every picture in its place");
        sizes.into_inner()
    }

    #[test]
    fn parts_are_about_equal_and_in_order() {
        let device = Device::flex();
        assert_eq!(parts(32, PART_VALUES / 4, &device), [4; 8]);
        assert_eq!(parts(9, PART_VALUES / 8, &device), [5, 4]);
        assert_eq!(parts(8, PART_VALUES / 8, &device), [8]);
        // A map that is larger than all: one picture at a time.
        assert_eq!(parts(3, 2 * PART_VALUES, &device), [1; 3]);
        assert_eq!(parts(3, 0, &device), [3]);
        assert_eq!(parts(0, PART_VALUES, &device), [0]);
    }

    #[test]
    fn what_learns_stays_whole() {
        assert_eq!(parts(9, PART_VALUES, &Device::flex().autodiff()), [9]);
    }

    #[test]
    fn burns_own_operations_stay_whole() {
        crate::without_kernels(|| assert_eq!(parts(9, PART_VALUES, &Device::flex()), [9]));
    }
}
