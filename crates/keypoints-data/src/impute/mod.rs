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

pub use column_mean::ColumnMean;
pub use column_median::ColumnMedian;
pub use forward_fill::ForwardFill;
pub use hidden::{HiddenLabels, HiddenLabelsError};
pub use linear_fit::LinearFit;
pub use nearest_rows::NearestRows;
pub use registry::ImputerConfig;
pub use report::{ImputationReport, RowError, imputation_table};

use crate::labels::Labels;

/// A way to fill gaps in labels.
///
/// ```
/// use keypoints_data::impute::{FittedImputer, Imputer};
/// use keypoints_data::{Coordinate, Keypoint, Labels};
///
/// /// Takes a face for symmetric: what is missing on one side is the other side's point, mirrored about the
/// /// nose. Needs to learn nothing.
/// struct Mirror;
///
/// impl Imputer for Mirror {
///     fn fit(&self, _: &[Labels]) -> Box<dyn FittedImputer> {
///         Box::new(Mirror)
///     }
/// }
///
/// impl FittedImputer for Mirror {
///     fn transform(&self, labels: &[Labels]) -> Vec<Labels> {
///         labels.iter().map(mirror).collect()
///     }
/// }
///
/// fn mirror(face: &Labels) -> Labels {
///     let mut filled = *face;
///     let Some(nose) = face.get(Keypoint::NoseTip.x()) else { return filled };
///     for one in Coordinate::all().filter(|&one| face.get(one).is_none()) {
///         let other = face.get(one.mirrored());
///         let is_x = one == one.keypoint.x();
///         let value = if is_x { other.map(|x| 2.0 * nose - x) } else { other };
///         filled.set(one, value);
///     }
///     filled
/// }
///
/// let nose = [(Keypoint::NoseTip.x(), 48.0)];
/// let eye = [(Keypoint::LeftEyeCenter.x(), 66.0), (Keypoint::LeftEyeCenter.y(), 39.0)];
/// let face: Labels = nose.into_iter().chain(eye).collect();
/// let filled = Mirror.fit(&[]).transform(&[face]);
/// assert_eq!(filled[0].get(Keypoint::RightEyeCenter.x()), Some(30.0));
/// assert_eq!(filled[0].get(Keypoint::RightEyeCenter.y()), Some(39.0));
/// ```
pub trait Imputer {
    /// Learns from rows in the order of the file. Give it training rows only: whatever it sees here may show in
    /// what it fills in.
    fn fit(&self, labels: &[Labels]) -> Box<dyn FittedImputer>;
}

/// What an [`Imputer`] has learnt.
pub trait FittedImputer: Send + Sync {
    /// The same rows in the same order, with fewer gaps. Labels that are there stay as they are. A gap stays a
    /// gap where the imputer has nothing to say about it, so look before you rely on complete rows.
    fn transform(&self, labels: &[Labels]) -> Vec<Labels>;
}

#[cfg(test)]
mod tests;
