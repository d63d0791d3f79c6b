//! How much each row moves a score, and how far to trust the score.

use super::tally::Tally;
use crate::labels::Labels;
use crate::schema::{Schema, Source};

/// First-order change of the [score](super::ErrorReport::score) when a row is counted twice (infinitesimal
/// jackknife), in pixels. Below 0 for rows that are better than the others. `None` where the schema weighs its label
/// sources and one of them has no label here.
///
/// The changes add up to 0. The root of the sum of their squares is the [`standard_error`] of the score. The differences
/// between two networks' influences on the same rows likewise give the standard error of the difference between their scores.
///
/// Source: Jaeckel (1972); Efron (1982); each row with all its labels at once. Copies of a picture count as rows of their
/// own, so with many copies the true error is a little larger.
///
/// ```
/// use keypoints_core::{Labels, Schema, influences, kaggle15, standard_error};
///
/// let row = |x: f32| -> Labels { [(kaggle15::NOSE_TIP.x(), x)].into_iter().collect() };
/// let sources = [kaggle15::FULL, kaggle15::FULL, kaggle15::FOUR_POINT, kaggle15::FOUR_POINT];
/// let truth = [50.0; 4].map(row);
/// let guess = [51.0, 51.0, 51.0, 61.0].map(row);
/// let found = influences(&Schema::kaggle15(), &sources, &truth, &guess).ok_or("both sources are there")?;
/// assert!(found[3] > 1.0 && found[0] == 0.0);
/// assert!(standard_error(&found) > found[3]);
/// # Ok::<(), &str>(())
/// ```
pub fn influences(
    schema: &Schema,
    sources: &[Source],
    truth: &[Labels],
    predictions: &[Labels],
) -> Option<Vec<f64>> {
    let rows: Vec<Tally> =
        truth.iter().zip(predictions).map(|(truth, found)| Tally::of_row(truth, found)).collect();
    // Without weights the score counts all labels alike.
    let (weights, group): (Vec<f64>, fn(Source) -> usize) = match schema.weights() {
        Some(weights) => (weights, Source::index),
        None => (vec![1.0], |_| 0),
    };
    let mut sums = vec![Tally::default(); weights.len()];
    for (&source, &own) in sources.iter().zip(&rows) {
        let sum = &mut sums[group(source)];
        *sum = [*sum, own].into_iter().sum();
    }
    let usual: Vec<f64> = sums.iter().map(Tally::mse).collect::<Option<_>>()?;
    // Without any error, nothing moves the score.
    let mse: f64 = weights.iter().zip(&usual).map(|(weight, mse)| weight * mse).sum();
    let root = mse.sqrt().max(f64::MIN_POSITIVE);
    let of_row = |(&source, own): (&Source, &Tally)| {
        let index = group(source);
        let slope = weights[index] / (2.0 * root * sums[index].labels as f64);
        slope * (own.squared - own.labels as f64 * usual[index])
    };
    Some(sources.iter().zip(&rows).map(of_row).collect())
}

/// The standard error of a score, or of a difference between scores, from the influences of its rows: the root of the sum of
/// their squares.
pub fn standard_error(influences: &[f64]) -> f64 {
    influences.iter().map(|one| one * one).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
