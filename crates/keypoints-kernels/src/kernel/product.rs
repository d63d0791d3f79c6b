//! Products of matrices of any layout, by the gemm crate, which chooses among the processor's instructions itself.

use gemm::Parallelism;

/// How a matrix lies in a slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    pub rows: usize,
    pub columns: usize,
    /// From one row to the next.
    pub row: usize,
    /// From one column to the next.
    pub column: usize,
}

impl Layout {
    /// Row after row.
    pub(super) fn rows(rows: usize, columns: usize) -> Self {
        Self { rows, columns, row: columns, column: 1 }
    }

    /// The same values with rows for columns.
    pub(super) fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, row: self.column, column: self.row }
    }

    /// How many values a slice must have.
    fn reach(self) -> usize {
        match self.rows == 0 || self.columns == 0 {
            true => 0,
            false => (self.rows - 1) * self.row + (self.columns - 1) * self.column + 1,
        }
    }

    /// Whether no two entries are the same value.
    fn is_injective(self) -> bool {
        let across = self.column.max(1) * self.columns;
        let down = self.row.max(1) * self.rows;
        (self.column > 0 && self.row >= across) || (self.row > 0 && self.column >= down)
    }
}

/// `out = keep · out + scale · left · right`; with `keep` 0, whatever was in `out` does not matter.
///
/// # Panics
/// Where sizes do not fit: the arguments come from this crate's own.
pub(super) fn product(
    (out, to): (&mut [f32], Layout),
    keep: f32,
    scale: f32,
    (left, of_left): (&[f32], Layout),
    (right, of_right): (&[f32], Layout),
) {
    let inner = of_left.columns;
    assert_eq!([to.rows, inner, to.columns], [of_left.rows, of_right.rows, of_right.columns]);
    assert!(out.len() >= to.reach() && to.is_injective(), "{to:?} in {}", out.len());
    assert!(left.len() >= of_left.reach(), "{of_left:?} in {}", left.len());
    assert!(right.len() >= of_right.reach(), "{of_right:?} in {}", right.len());
    let stride = |stride: usize| stride as isize;
    // SAFETY: by the assertions every entry of the three lies within its slice, and no two entries of `out` are the same
    // value; `out` is borrowed alone.
    unsafe {
        gemm::gemm(
            to.rows,
            to.columns,
            inner,
            out.as_mut_ptr(),
            stride(to.column),
            stride(to.row),
            keep != 0.0,
            left.as_ptr(),
            stride(of_left.column),
            stride(of_left.row),
            right.as_ptr(),
            stride(of_right.column),
            stride(of_right.row),
            keep,
            scale,
            false,
            false,
            false,
            // By as many threads as there are, where it is worth waking them: gemm sees to that.
            Parallelism::Rayon(0),
        );
    }
}

#[cfg(test)]
mod tests;
