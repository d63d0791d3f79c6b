//! Facial keypoints on photos and on crops of faces, without any training.
//!
//! ```
//! use keypoints_detect::{Detector, Device, Picture};
//!
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("me.png");
//! # keypoints_detect::image::DynamicImage::new_luma8(200, 240).save(&file)?;
//! let detector = Detector::pretrained(&Device::flex())?;
//! for face in detector.find(&Picture::open(&file)?)? {
//!     for (keypoint, point) in face.points.points() {
//!         println!("{} at {:.1}, {:.1}", detector.schema().name_of(keypoint), point.x, point.y);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The networks and their limits are described in `models/README.md` of this crate and of `keypoints-finder`. [`Detector::find`] looks for
//! faces on a whole photo; [`Detector::find_in`] takes their boxes, [`Detector::follow`] the crops of a video's last frame and
//! [`Detector::detect`] one face crop. [`Tracker`] follows the faces of a video and smooths their points. [`Picture::open`] turns a photo upright as its EXIF data says and lays what is transparent on white;
//! [`Picture::from_image`] takes a picture of the crate `image` that is upright already.
//!
//! What the detector takes and gives is here too, from the crates that define it.

mod align;
mod detector;
mod error;
mod face;
#[cfg(feature = "onnx")]
mod finder_onnx;
mod photo;
mod track;

pub use burn::tensor::Device;
pub use detector::Detector;
pub use error::DetectError;
pub use face::Face;
#[cfg(feature = "onnx")]
pub use finder_onnx::FinderOnnx;
pub use keypoints_core::{Crop, Keypoint, Labels, Point, Region, Schema};
pub use keypoints_finder::{CascadeFinder, FaceFinder, FinderError, FinderFileError, FoundFace};
pub use keypoints_image::{Picture, PictureError, PictureFault, image};
pub use keypoints_predict::Uncertainty;
pub use photo::read_points;
pub use track::{OneEuro, Smoothing, TrackedFace, Tracker, TrackerSettings};
