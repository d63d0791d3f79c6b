//! Passes over one plane of one channel.
//!
//! Every function here needs a processor with `T`'s instructions; slices may have any length.

use crate::kernel::simd::{Vector, at_every_level};

/// A register from the first `count` (at most a register's lanes) values of a slice, 0 behind them.
#[inline(always)]
unsafe fn part<T: Vector>(from: &[f32], at: usize) -> T {
    // SAFETY: a whole register is read only where the slice has one.
    unsafe {
        if at + T::LANES <= from.len() {
            return T::load(from.as_ptr().add(at));
        }
        let mut lanes = [0.0_f32; 16];
        lanes[..from.len() - at].copy_from_slice(&from[at..]);
        T::load(lanes.as_ptr())
    }
}

/// Writes a register to a slice, or as much of it as there is room for.
#[inline(always)]
unsafe fn put<T: Vector>(value: T, to: &mut [f32], at: usize) {
    // SAFETY: a whole register is written only where the slice has one.
    unsafe {
        if at + T::LANES <= to.len() {
            value.store(to.as_mut_ptr().add(at));
            return;
        }
        let mut lanes = [0.0_f32; 16];
        value.store(lanes.as_mut_ptr());
        let rest = to.len() - at;
        to[at..].copy_from_slice(&lanes[..rest]);
    }
}

at_every_level! {
    /// Sum of `(value − about)^power` with `power` 1 or 2.
    pub(super) fn moment = moment_of(values: &[f32], about: f32, square: bool) -> f64;
}

#[inline(always)]
unsafe fn moment_of<T: Vector>(values: &[f32], about: f32, square: bool) -> f64 {
    // SAFETY: whole registers within the slice.
    unsafe {
        let (mut first, mut second) = (T::splat(0.0), T::splat(0.0));
        let whole = values.len() / (2 * T::LANES) * (2 * T::LANES);
        let middle = T::splat(about);
        let mut at = 0;
        while at < whole {
            let a = T::load(values.as_ptr().add(at)).sub(middle);
            let b = T::load(values.as_ptr().add(at + T::LANES)).sub(middle);
            if square {
                first = a.mul_add(a, first);
                second = b.mul_add(b, second);
            } else {
                first = first.add(a);
                second = second.add(b);
            }
            at += 2 * T::LANES;
        }
        let mut total = f64::from(first.add(second).sum());
        for value in &values[whole..] {
            let value = f64::from(*value - about);
            total += if square { value * value } else { value };
        }
        total
    }
}

at_every_level! {
    /// `to = values · scale + shift (+ shortcut)`, at least `least`.
    pub(super) fn apply = apply_to(
        values: &[f32], scale: f32, shift: f32, shortcut: Option<&[f32]>, least: f32, to: &mut [f32],
    );
}

#[inline(always)]
unsafe fn apply_to<T: Vector>(
    values: &[f32],
    scale: f32,
    shift: f32,
    shortcut: Option<&[f32]>,
    least: f32,
    to: &mut [f32],
) {
    // SAFETY: `part` and `put` keep within the slices.
    unsafe {
        let (scale, shift, least) = (T::splat(scale), T::splat(shift), T::splat(least));
        let mut at = 0;
        while at < values.len() {
            let mut value = part::<T>(values, at).mul_add(scale, shift);
            if let Some(shortcut) = shortcut {
                value = value.add(part::<T>(shortcut, at));
            }
            // In this order a NaN survives.
            put(least.max(value), to, at);
            at += T::LANES;
        }
    }
}

/// Where a gradient goes on.
#[derive(Clone, Copy)]
pub(super) enum Mask<'a> {
    Everywhere,
    /// Where `value · scale + shift` is above 0.
    Input {
        scale: f32,
        shift: f32,
    },
    /// Where the output was above 0.
    Output(&'a [f32]),
}

at_every_level! {
    /// Masks the gradient in place; its sum, and that of its products with `value − mean`.
    pub(super) fn mask_and_sum = mask_and_sum_of(
        values: &[f32], mean: f32, mask: Mask<'_>, gradient: &mut [f32],
    ) -> [f64; 2];
}

#[inline(always)]
unsafe fn mask_and_sum_of<T: Vector>(
    values: &[f32],
    mean: f32,
    mask: Mask<'_>,
    gradient: &mut [f32],
) -> [f64; 2] {
    // SAFETY: `part` and `put` keep within the slices; what `part` adds behind the end has gradient 0.
    unsafe {
        let middle = T::splat(mean);
        let (mut sum, mut products) = (T::splat(0.0), T::splat(0.0));
        let mut at = 0;
        while at < values.len() {
            let value = part::<T>(values, at);
            let mut slope = part::<T>(gradient, at);
            match mask {
                Mask::Everywhere => {}
                Mask::Input { scale, shift } => {
                    let output = value.mul_add(T::splat(scale), T::splat(shift));
                    slope = slope.where_positive(output);
                    put(slope, gradient, at);
                }
                Mask::Output(output) => {
                    slope = slope.where_positive(part::<T>(output, at));
                    put(slope, gradient, at);
                }
            }
            sum = sum.add(slope);
            products = slope.mul_add(value.sub(middle), products);
            at += T::LANES;
        }
        [f64::from(sum.sum()), f64::from(products.sum())]
    }
}

at_every_level! {
    /// `gradient = a · gradient + p · value + q`, in place.
    pub(super) fn combine = combine_in_place(values: &[f32], apq: [f32; 3], gradient: &mut [f32]);
}

#[inline(always)]
unsafe fn combine_in_place<T: Vector>(values: &[f32], [a, p, q]: [f32; 3], gradient: &mut [f32]) {
    // SAFETY: `part` and `put` keep within the slices.
    unsafe {
        let (a, p, q) = (T::splat(a), T::splat(p), T::splat(q));
        let mut at = 0;
        while at < values.len() {
            let rest = part::<T>(values, at).mul_add(p, q);
            put(part::<T>(gradient, at).mul_add(a, rest), gradient, at);
            at += T::LANES;
        }
    }
}

at_every_level! {
    /// `to = a · gradient + p · value + q`.
    pub(super) fn combine_into = combine_to(
        values: &[f32], apq: [f32; 3], gradient: &[f32], to: &mut [f32],
    );
}

#[inline(always)]
unsafe fn combine_to<T: Vector>(
    values: &[f32],
    [a, p, q]: [f32; 3],
    gradient: &[f32],
    to: &mut [f32],
) {
    // SAFETY: `part` and `put` keep within the slices.
    unsafe {
        let (a, p, q) = (T::splat(a), T::splat(p), T::splat(q));
        let mut at = 0;
        while at < values.len() {
            let rest = part::<T>(values, at).mul_add(p, q);
            put(part::<T>(gradient, at).mul_add(a, rest), to, at);
            at += T::LANES;
        }
    }
}
