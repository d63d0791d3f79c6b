//! Which coordinates a row knows, as bits, and the rows that know the same ones.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::keypoint::NUM_COORDINATES;
use crate::labels::Labels;

/// The set of coordinates that a row has: bit `i` for the coordinate of index `i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern(u32);

impl Pattern {
    pub(super) const COMPLETE: Self = Self((1 << NUM_COORDINATES) - 1);

    pub(super) fn of(labels: &Labels) -> Self {
        let bits = labels.values().iter().enumerate();
        Self(bits.fold(0, |bits, (index, value)| bits | (u32::from(value.is_some()) << index)))
    }

    /// What is missing.
    pub(super) const fn gaps(self) -> Self {
        Self(Self::COMPLETE.0 & !self.0)
    }

    /// What both have.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn with(self, index: usize) -> Self {
        Self(self.0 | 1 << index)
    }

    pub(super) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) const fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    pub(super) const fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Indices of the coordinates, ascending.
    pub(super) fn indices(self) -> impl Iterator<Item = usize> {
        (0..NUM_COORDINATES).filter(move |&index| self.has(index))
    }
}

/// Labels as plain numbers beside their patterns; a number that the pattern does not have means nothing.
pub(super) struct Table {
    values: Vec<[f32; NUM_COORDINATES]>,
    patterns: Vec<Pattern>,
}

impl Table {
    pub(super) fn new(labels: &[Labels]) -> Self {
        let numbers = |row: &Labels| row.values().map(Option::unwrap_or_default);
        Self {
            values: labels.iter().map(numbers).collect(),
            patterns: labels.iter().map(Pattern::of).collect(),
        }
    }

    /// The numbers of a row.
    pub(super) fn row(&self, row: usize) -> &[f32; NUM_COORDINATES] {
        &self.values[row]
    }

    pub(super) fn pattern(&self, row: usize) -> Pattern {
        self.patterns[row]
    }

    /// The rows whose pattern passes, ascending.
    pub(super) fn rows(&self, accept: impl Fn(Pattern) -> bool) -> Vec<usize> {
        (0..self.patterns.len()).filter(|&row| accept(self.patterns[row])).collect()
    }
}

/// Fills rows pattern by pattern, in parallel: `prepare` is called once for each pattern with gaps that occurs,
/// and what it returns fills each row of that pattern.
pub(super) fn fill_by_pattern<F: Fn(&mut Labels) + Sync>(
    labels: &[Labels],
    prepare: impl Fn(Pattern) -> F + Sync,
) -> Vec<Labels> {
    let mut filled = labels.to_vec();
    let mut patterns = BTreeMap::<Pattern, Vec<&mut Labels>>::new();
    for row in &mut filled {
        let pattern = Pattern::of(row);
        if pattern != Pattern::COMPLETE {
            patterns.entry(pattern).or_default().push(row);
        }
    }
    let patterns: Vec<_> = patterns.into_iter().collect();
    patterns.into_par_iter().for_each(|(pattern, rows)| {
        let fill = prepare(pattern);
        rows.into_par_iter().for_each(&fill);
    });
    filled
}
