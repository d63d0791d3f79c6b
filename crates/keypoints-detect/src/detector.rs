//! The detector.

use std::path::Path;

use burn::tensor::Device;
use keypoints_core::{Labels, Pictures, Schema, Source};
use keypoints_finder::{CascadeFinder, FaceFinder};
use keypoints_image::{Picture, Resized};
use keypoints_predict::{KeypointPredictor, Predictor, TestTimeAugmentation, Uncertainty};

use crate::align::Alignment;
use crate::error::DetectError;

/// The built-in network.
const FAST: &[u8] = include_bytes!("../models/fast.safetensors");

/// Finds faces on photos, and the keypoints of faces.
///
/// The crate's front page has an example.
#[derive(Debug)]
pub struct Detector {
    predictor: Predictor,
    /// The same networks without test-time augmentation, for first looks.
    quick: Predictor,
    alignment: Alignment,
    finder: Option<Box<dyn FaceFinder>>,
}

impl Detector {
    /// The detector that comes with the crate: the face finder [`CascadeFinder`], and the compact network of the recipe `fast`, trained on
    /// the faces of Kaggle's "Facial Keypoints Detection". `models/README.md` says how well it does and where it fails.
    ///
    /// # Errors
    /// [`DetectError::Model`] or [`DetectError::FinderFile`] if the device cannot take them.
    pub fn pretrained(device: &Device) -> Result<Self, DetectError> {
        Self::of_predictor(Self::pretrained_predictor(device)?).with_built_in_finder(device)
    }

    /// The landmark network of [`Detector::pretrained`] alone, for those who have face crops.
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device cannot take it.
    pub fn pretrained_predictor(device: &Device) -> Result<Predictor, DetectError> {
        let name = Path::new("the built-in model `fast`");
        Ok(Predictor::from_model_bytes(name, FAST.to_vec(), device)?)
    }

    /// A network of your own, from a model file, with the face finder that comes with the crate. The file says its points and the pictures
    /// that it takes.
    ///
    /// # Errors
    /// [`DetectError::Model`] with the file if it cannot be read or is no such file; otherwise as [`Detector::pretrained`].
    pub fn open(path: &Path, device: &Device) -> Result<Self, DetectError> {
        Self::of_predictor(Predictor::open_model(path, device)?).with_built_in_finder(device)
    }

    /// A predictor of your own, such as one with another test-time augmentation. It has no face finder:
    /// [`Detector::with_built_in_finder`] and [`Detector::with_finder`] give it one.
    ///
    /// ```
    /// use keypoints_detect::{Detector, Device};
    /// use keypoints_predict::TestTimeAugmentation;
    ///
    /// let one_look = TestTimeAugmentation::default();
    /// let predictor = Detector::pretrained(&Device::flex())?.into_predictor().with_tta(one_look);
    /// let faster = Detector::of_predictor(predictor);
    /// assert_eq!(faster.predictor().record().tta, one_look);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_predictor(predictor: Predictor) -> Self {
        let quick = predictor.clone().with_tta(TestTimeAugmentation::default());
        let alignment = Alignment::of(predictor.record());
        Self { predictor, quick, alignment, finder: None }
    }

    /// The same with the face finder that comes with the crate.
    ///
    /// # Errors
    /// [`DetectError::FinderFile`] if the device cannot take it.
    pub fn with_built_in_finder(self, device: &Device) -> Result<Self, DetectError> {
        Ok(self.with_finder(Box::new(CascadeFinder::pretrained(device)?)))
    }

    /// The same with another face finder, which [`Detector::find`] asks.
    #[must_use]
    pub fn with_finder(self, finder: Box<dyn FaceFinder>) -> Self {
        Self { finder: Some(finder), ..self }
    }

    /// The face finder, if there is one.
    pub fn finder(&self) -> Option<&dyn FaceFinder> {
        self.finder.as_deref()
    }

    /// What the points mean.
    pub fn schema(&self) -> &Schema {
        self.predictor.schema()
    }

    /// The underlying predictor: for batches of crops, or for predictions in the style of another label source.
    pub fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// The predictor for first looks.
    pub(crate) fn quick(&self) -> &Predictor {
        &self.quick
    }

    /// How the network wants to see a face.
    pub(crate) fn alignment(&self) -> &Alignment {
        &self.alignment
    }

    /// The same as a value of its own.
    pub fn into_predictor(self) -> Predictor {
        self.predictor
    }

    /// Finds the keypoints of one picture of a face, in the picture's own pixels: 0 is the centre of the first pixel.
    /// They may lie outside of the picture where the face does.
    ///
    /// The picture is taken as one upright face crop of any size and resized to the network's square as a whole: crop it to the face
    /// first, roughly from above the eyebrows to below the chin.
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device fails.
    pub fn detect(&self, picture: &Picture) -> Result<Labels, DetectError> {
        Ok(self.detect_all(std::slice::from_ref(picture))?.pop().unwrap_or_default())
    }

    /// The uncertainty of every point of a picture, in pixels of the network's crop: 68 % of points lie within it. (By a network whose model
    /// file has no calibration, it is the standard deviation of the point's heat map.)
    /// The model's card says how it relates to errors.
    ///
    /// ```
    /// use keypoints_detect::{Detector, Device, Picture, image::DynamicImage};
    ///
    /// let detector = Detector::pretrained(&Device::flex())?;
    /// let black = Picture::from_image(DynamicImage::new_luma8(96, 96))?;
    /// let uncertainty = detector.uncertainty(&black)?;
    /// let nose = detector.schema().keypoint("nose_tip");
    /// assert!(nose.zip(uncertainty).is_some_and(|(nose, all)| all[&nose] > 3.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Detector::detect`].
    pub fn uncertainty(&self, picture: &Picture) -> Result<Option<Uncertainty>, DetectError> {
        let pictures = self.crops(&[picture.resize(self.predictor.pictures())]);
        let all = self.predictor.uncertainty(&pictures, &[Source::default()], &mut |_| ())?;
        Ok(all.and_then(|mut all| all.pop()))
    }

    /// Finds the keypoints of many pictures, each in its own pixels.
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device fails.
    pub fn detect_all(&self, pictures: &[Picture]) -> Result<Vec<Labels>, DetectError> {
        let shape = self.predictor.pictures();
        let resized: Vec<Resized> = pictures.iter().map(|picture| picture.resize(shape)).collect();
        // Where the points are, not where the label source of the training data would have marked them.
        let crops = self.predictor.predict_on_picture(&self.crops(&resized), &mut |_| ())?;
        let found = resized.iter().zip(&crops);
        Ok(found.map(|(one, crop)| one.labels_to_picture(crop)).collect())
    }

    /// The pictures as the network takes them.
    fn crops(&self, resized: &[Resized]) -> Pictures {
        let shape = self.predictor.pictures();
        let pixels = resized.iter().flat_map(|one| one.pixels().iter().copied()).collect();
        Pictures::new(shape, pixels).unwrap_or_else(|| Pictures::empty(shape))
    }
}
