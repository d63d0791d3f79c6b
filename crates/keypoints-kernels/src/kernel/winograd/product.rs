//! Small matrix products whose sums stay in registers.

use crate::kernel::simd::Vector;

/// One matrix in memory: values from one step of the sum to the next, and from one row to the next.
#[derive(Clone, Copy)]
pub(super) struct Left {
    pub values: *const f32,
    pub row: usize,
    pub step: usize,
}

/// `sums[row][lane] = Σ_step left[row, step] · right[step][lane]`, added to what is there where `add` says so,
/// for `wide` (1 or 2) registers of lanes.
///
/// # Safety
/// The processor has `T`'s instructions; `left` is readable for `rows` × `depth` values, `right` for `depth`
/// rows of `wide` registers, `right_step` apart, `sums` writable for `rows` rows, `sums_row` apart.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(super) unsafe fn product<T: Vector>(
    left: Left,
    right: *const f32,
    right_step: usize,
    depth: usize,
    sums: *mut f32,
    sums_row: usize,
    rows: usize,
    wide: usize,
    add: bool,
) {
    let mut row = 0;
    // Twelve rows of two registers or sixteen of one are what 32 registers hold, four what 16 do.
    while row < rows {
        let left_rest = rows - row;
        // SAFETY: the caller's promise; every block of rows ends at or before `rows`.
        unsafe {
            let left = Left { values: left.values.add(row * left.row), ..left };
            let sums = sums.add(row * sums_row);
            macro_rules! block {
                ($rows:literal) => {{
                    if wide == 2 {
                        tile::<T, $rows, 2>(left, right, right_step, depth, sums, sums_row, add);
                    } else {
                        tile::<T, $rows, 1>(left, right, right_step, depth, sums, sums_row, add);
                    }
                    $rows
                }};
            }
            row += if T::LANES == 16 && wide == 1 && left_rest >= 16 && left_rest != 24 {
                block!(16)
            } else if T::LANES == 16 && left_rest >= 12 {
                block!(12)
            } else if T::LANES == 16 && left_rest >= 8 {
                block!(8)
            } else if T::SUMS < 8 && wide == 2 && left_rest >= 2 {
                block!(2)
            } else if left_rest >= 4 {
                block!(4)
            } else {
                block!(1)
            };
        }
    }
}

/// # Safety
/// As for [`product`], for `ROWS` rows and `WIDE` registers.
#[inline(always)]
unsafe fn tile<T: Vector, const ROWS: usize, const WIDE: usize>(
    left: Left,
    right: *const f32,
    right_step: usize,
    depth: usize,
    sums: *mut f32,
    sums_row: usize,
    add: bool,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut totals = [[T::splat(0.0); WIDE]; ROWS];
        let (mut a, mut b) = (left.values, right);
        for _ in 0..depth {
            let mut lanes = [T::splat(0.0); WIDE];
            for (v, lanes) in lanes.iter_mut().enumerate() {
                *lanes = T::load(b.add(v * T::LANES));
            }
            for (row, totals) in totals.iter_mut().enumerate() {
                let factor = T::splat(*a.add(row * left.row));
                for (total, lanes) in totals.iter_mut().zip(lanes) {
                    *total = factor.mul_add(lanes, *total);
                }
            }
            a = a.add(left.step);
            b = b.add(right_step);
        }
        for (row, totals) in totals.into_iter().enumerate() {
            for (v, total) in totals.into_iter().enumerate() {
                let to = sums.add(row * sums_row + v * T::LANES);
                let total = if add { total.add(T::load(to)) } else { total };
                total.store(to);
            }
        }
    }
}
