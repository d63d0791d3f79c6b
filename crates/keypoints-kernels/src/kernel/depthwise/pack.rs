//! Between planes and packed planes.

use crate::kernel::correlate::slack;
use crate::kernel::multiply::RUN;
use crate::kernel::simd::{Vector, copy_rows, part, put};
use crate::kernel::window::Window;

/// Packed values that are to stay in a core's first-level cache.
const VALUES: usize = 8 * 1024;

/// A [`Window`] over whole planes and what follows from it. Planes of a few images lie one behind the other, so that
/// small ones fill registers too; a stride's lattices lie apart from each other.
pub(super) struct Packing {
    window: Window,
    rows: usize,
    images: usize,
    offsets: Vec<usize>,
    /// Rows with pixels, where there is a fast way for them.
    lines: Vec<Line>,
}

/// Pixels of a row that lie in one packed row.
struct Line {
    /// Where the first goes.
    to: usize,
    /// Where the first of the second plane goes, where a stride of 2 takes turns.
    other: Option<usize>,
    /// Where the first is.
    from: usize,
    /// Pixels that are read.
    count: usize,
}

impl Packing {
    /// For so many rows of output pixels, of at most `most` images together.
    pub(super) fn new(window: Window, rows: usize, most: usize) -> Self {
        let mut packing = Self { window, rows, images: 1, offsets: Vec::new(), lines: Vec::new() };
        if window.stride[1] <= 2 {
            packing.images = (VALUES / packing.len()).clamp(1, most.max(1));
            packing.lines = packing.lines();
        }
        if packing.lines.is_empty() {
            packing.images = 1;
        }
        let [high, wide] = window.taps;
        packing.offsets = (0..high * wide)
            .map(|tap| {
                let offset = window.offset([tap / wide, tap % wide], rows);
                let (phase, within) = (offset / packing.plane(), offset % packing.plane());
                phase * packing.images * packing.plane() + within
            })
            .collect();
        packing
    }

    /// Images that are packed together.
    pub(super) fn images(&self) -> usize {
        self.images
    }

    /// From one image's sums to the next's.
    pub(super) fn plane(&self) -> usize {
        (self.rows + (self.window.taps[0] - 1) / self.window.stride[0]) * self.pitch()
    }

    /// Columns from one packed row to the next.
    pub(super) fn pitch(&self) -> usize {
        self.window.pitch()
    }

    /// Cleared memory for packed planes, and for what is read behind them as sums are rounded up.
    pub(super) fn room(&self) -> Vec<f32> {
        vec![0.0; self.len() + slack(&self.window)]
    }

    /// Sums of so many images, in whole registers.
    pub(super) fn sums(&self, images: usize) -> usize {
        ((images - 1) * self.plane() + self.rows * self.pitch()).next_multiple_of(RUN)
    }

    fn len(&self) -> usize {
        self.window.channel_len(self.rows) * self.images
    }

    /// Where the taps of the first output pixel lie.
    pub(super) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    fn lines(&self) -> Vec<Line> {
        let Window { source: [height, width], first, stride: [down, right], taps, .. } =
            self.window;
        let (phases, pitch) = ([down.min(taps[0]), right.min(taps[1])], self.pitch());
        let rows = self.rows + (taps[0] - 1) / down;
        let lattice = self.images * self.plane();
        let mut lines = Vec::new();
        for row in 0..rows {
            for phase in 0..phases[0] {
                let y = (row * down + phase) as isize + first[0];
                let Ok(y) = usize::try_from(y) else { continue };
                if y >= height {
                    continue;
                }
                let plane = phase * phases[1] * lattice + row * pitch;
                // The first column of the plane or the plane's first pixel, whichever comes later.
                let column = first[1].min(0).unsigned_abs();
                let pixel = first[1].max(0).unsigned_abs();
                let room = |column: usize| (pitch * right).saturating_sub(column);
                let count = width.saturating_sub(pixel).min(room(column));
                let (to, other) = match (right, phases[1]) {
                    (1, _) => (plane + column, None),
                    (_, 1) => continue,
                    // The planes take turns: the first pixel belongs to the even one or to the odd one.
                    _ => {
                        let second = plane + lattice;
                        match column % 2 {
                            0 => (plane + column / 2, Some(second + column / 2)),
                            _ => (second + column / 2, Some(plane + column / 2 + 1)),
                        }
                    }
                };
                if count > 0 {
                    lines.push(Line { to, other, from: y * width + pixel, count });
                }
            }
        }
        lines
    }

    /// Packs the plane of image number `image` of those that are packed together. The margins of `packed` hold 0
    /// already.
    ///
    /// # Safety
    /// The processor must have `T`'s instructions.
    #[inline(always)]
    pub(super) unsafe fn pack<T: Vector>(&self, plane: &[f32], image: usize, packed: &mut [f32]) {
        let [height, width] = self.window.source;
        assert!(packed.len() >= self.len() && image < self.images);
        assert!(plane.len() == height * width);
        let Some(first) = self.lines.first() else {
            self.window.pack(plane, 0, self.rows, &mut packed[..self.len()]);
            return;
        };
        let packed = packed[image * self.plane()..].as_mut_ptr();
        // SAFETY: the lines lie within a plane and the packed planes, as both have been checked to be there.
        unsafe {
            if first.other.is_none() && self.window.stride[0] == 1 {
                // All rows are alike.
                let (from, to) = (plane.as_ptr().add(first.from), packed.add(first.to));
                let sizes = [self.lines.len(), first.count];
                copy_rows::<T>(from, to, sizes, [width, self.pitch()]);
                return;
            }
            for line in &self.lines {
                let (from, to) = (plane.as_ptr().add(line.from), packed.add(line.to));
                match line.other {
                    None => copy_rows::<T>(from, to, [1, line.count], [0, 0]),
                    Some(other) => unzip::<T>(from, line.count, to, packed.add(other)),
                }
            }
        }
    }
}

/// Deals `count` values out in turn, the first to `evens`.
///
/// # Safety
/// The processor must have `T`'s instructions; the values exist, and there is room for them.
#[inline(always)]
unsafe fn unzip<T: Vector>(from: *const f32, count: usize, evens: *mut f32, odds: *mut f32) {
    let counts = [count.div_ceil(2), count / 2];
    let mut at = 0;
    while at < count {
        let left = count - at;
        // SAFETY: `part` and `put` keep to what there is.
        unsafe {
            let first = part::<T>(from.add(at), left);
            let second = match left > T::LANES {
                true => part::<T>(from.add(at + T::LANES), left - T::LANES),
                false => T::splat(0.0),
            };
            let [even, odd] = T::unzip(first, second);
            put(even, evens.add(at / 2), counts[0] - at / 2);
            if counts[1] > at / 2 {
                put(odd, odds.add(at / 2), counts[1] - at / 2);
            }
        }
        at += 2 * T::LANES;
    }
}

/// Takes the pixels of a plane out of rows of `pitch` sums.
///
/// # Safety
/// The processor must have `T`'s instructions; `to` has room for the plane.
#[inline(always)]
pub(super) unsafe fn unpack<T: Vector>(
    sums: &[f32],
    pitch: usize,
    [height, width]: [usize; 2],
    to: *mut f32,
) {
    assert!(sums.len() >= (height - 1) * pitch + width);
    // SAFETY: the rows have `width` sums, and the caller vouches for as many pixels.
    unsafe { copy_rows::<T>(sums.as_ptr(), to, [height, width], [pitch, width]) };
}
