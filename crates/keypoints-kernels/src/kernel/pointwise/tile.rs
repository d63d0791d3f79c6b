//! The inner product: a few rows of a matrix that stays where it is, times a packed panel.

use crate::kernel::activation::{Curve, with_curve};
use crate::kernel::epilogue::{Epilogue, finish};
use crate::kernel::simd::{Vector, prefetch};

/// Rows that are computed together.
pub(super) const ROWS: usize = 8;
/// Registers of columns that are computed together.
pub(super) const WIDE: usize = 3;
/// Values of a row of sums: the widest panel there is.
pub(super) const WIDTH: usize = 48;

/// A matrix of which each row is multiplied with a panel.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) values: &'a [f32],
    /// From one row to the next.
    pub(super) row: usize,
    /// From one term to the next.
    pub(super) term: usize,
}

/// The sums of [`ROWS`] rows and a panel's columns.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Sums([f32; ROWS * WIDTH]);

impl Sums {
    pub(super) const ZERO: Self = Self([0.0; ROWS * WIDTH]);

    /// The first rows.
    pub(super) fn first(&self, rows: usize) -> &[f32] {
        &self.0[..rows * WIDTH]
    }
}

/// `sums[row, column] (+)= Σ_term matrix[first + row, term] · panel[term, column]`; rows from `count` on and columns
/// behind the last get anything.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn tiles<T: Vector>(
    matrix: Matrix<'_>,
    [first, count]: [usize; 2],
    [terms, columns]: [usize; 2],
    panel: &[f32],
    add: bool,
    sums: &mut Sums,
) {
    assert!(count > 0 && count <= ROWS && terms > 0 && columns > 0 && columns <= WIDE * T::LANES);
    assert!(panel.len() >= terms * WIDE * T::LANES);
    let last = (first + count - 1) * matrix.row + (terms - 1) * matrix.term;
    assert!(last < matrix.values.len());
    // SAFETY: by the assertions the furthest weight and the panel are there. Rows that are too many read the last
    // row's weights.
    unsafe {
        let mut rows = [matrix.values.as_ptr(); ROWS];
        for (row, at) in rows.iter_mut().enumerate() {
            *at = at.add((first + row.min(count - 1)) * matrix.row);
        }
        let (panel, sums) = (panel.as_ptr(), sums.0.as_mut_ptr());
        // Eight rows of three registers are too many sums for 16 registers.
        if T::LANES == 16 {
            block::<T, 8>(rows, matrix.term, terms, columns, panel, add, sums);
        } else {
            let (upper, lower) = rows.split_at(4);
            for (half, rows) in [upper, lower].into_iter().enumerate() {
                let rows = [rows[0], rows[1], rows[2], rows[3]];
                let sums = sums.add(half * 4 * WIDTH);
                block::<T, 4>(rows, matrix.term, terms, columns, panel, add, sums);
            }
        }
    }
}

/// # Safety
/// As for [`product`].
#[inline(always)]
unsafe fn block<T: Vector, const R: usize>(
    rows: [*const f32; R],
    step: usize,
    terms: usize,
    columns: usize,
    panel: *const f32,
    add: bool,
    sums: *mut f32,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match columns.div_ceil(T::LANES) {
            1 => product::<T, R, 1>(rows, step, terms, panel, add, sums),
            2 => product::<T, R, 2>(rows, step, terms, panel, add, sums),
            _ => product::<T, R, 3>(rows, step, terms, panel, add, sums),
        }
    }
}

/// # Safety
/// The processor must have `T`'s instructions. Each of `rows` has a value every `step`, `terms` in all; `panel`
/// has `terms` rows of [`WIDE`] registers; `sums` has `R` rows of [`WIDTH`] values.
#[inline(always)]
unsafe fn product<T: Vector, const R: usize, const N: usize>(
    rows: [*const f32; R],
    step: usize,
    terms: usize,
    mut panel: *const f32,
    add: bool,
    sums: *mut f32,
) {
    // SAFETY: the caller's promise covers every address formed here.
    unsafe {
        let mut totals = [[T::splat(0.0); N]; R];
        let mut at = 0;
        for term in 0..terms {
            // With few columns it takes as long to fetch the weights as to use them: those of the next rows, where rows
            // follow each other.
            if N == 1 && step == 1 {
                prefetch(rows[0].wrapping_add(R * (terms + term)));
            }
            let mut x = [T::splat(0.0); N];
            for (v, x) in x.iter_mut().enumerate() {
                *x = T::load(panel.add(v * T::LANES));
            }
            for (row, totals) in rows.iter().zip(&mut totals) {
                let w = T::splat(*row.add(at));
                for (total, x) in totals.iter_mut().zip(x) {
                    *total = w.mul_add(x, *total);
                }
            }
            at += step;
            panel = panel.add(WIDE * T::LANES);
        }
        for (row, totals) in totals.into_iter().enumerate() {
            for (v, total) in totals.into_iter().enumerate() {
                let sum = sums.add(row * WIDTH + v * T::LANES);
                // Added last: one chain of sums over all pixels of a batch would lose digits.
                let total = if add { total.add(T::load(sum)) } else { total };
                total.store(sum);
            }
        }
    }
}

/// Brings sums through an [`Epilogue`], in place.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn finish_rows<T: Vector>(
    sums: &mut Sums,
    rows: [usize; 2],
    columns: usize,
    epilogue: Epilogue<'_>,
) {
    // SAFETY: the caller's promise.
    unsafe {
        with_curve!(epilogue.activation, finish_with::<T, _>(sums, rows, columns, epilogue));
    }
}

#[inline(always)]
unsafe fn finish_with<T: Vector, C: Curve>(
    sums: &mut Sums,
    [first, count]: [usize; 2],
    columns: usize,
    epilogue: Epilogue<'_>,
) {
    for (row, sums) in sums.0.chunks_exact_mut(WIDTH).enumerate().take(count) {
        let affine = epilogue.affine(first + row);
        for sums in sums.chunks_exact_mut(T::LANES).take(columns.div_ceil(T::LANES)) {
            // SAFETY: a chunk is a register.
            unsafe { finish::<T, C>(T::load(sums.as_ptr()), affine).store(sums.as_mut_ptr()) };
        }
    }
}
