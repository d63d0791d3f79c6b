//! Activations: their values, their slopes, and passes that apply them.
//!
//! Source of SiLU: Elfwing et al., "Sigmoid-Weighted Linear Units" (2018).

use rayon::prelude::*;

use super::SimdLevel;
use super::exp::exp;
use super::simd::{Vector, at_every_level, inlined};

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    Nothing,
    /// `max(x, 0)`
    Relu,
    /// `min(max(x, 0), 6)`
    Relu6,
    /// `x / (1 + exp(−x))`
    Silu,
    /// `1 / (1 + exp(−x))`
    Sigmoid,
}

/// An [`Activation`] as a type, so that loops are compiled for each.
pub(super) trait Curve {
    /// The activation of every lane. NaN stays NaN.
    ///
    /// # Safety
    /// The processor must have `T`'s instructions.
    unsafe fn value<T: Vector>(x: T) -> T;

    /// `gradient` times the slope at `x`.
    ///
    /// # Safety
    /// As for [`value`](Self::value).
    unsafe fn back<T: Vector>(x: T, gradient: T) -> T;
}

pub(super) struct Nothing;
pub(super) struct Relu;
pub(super) struct Relu6;
pub(super) struct Silu;
pub(super) struct Sigmoid;

impl Curve for Nothing {
    inlined! {
        fn value<T: Vector>(x: T) -> T = x;
        fn back<T: Vector>(_: T, gradient: T) -> T = gradient;
    }
}

impl Curve for Relu {
    inlined! {
        // In this order a NaN survives.
        fn value<T: Vector>(x: T) -> T = T::splat(0.0).max(x);
        fn back<T: Vector>(x: T, gradient: T) -> T = gradient.where_positive(x);
    }
}

impl Curve for Relu6 {
    inlined! {
        // In this order a NaN survives.
        fn value<T: Vector>(x: T) -> T = T::splat(6.0).min(T::splat(0.0).max(x));
        fn back<T: Vector>(x: T, gradient: T) -> T =
            gradient.where_positive(x).where_positive(T::splat(6.0).sub(x));
    }
}

impl Curve for Silu {
    inlined! {
        fn value<T: Vector>(x: T) -> T = x.mul(Sigmoid::value(x));
        fn back<T: Vector>(x: T, gradient: T) -> T = {
            let one = T::splat(1.0);
            let sigmoid = Sigmoid::value(x);
            // σ + x·σ·(1 − σ)
            gradient.mul(x.mul(sigmoid).mul_add(one.sub(sigmoid), sigmoid))
        };
    }
}

impl Curve for Sigmoid {
    inlined! {
        fn value<T: Vector>(x: T) -> T =
            T::splat(1.0).add(exp(T::splat(0.0).sub(x))).reciprocal();
        fn back<T: Vector>(x: T, gradient: T) -> T = {
            let sigmoid = Self::value(x);
            gradient.mul(sigmoid.mul(T::splat(1.0).sub(sigmoid)))
        };
    }
}

/// Calls a function that is generic in a register and a [`Curve`] with the curve of an [`Activation`].
macro_rules! with_curve {
    ($activation:expr, $function:ident::<$vector:ident, _>($($arg:expr),* $(,)?)) => {{
        use $crate::kernel::activation::{self as curve, Activation as Of};
        match $activation {
            Of::Nothing => $function::<$vector, curve::Nothing>($($arg),*),
            Of::Relu => $function::<$vector, curve::Relu>($($arg),*),
            Of::Relu6 => $function::<$vector, curve::Relu6>($($arg),*),
            Of::Silu => $function::<$vector, curve::Silu>($($arg),*),
            Of::Sigmoid => $function::<$vector, curve::Sigmoid>($($arg),*),
        }
    }};
}
pub(super) use with_curve;

/// Values per task.
const SHARE: usize = 16 * 1024;

impl Activation {
    /// Activates in place, by the threads there are.
    pub(crate) fn apply(self, level: SimdLevel, values: &mut [f32]) {
        // SAFETY: slices of any length will do.
        let run = |part: &mut [f32]| unsafe { activate(level, self, part) };
        match (self, values.len() <= SHARE) {
            (Self::Nothing, _) => {}
            (_, true) => run(values),
            (_, false) => values.par_chunks_mut(SHARE).for_each(run),
        }
    }

    /// Multiplies a gradient in place with the slope at `inputs`.
    pub(crate) fn back(self, level: SimdLevel, inputs: &[f32], gradient: &mut [f32]) {
        // SAFETY: `slope` goes as far as the shorter of the slices.
        let run = |part: &mut [f32], inputs: &[f32]| unsafe { slope(level, self, inputs, part) };
        match gradient.len() <= SHARE {
            true => run(gradient, inputs),
            false => gradient
                .par_chunks_mut(SHARE)
                .zip(inputs.par_chunks(SHARE))
                .for_each(|(part, inputs)| run(part, inputs)),
        }
    }
}

at_every_level! {
    /// Activates in place.
    pub(super) fn activate = activate_slice(activation: Activation, values: &mut [f32]);
}

#[inline(always)]
unsafe fn activate_slice<T: Vector>(activation: Activation, values: &mut [f32]) {
    // SAFETY: the caller's promise.
    unsafe { with_curve!(activation, activate_with::<T, _>(values)) }
}

#[inline(always)]
unsafe fn activate_with<T: Vector, C: Curve>(values: &mut [f32]) {
    let (first, len) = (values.as_mut_ptr(), values.len());
    // SAFETY: whole registers and a part within the slice.
    unsafe {
        let mut at = 0;
        while at + T::LANES <= len {
            C::value(T::load(first.add(at))).store(first.add(at));
            at += T::LANES;
        }
        if at < len {
            C::value(T::load_part(first.add(at), len - at)).store_part(first.add(at), len - at);
        }
    }
}

at_every_level! {
    /// Multiplies a gradient in place with the slope; both slices have the same length.
    fn slope = slope_slice(activation: Activation, inputs: &[f32], gradient: &mut [f32]);
}

#[inline(always)]
unsafe fn slope_slice<T: Vector>(activation: Activation, inputs: &[f32], gradient: &mut [f32]) {
    // SAFETY: the caller's promise.
    unsafe { with_curve!(activation, slope_with::<T, _>(inputs, gradient)) }
}

#[inline(always)]
unsafe fn slope_with<T: Vector, C: Curve>(inputs: &[f32], gradient: &mut [f32]) {
    let len = gradient.len().min(inputs.len());
    let (x, g) = (inputs.as_ptr(), gradient.as_mut_ptr());
    // SAFETY: whole registers and a part within both slices.
    unsafe {
        let mut at = 0;
        while at + T::LANES <= len {
            C::back(T::load(x.add(at)), T::load(g.add(at))).store(g.add(at));
            at += T::LANES;
        }
        if at < len {
            let rest = len - at;
            let slope = C::back(T::load_part(x.add(at), rest), T::load_part(g.add(at), rest));
            slope.store_part(g.add(at), rest);
        }
    }
}

#[cfg(test)]
mod tests;
