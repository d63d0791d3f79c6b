//! Passes over the planes of one channel, image after image.

use super::planes::Planes;
use crate::kernel::activation::{Activation, Curve, with_curve};
use crate::kernel::simd::{Vector, at_every_level, part, put};
use crate::kernel::space::Shared;

/// Values that are added in `f32` lanes before the sum goes on in `f64`.
const RUN: usize = 4096;

at_every_level! {
    /// Sum of `(value − about)^power` with `power` 1 or 2.
    pub(super) fn moment = moment_of(
        values: &[f32], planes: Planes, about: f32, square: bool,
    ) -> f64;
}

#[inline(always)]
unsafe fn moment_of<T: Vector>(values: &[f32], planes: Planes, about: f32, square: bool) -> f64 {
    let first = planes.of(values);
    // SAFETY: `of` has checked that the planes lie within the slice.
    unsafe {
        let middle = T::splat(about);
        let mut total = 0.0;
        let (mut a_sum, mut b_sum, mut since) = (T::splat(0.0), T::splat(0.0), 0);
        for image in 0..planes.count {
            let plane = first.add(image * planes.step);
            let mut at = 0;
            while at + 2 * T::LANES <= planes.len {
                let a = T::load(plane.add(at)).sub(middle);
                let b = T::load(plane.add(at + T::LANES)).sub(middle);
                if square {
                    a_sum = a.mul_add(a, a_sum);
                    b_sum = b.mul_add(b, b_sum);
                } else {
                    a_sum = a_sum.add(a);
                    b_sum = b_sum.add(b);
                }
                at += 2 * T::LANES;
            }
            if at < planes.len && at + T::LANES <= planes.len {
                let a = T::load(plane.add(at)).sub(middle);
                a_sum = if square { a.mul_add(a, a_sum) } else { a_sum.add(a) };
                at += T::LANES;
            }
            if at < planes.len {
                // What lies behind the end must count for nothing.
                let rest = planes.len - at;
                let ones = T::load_part([1.0_f32; 16].as_ptr(), rest);
                let a = T::load_part(plane.add(at), rest).sub(middle.mul(ones));
                b_sum = if square { a.mul_add(a, b_sum) } else { b_sum.add(a) };
            }
            since += planes.len;
            if since >= RUN {
                total += f64::from(a_sum.add(b_sum).sum());
                (a_sum, b_sum, since) = (T::splat(0.0), T::splat(0.0), 0);
            }
        }
        total + f64::from(a_sum.add(b_sum).sum())
    }
}

at_every_level! {
    /// `to = activation(values · scale + shift (+ shortcut))`.
    pub(super) fn apply = apply_to(
        values: &[f32],
        planes: Planes,
        affine: [f32; 2],
        shortcut: Option<&[f32]>,
        activation: Activation,
        to: Shared<'_>,
    );
}

#[inline(always)]
unsafe fn apply_to<T: Vector>(
    values: &[f32],
    planes: Planes,
    affine: [f32; 2],
    shortcut: Option<&[f32]>,
    activation: Activation,
    to: Shared<'_>,
) {
    // SAFETY: the caller's promise.
    unsafe { with_curve!(activation, apply_with::<T, _>(values, planes, affine, shortcut, to)) }
}

#[inline(always)]
unsafe fn apply_with<T: Vector, C: Curve>(
    values: &[f32],
    planes: Planes,
    [scale, shift]: [f32; 2],
    shortcut: Option<&[f32]>,
    to: Shared<'_>,
) {
    let (from, to) = (planes.of(values), planes.within(to));
    let shortcut = shortcut.map(|shortcut| planes.of(shortcut));
    // SAFETY: `of` and `within` have checked that the planes lie within slices and output.
    unsafe {
        let (scale, shift) = (T::splat(scale), T::splat(shift));
        for image in 0..planes.count {
            let plane = image * planes.step;
            let mut at = 0;
            while at < planes.len {
                let left = planes.len - at;
                let mut value = part::<T>(from.add(plane + at), left).mul_add(scale, shift);
                if let Some(shortcut) = shortcut {
                    value = value.add(part(shortcut.add(plane + at), left));
                }
                put(C::value(value), to.add(plane + at), left);
                at += T::LANES;
            }
        }
    }
}

/// What a gradient passes on its way to the norm.
#[derive(Clone, Copy)]
pub(super) enum Slope<'a> {
    One,
    /// That of an activation at `value · scale + shift`.
    Input {
        activation: Activation,
        scale: f32,
        shift: f32,
    },
    /// 1 where the output was above 0.
    Output(&'a [f32]),
}

