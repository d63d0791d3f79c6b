//! Between planes (one channel after the other) and patches (a register of channels for each pixel).

use crate::kernel::simd::{Vector, part, prefetch_to_write, put};

/// A band of rows of a picture with room around it, `[rows, columns, lanes]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    /// Row and column of the picture that the patch's first pixel lies on; may be outside.
    pub first: [isize; 2],
    /// Rows and columns of the patch.
    pub size: [usize; 2],
    /// Height and width of the picture.
    pub picture: [usize; 2],
}

impl Patch {
    /// Values, with so many channels to a pixel.
    pub(super) fn len(&self, lanes: usize) -> usize {
        self.size[0] * self.size[1] * lanes
    }

    /// Fills the patch with `channels` (at most a register's lanes) planes; outside the picture and beyond
    /// the channels is 0.
    ///
    /// # Safety
    /// `planes` must hold `channels` planes, `to` must be writable for the whole patch.
    #[inline(always)]
    pub(super) unsafe fn fill<T: Vector>(&self, planes: &[f32], channels: usize, to: *mut f32) {
        let plane = self.picture[0] * self.picture[1];
        let width = self.picture[1];
        let mut square = [0.0_f32; 16 * 16];
        let mut rows = [0.0_f32; 16 * 16];
        // SAFETY: rows and columns are clipped to the picture and to the patch, reads to the planes; a
        // square of at most 16 lanes fits both buffers.
        unsafe {
            for y in 0..self.size[0] {
                let line = to.add(y * self.size[1] * T::LANES);
                let Some(source) = inside(self.first[0] + y as isize, self.picture[0]) else {
                    blank::<T>(line, self.size[1]);
                    continue;
                };
                let left = self.first[1].min(0).unsigned_abs().min(self.size[1]);
                let skipped = self.first[1].max(0).unsigned_abs();
                let count = width.saturating_sub(skipped).min(self.size[1] - left);
                blank::<T>(line, left);
                let start = source * width + skipped;
                let source = planes.as_ptr().add(start);
                // A square may read beyond the row: what is there is dropped.
                let squares =
                    (planes.len()).saturating_sub(start + (T::LANES - 1) * plane + T::LANES);
                // It may write beyond the row as well: that is written once more, unless it lies behind the patch.
                let room = (self.size[0] - y) * self.size[1] - left;
                let mut at = 0;
                while at < count {
                    let line = line.add((left + at) * T::LANES);
                    let here = (count - at).min(T::LANES);
                    let whole = here == T::LANES || at + T::LANES <= room;
                    if channels == T::LANES && whole && (here == T::LANES || at < squares) {
                        T::transpose(source.add(at), plane, line, T::LANES);
                    } else if channels == T::LANES && at < squares {
                        T::transpose(source.add(at), plane, square.as_mut_ptr(), T::LANES);
                        copy_pixels::<T>(square.as_ptr(), line, here);
                    } else {
                        for channel in 0..channels {
                            let from = source.add(channel * plane + at);
                            let row = rows.as_mut_ptr().add(channel * T::LANES);
                            part::<T>(from, here).store(row);
                        }
                        T::transpose(rows.as_ptr(), T::LANES, square.as_mut_ptr(), T::LANES);
                        copy_pixels::<T>(square.as_ptr(), line, here);
                    }
                    at += here;
                }
                let after = left + count;
                blank::<T>(line.add(after * T::LANES), self.size[1] - after);
            }
        }
    }
}

/// Copies a few pixels, a register each.
///
/// # Safety
/// Both must hold `count` pixels and not overlap.
#[inline(always)]
unsafe fn copy_pixels<T: Vector>(from: *const f32, to: *mut f32, count: usize) {
    for pixel in 0..count {
        // SAFETY: the caller's promise.
        unsafe { T::load(from.add(pixel * T::LANES)).store(to.add(pixel * T::LANES)) }
    }
}

/// Sets some pixels to 0: mostly one or two, for which a call into the C library would take longer.
///
/// # Safety
/// `to` must be writable for `count` pixels.
#[inline(always)]
unsafe fn blank<T: Vector>(to: *mut f32, count: usize) {
    for pixel in 0..count {
        // SAFETY: the caller's promise.
        unsafe { T::splat(0.0).store(to.add(pixel * T::LANES)) }
    }
}

/// Squares between the one that is written and the one that is asked for.
const AHEAD: usize = 2;

/// Writes `count` pixels, a register of channels each, to as many places of `channels` planes.
///
/// # Safety
/// `from` must be readable for `count` pixels, `planes` writable for `count` values in each of `channels`
/// planes, `plane` values apart.
#[inline(always)]
pub(super) unsafe fn spread<T: Vector>(
    from: *const f32,
    count: usize,
    planes: *mut f32,
    plane: usize,
    channels: usize,
) {
    let mut square = [0.0_f32; 16 * 16];
    let mut rows = [0.0_f32; 16 * 16];
    let mut at = 0;
    // SAFETY: the caller's promise; a square of at most 16 lanes fits both buffers.
    unsafe {
        while at < count {
            let here = (count - at).min(T::LANES);
            let source = from.add(at * T::LANES);
            for channel in 0..channels {
                let ahead = channel * plane + at + AHEAD * T::LANES;
                prefetch_to_write(planes.wrapping_add(ahead));
            }
            if here == T::LANES && channels == T::LANES {
                T::transpose(source, T::LANES, planes.add(at), plane);
            } else {
                copy_pixels::<T>(source, square.as_mut_ptr(), here);
                T::transpose(square.as_ptr(), T::LANES, rows.as_mut_ptr(), T::LANES);
                for channel in 0..channels {
                    let row = T::load(rows.as_ptr().add(channel * T::LANES));
                    put(row, planes.add(channel * plane + at), here);
                }
            }
            at += here;
        }
    }
}

/// `at` where it is one of `0..len`.
fn inside(at: isize, len: usize) -> Option<usize> {
    usize::try_from(at).ok().filter(|&at| at < len)
}
