//! The faces that a network gets most wrong.

use std::path::Path;

use keypoints_data::{Labels, Tally};

use crate::error::PlotError;
use crate::faces::{FaceCell, FaceGridOptions, face_grid};
use crate::grey::GreyImage;
use crate::marks::MarkSet;

/// A face, where its points are, and where a network takes them to be.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedFace<'a> {
    /// The face.
    pub image: GreyImage<'a>,
    /// What the annotators wrote down.
    pub truth: Labels,
    /// What the network says.
    pub prediction: Labels,
    /// Below the face, before its error: `row 1748`.
    pub name: String,
}

impl JudgedFace<'_> {
    /// Root mean square error in pixels over the coordinates that both know; `None` if there are none.
    ///
    /// ```
    /// use keypoints_data::{Keypoint, Labels};
    /// use keypoints_plot::{GreyImage, JudgedFace};
    ///
    /// let at = |x: f32| Labels::from_iter([(Keypoint::NoseTip.x(), x)]);
    /// let image = GreyImage::new(&[0], 1, 1).ok_or("no image")?;
    /// let face = JudgedFace { image, truth: at(40.0), prediction: at(43.0), name: String::new() };
    /// assert_eq!(face.rmse(), Some(3.0));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn rmse(&self) -> Option<f64> {
        Tally::of_face(&self.truth, &self.prediction).rmse()
    }
}

/// Draws the `count` faces with the largest error, worst first, with truth, prediction and error.
///
/// Faces without a common coordinate come last. Only what the annotators marked is shown of the
/// prediction.
///
/// ```
/// use keypoints_data::{Keypoint, Labels};
/// use keypoints_plot::{FaceGridOptions, GreyImage, JudgedFace, worst_faces};
///
/// let pixels = vec![90; 96 * 96];
/// let nose = |x: f32| Labels::from_iter([(Keypoint::NoseTip.x(), x), (Keypoint::NoseTip.y(), 60.0)]);
/// let image = GreyImage::face(&pixels).ok_or("not a face")?;
/// let faces = [1.0, 9.0, 4.0].map(|off| JudgedFace {
///     image,
///     truth: nose(48.0),
///     prediction: nose(48.0 + off),
///     name: format!("face {off}"),
/// });
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("worst.svg");
/// worst_faces(&path, &faces, 2, &FaceGridOptions::default())?;
/// let svg = std::fs::read_to_string(&path)?;
/// assert!(svg.contains("face 9") && svg.contains("face 4") && !svg.contains("face 1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`face_grid`].
pub fn worst_faces(
    path: impl AsRef<Path>,
    faces: &[JudgedFace<'_>],
    count: usize,
    options: &FaceGridOptions,
) -> Result<(), PlotError> {
    let mut ranked: Vec<(&JudgedFace<'_>, Option<f64>)> =
        faces.iter().map(|face| (face, face.rmse())).collect();
    // NaN, which a diverged network predicts, is as wrong as can be.
    let weight =
        |rmse: Option<f64>| rmse.map_or(-1.0, |rmse| if rmse.is_nan() { f64::MAX } else { rmse });
    ranked.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
    let cells: Vec<FaceCell<'_>> = ranked
        .into_iter()
        .take(count)
        .map(|(face, rmse)| {
            let seen =
                face.truth.present().filter_map(|(one, _)| Some((one, face.prediction.get(one)?)));
            FaceCell {
                image: face.image,
                marks: vec![MarkSet::truth(face.truth), MarkSet::prediction(seen.collect())],
                caption: match rmse {
                    Some(rmse) => format!("{} · {rmse:.1} px", face.name),
                    None => face.name.clone(),
                },
            }
        })
        .collect();
    face_grid(path, &cells, options)
}
