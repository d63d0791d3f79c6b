//! What a straight line through the other faces says.

use keypoints_core::{Coordinate, Labels, Source};
use serde::{Deserialize, Serialize};

use super::pattern::{Pattern, Table, fill_by_pattern};
use super::{FittedImputer, Imputer, Rows};

/// Fills a gap with a linear function of the row's known coordinates, by ridge regression.
///
/// There is one function per gap and set of known coordinates, fitted on the rows that have both. With few such
/// rows, or none of the row's coordinates known, it leans towards their mean; without any the gap stays. Values
/// off the picture are moved to its edge.
///
/// ```
/// use keypoints_core::{Labels, Schema, kaggle15};
/// use keypoints_data::impute::{Imputer, LinearFit, Rows};
///
/// let (nose, lip) = (kaggle15::NOSE_TIP.y(), kaggle15::MOUTH_CENTER_BOTTOM_LIP.y());
/// let train = [(40.0, 60.0), (50.0, 72.0), (60.0, 84.0)]
///     .map(|(y, below)| Labels::from_iter([(nose, y), (lip, below)]));
///
/// let schema = Schema::kaggle15();
/// let rows = |labels| Rows { schema: &schema, side: 96, labels, sources: &[kaggle15::FULL; 3] };
/// let fitted = LinearFit { ridge: 0.0, ..Default::default() }.fit(&rows(&train));
/// let filled = fitted.transform(&rows(&[Labels::from_iter([(nose, 55.0)])]));
/// let lip = filled[0].get(lip).ok_or("still a gap")?;
/// assert!((lip - 78.0).abs() < 1e-3);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearFit {
    /// Price of a large slope: what a squared slope of 1 adds to the sum of squared errors, in pixels². Taken as
    /// at least 1e-6.
    pub ridge: f64,
    /// Whether to take the known coordinates of a row relative to the mean row of its label source, unless that is the
    /// schema's first.
    ///
    /// In the competition's files four-point rows have the nose tip lower and the bottom lip higher than full rows, so
    /// that a function learnt from the one is off for the other. This setting attributes the difference of the means to
    /// the guidelines, not to the faces. [`HiddenLabels`](super::HiddenLabels) cannot measure its effect: rows with
    /// hidden labels keep their label source.
    #[serde(alias = "align_regimes")]
    pub align_sources: bool,
}

impl Default for LinearFit {
    fn default() -> Self {
        Self { ridge: 10.0, align_sources: false }
    }
}

impl Imputer for LinearFit {
    fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer> {
        let table = Table::new(rows);
        let complete = Moments::of(&table, table.rows(|_, row| row.is_complete()));
        // `max` takes the other number where one is NaN.
        Box::new(Fitted {
            table,
            complete,
            settings: Self { ridge: self.ridge.max(1e-6), ..*self },
        })
    }
}

struct Fitted {
    settings: LinearFit,
    table: Table,
    /// Most rows that a function is fitted on are complete: these are added up once for all functions.
    complete: Moments,
}

impl FittedImputer for Fitted {
    fn transform(&self, rows: &Rows<'_>) -> Vec<Labels> {
        let side = rows.side as f32;
        fill_by_pattern(rows, |source, pattern| {
            let means =
                self.settings.align_sources.then(|| self.means_of(source, pattern)).flatten();
            let functions: Vec<(Coordinate, Linear)> = pattern
                .gaps()
                .indices()
                .filter_map(|gap| Some((Coordinate::at(gap), self.regress(pattern, &means, gap)?)))
                .collect();
            move |row: &mut Labels| {
                let known: Vec<f64> = row.present().map(|(_, value)| f64::from(value)).collect();
                for (gap, function) in &functions {
                    row.set(*gap, Some(function.at(&known).clamp(0.0, side)));
                }
            }
        })
    }
}

