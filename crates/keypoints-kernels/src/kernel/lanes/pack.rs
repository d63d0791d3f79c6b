//! The weights of a filter, ready for it: `[panel, term, lanes of the panel]`, a term being a source channel and a tap, a
//! panel two registers of destination channels.

use super::plan::{Filter, Lattice, Weights};
use crate::kernel::SimdLevel;
use crate::kernel::share::parts;
use crate::kernel::simd::{Vector, at_every_level};

/// Terms of a lattice of rows and one of columns.
pub(super) fn terms(filter: &Filter<'_>, rows: &Lattice, columns: &Lattice) -> usize {
    filter.channels[0] * rows.taps.len() * columns.taps.len()
}

/// Packs what the pixels of two lattices are computed from.
pub(super) fn pack(
    level: SimdLevel,
    filter: &Filter<'_>,
    rows: &Lattice,
    columns: &Lattice,
) -> Vec<f32> {
    let lanes = level.lanes();
    let outputs = filter.channels[1];
    let terms = terms(filter, rows, columns);
    let padded = outputs.next_multiple_of(lanes);
    let mut packed = vec![0.0; terms * padded];
    let work = packed.len() as u64;
    parts(work, &mut packed, terms * 2 * lanes, |panel, packed| {
        let first = panel * 2 * lanes;
        let width = packed.len() / terms;
        for block in (0..width).step_by(lanes) {
            let first = first + block;
            let used = lanes.min(outputs - first);
            match filter.weights {
                // Forward every tap counts and they come in order: rows of terms, to be turned about.
                Weights::InOrder(weights) if used == lanes => {
                    let weights = &weights[first * terms..(first + lanes) * terms];
                    // SAFETY: as many rows of terms as there are lanes, and as many places for them.
                    unsafe { turn(level, weights, terms, &mut packed[block..], width) }
                }
                weights => {
                    for (term, packed) in packed.chunks_exact_mut(width).enumerate() {
                        let at = tap(filter, rows, columns, term);
                        for (lane, packed) in packed[block..block + used].iter_mut().enumerate() {
                            *packed = weight(filter, weights, first + lane, at);
                        }
                    }
                }
            }
        }
    });
    packed
}

/// Source channel, row and column of the kernel.
fn tap(filter: &Filter<'_>, rows: &Lattice, columns: &Lattice, term: usize) -> [usize; 3] {
    debug_assert!(term < terms(filter, rows, columns));
    let wide = columns.taps.len();
    let each = rows.taps.len() * wide;
    let (channel, tap) = (term / each, term % each);
    [channel, rows.taps[tap / wide], columns.taps[tap % wide]]
}

fn weight(
    filter: &Filter<'_>,
    weights: Weights<'_>,
    output: usize,
    [channel, row, column]: [usize; 3],
) -> f32 {
    let [high, wide] = filter.kernel;
    let [channels, outputs] = filter.channels;
    let (weights, kernel) = match weights {
        Weights::InOrder(weights) => (weights, output * channels + channel),
        Weights::Swapped(weights) => (weights, channel * outputs + output),
    };
    weights[(kernel * high + row) * wide + column]
}

at_every_level! {
    /// [`turn_about`]
    fn turn = turn_about(from: &[f32], terms: usize, to: &mut [f32], width: usize);
}

/// From `[lane, term]` to `[term, width]`, the first lanes of it.
///
/// # Safety
/// The processor has `T`'s instructions, `from` holds `terms` values for every lane, and `to` all of their places.
#[inline(always)]
unsafe fn turn_about<T: Vector>(from: &[f32], terms: usize, to: &mut [f32], width: usize) {
    let whole = terms / T::LANES * T::LANES;
    for first in (0..whole).step_by(T::LANES) {
        // SAFETY: a square of terms and lanes within both.
        unsafe {
            T::transpose(
                from.as_ptr().add(first),
                terms,
                to.as_mut_ptr().add(first * width),
                width,
            );
        }
    }
    for term in whole..terms {
        for lane in 0..T::LANES {
            to[term * width + lane] = from[lane * terms + term];
        }
    }
}
