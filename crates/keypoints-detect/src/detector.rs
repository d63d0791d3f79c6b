//! The detector.

use std::path::Path;

use burn::tensor::Device;
use image::DynamicImage;
use keypoints_data::{Images, LabelRegime, Labels};
use keypoints_train::{KeypointPredictor, KeypointSpreads, Predictor};

use crate::error::DetectError;
use crate::picture::FacePicture;

/// The network in the box.
const FAST: &[u8] = include_bytes!("../models/fast.safetensors");

/// Finds the keypoints of faces.
///
/// The crate's front page has an example.
#[derive(Debug)]
pub struct Detector {
    predictor: Predictor,
}

impl Detector {
    /// The detector that comes with the crate: the compact network of the recipe `fast`, trained on the faces of
    /// Kaggle's "Facial Keypoints Detection". `models/README.md` says how well it does and where it fails.
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device cannot take it.
    pub fn pretrained(device: &Device) -> Result<Self, DetectError> {
        let predictor =
            Predictor::from_model_bytes("the built-in model `fast`", FAST.to_vec(), device)?;
        Ok(Self { predictor })
    }

    /// A network of your own, from a file that [`Predictor::save_model`] wrote.
    ///
    /// # Errors
    /// [`DetectError::Model`] with the file if it cannot be read or is no such file.
    pub fn open(path: &Path, device: &Device) -> Result<Self, DetectError> {
        Ok(Self { predictor: Predictor::open_model(path, device)? })
    }

    /// What answers: for the keypoints of many 96×96 faces, or as the other group of annotators marks them.
    pub fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// The same as a value of its own.
    pub fn into_predictor(self) -> Predictor {
        self.predictor
    }

    /// Finds the keypoints of one picture of a face, in the picture's own pixels: 0 is the centre of the first pixel.
    /// They may lie outside of the picture where the face does.
    ///
    /// The picture is taken as one upright face crop of any size, see [`FacePicture`]; image readers do not turn what a
    /// telephone stored lying on its side.
    ///
    /// # Errors
    /// [`DetectError::EmptyPicture`] if it has no pixels, [`DetectError::Model`] if the device fails.
    pub fn detect(&self, picture: &DynamicImage) -> Result<Labels, DetectError> {
        let picture = FacePicture::new(picture)?;
        Ok(self.detect_all(std::slice::from_ref(&picture))?.pop().unwrap_or_default())
    }

    /// How unsure the network is of every point of a picture: how wide its heat map is, in pixels of the face at 96×96. See
    /// [`Predictor::spreads`]; the model's card says what to make of it.
    ///
    /// ```
    /// use keypoints_detect::{Detector, Device, FacePicture, Keypoint, image::DynamicImage};
    ///
    /// let detector = Detector::pretrained(&Device::flex())?;
    /// let nothing = FacePicture::new(&DynamicImage::new_luma8(96, 96))?;
    /// let spreads = detector.spreads(&nothing)?;
    /// assert!(spreads.is_some_and(|spreads| spreads[&Keypoint::NoseTip] > 3.0));
    /// # Ok::<(), keypoints_detect::DetectError>(())
    /// ```
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device fails.
    pub fn spreads(&self, picture: &FacePicture) -> Result<Option<KeypointSpreads>, DetectError> {
        let Some(images) = Images::from_pixels(picture.face()) else { return Ok(None) };
        let spreads = self.predictor.spreads(&images, &[LabelRegime::Full], &mut |_| ())?;
        Ok(spreads.and_then(|mut faces| faces.pop()))
    }

    /// Finds the keypoints of many pictures, each in its own pixels.
    ///
    /// # Errors
    /// [`DetectError::Model`] if the device fails.
    pub fn detect_all(&self, pictures: &[FacePicture]) -> Result<Vec<Labels>, DetectError> {
        let pixels = pictures.iter().flat_map(FacePicture::face).collect();
        // Every face has 96×96 pixels, so only an empty list could be refused.
        let Some(images) = Images::from_pixels(pixels) else { return Ok(Vec::new()) };
        // Where the points are, not where the annotators of the training faces would have marked them.
        let faces = self.predictor.predict_on_picture(&images, &mut |_| ())?;
        let faces = pictures.iter().zip(&faces);
        Ok(faces.map(|(one, face)| one.labels_to_picture(face)).collect())
    }
}
