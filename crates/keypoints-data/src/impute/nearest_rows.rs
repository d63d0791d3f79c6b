//! What the most similar faces have.

use keypoints_core::{Coordinate, Labels};
use serde::{Deserialize, Serialize};

use super::pattern::{Pattern, Table, fill_by_pattern};
use super::{FittedImputer, Imputer, Rows};

/// Rows whose distances are computed at a time; their numbers stay in the processor's nearest cache.
const BLOCK: usize = 128;

/// Fills a gap with the mean over the fitted rows that lie nearest and have that coordinate.
///
/// The distance of two rows is the root mean square difference over the coordinates that both have; rows that
/// share too few are not neighbours. Of rows at the same distance the one that was fitted first is nearer. A gap
/// stays where no neighbour has the coordinate. A row is no help to itself when it is among the fitted ones:
/// its gaps are gaps there too.
///
/// ```
/// use keypoints_core::{Labels, Schema, kaggle15};
/// use keypoints_data::impute::{Imputer, NearestRows, Rows};
///
/// let (nose, lip) = (kaggle15::NOSE_TIP.y(), kaggle15::MOUTH_CENTER_BOTTOM_LIP.y());
/// let train = [(60.0, 80.0), (61.0, 82.0), (40.0, 55.0)]
///     .map(|(y, below)| Labels::from_iter([(nose, y), (lip, below)]));
/// let face = Labels::from_iter([(nose, 60.4)]);
///
/// let imputer = NearestRows { neighbours: 2, min_shared: 1 };
/// let schema = Schema::kaggle15();
/// let rows = |labels| Rows { schema: &schema, side: 96, labels, sources: &[kaggle15::FULL; 3] };
/// assert_eq!(imputer.fit(&rows(&train)).transform(&rows(&[face]))[0].get(lip), Some(81.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NearestRows {
    /// Rows to average over, fewer if there are no more; 0 means 1.
    pub neighbours: usize,
    /// Coordinates that two rows must both have to be compared; 0 means 1.
    pub min_shared: usize,
}

impl Default for NearestRows {
    fn default() -> Self {
        Self { neighbours: 5, min_shared: 4 }
    }
}

impl Imputer for NearestRows {
    fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer> {
        Box::new(Fitted {
            table: Table::new(rows),
            neighbours: self.neighbours.max(1),
            min_shared: self.min_shared.max(1),
        })
    }
}

struct Fitted {
    table: Table,
    neighbours: usize,
    min_shared: usize,
}

impl FittedImputer for Fitted {
    fn transform(&self, rows: &Rows<'_>) -> Vec<Labels> {
        fill_by_pattern(rows, |_, pattern| {
            let candidates = Candidates::new(self, pattern);
            move |row: &mut Labels| candidates.fill(row)
        })
    }
}

/// The fitted rows that can fill gaps of one pattern, column by column, so that the distances to many of them
/// are computed side by side.
struct Candidates<'a> {
    fitted: &'a Fitted,
    /// What a row of this kind lacks.
    gaps: Pattern,
    /// Ascending.
    rows: Vec<usize>,
    /// For each candidate, how many coordinates it shares with the pattern.
    shared: Vec<f32>,
    /// For each coordinate of the pattern, what the candidates have.
    columns: Vec<Column>,
}

impl<'a> Candidates<'a> {
    fn new(fitted: &'a Fitted, pattern: &Pattern) -> Self {
        let table = &fitted.table;
        let gaps = pattern.gaps();
        let rows = table
            .rows(|_, other| other.shared(&gaps) > 0 && other.shared(pattern) >= fitted.min_shared);
        let shared = rows.iter().map(|&row| table.pattern(row).shared(pattern) as f32);
        let shared = shared.collect();
        let complete = Pattern::complete(table.width());
        let everywhere = rows.iter().fold(complete, |all, &row| all.and(table.pattern(row)));
        let column = |index: usize| Column::new(table, &rows, index, everywhere.has(index));
        let columns = pattern.indices().map(column).collect();
        Self { fitted, gaps, rows, shared, columns }
    }

