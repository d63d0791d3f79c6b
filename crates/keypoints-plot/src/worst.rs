//! The pictures that a network gets most wrong.

use std::path::Path;

use keypoints_core::{Labels, Tally};

use crate::error::PlotError;
use crate::grid::{PictureCell, PictureGridOptions, picture_grid};
use crate::marks::MarkSet;
use crate::picture::Picture;

/// A picture with its labels and a prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedPicture<'a> {
    /// The picture.
    pub picture: Picture<'a>,
    /// Its labels.
    pub truth: Labels,
    /// The prediction of a network.
    pub prediction: Labels,
    /// Below the picture, before its error: `row 1748`.
    pub name: String,
}

impl JudgedPicture<'_> {
    /// Root mean squared error in pixels over the coordinates that both have; `None` if there are none.
    ///
    /// ```
    /// use keypoints_core::{Keypoint, Labels};
    /// use keypoints_plot::{JudgedPicture, Picture};
    ///
    /// let at = |x: f32| Labels::from_iter([(Keypoint::new(0).x(), x)]);
    /// let picture = Picture::grey(&[0], 1, 1).ok_or("no picture")?;
    /// let judged = JudgedPicture { picture, truth: at(40.0), prediction: at(43.0), name: String::new() };
    /// assert_eq!(judged.rmse(), Some(3.0));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn rmse(&self) -> Option<f64> {
        Tally::of_row(&self.truth, &self.prediction).rmse()
    }
}

/// Draws the `count` pictures with the largest error, worst first, with truth, prediction and error.
///
/// Pictures without a common coordinate come last. Of the prediction only labelled points are shown.
///
/// ```
/// use keypoints_core::{Labels, PictureShape, kaggle15};
/// use keypoints_plot::{JudgedPicture, Picture, PictureGridOptions, worst_pictures};
///
/// let pixels = vec![90; 96 * 96];
/// let nose = |x: f32| Labels::from_iter([(kaggle15::NOSE_TIP.x(), x), (kaggle15::NOSE_TIP.y(), 60.0)]);
/// let picture = Picture::new(PictureShape::grey(96), &pixels).ok_or("another shape")?;
/// let judged = [1.0, 9.0, 4.0].map(|off| JudgedPicture {
///     picture,
///     truth: nose(48.0),
///     prediction: nose(48.0 + off),
///     name: format!("row {off}"),
/// });
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("worst.svg");
/// worst_pictures(&path, &judged, 2, &PictureGridOptions::default())?;
/// let svg = std::fs::read_to_string(&path)?;
/// assert!(svg.contains("row 9") && svg.contains("row 4") && !svg.contains("row 1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`picture_grid`].
pub fn worst_pictures(
    path: impl AsRef<Path>,
    judged: &[JudgedPicture<'_>],
    count: usize,
    options: &PictureGridOptions,
) -> Result<(), PlotError> {
    let mut ranked: Vec<(&JudgedPicture<'_>, Option<f64>)> =
        judged.iter().map(|one| (one, one.rmse())).collect();
    // NaN, which a diverged network predicts, is as wrong as can be.
    let weight =
        |rmse: Option<f64>| rmse.map_or(-1.0, |rmse| if rmse.is_nan() { f64::MAX } else { rmse });
    ranked.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
    let cells: Vec<PictureCell<'_>> = ranked
        .into_iter()
        .take(count)
        .map(|(one, rmse)| {
            let seen =
                one.truth.present().filter_map(|(at, _)| Some((at, one.prediction.get(at)?)));
            PictureCell {
                picture: one.picture,
                marks: vec![MarkSet::truth(one.truth.clone()), MarkSet::prediction(seen.collect())],
                caption: match rmse {
                    Some(rmse) => format!("{} · {rmse:.1} px", one.name),
                    None => one.name.clone(),
                },
            }
        })
        .collect();
    picture_grid(path, &cells, options)
}
