//! Faces on whole photos: what a face finder is, and YuNet, one that takes its weights from your own file.
//!
//! ```
//! use keypoints_core::Crop;
//! use keypoints_finder::{FaceFinder, FinderError, FoundFace};
//! use keypoints_image::{Picture, image::DynamicImage};
//!
//! /// Takes every picture for one face in the middle.
//! #[derive(Debug)]
//! struct Middle;
//!
//! impl FaceFinder for Middle {
//!     fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
//!         let [width, height] = [picture.width(), picture.height()].map(f64::from);
//!         let crop = Crop::upright([(width - 1.0) / 2.0, (height - 1.0) / 2.0], width.min(height));
//!         Ok(vec![FoundFace { crop, score: 0.5 }])
//!     }
//! }
//!
//! let picture = Picture::from_image(DynamicImage::new_luma8(320, 240))?;
//! let found = Middle.find(&picture)?;
//! assert_eq!(found[0].crop, Crop::upright([159.5, 119.5], 240.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![recursion_limit = "256"] // The GPU backends nest their types deeply.

mod error;
mod face_finder;
#[cfg(feature = "yunet")]
mod yunet;

#[cfg(feature = "yunet")]
pub use burn::tensor::Device;
pub use error::FinderError;
pub use face_finder::{FaceFinder, FoundFace};
#[cfg(feature = "yunet")]
pub use yunet::{YuNet, YuNetFace, YuNetFault, YuNetFileError};
