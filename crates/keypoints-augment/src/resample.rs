//! Pixels moved along the maps of their faces, where they lie.

use std::ops::Range;

use burn::tensor::ops::{GridSampleOptions, GridSamplePaddingMode, InterpolateMode};
use burn::tensor::{Bool, Device, Tensor, TensorData};
use rayon::prelude::*;

use super::config::AugmentConfig;
use super::elastic::{basis, control_points};
use super::frame::Frame;
use super::warp::Warp;
use crate::error::AugmentError;

/// Looks up every pixel of a batch of warped faces in the faces themselves: once, with bilinear
/// interpolation, edge pixels repeated beyond the edge.
///
/// On a GPU, by Burn's `grid_sample_2d`. On the CPU that computes in f64 with library calls and takes several times
/// as long as a loop over the pixels, which are in the host's memory anyway.
///
/// Before the division by the depth, the place to look at is a linear function of x, y and the field's
/// control points at that pixel. What multiplies them is the same for all faces and stays on the device.
#[derive(Clone, Debug)]
pub(super) struct Resampler {
    /// `-1..=1` from the first column to the last, `[1, 1, side, 1]`.
    across: Tensor<4>,
    /// `-1..=1` from the first row to the last, `[1, side, 1, 1]`.
    down: Tensor<4>,
    /// How much each control point counts, `[1, side², control points]`.
    basis: Option<Tensor<3>>,
    has_depth: bool,
}

impl Resampler {
    pub(super) fn new(config: &AugmentConfig, frame: Frame, device: &Device) -> Self {
        let side = frame.side;
        let line: Vec<f32> =
            (0..side).map(|pixel| 2.0 * pixel as f32 / (side - 1) as f32 - 1.0).collect();
        let grid = config.elastic.grid;
        let has_field = config.elastic.amplitude != 0.0;
        Self {
            across: tensor(line.clone(), [1, 1, side, 1], device),
            down: tensor(line, [1, side, 1, 1], device),
            basis: has_field.then(|| {
                tensor(basis(frame, grid), [1, frame.area(), control_points(grid)], device)
            }),
            has_depth: config.perspective != 0.0,
        }
    }

    /// # Shapes
    /// - input, output: `[faces, channels, side, side]`, one warp per face
    ///
    /// # Errors
    /// [`AugmentError::Device`] if the CPU's images cannot be read.
    pub(super) fn warp(
        &self,
        images: Tensor<4>,
        warps: &[&Warp],
    ) -> Result<Tensor<4>, AugmentError> {
        if is_cpu(&images.device()) {
            on_host(images, warps, Warp::resample_into)
        } else {
            Ok(self.warp_there(images, warps))
        }
    }

    fn warp_there(&self, images: Tensor<4>, warps: &[&Warp]) -> Tensor<4> {
        let place = self.rows(warps, 0..2);
        let place = if self.has_depth { place / self.rows(warps, 2..3) } else { place };
        let options = GridSampleOptions::new(InterpolateMode::Bilinear)
            .with_padding_mode(GridSamplePaddingMode::Border)
            .with_align_corners(true);
        images.grid_sample_2d(place, options)
    }

    /// Some rows of each face's matrix times `(x, y, 1)` of every pixel, the field added to `(x, y)`:
    /// `[faces, side, side, rows]`.
    ///
    /// The matrix is multiplied out by hand: in matrix products GPUs may round the factors to ten bits, a twentieth of
    /// a pixel.
    fn rows(&self, warps: &[&Warp], rows: Range<usize>) -> Tensor<4> {
        let (faces, width, device) = (warps.len(), rows.len(), self.across.device());
        let matrices: Vec<[[f64; 3]; 3]> = warps.iter().map(|warp| warp.backward()).collect();
        let column = |column: usize| {
            let cells = matrices.iter().flat_map(|matrix| &matrix[rows.clone()]);
            let cells = cells.map(|row| row[column] as f32).collect();
            tensor(cells, [faces, 1, 1, width], &device)
        };
        let sum = self.across.clone() * column(0) + (self.down.clone() * column(1) + column(2));
        let Some(basis) = &self.basis else { return sum };
        let mut pushes = Vec::new();
        for (warp, matrix) in warps.iter().zip(&matrices) {
            for [x, y] in warp.elastic().into_iter().flat_map(|field| field.centred()) {
                pushes.extend(
                    matrix[rows.clone()].iter().map(|row| (row[0] * x + row[1] * y) as f32),
                );
            }
        }
        let points = basis.dims()[2];
        // Displacements are small: ten bits of them are exact enough.
        let field = basis.clone().matmul(tensor(pushes, [faces, points, width], &device));
        let side = self.across.dims()[2];
        sum + field.reshape([faces, side, side, width])
    }
}

/// Fills each face anew from its old pixels.
fn on_host(
    images: Tensor<4>,
    warps: &[&Warp],
    fill: impl Fn(&Warp, &[f32], &mut [f32]) + Sync,
) -> Result<Tensor<4>, AugmentError> {
    let (shape, device) = (images.dims(), images.device());
    let values = shape[1..].iter().product();
    let source = numbers(images)?;
    let mut target = vec![0.0; source.len()];
    target
        .par_chunks_exact_mut(values)
        .zip(source.par_chunks_exact(values))
        .zip(warps)
        .for_each(|((target, source), warp)| fill(warp, source, target));
    Ok(tensor(target, shape, &device))
}

/// Whether a device computes in the host's memory.
fn is_cpu(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    return *device == Device::flex();
    #[cfg(not(feature = "flex"))]
    return {
        let _ = device;
        false
    };
}

/// Mirrors the faces whose warp flips, and touches no other: for warps that do nothing else.
///
/// # Errors
/// [`AugmentError::Device`] if the CPU's images cannot be read.
pub(super) fn flip(images: Tensor<4>, warps: &[&Warp]) -> Result<Tensor<4>, AugmentError> {
    if !is_cpu(&images.device()) {
        return Ok(flip_there(images, warps));
    }
    let side = images.dims()[3];
    on_host(images, warps, |warp, source, target| {
        target.copy_from_slice(source);
        if warp.flips() {
            target.chunks_exact_mut(side).for_each(<[f32]>::reverse);
        }
    })
}

fn flip_there(images: Tensor<4>, warps: &[&Warp]) -> Tensor<4> {
    let flips: Vec<bool> = warps.iter().map(|warp| warp.flips()).collect();
    let flips = TensorData::new(flips, [warps.len(), 1, 1, 1]);
    let flips = Tensor::<4, Bool>::from_data(flips, &images.device()).expand(images.dims());
    images.clone().mask_where(flips, images.flip([3]))
}

/// A tensor's numbers, fetched to the host.
pub(super) fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, AugmentError> {
    let data = tensor.try_into_data().map_err(AugmentError::device)?;
    data.convert::<f32>().try_into_vec().map_err(AugmentError::device)
}

/// Numbers of the host as a tensor.
pub(super) fn tensor<const D: usize>(
    values: Vec<f32>,
    shape: [usize; D],
    device: &Device,
) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

#[cfg(test)]
mod tests;
