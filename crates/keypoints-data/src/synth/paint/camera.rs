//! Lens and sensor: blur, exposure, noise.

use super::super::draw::Draw;
use super::super::person::Shot;
use crate::synth::SIDE;

/// The widest blur that is drawn reaches this many pixels.
const REACH: usize = 6;

/// Turns light into 8-bit grey values.
pub(super) fn expose(mut picture: Vec<f32>, shot: &Shot, draw: &mut Draw) -> Vec<u8> {
    blur(&mut picture, shot.blur);
    let count = picture.len() as f32;
    let mean = picture.iter().sum::<f32>() / count;
    let variance = picture.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    // A nearly even picture is not stretched until its grain shows.
    let gain = shot.contrast / variance.sqrt().max(0.05);

    let mut grain = vec![0; 4 * picture.len()];
    draw.bytes(&mut grain);
    // Four bytes make a bell curve of standard deviation 147.8.
    let noise_scale = shot.noise / 147.8;
    picture
        .iter()
        .zip(grain.chunks_exact(4))
        .map(|(&value, bytes)| {
            let noise = bytes.iter().map(|&byte| f32::from(byte)).sum::<f32>() - 510.0;
            // The cast stops at 0 and 255.
            let grey = shot.brightness + gain * (value - mean) + noise_scale * noise;
            (grey + 0.5) as u8
        })
        .collect()
}

/// Gaussian blur, columns and rows one after the other; the edge pixels repeat beyond the edge.
fn blur(picture: &mut [f32], std: f32) {
    let mut kernel = [0.0; REACH + 1];
    let reach = ((3.0 * std).ceil() as usize).clamp(1, REACH);
    for (offset, weight) in kernel.iter_mut().enumerate().take(reach + 1) {
        *weight = (-0.5 * (offset as f32 / std).powi(2)).exp();
    }
    let total = kernel[0] + 2.0 * kernel[1..].iter().sum::<f32>();
    kernel.iter_mut().for_each(|weight| *weight /= total);

    let source = picture.to_vec();
    for (row, target) in picture.chunks_exact_mut(SIDE).enumerate() {
        target.fill(0.0);
        let mut add = |from: usize, weight: f32| {
            let line = &source[from * SIDE..][..SIDE];
            target.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
        };
        add(row, kernel[0]);
        for (offset, &weight) in kernel.iter().enumerate().take(reach + 1).skip(1) {
            add(row.saturating_sub(offset), weight);
            add((row + offset).min(SIDE - 1), weight);
        }
    }
    let mut padded = [0.0; SIDE + 2 * REACH];
    for line in picture.chunks_exact_mut(SIDE) {
        padded[..REACH].fill(line[0]);
        padded[REACH..][..SIDE].copy_from_slice(line);
        padded[REACH + SIDE..].fill(line[SIDE - 1]);
        for (column, target) in line.iter_mut().enumerate() {
            let at = REACH + column;
            *target = kernel[0] * padded[at]
                + (1..=reach)
                    .map(|offset| kernel[offset] * (padded[at - offset] + padded[at + offset]))
                    .sum::<f32>();
        }
    }
}
