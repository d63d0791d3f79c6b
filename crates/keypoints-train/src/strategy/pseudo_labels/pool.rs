//! The rows that still have gaps, and which of them to take next.

use keypoints_core::{Labels, Tally};

use super::round::PseudoLabelled;

/// Rows whose gaps nobody has filled yet.
///
/// ```
/// use keypoints_core::{Labels, kaggle15};
/// use keypoints_train::strategy::pseudo_labels::Pool;
///
/// let x = kaggle15::NOSE_TIP.x();
/// let at = |value: f32| -> Labels { [(x, value)].into_iter().collect() };
/// let labels = [at(50.0), at(50.0), at(50.0)];
/// let mut pool = Pool::new(&labels, vec![0, 1, 2]);
///
/// // The second row is predicted best, so it is taken first.
/// let taken = pool.take(1, &[at(53.0), at(51.0), at(48.0)]);
/// assert_eq!((taken[0].row, taken[0].known_mse), (1, Some(1.0)));
/// assert_eq!(pool.rows(), [0, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    labels: &'a [Labels],
    rows: Vec<usize>,
}

impl<'a> Pool<'a> {
    /// The given rows of all labels.
    pub fn new(labels: &'a [Labels], rows: Vec<usize>) -> Self {
        Self { labels, rows }
    }

    /// The rows that are left, in the order in which predictions are expected.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Whether all rows have been taken.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes the `count` rows with the lowest mean squared error on their known labels out of the pool, best
    /// first, with their gaps filled by the prediction. Rows without any known label come last; equal errors
    /// are taken in the order of the file.
    ///
    /// `predictions` has one entry per entry of [`Pool::rows`].
    pub fn take(&mut self, count: usize, predictions: &[Labels]) -> Vec<PseudoLabelled> {
        let mut judged: Vec<PseudoLabelled> = self
            .rows
            .iter()
            .zip(predictions)
            .map(|(&row, prediction)| {
                let known = &self.labels[row];
                let labels = fill_gaps(known, prediction);
                PseudoLabelled { row, known_mse: Tally::of_row(known, prediction).mse(), labels }
            })
            .collect();
        // A stable sort, and the rows are in the order of the file.
        let error = |one: &PseudoLabelled| one.known_mse.unwrap_or(f64::INFINITY);
        judged.sort_by(|a, b| error(a).total_cmp(&error(b)));
        judged.truncate(count);
        let taken: std::collections::HashSet<usize> = judged.iter().map(|one| one.row).collect();
        self.rows.retain(|row| !taken.contains(row));
        judged
    }
}

/// Keeps what is known and fills what is not.
pub fn fill_gaps(known: &Labels, prediction: &Labels) -> Labels {
    // Later entries replace earlier ones, so a known label always wins.
    prediction.present().chain(known.present()).collect()
}
