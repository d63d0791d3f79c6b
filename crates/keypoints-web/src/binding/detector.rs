//! `FaceDetector`.

use std::path::Path;
use std::sync::Arc;

use keypoints_core::Schema;
use keypoints_detect::{Detector, Device};
use keypoints_predict::Predictor;
use wasm_bindgen::prelude::*;

use super::arguments::PictureData;
use super::objects::{Faces, Points, face_object, list, points_object};
use crate::values::{FaceValues, named_points};

/// Finds faces on pictures, and their points.
#[wasm_bindgen]
#[derive(Clone, Debug)]
pub struct FaceDetector {
    detector: Arc<Detector>,
}

#[wasm_bindgen]
impl FaceDetector {
    /// Loads the networks that come with the package. `bytes` are the contents of a model file of your own, as `export` writes
    /// it: then its network reads the points. Throws an error where they are no model file.
    pub fn load(bytes: Option<Vec<u8>>) -> Result<FaceDetector, JsError> {
        let device = Device::flex();
        let detector = match bytes {
            None => Detector::pretrained(&device)?,
            Some(bytes) => {
                let predictor =
                    Predictor::from_model_bytes(Path::new("the model"), bytes, &device)?;
                Detector::of_predictor(predictor).with_built_in_finder(&device)?
            }
        };
        Ok(Self { detector: Arc::new(detector) })
    }

    /// Names of the points, in order.
    #[wasm_bindgen(getter, js_name = keypointNames)]
    pub fn keypoint_names(&self) -> Vec<String> {
        self.schema().names().to_vec()
    }

    /// Finds the faces of a picture and their points, the face with the highest score first. A picture without faces gives an empty list.
    pub fn find(&self, picture: &PictureData) -> Result<Faces, JsError> {
        let faces = self.detector.find(&picture.picture()?)?;
        let object = |face| face_object(&FaceValues::of(face, self.schema()));
        Ok(list(faces.iter().map(object)))
    }

    /// Reads the points of a picture that is one upright face and little else, from above the eyebrows to below the chin.
    pub fn read(&self, crop: &PictureData) -> Result<Points, JsError> {
        let points = self.detector.detect(&crop.picture()?)?;
        Ok(points_object(&named_points(&points, self.schema())))
    }
}

impl FaceDetector {
    pub(super) fn detector(&self) -> &Arc<Detector> {
        &self.detector
    }

    fn schema(&self) -> &Schema {
        self.detector.schema()
    }
}
