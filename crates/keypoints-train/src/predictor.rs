//! Whatever turns faces into keypoints.

use keypoints_data::{Coordinate, Images, LabelRegime, LabelShifts, Labels};

use crate::error::TrainError;
use crate::predict::{Predictor, check_regimes};
use crate::spread::KeypointSpreads;

/// Turns faces into keypoints: a run, an ensemble, or something of a program's own.
///
/// ```
/// use keypoints_data::{Coordinate, Images, Keypoint, LabelRegime, Labels};
/// use keypoints_train::{KeypointPredictor, TrainError};
///
/// /// Sees the nose in the middle of everything.
/// struct Middle;
///
/// impl KeypointPredictor for Middle {
///     fn coordinates(&self) -> Vec<Coordinate> {
///         vec![Keypoint::NoseTip.x(), Keypoint::NoseTip.y()]
///     }
///     fn predict_as(
///         &self,
///         images: &Images,
///         _regimes: &[LabelRegime],
///         _progress: &mut dyn FnMut(usize),
///     ) -> Result<Vec<Labels>, TrainError> {
///         let nose = self.coordinates().into_iter().map(|one| (one, 47.5)).collect();
///         Ok(vec![nose; images.len()])
///     }
/// }
///
/// let faces = Images::from_pixels(vec![0; 2 * 9216]).ok_or("not whole faces")?;
/// let found = Middle.predict_with(&faces, &mut |_| ())?;
/// assert_eq!(found[1].get(Keypoint::NoseTip.x()), Some(47.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait KeypointPredictor {
    /// The coordinates that are answered, in column order.
    fn coordinates(&self) -> Vec<Coordinate>;

    /// Finds the keypoints of every face as the annotators of its regime mark them, in pixels, unclipped. `regimes` has
    /// one entry per face; `progress` is told how many faces are done.
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`] if it has not, [`TrainError::Device`] if the device fails.
    fn predict_as(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError>;

    /// How far beside the picture's own points the answers for either regime lie, in pixels to the right, because its
    /// annotators marked them there; 0 where nobody has measured it.
    fn label_shifts(&self) -> LabelShifts {
        LabelShifts::default()
    }

    /// Finds where the keypoints are on the picture, instead of where annotators would have marked them: a mirror image has
    /// its points in the mirror. Otherwise as [`KeypointPredictor::predict_with`].
    ///
    /// # Errors
    /// [`TrainError::Device`] if the device fails.
    fn predict_on_picture(
        &self,
        images: &Images,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        let shifts = self.label_shifts();
        let faces = self.predict_with(images, progress)?;
        Ok(faces.iter().map(|face| shifts.onto_picture(LabelRegime::Full, face)).collect())
    }

    /// How unsure the answers are, per keypoint of every face, in pixels of the 96×96 image: what a run's heat maps are spread
    /// ([`Predictor::spreads`]), how far the runs of an ensemble are apart. `None` where nobody can tell. `progress` is
    /// told how many faces are done.
    ///
    /// # Errors
    /// As [`KeypointPredictor::predict_as`].
    fn spreads(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        _progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<KeypointSpreads>>, TrainError> {
        check_regimes(images, regimes)?;
        Ok(None)
    }

    /// The same for faces of which nobody knows the regime: as the annotators of fully labelled faces mark them.
    ///
    /// # Errors
    /// [`TrainError::Device`] if the device fails.
    fn predict_with(
        &self,
        images: &Images,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        self.predict_as(images, &vec![LabelRegime::Full; images.len()], progress)
    }
}

impl KeypointPredictor for Predictor {
    fn coordinates(&self) -> Vec<Coordinate> {
        self.coordinates()
    }

    fn label_shifts(&self) -> LabelShifts {
        self.label_shifts()
    }

    fn predict_as(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, TrainError> {
        self.predict_as(images, regimes, progress)
    }

    fn spreads(
        &self,
        images: &Images,
        regimes: &[LabelRegime],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<KeypointSpreads>>, TrainError> {
        self.spreads(images, regimes, progress)
    }
}
