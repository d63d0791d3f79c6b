//! Facial keypoints on a picture, without any training.
//!
//! ```
//! use keypoints_detect::{Detector, Device, image};
//!
//! # let picture = image::DynamicImage::new_luma8(200, 240);
//! let detector = Detector::pretrained(&Device::flex())?;
//! let face = detector.detect(&picture)?;
//! for (keypoint, point) in face.points() {
//!     println!("{} at {:.1}, {:.1}", detector.schema().name_of(keypoint), point.x, point.y);
//! }
//! # assert_eq!(face.points().count(), 15);
//! # Ok::<(), keypoints_detect::DetectError>(())
//! ```
//!
//! The network and its limits are described in the crate's `models/README.md`. It looks at one face crop; it does not
//! look for faces.
//!
//! What [`Detector::detect`] takes and gives is here too, from the crates that define it.

mod detector;
mod error;
mod picture;

pub use burn::tensor::Device;
pub use detector::Detector;
pub use error::DetectError;
pub use image;
pub use keypoints_core::{Keypoint, Labels, Point, Schema};
pub use keypoints_predict::Uncertainty;
pub use picture::FacePicture;
