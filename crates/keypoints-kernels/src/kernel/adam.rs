//! Adam's update in one pass over parameter, gradient and both moments.

use rayon::prelude::*;

use super::SimdLevel;
use super::simd::{Vector, at_every_level};

/// Values per task.
const SHARE: usize = 64 * 1024;

/// One step's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdamStep {
    pub beta_1: f32,
    pub beta_2: f32,
    /// Times the parameter, added to the gradient.
    pub penalty: f32,
    /// What the parameter is multiplied with before the step.
    pub keep: f32,
    /// `learning rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ)`
    pub rate: f32,
    /// `epsilon · √(1 − β₂ᵗ)`
    pub epsilon: f32,
}

impl AdamStep {
    /// Updates the parameter and its moments, all of one length.
    pub(crate) fn apply(&self, parameter: &mut [f32], gradient: &[f32], moments: [&mut [f32]; 2]) {
        let level = SimdLevel::best();
        let [first, second] = moments;
        parameter
            .par_chunks_mut(SHARE)
            .zip(gradient.par_chunks(SHARE))
            .zip(first.par_chunks_mut(SHARE))
            .zip(second.par_chunks_mut(SHARE))
            .for_each(|(((parameter, gradient), first), second)| {
                // SAFETY: slices of any length will do.
                unsafe { step(level, self, parameter, gradient, first, second) }
            });
    }
}

at_every_level! {
    /// [`step_of`]
    fn step = step_of(
        step: &AdamStep, parameter: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32],
    );
}

/// A plain loop: the type parameter only says for which processor the compiler makes vectors of it.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
unsafe fn step_of<T: Vector>(
    step: &AdamStep,
    parameter: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
) {
    let AdamStep { beta_1, beta_2, penalty, keep, rate, epsilon } = *step;
    let (rest_1, rest_2) = (1.0 - beta_1, 1.0 - beta_2);
    let len = parameter.len().min(gradient.len()).min(first.len()).min(second.len());
    let (parameter, gradient) = (&mut parameter[..len], &gradient[..len]);
    let (first, second) = (&mut first[..len], &mut second[..len]);
    for at in 0..len {
        let slope = gradient[at] + penalty * parameter[at];
        first[at] = beta_1 * first[at] + rest_1 * slope;
        second[at] = beta_2 * second[at] + rest_2 * (slope * slope);
        parameter[at] = keep * parameter[at] - rate * first[at] / (second[at].sqrt() + epsilon);
    }
}
