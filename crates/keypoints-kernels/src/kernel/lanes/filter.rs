//! Forward passes and input gradients: destination channels side by side, source pixels number by number.

use super::pack::pack;
use super::plan::{Filter, Lattice};
use crate::kernel::SimdLevel;
use crate::kernel::patch::spread;
use crate::kernel::scratch::with_scratch;
use crate::kernel::share::{is_little, tasks};
use crate::kernel::simd::{Vector, at_every_level, copy_rows};
use crate::kernel::space::{Shared, Space};

/// Destination rows that are turned into planes together.
const LINES: usize = 4;
/// Pixels of a row so short that two of them are computed together.
const HALF: usize = 6;

/// Everything that all tasks share.
#[derive(Clone, Copy)]
struct Plan<'a> {
    filter: Filter<'a>,
    /// For each pair of a row and a column lattice what [`pack`] makes.
    weights: &'a [Vec<f32>],
    /// Factors, then summands, of all channels rounded up to registers.
    ends: &'a [Vec<f32>; 2],
    destination: Shared<'a>,
}

/// Some destination rows of a picture.
#[derive(Clone, Copy)]
struct Unit {
    picture: usize,
    /// First row and how many.
    rows: [usize; 2],
}

/// Correlates. The answer is `[batch, destination channels, rows, columns]`.
pub(in crate::kernel) fn filter(level: SimdLevel, filter: Filter<'_>, batch: usize) -> Vec<f32> {
    let lanes = level.lanes();
    let [channels, outputs] = filter.channels;
    let padded = outputs.next_multiple_of(lanes);
    let (high, wide) = (filter.rows.size, filter.columns.size);
    assert!(filter.source.len() >= batch * channels * filter.rows.source * filter.columns.source);
    let weights: Vec<Vec<f32>> =
        filter.pairs().map(|(rows, columns)| pack(level, &filter, rows, columns)).collect();
    let ends = filter.epilogue.padded(padded);
    let len = batch * outputs * high * wide;
    let mut destination = Space::new(len);
    let plan = Plan { filter, weights: &weights, ends: &ends, destination: destination.share() };
    // Enough tasks for all threads, of whole pictures where there are enough of them.
    let taps = filter.kernel[0] * filter.kernel[1];
    let work = (len / lanes * channels * taps) as u64;
    let share =
        if is_little(work) { 1 } else { (4 * rayon::current_num_threads()).div_ceil(batch) };
    let band = high.div_ceil(share.clamp(1, high)).next_multiple_of(LINES);
    let bands = high.div_ceil(band);
    tasks(work, batch * bands, |task| {
        let from = task % bands * band;
        let unit = Unit { picture: task / bands, rows: [from, band.min(high - from)] };
        with_scratch(Buffers::new(&plan, unit, lanes).len(), |scratch| {
            // SAFETY: the source holds all pictures (asserted above); every task writes its own rows of its own
            // picture; the scratch is as long as the buffers.
            unsafe { compute_unit(level, &plan, unit, scratch) }
        });
    });
    // SAFETY: the tasks cover all rows of all pictures, and each has written all pixels of its rows in all channels.
    unsafe { destination.filled() }
}

/// How the scratch of a unit is divided.
struct Buffers {
    /// First source row and column that is needed (may be outside), and how many.
    first: [isize; 2],
    size: [usize; 2],
    /// Packed source values.
    source: usize,
    /// Finished pixels of one register of channels.
    lines: usize,
}

impl Buffers {
    fn new(plan: &Plan<'_>, unit: Unit, lanes: usize) -> Self {
        let Filter { rows, columns, channels, .. } = plan.filter;
        let spans =
            [rows.span(unit.rows[0]..unit.rows[0] + unit.rows[1]), columns.span(0..columns.size)];
        let size = spans.map(|[first, after]| (after - first).unsigned_abs());
        Self {
            first: spans.map(|[first, _]| first),
            size,
            source: channels[0] * size[0] * size[1],
            lines: LINES * columns.size * lanes,
        }
    }

