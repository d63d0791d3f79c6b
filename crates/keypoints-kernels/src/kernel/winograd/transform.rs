//! The linear maps of F(4×4, 3×3): nine products per pixel become two and a quarter.
//!
//! A 4×4 tile of outputs is `Aᵀ [(G w Gᵀ) ⊙ (Bᵀ d B)] A` with the 6×6 pixels `d` under it. The same
//! identity read backwards gives the weight gradient `Gᵀ [Σ (A g Aᵀ) ⊙ (Bᵀ d B)] G` of output gradients `g`.
//! Every register holds one pixel of as many channels as it has lanes.
//!
//! Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016), section 4.3.

use crate::kernel::patch::Patch;
use crate::kernel::simd::{Vector, inlined};

/// Outputs of a tile in one direction.
pub(super) const TILE: usize = 4;
/// Inputs of a tile in one direction: its outputs and two more.
pub(super) const SPAN: usize = 6;
/// Products per tile, input and output channel.
pub(super) const PRODUCTS: usize = SPAN * SPAN;

/// A linear map along one direction of a tile.
pub(super) trait Map<const FROM: usize, const TO: usize> {
    /// # Safety
    /// The processor has `T`'s instructions.
    unsafe fn map<T: Vector>(values: [T; FROM]) -> [T; TO];
}

/// `Bᵀ d`, of pixels.
pub(super) struct Input;
/// `Aᵀ m`, of sums of products.
pub(super) struct Output;
/// `A g`, of an output's gradients.
pub(super) struct Gradient;
/// `G w`, of weights.
struct Weight;
/// `Gᵀ m`, of sums of products.
struct WeightGradient;

impl Map<6, 6> for Input {
    inlined! {
        fn map<T: Vector>([d0, d1, d2, d3, d4, d5]: [T; 6]) -> [T; 6] = {
            let (two, four) = (T::splat(2.0), T::splat(4.0));
            let (less_two, less_four, less_five) = (T::splat(-2.0), T::splat(-4.0), T::splat(-5.0));
            let (even, odd) = (less_four.mul_add(d2, d4), less_four.mul_add(d1, d3));
            let (near, far) = (d4.sub(d2), d3.sub(d1));
            [
                four.mul_add(d0, less_five.mul_add(d2, d4)),
                even.add(odd),
                even.sub(odd),
                two.mul_add(far, near),
                less_two.mul_add(far, near),
                four.mul_add(d1, less_five.mul_add(d3, d5)),
            ]
        };
    }
}

impl Map<6, 4> for Output {
    inlined! {
        fn map<T: Vector>([m0, m1, m2, m3, m4, m5]: [T; 6]) -> [T; 4] = {
            let (sum, difference) = (m1.add(m2), m1.sub(m2));
            let (far_sum, far_difference) = (m3.add(m4), m3.sub(m4));
            [
                m0.add(sum).add(far_sum),
                T::splat(2.0).mul_add(far_difference, difference),
                T::splat(4.0).mul_add(far_sum, sum),
                T::splat(8.0).mul_add(far_difference, difference).add(m5),
            ]
        };
    }
}

impl Map<4, 6> for Gradient {
    inlined! {
        fn map<T: Vector>([g0, g1, g2, g3]: [T; 4]) -> [T; 6] = {
            let (even, odd) = (g0.add(g2), g1.add(g3));
            let far_even = T::splat(4.0).mul_add(g2, g0);
            let half_odd = T::splat(4.0).mul_add(g3, g1);
            [
                g0,
                even.add(odd),
                even.sub(odd),
                T::splat(2.0).mul_add(half_odd, far_even),
                T::splat(-2.0).mul_add(half_odd, far_even),
                g3,
            ]
        };
    }
}

impl Map<3, 6> for Weight {
    inlined! {
        fn map<T: Vector>([w0, w1, w2]: [T; 3]) -> [T; 6] = {
            let zero = T::splat(0.0);
            let ends = w0.add(w2);
            let far = T::splat(1.0 / 6.0).mul_add(w2, T::splat(1.0 / 24.0).mul_add(w0, zero));
            let middle = T::splat(1.0 / 12.0).mul_add(w1, zero);
            let sixth = T::splat(-1.0 / 6.0);
            [
                T::splat(0.25).mul_add(w0, zero),
                sixth.mul_add(ends.add(w1), zero),
                sixth.mul_add(ends.sub(w1), zero),
                far.add(middle),
                far.sub(middle),
                w2,
            ]
        };
    }
}

impl Map<6, 3> for WeightGradient {
    inlined! {
        fn map<T: Vector>([m0, m1, m2, m3, m4, m5]: [T; 6]) -> [T; 3] = {
            let zero = T::splat(0.0);
            let near = T::splat(-1.0 / 6.0).mul_add(m1.add(m2), zero);
            let far = m3.add(m4);
            let sixth = T::splat(1.0 / 6.0);
            let outer = T::splat(1.0 / 24.0).mul_add(far, near);
            [
                T::splat(0.25).mul_add(m0, outer),
                T::splat(1.0 / 12.0).mul_add(m3.sub(m4), sixth.mul_add(m2.sub(m1), zero)),
                sixth.mul_add(far, near).add(m5),
            ]
        };
    }
}

