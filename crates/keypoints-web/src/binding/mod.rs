//! Classes and objects of JavaScript.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `detector.rs` | `FaceDetector` |
//! | `tracker.rs` | `FaceTracker` |
//! | `arguments.rs` | what a page hands over |
//! | `objects.rs` | what it gets |
//! | `panic.rs` | the message of a panic, on the console |

mod arguments;
mod detector;
mod objects;
mod panic;
mod tracker;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");