    fn len(&self) -> usize {
        self.source + 2 * self.lines + 32
    }
}

at_every_level! {
    /// [`compute`]
    fn compute_unit = compute(plan: &Plan<'_>, unit: Unit, scratch: &mut [f32]);
}

/// # Safety
/// The processor has `T`'s instructions, the plan's slices hold what its sizes say, no other task writes to the unit's
/// rows, and `scratch` has the length that [`Buffers`] say.
#[inline(always)]
unsafe fn compute<T: Vector>(plan: &Plan<'_>, unit: Unit, scratch: &mut [f32]) {
    let Plan { filter, destination, .. } = *plan;
    let [channels, outputs] = filter.channels;
    let (high, wide) = (filter.rows.size, filter.columns.size);
    let buffers = Buffers::new(plan, unit, T::LANES);
    let skip = scratch.as_ptr().align_offset(64).min(16);
    let (lines, source) = scratch[skip..].split_at_mut(2 * buffers.lines);
    // SAFETY: the caller's promise.
    unsafe { frame::<T>(&filter, unit.picture, &buffers, source) };
    let offsets: Vec<Vec<usize>> = filter
        .pairs()
        .map(|(rows, columns)| offsets(channels, rows, columns, buffers.size))
        .collect();
    let covered = filter.rows.is_covered() && filter.columns.is_covered();
    // SAFETY: every tap of every destination pixel of the unit lies in the packed source, the lines take `LINES` rows
    // of two registers, and only the unit's rows of the destination are written.
    unsafe {
        let least = T::splat(if filter.epilogue.rectifies() { 0.0 } else { f32::NEG_INFINITY });
        for output in (0..outputs).step_by(2 * T::LANES) {
            let registers = (outputs - output).div_ceil(T::LANES).min(2);
            for from in (0..unit.rows[1]).step_by(LINES) {
                let count = LINES.min(unit.rows[1] - from);
                let top = unit.rows[0] + from;
                if !covered {
                    lines.fill(0.0);
                }
                // The row lattice of each line, and its first source row.
                let mut found = [None; LINES];
                for (line, found) in found.iter_mut().enumerate().take(count) {
                    *found = filter.rows.find(top + line);
                }
                for line in 0..count {
                    let Some((row, under)) = found[line].take() else { continue };
                    // Short rows are computed two at a time: the weights are read once for both.
                    let mut partner = None;
                    if T::LANES == 16
                        && filter.columns.lattices.iter().all(|lattice| lattice.count == HALF)
                    {
                        let same = |one: &Option<(usize, isize)>| one.is_some_and(|at| at.0 == row);
                        partner = found.iter().position(same);
                    }
                    let second = partner.and_then(|other| {
                        let (_, below) = found[other].take()?;
                        let source = (below - under).unsigned_abs() * buffers.size[1];
                        Some([source, (other - line) * wide * T::LANES])
                    });
                    let under = (under - buffers.first[0]).unsigned_abs() * buffers.size[1];
                    for (column, lattice) in filter.columns.lattices.iter().enumerate() {
                        let pair = row * filter.columns.lattices.len() + column;
                        let at = under + (lattice.source - buffers.first[1]).unsigned_abs();
                        let terms = &offsets[pair];
                        let run = Run {
                            terms,
                            weights: plan.weights[pair].as_ptr().add(output * terms.len()),
                            source: source.as_ptr().add(at),
                            source_step: lattice.source_step,
                            second,
                            ends: [&plan.ends[0], &plan.ends[1]]
                                .map(|all| all.as_ptr().add(output)),
                            to: lines.as_mut_ptr().add((line * wide + lattice.first) * T::LANES),
                            step: lattice.step * T::LANES,
                            lines: buffers.lines,
                        };
                        // Known steps are part of an address; others take registers.
                        match (registers, run.source_step) {
                            (2, 1) => run.compute::<T, 2, 1>(lattice.count, least),
                            (2, 2) => run.compute::<T, 2, 2>(lattice.count, least),
                            (2, _) => run.compute::<T, 2, 0>(lattice.count, least),
                            (_, 1) => run.compute::<T, 1, 1>(lattice.count, least),
                            (_, 2) => run.compute::<T, 1, 2>(lattice.count, least),
                            _ => run.compute::<T, 1, 0>(lattice.count, least),
                        }
                    }
                }
                for register in 0..registers {
                    let channel = output + register * T::LANES;
                    let used = T::LANES.min(outputs - channel);
                    let at = ((unit.picture * outputs + channel) * high + top) * wide;
                    let to = destination.at(at, (used - 1) * high * wide + count * wide);
                    let from = lines.as_ptr().add(register * buffers.lines);
                    spread::<T>(from, count * wide, to, high * wide, used);
                }
            }
        }
    }
}

/// The source pixels that a unit needs, with zeros where there are none.
///
/// # Safety
/// The processor has `T`'s instructions.
#[inline(always)]
unsafe fn frame<T: Vector>(filter: &Filter<'_>, picture: usize, buffers: &Buffers, to: &mut [f32]) {
    let sizes = [filter.rows.source, filter.columns.source];
    let [rows, columns] = buffers.size;
    if rows * columns == 0 {
        return;
    }
    // Of rows and of columns: those before the picture, those of the picture that are not needed, and those that are.
    let inside = [0, 1].map(|axis| {
        let before = buffers.first[axis].min(0).unsigned_abs().min(buffers.size[axis]);
        let skipped = buffers.first[axis].max(0).unsigned_abs();
        (before, skipped, sizes[axis].saturating_sub(skipped).min(buffers.size[axis] - before))
    });
    let [(above, first, high), (left, skipped, wide)] = inside;
    let plane = sizes[0] * sizes[1];
    let planes = filter.source[picture * filter.channels[0] * plane..].chunks_exact(plane);
    for (plane, to) in planes.zip(to.chunks_exact_mut(rows * columns)).take(filter.channels[0]) {
        if high == 0 || wide == 0 {
            to.fill(0.0);
            continue;
        }
        to[..above * columns].fill(0.0);
        to[(above + high) * columns..].fill(0.0);
        let lines = &mut to[above * columns..(above + high) * columns];
        // A call into the C library for each of these few pixels would take longer than copying the rows.
        for line in lines.chunks_exact_mut(columns) {
            line[..left].iter_mut().for_each(|pixel| *pixel = 0.0);
            line[left + wide..].iter_mut().for_each(|pixel| *pixel = 0.0);
        }
        let from = &plane[first * sizes[1] + skipped..][..(high - 1) * sizes[1] + wide];
        let to = &mut lines[left..][..(high - 1) * columns + wide];
        // SAFETY: both slices hold `high` rows of `wide` pixels.
        unsafe {
            copy_rows::<T>(from.as_ptr(), to.as_mut_ptr(), [high, wide], [sizes[1], columns]);
        }
    }
}

/// Where each term of a pixel lies behind its first one.
fn offsets(channels: usize, rows: &Lattice, columns: &Lattice, size: [usize; 2]) -> Vec<usize> {
    let (high, wide) = (rows.taps.len(), columns.taps.len());
    (0..channels * high * wide)
        .map(|term| {
            let (channel, tap) = (term / (high * wide), term % (high * wide));
            (channel * size[0] + tap / wide) * size[1] + tap % wide
        })
        .collect()
}

/// A run of pixels of one destination row.
#[derive(Clone, Copy)]
struct Run<'a> {
    terms: &'a [usize],
    /// `[term, lanes]`
    weights: *const f32,
    /// The first pixel's first tap in the first channel.
    source: *const f32,
    source_step: usize,
    /// How far behind the first row's a second row of as many pixels lies, in the source and where it goes.
    second: Option<[usize; 2]>,
    /// Factors and summands.
    ends: [*const f32; 2],
    /// Where the first pixel goes, from one to the next, and from one register to the next.
    to: *mut f32,
    step: usize,
    lines: usize,
}

