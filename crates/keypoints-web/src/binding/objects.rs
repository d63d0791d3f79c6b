//! What a page gets: plain objects.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::values::{FaceValues, TrackedValues};

#[wasm_bindgen]
extern "C" {
    /// A list of faces.
    #[wasm_bindgen(typescript_type = "Face[]")]
    pub type Faces;

    /// A list of faces of a video.
    #[wasm_bindgen(typescript_type = "TrackedFace[]")]
    pub type TrackedFaces;

    /// Points by their names.
    #[wasm_bindgen(typescript_type = "Record<string, Point>")]
    pub type Points;
}

/// A list as any of the types above.
pub(super) fn list<T: JsCast>(all: impl Iterator<Item = Object>) -> T {
    all.collect::<Array>().unchecked_into()
}

pub(super) fn points_object(points: &[(String, [f64; 2])]) -> Points {
    by_name(points, numbers).unchecked_into()
}

pub(super) fn face_object(face: &FaceValues) -> Object {
    let object = Object::new();
    set(&object, "box", &numbers(&face.region));
    set(&object, "score", &face.score.into());
    set(&object, "keypoints", &by_name(&face.keypoints, numbers));
    if let Some(uncertainty) = &face.uncertainty {
        set(&object, "uncertainty", &by_name(uncertainty, |&pixels| pixels.into()));
    }
    object
}

pub(super) fn tracked_object(tracked: &TrackedValues) -> Object {
    let object = face_object(&tracked.face);
    // Exact up to 2⁵³.
    set(&object, "id", &(tracked.id as f64).into());
    set(&object, "raw", &by_name(&tracked.raw, numbers));
    object
}

fn by_name<T>(all: &[(String, T)], value: impl Fn(&T) -> JsValue) -> Object {
    let object = Object::new();
    for (name, one) in all {
        set(&object, name, &value(one));
    }
    object
}

fn numbers<const N: usize>(values: &[f64; N]) -> JsValue {
    values.iter().map(|&value| JsValue::from(value)).collect::<Array>().into()
}

/// A field of an object that was just made: nothing can refuse it.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
