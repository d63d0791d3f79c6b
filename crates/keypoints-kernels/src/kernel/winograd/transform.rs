//! The linear maps of F(4×4, 3×3): nine products per pixel become two and a quarter.
//!
//! A 4×4 tile of outputs is `Aᵀ [(G w Gᵀ) ⊙ (Bᵀ d B)] A` with the 6×6 pixels `d` under it. The same
//! identity read backwards gives the weight gradient `Gᵀ [Σ (A g Aᵀ) ⊙ (Bᵀ d B)] G` of output gradients `g`.
//! Every register holds one pixel of as many channels as it has lanes.
//!
//! Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016), section 4.3.

use crate::kernel::simd::Vector;

/// Outputs of a tile in one direction.
pub(super) const TILE: usize = 4;
/// Inputs of a tile in one direction: its outputs and two more.
pub(super) const SPAN: usize = 6;
/// Products per tile, input and output channel.
pub(super) const PRODUCTS: usize = SPAN * SPAN;

/// `Bᵀ d`
#[inline(always)]
unsafe fn input<T: Vector>([d0, d1, d2, d3, d4, d5]: [T; 6]) -> [T; 6] {
    // SAFETY: the caller's promise of the instruction set.
    unsafe {
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
    }
}

/// `Aᵀ m`
#[inline(always)]
unsafe fn output<T: Vector>([m0, m1, m2, m3, m4, m5]: [T; 6]) -> [T; 4] {
    // SAFETY: the caller's promise of the instruction set.
    unsafe {
        let (sum, difference) = (m1.add(m2), m1.sub(m2));
        let (far_sum, far_difference) = (m3.add(m4), m3.sub(m4));
        [
            m0.add(sum).add(far_sum),
            T::splat(2.0).mul_add(far_difference, difference),
            T::splat(4.0).mul_add(far_sum, sum),
            T::splat(8.0).mul_add(far_difference, difference).add(m5),
        ]
    }
}

/// `A g`
#[inline(always)]
unsafe fn gradient<T: Vector>([g0, g1, g2, g3]: [T; 4]) -> [T; 6] {
    // SAFETY: the caller's promise of the instruction set.
    unsafe {
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
    }
}

/// `G w`
#[inline(always)]
unsafe fn weight<T: Vector>([w0, w1, w2]: [T; 3]) -> [T; 6] {
    // SAFETY: the caller's promise of the instruction set.
    unsafe {
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
    }
}

/// `Gᵀ m`
#[inline(always)]
unsafe fn weight_gradient<T: Vector>([m0, m1, m2, m3, m4, m5]: [T; 6]) -> [T; 3] {
    // SAFETY: the caller's promise of the instruction set.
    unsafe {
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

/// `Bᵀ d B` of the 6×6 pixels from `from` on, `row` values from one row of pixels to the next; the 36
/// results go to `to`, `step` values apart.
///
/// # Safety
/// All those places must be valid for reads and writes, on a processor with `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn input_tile<T: Vector>(
    from: *const f32,
    row: usize,
    to: *mut f32,
    step: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut rows = [[T::splat(0.0); SPAN]; SPAN];
        for (y, transformed) in rows.iter_mut().enumerate() {
            *transformed = input(load::<T, SPAN>(from.add(y * row), T::LANES));
        }
        for x in 0..SPAN {
            let values = input(column(&rows, x));
            for (y, value) in values.into_iter().enumerate() {
                value.store(to.add((y * SPAN + x) * step));
            }
        }
    }
}

/// `A g Aᵀ` of 4×4 output gradients; arguments as for [`input_tile`].
///
/// # Safety
/// As for [`input_tile`].
#[inline(always)]
pub(super) unsafe fn gradient_tile<T: Vector>(
    from: *const f32,
    row: usize,
    to: *mut f32,
    step: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut rows = [[T::splat(0.0); SPAN]; TILE];
        for (y, transformed) in rows.iter_mut().enumerate() {
            *transformed = gradient(load::<T, TILE>(from.add(y * row), T::LANES));
        }
        for x in 0..SPAN {
            let values = gradient(column(&rows, x));
            for (y, value) in values.into_iter().enumerate() {
                value.store(to.add((y * SPAN + x) * step));
            }
        }
    }
}

/// `Aᵀ m A` of 36 products, `step` values apart.
///
/// # Safety
/// As for [`input_tile`].
#[inline(always)]
pub(super) unsafe fn output_tile<T: Vector>(from: *const f32, step: usize) -> [[T; TILE]; TILE] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut columns = [[T::splat(0.0); TILE]; SPAN];
        for (x, transformed) in columns.iter_mut().enumerate() {
            *transformed = output(load::<T, SPAN>(from.add(x * step), SPAN * step));
        }
        let mut tile = [[T::splat(0.0); TILE]; TILE];
        for (y, row) in tile.iter_mut().enumerate() {
            *row = output(column(&columns, y));
        }
        tile
    }
}

/// `G w Gᵀ` of nine weights (one register after the other); the 36 results go to `to`, `step` apart.
///
/// # Safety
/// As for [`input_tile`].
#[inline(always)]
pub(super) unsafe fn weight_tile<T: Vector>(from: *const f32, to: *mut f32, step: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut rows = [[T::splat(0.0); SPAN]; 3];
        for (y, transformed) in rows.iter_mut().enumerate() {
            *transformed = weight(load::<T, 3>(from.add(3 * y * T::LANES), T::LANES));
        }
        for x in 0..SPAN {
            let values = weight(column(&rows, x));
            for (y, value) in values.into_iter().enumerate() {
                value.store(to.add((y * SPAN + x) * step));
            }
        }
    }
}

/// `Gᵀ m G` of 36 sums, `step` values apart; nine registers go to `to`.
///
/// # Safety
/// As for [`input_tile`].
#[inline(always)]
pub(super) unsafe fn weight_gradient_tile<T: Vector>(from: *const f32, step: usize, to: *mut f32) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut columns = [[T::splat(0.0); 3]; SPAN];
        for (x, transformed) in columns.iter_mut().enumerate() {
            *transformed = weight_gradient(load::<T, SPAN>(from.add(x * step), SPAN * step));
        }
        for y in 0..3 {
            let row = weight_gradient(column(&columns, y));
            for (x, value) in row.into_iter().enumerate() {
                value.store(to.add((3 * y + x) * T::LANES));
            }
        }
    }
}
