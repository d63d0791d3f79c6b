//! What a straight line through the other faces says.

use serde::{Deserialize, Serialize};

use super::pattern::{Pattern, Table, fill_by_pattern};
use super::{FittedImputer, Imputer};
use crate::keypoint::{COORDINATE_RANGE, Coordinate, NUM_COORDINATES};
use crate::labels::{LabelRegime, Labels};

/// Fills a gap with a linear function of the row's known coordinates, by ridge regression.
///
/// There is one function per gap and set of known coordinates, fitted on the rows that have both. With few such
/// rows, or none of the row's coordinates known, it leans towards their mean; without any the gap stays. Values
/// off the picture are moved to its edge.
///
/// ```
/// use keypoints_data::impute::{Imputer, LinearFit};
/// use keypoints_data::{Keypoint, Labels};
///
/// let (nose, lip) = (Keypoint::NoseTip.y(), Keypoint::MouthCenterBottomLip.y());
/// let train = [(40.0, 60.0), (50.0, 72.0), (60.0, 84.0)]
///     .map(|(y, below)| Labels::from_iter([(nose, y), (lip, below)]));
///
/// let fitted = LinearFit { ridge: 0.0, ..Default::default() }.fit(&train);
/// let filled = fitted.transform(&[Labels::from_iter([(nose, 55.0)])]);
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
    /// Whether to take the known coordinates of a four-point row relative to the mean four-point row.
    ///
    /// The annotators of four points mark the nose tip lower and the bottom lip higher than those who mark
    /// everything, so that a function learnt from the one is off for the other. With this the difference of the
    /// means is taken for the annotators' and not the faces'. [`HiddenLabels`](super::HiddenLabels) cannot judge
    /// it: rows with hidden labels only look like four-point rows.
    pub align_regimes: bool,
}

impl Default for LinearFit {
    fn default() -> Self {
        Self { ridge: 10.0, align_regimes: false }
    }
}

impl Imputer for LinearFit {
    fn fit(&self, labels: &[Labels]) -> Box<dyn FittedImputer> {
        let table = Table::new(labels);
        let complete = Moments::of(&table, table.rows(|row| row == Pattern::COMPLETE));
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
    fn transform(&self, labels: &[Labels]) -> Vec<Labels> {
        fill_by_pattern(labels, |pattern| {
            let gaps = Coordinate::all().filter(|one| !pattern.has(one.index()));
            let functions: Vec<(Coordinate, Linear)> =
                gaps.filter_map(|gap| Some((gap, self.regress(pattern, gap.index())?))).collect();
            move |row: &mut Labels| {
                let known: Vec<f64> = row.present().map(|(_, value)| f64::from(value)).collect();
                for (gap, function) in &functions {
                    row.set(*gap, Some(function.at(&known)));
                }
            }
        })
    }
}

impl Fitted {
    /// The function of the pattern's coordinates that comes nearest to the coordinate `gap`; `None` if no row has
    /// them all.
    fn regress(&self, pattern: Pattern, gap: usize) -> Option<Linear> {
        let has_all = |row: Pattern| row.contains(pattern.with(gap));
        let mut moments = self.complete.clone();
        let others = self.table.rows(|row| row != Pattern::COMPLETE && has_all(row));
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
        let four_point = self.settings.align_regimes.then(|| self.four_point_means(pattern));
        let own = || inputs.iter().map(|&input| moments.mean(input)).collect();
        let means = four_point.flatten().unwrap_or_else(own);
        Some(Linear { means, intercept: moments.mean(gap), slopes })
    }

    /// The means of the pattern's coordinates over four-point rows; `None` for patterns of the other regime, or
    /// if no four-point row has them all.
    fn four_point_means(&self, pattern: Pattern) -> Option<Vec<f64>> {
        let is_four_point = |row: Pattern| {
            LabelRegime::from_coordinate_count(row.count()) == LabelRegime::FourPoint
        };
        let rows = self.table.rows(|row| is_four_point(row) && row.contains(pattern));
        let moments = Moments::of(&self.table, rows);
        let means = || pattern.indices().map(|index| moments.mean(index)).collect();
        (is_four_point(pattern) && moments.rows > 0.0).then(means)
    }
}

/// Sums over rows, from which means and covariances follow. Columns that some row lacks are of no use.
#[derive(Clone)]
struct Moments {
    rows: f64,
    sums: [f64; NUM_COORDINATES],
    products: Box<[[f64; NUM_COORDINATES]; NUM_COORDINATES]>,
}

impl Moments {
    fn of(table: &Table, rows: Vec<usize>) -> Self {
        let products = Box::new([[0.0; NUM_COORDINATES]; NUM_COORDINATES]);
        let mut moments = Self { rows: 0.0, sums: [0.0; NUM_COORDINATES], products };
        rows.into_iter().for_each(|row| moments.add(table.row(row)));
        moments
    }

    fn add(&mut self, row: &[f32; NUM_COORDINATES]) {
        let row = row.map(f64::from);
        self.rows += 1.0;
        for (a, value) in row.into_iter().enumerate() {
            self.sums[a] += value;
            for (product, other) in self.products[a].iter_mut().zip(row) {
                *product += value * other;
            }
        }
    }

    fn mean(&self, index: usize) -> f64 {
        self.sums[index] / self.rows
    }

    /// Sum of the products of the differences from the means.
    fn covariance(&self, a: usize, b: usize) -> f64 {
        self.products[a][b] - self.sums[a] * self.sums[b] / self.rows
    }
}

/// `intercept + slopes · (inputs − means)`, on the picture.
struct Linear {
    means: Vec<f64>,
    slopes: Vec<f64>,
    intercept: f64,
}

impl Linear {
    fn at(&self, inputs: &[f64]) -> f32 {
        let terms = self.slopes.iter().zip(inputs.iter().zip(&self.means));
        let sum: f64 = terms.map(|(slope, (input, mean))| slope * (input - mean)).sum();
        let (low, high) = COORDINATE_RANGE.into_inner();
        ((self.intercept + sum) as f32).clamp(low, high)
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
