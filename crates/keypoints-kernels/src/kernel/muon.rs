//! Muon's update of one matrix.

use rayon::prelude::*;

use super::SimdLevel;
use super::product::{Layout, product};
use super::scratch::with_scratch;
use super::simd::{Vector, at_every_level};

/// Values per task.
const SHARE: usize = 64 * 1024;

/// Sums that are kept apart, so that a register can hold them.
const SUMS: usize = 16;

/// `x ← a x + b x³ + c x⁵`, five times, brings what lies between .003 and 1 to between .68 and 1.2.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.775, 2.0315];
const STEPS: usize = 5;

/// Gradients shorter than this are not brought to length 1.
const LEAST_NORM: f64 = 1e-7;

/// One step's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MuonStep {
    /// How much of the last step's velocity goes on.
    pub momentum: f32,
    /// What the parameter is multiplied with before the step.
    pub keep: f32,
    /// What the orthogonal matrix is multiplied with before it is taken from the parameter.
    pub rate: f32,
}

impl MuonStep {
    /// Updates the parameter, a matrix of so many rows, and its velocity. The gradient's memory is used.
    pub(crate) fn apply(
        &self,
        parameter: &mut [f32],
        gradient: &mut [f32],
        velocity: &mut [f32],
        rows: usize,
    ) {
        let level = SimdLevel::best();
        let squares: Vec<f64> = gradient
            .par_chunks_mut(SHARE)
            .zip(velocity.par_chunks_mut(SHARE))
            // SAFETY: slices of any length will do.
            .map(|(gradient, velocity)| unsafe {
                look_ahead(level, self.momentum, gradient, velocity)
            })
            .collect();
        let norm = squares.iter().sum::<f64>().sqrt().max(LEAST_NORM);
        let whole = Layout::rows(rows, parameter.len() / rows.max(1));
        // The short side down.
        let wide = if whole.rows > whole.columns { whole.transposed() } else { whole };
        let ahead = (&*gradient, wide);
        with_orthogonal_factor(ahead, norm, |factor| {
            let rate = -(f64::from(self.rate) / norm) as f32;
            product((parameter, wide), self.keep, rate, factor, ahead);
        });
    }
}

at_every_level! {
    /// [`look_ahead_of`]
    fn look_ahead = look_ahead_of(momentum: f32, gradient: &mut [f32], velocity: &mut [f32]) -> f64;
}

/// The new velocity, and for the gradient where it is about to lead (Nesterov), with the sum of the squares of that.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
unsafe fn look_ahead_of<T: Vector>(
    momentum: f32,
    gradient: &mut [f32],
    velocity: &mut [f32],
) -> f64 {
    let mut sums = [0.0_f32; SUMS];
    let mut parts = gradient.chunks_exact_mut(SUMS).zip(velocity.chunks_exact_mut(SUMS));
    for (gradient, velocity) in &mut parts {
        for at in 0..SUMS {
            velocity[at] = momentum * velocity[at] + gradient[at];
            gradient[at] += momentum * velocity[at];
            sums[at] += gradient[at] * gradient[at];
        }
    }
    let whole = gradient.len() / SUMS * SUMS;
    for (gradient, velocity) in gradient[whole..].iter_mut().zip(&mut velocity[whole..]) {
        *velocity = momentum * *velocity + *gradient;
        *gradient += momentum * *velocity;
        sums[0] += *gradient * *gradient;
    }
    sums.iter().map(|&sum| f64::from(sum)).sum()
}

/// Lends the symmetric matrix `F` with `F · X / norm` nearly orthogonal: all singular values near 1.
///
/// The iteration of Newton and Schulz is `X ← (aI + b G + c G²) X` with `G = X Xᵀ`. All its factors are polynomials of the
/// first `G`, so that the next one is `P G P` for the factor `P`, and only the first and the last product see the
/// long side of `X`: a third of the multiplications where that is nine times the short one.
///
/// `G` has the squares of the singular values and loses those of values below 3e-4 of the norm in `f32`. For such `F` is
/// a⁵, whatever they are, and it is multiplied with the values themselves: these come out right, and what `G` has lost
/// shows in the fourth digit of the others.
fn with_orthogonal_factor(
    (x, layout): (&[f32], Layout),
    norm: f64,
    body: impl FnOnce((&[f32], Layout)),
) {
    let side = layout.rows;
    let square = Layout::rows(side, side);
    let size = side * side;
    with_scratch(4 * size, |scratch| {
        let [g, p, mut f, mut spare] = four(scratch, size);
        let scale = (norm * norm).recip() as f32;
        product((g, square), 0.0, scale, (x, layout), (x, layout.transposed()));
        for step in 0..STEPS {
            let [a, b, c] = COEFFICIENTS;
            p.copy_from_slice(g);
            product((p, square), b, c, (g, square), (g, square));
            p.iter_mut().step_by(side + 1).for_each(|diagonal| *diagonal += a);
            if step == 0 {
                f.copy_from_slice(p);
            } else {
                product((spare, square), 0.0, 1.0, (p, square), (f, square));
                std::mem::swap(&mut spare, &mut f);
            }
            if step + 1 < STEPS {
                product((spare, square), 0.0, 1.0, (p, square), (g, square));
                product((g, square), 0.0, 1.0, (spare, square), (p, square));
            }
        }
        body((f, square));
    });
}

/// A slice in four parts.
fn four(values: &mut [f32], size: usize) -> [&mut [f32]; 4] {
    let (first, rest) = values.split_at_mut(size);
    let (second, rest) = rest.split_at_mut(size);
    let (third, fourth) = rest.split_at_mut(size);
    [first, second, third, fourth]
}
