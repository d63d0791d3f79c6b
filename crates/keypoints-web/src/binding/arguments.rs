//! What a page hands over.

use keypoints_detect::Picture;
use wasm_bindgen::prelude::*;

use crate::error::WebError;
use crate::pixels::picture_of_rgba;

#[wasm_bindgen]
extern "C" {
    /// Anything that has the fields of an `ImageData`.
    #[wasm_bindgen(typescript_type = "PictureData")]
    pub type PictureData;

    #[wasm_bindgen(method, getter, structural)]
    fn width(this: &PictureData) -> u32;

    #[wasm_bindgen(method, getter, structural)]
    fn height(this: &PictureData) -> u32;

    #[wasm_bindgen(method, getter, structural)]
    fn data(this: &PictureData) -> Vec<u8>;

    /// What may be set of a tracker.
    #[wasm_bindgen(typescript_type = "TrackerOptions")]
    pub type TrackerOptions;

    #[wasm_bindgen(method, getter, structural, js_name = searchEvery)]
    pub(super) fn search_every(this: &TrackerOptions) -> Option<f64>;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn smooth(this: &TrackerOptions) -> Option<bool>;
}

impl PictureData {
    /// Copies the pixels.
    pub(super) fn picture(&self) -> Result<Picture, WebError> {
        picture_of_rgba(self.width(), self.height(), self.data())
    }
}
