//! Windows in another light.

use rand::{Rng, RngExt};

/// Changes the light of a window: from one side, gamma, contrast, brightness, grain.
pub(super) fn light(rng: &mut impl Rng, pixels: &mut [f32], side: usize) {
    if rng.random_bool(0.4) {
        let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
        let hard = rng.random_bool(0.5);
        let (strength, darkest) = (rng.random_range(0.0..0.9), rng.random_range(0.1..0.7));
        let (edge, softness): (f32, f32) =
            (rng.random_range(-0.2..0.2), rng.random_range(0.04..0.2));
        let place = |index: usize| index as f32 / side as f32 - 0.5;
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let along = place(at % side) * cos + place(at / side) * sin;
            // A shadow over one half, or light that falls off.
            *pixel *= match hard {
                true => darkest + (1.0 - darkest) / (1.0 + ((edge - along) / softness).exp()),
                false => 1.0 + along * strength,
            };
        }
    }
    if rng.random_bool(0.4) {
        let gamma = rng.random_range(-0.6f32..0.6).exp();
        pixels.iter_mut().for_each(|pixel| *pixel = pixel.max(0.0).powf(gamma));
    }
    let mean = pixels.iter().sum::<f32>() / pixels.len() as f32;
    let contrast = rng.random_range(-1.0f32..0.4).exp();
    let bright = (mean + rng.random_range(-0.3..0.3)).clamp(0.05, 0.95);
    let grain = if rng.random_bool(0.4) { rng.random_range(0.0..0.05) } else { 0.0 };
    for pixel in pixels {
        let noise = if grain > 0.0 { grain * normal(rng) } else { 0.0 };
        *pixel = ((*pixel - mean) * contrast + bright + noise).clamp(0.0, 1.0);
    }
}

/// Hides a part of a window behind a grey box, as a hand or a cup would.
pub(super) fn cover(rng: &mut impl Rng, pixels: &mut [f32], side: usize) {
    let [width, height] = [0; 2].map(|_| rng.random_range(side / 5..=side / 2));
    let [left, top] = [width, height].map(|size| rng.random_range(0..=side - size));
    let (grey, grain): (f32, f32) = (rng.random(), rng.random_range(0.0..0.2));
    for row in pixels.chunks_exact_mut(side).skip(top).take(height) {
        for pixel in &mut row[left..left + width] {
            *pixel = grey + grain * normal(rng);
        }
    }
}

/// A normally distributed number (Box and Muller, 1958).
fn normal(rng: &mut impl Rng) -> f32 {
    let (radius, angle): (f32, f32) = (rng.random_range(1e-7..1.0), rng.random());
    (-2.0 * radius.ln()).sqrt() * (std::f32::consts::TAU * angle).cos()
}
