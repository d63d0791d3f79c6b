//! Faces and their keypoints in the browser: [`keypoints_detect`] as WebAssembly.
//!
//! From JavaScript, with what `serve_page` builds:
//!
//! ```js
//! import init, { FaceDetector, FaceTracker } from "./pkg/keypoints_web.js";
//!
//! await init();
//! const detector = FaceDetector.load();
//! for (const face of detector.find(context.getImageData(0, 0, width, height))) {
//!   console.log(face.box, face.score, face.keypoints.nose_tip, face.uncertainty.nose_tip);
//! }
//!
//! const tracker = new FaceTracker(detector);
//! const faces = tracker.next(frame, seconds); // each with an id, and smoothed points
//! ```
//!
//! The networks are in the file: nothing is fetched beside it, and no picture leaves the browser. One thread, with the instructions of
//! SIMD128, which all browsers have since 2023.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `pixels.rs` | a canvas's pixels as a [`Picture`](keypoints_detect::Picture) |
//! | `values.rs` | a face as plain numbers with names |
//! | `options.rs` | what can be set of a tracker |
//! | `binding/` | the same as classes and objects of JavaScript; only for `wasm32` |
//! | `types.d.ts` | the types of these objects for TypeScript |
//!
//! On other targets the crate is the first three, for their tests.

#[cfg(target_arch = "wasm32")]
mod binding;
mod error;
mod options;
mod pixels;
mod values;

pub use error::WebError;
pub use options::tracker_settings;
pub use pixels::picture_of_rgba;
pub use values::{FaceValues, TrackedValues};