impl Fitted {
    /// The function of the pattern's coordinates that comes nearest to the coordinate `gap`; `None` if no row has
    /// them all.
    fn regress(&self, pattern: &Pattern, means: &Option<Vec<f64>>, gap: usize) -> Option<Linear> {
        let needed = pattern.with(gap);
        let mut moments = self.complete.clone();
        let others = self.table.rows(|_, row| !row.is_complete() && row.contains(&needed));
        others.iter().for_each(|&row| moments.add(self.table.row(row)));
        if moments.rows == 0.0 {
            return None;
        }
        let inputs: Vec<usize> = pattern.indices().collect();
        // Normal equations about the means; of the matrix the lower triangle.
        let line = |(at, &a): (usize, &usize)| {
            let mut line: Vec<f64> =
                inputs[..=at].iter().map(|&b| moments.covariance(a, b)).collect();
            line[at] += self.settings.ridge;
            line
        };
        let matrix = inputs.iter().enumerate().map(line).collect();
        let right = inputs.iter().map(|&input| moments.covariance(input, gap)).collect();
        let slopes = solve(matrix, right);
        let own = || inputs.iter().map(|&input| moments.mean(input)).collect();
        let means = means.clone().unwrap_or_else(own);
        Some(Linear { means, intercept: moments.mean(gap), slopes })
    }

    /// The means of the pattern's coordinates over the rows of a source; `None` for the first source, or if none of its rows has
    /// them all.
    fn means_of(&self, source: Source, pattern: &Pattern) -> Option<Vec<f64>> {
        let rows = self.table.rows(|one, row| one == source && row.contains(pattern));
        let moments = Moments::of(&self.table, rows);
        let means = || pattern.indices().map(|index| moments.mean(index)).collect();
        (source != Source::default() && moments.rows > 0.0).then(means)
    }
}

/// Sums over rows, from which means and covariances follow. Columns that some row lacks are of no use.
#[derive(Clone)]
struct Moments {
    rows: f64,
    sums: Vec<f64>,
    /// Row by row of the square matrix.
    products: Vec<f64>,
}

impl Moments {
    fn of(table: &Table, rows: Vec<usize>) -> Self {
        let width = table.width();
        let mut moments =
            Self { rows: 0.0, sums: vec![0.0; width], products: vec![0.0; width * width] };
        rows.into_iter().for_each(|row| moments.add(table.row(row)));
        moments
    }

    fn add(&mut self, row: &[f32]) {
        let row: Vec<f64> = row.iter().copied().map(f64::from).collect();
        self.rows += 1.0;
        let lines = self.products.chunks_exact_mut(row.len().max(1));
        for ((sum, line), value) in self.sums.iter_mut().zip(lines).zip(&row) {
            *sum += value;
            for (product, other) in line.iter_mut().zip(&row) {
                *product += value * other;
            }
        }
    }

    fn mean(&self, index: usize) -> f64 {
        self.sums[index] / self.rows
    }

    /// Sum of the products of the differences from the means.
    fn covariance(&self, a: usize, b: usize) -> f64 {
        self.products[a * self.sums.len() + b] - self.sums[a] * self.sums[b] / self.rows
    }
}

/// `intercept + slopes · (inputs − means)`.
struct Linear {
    means: Vec<f64>,
    slopes: Vec<f64>,
    intercept: f64,
}

impl Linear {
    fn at(&self, inputs: &[f64]) -> f32 {
        let terms = self.slopes.iter().zip(inputs.iter().zip(&self.means));
        let sum: f64 = terms.map(|(slope, (input, mean))| slope * (input - mean)).sum();
        (self.intercept + sum) as f32
    }
}

/// Solves `matrix * x = right` for a symmetric positive definite matrix, of which only the lower triangle is
/// read, by Cholesky's decomposition.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for a in 0..size {
        for b in 0..=a {
            let dot: f64 = (0..b).map(|k| matrix[a][k] * matrix[b][k]).sum();
            let rest = matrix[a][b] - dot;
            // Rounding may eat up a tiny pivot; the ridge keeps the true one above zero.
            matrix[a][b] = if a == b { rest.max(1e-9).sqrt() } else { rest / matrix[b][b] };
        }
    }
    for a in 0..size {
        let dot: f64 = (0..a).map(|k| matrix[a][k] * right[k]).sum();
        right[a] = (right[a] - dot) / matrix[a][a];
    }
    for a in (0..size).rev() {
        let dot: f64 = (a + 1..size).map(|k| matrix[k][a] * right[k]).sum();
        right[a] = (right[a] - dot) / matrix[a][a];
    }
    right
}
