//! Heat maps as distributions: where their mean is, and how far they are from Gaussian targets.
//!
//! A map's shares are `exp(value) / Σ exp(value)`. Each map has one owner, and its sums a fixed order.

use super::SimdLevel;
use super::exp::exp;
use super::fresh::by_costly_parts;
use super::simd::{Vector, at_every_level};

/// Sizes of a stack of maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeatMaps {
    pub count: usize,
    pub height: usize,
    pub width: usize,
}

/// Maps per task.
const SHARE: usize = 16;

impl HeatMaps {
    fn cells(self) -> usize {
        self.height * self.width
    }

    /// An exponential function per register, and a few passes more.
    fn work(self) -> u64 {
        4 * (self.count * self.cells()) as u64
    }

    /// Mean column and row of each map, `[count, 2]`, counted from 0.
    pub(crate) fn means(self, maps: &[f32]) -> Vec<f32> {
        let level = SimdLevel::best();
        by_costly_parts(self.work(), 2 * self.count, 2 * SHARE, |number, means: &mut [f32]| {
            let maps = maps.chunks_exact(self.cells()).skip(number * SHARE);
            let mut shares = vec![0.0; self.cells()];
            for (map, mean) in maps.zip(means.as_chunks_mut::<2>().0) {
                // SAFETY: a map has as many values as its shares.
                unsafe { shares_of(level, map, &mut shares) };
                *mean = self.mean(&shares);
            }
        })
    }

    fn mean(self, shares: &[f32]) -> [f32; 2] {
        let mut by_column = vec![0.0_f32; self.width];
        let mut down = 0.0;
        for (row, line) in shares.chunks_exact(self.width).enumerate() {
            for (sum, share) in by_column.iter_mut().zip(line) {
                *sum += share;
            }
            down += f64::from(sum(line)) * row as f64;
        }
        let columns = by_column.iter().enumerate();
        let right: f64 = columns.map(|(column, &share)| f64::from(share) * column as f64).sum();
        [right as f32, down as f32]
    }

    /// The gradient of the maps from that of [`means`](Self::means).
    pub(crate) fn means_back(self, maps: &[f32], gradient: &[f32]) -> Vec<f32> {
        let level = SimdLevel::best();
        self.slopes(maps, |index, map, shares| {
            let [right, down] = [gradient[2 * index], gradient[2 * index + 1]];
            if [right, down] == [0.0, 0.0] {
                return;
            }
            // SAFETY: a map has as many values as its shares.
            unsafe { shares_of(level, map, shares) };
            let mean = self.mean(shares);
            for (row, line) in shares.chunks_exact_mut(self.width).enumerate() {
                let down = (row as f32 - mean[1]) * down;
                for (column, share) in line.iter_mut().enumerate() {
                    *share *= (column as f32 - mean[0]) * right + down;
                }
            }
        })
    }

    /// The Kullback-Leibler divergence of each map from a Gaussian target around its centre, with a standard deviation of
    /// `spread` cells; `centres` is `[count, 2]`, column before row.
    pub(crate) fn divergences(self, maps: &[f32], centres: &[f32], spread: f32) -> Vec<f32> {
        let level = SimdLevel::best();
        by_costly_parts(self.work(), self.count, SHARE, |number, divergences: &mut [f32]| {
            let first = number * SHARE;
            let maps = maps.chunks_exact(self.cells()).skip(first);
            let centres = centres.as_chunks::<2>().0[first..].iter();
            let mut shares = vec![0.0; self.cells()];
            for ((map, centre), divergence) in maps.zip(centres).zip(divergences) {
                // SAFETY: a map has as many values as its shares.
                let [highest, scale] = unsafe { shares_of(level, map, &mut shares) };
                let [columns, rows] = self.target(*centre, spread);
                let mut total = scale;
                for target in [&columns, &rows] {
                    let terms = target.iter().filter(|&&share| share > 0.0);
                    total += terms.map(|&share| share * share.ln()).sum::<f64>();
                }
                let mut by_column = vec![0.0_f32; self.width];
                for (share, line) in rows.iter().zip(map.chunks_exact(self.width)) {
                    for (sum, value) in by_column.iter_mut().zip(line) {
                        // Below the highest: values that all lie far from 0 would leave nothing of what tells them apart.
                        *sum += (value - highest as f32) * *share as f32;
                    }
                }
                let sums = columns.iter().zip(&by_column);
                total -= sums.map(|(share, &sum)| share * f64::from(sum)).sum::<f64>();
                *divergence = total as f32;
            }
        })
    }