at_every_level! {
    /// Multiplies the gradient with the slope, in place; its sum, and that of its products with `value − mean`.
    pub(super) fn slope_and_sum = slope_and_sum_of(
        values: &[f32], planes: Planes, mean: f32, slope: Slope<'_>, gradient: Shared<'_>,
    ) -> [f64; 2];
}

#[inline(always)]
unsafe fn slope_and_sum_of<T: Vector>(
    values: &[f32],
    planes: Planes,
    mean: f32,
    slope: Slope<'_>,
    gradient: Shared<'_>,
) -> [f64; 2] {
    // SAFETY: the caller's promise; `of` has checked that the planes lie within the output.
    unsafe {
        match slope {
            Slope::One => sums(values, planes, mean, gradient, |_, _, slope: T| slope),
            Slope::Input { activation, scale, shift } => {
                with_curve!(
                    activation,
                    sums_behind::<T, _>(values, planes, mean, [scale, shift], gradient)
                )
            }
            Slope::Output(output) => {
                let output = planes.of(output);
                sums(values, planes, mean, gradient, |at, _, slope: T| {
                    let left = planes.len - at % planes.step.max(1);
                    slope.where_positive(part(output.add(at), left))
                })
            }
        }
    }
}

#[inline(always)]
unsafe fn sums_behind<T: Vector, C: Curve>(
    values: &[f32],
    planes: Planes,
    mean: f32,
    [scale, shift]: [f32; 2],
    gradient: Shared<'_>,
) -> [f64; 2] {
    // SAFETY: the caller's promise.
    unsafe {
        let (scale, shift) = (T::splat(scale), T::splat(shift));
        sums(values, planes, mean, gradient, |_, value: T, slope| {
            C::back(value.mul_add(scale, shift), slope)
        })
    }
}

/// `slope(place, value, gradient)` is the gradient that goes on.
#[inline(always)]
unsafe fn sums<T: Vector>(
    values: &[f32],
    planes: Planes,
    mean: f32,
    gradient: Shared<'_>,
    slope: impl Fn(usize, T, T) -> T,
) -> [f64; 2] {
    let (from, gradient) = (planes.of(values), planes.within(gradient));
    // SAFETY: `of` and `within` have checked the planes; what `part` adds behind the end has gradient 0.
    unsafe {
        let middle = T::splat(mean);
        let mut totals = [0.0; 2];
        let (mut sum, mut products, mut since) = (T::splat(0.0), T::splat(0.0), 0);
        for image in 0..planes.count {
            let plane = image * planes.step;
            let mut at = 0;
            while at < planes.len {
                let left = planes.len - at;
                let value = part::<T>(from.add(plane + at), left);
                let upstream = part::<T>(gradient.add(plane + at), left);
                let passed = slope(plane + at, value, upstream);
                put(passed, gradient.add(plane + at), left);
                sum = sum.add(passed);
                products = passed.mul_add(value.sub(middle), products);
                at += T::LANES;
            }
            since += planes.len;
            if since >= RUN {
                totals[0] += f64::from(sum.sum());
                totals[1] += f64::from(products.sum());
                (sum, products, since) = (T::splat(0.0), T::splat(0.0), 0);
            }
        }
        [totals[0] + f64::from(sum.sum()), totals[1] + f64::from(products.sum())]
    }
}

at_every_level! {
    /// `to = a · gradient + p · value + q`; `to` may be where the gradient lies.
    pub(super) fn combine = combine_to(
        values: &[f32], planes: Planes, apq: [f32; 3], gradient: Shared<'_>, to: Shared<'_>,
    );
}

#[inline(always)]
unsafe fn combine_to<T: Vector>(
    values: &[f32],
    planes: Planes,
    [a, p, q]: [f32; 3],
    gradient: Shared<'_>,
    to: Shared<'_>,
) {
    let (from, gradient, to) = (planes.of(values), planes.within(gradient), planes.within(to));
    // SAFETY: `of` and `within` have checked that the planes lie within slice and outputs.
    unsafe {
        let (a, p, q) = (T::splat(a), T::splat(p), T::splat(q));
        for image in 0..planes.count {
            let plane = image * planes.step;
            let mut at = 0;
            while at < planes.len {
                let left = planes.len - at;
                let rest = part::<T>(from.add(plane + at), left).mul_add(p, q);
                let slope = part::<T>(gradient.add(plane + at), left);
                put(slope.mul_add(a, rest), to.add(plane + at), left);
                at += T::LANES;
            }
        }
    }
}