    /// Fills the gaps of a row of the pattern.
    fn fill(&self, row: &mut Labels) {
        let known: Vec<f32> = row.present().map(|(_, value)| value).collect();
        // Most candidates have most coordinates, so few beyond the nearest are ever needed.
        let few = self.fitted.neighbours.saturating_mul(2).min(self.rows.len());
        let (mut means, is_final) = self.means(&self.nearest(&known, few));
        if !is_final && few < self.rows.len() {
            (means, _) = self.means(&self.nearest(&known, self.rows.len()));
        }
        for index in self.gaps.indices() {
            row.set(Coordinate::at(index), means[index]);
        }
    }

    /// The `count` nearest candidates, nearest first, as positions in `rows`.
    fn nearest(&self, known: &[f32], count: usize) -> Vec<usize> {
        // A distance is not negative, so its bits are ordered as it is; behind them the position breaks ties.
        let mut keys = Vec::<u64>::with_capacity(2 * count);
        let mut limit = u64::MAX;
        for start in (0..self.rows.len()).step_by(BLOCK) {
            let mut squares = [0f32; BLOCK];
            let squares = &mut squares[..BLOCK.min(self.rows.len() - start)];
            self.mean_squares(known, start, squares);
            for (position, square) in (start..).zip(squares) {
                let key = u64::from(square.to_bits()) << 32 | position as u64;
                if key < limit {
                    keys.push(key);
                }
                if keys.len() == 2 * count {
                    limit = *keys.select_nth_unstable(count).1;
                    keys.truncate(count);
                }
            }
        }
        keys.sort_unstable();
        keys.iter().take(count).map(|&key| (key & u64::from(u32::MAX)) as usize).collect()
    }

    /// Squared distances of the candidates from `start` on.
    fn mean_squares(&self, known: &[f32], start: usize, squares: &mut [f32]) {
        for (column, &known) in self.columns.iter().zip(known) {
            column.add_squares(known, start, squares);
        }
        for (square, &shared) in squares.iter_mut().zip(&self.shared[start..]) {
            *square /= shared;
        }
    }

    /// For each coordinate the mean over the first of these candidates that have it, and whether every gap found
    /// as many as were wanted.
    fn means(&self, nearest: &[usize]) -> (Vec<Option<f32>>, bool) {
        let wanted = self.fitted.neighbours;
        let width = self.fitted.table.width();
        let mut sums = vec![0f64; width];
        let mut counts = vec![0usize; width];
        for &position in nearest {
            let row = self.rows[position];
            let (values, pattern) = (self.fitted.table.row(row), self.fitted.table.pattern(row));
            for index in self.gaps.indices() {
                if pattern.has(index) && counts[index] < wanted {
                    sums[index] += f64::from(values[index]);
                    counts[index] += 1;
                }
            }
        }
        let mean =
            |index: usize| (counts[index] > 0).then(|| (sums[index] / counts[index] as f64) as f32);
        let is_final = self.gaps.indices().all(|index| counts[index] >= wanted);
        ((0..width).map(mean).collect(), is_final)
    }
}

/// One coordinate of many rows.
struct Column {
    values: Vec<f32>,
    /// Beside each value 1, or 0 where there is none; no weights where all rows have the coordinate.
    weights: Option<Vec<f32>>,
}

impl Column {
    fn new(table: &Table, rows: &[usize], index: usize, is_everywhere: bool) -> Self {
        let weight = |&row: &usize| f32::from(u8::from(table.pattern(row).has(index)));
        Self {
            values: rows.iter().map(|&row| table.row(row)[index]).collect(),
            weights: (!is_everywhere).then(|| rows.iter().map(weight).collect()),
        }
    }

    /// Adds the squared difference from `known` for each row from `start` on.
    fn add_squares(&self, known: f32, start: usize, squares: &mut [f32]) {
        let values = squares.iter_mut().zip(&self.values[start..]);
        match &self.weights {
            None => values.for_each(|(square, value)| *square += (value - known).powi(2)),
            Some(weights) => values.zip(&weights[start..]).for_each(|((square, value), weight)| {
                *square += weight * (value - known).powi(2);
            }),
        }
    }
}
