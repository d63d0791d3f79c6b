//! Filling gaps in labels from the labels that are there, without looking at a picture.
//!
//! An [`Imputer`] learns from training rows and gives a [`FittedImputer`], which fills the gaps of any rows:
//!
//! | name | fills a gap with |
//! | --- | --- |
//! | `forward_fill` | the value of the nearest row above that has one ([`ForwardFill`]) |
//! | `column_mean` | the mean of the column ([`ColumnMean`]) |
//! | `column_median` | the median of the column ([`ColumnMedian`]) |
//! | `nearest_rows` | the mean over the rows whose known points lie most alike ([`NearestRows`]) |
//! | `linear_fit` | a linear function of the row's known coordinates ([`LinearFit`]) |
//!
//! To add one, write one file with a type that implements [`Imputer`] and add one line to `imputers!` in
//! `registry.rs`. [`HiddenLabels`] measures how well one does.

mod column_mean;
mod column_median;
mod columns;
mod forward_fill;
mod hidden;
mod linear_fit;
mod nearest_rows;
mod pattern;
mod registry;
mod report;
mod rows;

pub use column_mean::ColumnMean;
pub use column_median::ColumnMedian;
pub use forward_fill::ForwardFill;
pub use hidden::{HiddenLabels, HiddenLabelsError};
pub use linear_fit::LinearFit;
pub use nearest_rows::NearestRows;
pub use registry::ImputerConfig;
pub use report::{ImputationReport, RowError, imputation_table};
pub use rows::Rows;

use keypoints_core::Labels;

/// A way to fill gaps in labels.
///
/// ```
/// use keypoints_core::{Axis, Labels, Schema, Source, kaggle15};
/// use keypoints_data::impute::{FittedImputer, Imputer, Rows};
///
/// /// Takes a face for symmetric: what is missing on one side is the other side's point, mirrored about the
/// /// nose. Needs to learn nothing.
/// struct Mirror;
///
/// impl Imputer for Mirror {
///     fn fit(&self, _: &Rows<'_>) -> Box<dyn FittedImputer> {
///         Box::new(Mirror)
///     }
/// }
///
/// impl FittedImputer for Mirror {
///     fn transform(&self, rows: &Rows<'_>) -> Vec<Labels> {
///         rows.labels.iter().map(|row| mirror(rows.schema, row)).collect()
///     }
/// }
///
/// fn mirror(schema: &Schema, face: &Labels) -> Labels {
///     let mut filled = face.clone();
///     let Some(nose) = face.get(kaggle15::NOSE_TIP.x()) else { return filled };
///     for one in schema.coordinates().filter(|&one| face.get(one).is_none()) {
///         let other = schema.mirrored(one.keypoint).and_then(|partner| face.get(one.of(partner)));
///         let value = if one.axis == Axis::X { other.map(|x| 2.0 * nose - x) } else { other };
///         filled.set(one, value);
///     }
///     filled
/// }
///
/// let nose = [(kaggle15::NOSE_TIP.x(), 48.0)];
/// let left = kaggle15::LEFT_EYE_CENTER;
/// let labels = [nose.into_iter().chain([(left.x(), 66.0), (left.y(), 39.0)]).collect()];
/// let schema = Schema::kaggle15();
/// let rows = Rows { schema: &schema, side: 96, labels: &labels, sources: &[Source::default()] };
/// let filled = Mirror.fit(&rows).transform(&rows);
/// let right = kaggle15::RIGHT_EYE_CENTER;
/// assert_eq!((filled[0].get(right.x()), filled[0].get(right.y())), (Some(30.0), Some(39.0)));
/// ```
pub trait Imputer {
    /// Learns from rows in the order of the file. Give it training rows only: whatever it sees here may show in
    /// what it fills in.
    fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer>;
}

/// An [`Imputer`] that has learnt.
pub trait FittedImputer: Send + Sync {
    /// The same rows in the same order, with fewer gaps. Labels that are there stay as they are. A gap stays a
    /// gap where the imputer has nothing to say about it, so look before you rely on complete rows.
    fn transform(&self, rows: &Rows<'_>) -> Vec<Labels>;
}

#[cfg(test)]
mod tests;