/// A register from each of `COUNT` places, `step` values apart.
///
/// # Safety
/// All of them must be readable.
#[inline(always)]
unsafe fn load<T: Vector, const COUNT: usize>(from: *const f32, step: usize) -> [T; COUNT] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut values = [T::splat(0.0); COUNT];
        for (at, value) in values.iter_mut().enumerate() {
            *value = T::load(from.add(at * step));
        }
        values
    }
}

/// Column `x` of some rows. (A closure over an array would not be compiled for the instruction set.)
#[inline(always)]
fn column<T: Copy, const ROWS: usize, const COLUMNS: usize>(
    rows: &[[T; COLUMNS]; ROWS],
    x: usize,
) -> [T; ROWS] {
    let mut values = [rows[0][x]; ROWS];
    for (value, row) in values.iter_mut().zip(rows) {
        *value = row[x];
    }
    values
}

/// A square of values to its 36 factors, which `to` takes `step` values apart: `Bᵀ d B`, `A g Aᵀ` or `G w Gᵀ`. From one row of
/// the square to the next are `row` values.
///
/// # Safety
/// All those places must be valid for reads and writes, on a processor with `T`'s instructions.
#[inline(always)]
unsafe fn to_factors<T: Vector, M: Map<SIDE, SPAN>, const SIDE: usize>(
    from: *const f32,
    row: usize,
    to: *mut f32,
    step: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut rows = [[T::splat(0.0); SPAN]; SIDE];
        for (y, transformed) in rows.iter_mut().enumerate() {
            *transformed = M::map(load::<T, SIDE>(from.add(y * row), T::LANES));
        }
        for x in 0..SPAN {
            let values = M::map(column(&rows, x));
            for (y, value) in values.into_iter().enumerate() {
                value.store(to.add((y * SPAN + x) * step));
            }
        }
    }
}

/// 36 sums of products, `step` values apart, to the square that they stand for: `Aᵀ m A` or `Gᵀ m G`.
///
/// # Safety
/// As for [`to_factors`].
#[inline(always)]
pub(super) unsafe fn from_sums<T: Vector, M: Map<SPAN, SIDE>, const SIDE: usize>(
    from: *const f32,
    step: usize,
) -> [[T; SIDE]; SIDE] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut columns = [[T::splat(0.0); SIDE]; SPAN];
        for (x, transformed) in columns.iter_mut().enumerate() {
            *transformed = M::map(load::<T, SPAN>(from.add(x * step), SPAN * step));
        }
        let mut square = [[T::splat(0.0); SIDE]; SIDE];
        for (y, row) in square.iter_mut().enumerate() {
            *row = M::map(column(&columns, y));
        }
        square
    }
}

/// Fills a patch with a register of channels, `used` of them, and transforms its tiles, `[rows, columns]` of them: factors go to
/// `to`, `step` values from one to the next and `tile_step` from one tile to the next.
///
/// # Safety
/// As for [`Patch::fill`] and [`to_factors`]; the scratch takes the patch.
#[inline(always)]
pub(super) unsafe fn transform<T: Vector, M: Map<SIDE, SPAN>, const SIDE: usize>(
    patch: &Patch,
    (planes, used): (&[f32], usize),
    [rows, columns]: [usize; 2],
    scratch: *mut f32,
    to: *mut f32,
    [step, tile_step]: [usize; 2],
) {
    let row = patch.size[1] * T::LANES;
    // SAFETY: the caller's promise; the tiles lie within the patch.
    unsafe {
        patch.fill::<T>(planes, used, scratch);
        for tile in 0..rows * columns {
            let from = scratch.add(tile / columns * TILE * row + tile % columns * TILE * T::LANES);
            to_factors::<T, M, SIDE>(from, row, to.add(tile * tile_step), step);
        }
    }
}

/// `G w Gᵀ` of nine weights (one register after the other); the 36 results go to `to`, `step` apart.
///
/// # Safety
/// As for [`to_factors`].
#[inline(always)]
pub(super) unsafe fn weight_tile<T: Vector>(from: *const f32, to: *mut f32, step: usize) {
    // SAFETY: the caller's promise.
    unsafe { to_factors::<T, Weight, 3>(from, 3 * T::LANES, to, step) }
}

/// `Gᵀ m G` of 36 sums, `step` values apart; nine registers go to `to`.
///
/// # Safety
/// As for [`to_factors`].
#[inline(always)]
pub(super) unsafe fn weight_gradient_tile<T: Vector>(from: *const f32, step: usize, to: *mut f32) {
    // SAFETY: the caller's promise.
    unsafe {
        let taps = from_sums::<T, WeightGradient, 3>(from, step);
        for (tap, value) in taps.as_flattened().iter().enumerate() {
            value.store(to.add(tap * T::LANES));
        }
    }
}