    /// The gradient of the maps from that of [`divergences`](Self::divergences).
    pub(crate) fn divergences_back(
        self,
        maps: &[f32],
        centres: &[f32],
        spread: f32,
        gradient: &[f32],
    ) -> Vec<f32> {
        let level = SimdLevel::best();
        self.slopes(maps, |index, map, shares| {
            let slope = gradient[index];
            if slope == 0.0 {
                return;
            }
            // SAFETY: a map has as many values as its shares.
            unsafe { shares_of(level, map, shares) };
            let [columns, rows] = self.target([centres[2 * index], centres[2 * index + 1]], spread);
            let columns: Vec<f32> = columns.into_iter().map(|share| share as f32).collect();
            for (row, line) in rows.into_iter().zip(shares.chunks_exact_mut(self.width)) {
                for (share, column) in line.iter_mut().zip(&columns) {
                    *share = (*share - row as f32 * column) * slope;
                }
            }
        })
    }

    /// A gradient of all maps: 0 but for what `task(number, map, slopes)` makes of it.
    fn slopes(self, maps: &[f32], task: impl Fn(usize, &[f32], &mut [f32]) + Sync) -> Vec<f32> {
        let len = SHARE * self.cells();
        by_costly_parts(self.work(), maps.len(), len, |number, slopes: &mut [f32]| {
            let maps = maps.chunks_exact(self.cells()).skip(number * SHARE);
            for (at, (map, slopes)) in maps.zip(slopes.chunks_exact_mut(self.cells())).enumerate() {
                task(number * SHARE + at, map, slopes);
            }
        })
    }

    /// The shares of a Gaussian target, cut at the edge of the map, by column and by row.
    fn target(self, centre: [f32; 2], spread: f32) -> [Vec<f64>; 2] {
        let axis = |length: usize, centre: f32| {
            let power = |at: usize| {
                let off = (at as f64 - f64::from(centre)) / f64::from(spread);
                -0.5 * off * off
            };
            let highest = (0..length).map(power).fold(f64::NEG_INFINITY, f64::max);
            let mut shares: Vec<f64> = (0..length).map(|at| (power(at) - highest).exp()).collect();
            let sum: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= sum);
            shares
        };
        [axis(self.width, centre[0]), axis(self.height, centre[1])]
    }
}

/// In eight lanes, for which a compiler has registers.
fn sum(values: &[f32]) -> f32 {
    let (groups, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0_f32; 8];
    for group in groups {
        for (lane, value) in lanes.iter_mut().zip(group) {
            *lane += value;
        }
    }
    lanes.iter().chain(rest).sum()
}

at_every_level! {
    /// [`softmax`]
    fn shares_of = softmax(map: &[f32], shares: &mut [f32]) -> [f64; 2];
}

/// The shares of a map. Answers its highest value, and the logarithm of the sum of the exponentials of how far the others lie below.
///
/// # Safety
/// The processor has `T`'s instructions, and there are as many shares as values.
#[inline(always)]
unsafe fn softmax<T: Vector>(map: &[f32], shares: &mut [f32]) -> [f64; 2] {
    let whole = map.len() / T::LANES * T::LANES;
    let rest = map.len() - whole;
    // SAFETY: whole registers before `whole`, fewer lanes behind it.
    unsafe {
        let mut most = [T::splat(f32::NEG_INFINITY); 2];
        for at in (0..whole).step_by(T::LANES) {
            most[0] = most[0].max(T::load(map.as_ptr().add(at)));
        }
        let mut lanes = [f32::NEG_INFINITY; 16];
        most[0].store(lanes.as_mut_ptr());
        // `max` of the standard library passes over NaN; the shares below do not.
        let highest =
            lanes[..T::LANES].iter().chain(&map[whole..]).fold(f32::NEG_INFINITY, |a, b| a.max(*b));
        let top = T::splat(highest);
        let mut sum = T::splat(0.0);
        for at in (0..whole).step_by(T::LANES) {
            let share = exp(T::load(map.as_ptr().add(at)).sub(top));
            sum = sum.add(share);
            share.store(shares.as_mut_ptr().add(at));
        }
        let mut total = f64::from(sum.sum());
        if rest > 0 {
            let share = exp(T::load_part(map.as_ptr().add(whole), rest).sub(top));
            share.store_part(shares.as_mut_ptr().add(whole), rest);
            total += shares[whole..].iter().map(|&share| f64::from(share)).sum::<f64>();
        }
        let factor = (1.0 / total) as f32;
        for share in shares {
            *share *= factor;
        }
        [f64::from(highest), total.ln()]
    }
}
