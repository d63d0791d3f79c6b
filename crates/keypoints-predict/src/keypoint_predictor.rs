//! Whatever predicts points.

use std::sync::Arc;

use keypoints_core::{Coordinate, LabelShifts, Labels, PictureShape, Pictures, Schema, Source};

use crate::error::PredictError;
use crate::model::Uncertainty;

/// Predicts the keypoints of pictures: a trained network, an ensemble, or something of a program's own.
///
/// ```
/// use std::sync::Arc;
/// use keypoints_core::{Labels, PictureShape, Pictures, Schema, Source};
/// use keypoints_predict::{KeypointPredictor, PredictError};
///
/// /// Predicts every point in the middle of the picture.
/// struct Middle(Arc<Schema>);
///
/// impl KeypointPredictor for Middle {
///     fn schema(&self) -> &Arc<Schema> {
///         &self.0
///     }
///     fn pictures(&self) -> PictureShape {
///         PictureShape::grey(64)
///     }
///     fn predict_as(
///         &self,
///         pictures: &Pictures,
///         _sources: &[Source],
///         _progress: &mut dyn FnMut(usize),
///     ) -> Result<Vec<Labels>, PredictError> {
///         let middle = self.0.coordinates().map(|one| (one, 31.5)).collect();
///         Ok(vec![middle; pictures.len()])
///     }
/// }
///
/// let middle = Middle(Arc::new(Schema::new("ears", ["left", "right"])?));
/// let pictures = Pictures::new(PictureShape::grey(64), vec![0; 2 * 64 * 64]).ok_or("not whole pictures")?;
/// let found = middle.predict_with(&pictures, &mut |_| ())?;
/// assert_eq!(found[1], Labels::new(vec![Some(31.5); 4]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait KeypointPredictor {
    /// What the points mean.
    fn schema(&self) -> &Arc<Schema>;

    /// The pictures that it takes.
    fn pictures(&self) -> PictureShape;

    /// The margin around the regions of photos that its pictures are cut from, if that is known: see
    /// [`Region::crop`](keypoints_core::Region::crop).
    fn margin(&self) -> Option<f64> {
        None
    }

    /// The coordinates that are predicted, in the schema's order.
    fn coordinates(&self) -> Vec<Coordinate> {
        self.schema().coordinates().collect()
    }

    /// Predicts the points of every picture as its source marks them, in pixels, unclipped. `sources` has one entry per picture;
    /// `progress` is told how many pictures are done.
    ///
    /// # Errors
    /// [`PredictError::WrongShape`] or [`PredictError::WrongSources`] where the input does not fit, [`PredictError::Device`] if the
    /// device fails.
    fn predict_as(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError>;

    /// How far beside the picture's own points each source marks them, in pixels to the right; none where nobody has
    /// measured it.
    fn label_shifts(&self) -> LabelShifts {
        LabelShifts::default()
    }

    /// Predicts where the points are on the picture, instead of where a source would have marked them: a mirror image has
    /// its points in the mirror. Otherwise as [`KeypointPredictor::predict_with`].
    ///
    /// # Errors
    /// As [`KeypointPredictor::predict_as`].
    fn predict_on_picture(
        &self,
        pictures: &Pictures,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        let (schema, shifts) = (self.schema(), self.label_shifts());
        let rows = self.predict_with(pictures, progress)?;
        Ok(rows.iter().map(|row| shifts.onto_picture(schema, Source::default(), row)).collect())
    }

    /// An uncertainty per keypoint of every picture, in pixels: the standard deviation of a heat map, or the spread of an
    /// ensemble's members. `None` where nothing is known. `progress` is told how many pictures are done.
    ///
    /// # Errors
    /// As [`KeypointPredictor::predict_as`].
    fn uncertainty(
        &self,
        _pictures: &Pictures,
        _sources: &[Source],
        _progress: &mut dyn FnMut(usize),
    ) -> Result<Option<Vec<Uncertainty>>, PredictError> {
        Ok(None)
    }

    /// The points of every picture and their uncertainty: [`KeypointPredictor::predict_as`] and [`KeypointPredictor::uncertainty`]
    /// together, which may take less time than one after the other.
    ///
    /// # Errors
    /// As [`KeypointPredictor::predict_as`].
    fn predict_with_uncertainty(
        &self,
        pictures: &Pictures,
        sources: &[Source],
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Vec<Labels>, Option<Vec<Uncertainty>>), PredictError> {
        let labels = self.predict_as(pictures, sources, progress)?;
        Ok((labels, self.uncertainty(pictures, sources, &mut |_| ())?))
    }

    /// Predicts the points of every picture as the schema's first source marks them.
    ///
    /// # Errors
    /// As [`KeypointPredictor::predict_as`].
    fn predict_with(
        &self,
        pictures: &Pictures,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Labels>, PredictError> {
        self.predict_as(pictures, &vec![Source::default(); pictures.len()], progress)
    }
}

/// Refuses pictures of another shape, and sources that do not fit the pictures or the schema.
///
/// # Errors
/// [`PredictError::WrongShape`], [`PredictError::WrongSources`] or [`PredictError::UnknownSource`].
pub fn check(
    predictor: &(impl KeypointPredictor + ?Sized),
    pictures: &Pictures,
    sources: &[Source],
) -> Result<(), PredictError> {
    let (expected, found) = (predictor.pictures(), pictures.shape());
    if expected != found {
        return Err(PredictError::WrongShape { expected, found });
    }
    if sources.len() != pictures.len() {
        let (sources, pictures) = (sources.len(), pictures.len());
        return Err(PredictError::WrongSources { sources, pictures });
    }
    let known = predictor.schema().sources().len();
    match sources.iter().map(|source| source.index()).find(|&source| source >= known) {
        Some(found) => Err(PredictError::UnknownSource { found, sources: known }),
        None => Ok(()),
    }
}
