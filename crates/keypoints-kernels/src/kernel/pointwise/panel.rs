//! Columns of pixels, between images and packed panels.

use super::tile::{Sums, WIDTH};
use crate::kernel::simd::{Vector, copy_rows};
use crate::kernel::space::Shared;

/// Neighbouring columns: pixels of one image, and on into the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Columns {
    /// The columns of panel number `index`.
    pub(super) fn panel(self, index: usize, width: usize) -> Self {
        let skipped = index * width;
        Self { first: self.first + skipped, count: width.min(self.count - skipped) }
    }

    /// Calls `body(image, pixel, column from the first, length)` for the part of every image.
    #[inline(always)]
    fn each(self, plane: usize, mut body: impl FnMut(usize, usize, usize, usize)) {
        let (mut image, mut pixel) = (self.first / plane, self.first % plane);
        let mut done = 0;
        while done < self.count {
            let len = (plane - pixel).min(self.count - done);
            body(image, pixel, done, len);
            done += len;
            (image, pixel) = (image + 1, 0);
        }
    }
}

/// Packs columns of `channels` planes an image as `[channel, width]`; what lies behind the last column is left as it is.
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn pack<T: Vector>(
    columns: Columns,
    input: &[f32],
    [plane, channels]: [usize; 2],
    width: usize,
    panel: &mut [f32],
) {
    assert!(panel.len() >= channels * width && columns.count <= width);
    let to = panel.as_mut_ptr();
    columns.each(plane, |image, pixel, column, len| {
        let planes = &input[image * channels * plane..(image + 1) * channels * plane];
        // SAFETY: `pixel + len` is within the plane, `column + len` within the panel's width.
        unsafe {
            let from = planes.as_ptr().add(pixel);
            copy_rows::<T>(from, to.add(column), [channels, len], [plane, width]);
        }
    });
}

/// Writes `count` rows of sums from row `first` on to their planes, of which an image has `rows`.
///
/// # Safety
/// The processor must have `T`'s instructions; these rows of these columns are written by nobody else.
#[inline(always)]
pub(super) unsafe fn unpack<T: Vector>(
    columns: Columns,
    [plane, rows]: [usize; 2],
    [first, count]: [usize; 2],
    sums: &Sums,
    to: Shared<'_>,
) {
    columns.each(plane, |image, pixel, column, len| {
        let to = to.at((image * rows + first) * plane + pixel, (count - 1) * plane + len);
        let from = sums.first(count)[column..(count - 1) * WIDTH + column + len].as_ptr();
        // SAFETY: both have `count` rows of `len` values.
        unsafe { copy_rows::<T>(from, to, [count, len], [WIDTH, plane]) };
    });
}
