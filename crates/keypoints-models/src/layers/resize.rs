//! Pictures brought to another size, smoothly.

use burn::tensor::{Device, Tensor, TensorData};

/// Resizes square pictures bilinearly, with antialiasing where they become smaller: what torchvision's
/// `Resize([side, side], antialias=True)` computes on tensors.
///
/// Each direction is a matrix product, so it runs wherever the network does, batch-wise, and gradients pass.
///
/// # Shapes
/// - `images`: `[batch, channels, any, any]`, square
/// - output: `[batch, channels, side, side]`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::layers::resize;
///
/// let images = Tensor::<4>::full([2, 1, 96, 96], 0.5, &Device::flex());
/// let large = resize(images, 224);
/// assert_eq!(large.dims(), [2, 1, 224, 224]);
/// assert!((large.mean().into_scalar::<f32>() - 0.5).abs() < 1e-6); // weights add up to 1
/// ```
pub fn resize(images: Tensor<4>, side: usize) -> Tensor<4> {
    let from = images.dims()[3];
    if from == side {
        return images;
    }
    let (down, device) = (resize_shares(from, side), images.device());
    // Turned here: burn-onnx 0.22 cannot write a transposed tensor.
    let across = (0..from).flat_map(|j| down.iter().skip(j).step_by(from).copied()).collect();
    let across = matrix(across, [from, side], &device);
    matrix(down, [side, from], &device).matmul(images.matmul(across))
}

fn matrix(values: Vec<f32>, [rows, columns]: [usize; 2], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values, [1, 1, rows, columns]), device)
}

/// The shares that the pixels of the input have in those of the output: `to` rows of `from` numbers.
fn resize_shares(from: usize, to: usize) -> Vec<f32> {
    let scale = from as f64 / to as f64;
    // A triangle over the two nearest pixels, as wide as an output pixel where that is wider.
    let reach = scale.max(1.0);
    let mut weights = vec![0.0_f32; to * from];
    for (i, row) in weights.chunks_mut(from).enumerate() {
        let centre = scale * (i as f64 + 0.5);
        let first = (centre - reach + 0.5).max(0.0) as usize;
        let end = ((centre + reach + 0.5) as usize).min(from);
        let share = |j: usize| (1.0 - ((j as f64 - centre + 0.5) / reach).abs()).max(0.0);
        let sum: f64 = (first..end).map(share).sum();
        for (j, weight) in row.iter_mut().enumerate().take(end).skip(first) {
            *weight = (share(j) / sum) as f32;
        }
    }
    weights
}

#[cfg(test)]
mod tests;
