//! Grey values changed on the device.

use burn::tensor::{Device, Tensor};
use keypoints_core::PictureShape;

use super::config::AugmentConfig;
use super::draw::standard_normal;
use super::resample::tensor;
use super::tone::Tone;

/// How many normal numbers there are for all noise, at least: each picture takes as many as it has values in a row, from
/// anywhere.
const NOISE: usize = 1 << 16;

/// The grey of cut-outs, and the one that contrast leaves as it is.
const MID_GREY: f64 = 0.5;

/// The steps of a config that change grey values in place.
#[derive(Clone, Debug)]
pub(super) struct ToneSteps {
    config: AugmentConfig,
    shape: PictureShape,
    /// Numbers of standard deviation 1; none where there is no noise.
    noise: Vec<f32>,
}

impl ToneSteps {
    pub(super) fn new(config: &AugmentConfig, shape: PictureShape) -> Self {
        let count = if config.noise == 0.0 { 0 } else { NOISE.max(2 * shape.bytes()) };
        Self { config: *config, shape, noise: standard_normal(count) }
    }

    /// # Shapes
    /// - input, output: `[faces, channels, side, side]`, values in `0..=1`, one tone per face
    pub(super) fn apply(&self, images: Tensor<4>, tones: &[&Tone]) -> Tensor<4> {
        let AugmentConfig { blur, gamma, contrast, brightness, cutout, .. } = self.config;
        let device = images.device();
        let per_face = |of: &dyn Fn(&Tone) -> f64| {
            let numbers = tones.iter().map(|tone| of(tone) as f32).collect();
            tensor(numbers, [tones.len(), 1, 1, 1], &device)
        };
        let mut images = images;
        if blur != 0.0 {
            images = blurred(images, tones);
        }
        if gamma != 1.0 {
            // The logarithm of black is none.
            images = (images.clamp(1e-6, 1.0).log() * per_face(&|tone| tone.gamma)).exp();
        }
        if contrast != 1.0 || brightness != 0.0 {
            let offset = |tone: &Tone| MID_GREY * (1.0 - tone.contrast) + tone.brightness;
            images = images * per_face(&|tone| tone.contrast) + per_face(&offset);
        }
        if !self.noise.is_empty() {
            let faces = tones.iter().flat_map(|tone| {
                let values = self.shape.bytes();
                let start = (tone.noise_start * (self.noise.len() - values) as f64) as usize;
                let factor = tone.noise as f32;
                self.noise[start..start + values].iter().map(move |one| one * factor)
            });
            let shape = images.dims();
            images = images + tensor(faces.collect(), shape, &device);
        }
        if contrast != 1.0 || brightness != 0.0 || !self.noise.is_empty() {
            images = images.clamp(0.0, 1.0);
        }
        if cutout.probability > 0.0 {
            let hole = holes(tones, self.shape.side, self.shape.pixels(cutout.size), &device);
            images = images.clone() + (-images + MID_GREY) * hole;
        }
        images
    }
}

/// Every face blurred by its own Gaussian, along rows and columns.
fn blurred(images: Tensor<4>, tones: &[&Tone]) -> Tensor<4> {
    let side = images.dims()[3];
    let kernels = tones.iter().flat_map(|tone| kernel(side, tone.blur)).collect();
    // The same for every channel of a picture.
    let kernels = tensor::<4>(kernels, [tones.len(), 1, side, side], &images.device());
    kernels.clone().matmul(images).matmul(kernels.swap_dims(2, 3))
}

/// How much each pixel of a row (column of the result) counts in each pixel of the blurred row (row of the
/// result), `[side, side]`. Edge pixels stand for all beyond the edge.
fn kernel(side: usize, deviation: f64) -> Vec<f32> {
    let reach = (4.0 * deviation).ceil() as i32;
    let weight = |distance: i32| {
        let steps = f64::from(distance) / deviation.max(1e-3);
        (-0.5 * steps * steps).exp()
    };
    let total: f64 = (-reach..=reach).map(weight).sum();
    let weights: Vec<f32> =
        (-reach..=reach).map(|distance| (weight(distance) / total) as f32).collect();
    let mut kernel = vec![0.0; side * side];
    for (pixel, row) in kernel.chunks_exact_mut(side).enumerate() {
        for (distance, weight) in (-reach..=reach).zip(&weights) {
            let from = (pixel as i32 + distance).clamp(0, side as i32 - 1);
            row[from as usize] += weight;
        }
    }
    kernel
}

/// 1 in the squares that are cut out, 0 elsewhere: `[faces, 1, side, side]`.
fn holes(tones: &[&Tone], side: usize, size: f64, device: &Device) -> Tensor<4> {
    let inside = |axis: usize| {
        let pixels = tones.iter().flat_map(move |tone| {
            let middle = tone.hole.map(|hole| hole[axis]);
            (0..side).map(move |pixel| {
                let off = middle.map_or(f64::MAX, |middle| (pixel as f64 - middle).abs());
                f32::from(u8::from(2.0 * off < size))
            })
        });
        pixels.collect::<Vec<f32>>()
    };
    let across = tensor(inside(0), [tones.len(), 1, 1, side], device);
    across * tensor(inside(1), [tones.len(), 1, side, 1], device)
}

#[cfg(test)]
mod tests;