impl Run<'_> {
    /// # Safety
    /// The processor has `T`'s instructions, the run's addresses are good for `count` pixels of `WIDE` registers, and
    /// `STEP` is 0 or its `source_step`.
    #[inline(always)]
    unsafe fn compute<T: Vector, const WIDE: usize, const STEP: usize>(
        self,
        count: usize,
        least: T,
    ) {
        let mut at = 0;
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(second) = self.second {
                self.tile::<T, { 2 * HALF }, WIDE, STEP, true>(0, second, least);
                return;
            }
            // Twelve pixels of two registers are what 32 registers hold, beside weights and a pixel.
            if T::LANES == 16 && STEP > 0 {
                while at + 12 <= count {
                    self.tile::<T, 12, WIDE, STEP, false>(at, [0; 2], least);
                    at += 12;
                }
            }
            if T::SUMS < 12 {
                while WIDE == 1 && at + 4 <= count {
                    self.tile::<T, 4, WIDE, STEP, false>(at, [0; 2], least);
                    at += 4;
                }
                while at + 2 <= count {
                    self.tile::<T, 2, WIDE, STEP, false>(at, [0; 2], least);
                    at += 2;
                }
            } else {
                while at + 6 <= count {
                    self.tile::<T, 6, WIDE, STEP, false>(at, [0; 2], least);
                    at += 6;
                }
                while at + 3 <= count {
                    self.tile::<T, 3, WIDE, STEP, false>(at, [0; 2], least);
                    at += 3;
                }
            }
            while at < count {
                self.tile::<T, 1, WIDE, STEP, false>(at, [0; 2], least);
                at += 1;
            }
        }
    }

    /// # Safety
    /// As for [`Run::compute`], with pixels `at..at + PIXELS`; as a `PAIR`, with the [`HALF`] from `at` on of two rows, which
    /// lie the gaps apart.
    #[inline(always)]
    unsafe fn tile<
        T: Vector,
        const PIXELS: usize,
        const WIDE: usize,
        const STEP: usize,
        const PAIR: bool,
    >(
        self,
        at: usize,
        [source_gap, gap]: [usize; 2],
        least: T,
    ) {
        let step = if STEP > 0 { STEP } else { self.source_step };
        // SAFETY: the caller's promise.
        unsafe {
            let mut sums = [[T::splat(0.0); WIDE]; PIXELS];
            let source = self.source.add(at * step);
            let mut weights = self.weights;
            for &term in self.terms {
                let mut factors = [T::splat(0.0); WIDE];
                for (register, factor) in factors.iter_mut().enumerate() {
                    *factor = T::load(weights.add(register * T::LANES));
                }
                weights = weights.add(WIDE * T::LANES);
                let pixels = source.add(term);
                let below = pixels.add(source_gap);
                for (pixel, sums) in sums.iter_mut().enumerate() {
                    let value = match PAIR && pixel >= HALF {
                        true => *below.add((pixel - HALF) * step),
                        false => *pixels.add(pixel * step),
                    };
                    let value = T::splat(value);
                    for (sum, factor) in sums.iter_mut().zip(factors) {
                        *sum = factor.mul_add(value, *sum);
                    }
                }
            }
            for (pixel, sums) in sums.into_iter().enumerate() {
                for (register, sum) in sums.into_iter().enumerate() {
                    let [scale, bias] = self.ends.map(|all| T::load(all.add(register * T::LANES)));
                    let (pixel, gap) =
                        if PAIR && pixel >= HALF { (pixel - HALF, gap) } else { (pixel, 0) };
                    let to = self.to.add(register * self.lines + (at + pixel) * self.step + gap);
                    least.max(sum.mul_add(scale, bias)).store(to);
                }
            }
        }
    }
}
