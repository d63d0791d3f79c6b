//! Which coordinates a row knows, as bits, and the rows that know the same ones.

use std::collections::BTreeMap;

use keypoints_core::{Labels, Source};
use rayon::prelude::*;

use super::Rows;

const BITS: usize = u64::BITS as usize;

/// The set of coordinates that a row has: bit `i` for the coordinate of index `i`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    /// The highest coordinates first, so that patterns are in the order of their numbers.
    words: Box<[u64]>,
    width: usize,
}

impl Pattern {
    fn empty(width: usize) -> Self {
        Self { words: vec![0; width.div_ceil(BITS)].into(), width }
    }

    /// All of so many coordinates.
    pub(super) fn complete(width: usize) -> Self {
        let mut pattern = Self::empty(width);
        (0..width).for_each(|index| pattern.add(index));
        pattern
    }

    pub(super) fn of(labels: &Labels, width: usize) -> Self {
        let mut pattern = Self::empty(width);
        let known = labels.present().map(|(one, _)| one.index());
        known.filter(|&index| index < width).for_each(|index| pattern.add(index));
        pattern
    }

    fn word(&self, index: usize) -> usize {
        self.words.len() - 1 - index / BITS
    }

    fn add(&mut self, index: usize) {
        let word = self.word(index);
        self.words[word] |= 1 << (index % BITS);
    }

    fn zip(&self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(&a, &b)| join(a, b)).collect();
        Self { words, width: self.width }
    }

    /// What is missing.
    pub(super) fn gaps(&self) -> Self {
        Self::complete(self.width).zip(self, |all, known| all & !known)
    }

    /// What both have.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// How many coordinates both have.
    pub(super) fn shared(&self, other: &Self) -> usize {
        self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones() as usize).sum()
    }

    pub(super) fn with(&self, index: usize) -> Self {
        let mut pattern = self.clone();
        pattern.add(index);
        pattern
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & b == *b)
    }

    pub(super) fn has(&self, index: usize) -> bool {
        self.words[self.word(index)] >> (index % BITS) & 1 == 1
    }

    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.count() == self.width
    }

    /// Indices of the coordinates, ascending.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.width).filter(|&index| self.has(index))
    }
}

/// Labels as plain numbers beside their patterns and sources; a number that the pattern does not have means nothing.
pub(super) struct Table {
    width: usize,
    values: Vec<f32>,
    patterns: Vec<Pattern>,
    sources: Vec<Source>,
}

impl Table {
    pub(super) fn new(rows: &Rows<'_>) -> Self {
        let width = rows.width();
        let coordinates = || rows.schema.coordinates();
        let numbers = rows.labels.iter().flat_map(|row| coordinates().map(|one| row.get(one)));
        Self {
            width,
            values: numbers.map(Option::unwrap_or_default).collect(),
            patterns: rows.labels.iter().map(|row| Pattern::of(row, width)).collect(),
            sources: rows.sources.to_vec(),
        }
    }

    /// Coordinates of a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The numbers of a row.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    pub(super) fn pattern(&self, row: usize) -> &Pattern {
        &self.patterns[row]
    }

    /// The rows whose source and pattern pass, ascending.
    pub(super) fn rows(&self, accept: impl Fn(Source, &Pattern) -> bool) -> Vec<usize> {
        let accepted = |&row: &usize| accept(self.sources[row], &self.patterns[row]);
        (0..self.patterns.len()).filter(accepted).collect()
    }
}

/// Fills rows pattern by pattern, in parallel: `prepare` is called once for each source and pattern with gaps that occurs,
/// and what it returns fills each row of that kind.
pub(super) fn fill_by_pattern<F: Fn(&mut Labels) + Sync>(
    rows: &Rows<'_>,
    prepare: impl Fn(Source, &Pattern) -> F + Sync,
) -> Vec<Labels> {
    let mut filled = rows.labels.to_vec();
    let mut kinds = BTreeMap::<(Source, Pattern), Vec<&mut Labels>>::new();
    for (row, &source) in filled.iter_mut().zip(rows.sources) {
        let pattern = Pattern::of(row, rows.width());
        if !pattern.is_complete() {
            kinds.entry((source, pattern)).or_default().push(row);
        }
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    kinds.into_par_iter().for_each(|((source, pattern), rows)| {
        let fill = prepare(source, &pattern);
        rows.into_par_iter().for_each(&fill);
    });
    filled
}
