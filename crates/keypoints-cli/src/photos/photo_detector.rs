//! From a photo to its faces, by one network or several.

use anyhow::bail;
use keypoints_core::{Pictures, Source};
use keypoints_detect::{Crop, Detector, Face, FaceFinder, Picture, read_points};
use keypoints_predict::{KeypointPredictor, TestTimeAugmentation};
use keypoints_study::AnyPredictor;

/// Finds the faces of photos, and their points by one network, by an ensemble or by the folds of a cross-validation.
///
/// With several networks the first one says how each face lies, and all of them read its points on the same crop: the points are their
/// mean, the uncertainty is how far they are apart, as on face crops.
#[derive(Debug)]
pub struct PhotoDetector {
    detector: Detector,
    /// All networks, where there are several.
    ensemble: Option<AnyPredictor>,
}

impl From<Detector> for PhotoDetector {
    fn from(detector: Detector) -> Self {
        Self { detector, ensemble: None }
    }
}

impl From<AnyPredictor> for PhotoDetector {
    fn from(predictor: AnyPredictor) -> Self {
        let first = predictor.first().clone();
        if predictor.runs().count() == 1 {
            return Detector::of_predictor(first).into();
        }
        // Its points only tell where the face is.
        let detector = Detector::of_predictor(first.with_tta(TestTimeAugmentation::default()));
        Self { detector, ensemble: Some(predictor) }
    }
}

impl PhotoDetector {
    /// The same with another face finder.
    #[must_use]
    pub fn with_finder(self, finder: Box<dyn FaceFinder>) -> Self {
        Self { detector: self.detector.with_finder(finder), ..self }
    }

    /// Whatever reads the points.
    pub fn predictor(&self) -> &dyn KeypointPredictor {
        match &self.ensemble {
            Some(ensemble) => ensemble,
            None => self.detector.predictor(),
        }
    }

    /// Refuses networks that know no uncertainty.
    pub(super) fn check_uncertainty(&self) -> anyhow::Result<()> {
        let predictor = self.predictor();
        let shape = predictor.pictures();
        let blank = Pictures::new(shape, vec![0; shape.bytes()]);
        let blank = blank.unwrap_or_else(|| Pictures::empty(shape));
        let sources = vec![Source::default(); blank.len()];
        match predictor.uncertainty(&blank, &sources, &mut |_| ())? {
            Some(_) => Ok(()),
            None => bail!("--uncertainty needs a network with heat maps or an ensemble"),
        }
    }

    /// Finds the faces of a photo, the one with the highest score first.
    ///
    /// # Errors
    /// If there is no face finder, it fails, or the device fails.
    pub fn find(&self, photo: &Picture) -> anyhow::Result<Vec<Face>> {
        let mut faces = self.detector.find(photo)?;
        let Some(ensemble) = self.ensemble.as_ref().filter(|_| !faces.is_empty()) else {
            return Ok(faces);
        };
        let crops: Vec<Crop> = faces.iter().map(|face| face.crop).collect();
        let read = read_points(ensemble, photo, &crops)?;
        for (face, (points, uncertainty)) in faces.iter_mut().zip(read) {
            (face.points, face.uncertainty) = (points, uncertainty);
        }
        Ok(faces)
    }
}
